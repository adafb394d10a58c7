"""Answers what pages, API and recovery ask of the store: stories, articles, updates, search results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import apsw
import msgspec

from stayahead.analyze import unpacked
from stayahead.errors import UnknownStory
from stayahead.model import (
    INPUTS,
    Arrival,
    Article,
    ArticleClaims,
    ArticlePlace,
    Claim,
    Evidence,
    GoneStory,
    Input,
    LoggedInput,
    LoggedUpdate,
    MovedStory,
    Revision,
    Snapshot,
    SnapshotRow,
    Story,
    StoryAnswer,
    StoryArticle,
    StoryHead,
    StoryLink,
    StoryRow,
    Update,
    Version,
)
from stayahead.newsroom.policy import ARRIVALS_SHOWN, FRONT_HOURS, LINKS_SHOWN
from stayahead.store import rows
from stayahead.store.commit import read_meta
from stayahead.store.page_states import SQL as PAGE_STATES
from stayahead.store.sql import blocks
from stayahead.stories.effects import effects, without_words
from stayahead.stories.summary import REPORTS_ASKED

ARTICLES = blocks("articles.sql")
STORIES = blocks("stories.sql")

FEW_STORIES = 5_000
"""Fresh stories up to which the front page sorts them; past that it walks the index of importance (0042)."""
REPORTS_READ = 2_000
"""A story's newest articles that are looked at for those that copy nothing: some 10 ms."""
SAME_NUMBER_MAX = 4
"""Stories that one update may have changed, past the first: a split changes two."""
LINK_KINDS = ("follows", "followed_by", "related")


# ── stories ──────────────────────────────────────────────────────────────────────────────────────────────────────


def front(db: apsw.Connection, now: datetime, *, limit: int, offset: int) -> list[StoryRow]:
    """See `ports.Pages.front`."""
    return _story_rows(db, front_heads(db, now, limit=limit, offset=offset))


def front_heads(db: apsw.Connection, now: datetime, *, limit: int, offset: int) -> apsw.Cursor:
    """Rows of `head`, in the order of the front page."""
    since = rows.micros(now - timedelta(hours=FRONT_HOURS))
    fresh = db.execute(STORIES["count_fresh"], (since, FEW_STORIES)).get
    verb = "front_few" if fresh < FEW_STORIES else "front_many"
    return db.execute(STORIES[verb], (since, max(0, limit), max(0, offset)))


def latest(db: apsw.Connection, *, limit: int, before: int | None) -> list[StoryRow]:
    """See `ports.Pages.latest`."""
    if limit < 1:
        return []
    end = (1 << 62) if before is None else before
    stories = _story_rows(db, db.execute(STORIES["latest"], (end, limit + SAME_NUMBER_MAX)))
    return cut_between_numbers(stories, limit)


def cut_between_numbers(stories: list[StoryRow], limit: int) -> list[StoryRow]:
    """The first `limit` rows, and those that share the last one's number: paging must not cut through a split."""
    last = stories[limit - 1].number if 0 < limit <= len(stories) else 0
    return stories[: max(0, limit)] + [row for row in stories[max(0, limit) :] if row.number == last]


def _story_rows(db: apsw.Connection, heads: apsw.Cursor) -> list[StoryRow]:
    columns: list[tuple[Any, ...]] = heads.fetchall()
    stories = (_story_row(db, rows.read_head(row), row[3]) for row in columns)
    return [row for row in stories if row is not None]


def _story_row(db: apsw.Connection, head: StoryHead, number: int) -> StoryRow | None:
    first = _one_row(db, "first_row", (head.id,))
    if first is None:
        return None  # a story is shown by its articles; without any there is nothing to show
    lead = first if first.id == head.lead_id else _one_row(db, "row", (head.lead_id, head.id)) or first
    newest_first = [at for (at,) in db.execute(ARTICLES["arrivals"], (head.id, ARRIVALS_SHOWN))]
    arrivals = tuple(rows.moment(at) for at in reversed(newest_first))
    return StoryRow(head=head, number=number, lead=lead, first=first, arrivals=arrivals)


def _one_row(db: apsw.Connection, verb: str, keys: tuple[str, ...]) -> StoryArticle | None:
    row = db.execute(ARTICLES[verb], keys).fetchone()
    return None if row is None else rows.read_story_article(row)


def story(db: apsw.Connection, story_id: str, *, limit: int, before: ArticlePlace | None) -> StoryAnswer:
    """See `ports.Pages.story`."""
    moved = db.execute(STORIES["alias"], (story_id,)).get
    if moved is not None:
        return MovedStory(id=moved)
    row = db.execute(STORIES["story"], (story_id,)).fetchone()
    if row is None:
        raise UnknownStory(f"{story_id}: no story has or had this id")
    if row[2] not in {"live", "asleep"}:
        return GoneStory(id=row[0], headline=row[1])
    head, number = rows.read_head(row), row[3]
    if limit < 1:
        return Story(head=head, number=number)
    newest_first = _story_page(db, story_id, limit=limit + 1, before=before)
    articles = newest_first[:limit]
    return Story(
        head=head,
        number=number,
        articles=tuple(reversed(articles)),
        originals=tuple(_originals(db, story_id, articles)),
        reports=tuple(reports(db, story_id, limit=REPORTS_ASKED)),
        first=_one_row(db, "first_row", (story_id,)),
        lead=_one_row(db, "row", (head.lead_id, story_id)),
        older=_place(articles[-1]) if len(newest_first) > limit else None,
        aliases=tuple(alias for (alias,) in db.execute(STORIES["aliases"], (story_id,))),
        links=linked(story_id, map(rows.read_link, db.execute(STORIES["links"], {"id": story_id}))),
    )


def _story_page(db: apsw.Connection, story_id: str, *, limit: int, before: ArticlePlace | None) -> list[StoryArticle]:
    at, name = (1 << 62, "") if before is None else (rows.micros(before.placed_at), before.id)
    asked = {"id": story_id, "placed_at": at, "before": name, "limit": limit}
    return [rows.read_story_article(row) for row in db.execute(ARTICLES["story_page"], asked)]


def _originals(db: apsw.Connection, story_id: str, articles: Sequence[StoryArticle]) -> Iterator[StoryArticle]:
    here = {article.id for article in articles}
    for name in dict.fromkeys(article.copy_of for article in articles):
        if name and name not in here and (original := _one_row(db, "row", (name, story_id))) is not None:
            yield original


def _place(article: StoryArticle) -> ArticlePlace:
    return ArticlePlace(placed_at=article.placed_at, id=article.id)


def linked(story_id: str, links: Iterable[StoryLink]) -> tuple[StoryLink, ...]:
    """What the page of a story shows of its links: each other story once, under the kind that says most."""
    kinds: dict[str, StoryLink] = {}
    # Told by both ends, a link comes twice; and two stories may follow and be related at once.
    for link in sorted(links, key=lambda link: LINK_KINDS.index(link.kind)):
        if link.id != story_id:
            kinds.setdefault(link.id, link)
    newest_first = sorted(kinds.values(), key=lambda link: (link.latest_at, link.id), reverse=True)
    by_kind = [[link for link in newest_first if link.kind == kind][:LINKS_SHOWN] for kind in LINK_KINDS]
    return tuple(link for few in by_kind for link in few)


def story_articles(db: apsw.Connection, story_id: str) -> Iterator[StoryArticle]:
    """Articles of a story by `placed_at`, ties by id."""
    return map(rows.read_story_article, db.execute(ARTICLES["story_rows"], (story_id,)))


def reports(db: apsw.Connection, story_id: str, *, limit: int) -> list[StoryArticle]:
    """See `ports.Pages.reports`."""
    asked = {"id": story_id, "read": REPORTS_READ, "limit": max(0, limit)}
    newest = [rows.read_story_article(row) for row in db.execute(ARTICLES["reports"], asked)]
    if len(newest) >= limit:
        return newest
    # A flood of copies may stand before all of them: then those that count as origins are found by the index.
    origins = [
        rows.read_story_article(row) for row in db.execute(ARTICLES["origins"], {"id": story_id, "limit": limit})
    ]
    both = {article.id: article for article in (*newest, *origins)}
    return sorted(both.values(), key=lambda article: (article.placed_at, article.id), reverse=True)[:limit]


def claims(db: apsw.Connection, story_id: str, *, kind: str | None, limit: int) -> list[ArticleClaims]:
    """See `ports.Claims.claims`."""
    articles: list[ArticleClaims] = []
    for blob, *row in db.execute(ARTICLES["story_claims"], (story_id, max(0, limit))):
        article = rows.read_story_article(tuple(row))
        statements = () if blob is None else unpacked(blob)
        own = tuple(
            Claim(article_id=article.id, revision=article.revision, statement=each)
            for each in sorted(statements, key=lambda each: (each.block, each.start))
            if kind is None or each.kind == kind
        )
        articles.append(ArticleClaims(article=article, claims=own, is_analysed=blob is not None))
    return articles


# ── articles ─────────────────────────────────────────────────────────────────────────────────────────────────────


def article(db: apsw.Connection, article_id: str, revision: int | None) -> Article | None:
    """See `ports.Sources.article`."""
    if revision is None:
        row = db.execute(ARTICLES["article"], (article_id,)).fetchone()
    else:
        row = db.execute(ARTICLES["article_at"], {"id": article_id, "revision": revision}).fetchone()
    return None if row is None else rows.read_article(row)


def versions(db: apsw.Connection, article_id: str, *, limit: int, before: int | None) -> list[Version]:
    """See `ports.Pages.versions`."""
    end = (1 << 62) if before is None else before
    texts = db.execute(PAGE_STATES["versions"], (article_id, end, max(0, limit)))
    return [Version(article=rows.read_article(row[:10]), read_at=rows.moment(row[10])) for row in texts]


def evidence(db: apsw.Connection, article_id: str, revision: int) -> Evidence | None:
    """An article and its signals at a revision; None when the article itself was forgotten."""
    stored = article(db, article_id, revision)
    if stored is None:
        return None
    blob = db.execute(ARTICLES["signals_at"], (article_id, revision)).get
    return Evidence(article=stored, signals=rows.read_signals(blob))


# ── the journal ──────────────────────────────────────────────────────────────────────────────────────────────────


def updates(db: apsw.Connection, *, after: int, limit: int) -> list[Update] | None:
    """See `ports.Pages.updates`."""
    first = db.execute(STORIES["first_update"]).get
    if first is None:
        first = read_meta(db).update + 1
    if after + 1 < first:
        return None
    return as_told_now(db, [rows.read_update(*row) for row in db.execute(STORIES["updates"], (after, max(0, limit)))])


def as_told_now(db: apsw.Connection, stored: list[Update]) -> list[Update]:
    """The updates as they may be told today: without headlines of articles that were removed since."""
    if not db.execute(ARTICLES["has_removed"]).get:
        return stored  # most installations never remove anything
    leads = {head.lead_id for update in stored for head in effects(update).heads}
    removed = removed_among(db, leads)
    return [without_words(update, removed) for update in stored] if removed else stored


def removed_among(db: apsw.Connection, article_ids: Iterable[str]) -> frozenset[str]:
    """Those of the articles that were removed."""
    ids = msgspec.json.encode(sorted(article_ids)).decode()
    return frozenset(id_ for (id_,) in db.execute(ARTICLES["removed_among"], (ids,)))


def tail(db: apsw.Connection, *, after: int, limit: int) -> list[LoggedUpdate]:
    """A piece of `ports.Journal.tail`."""
    logged: list[LoggedUpdate] = []
    for number, at, kind, payload, article_id, revision in db.execute(STORIES["tail"], (after, limit)):
        update = rows.read_update(number, at, kind, payload)
        # The revision as it was then: the engine must apply what it decided on, and not what the article says today.
        item = None if revision is None else evidence(db, article_id, revision)
        logged.append(LoggedUpdate(update=update, evidence=item))
    return logged


def inputs(db: apsw.Connection, *, after: int, limit: int) -> Sequence[LoggedInput]:
    """See `ports.Journal.inputs`. Lines whose article was forgotten altogether are left out."""
    lines: list[LoggedInput] = []
    for number, at, kind, article_id, revision, payload in db.execute(STORIES["inputs"], (after, limit)):
        an_input = _input(db, kind, article_id, revision, payload)
        if an_input is not None:
            lines.append(LoggedInput(number=number, at=rows.moment(at), input=an_input))
    return lines


def _input(db: apsw.Connection, kind: str, article_id: str, revision: int | None, payload: str | None) -> Input | None:
    if revision is None:
        ruling: Input = msgspec.json.decode(payload or "{}", type=INPUTS[kind])
        return ruling
    item = evidence(db, article_id, revision)
    if item is None:
        return None
    if kind == "arrival":
        return Arrival(article=item.article, signals=item.signals)
    return Revision(article=item.article, signals=item.signals)


def snapshot(db: apsw.Connection) -> Snapshot | None:
    """See `ports.Journal.snapshot`."""
    meta = read_meta(db)
    if meta.snapshot_number < 0:
        return None
    pieces = tuple(SnapshotRow(key=key, value=value) for key, value in db.execute(STORIES["snapshot"]))
    return Snapshot(format=meta.snapshot_format, number=meta.snapshot_number, rows=pieces)
