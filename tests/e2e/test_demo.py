"""Wire to reader: the command `stayahead demo` in a process of its own, its afternoon played fast, read over HTTP."""

from __future__ import annotations

import http.client
import time
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from soak.service import Service, command, running
from stayahead.demo import Press
from tests.press_affairs import stories_by_any_clock

SPEED = 900
"""The three hours of the script take 12 s."""
LONGEST_S = 90.0
"""What was silent for 90 minutes of the script is offered to larger stories; only then all is as it stays."""


Key = tuple[str | None, str, str]
Json = dict[str, Any]
"""A story of the API with all its articles."""
Outcome = tuple[set[frozenset[str]], dict[str, str], list[str]]
"""Which articles are in one story, what each is called, and headlines that no article bears."""


def _get(service: Service, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read().decode()
    finally:
        connection.close()
    # A story that was listed a moment ago may have merged since.
    return _get(service, answer.headers["location"]) if answer.status == 301 else (answer.status, body)


def _json(service: Service, path: str) -> Json:
    status, body = _get(service, path)
    assert status == 200, path
    value: Json = msgspec.json.decode(body)
    return value


def _stories(service: Service) -> list[Json]:
    listed = _json(service, "/v1/stories?limit=100")["stories"]
    return [_json(service, f"/v1/stories/{story['id']}")["story"] for story in listed]


def _members(stories: list[Json], keys: dict[Key, str]) -> set[frozenset[str]]:
    """The articles of every story, each by its key in the script."""
    return {frozenset(keys[_place(article["url"])] for article in story["article_list"]) for story in stories}


def _titles(stories: list[Json], keys: dict[Key, str]) -> dict[str, str]:
    return {keys[_place(article["url"])]: article["title"] for story in stories for article in story["article_list"]}


def _strange_headlines(stories: list[Json]) -> list[str]:
    """Headlines that are not the title of the article that they come from."""
    leads = [next(each for each in story["article_list"] if each["id"] == story["lead_id"]) for story in stories]
    return [story["headline"] for story, lead in zip(stories, leads, strict=True) if story["headline"] != lead["title"]]


def _outcome(stories: list[Json], keys: dict[Key, str]) -> Outcome:
    return _members(stories, keys), _titles(stories, keys), _strange_headlines(stories)


def _place(url: str) -> Key:
    """The url without the port, which is another in each run."""
    parts = urlsplit(url)
    return parts.hostname, parts.path, parts.query


def test_the_demo_plays_its_afternoon_from_wire_to_reader(tmp_path: Path) -> None:
    press = Press()
    keys = {_place(press.url(piece, 80)): piece.key for piece in press.script.pieces}
    titles = {piece.key: piece.versions[-1].title for piece in press.script.pieces}
    expected: list[Outcome] = [(stories, titles, []) for stories in stories_by_any_clock(press)]
    words = ("demo", "--speed", str(SPEED), "--port", "0", "--data", str(tmp_path / "demo"))
    with running(words, {}) as service:
        status, front = _get(service, "/")
        assert status == 200
        assert "StayAhead" in front
        stories: list[Json] = []
        until = time.monotonic() + LONGEST_S
        while time.monotonic() < until and _outcome(stories, keys) not in expected:
            time.sleep(0.25)
            stories = _stories(service)
        assert _outcome(stories, keys) in expected
        for story in stories:
            status, page = _get(service, f"/story/{story['id']}")
            assert status == 200
            assert escape(story["headline"], quote=False) in page
        assert "stayahead_pages_wanted 0" in _get(service, "/metrics")[1]
        assert service.stop() == 0
    checked = command("check", "--data", tmp_path / "demo")
    assert (checked.returncode, checked.stdout) == (0, "all is well\n")
