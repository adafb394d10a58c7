"""Carries what must be committed together to the desk, which can tell whether it was decided on what still holds.

Many producers work at once, and two may compose the next revision of one article: a feed brings a new headline while
the page behind it is read again. Each says as of which commit it knew what it decides on. Every change goes through
the desk, which refuses the later of the two; its producer reads anew and composes on what is there now (0121).
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from stayahead.analyze import card_at
from stayahead.errors import Outdated, RulingError
from stayahead.extract import Observation
from stayahead.model import (
    Arrival,
    Article,
    Batch,
    Evidence,
    FeedState,
    Findings,
    HostRow,
    LoggedInput,
    Removal,
    Restoration,
    Revision,
    Ruling,
    Snapshot,
    Update,
)
from stayahead.newsroom.outcome import Outcome
from stayahead.newsroom.prepare import Draft
from stayahead.urls import article_id

REMEMBERED = 20_000
"""Ids whose last change is known, five minutes of the busiest stream; who knows older things is told to read anew."""


OwnersWord: TypeAlias = Ruling | Removal | Restoration


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What must be committed together, in the order in which it was read."""

    at: datetime
    """The clock's time when it was read: the `now` of its decisions."""
    as_of: int = 0
    """`Desk.as_of` before its producer asked the store; 0: it knows of nothing since the desk started."""
    findings: Findings = Findings()
    evidence: tuple[Evidence, ...] = ()
    """Articles that go out. A revision has the number after the last one that its producer knew."""
    observations: tuple[Observation, ...] = ()
    """What the pages of these articles teach about their hosts."""

    def subjects(self) -> Iterator[str]:
        """Ids of the articles and addresses that it decides about, and names of entries."""
        findings = self.findings
        for record in findings.entries:
            yield record.id
            # A poll and a push may bring one entry under two addresses.
            yield from filter(None, (record.name, record.second_name))
        for item in self.evidence:
            yield item.article.id
        for state in findings.page_states:
            yield state.article_id
        for alias in findings.aliases:
            yield article_id(alias.url)

    def affects(self) -> Iterator[str]:
        """Those, and the ids of articles whose pages it wants to be read again: news to who is reading them."""
        yield from self.subjects()
        for wish in self.findings.read_again:
            yield wish.article_id


def delivery_from(
    outcomes: Sequence[Outcome], *, at: datetime, as_of: int = 0, feed_states: tuple[FeedState, ...] = ()
) -> Delivery:
    """Put together what is to be committed of those outcomes."""
    return Delivery(
        at=at,
        as_of=as_of,
        findings=Findings(
            feed_states=feed_states,
            entries=tuple(each.record for each in outcomes if each.record is not None),
            aliases=tuple(alias for each in outcomes for alias in each.aliases),
            page_states=tuple(each.page for each in outcomes if each.page is not None),
            read_again=tuple(each.read_again for each in outcomes if each.read_again is not None),
            feed_domains=tuple(each.feed_domain for each in outcomes if each.feed_domain is not None),
        ),
        evidence=tuple(_evidence(each.article, each.draft) for each in outcomes if each.article is not None),
        observations=tuple(each.observation for each in outcomes if each.observation is not None),
    )


def _evidence(article: Article, draft: Draft | None) -> Evidence:
    """The article with what a worker made of its words; whatever else its card shows is told as it goes out."""
    if draft is None:
        raise ValueError(f"article {article.id} was not analysed before it was delivered")
    card = card_at(draft.card, article)
    return Evidence(article=article, signals=draft.signals, card=card, statements=draft.statements)


def input_of(item: Evidence) -> Arrival | Revision:
    """What the engine is told of an article that goes out."""
    kind = Revision if item.article.revision else Arrival
    return kind(article=item.article, signals=item.signals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """That a delivery is committed."""

    commit: int
    """By which commit: what its producer knows now is as of this."""
    update: int
    """Number of the last update then."""


@dataclass(slots=True)
class Waiting:
    """A delivery on its way through the desk, and what is answered to whoever submitted it."""

    delivery: Delivery
    done: asyncio.Future[Receipt]
    ruling: OwnersWord | None = None
    updates: tuple[Update, ...] = ()
    """What came of it."""
    refusal: Outdated | RulingError | None = None

    def affects(self) -> Iterator[str]:
        """Ids about which something else is true once it is committed: that a removed article is gone, too, or back."""
        yield from self.delivery.affects()
        if isinstance(self.ruling, Removal):
            yield self.ruling.article_id
        elif isinstance(self.ruling, Restoration):
            yield self.ruling.evidence.article.id

    def answer(self, result: Receipt | Exception) -> None:
        """Tell whoever submitted it, if they still wait; on the event loop."""
        if self.done.done():  # cancelled: a poll that was given up, or a stop
            return
        if isinstance(result, Exception):
            self.done.set_exception(result)
        else:
            self.done.set_result(result)


@dataclass(slots=True)
class Work:
    """One batch in the making: what the engine said to each input."""

    inputs: list[LoggedInput] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    restorations: list[Restoration] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)

    def batch(self, deliveries: Iterable[Delivery], snapshot: Snapshot | None, hosts: tuple[HostRow, ...]) -> Batch:
        """All that is to be committed together."""
        return Batch(
            findings=Findings.together(delivery.findings for delivery in deliveries),
            evidence=tuple(self.evidence),
            restorations=tuple(self.restorations),
            erased=tuple(self.erased),
            inputs=tuple(self.inputs),
            updates=tuple(self.updates),
            snapshot=snapshot,
            hosts=hosts,
        )


class LastChanges:
    """Which commit last touched an article or an address. Belongs to the desk's thread."""

    def __init__(self) -> None:
        self._commits: OrderedDict[str, int] = OrderedDict()
        self._forgotten = 0
        """The last commit of which an id was forgotten."""

    def outdate(self, delivery: Delivery) -> bool:
        """Whether one of its subjects has changed since its producer looked."""
        # Of an id that was forgotten it is only known that it did not change after that commit: better one delivery too
        # many is composed anew than one decided on what has changed.
        commits, forgotten = self._commits, self._forgotten
        return any(commits.get(id_, forgotten) > delivery.as_of for id_ in delivery.subjects())

    def note(self, ids: Iterable[str], commit: int) -> None:
        """What is said about these goes into that commit."""
        commits = self._commits
        for id_ in ids:
            commits[id_] = commit
            commits.move_to_end(id_)
        while len(commits) > REMEMBERED:
            self._forgotten = commits.popitem(last=False)[1]
