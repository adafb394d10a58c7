"""Batches in; the pages that are due to be read again out, in dictionaries. Part of `MemoryStore`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from stayahead.model import Batch, HostRow, PageState, StoryHead, Version
from stayahead.store.ledger import Ledger
from stayahead.store.rereading import times_of
from stayahead.store.watching import EACH, FRONT_STORIES, WEIGHTY_DAYS, WEIGHTY_ORIGINS


class PageBook:
    """What the reads of pages taught us, by article and by host."""

    def __init__(self) -> None:
        self._states: dict[str, PageState] = {}
        self._read_ats: dict[tuple[str, int], datetime] = {}
        self._hosts: dict[str, HostRow] = {}

    def read_at(self, id_: str) -> datetime | None:
        """When the article's page last answered; None when its text is not from its page."""
        state = self._states.get(id_)
        return None if state is None else state.read_at

    def host_record(self, host: str) -> bytes | None:
        """See `ports.Sources.host_record`."""
        row = self._hosts.get(host)
        return row.record if row else None

    def write(self, batch: Batch, ledger: Ledger) -> None:
        """What the batch says of pages, after its articles."""
        self._read_ats.update(times_of(batch))
        self._hosts.update({row.host: row for row in batch.hosts})
        self._states.update(
            {state.article_id: state for state in batch.page_states if state.article_id in ledger.places}
        )
        for asked in batch.read_again:
            if asked.article_id in self._states:
                state = self._states[asked.article_id]
                self._states[asked.article_id] = replace(state, is_asked=True, next_at=asked.at)

    def forget(self, ledger: Ledger, *, hosts_before: datetime) -> None:
        """A page state goes with the first text of its article, a host that was not read since then with them."""
        self._hosts = {host: row for host, row in self._hosts.items() if row.at >= hosts_before}
        whole = {id_ for id_, revisions in ledger.articles.items() if len(ledger.kept(id_)) == len(revisions)}
        self._states = {id_: state for id_, state in self._states.items() if id_ in whole}
        self._read_ats = {key: at for key, at in self._read_ats.items() if key[0] in ledger.articles}

    def versions(self, ledger: Ledger, id_: str, *, limit: int, before: int | None) -> list[Version]:
        """See `ports.Pages.versions`."""
        found = [revision for revision in ledger.kept(id_) if before is None or revision < before]
        items = [(revision, ledger.articles[id_][revision].article) for revision in found[: max(0, limit)]]
        return [
            Version(article=article, read_at=self._read_ats.get((id_, revision), article.seen_at))
            for revision, article in items
        ]

    def due(self, ledger: Ledger, now: datetime, *, front: Collection[str], limit: int) -> list[PageState]:
        """See `ports.Sources.due_pages`; `front`: ids in the order of the front page."""
        first = set(list(front)[:FRONT_STORIES])
        found: list[tuple[tuple[object, ...], PageState]] = []
        for id_, state in self._states.items():
            head = ledger.heads.get(ledger.places[id_].story_id)
            if head is None or head.hidden or state.next_at is None or state.next_at > now:
                continue
            if state.is_asked or head.id in first or _is_weighty(head, now):
                placed = ledger.last(id_).article.placed_at
                found.append(((not head.pinned, -head.importance_key, -placed.timestamp(), id_), state))
        found.sort(key=lambda pair: pair[0])
        return _few_of_each(ledger, [state for _, state in found])[: max(0, limit)]


def _is_weighty(head: StoryHead, now: datetime) -> bool:
    is_recent = head.parts.latest_at >= now - timedelta(days=WEIGHTY_DAYS)
    return head.state in {"live", "asleep"} and is_recent and (head.pinned or head.parts.origins >= WEIGHTY_ORIGINS)


def _few_of_each(ledger: Ledger, states: list[PageState]) -> list[PageState]:
    given: Counter[object] = Counter()
    kept: list[PageState] = []
    for state in states:
        publisher = ledger.last(state.article_id).article.publisher
        given[publisher] += 1
        if given[publisher] <= EACH:
            kept.append(state)
    return kept
