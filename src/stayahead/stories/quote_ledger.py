"""A story's quotes laid together: what each person said, who carries it, and where the reports do not agree.

A fold of claims like every ledger (`stories/ledger`). Words are one quote where their language is one and they are the
same, or where one person says nearly the same; a short quote cut out of a longer one is the same quote. The same words
given to two people, or one quote in different words, are said to be so, and nobody is called right. Quotes in different
languages are never one: where person, day and figures agree they are only linked as possibly the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

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


ANYBODY = "*"
_Index = dict[tuple[str, str, tuple[str, ...]], list[int]]
"""By language, speaker and shingle the quotes that hold it."""


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


@dataclass(frozen=True, slots=True)
class _Told:
    telling: QuoteTelling
    words: tuple[str, ...]
    speaker: str
    shingles: frozenset[tuple[str, ...]]

    @property
    def language(self) -> str:
        return self.telling.article.language

    @property
    def key(self) -> tuple[object, ...]:
        """Where it stands among all, the oldest first."""
        stands = self.telling.claim.statement
        return self.telling.article.placed_at, self.telling.article.id, stands.block, stands.start


def quote_ledger(articles: Iterable[ArticleClaims]) -> QuoteLedger:
    """The quotes that the articles tell; in whatever order they come, the ledger is the same."""
    tellings = sorted(_tellings(articles), key=_place)
    names = _fullest(telling.quote.speaker for telling in tellings)
    told = [_told(each, names.get(each.quote.speaker, "")) for each in tellings]
    lines = [_line(group) for group in _groups([each for each in told if each.words])]
    return tuple(sorted(_linked(lines), key=lambda line: (_place(line.tellings[0]), line.id), reverse=True))


def _told(telling: QuoteTelling, speaker: str) -> _Told:
    words = tuple(tokens(telling.quote.words))
    size = min(SHINGLE, len(words))
    return _Told(telling, words, speaker, frozenset(words[at : at + size] for at in range(len(words) - size + 1)))


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
    """For each name the longest of the story that holds all its words and ends alike, if only one person's does."""
    names = sorted({name for name in speakers if name})
    alike: dict[str, list[str]] = defaultdict(list)
    for name in names:
        alike[_last(name)].append(name)
    return {name: _longest(name, alike[_last(name)]) for name in names}


def _longest(name: str, alike: Sequence[str]) -> str:
    longer = [other for other in alike if _words(name) < _words(other)]
    whole = [other for other in longer if not any(_words(other) < _words(another) for another in longer)]
    return whole[0] if len(whole) == 1 else name


def _last(name: str) -> str:
    return name.rsplit(maxsplit=1)[-1].lower()


def _words(name: str) -> frozenset[str]:
    return frozenset(name.lower().split())


# ── which are one ────────────────────────────────────────────────────────────────────────────────────────────────────


def _groups(told: Sequence[_Told]) -> list[list[_Told]]:
    """The tellings of each quote; the fullest is looked at first, so that what is cut out of it finds it."""
    groups: list[list[_Told]] = []
    by_words: dict[tuple[str, tuple[str, ...]], int] = {}
    by_shingle: _Index = defaultdict(list)
    for each in sorted(told, key=lambda one: (-len(one.words), one.key)):
        number = by_words.get((each.language, each.words)) if len(each.words) >= SAME_WORDS else None
        if number is None:
            number = _nearest(each, by_shingle)
        if number is None:
            number = len(groups)
            groups.append([])
            for shingle in each.shingles:
                by_shingle[each.language, each.speaker, shingle].append(number)
                by_shingle[each.language, ANYBODY, shingle].append(number)
        groups[number].append(each)
        by_words.setdefault((each.language, each.words), number)
    return groups


def _nearest(each: _Told, by_shingle: _Index) -> int | None:
    """The quote of the same person that holds most of its shingles; of anybody where it holds a long one whole."""
    number = _holding(each, each.speaker, by_shingle, NEAR_SHARE) if each.speaker else None
    if number is None and len(each.words) >= PART_WORDS:
        number = _holding(each, ANYBODY, by_shingle, 1.0)
    return number


def _holding(each: _Told, speaker: str, by_shingle: _Index, share: float) -> int | None:
    shingles = each.shingles
    common: Counter[int] = Counter()
    for shingle in shingles:
        postings = by_shingle.get((each.language, speaker, shingle), ())
        if len(postings) <= POSTINGS:
            common.update(postings)
    likely = [(count, -number) for number, count in common.items() if count >= share * len(shingles)]
    return -max(likely)[1] if likely else None


# ── what is said of each ─────────────────────────────────────────────────────────────────────────────────────────────


def _line(group: Sequence[_Told]) -> QuoteLine:
    fullest = group[0]
    tellings = sorted(group, key=lambda one: one.key)
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
        other_words=tuple(dict.fromkeys(one.telling.quote.words for one in tellings if not _is_part(one, fullest))),
        speakers=speakers if len(speakers) > 1 else (),
    )


def _is_part(one: _Told, fullest: _Told) -> bool:
    """Whether the words stand in the fullest telling in a row: they are cut, not different."""
    return f" {' '.join(one.words)} " in f" {' '.join(fullest.words)} "


# ── across languages ─────────────────────────────────────────────────────────────────────────────────────────────────


def _linked(lines: Sequence[QuoteLine]) -> Iterator[QuoteLine]:
    alike: dict[tuple[str, date, frozenset[str]], list[QuoteLine]] = defaultdict(list)
    for line in lines:
        if (sign := _sign(line)) is not None:
            alike[sign].append(line)
    for line in lines:
        sign = _sign(line)
        others = alike[sign] if sign is not None else ()
        linked = (other.id for other in others if other.language != line.language)
        possibly = tuple(sorted(linked)[:POSSIBLY_MOST])
        yield replace(line, possibly=possibly)


def _sign(line: QuoteLine) -> tuple[str, date, frozenset[str]] | None:
    """Person, day and figures; None where any of them is missing, for then nothing speaks for one quote."""
    figures = frozenset(word for word in tokens(line.words) if word.isdecimal())
    if not (line.speaker and line.language and figures):
        return None
    return line.speaker.lower(), line.tellings[0].article.placed_at.date(), figures
