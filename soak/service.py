"""Starts `stayahead run` as a user does, in a process of its own, for checks from outside."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

GREETING = re.compile(r"http://[\w.:\[\]]+:(\d+)/")
OURS = (sys.executable, "-m", "stayahead")
"""The `stayahead` of this checkout."""


class Service:
    """A running `stayahead`, in a process group of its own."""

    def __init__(
        self,
        words: Sequence[str],
        environ: Mapping[str, str],
        *,
        program: Sequence[str] = OURS,
        log: IO[bytes] | None = None,
        wait_s: float = 60.0,
    ) -> None:
        self.process = subprocess.Popen(
            [*program, *words],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, **environ},
            start_new_session=True,
        )
        self.port = self._port(wait_s)

    def _port(self, wait_s: float) -> int:
        assert self.process.stdout is not None
        until = time.monotonic() + wait_s
        while time.monotonic() < until:
            ready, _, _ = select.select([self.process.stdout], [], [], 0.5)
            line = self.process.stdout.readline() if ready else ""
            match = GREETING.search(line)
            if match:
                return int(match[1])
            if self.process.poll() is not None:
                break
        raise RuntimeError(f"the service did not start (exit code {self.process.poll()})")

    def kill(self) -> None:
        """Kill -9 the main process alone; its workers must end by themselves."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask it to end as Ctrl-C does; its exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


@contextlib.contextmanager
def running(
    words: Sequence[str],
    environ: Mapping[str, str],
    *,
    program: Sequence[str] = OURS,
    log: IO[bytes] | None = None,
) -> Iterator[Service]:
    """Start a service, and end it afterwards whatever happens. `log`: where its standard error goes, if not to ours."""
    service = Service(words, environ, program=program, log=log)
    try:
        yield service
    finally:
        if service.process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                service.stop()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(service.process.pid, signal.SIGKILL)
        service.process.wait()
        if service.process.stdout is not None:
            service.process.stdout.close()


def metrics(port: int) -> dict[str, float]:
    """The gauges and counters of `/metrics`, those without labels."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
    finally:
        connection.close()
    rows = (line.split() for line in text.splitlines() if line and line[0] != "#" and "{" not in line)
    return {row[0]: float(row[1]) for row in rows}


def command(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a short `stayahead` command and give its output."""
    return subprocess.run([*OURS, *map(str, words)], capture_output=True, text=True, check=False, timeout=300)
