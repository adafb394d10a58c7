"""Takes an archive of articles through the engine: `replay` as if it happened now, `import` as back-fill.

A replay has a database and a clock of its own, so that stories live and fall asleep at the archive's pace.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import socket
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from stayahead.analyze import Encoder
from stayahead.cli.archive_file import DatedRow, open_archive
from stayahead.cli.service import Service, command_log, greet, listen, make_service, run_watched, serve, service_log
from stayahead.cli.settings import DATABASE_FILE, database_path, encoder_of, found_by, settings_of
from stayahead.cli.terminal import say
from stayahead.errors import SettingsError
from stayahead.newsroom.archives import delivery_of, submit
from stayahead.newsroom.clock import ReplayClock, WallClock
from stayahead.newsroom.starter import starter_publishers
from stayahead.store import SqliteStore

CHUNK = 200
"""Rows submitted together."""


def replay(arguments: argparse.Namespace) -> int:
    """Play an archive in a database of its own, and serve its stories."""
    settings = settings_of(arguments)
    if not 0 <= arguments.speed < float("inf"):
        raise SettingsError(f"--speed {arguments.speed}: give 0 (at once) or how many times as fast as it happened")
    if arguments.limit < 0:
        raise SettingsError(f"--limit {arguments.limit}: give how many articles to play, or 0 for all of them")
    encoder = encoder_of(settings)
    with contextlib.ExitStack() as stack:
        rows = stack.enter_context(open_archive(arguments.file))
        if arguments.limit:
            rows = islice(rows, arguments.limit)
        first = next(rows, None)
        if first is None:
            say(f"{arguments.file}: no articles", to_errors=True)
            return 0
        path = _own_database(arguments, stack)
        store = stack.enter_context(contextlib.closing(SqliteStore.open(path)))
        store.put_publishers(starter_publishers())
        listener = None if arguments.exit else stack.enter_context(listen(settings))
        stack.enter_context(
            command_log(arguments, settings) if arguments.exit else service_log("replay", settings, path)
        )
        service = make_service(settings, ReplayClock(first.arrival), store)
        if listener is not None:
            greet(settings, listener, f"replaying {arguments.file.name}")
        rows = _chain(first, rows)
        run_watched(_replay(rows, service, listener, encoder=encoder, speed=arguments.speed, name=arguments.file.name))
    return 0


def _own_database(arguments: argparse.Namespace, stack: contextlib.ExitStack) -> Path:
    """Where `--data` says, else a temporary one: never the database that options name for a service."""
    if not arguments.data:
        return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stayahead-replay-"))) / DATABASE_FILE
    path = database_path(settings_of(arguments))
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
    listener: socket.socket | None,
    *,
    encoder: Encoder | None,
    speed: float,
    name: str,
) -> None:
    service.desk.start()
    playing = asyncio.create_task(_play(rows, service, encoder, speed=speed, name=name))
    try:
        if listener is None:
            await playing
        else:
            serving = asyncio.create_task(serve(service, listener))
            await asyncio.wait({playing, serving}, return_when=asyncio.FIRST_COMPLETED)
            if playing.done():
                playing.result()  # a damaged archive ends the replay; one that was played to its end is served on
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
    say(f"{count} articles in {seconds:.1f} s: {count / seconds:,.0f}/s", to_errors=True)


def bring_in(arguments: argparse.Namespace) -> int:
    """Take an archive into the live database: placed by its own times, counted neither for pace nor for breaking."""
    settings = settings_of(arguments)
    encoder = encoder_of(settings)
    path = database_path(settings)
    with (
        open_archive(arguments.file) as rows,
        contextlib.closing(SqliteStore.open(path)) as store,
        command_log(arguments, settings),
    ):
        service = make_service(settings, WallClock(), store)
        count = asyncio.run(_bring_in(rows, service, encoder, name=arguments.file.name))
    # Not on standard error, which is the log's, and may be read by a machine.
    say(f"{arguments.file}: {count} new articles; database {path.absolute()}, {found_by(arguments)}")
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
