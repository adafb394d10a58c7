"""Below a path of its host: a crawler follows every link through a proxy of our own, and none leads out of the path."""

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import stayahead.serve
from soak.service import running
from stayahead.config import Settings
from stayahead.errors import SettingsError
from stayahead.serve.app import _routes
from stayahead.serve.keys import Keys
from stayahead.store import SqliteStore
from tests.serve_requests import FixedClock, Running, ask, served, site
from tests.serve_stories import NOW, add_revised, world
from tests.subpath_proxy import OUTSIDE, proxied, walk

PREFIX = "/deep/news"
HOST = "news.example.org"
SETTINGS = Settings(public_url=f"https://{HOST}{PREFIX}/", full_text="everyone")
TEMPLATES = Path(stayahead.serve.__file__).parent / "templates"
SCRIPTS = Path(stayahead.serve.__file__).parent / "static"
NOT_LINKED = {"/favicon.ico", "/healthz", "/readyz", "/metrics", "/robots.txt", "/owner", "/v1/owner/session"}
"""Asked by browsers, monitors, programs and robots by themselves; the test asks them, too."""
CHANGES = {"/v1/rulings", "/v1/sources/poll", "/v1/sources/removal", "/v1/articles/{id}/removal", "/v1/owner/session"}


@pytest.fixture
def store() -> Iterator[SqliteStore]:
    with world() as store:
        add_revised(store, "The first text of it.", "The first text of it, and more.")
        yield store


@pytest.fixture
def service(store: SqliteStore) -> Iterator[Running]:
    with served(store, settings=SETTINGS) as service:
        yield service


def port_of(service: Running) -> int:
    return int(service.url.rpartition(":")[2])


@pytest.mark.parametrize("strips", [True, False])
def test_no_link_leads_out_of_the_path(service: Running, *, strips: bool) -> None:
    with proxied(port_of(service), PREFIX, strips=strips, host=HOST) as port:
        starts = ("/", "/v1", "/latest/", "/latest?before=9999", *(path for path in NOT_LINKED if path[:4] != "/v1/"))
        seen = walk(f"http://127.0.0.1:{port}", PREFIX, starts=starts)
    assert seen.escaped == []
    assert OUTSIDE not in seen.bodies.values()
    wrong = {url: status for url, status in seen.answers.items() if status not in {200, 301, 302, 308, 410}}
    # What robots may not read is named by the beginnings of addresses; a search wants words, a session another verb.
    assert {url.partition(PREFIX)[2] for url in wrong} <= {
        "/article/",
        "/article",
        "/v1/owner/session",
        "/v1/search?q=",
    }
    assert len(seen.answers) > 60
    asked = [url.partition(PREFIX)[2].partition("?")[0] for url in seen.answers]
    for route in _routes():
        path = getattr(route, "path", "")
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))
        is_reached = any(re.fullmatch(pattern, each) for each in asked)
        # Ends of the API that no link names, and the stream.
        unnamed = {
            "/live",
            "/v1/stories/{id}/changes",
            "/v1/articles/{id}/revisions",
            "/v1/names/{name}",
        }
        assert is_reached or path in CHANGES | unnamed, path


def test_the_path_without_its_stroke_and_a_stroke_too_many_lead_home(store: SqliteStore) -> None:
    app = site(store, settings=SETTINGS)
    for path, location in {
        PREFIX: f"{PREFIX}/",
        f"{PREFIX}/latest/": f"{PREFIX}/latest",
        "/latest/?before=7": f"{PREFIX}/latest?before=7",
        f"{PREFIX}/%2Fevil.example/": f"{PREFIX}/evil.example",
        "/%5Cevil.example/": f"{PREFIX}/%5Cevil.example",
        "/%0D%0AX:1/": f"{PREFIX}/%0D%0AX%3A1",
    }.items():
        answer = ask(app, path, host=HOST)
        assert (answer.status_code, answer.headers["location"]) == (308, location), path
    root = site(store)
    assert ask(root, "/%2Fevil.example/", host="localhost").headers["location"] == "/evil.example"
    assert ask(app, f"{PREFIX}er/latest", host=HOST).status_code == 404


def test_the_stream_goes_on_below_the_path(service: Running, store: SqliteStore) -> None:
    with proxied(port_of(service), PREFIX, strips=False, host=HOST) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        with closing(connection):
            connection.request("GET", f"{PREFIX}/live?topics=front")
            answer = connection.getresponse()
            heard = b""
            for event in (b"event: hello", b"event: stories"):
                while event not in heard:  # or the connection times out
                    heard += answer.read1(4096)
                service.join(store.front(NOW, limit=1)[0].head.id)


def test_a_link_lets_the_owner_in_through_the_proxy(service: Running, store: SqliteStore) -> None:
    """The cookie goes to our path alone."""
    token = Keys(store, FixedClock()).new_link()
    with (
        proxied(port_of(service), PREFIX, strips=True, host="127.0.0.1") as port,
        closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection,
    ):
        headers = {"content-type": "application/json", "origin": f"https://{HOST}"}
        connection.request("POST", f"{PREFIX}/v1/owner/session", json.dumps({"token": token}), headers)
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())) == (200, {"is_owner": True})
    assert f"Path={PREFIX}/;" in answer.headers["set-cookie"]
    assert "Secure" in answer.headers["set-cookie"]
    assert len(store.sessions(NOW)) == 1


def test_the_demo_below_a_path() -> None:
    """The whole program, its option from the environment, and a site with every kind of story."""
    environ = {"STAYAHEAD_PUBLIC_URL": f"https://{HOST}{PREFIX}"}
    with (
        running(("demo", "--port", "0", "--speed", "900"), environ) as service,
        proxied(service.port, PREFIX, strips=False, host=HOST) as port,
    ):
        origin, until = f"http://127.0.0.1:{port}", time.monotonic() + 60
        while walk(origin, PREFIX, pages_most=1).bodies[f"{origin}{PREFIX}/"].count("data-number") < 5:
            assert time.monotonic() < until
            time.sleep(0.3)
        seen = walk(origin, PREFIX, pages_most=80)
    assert seen.escaped == []
    assert OUTSIDE not in seen.bodies.values()
    assert {"story", "static", "v1", "latest", "sources"} <= seen.kinds(PREFIX)


def test_every_link_of_a_template_is_made_by_the_one_function() -> None:
    for path in sorted(TEMPLATES.iterdir()):
        text = path.read_text("utf-8")
        for name, value in re.findall(r'\b(href|src|action|data-session)="([^"]*)"', text):
            assert value.startswith(("{{ link(", "{{ static }}/", "#", "{{ safe }}", "{{ older }}")), (
                path.name,
                name,
                value,
            )


def test_no_script_knows_where_the_site_lies() -> None:
    for path in sorted(SCRIPTS.glob("*.js")):
        code = re.sub(r"^\s*//.*$", "", path.read_text("utf-8"), flags=re.MULTILINE)
        assert re.findall(r"""(?:fetch|EventSource|URL|Worker|register)\(\s*['"`]/""", code) == [], path.name


@pytest.mark.parametrize("path", ["/story", "/v1/news", "/live", "/static"])
def test_a_path_that_our_own_addresses_begin_with_is_refused(store: SqliteStore, path: str) -> None:
    with pytest.raises(SettingsError, match="choose another path"):
        site(store, settings=Settings(public_url=f"https://{HOST}{path}/"))
