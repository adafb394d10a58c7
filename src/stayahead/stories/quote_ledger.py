"""A story's quotes laid together: what each person said, who carries it, and where the reports do not agree.

A fold of claims like every ledger (`stories/ledger`). Words are one quote where their language is one and they are the
same, or where one person says nearly the same; a short quote cut out of a longer one is the same quote. The same words
given to two people, or one quote in different words, are said to be so, and nobody is called right. Quotes in different
languages are never one: where person, day and figures agree they are only linked as possibly the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from stayahead.analyze.speech_words import SUFFIXES
from stayahead.model import ArticleClaims, Claim, Quote, StoryArticle
from stayahead.text import tokens

SAME_WORDS = 5
"""Fewest words that are one quote whoever says them: fewer may be said by two people by chance."""
PART_WORDS = 8
"""Fewest words of a part that is taken for a part of a longer quote whoever says it."""
SHINGLE = 3
"""Words in a row by which quotes are found that are nearly the same."""
NEAR_SHARE = 0.6
"""Least share of the shorter quote's shingles that stand in the longer one."""
POSTINGS = 64
"""Quotes that are looked at for one shingle: what more have is a phrase that everybody uses."""
POSSIBLY_MOST = 8
"""Links of one quote to such in other languages."""

SHORT_WORDS = 12
"""Most words of a quote that is looked for by its first and last word: one word more breaks all shingles of a few."""
INSERTED_SHARE = 1 / 3
"""Most of a short quote's words that another telling of it may leave out."""
NAMESAKES = 64
"""Names that end alike and are compared: of more people nobody tells whom a part of a name means."""

_Shingle = tuple[str, ...]
_Index = dict[_Shingle, list[int]]
"""The quotes that hold a shingle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteTelling:
    """One article's words for a quote, and the claim that leads to them."""

    quote: Quote
    article: StoryArticle
    claim: Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLine:
    """One quote of a story."""

    id: str
    """Of its first telling, which keeps it apart within its story: article, block and start."""
    words: str
    """As its fullest telling has them."""
    speaker: str
    """The fullest name that the story has for who says it; empty: none, or the reports name different people."""
    role: str
    language: str
    tellings: tuple[QuoteTelling, ...]
    """The oldest first."""
    other_words: tuple[str, ...]
    """Other words that reports have for it, parts of the fullest left out: the same quote in different words."""
    speakers: tuple[str, ...]
    """Who says it by the reports, where they name more than one: the same words, and different speakers."""
    possibly: tuple[str, ...] = ()
    """Quotes in other languages that may be the same: of the same person, day and figures."""


QuoteLedger = tuple[QuoteLine, ...]
"""The quotes of a story, the newest first by their first telling."""


class _Told(NamedTuple):
    at: int
    """Its place among all, the oldest first."""
    telling: QuoteTelling
    words: tuple[str, ...]
    speaker: str
    language: str


def quote_ledger(articles: Iterable[ArticleClaims]) -> QuoteLedger:
    """The quotes that the articles tell; in whatever order they come, the ledger is the same."""
    tellings = sorted(_tellings(articles), key=_place)
    names = _fullest(telling.quote.speaker for telling in tellings)
    cut: dict[str, tuple[str, ...]] = {}
    told: list[_Told] = []
    for at, each in enumerate(tellings):
        text = each.quote.words
        if text not in cut:  # most reports have the words from one another
            cut[text] = tuple(tokens(text))
        if cut[text]:
            told.append(_Told(at, each, cut[text], names.get(each.quote.speaker, ""), each.article.language))
    groups = _groups(told)
    lines = _linked([_line(group) for group in groups], [_figures(group[0].words) for group in groups])
    return tuple(sorted(lines, key=lambda line: (_place(line.tellings[0]), line.id), reverse=True))


def _tellings(articles: Iterable[ArticleClaims]) -> Iterator[QuoteTelling]:
    for each in articles:
        for claim in each.claims:
            value = claim.statement.value
            if isinstance(value, Quote):
                yield QuoteTelling(quote=value, article=each.article, claim=claim)


def _place(each: QuoteTelling) -> tuple[object, ...]:
    stands = each.claim.statement
    return each.article.placed_at, each.article.id, stands.block, stands.start


# ── who ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _fullest(speakers: Iterable[str]) -> dict[str, str]:
    """For each name the longest of the story that is surely the same person's."""
    names = {name: tuple(name.lower().split()) for name in sorted({name for name in speakers if name})}
    alike: dict[_Shingle, list[str]] = defaultdict(list)
    for name, words in names.items():
        for key in _keys(words):
            alike[key].append(name)
    longest = {name: _longest(name, names, alike) for name in names}
    # `Quispe` is `Rosa Quispe`, and she is `Rosa Quispe Mamani`.
    return {name: longest[longer] for name, longer in longest.items()}


def _keys(words: _Shingle) -> tuple[_Shingle, ...]:
    """By what names are compared: their last word that is no suffix, and their first two."""
    whole = [word for word in words if word.rstrip(".") not in SUFFIXES] or list(words)
    return ((whole[-1],),) if len(whole) < 2 else ((whole[-1],), tuple(whole[:2]))


def _longest(name: str, names: Mapping[str, _Shingle], alike: Mapping[_Shingle, Sequence[str]]) -> str:
    """The one name that holds all words of this one, and ends or begins as it does (`Rosa Quispe` `Mamani`)."""
    own = frozenset(names[name])
    longer: set[str] = set()
    for key in _keys(names[name]):
        if len(alike[key]) > NAMESAKES:
            return name
        longer.update(other for other in alike[key] if own < frozenset(names[other]))
    whole = [other for other in longer if not any(set(names[other]) < set(names[another]) for another in longer)]
    return whole[0] if len(whole) == 1 else name


# ── which are one ────────────────────────────────────────────────────────────────────────────────────────────────────


class _Shelf:
    """The quotes that are known so far, by their fullest telling, as others find them."""

    def __init__(self) -> None:
        self._words: list[tuple[str, ...]] = []
        self._same: dict[tuple[str, _Shingle], int] = {}
        self._speakers: list[str] = []
        self._by_shingle: dict[str, _Index] = defaultdict(dict)
        self._by_ends: dict[tuple[str, str, str, str], list[int]] = defaultdict(list)

    def number(self, each: _Told) -> int | None:
        """The quote that a telling is one of."""
        known = self._same.get((each.language, each.words)) if len(each.words) >= SAME_WORDS else None
        if known is None:
            known = self._nearest(each)
            if known is not None:
                self._same.setdefault((each.language, each.words), known)
        return known

    def add(self, each: _Told) -> None:
        """Take a telling as the fullest of a quote of its own."""
        number, words = len(self._words), each.words
        self._words.append(words)
        self._same.setdefault((each.language, words), number)
        self._speakers.append(each.speaker)
        if each.speaker and len(words) <= SHORT_WORDS:
            self._by_ends[each.language, each.speaker, words[0], words[-1]].append(number)
        if each.speaker or len(words) >= PART_WORDS:
            index = self._by_shingle[each.language]
            for shingle in _shingles(words):
                postings = index.get(shingle)
                if postings is None:
                    index[shingle] = [number]
                else:
                    postings.append(number)

    def _nearest(self, each: _Told) -> int | None:
        """The quote of the same person that holds most of its words; of anybody where it holds a long one whole."""
        index = self._by_shingle[each.language]
        number: int | None = None
        if each.speaker:
            number = self._holding_most(each, index)
            number = self._with_ends(each) if number is None else number
        if number is None and len(each.words) >= PART_WORDS:
            number = _holding_all(each.words, index)
        return number

    def _holding_most(self, each: _Told, index: _Index) -> int | None:
        shingles = _shingles(each.words)
        common: Counter[int] = Counter()
        for shingle in shingles:
            postings = index.get(shingle, ())
            if 0 < len(postings) <= POSTINGS:
                for number in postings:
                    common[number] += 1
        likely = [
            (count, -number)
            for number, count in common.items()
            if count >= NEAR_SHARE * len(shingles) and self._speakers[number] == each.speaker
        ]
        return -max(likely)[1] if likely else None

    def _with_ends(self, each: _Told) -> int | None:
        """The shortest that begins and ends alike and has a word or two more inside: `without` `any` `warning`."""
        words = each.words
        near = self._by_ends.get((each.language, each.speaker, words[0], words[-1]), ())
        if len(words) < 2 or len(near) > POSTINGS:
            return None
        likely = [
            (len(other), number)
            for number in near
            if (other := self._words[number])
            and len(other) - len(words) <= INSERTED_SHARE * len(other)
            and _stands_in(words, other)
        ]
        return min(likely)[1] if likely else None


def _groups(told: Sequence[_Told]) -> list[list[_Told]]:
    """The tellings of each quote; the fullest is looked at first, so that what is cut out of it finds it."""
    groups: list[list[_Told]] = []
    shelf = _Shelf()
    for each in sorted(told, key=lambda one: -len(one.words)):  # of the same length the oldest first, as they came
        number = shelf.number(each)
        if number is None:
            shelf.add(each)
            groups.append([each])
        else:
            groups[number].append(each)
    return groups


def _shingles(words: _Shingle) -> set[_Shingle]:
    return set(zip(words, words[1:], words[2:], strict=False)) if len(words) >= SHINGLE else {words}


def _stands_in(words: _Shingle, other: _Shingle) -> bool:
    """Whether the words stand in the other in their order, whatever stands between."""
    left = iter(other)
    return all(word in left for word in words)


def _holding_all(words: _Shingle, index: _Index) -> int | None:
    holding: set[int] | None = None
    for shingle in _shingles(words):
        postings = index.get(shingle, ())
        if len(postings) > POSTINGS:
            return None
        holding = set(postings) if holding is None else holding.intersection(postings)
        if not holding:
            return None
    return min(holding) if holding else None


# ── what is said of each ─────────────────────────────────────────────────────────────────────────────────────────────


def _line(group: Sequence[_Told]) -> QuoteLine:
    fullest = group[0]
    tellings = sorted(group, key=lambda one: one.at)
    speakers = tuple(dict.fromkeys(one.speaker for one in tellings if one.speaker))
    first = tellings[0].telling
    stands = first.claim.statement
    return QuoteLine(
        id=f"{first.article.id}-{stands.block}-{stands.start}",
        words=fullest.telling.quote.words,
        speaker=speakers[0] if len(speakers) == 1 else "",
        role=next((one.telling.quote.role for one in tellings if one.telling.quote.role), ""),
        language=first.article.language,
        tellings=tuple(one.telling for one in tellings),
        other_words=tuple(
            dict.fromkeys(one.telling.quote.words for one in tellings if not _is_part(one.words, fullest.words))
        ),
        speakers=speakers if len(speakers) > 1 else (),
    )


def _is_part(words: _Shingle, fullest: _Shingle) -> bool:
    """Whether the words stand in the fullest telling in a row: they are cut, not different."""
    return words == fullest or f" {' '.join(words)} " in f" {' '.join(fullest)} "


# ── across languages ─────────────────────────────────────────────────────────────────────────────────────────────────


_Sign = tuple[str, date, frozenset[str]]


def _linked(lines: Sequence[QuoteLine], figures: Sequence[frozenset[str]]) -> Iterator[QuoteLine]:
    """The lines with links to those in other languages of the same person, day and figures."""
    alike: dict[_Sign, list[QuoteLine]] = defaultdict(list)
    signs = [_sign(line, own) for line, own in zip(lines, figures, strict=True)]
    for line, sign in zip(lines, signs, strict=True):
        if sign is not None:
            alike[sign].append(line)
    for line, sign in zip(lines, signs, strict=True):
        others = alike[sign] if sign is not None else ()
        linked = sorted(other.id for other in others if other.language != line.language)
        yield replace(line, possibly=tuple(linked[:POSSIBLY_MOST])) if linked else line


def _figures(words: _Shingle) -> frozenset[str]:
    return frozenset(filter(str.isdecimal, words))


def _sign(line: QuoteLine, figures: frozenset[str]) -> _Sign | None:
    """Person, day and figures; None where any of them is missing, for then nothing speaks for one quote."""
    if not (line.speaker and line.language and figures):
        return None
    return line.speaker.lower(), line.tellings[0].article.placed_at.date(), figures
