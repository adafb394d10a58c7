"""Kills the service at random moments while it ingests, and checks that nothing acknowledged is lost or doubled.

A site serves feeds that show only a few of their pages at a time, so that a page which was listed once may never be
listed again: what the service acknowledged before a kill it must read all the same. A reader follows the live stream
over all kills with its last event id; the counts of updates in its events must add up to the journal's last number.
"""

from __future__ import annotations

import http.client
import random
import socket
import sqlite3
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from bench import site
from soak.service import Service, command, metrics, running
from stayahead.model import Feed
from stayahead.parse import opml

SEED = 20261122
HOSTS, LAST = 12, 150
"""How many sites there are, and how many pages each lists before it falls silent: more than the kills leave time
for."""
QUIET_S = 6.0
"""The run is over when no page is wanted and no update has come for so long."""


@dataclass(slots=True)
class Reader(threading.Thread):
    """Follows `/live` across restarts."""

    port: int
    last_id: str = ""
    total: int = 0
    numbers: list[int] = field(default_factory=list)
    resets: int = 0
    going: bool = True

    def __post_init__(self) -> None:
        threading.Thread.__init__(self, daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while self.going:
            try:
                self._follow()
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)

    def _follow(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)  # a heartbeat comes every 15 s
        headers = {"Last-Event-ID": self.last_id} if self.last_id else {}
        connection.request("GET", "/live?topics=front", headers=headers)
        answer = connection.getresponse()
        event: dict[str, list[str]] = {}
        while self.going:
            line = answer.readline().decode()
            if not line:
                return
            name, _, value = line.rstrip("\n").partition(": ")
            if name:
                event.setdefault(name, []).append(value)
                continue
            self._take(event)
            event = {}

    def _take(self, event: dict[str, list[str]]) -> None:
        if event.get("event") == ["reset"]:
            self.resets += 1
        if "id" not in event:
            return
        self.last_id = event["id"][-1]
        number = int(self.last_id.rpartition("-")[2])
        if event.get("event") == ["stories"]:
            self.numbers.append(number)
            for line in event["data"][1:]:
                self.total += sum(msgspec.json.decode(line)["kinds"].values())


def run(data: Path, *, rounds: int) -> list[str]:
    """Kill the service `rounds` times, let the last run finish, and list what is wrong."""
    chance = random.Random(SEED)
    with (
        tempfile.TemporaryDirectory(prefix="stayahead-crash-") as name,
        site.running(data, window=6, last=LAST) as pages,
    ):
        folder = Path(name)
        environ = {
            "STAYAHEAD_FETCH_EXCEPTIONS": ",".join(sorted(pages.exceptions)),
            "STAYAHEAD_POLL_EVERY_S": "1",
            "STAYAHEAD_PAGE_WAIT_S": "1",
            "STAYAHEAD_INTAKE_PER_HOUR": "0",
        }
        (folder / "sources.opml").write_bytes(opml.write(Feed(url=url) for url in pages.feeds()[:HOSTS]))
        result = command("sources", "import", folder / "sources.opml", "--data", folder)
        if result.returncode:
            return [f"sources import: {result.stderr}"]
        port = free_port()
        words = ("run", "--data", name, "--port", str(port))
        reader = Reader(port)
        reader.start()
        acknowledged: set[str] = set()
        between = busy = 0
        for number in range(rounds):
            with running(words, environ) as service:
                time.sleep(chance.uniform(1.5, 6.0))
                service.kill()
            known, wanted = _entries(folder / "stayahead.db")
            between += bool(wanted)
            busy += bool(known - acknowledged)
            lost = acknowledged - known
            if lost:
                return [f"round {number}: {len(lost)} acknowledged entries are gone"]
            acknowledged |= known
        print(
            f"{rounds} kills, {busy} while ingesting, {between} between poll and page; {len(acknowledged)} acknowledged"
        )
        with running(words, environ) as service:
            last = _finish(service)
            reader.going = False
            reader.join(timeout=10)
        idle = [] if busy >= rounds // 2 else [f"only {busy} of {rounds} kills hit a service that was ingesting"]
        return idle + _wrong(folder, acknowledged, reader, last, between)


def _wrong(folder: Path, acknowledged: set[str], reader: Reader, last: int, between: int) -> list[str]:
    wrong = []
    checked = command("check", "--data", folder)
    if checked.returncode:
        wrong.append(f"check: {checked.stdout}{checked.stderr}")
    db = sqlite3.connect(f"file:{folder / 'stayahead.db'}?mode=ro", uri=True)
    articles = [row[0] for row in db.execute("SELECT id FROM articles")]
    refused = {row[0] for row in db.execute("SELECT id FROM entries WHERE state = 2")}
    db.close()
    if len(articles) != len(set(articles)):
        wrong.append("an article is stored twice")
    lost = acknowledged - set(articles) - refused
    if lost:
        wrong.append(f"{len(lost)} acknowledged entries never became articles")
    if not between:
        wrong.append("no kill hit the time between poll and page: the test did not test it")
    if reader.total != last:
        wrong.append(f"the live stream told of {reader.total} updates, the journal has {last}")
    if reader.numbers != sorted(set(reader.numbers)):
        wrong.append("the live stream repeated an event")
    if reader.resets:
        wrong.append(f"the live stream was reset {reader.resets} times")
    print(f"{len(articles)} articles, {len(refused)} entries refused, {last} updates, all told once: {not wrong}")
    return wrong


def _entries(path: Path) -> tuple[set[str], int]:
    # Only read: whoever may write puts the log into the file when he closes, and the next start takes it for lost.
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    rows = db.execute("SELECT id, state FROM entries").fetchall()
    db.close()
    return {row[0] for row in rows}, sum(row[1] == 0 for row in rows)


def _finish(service: Service) -> int:
    """Wait until nothing is wanted any more, and give the number of the last update."""
    quiet_since, last = time.monotonic(), -1
    until = time.monotonic() + 240
    while time.monotonic() < until:
        figures = metrics(service.port)
        now = int(figures["stayahead_updates"])
        if now != last or figures["stayahead_pages_wanted"]:
            quiet_since, last = time.monotonic(), now
        if time.monotonic() - quiet_since > QUIET_S:
            return last
        time.sleep(0.5)
    raise RuntimeError("the service did not finish reading within 240 s")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
