"""Reads what a reader types into the search, as people are used to typing it, and says what of it was not understood.

    flood river              both words, each in any form of the same stem ("floods", "flooding")
    "water level"            these words, in this order; a single word: in this form only
    -snow  -"snow line"      none of these (also `NOT snow`)
    flood OR storm           one of them (also `|`)
    king*                    words that begin so
    火                       a single ideograph, wherever it stands

Pure: an index says which words it holds (`forms_of` picks among them), and whoever has the text checks the order.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from stayahead.analyze.stems import has_stems, stems
from stayahead.text import fold, is_unspaced, tokens, word_places

WORDS_MAX = 32
"""Words of a query that count; each costs a look-up in every month."""
BEGINNING_LEAST = 2
"""Characters that must stand before a `*`: one alone would find half of everything."""
ROOT_LEAST = 3
"""Characters that all forms of a word begin with; a shorter beginning says nothing about a word."""
FORMS_MAX = 64
"""Forms of one word that are looked for."""

_QUOTES = '"\u201c\u201d\u201e\u00ab\u00bb\u300c\u300d'
_PIECE = re.compile(rf"(-?)[{_QUOTES}]([^{_QUOTES}]*+)[{_QUOTES}]|([^\s{_QUOTES}]++)|[{_QUOTES}]")
_FIELD = re.compile(r"[A-Za-z]{2,12}:(?=\S)")

_BETWEEN = "OR stands between two words."
_BRACKETS = "Brackets do not group: OR stands between the two words beside it."
_NO_SIGNS = {
    "(": _BRACKETS,
    ")": _BRACKETS,
    "?": "? stands for no letter, and was left out: king* finds the words that begin so.",
}
"""What searches elsewhere understand, and this one does not."""
_SMALL = {
    "or": "or was read as a word: OR, in capitals, finds one of the two beside it.",
    "and": "and was read as a word: all words are looked for without it.",
}


class Manner(Enum):
    """How a word is meant."""

    ANY_FORM = "any form"
    EXACT = "exact"
    """Just these words, in this order."""
    BEGINNING = "beginning"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that a query asks for."""

    words: tuple[str, ...]
    """As `text.tokens` cuts them; an article must hold all."""
    manner: Manner = Manner.ANY_FORM


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A query that was read."""

    all_of: tuple[tuple[Wanted, ...], ...] = ()
    """Of each group an article must hold one."""
    none_of: tuple[Wanted, ...] = ()
    notes: tuple[str, ...] = ()
    """What was not understood, and what to type instead; plain sentences for the reader."""

    @property
    def has_phrases(self) -> bool:
        """Whether the order of words matters, which an index of words alone cannot tell."""
        wanted = (*self.none_of, *(each for group in self.all_of for each in group))
        return any(each.manner is Manner.EXACT for each in wanted)


def read_query(typed: str) -> SearchQuery:
    """What a reader asks for; any text is a query.

    >>> read_query('flood -snow').none_of
    (Wanted(words=('snow',), manner=<Manner.ANY_FORM: 'any form'>),)
    """
    reading = _Reading()
    for minus, quoted, bare in _PIECE.findall(typed):
        if bare:
            reading.take(bare)
        elif quoted.strip():
            reading.take_phrase(quoted, is_excluded=bool(minus))
        elif not quoted and not minus:
            reading.say("A quotation mark without its partner was left out.")
    if typed.strip():
        reading.say_if_empty()
    return reading.query()


class _Reading:
    """What was read of a query so far."""

    def __init__(self) -> None:
        self._all_of: list[list[Wanted]] = []
        self._none_of: list[Wanted] = []
        self._notes: dict[str, None] = {}
        self._left = WORDS_MAX
        self._or = self._not = False
        self._small = ""
        """`or` or `and` behind a word: a word, unless another follows, of whom it may have been meant to join."""

    def say(self, note: str) -> None:
        self._notes[note] = None

    def take(self, bare: str) -> None:
        """A piece without quotation marks."""
        if self._is_sign(bare):
            return
        for sign, note in _NO_SIGNS.items():
            if sign in bare:
                self.say(note)
        if _FIELD.match(bare):
            self.say(f"{bare.partition(':')[0]}: is no field here; it was read as a word.")
        has_minus = bare.startswith("-") and len(bare) > 1
        word = bare.lstrip("-+") if has_minus or bare.startswith("+") else bare
        is_excluded = self._takes_out(has_minus=has_minus)
        for wanted in self._bare(word):
            self._say_of_small()
            self.add(wanted, is_excluded=is_excluded)
        if bare in _SMALL and self._all_of[:-1]:
            self._small = bare

    def take_phrase(self, quoted: str, *, is_excluded: bool) -> None:
        """A piece inside quotation marks."""
        self._say_of_small()
        self.add(Wanted(tuple(tokens(quoted)), Manner.EXACT), is_excluded=self._takes_out(has_minus=is_excluded))

    def _is_sign(self, bare: str) -> bool:
        """Whether the piece is no word: it says how those beside it are meant."""
        if bare in {"OR", "|"}:
            if not self._all_of:
                self.say(_BETWEEN)
            self._or = bool(self._all_of)
        elif bare == "NOT":
            self.say("NOT was read as a minus: -word leaves a word out.")
            self._not = True
        else:
            return bare in {"AND", "&", "+"}  # all words count anyway
        return True

    def _takes_out(self, *, has_minus: bool) -> bool:
        is_excluded, self._not = has_minus or self._not, False
        return is_excluded

    def _say_of_small(self) -> None:
        if self._small:
            self.say(_SMALL[self._small])
            self._small = ""

    def _bare(self, word: str) -> Iterator[Wanted]:
        stem, star, rest = word.partition("*")
        words = tuple(tokens(stem))
        if star and (rest.strip("*") or not words or len(words[-1]) < BEGINNING_LEAST):
            self.say("* counts at the end of a word, after two characters or more; others were left out.")
            words, star = tuple(tokens(word.replace("*", " "))), ""
        if star:
            if words[:-1]:
                yield Wanted(words[:-1])
            yield Wanted(words[-1:], Manner.BEGINNING)
        elif len(words) == 1 and len(words[0]) == 1 and is_unspaced(words[0]):
            yield Wanted(words, Manner.BEGINNING)  # the index has pairs: it begins one, or ends a run (`card`)
        elif words:
            yield Wanted(words)

    def add(self, wanted: Wanted, *, is_excluded: bool) -> None:
        """One thing more that is asked for."""
        joins, self._or = self._or and not is_excluded, False
        words = tuple(dict.fromkeys(wanted.words)) if wanted.manner is Manner.ANY_FORM else wanted.words
        if len(words) > self._left:
            self.say(f"Only the first {WORDS_MAX} words count.")
            words = words[: self._left] if wanted.manner is Manner.ANY_FORM else ()
        if not words:
            return
        self._left -= len(words)
        wanted = Wanted(words, wanted.manner)
        if is_excluded:
            self._none_of.append(wanted)
        elif joins:
            self._all_of[-1].append(wanted)
        elif [wanted] not in self._all_of:
            self._all_of.append([wanted])

    def say_if_empty(self) -> None:
        """Something was typed: if none of it can be looked for, say so."""
        if not (self._all_of or self._none_of or self._notes):
            self.say("There is no word in this that could be looked for.")

    def query(self) -> SearchQuery:
        if self._or:
            self.say(_BETWEEN)
        if self._none_of and not self._all_of:
            self.say("A search that only leaves words out finds nothing: add a word that is looked for.")
        return SearchQuery(tuple(map(tuple, self._all_of)), tuple(self._none_of), tuple(self._notes))


# ── forms of a word ──────────────────────────────────────────────────────────────────────────────────────────────


def root_of(word: str, languages: Collection[str]) -> str:
    """What all forms of a word begin with, in any of the languages; empty when it has no forms to look for."""
    if not word.isalpha():
        return ""
    lengths = [_shared(word, stems([word], language=language)[0]) for language in languages if has_stems(language)]
    length = min(lengths, default=0)
    return word[:length] if length >= ROOT_LEAST else ""


def _shared(word: str, stem: str) -> int:
    """Characters with which both begin: a stemmer may change the last one, as y of "city" into i."""
    return next((at for at, (a, b) in enumerate(zip(word, stem, strict=False)) if a != b), min(len(word), len(stem)))


def forms_of(word: str, held: Sequence[str], languages: Collection[str]) -> list[str]:
    """Those of the words that an index holds that are forms of this one: in one of the languages they share its stem.

    >>> forms_of("floods", ["flood", "flooded", "floor"], ["en"])
    ['flood', 'flooded']
    """
    found: set[str] = set()
    for language in languages:
        if has_stems(language):
            stem, *others = stems([word, *held], language=language)
            found.update(each for each, other in zip(held, others, strict=True) if other == stem)
    return sorted(found - {word})[: FORMS_MAX - 1]


# ── where it stands in a text ────────────────────────────────────────────────────────────────────────────────────


def holds_phrase(words: Sequence[str], phrase: Sequence[str]) -> bool:
    """Whether the words of a text, in order, hold those of a phrase, in order."""
    first, length = phrase[0], len(phrase)
    at = -1
    for _ in range(words.count(first)):
        at = words.index(first, at + 1)
        if tuple(words[at : at + length]) == tuple(phrase):
            return True
    return False


def found_in(text: str, words: Collection[str], beginnings: Sequence[str] = ()) -> Iterator[tuple[int, int]]:
    """Where a text holds what was looked for: start and end of each place, in order, none overlapping.

    >>> list(found_in("Floods hit Ems", {"floods"}, ["em"]))
    [(0, 6), (11, 14)]
    """
    start = end = -1
    for begin, stop in _places(text, words, tuple(beginnings)):
        if begin <= end:
            end = max(end, stop)
            continue
        if end > start:
            yield start, end
        start, end = begin, stop
    if end > start:
        yield start, end


def _places(text: str, words: Collection[str], beginnings: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    for start, end in word_places(text):
        folded = fold(text[start:end])
        if is_unspaced(folded) and len(folded) == end - start:
            for at, pair in enumerate(pairwise(folded), start):
                if "".join(pair) in words:
                    yield at, at + 2
                elif pair[0] in beginnings:
                    yield at, at + 1
            if folded[-1] in words or folded[-1] in beginnings:
                yield end - 1, end
        elif any(token in words or token.startswith(beginnings) for token in tokens(text[start:end])):
            yield start, end
