"""Keeps everything in one SQLite file and serves every port that speaks of storing.

One process, the newsroom, commits and checkpoints: it holds a lock beside the file. Other processes may add and remove
feeds (`newsroom=False`) or read (`read_only=True`) meanwhile. Inside a process the writing connection is shared by its
threads, one at a time; each read borrows a read-only connection and sees one commit. What SQLite complains of is
translated in `connection.translated`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Self

import apsw

from stayahead.errors import StoreError, StoreFenced
from stayahead.model import (
    Article,
    ArticleClaims,
    ArticlePlace,
    Batch,
    ConsumerPosition,
    Counts,
    EntryRecord,
    Feed,
    Forgotten,
    KnownEntry,
    LiveMembership,
    LoggedInput,
    LoggedUpdate,
    PageState,
    Position,
    Publisher,
    RereadPolicy,
    Retention,
    SearchPage,
    Snapshot,
    SourceHealth,
    StoryAnswer,
    StoryArticle,
    StoryRow,
    Update,
    Version,
    WatchedFeed,
    Witness,
)
from stayahead.store import claims, consumers, finding, forgetting, live_stories, queries, rows, schema, sources, upkeep
from stayahead.store.commit import BatchWriter, read_meta
from stayahead.store.connection import NewsroomLock, Readers, Writer, inode, log_of, translated
from stayahead.store.opening import become_owner, end_ownership, open_writing, require_never_there
from stayahead.store.rulings import StoredRulings
from stayahead.store.search import SearchIndex
from stayahead.store.sessions import StoredSessions
from stayahead.store.witnesses import witnesses as read_witnesses

TAIL_STEP = 200
"""Updates that one piece of the tail holds: their texts are in memory together."""


class SqliteStore(StoredRulings, StoredSessions):
    """Use `open`; close with `close` or as a context manager."""

    def __init__(
        self, path: Path, *, readers: Readers, writer: Writer | None, lock: NewsroomLock | None, owner: int = 0
    ) -> None:
        self._path = path
        self._readers = readers
        self._writer = writer
        self._lock = lock
        self._search = SearchIndex()
        self._batch_writer = BatchWriter(self._search)
        self._owner = owner
        self._opened = self._marks() if owner else forgetting.EVERYTHING

    def _marks(self) -> forgetting.Marks:
        with self._readers.lend() as db:
            return forgetting.marks(db)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, newsroom: bool = True, epoch: str | None = None) -> Self:
        """Open the file, making or upgrading it first.

        Args:
            path: of the database; `PATH-wal`, `PATH-shm` and `PATH.lock` stand beside it.
            read_only: only reads; the file must be there and up to date.
            newsroom: take the lock that commits need. False: only `Sources` writes, beside a running newsroom.
            epoch: of a file that is made now; default: drawn at random.

        Raises:
            StoreLocked: another newsroom has it, or another process writes for longer than the busy timeout.
            StoreTooNew, StoreDamaged, StoreFull: see the message for file and remedy.
            StoreError: it cannot be opened.
        """
        if read_only:
            return cls._open_reading(path)
        lock = NewsroomLock(path)
        with translated(path):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            require_never_there(path)
        if newsroom:
            lock.take()
        found = inode(log_of(path))  # before we open it: SQLite makes one that is missing
        try:
            writer = open_writing(path, lock, is_newsroom=newsroom, epoch=epoch, found_log=found)
            owner = become_owner(writer, found) if newsroom else 0
            return cls(path, readers=Readers(path), writer=writer, lock=lock if newsroom else None, owner=owner)
        except BaseException:
            lock.give_back()
            raise

    @classmethod
    def _open_reading(cls, path: Path) -> Self:
        if not path.is_file():
            raise StoreError(f"{path}: no such file; `stayahead run` makes it")
        readers = Readers(path)
        with readers.lend() as db:
            version = schema.version_of(db, path)
        if version < len(schema.MIGRATIONS):
            readers.close()
            raise StoreError(f"{path}: of an older format; `stayahead run` brings it up to date")
        return cls(path, readers=readers, writer=None, lock=None)

    @staticmethod
    def restore(source: Path, target: Path) -> str:
        """Put a backup in place of `target` and draw a new epoch: see `upkeep.restore`."""
        return upkeep.restore(source, target)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """Where the database is."""
        return self._path

    def close(self) -> None:
        """Close every connection and give back the lock."""
        self._readers.close()
        if self._writer is not None:
            if self._owner:
                end_ownership(self._writer, self._owner)
                self._owner = 0
            self._writer.close()
        if self._lock is not None:
            self._lock.give_back()

    def _require_writer(self) -> Writer:
        if self._writer is None:
            raise StoreError(f"{self._path}: opened for reading only")
        return self._writer

    def _require_newsroom(self) -> Writer:
        if self._lock is None:
            raise StoreError(f"{self._path}: opened beside the newsroom; only the newsroom commits")
        return self._require_writer()

    @contextmanager
    def _owning(self) -> Iterator[apsw.Connection]:
        """A write transaction of the newsroom that opened the file last; any other is refused (0126)."""
        with self._require_newsroom().writing() as db:
            if (owner := read_meta(db).owner) != self._owner:
                raise StoreFenced(
                    f"{self._path}: another newsroom has opened the database (number {owner}; this is {self._owner}) "
                    "and goes on with it; this one must end"
                )
            yield db

    # ── Journal ──────────────────────────────────────────────────────────────────────────────────────────────────

    def position(self) -> Position:
        """See `ports.Journal.position`."""
        with self._readers.lend() as db:
            meta = read_meta(db)
        return Position(epoch=meta.epoch, update=meta.update, input=meta.input)

    def commit(self, batch: Batch) -> int:
        """See `ports.Journal.commit`."""
        try:
            return self._commit(batch)
        except UnicodeEncodeError:  # one text in a million: to look for it beforehand would cost every commit
            return self._commit(rows.without_surrogates(batch))

    def _commit(self, batch: Batch) -> int:
        try:
            with self._owning() as db:
                return self._batch_writer.write(db, batch)
        except BaseException:
            self._batch_writer.forget_caches()
            raise

    def snapshot(self) -> Snapshot | None:
        """See `ports.Journal.snapshot`."""
        with self._readers.lend() as db:
            return queries.snapshot(db)

    def tail(self, *, after: int) -> Iterator[LoggedUpdate]:
        """See `ports.Journal.tail`. An article's revision is the one that the update speaks of."""
        while True:
            with self._readers.lend() as db:
                piece = queries.tail(db, after=after, limit=TAIL_STEP)
            yield from piece
            if len(piece) < TAIL_STEP:
                return
            after = piece[-1].update.number

    def live(self) -> LiveMembership:
        """See `ports.Journal.live`."""
        return live_stories.membership(self._readers)

    def inputs(self, *, after: int, limit: int) -> Sequence[LoggedInput]:
        """See `ports.Journal.inputs`."""
        with self._readers.lend() as db:
            return queries.inputs(db, after=after, limit=limit)

    def forget(self, now: datetime, retention: Retention, *, running_since: datetime | None = None) -> Forgotten:
        """See `ports.Journal.forget`."""
        try:
            with self._owning() as db:
                gone = forgetting.forget(db, now, retention, running_since=running_since, opened=self._opened)
        finally:
            self._search.forget_caches()
        # Outside the transaction, in which SQLite would not give pages back.
        with self._require_writer().outside() as db:
            db.execute(f"PRAGMA incremental_vacuum({forgetting.VACUUM_PAGES})").fetchall()
        return gone

    def optimize(self) -> None:
        """See `ports.Journal.optimize`."""
        with self._owning() as db:
            upkeep.settle_search(db)
        with self._require_writer().outside() as db:
            db.execute("PRAGMA optimize").fetchall()
            db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)  # passive: it waits for no reader

    # ── Sources ──────────────────────────────────────────────────────────────────────────────────────────────────

    def feeds(self) -> Sequence[WatchedFeed]:
        """See `ports.Sources.feeds`."""
        with self._readers.lend() as db:
            return sources.feeds(db)

    def add_feeds(self, feeds: Iterable[Feed], now: datetime) -> int:
        """See `ports.Sources.add_feeds`."""
        new = list(feeds)  # before the transaction: an iterator of the caller may take its time
        with self._require_writer().writing() as db:
            return sources.add_feeds(db, new)

    def remove_feed(self, url: str) -> bool:
        """See `ports.Sources.remove_feed`."""
        with self._require_writer().writing() as db:
            return sources.remove_feed(db, url)

    def publishers(self) -> Sequence[Publisher]:
        """See `ports.Sources.publishers`."""
        with self._readers.lend() as db:
            return sources.publishers(db)

    def put_publishers(self, publishers: Iterable[Publisher]) -> None:
        """See `ports.Sources.put_publishers`."""
        new = list(publishers)
        with self._require_writer().writing() as db:
            sources.put_publishers(db, new)

    def known_entries(self, ids: Sequence[str]) -> dict[str, KnownEntry]:
        """See `ports.Sources.known_entries`."""
        with self._readers.lend() as db:
            return sources.known_entries(db, ids)

    def named_entries(self, feed_url: str, keys: Sequence[str]) -> dict[str, KnownEntry]:
        """See `ports.Sources.named_entries`."""
        with self._readers.lend() as db:
            return sources.named_entries(db, feed_url, keys)

    def wanted(self, *, limit: int) -> Sequence[EntryRecord]:
        """See `ports.Sources.wanted`."""
        with self._readers.lend() as db:
            return sources.wanted(db, limit=limit)

    def wanted_entry(self, article_id: str) -> EntryRecord | None:
        """See `ports.Sources.wanted_entry`."""
        with self._readers.lend() as db:
            return sources.wanted_entry(db, article_id)

    def due_pages(self, now: datetime, policy: RereadPolicy, *, limit: int) -> Sequence[PageState]:
        """See `ports.Sources.due_pages`."""
        with self._readers.lend() as db:
            return sources.due_pages(db, now, policy, limit=limit)

    def article(self, article_id: str, *, revision: int | None = None) -> Article | None:
        """See `ports.Sources.article`."""
        with self._readers.lend() as db:
            return queries.article(db, article_id, revision)

    def host_record(self, host: str) -> bytes | None:
        """See `ports.Sources.host_record`."""
        with self._readers.lend() as db:
            return sources.host_record(db, host)

    # ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────

    def front(self, now: datetime, *, limit: int, offset: int = 0) -> Sequence[StoryRow]:
        """See `ports.Pages.front`."""
        with self._readers.lend() as db:
            return queries.front(db, now, limit=limit, offset=offset)

    def latest(self, *, limit: int, before: int | None = None) -> Sequence[StoryRow]:
        """See `ports.Pages.latest`."""
        with self._readers.lend() as db:
            return queries.latest(db, limit=limit, before=before)

    def story(self, story_id: str, *, limit: int = 200, before: ArticlePlace | None = None) -> StoryAnswer:
        """See `ports.Pages.story`."""
        with self._readers.lend() as db:
            return queries.story(db, story_id, limit=limit, before=before)

    def reports(self, story_id: str, *, limit: int) -> Sequence[StoryArticle]:
        """See `ports.Pages.reports`."""
        with self._readers.lend() as db:
            return queries.reports(db, story_id, limit=limit)

    def versions(self, article_id: str, *, limit: int, before: int | None = None) -> Sequence[Version]:
        """See `ports.Pages.versions`."""
        with self._readers.lend() as db:
            return queries.versions(db, article_id, limit=limit, before=before)

    def updates(self, *, after: int, limit: int) -> Sequence[Update] | None:
        """See `ports.Pages.updates`."""
        with self._readers.lend() as db:
            return queries.updates(db, after=after, limit=limit)

    def search(self, query: str, *, limit: int, before: datetime | int | None = None, language: str = "") -> SearchPage:
        """See `ports.Pages.search`."""
        with self._readers.lend() as db:
            return finding.find(db, query, limit=limit, before=before, language=language)

    def health(self, now: datetime) -> Sequence[SourceHealth]:
        """See `ports.Pages.health`."""
        with self._readers.lend() as db:
            return sources.health(db, now)

    def counts(self) -> Counts:
        """See `ports.Pages.counts`."""
        with translated(self._path), self._readers.lend() as db:
            return sources.counts(db, self._path.stat().st_size)

    # ── Claims ───────────────────────────────────────────────────────────────────────────────────────────────────

    def claims(self, story_id: str, *, kind: str | None = None, limit: int) -> Sequence[ArticleClaims]:
        """See `ports.Claims.claims`."""
        with self._readers.lend() as db:
            return queries.claims(db, story_id, kind=kind, limit=limit)

    def witnesses(self, story_id: str, *, limit: int) -> Sequence[Witness]:
        """See `ports.Claims.witnesses`."""
        with self._readers.lend() as db:
            return read_witnesses(db, story_id, limit=limit)

    def stale_analyses(self, versions: str, *, limit: int) -> Sequence[str]:
        """See `ports.Claims.stale_analyses`."""
        with self._readers.lend() as db:
            return claims.stale(db, versions, limit=limit)

    # ── Consumers ────────────────────────────────────────────────────────────────────────────────────────────────

    def consumers(self) -> Sequence[ConsumerPosition]:
        """See `ports.Consumers.consumers`."""
        with self._readers.lend() as db:
            return consumers.positions(db)

    def consumed(self, name: str, number: int, at: datetime) -> None:
        """See `ports.Consumers.consumed`."""
        with self._require_writer().writing() as db:
            consumers.move(db, name, number, at)

    def drop_consumer(self, name: str) -> bool:
        """See `ports.Consumers.drop_consumer`."""
        with self._require_writer().writing() as db:
            return consumers.drop(db, name)

    # ── Upkeep ───────────────────────────────────────────────────────────────────────────────────────────────────

    def check(self) -> Sequence[str]:
        """See `ports.Upkeep.check`."""
        with closing(Readers(self._path)) as fresh, fresh.lend() as db:
            return upkeep.check(db)

    def backup(self, target: Path) -> None:
        """See `ports.Upkeep.backup`."""
        with self._readers.lend() as db:
            upkeep.backup(db, target)

    def export(self, *, after: int = 0) -> Iterator[dict[str, object]]:
        """See `ports.Upkeep.export`."""
        return upkeep.export(self._readers, after=after)
