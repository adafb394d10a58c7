"""Keeps what is watched (feeds, publishers, entries, pages that are due), and tells how each source does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import apsw
import msgspec

from stayahead.model import (
    SAME_ARTICLE,
    Counts,
    EntryRecord,
    EntryState,
    Feed,
    FeedDomain,
    KnownEntry,
    PageState,
    Publisher,
    PublisherKind,
    RereadPolicy,
    SourceHealth,
    WatchedFeed,
)
from stayahead.newsroom.policy import REFUSALS_DAYS
from stayahead.store import feed_lists, feed_rows, rows
from stayahead.store.commit import put_feed_domains, read_meta
from stayahead.store.page_states import SQL as PAGE_STATES
from stayahead.store.queries import STORIES, front_heads
from stayahead.store.sql import blocks
from stayahead.urls import registrable

SQL = blocks("sources.sql")


def _json_list(ids: Iterable[str]) -> str:
    return msgspec.json.encode(list(ids)).decode()


def feeds(db: apsw.Connection) -> list[WatchedFeed]:
    """See `ports.Sources.feeds`."""
    return [feed_rows.read_feed(row) for row in db.execute(SQL["feeds"])]


def add_feeds(db: apsw.Connection, new: Sequence[Feed]) -> int:
    """See `ports.Sources.add_feeds`."""
    urls = {feed.url for feed in new}
    present = sum(1 for _ in db.execute(SQL["known_feeds"], (_json_list(urls),)))
    lines = [(feed.url, feed.title, msgspec.json.encode(feed.sections).decode()) for feed in new]
    db.executemany(SQL["put_feed"], lines)
    put_feed_domains(db, (FeedDomain(feed_url=feed.url, domain=domain) for feed in new for domain in feed.domains))
    return len(urls) - present


def remove_feed(db: apsw.Connection, url: str) -> bool:
    """See `ports.Sources.remove_feed`."""
    db.execute(SQL["drop_feed_domains"], (url,))
    return bool(db.execute(SQL["remove_feed"], (url,)).fetchall())


def publishers(db: apsw.Connection) -> list[Publisher]:
    """See `ports.Sources.publishers`."""
    return [
        Publisher(domain=row[0], name=row[1], owner=row[2], country=row[3], language=row[4], kind=PublisherKind(row[5]))
        for row in db.execute(SQL["publishers"])
    ]


def put_publishers(db: apsw.Connection, new: Iterable[Publisher]) -> None:
    """See `ports.Sources.put_publishers`."""
    lines = [(p.domain, p.name, p.owner, p.country, p.language, p.kind.value) for p in new]
    db.executemany(SQL["put_publisher"], lines)


def known_entries(db: apsw.Connection, ids: Sequence[str]) -> dict[str, KnownEntry]:
    """See `ports.Sources.known_entries`. An entry's own id goes before an alias, an older alias before a later one."""
    entries: dict[str, KnownEntry] = {}
    for verb in ("known_by_alias", "known"):  # what is read last counts
        entries.update(map(_known, db.execute(SQL[verb], (_json_list(ids),))))
    return entries


def named_entries(db: apsw.Connection, feed_url: str, keys: Sequence[str]) -> dict[str, KnownEntry]:
    """See `ports.Sources.named_entries`."""
    entries = {
        key: KnownEntry(id=key, digest="", state=EntryState.READ, feed_url=feed_url, is_forgotten=True)
        for key in feed_lists.listed(db, feed_url, keys)
    }
    for verb in ("known_by_second_name", "known_by_name"):  # what is read last counts
        entries.update(map(_known, db.execute(SQL[verb], (_json_list(keys),))))
    return entries


def articles_only_from(db: apsw.Connection, feed_url: str, *, limit: int) -> list[str]:
    """See `ports.Rulings.articles_only_from`."""
    everything = {"url": feed_url, "after": -(1 << 62)}
    ids = [id_ for (id_,) in db.execute(SQL["articles_from"], everything)]
    reasons = (reason for (reason,) in db.execute(SQL["same_elsewhere"], everything) if reason)
    elsewhere = {each.removeprefix(SAME_ARTICLE) for each in reasons if each.startswith(SAME_ARTICLE)}
    elsewhere |= feed_lists.listed_elsewhere(db, feed_url, ids)
    return [id_ for id_ in ids if id_ not in elsewhere][: max(0, limit)]


def _known(row: tuple[Any, ...]) -> tuple[str, KnownEntry]:
    asked, id_, digest, state, feed_url, is_foreign, read_at, removed, name = row
    return asked, KnownEntry(
        id=id_,
        digest=digest,
        state=rows.STATES[state],
        feed_url=feed_url,
        is_foreign=bool(is_foreign),
        page_read_at=rows.moment_or_none(read_at),
        is_removed=bool(removed),
        name=name or "",
    )


def wanted(db: apsw.Connection, *, limit: int) -> list[EntryRecord]:
    """See `ports.Sources.wanted`."""
    return [_wanted(row) for row in db.execute(SQL["wanted"], (max(0, limit),))]


def wanted_entry(db: apsw.Connection, article_id: str) -> EntryRecord | None:
    """See `ports.Sources.wanted_entry`."""
    row = db.execute(SQL["wanted_entry"], (article_id,)).fetchone()
    return None if row is None else _wanted(row)


def _wanted(row: tuple[Any, ...]) -> EntryRecord:
    return EntryRecord(
        id=row[0],
        feed_url=row[1],
        digest=row[2],
        state=EntryState.PAGE_WANTED,
        reason=row[3],
        tries=row[4],
        next_try_at=rows.moment_or_none(row[5]),
        seen_at=rows.moment(row[6]),
        backfill=bool(row[7]),
        is_foreign=bool(row[8]),
        entry=rows.read_entry(row[9]),
    )


def due_pages(db: apsw.Connection, now: datetime, policy: RereadPolicy, *, limit: int) -> list[PageState]:
    """See `ports.Sources.due_pages`."""
    front = [row[0] for row in front_heads(db, now, limit=policy.front_stories, offset=0)]
    values = {
        "now": rows.micros(now),
        "since": rows.micros(now - policy.quiet),
        "origins": policy.origins,
        "front": _json_list(front),
        "asked": policy.asked,
        "each": policy.each,
        "limit": max(0, limit),
    }
    return [
        PageState(
            article_id=row[0],
            url=row[1],
            etag=row[2],
            last_modified=row[3],
            text_digest=row[4],
            reads=row[5],
            read_at=rows.moment(row[6]),
            next_at=rows.moment(row[7]),
            is_asked=bool(row[8]),
            failures=row[9],
            reason=row[10],
        )
        for row in db.execute(PAGE_STATES["due_pages"], values)
    ]


def host_record(db: apsw.Connection, host: str) -> bytes | None:
    """See `ports.Sources.host_record`."""
    record: bytes | None = db.execute(SQL["host_record"], (host,)).get
    return record


def health(db: apsw.Connection, now: datetime) -> list[SourceHealth]:
    """See `ports.Pages.health`."""
    day = rows.micros(now - timedelta(hours=24))
    week = rows.micros(now - timedelta(days=REFUSALS_DAYS))
    articles: dict[str, int] = dict(db.execute(SQL["articles_since"], (day,)))
    pages: dict[str, int] = dict(db.execute(SQL["wanted_by_feed"]))
    refused: Counter[str] = Counter()
    elsewhere: Counter[str] = Counter()
    reasons: dict[str, str] = {}
    for url, reason in db.execute(SQL["refused_since"], (week,)):
        if reason.startswith(SAME_ARTICLE):
            elsewhere[url] += 1
            continue
        refused[url] += 1
        reasons[url] = reason
    names = {publisher.domain: publisher.name for publisher in publishers(db)}
    sources: list[SourceHealth] = []
    for row in db.execute(SQL["health"]):
        url = row[0]
        sources.append(
            SourceHealth(
                watched=feed_rows.read_feed(row[:-1]),
                publisher_name=row[-1] or names.get(registrable(url), ""),
                articles_24h=articles.get(url, 0),
                pages_wanted=pages.get(url, 0),
                refused=refused[url],
                elsewhere=elsewhere[url],
                last_refusal=reasons.get(url, ""),
            )
        )
    return sources


def counts(db: apsw.Connection, size: int) -> Counts:
    """See `ports.Pages.counts`; `size`: bytes of the file."""
    meta = read_meta(db)
    watched, failing, live, first, pages, waiting = next(db.execute(STORIES["counts"]))
    return Counts(
        feeds=watched,
        feeds_failing=failing,
        articles=meta.articles,
        stories_live=live,
        updates=0 if first is None else meta.update - first + 1,
        pages_wanted=pages,
        entries_waiting=waiting,
        bytes=size,
    )
