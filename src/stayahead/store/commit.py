"""Writes a batch, all of it or nothing: inside the caller's transaction, in an order in which each part finds its base.

The order of a commit: what the feeds said, the articles (with their search rows), the log of inputs, the updates and
what they do to stories and membership, the engine's changed state, and last how far the journal reaches.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import apsw
import msgspec
import zstandard

from stayahead.errors import StoreError
from stayahead.model import (
    Arrival,
    Article,
    Batch,
    EntryRecord,
    EntryState,
    Evidence,
    FeedDomain,
    LoggedInput,
    Publisher,
    Revision,
    Snapshot,
    Update,
    UrlAlias,
    input_tag,
)
from stayahead.store import claims, feed_lists, feed_rows, page_states, rows, withholding
from stayahead.store.membership import Membership
from stayahead.store.removing import erase
from stayahead.store.search import SearchIndex
from stayahead.store.sql import blocks
from stayahead.stories.effects import Effects, effects, removals
from stayahead.urls import article_id

SQL = blocks("commit.sql")


@dataclass(slots=True)
class Meta:
    """How far the journal reaches, as stored."""

    update: int = 0
    input: int = 0
    articles: int = 0
    snapshot_format: int = 0
    snapshot_number: int = -1
    """-1 before the first."""
    epoch: str = ""
    owner: int = 0
    """Which newsroom opened the file last: they are counted, and only the last one commits."""
    log: int = 0
    """Inode of that newsroom's log; 0 once it has ended as it should (docs/decisions/0143)."""
    kept_at: int = 0
    """Latest time by which something was forgotten, in microseconds."""


def read_meta(db: apsw.Connection) -> Meta:
    """The few values that every commit reads first and writes last."""
    meta = Meta()
    for key, value in db.execute(SQL["meta"]):
        setattr(meta, key, value)
    return meta


@dataclass(slots=True)
class _Stored:
    """An article that the batch brings or speaks of, as it is stored."""

    n: int
    revision: int
    pending: list[int] = field(default_factory=list)
    """Revisions that this batch brings, in ascending order, of which no update has spoken yet."""

    def speak(self, revision: int | None) -> int:
        """The revision that an update means: the one it names, else the next one that the batch brings."""
        if revision is None:
            revision = self.pending[0] if self.pending else self.revision
        self.pending = [later for later in self.pending if later > revision]
        self.revision = revision
        return revision


class BatchWriter:
    """Writes batches; belongs to the writer's thread.

    Args:
        search: the monthly tables.
    """

    def __init__(self, search: SearchIndex) -> None:
        self._search = search
        self._publisher_rows: dict[Publisher, int] = {}
        self._compressor = zstandard.ZstdCompressor(level=rows.ZSTD_LEVEL)

    def forget_caches(self) -> None:
        """After a transaction that was rolled back: what it added is not there."""
        self._publisher_rows.clear()
        self._search.forget_caches()

    def write(self, db: apsw.Connection, batch: Batch) -> int:
        """All of the batch; the number of the last update then.

        Raises:
            StoreError: the batch leaves a gap or speaks of what is not stored; the caller rolls back.
        """
        meta = read_meta(db)
        db.executemany(SQL["put_state"], map(feed_rows.feed_state_row, batch.findings.feed_states))
        db.executemany(SQL["put_entry"], map(self._entry_row, batch.findings.entries))
        feed_lists.put(db, batch.findings.feed_lists)
        for restoration in batch.restorations:
            withholding.put_back(db, self._search, restoration)
        all_effects = [effects(update) for update in batch.updates]
        stored = _stored(db, batch, all_effects)
        meta.articles += self._put_evidence(db, batch, stored)
        db.executemany(SQL["put_alias"], map(_alias_row, batch.findings.aliases))
        put_feed_domains(db, batch.findings.feed_domains)
        page_states.put(db, batch)
        claims.put_again(db, batch.findings.reanalyses)
        _put_inputs(db, batch.inputs, stored, meta)
        _put_updates(db, zip(batch.updates, all_effects, strict=True), stored, meta)
        # After articles and updates: one batch may bring an article and remove it.
        for_good = frozenset(batch.erased)
        for update in batch.updates[-1:]:
            removed = removals(all_effects).items()
            erase(db, self._search, removed, at=update.at, number=update.number, for_good=for_good)
        withholding.erase(db, batch.erased)
        if batch.snapshot is not None:
            _put_snapshot(db, batch.snapshot, meta)
        db.executemany(
            SQL["put_host"], [(row.host, row.number, rows.micros(row.at), row.record) for row in batch.hosts]
        )
        _put_meta(db, meta)
        return meta.update

    def _entry_row(self, record: EntryRecord) -> tuple[object, ...]:
        is_read = record.state is EntryState.READ
        return (
            record.id,
            record.feed_url,
            record.digest,
            rows.STATES.index(record.state),
            record.reason,
            record.tries,
            rows.micros_or_none(record.next_try_at),
            rows.micros(record.seen_at),
            int(record.backfill),
            int(record.is_foreign),
            None if is_read else rows.compressed(record.entry, self._compressor),
            record.name or None,
            record.second_name or None,
        )

    def _put_evidence(self, db: apsw.Connection, batch: Batch, stored: dict[str, _Stored]) -> int:
        """How many of the articles are new."""
        new = 0
        feed_names: dict[str, str] = {}
        foreign = {record.id for record in batch.findings.entries if record.is_foreign}
        times = page_states.times_of(batch)
        for item in batch.evidence:
            article = item.article
            before = stored.get(article.id)
            row = rows.article_row(item)
            row["voice"] = voice = self._publisher_row(db, article.publisher)
            row["feed_url"] = article.feed_url
            if before is None:
                row |= _fixed(article)
                row["n"] = n = _next_number(db, article)
                db.execute(SQL["put_article"], row)
                stored[article.id] = _Stored(n, article.revision, [article.revision])
                new += 1
            else:
                row["n"] = n = before.n
                db.execute(SQL["put_revision"], row)
                # Ascending, and each once: updates speak of revisions in this order.
                before.pending = sorted({*before.pending, article.revision})
            self._put_texts(db, n, item, times.get((article.id, article.revision)), voice=voice)
            # Should an older revision come late, search keeps the words of what is shown.
            if before is None or article.revision >= before.revision:
                self._search.put(db, n, item.card, is_new=before is None)
            if article.id not in foreign:  # a feed is not named after the sites of others that it links to
                feed_names[article.feed_url] = article.publisher.name
        db.executemany(SQL["name_feed"], [(name, url, name) for url, name in feed_names.items()])
        return new

    def _put_texts(self, db: apsw.Connection, n: int, item: Evidence, read_at: datetime | None, *, voice: int) -> None:
        article = item.article
        body = rows.body(article, self._compressor)
        row = {"n": n, "revision": article.revision, "size": len(body), "body": body}
        db.execute(SQL["put_body"], row | {"read_at": rows.micros_or_none(read_at)})
        signals = rows.signals_blob(item.signals, self._compressor)
        db.execute(SQL["put_signals"], (n, article.revision, signals, voice))
        if item.statements is not None:
            claims.put(db, n, article.revision, item.statements)

    def _publisher_row(self, db: apsw.Connection, publisher: Publisher) -> int:
        """Number of the row of `voices` that has these facts about the publisher: articles keep those of their day."""
        n = self._publisher_rows.get(publisher)
        if n is None:
            text = rows.publisher_json(publisher)
            row = db.execute(SQL["voice"], (text,)).get or db.execute(SQL["put_voice"], (text,)).get
            n = self._publisher_rows[publisher] = int(row)
        return n


def put_feed_domains(db: apsw.Connection, new: Iterable[FeedDomain]) -> None:
    """Remember for whom feeds speak; of a feed that is not watched it is dropped."""
    db.executemany(SQL["put_feed_domain"], [(each.feed_url, each.domain) for each in new])


def _fixed(article: Article) -> dict[str, object]:
    """The columns that no revision changes."""
    return {
        "id": article.id,
        "placed_at": rows.micros(article.placed_at),
        "seen_at": rows.micros(article.seen_at),
        "backfill": int(article.backfill),
    }


def _next_number(db: apsw.Connection, article: Article) -> int:
    first = rows.first_number(article.placed_at)
    last = db.execute(SQL["last_in_range"], (first, first + (1 << rows.COUNT_BITS) - 1)).get
    return first if last is None else int(last) + 1


def _alias_row(alias: UrlAlias) -> tuple[object, ...]:
    return alias.url, article_id(alias.url), alias.article_id


def _stored(db: apsw.Connection, batch: Batch, all_effects: Sequence[Effects]) -> dict[str, _Stored]:
    """Those of the articles that the batch speaks of which are stored already."""
    ids = {item.article.id for item in batch.evidence}
    ids.update(_article_of(logged)[0] for logged in batch.inputs if isinstance(logged.input, Arrival | Revision))
    ids.update(each.placed.article_id for each in all_effects if each.placed is not None)
    wanted = msgspec.json.encode(sorted(ids)).decode()
    return {id_: _Stored(n, revision) for id_, n, revision in db.execute(SQL["stored"], (wanted,))}


def _article_of(logged: LoggedInput) -> tuple[str, int | None]:
    if isinstance(logged.input, Arrival | Revision):
        return logged.input.article.id, logged.input.article.revision
    return getattr(logged.input, "article_id", ""), None


def _put_inputs(db: apsw.Connection, inputs: Sequence[LoggedInput], stored: dict[str, _Stored], meta: Meta) -> None:
    lines: list[tuple[object, ...]] = []
    for logged in inputs:
        if logged.number <= meta.input:
            raise StoreError(f"input {logged.number} comes after input {meta.input}; nothing of the batch was written")
        meta.input = logged.number
        id_, revision = _article_of(logged)
        payload: str | None = None
        if revision is None:
            payload = msgspec.json.encode(logged.input).decode()
        elif id_ not in stored:
            raise StoreError(f"input {logged.number} brings article {id_}, which is not among the evidence")
        kind = input_tag(logged.input)
        lines.append((logged.number, rows.micros(logged.at), kind, id_ or None, revision, payload))
    db.executemany(SQL["put_input"], lines)


def _put_updates(
    db: apsw.Connection, updates: Iterable[tuple[Update, Effects]], stored: dict[str, _Stored], meta: Meta
) -> None:
    membership = Membership(db, SQL)
    lines: list[tuple[object, ...]] = []
    for update, moved in updates:
        # A gap would be a cursor at which readers wait for ever; a repeat, one that says two things.
        if update.number != meta.update + 1:
            raise StoreError(
                f"update {update.number} comes after update {meta.update}; nothing of the batch was written"
            )
        meta.update = update.number
        placed = moved.placed
        id_ = placed.article_id if placed is not None else None
        revision: int | None = None
        if placed is not None and placed.story_id is not None:
            if placed.article_id not in stored:
                raise StoreError(f"update {update.number} speaks of article {id_}, which is not stored")
            revision = stored[placed.article_id].speak(placed.revision)
        payload = rows.update_payload(update)
        at = rows.micros(update.at)
        lines.append((update.number, at, update.kind, update.story.id, id_, revision, payload))
        membership.take(update, moved)
    membership.settle()
    db.executemany(SQL["put_update"], lines)


def _put_snapshot(db: apsw.Connection, snapshot: Snapshot, meta: Meta) -> None:
    if snapshot.number > meta.update:
        raise StoreError(f"a snapshot after update {snapshot.number}, but the last update is {meta.update}")
    if snapshot.is_whole:  # else it brings only the rows that changed since the last one
        db.execute(SQL["drop_rows"])
    db.executemany(SQL["put_row"], [(row.key, row.value) for row in snapshot.rows if row.value is not None])
    db.executemany(SQL["drop_row"], [(row.key,) for row in snapshot.rows if row.value is None])
    meta.snapshot_format = snapshot.format
    meta.snapshot_number = snapshot.number


def _put_meta(db: apsw.Connection, meta: Meta) -> None:
    values: Iterable[tuple[str, object]] = (
        ("update", meta.update),
        ("input", meta.input),
        ("articles", meta.articles),
        ("snapshot_format", meta.snapshot_format),
        ("snapshot_number", meta.snapshot_number),
    )
    db.executemany(SQL["put_meta"], values)
