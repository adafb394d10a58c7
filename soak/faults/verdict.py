"""Says after each fault whether anything acknowledged was lost, doubled or changed, and at the end whether all came."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field

from soak.faults.press import first_words, last_words
from soak.faults.world import World
from stayahead.store import SqliteStore

TOLD_WITHIN_S = 45.0
"""Longest that the reader may lag behind what is committed, on a machine that others want too."""

GOES_ON_WITHIN_S = 120.0
"""Longest silence of a service that is well: a worker may take 10 s to start where many want the machine."""


@dataclass(slots=True)
class Known:
    """What is stored and was told so far, which no fault may take back."""

    epoch: str = ""
    updates: list[tuple[str, str, str | None]] = field(default_factory=list)
    """Kind, story and article of each, by number."""
    articles: dict[str, str] = field(default_factory=dict)
    """Url by id."""


def after_fault(world: World, known: Known) -> list[str]:
    """What is wrong now."""
    if not world.heal():
        return [f"it is not well 30 s later: {world.post_mortem()}"]
    if not _goes_on(world, len(known.updates)):
        return [f"nothing was committed for {GOES_ON_WITHIN_S:.0f} s: {world.post_mortem()}"]
    with SqliteStore.open(world.path, read_only=True) as store:
        wrong = [f"check: {fault}" for fault in store.check()]
        last = store.position().update
    return wrong + _compare(world, known) + _told(world, last)


def _goes_on(world: World, after: int) -> bool:
    """Whether something new is told in the end; the press never sleeps."""
    until = time.monotonic() + GOES_ON_WITHIN_S
    while time.monotonic() < until:
        if _number(world.reader.last_id) > after:
            return True
        time.sleep(0.05)
    return False


def _compare(world: World, known: Known) -> list[str]:
    with closing(sqlite3.connect(f"file:{world.path}?mode=ro", uri=True)) as db, db:
        db.execute("BEGIN")
        updates = db.execute("SELECT number, kind, story_id, article_id FROM updates ORDER BY number").fetchall()
        articles = db.execute("SELECT id, url FROM articles").fetchall()
        epoch: str = db.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()[0]
    wrong = []
    if [number for number, *_ in updates] != list(range(1, len(updates) + 1)):
        wrong.append("the numbers of the updates have a gap or repeat")
    told = [(kind, story, article) for _, kind, story, article in updates]
    if told[: len(known.updates)] != known.updates:
        wrong.append(f"of {len(known.updates)} committed updates some are gone or say something else")
    if known.epoch and epoch != known.epoch:
        wrong.append("the history began anew (another epoch)")
    urls = dict(articles)
    if len(set(urls.values())) != len(articles):
        wrong.append("an article is stored twice")
    if lost := known.articles.keys() - urls.keys():
        wrong.append(f"{len(lost)} stored articles are gone")
    printed = {world.press.url(number) for number in range(world.press.published() + 1)}
    if ghosts := {url for id_, url in articles if id_ not in known.articles} - printed:
        wrong.append(f"stored, but never printed: {', '.join(sorted(ghosts)[:3])}")
    known.epoch, known.updates, known.articles = epoch, told, urls
    stored = set(urls.values())
    while world.press.url(world.press.known) in stored:
        world.press.known += 1
    return wrong


def _told(world: World, last: int) -> list[str]:
    """Whether the reader hears of everything committed, in order, once."""
    reader, until = world.reader, time.monotonic() + TOLD_WITHIN_S
    while time.monotonic() < until and _number(reader.last_id) < last:
        time.sleep(0.05)
    numbers, total, told = list(reader.numbers), reader.total, _number(reader.last_id)
    wrong = []
    if told < last:
        wrong.append(f"{last} updates are committed, and {TOLD_WITHIN_S:.0f} s later the reader was told {told}")
    if numbers != sorted(set(numbers)):
        wrong.append("the stream repeated an event")
    if total != (numbers[-1] if numbers else 0) and reader.total != _number(reader.last_id):
        wrong.append(f"the stream told of {total} updates up to number {numbers[-1] if numbers else 0}")
    if reader.resets:
        wrong.append("the stream was reset")
        reader.resets = 0
    return wrong


def _number(cursor: str) -> int:
    return int(cursor.rpartition("-")[2] or 0)


def at_the_end(world: World, within_s: float) -> list[str]:
    """Whether every article that was printed is there, once, with all of its words if its feed carries them."""
    press = world.press
    printed = press.published()
    missing, until = _missing(world, printed), time.monotonic() + within_s
    while missing and time.monotonic() < until:
        time.sleep(1)
        missing = _missing(world, printed)
    return [f"{len(missing)} of {printed} articles: {', '.join(missing[:3])}"] if missing else []


def _missing(world: World, printed: int) -> list[str]:
    press, missing = world.press, []
    with SqliteStore.open(world.path, read_only=True) as store:
        with closing(sqlite3.connect(f"file:{world.path}?mode=ro", uri=True)) as db:
            ids = dict(db.execute("SELECT url, id FROM articles"))
        for number in range(printed):
            id_ = ids.get(press.url(number))
            article = store.article(id_) if id_ is not None else None
            if article is None:
                missing.append(f"number {number} never came")
            elif press.is_whole(number) and not _is_whole(article.page.text, number):
                missing.append(f"number {number} is not whole")
            elif article.page.title != press.title(number):
                missing.append(f"number {number} is called {article.page.title!r}")
    return missing


def _is_whole(text: str, number: int) -> bool:
    return first_words(number) in text and last_words(number) in text
