"""Has the owner's rulings and removals carried out: by the running service, or right here when none runs.

Whether a service runs, the newsroom's lock says: who can take it is alone.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import msgspec

from stayahead.cli.notice import Notice, read_notice
from stayahead.cli.settings import DATABASE_FILE, database_path, settings_of, tell_database
from stayahead.cli.terminal import say
from stayahead.config import data_dir
from stayahead.errors import DoorClosed, RulingError, StayAheadError, StoreLocked, UnknownArticle, UnknownStory
from stayahead.model import RemovalReason, Ruling, Update
from stayahead.newsroom.clock import WallClock
from stayahead.newsroom.desk import Desk
from stayahead.newsroom.door import OwnersDoor
from stayahead.newsroom.recovery import recover
from stayahead.ports import Door
from stayahead.serve import serialize
from stayahead.serve.links import Link
from stayahead.serve.parameters import is_id
from stayahead.store import SqliteStore

START_WAIT_S = 15.0
"""For a service that is just starting: it holds the lock before it answers."""
ANSWER_WAIT_S = 40.0
"""Longer than the service itself waits for its desk."""
RETRY_S = 0.2

_VERBS = {"show": "unhide"}
"""Verbs of the command line that have another name in the stream of updates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What the owner wants done: how to tell it to a service, and to a door of our own."""

    method: str = "POST"
    path: str
    body: dict[str, object]
    carry_out: Callable[[Door], Awaitable[Sequence[Update]]]
    unknown: type[StayAheadError]
    """The error that an id is which was never given."""


def rule(arguments: argparse.Namespace) -> int:
    """Pin, unpin, hide, show, join or split a story."""
    verb = _VERBS.get(arguments.verb, arguments.verb)
    _require_ids(UnknownStory, arguments.story, *filter(None, (getattr(arguments, "other", ""),)))
    _require_ids(UnknownArticle, *getattr(arguments, "articles", ()))
    other_id, article_ids = getattr(arguments, "other", ""), tuple(getattr(arguments, "articles", ()))
    ruling = Ruling(verb=verb, story_id=arguments.story, other_id=other_id, article_ids=article_ids)
    body: dict[str, object] = {"verb": verb, "story_id": arguments.story}
    body |= {"other_id": other_id} if other_id else {}
    body |= {"article_ids": article_ids} if article_ids else {}
    return _execute(
        arguments, _Order(path="/v1/rulings", body=body, carry_out=lambda door: door.rule(ruling), unknown=UnknownStory)
    )


def undo(arguments: argparse.Namespace) -> int:
    """Take back the last ruling about a story that still stands."""
    story_id = arguments.story
    _require_ids(UnknownStory, story_id)
    body: dict[str, object] = {"verb": "undo", "story_id": story_id}
    return _execute(
        arguments,
        _Order(path="/v1/rulings", body=body, carry_out=lambda door: door.undo(story_id), unknown=UnknownStory),
    )


def remove(arguments: argparse.Namespace) -> int:
    """Remove an article."""
    _require_ids(UnknownArticle, arguments.article)
    return _execute(arguments, _removal(arguments.article, arguments.reason, now=arguments.now))


def _removal(article_id: str, reason: RemovalReason, *, now: bool) -> _Order:
    return _Order(
        path=f"/v1/articles/{article_id}/removal",
        body={"reason": reason} | ({"now": True} if now else {}),
        carry_out=lambda door: door.remove(article_id, reason, now=now),
        unknown=UnknownArticle,
    )


def remove_articles_of(arguments: argparse.Namespace, url: str) -> int:
    """Remove the articles that a source alone brought, step by step; how many."""
    order = _Order(
        path="/v1/sources/removal",
        body={"url": url},
        carry_out=lambda door: _all_of(door, url),
        unknown=UnknownArticle,
    )
    path, total = database_path(settings_of(arguments)), 0
    while updates := _carry_out(path, order):
        total += sum(update["kind"] == "removed" for update in updates)
    return total


async def _all_of(door: Door, url: str) -> list[Update]:
    updates: list[Update] = []
    while step := await door.remove_source(url):
        updates += step
    return updates


def restore(arguments: argparse.Namespace) -> int:
    """Take the removal of an article back."""
    article_id = arguments.article
    _require_ids(UnknownArticle, article_id)
    return _execute(
        arguments,
        _Order(
            method="DELETE",
            path=f"/v1/articles/{article_id}/removal",
            body={},
            carry_out=lambda door: door.restore(article_id),
            unknown=UnknownArticle,
        ),
    )


def _require_ids(unknown: type[StayAheadError], *ids: str) -> None:
    for id_ in ids:
        if not is_id(id_):
            raise unknown(f"{id_!r} is no id; give the last part of the address, as in /story/ID or /article/ID")


def _execute(arguments: argparse.Namespace, order: _Order) -> int:
    """Have it done, and print what came of it."""
    path = data_dir(settings_of(arguments)) / DATABASE_FILE
    if not path.exists():
        raise FileNotFoundError(2, "no such database; `stayahead run` makes it", str(path))
    updates = _carry_out(path, order)
    tell_database(arguments, path)
    for line in _lines(updates):
        say(line)
    if not updates:
        say("nothing to change: it was so already")
    return 0


def _carry_out(path: Path, order: _Order) -> list[dict[str, Any]]:
    """By whoever has the lock. A service that is just starting, or being started anew, is waited for."""
    deadline = time.monotonic() + START_WAIT_S
    while True:
        try:
            # Opening takes the lock, so two commands at once cannot both find that no service runs.
            store = SqliteStore.open(path)
        except StoreLocked:
            updates, reason = _ask_service(path, order)
        else:
            with closing(store):
                return asyncio.run(_carry_out_here(store, order))
        if updates is not None:
            return updates
        if time.monotonic() >= deadline:
            raise DoorClosed(f"{path}: a StayAhead runs on it and does not take this ({reason}); stop it or try again")
        time.sleep(RETRY_S)


# ── without a service ────────────────────────────────────────────────────────────────────────────────────────────


async def _carry_out_here(store: SqliteStore, order: _Order) -> list[dict[str, Any]]:
    clock = WallClock()
    desk = Desk(recover(store), store, [], batch_wait_s=0.0, steady_now=clock.steady_now)
    desk.start()
    try:
        updates = await order.carry_out(OwnersDoor(desk, store, clock))
    finally:
        await desk.stop()
    epoch = store.position().epoch
    return [serialize.update(update, epoch, to=Link()) for update in updates]


# ── by the service ───────────────────────────────────────────────────────────────────────────────────────────────


def _ask_service(path: Path, order: _Order) -> tuple[list[dict[str, Any]] | None, str]:
    """Ask the service: the updates, or None and why it could not be asked."""
    notice = read_notice(path)
    if notice is None:
        return None, "it has no notice beside the database; an import has none: wait for its end"
    try:
        status, answer = tell(notice, order.path, order.body, method=order.method)
    except (OSError, HTTPException) as error:
        return None, str(error)
    # The token is drawn at each start: refused with an old one is no refusal, if a newer one is there by now.
    if status == 403 and read_notice(path) != notice:
        return None, "it was started anew"
    return _updates_in(status, answer, order), ""


def tell(notice: Notice, path: str, body: dict[str, object], *, method: str = "POST") -> tuple[int, dict[str, Any]]:
    """Tell the service; the status of its answer, and what it says."""
    connection = HTTPConnection(notice.host, notice.port, timeout=ANSWER_WAIT_S)
    headers = {"Authorization": f"Bearer {notice.token}", "Content-Type": "application/json"}
    with closing(connection):
        connection.request(method, path, msgspec.json.encode(body), headers)
        response = connection.getresponse()
        return response.status, msgspec.json.decode(response.read())


def _updates_in(status: int, answer: dict[str, Any], order: _Order) -> list[dict[str, Any]]:
    """The updates of an answer, or its refusal as it would be raised here."""
    if status == 200:
        updates: list[dict[str, Any]] = answer["updates"]
        return updates
    message = str(answer["error"]["message"])
    if status == 404:
        raise order.unknown(message)
    if status == 409:
        raise RulingError(message)
    raise DoorClosed(f"the service refused this ({status}): {message}")


# ── what came of it ──────────────────────────────────────────────────────────────────────────────────────────────


def _lines(updates: Sequence[dict[str, Any]]) -> Iterator[str]:
    """One line an update: its number, what was done, the story and its headline, divided by tabs."""
    for update in updates:
        story, change = update["story"], _change(update["kind"], update["change"])
        yield "\t".join((str(update["number"]), change, story["id"], story["headline"]))


def _change(kind: str, change: dict[str, Any]) -> str:
    match kind:
        case "ruled" if change["verb"] == "pass":
            return f"undo passes over {change['undoes']}, which can no longer be taken back; again: the one before"
        case "ruled":
            return f"{change['verb']}, taking back {change['undoes']}" if change["undoes"] else str(change["verb"])
        case "merged":
            return f"took in {change['other_id']}"
        case "split":
            return f"{len(change['article_ids'])} left for {change['new_id']}"
        case "removed":
            return f"{change['article_id']} removed: {change['reason']}"
        case _:
            return f"{kind} {change.get('article_id', '')}".rstrip()
