"""Tells who reported a story first, how sure that is, who followed when, and which documents are behind it.

What feeds and pages say of their times are claims: a date in the future, one that is a whole day, or one long before
we met the article on a feed that we watch is not believed, and when we first saw the article stands in its place, with
a mark. A pure fold over the story's articles whenever somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from stayahead.model import Document, StoryArticle, Witness
from stayahead.stories.spread import Origin, Spread, precedence

Trust = Literal["agreed", "stated", "seen"]
"""`agreed`: feed and page name one time; `stated`: one of them does; `seen`: neither is believed."""

AHEAD = timedelta(minutes=10)
"""How far a publisher's clock may be ahead of ours."""
AGREED = timedelta(minutes=10)
"""How far feed and page may be apart and still mean one time."""
LATE = timedelta(hours=48)
"""How long an article may have stood on its site before a feed that we watch told of it; an older date is another's: of
an event, or of the page that was there before. Back-fill is old by nature and may be older."""
DOCUMENTS_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """When an article was published, as far as it can be believed."""

    article: StoryArticle
    at: datetime
    trust: Trust


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """An origin in the order in which the story came to it."""

    origin: Origin
    first: Report
    after: timedelta
    """Since the first report of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A primary document, with the article that links to it first."""

    document: Document
    article: StoryArticle
    block: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstReport:
    """Who had the story, and when."""

    published: Report
    """The earliest time that is believed."""
    seen: StoryArticle
    """The first that we met."""
    chain: tuple[Follower, ...]
    """Every origin, the first one included."""
    documents: tuple[Source, ...]


def published_at(witness: Witness) -> Report:
    """When it was published, and whether somebody's word or our clock says so."""
    article = witness.article
    believed = [at for at in witness.stated if _is_plausible(at, article)]
    if not believed:
        return Report(article=article, at=article.seen_at, trust="seen")
    # The feed's word goes first; a page is often stamped anew when it is changed.
    at = min(believed)
    is_agreed = len(believed) > 1 and max(believed) - at <= AGREED
    # No article was seen before it was published: a clock that is a little ahead is set right.
    return Report(article=article, at=min(at, article.seen_at), trust="agreed" if is_agreed else "stated")


def first_report(witnesses: Iterable[Witness], told: Spread) -> FirstReport | None:
    """The first report of a story whose spread is told; None of a story without articles."""
    ordered = list(witnesses)
    if not ordered:
        return None
    reports = {each.article.id: published_at(each) for each in ordered}
    first = min(reports.values(), key=_order)
    chain = [
        Follower(origin=origin, first=own, after=own.at - first.at)
        for origin in told.origins
        for own in [min((reports[article_id] for article_id in origin.article_ids), key=_order)]
    ]
    return FirstReport(
        published=first,
        seen=min((each.article for each in ordered), key=lambda article: (article.seen_at, precedence(article))),
        chain=tuple(sorted(chain, key=lambda follower: _order(follower.first))),
        documents=_documents(sorted(ordered, key=lambda each: _order(reports[each.article.id]))),
    )


def sentence(first: FirstReport, *, origins: int = 0) -> str:
    """Who had it first, in one plain sentence without a time: that is the reader's to write in his own zone.

    Args:
        first: the first report.
        origins: how many the story counts, where its count stands beside the sentence. It may be fewer than are told
            apart here: an article that rested on another's report once is not counted again when its text is replaced.
    """
    name = first.published.article.publisher.name
    if first.published.trust == "seen":
        return f"First seen at {name}; when it was published is not known."
    others = (origins or len(first.chain)) - 1
    followed = f"; {others} {'other' if others == 1 else 'others'} followed" if others else ""
    return f"First published by {name}{followed}."


def _is_plausible(at: datetime, article: StoryArticle) -> bool:
    if at > article.seen_at + AHEAD:
        return False
    # A whole day says on which day, and nothing of who was first.
    if at.hour == at.minute == at.second == at.microsecond == 0:
        return False
    return article.backfill or at >= article.seen_at - LATE


def _order(report: Report) -> tuple[datetime, bool, datetime, bool, str]:
    return report.at, report.trust == "seen", *precedence(report.article)[1:]


def _documents(ordered: Sequence[Witness]) -> tuple[Source, ...]:
    sources: dict[str, Source] = {}
    for each in ordered:
        for claim in each.documents:
            stands = claim.statement
            if isinstance(stands.value, Document) and stands.value.url not in sources:
                sources[stands.value.url] = Source(
                    document=stands.value, article=each.article, block=stands.block, start=stands.start, end=stands.end
                )
    return tuple(sources.values())[:DOCUMENTS_MOST]
