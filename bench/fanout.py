"""Measures what a reader of the live stream costs: CPU per event and memory, over real sockets on loopback.

`python -m bench.fanout [--readers N] [--events N]` runs the server in this process and the readers in another, so
that the figures are the server's own.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import uvicorn

from stayahead.serve import LiveHub
from stayahead.store import SqliteStore
from tests.serve_requests import FixedClock, site
from tests.serve_stories import NOW, join, world

_READERS = """
import asyncio, sys
async def read(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /live HTTP/1.1\\r\\nHost: localhost\\r\\nAccept-Encoding: gzip\\r\\n\\r\\n")
    while await reader.read(65536):
        pass
async def main(port, count):
    tasks = [asyncio.ensure_future(read(port)) for _ in range(count)]
    await asyncio.gather(*tasks, return_exceptions=True)
asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
"""


def resident_kb() -> int:
    """Resident memory of this process in kB."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def cpu_s() -> float:
    """CPU seconds of this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def measure(readers: int, events: int) -> None:
    """Print one line of figures."""
    with world() as pages:
        await _measure(pages, readers, events)


async def _measure(pages: SqliteStore, readers: int, events: int) -> None:
    hub = LiveHub(pages, FixedClock(), sleep=lambda seconds: asyncio.sleep(0))
    config = uvicorn.Config(site(pages, hub=hub), port=0, log_level="error", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    serving = asyncio.ensure_future(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    before_kb = resident_kb()
    other = subprocess.Popen([sys.executable, "-c", _READERS, str(port), str(readers)])
    while hub.readers < readers:
        await asyncio.sleep(0.05)
    await asyncio.sleep(1)
    each_kb = (resident_kb() - before_kb) / readers
    story_ids = [row.head.id for row in pages.front(NOW, limit=5)]
    costs: list[float] = []
    for _ in range(events):
        updates = join(pages, *story_ids)
        start = cpu_s()
        started = time.monotonic()
        hub.publish(updates)
        while any(reader.floor < updates[-1].number for reader in hub._readers):
            await asyncio.sleep(0.002)
        costs.append((cpu_s() - start) / readers * 1e6)
        print(f"  event to all: {(time.monotonic() - started) * 1000:.0f} ms", file=sys.stderr)
    print(f"{readers} readers: {median(costs):.0f} µs CPU a reader and event, {each_kb:.1f} kB a reader")
    hub.close()
    server.should_exit = True
    await serving
    other.wait(20)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=500)
    parser.add_argument("--events", type=int, default=10)
    options = parser.parse_args()
    asyncio.run(measure(options.readers, options.events))


if __name__ == "__main__":
    main()
