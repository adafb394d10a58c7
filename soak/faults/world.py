"""One world of the fault soak: the press, the service on its database, the reader who follows, and the clock's file."""

from __future__ import annotations

import contextlib
import ctypes.util
import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from soak.crash import Reader
from soak.faults.press import Press
from soak.service import OURS, Service, command
from stayahead.model import Feed
from stayahead.parse import opml

DISK_BYTES = 96 * 1024**2
"""Of the small file system that is filled, where one can be mounted."""
FAKETIME = ("/usr/lib/x86_64-linux-gnu/faketime", "/usr/lib/aarch64-linux-gnu/faketime", "/usr/lib/faketime")


@dataclass(slots=True)
class World:
    """Everything that a fault may touch."""

    press: Press
    folder: Path
    disk: Path | None
    """Where the database's own small file system is mounted, if it has one."""
    port: int
    reader: Reader
    log: IO[bytes]
    wrong: list[str] = field(default_factory=list)
    starts: int = 0
    _service: Service | None = None

    @property
    def data(self) -> Path:
        """The folder of the database."""
        return self.folder / "data"

    @property
    def path(self) -> Path:
        """The database."""
        return self.data / "stayahead.db"

    @property
    def service(self) -> Service:
        """The one that runs, or has run last."""
        assert self._service is not None
        return self._service

    def fail(self, what: str) -> None:
        """Note what is wrong; the soak goes on."""
        self.wrong.append(what)

    def start(self) -> None:
        """Start the service if it does not run."""
        if self._service is not None:
            if self._service.process.poll() is None:
                return
            with contextlib.suppress(ProcessLookupError):  # a worker that outlived it is told apart from ours
                os.killpg(self._service.process.pid, signal.SIGKILL)
            if self._service.process.stdout is not None:
                self._service.process.stdout.close()
        self.starts += 1
        self._service = Service(self._words(), self._environ(), program=self._program(), log=self.log)

    def start_on_full_disk(self) -> None:
        """Start it while the disk is full: it works, or ends with one line and exit code 1."""
        words = [*self._program(), *self._words()]
        with subprocess.Popen(
            words, env={**os.environ, **self._environ()}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as process:
            try:
                _, errors = process.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                return
        if process.returncode != 1 or self.path.name not in errors.decode().strip().rpartition("\n")[2]:
            self.fail(f"a start on a full disk ended with {process.returncode}: {errors.decode()[-500:]}")

    def end(self) -> None:
        """Stop the service, whatever state it is in."""
        if self._service is None:
            return
        if self._service.process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._service.stop()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._service.process.pid, signal.SIGKILL)
        self._service.process.wait()

    def workers(self) -> list[int]:
        """Process ids of the workers."""
        pid = self.service.process.pid
        children: list[int] = []
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                children.extend(map(int, task.read_text().split()))
        return sorted(children)

    def is_well(self) -> bool:
        """Does it answer, and is its desk at work?"""
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/readyz")
            body = connection.getresponse().read()
            connection.close()
        except (OSError, http.client.HTTPException):
            return False
        return b"desk_" not in body and b"store_" not in body

    def heal(self, within_s: float = 30.0) -> bool:
        """Start it again if it has ended, and wait until it is well."""
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            self.start()
            if self.is_well():
                return True
            time.sleep(0.1)
        return False

    def post_mortem(self) -> str:
        """Why it is not well: where its threads stand, if it hangs, and the last lines of its log."""
        process = self.service.process
        code = process.poll()
        if code is None:
            process.send_signal(signal.SIGABRT)  # faulthandler writes all stacks into the log
            process.wait()
        end = (self.folder / "log").read_bytes()[-6000:].decode("utf-8", "replace")
        return f"exit code {code}; {end}"

    # ── the clock ────────────────────────────────────────────────────────────────────────────────

    def set_clock(self, by_s: int) -> None:
        """Let the service's wall clock differ by so many seconds from now on."""
        self._clock.with_suffix(".new").write_text(f"{by_s:+}\n")
        self._clock.with_suffix(".new").replace(self._clock)

    @property
    def _clock(self) -> Path:
        return self.folder / "clock"

    def _words(self) -> tuple[str, ...]:
        return "run", "--data", str(self.data), "--port", str(self.port)

    def _program(self) -> tuple[str, ...]:
        return OURS if faketime() else (sys.executable, "-m", "soak.faults.shifted")

    def _environ(self) -> Mapping[str, str]:
        clock = {"SOAK_CLOCK": str(self._clock)}
        if library := faketime():
            clock = {
                "LD_PRELOAD": str(library),
                "FAKETIME_TIMESTAMP_FILE": str(self._clock),
                "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                "DONT_FAKE_MONOTONIC": "1",
                "FAKETIME_DONT_RESET": "1",
                "NO_FAKE_STAT": "1",
            }
        hosts = ",".join(f"{host}:{self.press.port}" for host in self.press.hosts)
        return clock | {
            "STAYAHEAD_FETCH_EXCEPTIONS": hosts,
            "STAYAHEAD_POLL_EVERY_S": "1",
            "STAYAHEAD_PAGE_WAIT_S": "1",
            "STAYAHEAD_INTAKE_PER_HOUR": "0",
            "PYTHONFAULTHANDLER": "1",
        }


def faketime() -> Path | None:
    """The preloaded clock of Debian's package libfaketime, if it is installed."""
    for folder in FAKETIME:
        library = Path(folder) / "libfaketimeMT.so.1"
        if library.exists():
            return library
    return None


@contextlib.contextmanager
def made(press: Press, port: int) -> Iterator[World]:
    """A world whose service is not started yet; everything of it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="stayahead-faults-") as name, (Path(name) / "log").open("wb") as log:
        folder = Path(name)
        data = folder / "data"
        data.mkdir()
        disk = data if _mounted(data) else None
        world = World(press, folder, disk, port, Reader(port), log)
        world.set_clock(0)
        (folder / "sources.opml").write_bytes(opml.write(Feed(url=url) for url in press.feeds()))
        try:
            result = command("sources", "import", folder / "sources.opml", "--data", data)
            if result.returncode:
                raise RuntimeError(f"sources import: {result.stderr}")
            yield world
        finally:
            world.reader.going = False
            world.end()
            if disk is not None:
                _libc().umount2(os.fsencode(data), 2)


def _mounted(folder: Path) -> bool:
    """Mount a small file system there, which takes root; else nothing is done."""
    if os.geteuid() != 0:
        return False
    return bool(_libc().mount(b"none", os.fsencode(folder), b"tmpfs", 0, f"size={DISK_BYTES}".encode()) == 0)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)
