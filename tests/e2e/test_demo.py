"""Wire to reader: the command `stayahead demo` in a process of its own, its afternoon played fast, read over HTTP."""

from __future__ import annotations

import http.client
import time
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from soak.service import Service, command, running
from stayahead.demo import Press

SPEED = 900
"""The three hours of the script take 12 s."""


def _get(service: Service, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def _stories(service: Service) -> list[dict[str, object]]:
    status, body = _get(service, "/v1/stories?limit=100")
    assert status == 200
    stories: list[dict[str, object]] = msgspec.json.decode(body)["stories"]
    return stories


def _played(service: Service, pieces: int, most: int) -> None:
    """Wait until every piece of the script is read, and what was silent for 90 minutes of the script has been offered
    to larger stories: `most` are left then.
    """
    until = time.monotonic() + 90
    while time.monotonic() < until:
        stories = _stories(service)
        if sum(int(str(story["articles"])) for story in stories) >= pieces and len(stories) <= most:
            return
        time.sleep(0.25)
    raise AssertionError("the demo did not finish, or an affair is torn apart")


def _place(url: str) -> tuple[str | None, str, str]:
    """The url without the port, which is another in each run."""
    parts = urlsplit(url)
    return parts.hostname, parts.path, parts.query


def test_the_demo_plays_its_afternoon_from_wire_to_reader(tmp_path: Path) -> None:
    press = Press()
    gold = {_place(url): each.story for url, each in press.gold(80).items()}
    words = ("demo", "--speed", str(SPEED), "--port", "0", "--data", str(tmp_path / "demo"))
    with running(words, {}) as service:
        status, front = _get(service, "/")
        assert status == 200
        assert "StayAhead" in front
        affairs = len(set(gold.values()))
        _played(service, len(gold), affairs + 2)
        found: dict[str, set[str]] = {}
        for story in _stories(service):
            told = msgspec.json.decode(_get(service, f"/v1/stories/{story['id']}")[1])["story"]
            for article in told["article_list"]:
                found.setdefault(told["id"], set()).add(gold[_place(article["url"])])
            status, page = _get(service, f"/story/{story['id']}")
            assert status == 200
            assert str(story["headline"]).split()[0] in page
        assert all(len(labels) == 1 for labels in found.values()), "two affairs in one story"
        assert affairs <= len(found) <= affairs + 2, "an affair torn apart"
        assert "stayahead_pages_wanted 0" in _get(service, "/metrics")[1]
        assert service.stop() == 0
    checked = command("check", "--data", tmp_path / "demo")
    assert (checked.returncode, checked.stdout) == (0, "all is well\n")
