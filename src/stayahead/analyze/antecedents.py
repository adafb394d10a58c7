"""Says who a mention is: the fullest name in the article for a name, and for a pronoun the one whom it stands for.

A pronoun stands for whoever was said to speak last, or else for the subject of the last sentence whose subject is a
person; whoever is told to be of the other sex is passed over. Past some sentences it stands for nobody.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from stayahead.analyze.attribution import Attribution, opening_subject, saying_subject
from stayahead.analyze.cast import Cast
from stayahead.analyze.mentions import Mention
from stayahead.analyze.passages import Passage, cut
from stayahead.analyze.speech_words import SpeechWords

BACK_PARAGRAPHS = 4
BACK_SENTENCES = 12
"""How far back the name is looked for that a pronoun stands for."""
_SEXES = frozenset(["man", "woman"])


class Antecedents:
    """The paragraphs of an article, cut as far as was needed, and who was said to speak where."""

    def __init__(self, texts: Sequence[str], words: SpeechWords) -> None:
        self._texts = texts
        self._words = words
        self._cast: Cast | None = None
        self._passages: dict[int, Passage] = {}
        self._places: dict[int, int] = {}
        """Where a passage stands, by its identity."""
        self._said: dict[int, dict[int, str]] = {}
        """By paragraph the cues in it, in order, each with whom it was resolved to."""

    def speakers(self, place: int, passage: Passage, by: Sequence[Attribution | None]) -> list[str]:
        """For each quotation of a paragraph the fullest name of who says it, or nothing; in the order of the text."""
        self._passages[place] = passage
        self._places[id(passage)] = place
        return ["" if one is None else self._speaker(place, one) for one in by]

    def _speaker(self, place: int, by: Attribution) -> str:
        if id(by.passage) not in self._places:  # a paragraph without quotations that announces this one
            self._passages[place - 1], self._places[id(by.passage)] = by.passage, place - 1
        place = self._places[id(by.passage)]
        said = self._said.setdefault(place, {})
        if by.cue not in said:
            said[by.cue] = self._resolved(place, by.passage, by.mention)
        return said[by.cue]

    def _resolved(self, place: int, passage: Passage, mention: Mention) -> str:
        cast = self._cast = self._cast or Cast(self._texts, self._words)
        if mention.kind == "name":
            name = cast.fullest(passage.part(mention.first, mention.last))
            if name and mention.role is not None:
                self._note(cast, name, passage, mention.role)
            return name
        if mention.kind in _SEXES:
            return self._antecedent(place, passage, mention, cast)
        return ""

    def _note(self, cast: Cast, name: str, passage: Passage, role: tuple[int, int]) -> None:
        for word in passage.low[role[0] : role[1] + 1]:
            if word in self._words.men or word in self._words.women:
                cast.note_sex(name, "man" if word in self._words.men else "woman")

    def _antecedent(self, place: int, passage: Passage, mention: Mention, cast: Cast) -> str:
        left = BACK_SENTENCES
        for back in range(place, max(-1, place - BACK_PARAGRAPHS), -1):
            earlier = passage if back == place else self._passage(back)
            limit = mention.first if back == place else len(earlier.words)
            for number in range(bisect_left(earlier.sentences, (limit, 0)) - 1, -1, -1):
                first, last = earlier.sentences[number]
                name = self._named_in(back, earlier, first, min(last, limit), mention.kind, cast)
                left -= 1
                if name is not None or left == 0:
                    return name or ""
        return ""

    def _named_in(self, place: int, passage: Passage, first: int, last: int, sex: str, cast: Cast) -> str | None:
        """Whom a sentence is about, if a pronoun of that sex may stand for them; empty: it may be someone else."""
        said = self._said.get(place, {})
        for cue in reversed(said):
            if cue < first:
                break
            if cue < last and said[cue] and cast.may_be_meant(said[cue]) and cast.sex(said[cue]) in ("", sex):
                return self._surely(said[cue], passage, first, cue, sex, cast)
        subjects = (
            (saying_subject(passage, first, last, self._words), cast.may_be_meant),
            (opening_subject(passage, first, last, self._words), cast.is_person),
        )
        for subject, may_be in subjects:
            if subject is not None and subject.kind == "name":
                name = cast.fullest(passage.part(subject.first, subject.last))
                if name and may_be(name) and cast.sex(name) in ("", sex):
                    verb = (at for at in range(subject.last + 1, last) if passage.low[at] in self._words.verbs)
                    return self._surely(name, passage, first, next(verb, last), sex, cast)
        if any(subject is not None and subject.kind == sex for subject, _ in subjects):
            return None  # the same pronoun: whoever it stands for is further back
        # Somebody else is introduced nearer to the pronoun than whoever was the last subject: doubt.
        return "" if cast.introduces(_text(passage, first, last), sex) else None

    def _surely(self, name: str, passage: Passage, first: int, verb: int, sex: str, cast: Cast) -> str:
        """The name, if nobody of that sex stands beside it before its verb whom nothing tells it from: doubt is none.

        `Ray Hill stood beside Anna Reed. She said`
        """
        is_doubt = not cast.sex(name) and verb > first and cast.introduces(_text(passage, first, verb), sex)
        return "" if is_doubt else name

    def _passage(self, place: int) -> Passage:
        passage = self._passages.get(place)
        if passage is None:
            passage = self._passages[place] = cut(place, self._texts[place], (), self._words)
        return passage


def _text(passage: Passage, first: int, last: int) -> str:
    return passage.part(first, last - 1)
