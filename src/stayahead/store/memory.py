"""The store without a file: for tests, replays and demos. What `SqliteStore` promises, in dictionaries."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from stayahead.errors import StoreError, UnknownStory
from stayahead.model import (
    Article,
    Batch,
    Counts,
    EntryRecord,
    EntryState,
    Feed,
    FeedState,
    Forgotten,
    GoneStory,
    KnownEntry,
    LoggedInput,
    LoggedUpdate,
    MovedStory,
    PageState,
    Position,
    Publisher,
    Retention,
    SearchHit,
    SearchPage,
    Snapshot,
    SnapshotRow,
    SourceHealth,
    Story,
    StoryAnswer,
    StoryArticle,
    StoryHead,
    StoryRow,
    Update,
    Version,
    WatchedFeed,
)
from stayahead.store import rows, search
from stayahead.store.health_book import health_of
from stayahead.store.ledger import Ledger
from stayahead.store.page_book import PageBook
from stayahead.store.reading import ARRIVALS_MAX, FRONT_HOURS, SAME_NUMBER_MAX, TIES_MAX, cut_between_numbers, linked
from stayahead.urls import article_id, registrable


class MemoryStore:
    """Every port of the store over dictionaries, safe from any thread.

    Args:
        epoch: the first half of every cursor.
    """

    def __init__(self, *, epoch: str = "memory") -> None:
        self._epoch = epoch
        self._turn = threading.RLock()
        self._ledger = Ledger()
        self._pages = PageBook()
        self._feeds: dict[str, WatchedFeed] = {}
        self._names: dict[str, str] = {}
        self._publishers: dict[str, Publisher] = {}
        self._entries: dict[str, EntryRecord] = {}
        self._aliases: dict[str, str] = {}
        self._rows: dict[str, bytes] = {}
        self._snapshot: Snapshot | None = None

    def close(self) -> None:
        """Nothing to give back."""

    # ── Journal ──────────────────────────────────────────────────────────────────────────────────────────────────

    def position(self) -> Position:
        """See `ports.Journal.position`."""
        with self._turn:
            return Position(epoch=self._epoch, update=self._ledger.update, input=self._ledger.input)

    def commit(self, batch: Batch) -> int:
        """See `ports.Journal.commit`."""
        batch = rows.scrubbed(batch)
        with self._turn:
            self._ledger.require(batch)
            for state in batch.feed_states:
                if state.url in self._feeds:
                    self._feeds[state.url] = replace(self._feeds[state.url], state=state)
            self._entries.update({record.id: record for record in batch.entries})
            for item in batch.evidence:
                if item.article.feed_url in self._feeds:
                    self._names[item.article.feed_url] = item.article.publisher.name
            for alias in batch.aliases:
                self._aliases.setdefault(alias.url, alias.article_id)
            self._ledger.write(batch)
            self._pages.write(batch, self._ledger)
            if batch.snapshot is not None:
                self._put_snapshot(batch.snapshot)
            return self._ledger.update

    def _put_snapshot(self, given: Snapshot) -> None:
        if self._snapshot is not None and self._snapshot.format != given.format:
            self._rows.clear()
        for row in given.rows:
            if row.value is None:
                self._rows.pop(row.key, None)
            else:
                self._rows[row.key] = row.value
        self._snapshot = replace(given, rows=())

    def snapshot(self) -> Snapshot | None:
        """See `ports.Journal.snapshot`."""
        with self._turn:
            kept = tuple(SnapshotRow(key=key, value=value) for key, value in sorted(self._rows.items()))
            return None if self._snapshot is None else replace(self._snapshot, rows=kept)

    def tail(self, *, after: int) -> Iterator[LoggedUpdate]:
        """See `ports.Journal.tail`."""
        with self._turn:
            return iter([self._ledger.logged(update) for update in self._ledger.updates if update.number > after])

    def inputs(self, *, after: int, limit: int) -> Sequence[LoggedInput]:
        """See `ports.Journal.inputs`."""
        with self._turn:
            lines = [line for line in self._ledger.inputs if line.number > after][: max(0, limit)]
            return [found for line in lines if (found := self._ledger.refreshed(line)) is not None]

    def forget(self, now: datetime, retention: Retention) -> Forgotten:
        """See `ports.Journal.forget`."""
        with self._turn:
            gone, ids = self._ledger.forget(now, retention, reach=self._snapshot.number if self._snapshot else -1)
            cutoff = now - timedelta(days=retention.updates_days)
            refused = [
                record.id
                for record in self._entries.values()
                if record.state is EntryState.REFUSED
                and record.seen_at < cutoff
                and record.id not in self._ledger.articles
            ]
            self._pages.forget(self._ledger, hosts_before=now - timedelta(days=retention.bodies_days))
            for id_ in [*ids, *refused]:
                self._entries.pop(id_, None)
            self._aliases = {url: id_ for url, id_ in self._aliases.items() if id_ not in ids}
            return replace(gone, updates=gone.updates + len(refused))

    def optimize(self) -> None:
        """Nothing to do."""

    # ── Sources ──────────────────────────────────────────────────────────────────────────────────────────────────

    def feeds(self) -> Sequence[WatchedFeed]:
        """See `ports.Sources.feeds`."""
        with self._turn:
            return [self._feeds[url] for url in sorted(self._feeds)]

    def add_feeds(self, feeds: Iterable[Feed], now: datetime) -> int:
        """See `ports.Sources.add_feeds`."""
        with self._turn:
            before = len(self._feeds)
            for feed in feeds:
                known = self._feeds.get(feed.url)
                state = FeedState(url=feed.url) if known is None else known.state
                if state.gone:
                    state = replace(state, gone=False, next_poll_at=None)
                self._feeds[feed.url] = WatchedFeed(feed=feed, state=state)
            return len(self._feeds) - before

    def remove_feed(self, url: str) -> bool:
        """See `ports.Sources.remove_feed`."""
        with self._turn:
            self._names.pop(url, None)
            return self._feeds.pop(url, None) is not None

    def publishers(self) -> Sequence[Publisher]:
        """See `ports.Sources.publishers`."""
        with self._turn:
            return [self._publishers[domain] for domain in sorted(self._publishers)]

    def put_publishers(self, publishers: Iterable[Publisher]) -> None:
        """See `ports.Sources.put_publishers`."""
        with self._turn:
            self._publishers.update({publisher.domain: publisher for publisher in publishers})

    def host_record(self, host: str) -> bytes | None:
        """See `ports.Sources.host_record`."""
        with self._turn:
            return self._pages.host_record(host)

    def known_entries(self, ids: Sequence[str]) -> dict[str, KnownEntry]:
        """See `ports.Sources.known_entries`."""
        with self._turn:
            leads: dict[str, str] = {}
            for url, id_ in self._aliases.items():
                if id_ in self._entries:
                    leads.setdefault(article_id(url), id_)
            found: dict[str, KnownEntry] = {}
            for asked in ids:
                record = self._entries.get(asked) or self._entries.get(leads.get(asked, ""))
                if record is not None:
                    found[asked] = KnownEntry(
                        id=record.id,
                        digest=record.digest,
                        state=record.state,
                        feed_url=record.feed_url,
                        page_read_at=self._pages.read_at(record.id),
                    )
            return found

    def wanted(self, *, limit: int) -> Sequence[EntryRecord]:
        """See `ports.Sources.wanted`."""
        with self._turn:
            records = [record for record in self._entries.values() if record.state is EntryState.PAGE_WANTED]
            records.reverse()
            return sorted(records, key=lambda record: (record.seen_at, record.feed_url), reverse=True)[: max(0, limit)]

    def wanted_entry(self, article_id: str) -> EntryRecord | None:
        """See `ports.Sources.wanted_entry`."""
        with self._turn:
            record = self._entries.get(article_id)
            return record if record is not None and record.state is EntryState.PAGE_WANTED else None

    def due_pages(self, now: datetime, *, limit: int) -> Sequence[PageState]:
        """See `ports.Sources.due_pages`."""
        with self._turn:
            front = [head.id for head in self._front(now)]
            return self._pages.due(self._ledger, now, front=front, limit=limit)

    def article(self, article_id: str, *, revision: int | None = None) -> Article | None:
        """See `ports.Sources.article`."""
        with self._turn:
            found = self._ledger.at(article_id, revision)
            return None if found is None else found.article

    def alias_of(self, url: str) -> str | None:
        """See `ports.Sources.alias_of`."""
        with self._turn:
            return self._aliases.get(url)

    # ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────

    def front(self, now: datetime, *, limit: int, offset: int = 0) -> Sequence[StoryRow]:
        """See `ports.Pages.front`."""
        with self._turn:
            return self._story_rows(self._front(now)[max(0, offset) :][: max(0, limit)])

    def _front(self, now: datetime) -> list[StoryHead]:
        since = now - timedelta(hours=FRONT_HOURS)
        heads = [head for head in self._shown() if head.parts.latest_at >= since]
        return sorted(heads, key=lambda head: (not head.pinned, -head.importance_key, head.id))

    def latest(self, *, limit: int, before: int | None = None) -> Sequence[StoryRow]:
        """See `ports.Pages.latest`."""
        with self._turn:
            numbers = self._ledger.numbers
            awake = (head for head in self._shown() if head.state == "live")
            heads = [head for head in awake if before is None or numbers[head.id] < before]
            heads.sort(key=lambda head: (numbers[head.id], head.id), reverse=True)
            found = self._story_rows(heads[: limit + SAME_NUMBER_MAX]) if limit > 0 else []
            return cut_between_numbers(found, limit)

    def _shown(self) -> list[StoryHead]:
        return [head for head in self._ledger.heads.values() if not head.hidden and head.state in {"live", "asleep"}]

    def _story_rows(self, heads: Sequence[StoryHead]) -> list[StoryRow]:
        found: list[StoryRow] = []
        for head in heads:
            listed = self._listed(head.id)
            if listed:
                lead = next((article for article in listed if article.id == head.lead_id), listed[0])
                arrivals = tuple(article.placed_at for article in listed if article.is_origin)[-ARRIVALS_MAX:]
                number = self._ledger.numbers[head.id]
                found.append(StoryRow(head=head, number=number, lead=lead, first=listed[0], arrivals=arrivals))
        return found

    def _listed(self, story_id: str) -> list[StoryArticle]:
        ids = self._ledger.members(story_id)
        listed = [self._ledger.shown(id_) for id_ in ids]
        return sorted(listed, key=lambda article: (article.placed_at, article.id))

    def story(self, story_id: str) -> StoryAnswer:
        """See `ports.Pages.story`."""
        with self._turn:
            moved = self._ledger.story_aliases.get(story_id)
            if moved is not None:
                return MovedStory(id=moved)
            head = self._ledger.heads.get(story_id)
            if head is None:
                raise UnknownStory(f"{story_id}: no story has or had this id")
            if head.state not in {"live", "asleep"}:
                return GoneStory(id=head.id, headline=head.headline)
            aliases = sorted(alias for alias, to in self._ledger.story_aliases.items() if to == story_id)
            number = self._ledger.numbers[story_id]
            return Story(
                head=head,
                number=number,
                articles=tuple(self._listed(story_id)),
                aliases=tuple(aliases),
                links=linked(story_id, self._ledger.linked(story_id)),
            )

    def reports(self, story_id: str, *, limit: int) -> Sequence[StoryArticle]:
        """See `ports.Pages.reports`."""
        with self._turn:
            own = [article for article in self._listed(story_id) if not article.copy_of]
            return own[::-1][: max(0, limit)]

    def versions(self, article_id: str, *, limit: int, before: int | None = None) -> Sequence[Version]:
        """See `ports.Pages.versions`."""
        with self._turn:
            return self._pages.versions(self._ledger, article_id, limit=limit, before=before)

    def updates(self, *, after: int, limit: int) -> Sequence[Update] | None:
        """See `ports.Pages.updates`."""
        with self._turn:
            if after < self._ledger.forgotten_to:
                return None
            return [update for update in self._ledger.updates if update.number > after][: max(0, limit)]

    def search(self, query: str, *, limit: int, before: datetime | None = None, language: str = "") -> SearchPage:
        """See `ports.Pages.search`."""
        asked = set(search.words(query, language))
        if not asked or limit < 1:
            return SearchPage(hits=(), is_last=True)
        with self._turn:
            hits: list[SearchHit] = []
            last = -1
            for placed, id_ in self._ledger.matching(asked, before):
                if len(hits) >= limit and (placed != last or len(hits) >= limit + TIES_MAX):
                    return SearchPage(hits=tuple(hits), is_last=False)
                last = placed
                story_id = self._ledger.places[id_].story_id
                headline = self._ledger.heads[story_id].headline
                hits.append(SearchHit(article=self._ledger.shown(id_), story_id=story_id, story_headline=headline))
            return SearchPage(hits=tuple(hits), is_last=True)

    def health(self, now: datetime) -> Sequence[SourceHealth]:
        """See `ports.Pages.health`."""
        with self._turn:
            articles = [self._ledger.last(id_).article for id_ in self._ledger.articles]
            found = [
                health_of(watched, self._name_of(watched.feed.url), self._entries.values(), articles, now=now)
                for watched in self.feeds()
            ]
            return sorted(found, key=lambda one: not (one.watched.state.failures > 0 or one.watched.state.gone))

    def _name_of(self, url: str) -> str:
        known = self._publishers.get(registrable(url))
        return self._names.get(url) or (known.name if known else "")

    def counts(self) -> Counts:
        """See `ports.Pages.counts`."""
        with self._turn:
            states = [watched.state for watched in self._feeds.values()]
            return Counts(
                feeds=len(states),
                feeds_failing=sum(1 for state in states if state.failures > 0 or state.gone),
                articles=len(self._ledger.articles),
                stories_live=sum(1 for head in self._ledger.heads.values() if head.state == "live"),
                updates=len(self._ledger.updates),
                pages_wanted=sum(1 for record in self._entries.values() if record.state is EntryState.PAGE_WANTED),
            )

    # ── Upkeep ───────────────────────────────────────────────────────────────────────────────────────────────────

    def check(self) -> Sequence[str]:
        """See `ports.Upkeep.check`: the laws of membership and counts."""
        with self._turn:
            wrong = self._ledger.breaches()
            for record in self._entries.values():
                if record.state is EntryState.READ and record.id not in self._ledger.articles:
                    wrong.append(f"entry {record.id} was read, but its article is not there")
            for url, id_ in self._aliases.items():
                if id_ not in self._ledger.articles and id_ not in self._entries:
                    wrong.append(f"url {url} is an alias of article {id_}, which is not there")
            return wrong

    def backup(self, target: Path) -> None:
        """See `ports.Upkeep.backup`; memory cannot.

        Raises:
            StoreError: always.
        """
        raise StoreError(f"{target}: a store in memory has no file to copy; back up a database")

    def export(self, *, after: int = 0) -> Iterator[dict[str, object]]:
        """See `ports.Upkeep.export`."""
        with self._turn:
            numbers = self._ledger.numbers
            changed = sorted((number, id_) for id_, number in numbers.items() if number > after)
            for number, id_ in changed:
                yield from self._exported(self._ledger.heads[id_], number)

    def _exported(self, head: StoryHead, number: int) -> Iterator[dict[str, object]]:
        if head.id in self._ledger.reduced:
            yield {"type": "story", "id": head.id, "headline": head.headline, "state": "forgotten", "number": number}
            return
        values: dict[str, object] = msgspec.to_builtins(head)
        moved = self._ledger.story_aliases.get(head.id, "")
        yield {"type": "story", **values, "number": number, "moved_to": moved}
        for shown in self._listed(head.id):
            article = self._ledger.last(shown.id).article
            told: dict[str, object] = msgspec.to_builtins(article)
            yield {"type": "article", "story_id": head.id, **told, "text": article.page.text, "copy_of": shown.copy_of}
