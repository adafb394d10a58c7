"""Runs the one service, for `run`, `demo` and `replay`: all parts put together, until a signal ends them.

Order of a stop: a signal ends the live streams and the server; with the server ends the newsroom, whose desk commits
what it has; then fetcher and workers are closed, for the newsroom asks them until its end; and the store last.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import resource
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import uvicorn

from stayahead import __version__
from stayahead.cli.notice import Notice, new_token, put_up
from stayahead.cli.settings import DATABASE_FILE, database_path, found_by, model_of, put_starters, settings_of
from stayahead.cli.terminal import say
from stayahead.config import Settings, intake_numbers, local_address, replace
from stayahead.demo import START, Press, PressServer
from stayahead.errors import SettingsError
from stayahead.fetch import HttpFetcher, Timetable
from stayahead.log import event, written_to
from stayahead.model import Retention
from stayahead.newsroom import prepare
from stayahead.newsroom.allowance import Allowances
from stayahead.newsroom.budget import Budget
from stayahead.newsroom.clock import PacedClock, WallClock
from stayahead.newsroom.collector import short_passes
from stayahead.newsroom.desk import Desk
from stayahead.newsroom.door import OwnersDoor
from stayahead.newsroom.heap import give_back_freed
from stayahead.newsroom.host_memories import HostMemories
from stayahead.newsroom.loop import Newsroom
from stayahead.newsroom.recovery import recover
from stayahead.newsroom.toolbox import Toolbox
from stayahead.newsroom.watchdog import TurnSelector, WatchedLoop, watched
from stayahead.newsroom.workers import WorkerPool
from stayahead.ports import Clock, Fetcher, Polls
from stayahead.serve import LiveHub, create_app, require_address
from stayahead.serve.connections import bounded, lengthen_queues, places
from stayahead.serve.keys import Keys
from stayahead.serve.site import Status
from stayahead.store import SqliteStore
from stayahead.urls import registrable

log = logging.getLogger("stayahead.cli")

LAST_PORT = 65_535
DEMO_POLL_S = 45.0
"""Fictional seconds between two polls of a feed in the demo."""


SWITCH_S = 0.0005
"""Seconds after which a thread that computes lets another go on. The loop gives way whenever it waits and comes back so
much later: by Python's 5 ms a page took a tenth of a second beside one busy thread."""


@dataclass(slots=True)
class Service:
    """Everything that one running service holds."""

    settings: Settings
    clock: Clock
    store: SqliteStore
    hub: LiveHub
    desk: Desk
    door: OwnersDoor
    token: str
    """Shows that the owner asks; drawn for this start."""
    allowances: Allowances


def make_service(settings: Settings, clock: Clock, store: SqliteStore, *, live_most: int = 0) -> Service:
    """Recover the engine and put desk and live hub on the store; of an archive all may be live (`live_most` 0)."""
    hub = LiveHub(store, clock)
    retention = Retention(
        bodies_days=settings.bodies_days,
        bodies_bytes=int(settings.bodies_gb * 1e9),
        updates_days=settings.updates_days,
    )
    engine = recover(store)
    engine.live_most = live_most
    desk = Desk(
        engine,
        store,
        [hub],
        batch_articles=settings.batch_articles,
        batch_wait_s=settings.batch_wait_s,
        retention=retention,
        memories=HostMemories(store.host_record),
        steady_now=clock.steady_now if isinstance(clock, WallClock) else None,
        running_since=clock.running_since if isinstance(clock, WallClock) else lambda: None,
    )
    allowances = Allowances(settings.intake_per_hour, intake_numbers(settings))
    return Service(settings, clock, store, hub, desk, OwnersDoor(desk, store, clock), new_token(), allowances)


def run(arguments: argparse.Namespace) -> int:
    """Watch the sources and serve the front page until interrupted."""
    settings = settings_of(arguments)
    require_address(settings)
    model = model_of(settings)  # what is wrong with it shows before anything starts
    path = database_path(settings)
    clock = WallClock()
    with contextlib.closing(SqliteStore.open(path)) as store:
        put_starters(store, clock)
        with listen(settings) as listener, service_log("run", settings, path):
            greet(settings, listener, f"{len(store.feeds())} sources; database {path}, {found_by(arguments)}")
            fetcher = HttpFetcher(settings, clock)
            service = make_service(settings, clock, store, live_most=settings.live_articles)
            run_watched(_live(service, fetcher, listener, model=model))
    return 0


def demo(arguments: argparse.Namespace) -> int:
    """Play the press's afternoon in a database of its own (temporary unless --data says where)."""
    settings = replace(settings_of(arguments), {"poll_every_s": DEMO_POLL_S, "intake_per_hour": 0})
    if not 0 < arguments.speed <= 3600:
        raise SettingsError(f"--speed {arguments.speed}: give a number above 0 and up to 3600")
    require_address(settings)
    model = model_of(settings)
    with contextlib.ExitStack() as stack:
        if arguments.data:
            folder = Path(arguments.data).expanduser()
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if (folder / DATABASE_FILE).exists():
                raise SettingsError(f"{folder}: holds a database already; the demo wants an empty folder")
        else:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stayahead-demo-")))
        store = stack.enter_context(contextlib.closing(SqliteStore.open(folder / DATABASE_FILE)))
        listener = stack.enter_context(listen(settings))
        stack.enter_context(service_log("demo", settings, folder / DATABASE_FILE))
        greet(settings, listener, "a fictional afternoon of news: every name in it is invented")
        run_watched(_demo(settings, arguments.speed, store, listener, model=model))
    return 0


async def _demo(
    settings: Settings, speed: float, store: SqliteStore, listener: socket.socket, *, model: Path | None
) -> None:
    clock = PacedClock(START, speed=speed)
    press = Press(start=START)
    server = PressServer(press, clock)
    port = await server.start()
    try:
        store.put_publishers(press.publishers())
        store.add_feeds(press.feeds(port), clock.now())
        fetcher = HttpFetcher(settings, clock, names=press.host_names(), exceptions=press.exceptions(port))
        await _live(make_service(settings, clock, store), fetcher, listener, model=model)
    finally:
        await server.stop()


def run_watched(work: Coroutine[Any, Any, None]) -> None:
    """Run it on an event loop whose turns are counted, so that `serve` can say what was slow."""
    sys.setswitchinterval(SWITCH_S)
    give_back_freed()
    with asyncio.Runner(loop_factory=lambda: WatchedLoop(TurnSelector())) as runner:
        runner.run(work)


async def _live(service: Service, fetcher: Fetcher, listener: socket.socket, *, model: Path | None) -> None:
    """Newsroom and pages together: when one ends, so does the other. The model directory is for the workers."""
    pool = make_pool(service.settings, model)
    newsroom = make_newsroom(service, fetcher, pool)
    pool.start()  # before the first poll, which then finds its workers ready
    await asyncio.to_thread(registrable, "https://example.org/")  # reads the suffix list, off the event loop
    try:
        if model is not None:  # a model that no worker can load ends us here, before it costs an input
            await pool.run(prepare.vector_model, url=str(model))
        async with asyncio.TaskGroup() as group:
            # Should the newsroom fail, the group cancels the server: it would go on showing news that grow no newer.
            working = group.create_task(newsroom.run())
            await serve(service, listener, polls=newsroom, workers=pool)
            working.cancel()
    except* asyncio.CancelledError:
        pass
    except* Exception as failures:
        raise failures.exceptions[0] from None  # the command line says one error, and not that it came in a group
    finally:
        await fetcher.close()
        await pool.close()


def make_pool(settings: Settings, model: Path | None) -> WorkerPool:
    """The workers, not started yet."""
    return WorkerPool(
        max(1, settings.workers),
        cpu_s=settings.worker_cpu_s,
        memory_bytes=settings.worker_memory_bytes,
        warm_up=(str(model or ""),),
    )


def make_newsroom(service: Service, fetcher: Fetcher, pool: WorkerPool) -> Newsroom:
    """The newsroom of a service, not at work yet."""
    settings = service.settings
    toolbox = Toolbox(
        clock=service.clock,
        fetcher=fetcher,
        preparer=pool,
        sources=service.store,
        claims=service.store,
        desk=service.desk,
        allowances=service.allowances,
    )
    return Newsroom(
        toolbox,
        Timetable(settings),
        polls_at_once=settings.fetch_at_once,
        page_wait_s=settings.page_wait_s,
        budget=Budget(share=settings.reread_share, host_gap=timedelta(seconds=settings.reread_host_s)),
    )


async def serve(
    service: Service, listener: socket.socket, *, polls: Polls | None = None, workers: WorkerPool | None = None
) -> None:
    """Serve the pages until a signal asks us to end."""
    with watched(asyncio.get_running_loop()) as watchdog, short_passes() as collector:
        status = [
            watchdog.status,
            collector.status,
            service.allowances.status,
            *([] if workers is None else [workers.status]),
        ]
        await _serve(service, listener, status, polls=polls)


async def _serve(service: Service, listener: socket.socket, status: Sequence[Status], *, polls: Polls | None) -> None:
    app = create_app(
        service.store,
        claims=service.store,
        log=service.store,
        settings=service.settings,
        clock=service.clock,
        hub=service.hub,
        status=lambda: desk_status(service.desk) | {name: value for each in status for name, value in each().items()},
        desk=service.desk.health,
        door=service.door,
        polls=polls,
        token=service.token,
        keys=Keys(service.store, WallClock()),  # a link is followed by a person, also in the demo
    )
    config = uvicorn.Config(
        app,
        log_config=None,  # its lines go where ours go
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
        lifespan="off",
        ws="none",
        proxy_headers=False,
    )
    files = raise_file_limit()
    server = _Server(bounded(config, places(files), spare_files=files - places(files)))
    loop = asyncio.get_running_loop()

    def end() -> None:
        server.should_exit = True
        service.hub.close()  # a server that ends waits for its answers, and a live stream is one without an end

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    host, port = listener.getsockname()[:2]
    event(log, logging.INFO, "server_started", host=host, port=port)
    try:
        with put_up(service.store.path, Notice(host=local_address(host), port=port, token=service.token)):
            await server.serve(sockets=[listener])
    finally:
        event(log, logging.INFO, "server_stopped", host=host, port=port)
        service.hub.close()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


class _Server(uvicorn.Server):
    """Uvicorn without its own signal handling, since `serve` above ends the newsroom too; with a longer queue."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve."""
        await super().startup(sockets=sockets)
        lengthen_queues(sockets or ())

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def desk_status(desk: Desk) -> dict[str, float]:
    """The desk's counters by metric name."""
    stats = desk.stats
    return {
        "commits_total": stats.commits,
        "articles_committed_total": stats.articles,
        "updates_published_total": stats.updates,
        "commit_seconds_total": stats.commit_seconds,
        "decide_seconds_total": stats.decide_seconds,
        "commit_seconds_max": stats.longest_commit_s,
    }


def raise_file_limit() -> int:
    """Let us open as many files as the system allows; how many that is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        with contextlib.suppress(OSError, ValueError):  # some systems name a limit that they do not grant
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    event(log, logging.INFO, "file_limit", files=files, before=soft, connections=places(files))
    return files


def listen(settings: Settings) -> socket.socket:
    """Take the address.

    Raises:
        SettingsError: it cannot be had; the message says what to do.
    """
    where = f"{settings.host}:{settings.port}"
    if settings.port > LAST_PORT:
        raise SettingsError(f"{where} is no address (ports end at {LAST_PORT}); choose another with --host or --port")
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=1024)
    except OSError as error:
        raise SettingsError(f"{where} cannot be listened on ({error}); choose another with --host or --port") from error


def greet(settings: Settings, listener: socket.socket, what: str) -> None:
    """Say where the pages are."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    say(f"StayAhead: http://{host}:{listener.getsockname()[1]}/ ({what}). Ctrl-C ends it.")
    if settings.public_url:
        say(f"Its readers reach it at {settings.public_url}; `stayahead owner link` lets you in as the owner.")


def command_log(arguments: argparse.Namespace, settings: Settings) -> contextlib.AbstractContextManager[None]:
    """Write the log of a command that ends by itself: its own lines say how it goes, so only warnings, unless asked."""
    level = settings.log_level if arguments.log_level else "warning"
    return written_to(sys.stderr, log_format=settings.log_format, level=level, monotonic=time.monotonic)


@contextlib.contextmanager
def service_log(verb: str, settings: Settings, path: Path) -> Iterator[None]:
    """Write the log while a service runs: that it started, what it tells, and how it stopped.

    Entered when the database and the address are had: a service that cannot start is one line, and no log.
    """
    with written_to(sys.stderr, log_format=settings.log_format, level=settings.log_level, monotonic=time.monotonic):
        started = time.monotonic()
        event(log, logging.INFO, "service_started", verb=verb, version=__version__, database=path)
        try:
            yield
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
            event(log, logging.ERROR, "service_failed", verb=verb, error=why)
            raise
        finally:
            event(log, logging.INFO, "service_stopped", verb=verb, seconds=time.monotonic() - started)
