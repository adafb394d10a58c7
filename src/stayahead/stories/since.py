"""Says what changed in a story since a reader last looked: new facts first, each with the report that tells it.

One function stands behind the page, the API and whatever tells readers of changes. It is folded when somebody reads:
what the log says of the story after that number, what its new reports claim that no earlier one did, what was
corrected, and the sentences that say something new. What was told before is left out, whoever tells it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from math import sqrt
from typing import Literal, TypeAlias

from stayahead.analyze.prose import Prose
from stayahead.analyze.stopwords import stopwords
from stayahead.model import (
    TITLE,
    ArticleClaims,
    Claim,
    Merged,
    Page,
    Removed,
    Ruled,
    Split,
    StoryArticle,
    StoryHead,
    Update,
)
from stayahead.stories.corrections import Correction
from stayahead.stories.figures import OF_ONE_THING, FigureLine, figure_ledger, value_of
from stayahead.stories.quote_ledger import QuoteLedger
from stayahead.stories.sentences import is_in_language, stands
from stayahead.text import tokens

NewsKind: TypeAlias = Literal[
    "figure", "correction", "quote", "origin", "headline", "merged", "split", "ruled", "removed"
]

QUOTES_MOST = 12
"""New quotes that are told, the newest: a reader who comes back wants the figures and corrections before them."""

SENTENCES_MOST = 8
SENTENCES_EACH = 60
"""Sentences of one report that are looked at."""
NEW_WORDS_LEAST = 3
"""A sentence with fewer words that nobody used before says nothing new."""
_FIGURE, _NAME = 2.0, 1.5
"""What a new number or a new capitalised word is worth, beside any other new word."""
_SHORT = 6
"""Added to the words of a sentence before its worth is divided: a short one is not worth more for being short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An article of the story as it stands now."""

    article: StoryArticle
    is_new: bool
    """The reader has not seen it in this story."""
    claims: Sequence[Claim] = ()
    page: Page | None = None
    """Its text; None: not kept, or not for this reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One thing that changed."""

    kind: NewsKind
    at: datetime
    article: StoryArticle | None = None
    """The report that tells it; None: no report does, the engine or the owner did it."""
    claim: Claim | None = None
    """Where a figure or a quote stands."""
    correction: Correction | None = None
    before: str = ""
    """What was told before: figures, a headline."""
    after: str = ""
    """What is told now; for a quote: who says it."""
    also: int = 0
    """So many further reports tell the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSentence:
    """A sentence that says what no earlier report of the story said."""

    text: str
    article: StoryArticle
    block: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """All that changed."""

    news: tuple[News, ...] = ()
    """By kind in the order of `NewsKind`, within a kind the newest first."""
    sentences: tuple[NewSentence, ...] = ()
    """The newest of what they say first worth reading."""
    reports: int = 0
    """New articles that copy no other."""
    copies: int = 0
    """New articles that do."""


def changes(
    reports: Sequence[Report],
    *,
    updates: Iterable[Update],
    head: StoryHead,
    headline_before: str,
    corrected: Iterable[Correction] = (),
    quotes: QuoteLedger = (),
) -> Changes:
    """What changed, each thing once.

    Args:
        reports: the story's articles, in any order.
        updates: what the log says of it since then.
        head: the story now.
        headline_before: what it was called then; empty: not known any more.
        corrected: what was corrected since then.
        quotes: the story's, laid together.
    """
    new = [each for each in reports if each.is_new]
    news = [
        *_figures(reports),
        *(_corrected(each) for each in corrected),
        *_quotes(reports, quotes),
        *_origins(reports),
        *_headline(head, headline_before),
        *(one for update in updates for one in _told(update, head.id)),
    ]
    news.sort(key=lambda one: one.at, reverse=True)
    news.sort(key=lambda one: _ORDER[one.kind])
    copies = sum(1 for each in new if each.article.copy_of)
    return Changes(
        news=tuple(news),
        sentences=tuple(new_sentences(reports, language=head.language)),
        reports=len(new) - copies,
        copies=copies,
    )


_KINDS: tuple[NewsKind, ...] = (
    "figure", "correction", "quote", "origin", "headline", "merged", "split", "ruled", "removed",
)  # fmt: skip
_ORDER = {kind: place for place, kind in enumerate(_KINDS)}


def _claims(reports: Iterable[Report]) -> list[ArticleClaims]:
    return [ArticleClaims(article=each.article, claims=tuple(each.claims)) for each in reports]


def _figures(reports: Sequence[Report]) -> Iterator[News]:
    """Values that no earlier report gave, each once by whoever gave it first, with the range that was told before."""
    new = {each.article.id for each in reports if each.is_new}
    then = figure_ledger(_claims(each for each in reports if not each.is_new))
    for slot, told in figure_ledger(_claims(reports)).items():
        if slot not in OF_ONE_THING:
            continue
        before = then.get(slot)
        known = {value_of(line.figure) for line in before.lines} if before else set()
        lines: defaultdict[tuple[int | float, int | float | None], list[FigureLine]] = defaultdict(list)
        for line in reversed(told.lines):
            if line.is_leading and line.article.id in new and value_of(line.figure) not in known:
                lines[value_of(line.figure)].append(line)
        for value, tellers in lines.items():
            first = tellers[0]
            yield News(
                kind="figure",
                at=first.article.seen_at,
                article=first.article,
                claim=first.claim,
                before=_to(before.low, before.high) if before else "",
                after=_to(*value),
                also=len({line.article.id for line in tellers} - {first.article.id}),
            )


def _to(low: int | float | None, high: int | float | None) -> str:
    return " to ".join(dict.fromkeys(str(each) for each in (low, high) if each is not None))


def _quotes(reports: Sequence[Report], quotes: QuoteLedger) -> Iterator[News]:
    """The newest quotes that no earlier report had, each once by whoever had it first."""
    new = {each.article.id for each in reports if each.is_new}
    lines = (
        line
        for line in quotes
        if all(telling.article.id in new for telling in line.tellings) and (line.speaker or line.speakers)
    )
    for line in islice(lines, QUOTES_MOST):
        first = line.tellings[0]
        yield News(
            kind="quote",
            at=first.article.seen_at,
            article=first.article,
            claim=first.claim,
            after=line.speaker or " / ".join(line.speakers),
            also=len({telling.article.id for telling in line.tellings} - {first.article.id}),
        )


def _corrected(correction: Correction) -> News:
    return News(
        kind="correction", at=correction.amended.read_at, article=correction.amended.article, correction=correction
    )


def _origins(reports: Iterable[Report]) -> Iterator[News]:
    """Independent publishers that had not reported before."""
    known = {each.article.publisher.domain for each in reports if not each.is_new}
    for each in sorted(reports, key=lambda each: (each.article.placed_at, each.article.id)):
        article = each.article
        if each.is_new and article.is_origin and article.publisher.domain not in known:
            known.add(article.publisher.domain)
            yield News(kind="origin", at=article.seen_at, article=article, after=article.publisher.name)


def _headline(head: StoryHead, before: str) -> Iterator[News]:
    if before and head.headline and before != head.headline:
        yield News(kind="headline", at=head.parts.latest_at, before=before, after=head.headline)


def _told(update: Update, story_id: str) -> Iterator[News]:
    """What the engine or the owner did; what was told of a story before it merged into this one is its own affair."""
    match update.change:
        case Merged(other_id=other_id) if update.story.id == story_id:
            yield News(kind="merged", at=update.at, before=other_id)
        case Split(new_head=new_head, article_ids=ids) if update.story.id == story_id:
            yield News(kind="split", at=update.at, after=new_head.headline, before=new_head.id, also=len(ids))
        case Ruled(verb=verb) if update.story.id == story_id and verb != "pass":
            yield News(kind="ruled", at=update.at, after=verb)
        case Removed(reason=reason):
            yield News(kind="removed", at=update.at, after=reason)
        case _:
            return


# ── sentences ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Candidate:
    sentence: NewSentence
    words: frozenset[str]
    names: frozenset[str]


def new_sentences(reports: Iterable[Report], *, language: str, most: int = SENTENCES_MOST) -> list[NewSentence]:
    """The sentences of new reports that say most of what nobody said before, the richest first.

    Worth counts the words that no earlier report used, numbers and names more; once a sentence is chosen its words are
    known, so that a repetition falls away (maximal coverage by greedy choice: Nemhauser, Wolsey & Fisher 1978).
    """
    known: set[str] = set()
    candidates: list[_Candidate] = []
    for report in reports:
        if report.page is None:
            continue
        if not report.is_new:
            known.update(tokens(report.article.title), tokens(report.page.text))
        elif not report.article.copy_of and is_in_language(report.page.language or report.article.language, language):
            candidates += islice(_candidates(report, report.page), SENTENCES_EACH)
    chosen: list[NewSentence] = []
    while candidates and len(chosen) < most:
        best = max(candidates, key=lambda each: (_worth(each, known), each.sentence.article.id, -each.sentence.block))
        if _worth(best, known) <= 0:
            break
        chosen.append(best.sentence)
        known |= best.words
        candidates.remove(best)
    return chosen


def _candidates(report: Report, page: Page) -> Iterator[_Candidate]:
    for sentence in Prose("", page).sentences():
        if sentence.block == TITLE or not stands(sentence.text, language=page.language, is_first=False):
            continue
        words = frozenset(tokens(sentence.text)) - stopwords(page.language)
        # The first word of a sentence has a capital whatever it is.
        names = frozenset(token for word in sentence.text.split()[1:] if word[:1].isupper() for token in tokens(word))
        place = NewSentence(
            text=sentence.text,
            article=report.article,
            block=sentence.block,
            start=sentence.start,
            end=sentence.end,
        )
        yield _Candidate(place, words, names)


def _worth(candidate: _Candidate, known: set[str]) -> float:
    new = candidate.words - known
    if len(new) < NEW_WORDS_LEAST and not any(word[0].isdecimal() for word in new):
        return 0.0
    worth = sum(_FIGURE if word[0].isdecimal() else _NAME if word in candidate.names else 1.0 for word in new)
    return worth / sqrt(len(candidate.words) + _SHORT)
