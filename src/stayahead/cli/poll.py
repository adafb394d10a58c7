"""Has sources asked now: by the running service, or right here when none runs."""

from __future__ import annotations

import argparse
import asyncio
import time
from contextlib import closing
from http.client import HTTPException
from pathlib import Path
from typing import Any

from stayahead.cli.notice import read_notice
from stayahead.cli.owner import RETRY_S, START_WAIT_S, tell
from stayahead.cli.service import command_log, make_newsroom, make_pool, make_service
from stayahead.cli.settings import database_path, model_of, settings_of
from stayahead.cli.terminal import say
from stayahead.config import Settings
from stayahead.errors import DoorClosed, SettingsError, StoreLocked, UnknownSource
from stayahead.fetch import HttpFetcher
from stayahead.newsroom.clock import WallClock
from stayahead.serve import serialize
from stayahead.store import SqliteStore

WAIT_S = 60.0
"""For all sources, where no service runs."""
PATH = "/v1/sources/poll"


def poll(arguments: argparse.Namespace) -> int:
    """Ask a source now, or all of them, and say what came of it; 1 when any failed."""
    if bool(arguments.url) == arguments.all:
        raise SettingsError("sources poll: name one source, as `stayahead sources list` has it, or all with --all")
    settings = settings_of(arguments)
    path = database_path(settings)
    if not path.exists():
        raise FileNotFoundError(2, "no such database; `stayahead run` makes it", str(path))
    url: str | None = arguments.url or None
    with command_log(arguments, settings):
        sources = _polled(path, url, settings)
    for each in sources:
        say("\t".join((each["state"], each["url"], _words(each))))
    return 1 if any(each["state"] in ("failing", "gone") for each in sources) else 0


def _polled(path: Path, url: str | None, settings: Settings) -> list[dict[str, Any]]:
    """By whoever has the lock; a service that is just starting is waited for, as for a ruling."""
    deadline = time.monotonic() + START_WAIT_S
    while True:
        try:
            store = SqliteStore.open(path)
        except StoreLocked:
            sources, reason = _ask_service(path, url)
        else:
            with closing(store):
                return asyncio.run(_poll_here(store, url, settings))
        if sources is not None:
            return sources
        if time.monotonic() >= deadline:
            raise DoorClosed(f"{path}: a StayAhead runs on it and does not take this ({reason}); stop it or try again")
        time.sleep(RETRY_S)


async def _poll_here(store: SqliteStore, url: str | None, settings: Settings) -> list[dict[str, Any]]:
    service = make_service(settings, WallClock(), store)
    fetcher, pool = HttpFetcher(settings, service.clock), make_pool(settings, model_of(settings))
    newsroom = make_newsroom(service, fetcher, pool)
    pool.start()
    try:
        async with newsroom.at_desk():
            polled = await newsroom.poll_now(url, wait_s=WAIT_S)
    finally:
        await fetcher.close()
        await pool.close()
    return [serialize.polled(each) for each in polled]


def _ask_service(path: Path, url: str | None) -> tuple[list[dict[str, Any]] | None, str]:
    """What the service says, or None and why it could not be asked."""
    notice = read_notice(path)
    if notice is None:
        return None, "it has no notice beside the database; an import has none: wait for its end"
    try:
        status, answer = tell(notice, PATH, {"url": url})
    except (OSError, HTTPException) as error:
        return None, str(error)
    if status == 403 and read_notice(path) != notice:
        return None, "it was started anew"
    if status == 200:
        sources: list[dict[str, Any]] = answer["sources"]
        return sources, ""
    message = str(answer["error"]["message"])
    if status == 404:
        raise UnknownSource(message)
    raise DoorClosed(f"the service refused this ({status}): {message}")


def _words(source: dict[str, Any]) -> str:
    if source["state"] == "asked":
        return "has not answered yet; what it says is taken in when it comes"
    if source["error"]:
        return str(source["error"])
    return "nothing new since the last poll (304)" if source["status"] == 304 else f"{source['entries']} entries"
