"""`replay` and `import`: an archive through the engine, in a database of its own by its own clock, or as back-fill."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from stayahead.analyze import Encoder
from stayahead.cli.opened import DatedRow, archive
from stayahead.cli.place import FILE_NAME, database, encoder_of, settings_of
from stayahead.cli.service import Service, greet, listen, logged, make_service, running, serve
from stayahead.config import Settings
from stayahead.errors import SettingsError
from stayahead.newsroom.archives import delivery_of, submit
from stayahead.newsroom.clock import ReplayClock, WallClock
from stayahead.newsroom.starter import starter_publishers
from stayahead.store import SqliteStore

CHUNK = 200
"""Rows submitted together."""


def replay(given: argparse.Namespace) -> int:
    """Play an archive in a database of its own, and serve its stories."""
    settings = settings_of(given)
    if not 0 <= given.speed < float("inf"):
        raise SettingsError(f"--speed {given.speed}: give 0 (at once) or how many times as fast as it happened")
    if given.limit < 0:
        raise SettingsError(f"--limit {given.limit}: give how many articles to play, or 0 for all of them")
    encoder = encoder_of(settings)
    with contextlib.ExitStack() as stack:
        rows = stack.enter_context(archive(given.file))
        if given.limit:
            rows = islice(rows, given.limit)
        first = next(rows, None)
        if first is None:
            print(f"{given.file}: no articles", file=sys.stderr)
            return 0
        path = _own_database(settings, stack)
        store = stack.enter_context(contextlib.closing(SqliteStore.open(path)))
        store.put_publishers(starter_publishers())
        listening = None if given.exit else stack.enter_context(listen(settings))
        stack.enter_context(logged(given, settings) if given.exit else running("replay", settings, path))
        service = make_service(settings, ReplayClock(first.arrival), store)
        if listening is not None:
            greet(settings, listening, f"replaying {given.file.name}")
        played = _chain(first, rows)
        asyncio.run(_replay(played, service, listening, encoder=encoder, speed=given.speed, name=given.file.name))
    return 0


def _own_database(settings: Settings, stack: contextlib.ExitStack) -> Path:
    if not settings.data_dir:
        return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stayahead-replay-"))) / FILE_NAME
    path = database(settings)
    if path.exists():
        raise SettingsError(f"{path}: holds a database already; a replay wants a folder of its own (or no --data)")
    return path


def _chunks(rows: Iterator[DatedRow], size: int) -> Iterator[list[DatedRow]]:
    while chunk := list(islice(rows, size)):
        yield chunk


def _chain(first: DatedRow, rows: Iterator[DatedRow]) -> Iterator[DatedRow]:
    yield first
    yield from rows


async def _replay(
    rows: Iterator[DatedRow],
    service: Service,
    listening: socket.socket | None,
    *,
    encoder: Encoder | None,
    speed: float,
    name: str,
) -> None:
    service.desk.start()
    playing = asyncio.create_task(_play(rows, service, encoder, speed=speed, name=name))
    try:
        if listening is None:
            await playing
        else:
            serving = asyncio.create_task(serve(service, listening))
            await asyncio.wait({playing, serving}, return_when=asyncio.FIRST_COMPLETED)
            if playing.done():
                playing.result()
            await serving
    finally:
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)
        await service.desk.stop()


async def _play(
    rows: Iterator[DatedRow], service: Service, encoder: Encoder | None, *, speed: float, name: str
) -> None:
    clock = service.clock
    assert isinstance(clock, ReplayClock)  # noqa: S101 - made in `replay`
    began, start, count = time.monotonic(), clock.now(), 0
    publishers = {publisher.domain: publisher for publisher in service.store.publishers()}
    for chunk in _chunks(rows, 1 if speed else CHUNK):
        if speed:
            wait_s = (chunk[0].arrival - start).total_seconds() / speed - (time.monotonic() - began)
            await asyncio.sleep(max(0.0, wait_s))
        deliveries = [
            delivery_of(
                each.row,
                each.arrival,
                archive=name,
                publishers=publishers,
                now=clock.advance(each.arrival),
                backfill=False,
                encoder=encoder,
            )
            for each in chunk
        ]
        count += await submit(deliveries, service.desk, service.store)
    seconds = max(time.monotonic() - began, 1e-9)
    print(f"{count} articles in {seconds:.1f} s: {count / seconds:,.0f}/s", file=sys.stderr, flush=True)


def bring_in(given: argparse.Namespace) -> int:
    """Take an archive into the live database: placed by its own times, counted neither for pace nor for breaking."""
    settings = settings_of(given)
    encoder = encoder_of(settings)
    path = database(settings)
    with (
        archive(given.file) as rows,
        contextlib.closing(SqliteStore.open(path)) as store,
        logged(given, settings),
    ):
        service = make_service(settings, WallClock(), store)
        count = asyncio.run(_bring_in(rows, service, encoder, name=given.file.name))
    print(f"{given.file}: {count} new articles")
    return 0


async def _bring_in(rows: Iterator[DatedRow], service: Service, encoder: Encoder | None, *, name: str) -> int:
    service.desk.start()
    count = 0
    publishers = {publisher.domain: publisher for publisher in service.store.publishers()}
    try:
        for chunk in _chunks(rows, CHUNK):
            now = service.clock.now()
            deliveries = [
                delivery_of(
                    each.row,
                    each.arrival,
                    archive=name,
                    publishers=publishers,
                    now=now,
                    backfill=True,
                    encoder=encoder,
                )
                for each in chunk
            ]
            count += await submit(deliveries, service.desk, service.store)
    finally:
        await service.desk.stop()
    return count
