"""Asks the service's `/healthz` and an idle process at the same beat, and says how long each answer took.

`python -m soak.hostile.beats PORT IDLE_PORT` asks until its input closes, and prints all beats as JSON.
`python -m soak.hostile.beats` is the idle process: it prints its port and answers until its input closes.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Sequence

from soak.hostile.measure import Beat
from soak.hostile.wire import Visit, serve

BEAT_S = 0.05
UNDER_WAY_MOST = 20
"""Questions that wait at once: past that the oldest one measures the stall, and more would only be load."""


class Monitor:
    """A monitor of one port: a connection of its own for each question, as monitors have."""

    def __init__(self, port: int, path: str) -> None:
        self._port = port
        self._question = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
        self._waiting: dict[asyncio.Task[None], float] = {}
        self.beats: list[Beat] = []

    def ask(self, due: float) -> None:
        """Ask, unless many questions wait already."""
        if len(self._waiting) < UNDER_WAY_MOST:
            task = asyncio.create_task(self._asked(due))
            self._waiting[task] = due
            task.add_done_callback(self._waiting.pop)

    def end(self) -> list[Beat]:
        """All beats; what still waits, as if it were answered now."""
        now = time.monotonic()
        return self.beats + [Beat(due, now - due, 0) for due in self._waiting.values()]

    async def _asked(self, due: float) -> None:
        status = 0
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            try:
                writer.write(self._question)
                line = await reader.readline()
                status = int(line.split()[1]) if line else 0
            finally:
                writer.close()
        except (OSError, ValueError, IndexError):
            pass
        self.beats.append(Beat(due, time.monotonic() - due, status))


async def ask_until(monitors: Sequence[Monitor], ended: asyncio.Event) -> None:
    """Ask all at each beat; a beat that came late was due when it was due."""
    due = time.monotonic()
    while not ended.is_set():
        for monitor in monitors:
            monitor.ask(due)
        due += BEAT_S
        await asyncio.sleep(max(due - time.monotonic(), 0.0))


async def _monitor(port: int, idle_port: int) -> None:
    monitors = (Monitor(port, "/healthz"), Monitor(idle_port, "/"))
    ended = asyncio.Event()
    asking = asyncio.create_task(ask_until(monitors, ended))
    await asyncio.to_thread(sys.stdin.read)
    ended.set()
    await asking
    print(json.dumps([[(beat.due, beat.took, beat.status) for beat in monitor.end()] for monitor in monitors]))


async def _idle() -> None:
    async def answer(visit: Visit) -> None:
        visit.is_last = True
        await visit.answer(b"{}", "application/json")

    _, port = await serve(answer)
    print(port, flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_monitor(int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 1 else _idle())
