"""Reads the live stories and their articles as an engine is rebuilt from them, when no snapshot can be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apsw

from stayahead.model import Evidence, LiveArticleRecord, LiveMembership, LiveStoryRecord
from stayahead.store import rows
from stayahead.store.commit import read_meta
from stayahead.store.connection import Readers
from stayahead.store.queries import STORIES


def membership(readers: Readers) -> LiveMembership:
    """See `ports.Journal.live`."""
    with readers.lend() as db:
        # In one read transaction: the number below must be that of exactly these stories.
        aliases = _pairs(db, "live_aliases")
        apart = _pairs(db, "live_apart")
        links: dict[str, list[tuple[str, str]]] = {}
        for story_id, kind, other_id in db.execute(STORIES["live_links"]):
            links.setdefault(story_id, []).append((kind, other_id))
        stories = [_story(row, aliases, apart, links.get(row[0], [])) for row in db.execute(STORIES["live_stories"])]
        return LiveMembership(
            number=read_meta(db).update,
            at=rows.moment(db.execute(STORIES["last_update_at"]).get),
            stories=tuple(sorted(stories, key=lambda story: (story.head.opened_at, story.head.id))),
            articles=lambda: _articles(readers),
            names=dict(db.execute(STORIES["removed_names"])),
        )


def _pairs(db: apsw.Connection, verb: str) -> dict[str, list[str]]:
    pairs: dict[str, list[str]] = {}
    for story_id, other in db.execute(STORIES[verb]):
        pairs.setdefault(story_id, []).append(other)
    return pairs


def _story(
    row: tuple[Any, ...], aliases: dict[str, list[str]], apart: dict[str, list[str]], links: list[tuple[str, str]]
) -> LiveStoryRecord:
    head = rows.read_head(row)
    return LiveStoryRecord(
        head=head,
        number=row[3],
        updated_at=rows.moment(row[5]),
        alias_ids=tuple(aliases.get(head.id, ())),
        apart=tuple(apart.get(head.id, ())),
        follows=next((other_id for kind, other_id in links if kind == "follows"), ""),
        related=tuple(other_id for kind, other_id in links if kind == "related"),
    )


def _articles(readers: Readers) -> Iterator[LiveArticleRecord]:
    """One at a time: a day's texts are not to be in memory together."""
    with readers.lend() as db:
        for *article, story_id, copy_of, signals, founded in db.execute(STORIES["live_articles"]):
            evidence = Evidence(article=rows.read_article(tuple(article)), signals=rows.read_signals(signals))
            yield LiveArticleRecord(
                story_id=story_id,
                evidence=evidence,
                has_signals=signals is not None,
                copy_of=copy_of,
                founded=founded,
            )
