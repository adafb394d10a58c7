"""Knows the people of an article by their names, so that `Peskov` and `he` lead to the fullest name that it has.

Nobody is guessed: a surname that two people bear, or a pronoun that nobody near fits, leads to no one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stayahead.analyze.places import places_in
from stayahead.analyze.speech_words import SUFFIXES, SpeechWords, has_capital

_NAME_WORDS = 5
"""Words of the longest name."""
_NAMESAKES = 8
"""Names kept that share a word: of more people nobody tells which one is meant."""
_PEOPLE_MOST = 64
"""Names looked for in a sentence: an article that has more is a list."""
_AROUND = ',;:.!?()[]“”"«»„‘…'
_BREAKS = frozenset(',;:.!?)]”"»…')


class Cast:
    """The names of an article, gathered once from all of its text."""

    def __init__(self, texts: Iterable[str], words: SpeechWords) -> None:
        self._words = words
        self._times: dict[str, int] = {}
        self._by_last: dict[str, list[str]] = {}
        self._by_first: dict[str, list[str]] = {}
        self._sexes: dict[str, str] = {}
        self._noted: dict[str, str] = {}
        self._titled: set[str] = set()
        self._bodies: set[str] = set()
        for text in texts:
            self._gather(text)

    def fullest(self, mention: str) -> str:
        """The longest name that the article has for whom it calls so; empty when two people are called so."""
        given = mention.split()
        low = [word.lower() for word in given]
        last = _surname(low)
        named = frozenset(low)
        if len(given) > 1:
            longer = [name for name in self._by_last.get(last, ()) if named <= _folded(name)]
            if not longer or longer == [mention]:
                # `Rosa Quispe` is `Rosa Quispe Mamani` where nobody else begins so.
                begun = [name for name in self._by_first.get(low[0], ()) if name.lower().split()[: len(low)] == low]
                longer += begun if len(_apart(begun)) == 1 else []
            return max([mention, *longer], key=lambda name: len(name.split()))
        people = _apart(self._by_last.get(last, ()))
        if len(people) == 1:
            return people[0]
        if len(people) > 1:
            return self._foremost(people)
        people = _apart(self._by_first.get(last, ()))
        return people[0] if len(people) == 1 else "" if people else mention

    def sex(self, name: str) -> str:
        """`man`, `woman`, or empty where nothing tells."""
        if name in self._noted:
            return self._noted[name]
        given = [word.lower().rstrip(".") for word in name.split()]
        if len(given) > 1:
            for word in given[:-1]:
                is_man, is_woman = word in self._words.men, word in self._words.women
                if is_man != is_woman:
                    return "man" if is_man else "woman"
        return self._sexes.get(given[-1], "")

    def may_speak(self, name: str) -> bool:
        """Whether a name that is said to speak can be a person's."""
        given = name.split()
        is_body = name in self._bodies or not self._words.not_persons.isdisjoint(name.lower().split())
        return not is_body and (name.isupper() or not given[-1].isupper())

    def is_person(self, name: str) -> bool:
        """Whether a name is likely a person's: it has two words and is no place, or a title, or is short for such."""
        if not self.may_speak(name):
            return False
        given = name.lower().split()
        if len(given) == 1:
            return given[0] in self._titled or bool(self._by_last.get(given[0]))
        return bool(self.sex(name)) or not any(places_in(name, language=self._words.language))

    def may_be_meant(self, name: str) -> bool:
        """Whether a pronoun may stand for a name that is said to speak: `BBC` in an article of mixed case is a body."""
        return self.may_speak(name) and (" " in name or not name.isupper())

    def introduces(self, text: str, sex: str) -> bool:
        """Whether a text has the full name of a person whom a pronoun of that sex may stand for."""
        return any(name in text and self.sex(name) == sex and self.may_speak(name) for name in self._known())

    def _known(self) -> list[str]:
        return list(self._times)[:_PEOPLE_MOST]

    def note_sex(self, name: str, sex: str) -> None:
        """A role told who is meant: `spokeswoman Ann Lee`."""
        self._noted.setdefault(name, sex)

    def _foremost(self, people: list[str]) -> str:
        """The one of several namesakes who is named far more often than the others."""
        ranked = sorted(people, key=lambda name: -self._times[name])
        return ranked[0] if self._times[ranked[0]] >= 2 * self._times[ranked[1]] else ""

    def _gather(self, text: str) -> None:
        run: list[str] = []
        for word in text.split():
            if not run and word[0].islower() and "-" not in word:
                continue
            bare = word.strip(_AROUND)
            is_owned = bare.endswith(("'s", "’s"))
            bare = bare[:-2] if is_owned else bare
            is_capital = has_capital(bare)
            opens = word[0] in _AROUND
            if run and (opens or not (is_capital or bare in self._words.particles)):
                self._keep(run)
                run = []
            if is_capital or (run and bare):
                is_short = len(bare) == 1 or bare.lower() in SUFFIXES
                run.append(f"{bare}." if is_short and word.rstrip(_AROUND.replace(".", ""))[-1] == "." else bare)
            is_title = bare.lower() in self._words.titles
            if run and (is_owned or (word[-1] in _BREAKS and len(bare) > 1 and not is_title)):
                self._keep(run)
                run = []
        if run:
            self._keep(run)

    def _keep(self, run: list[str]) -> None:
        words = self._words
        low = [word.lower() for word in run]
        last = len(run)
        while last and not has_capital(run[last - 1]):
            last -= 1
        first = 1 + next((at for at in range(last - 1, -1, -1) if low[at].rstrip(".") in words.titles), -1)
        title = low[first - 1].rstrip(".") if first else ""
        while first < last and not words.is_of_name(low[first]) and words.is_small(low[first]):
            first += 1
        if not 0 < last - first <= _NAME_WORDS:
            return
        name, low = " ".join(run[first:last]), low[first:last]
        if not words.not_persons.isdisjoint(low):
            self._bodies.add(name)
            return
        if title:
            self._titled.add(low[-1])
            if title in words.men or title in words.women:
                self._sexes.setdefault(low[-1], "man" if title in words.men else "woman")
        if len(low) > 1:
            self._count(name, low)

    def _count(self, name: str, low: list[str]) -> None:
        if name not in self._times:
            for key, names in ((_surname(low), self._by_last), (low[0], self._by_first)):
                alike = names.setdefault(key, [])
                if len(alike) < _NAMESAKES:
                    alike.append(name)
        self._times[name] = self._times.get(name, 0) + 1


def _surname(low: Sequence[str]) -> str:
    """The last word of a name that is no suffix."""
    return next((word for word in reversed(low) if word.rstrip(".") not in SUFFIXES), low[-1])


def _folded(name: str) -> frozenset[str]:
    return frozenset(name.lower().split())


def _apart(names: Iterable[str]) -> list[str]:
    """Names of different people: one whose words are all in a longer one is the same person's."""
    people: list[str] = []
    for name in sorted(names, key=lambda each: -len(each.split())):
        if not any(_folded(name) <= _folded(other) for other in people):
            people.append(name)
    return people
