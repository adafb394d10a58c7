"""The owner's link and session: one use, a quarter of an hour, a cookie of no use to other sites, an end."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from stayahead.config import Settings
from stayahead.model import REASONS, Feed, Ruled
from stayahead.serve.keys import CLIENTS_MOST, LINK_LIFE, SESSION_LIFE, WRONG_MOST, WRONG_WINDOW_S, Keys
from stayahead.serve.writes import READING
from stayahead.store import SqliteStore
from tests.serve_requests import FixedClock, Html, ask, site
from tests.serve_stories import NOW, story_of, tell, world
from tests.stores import fresh_store
from tests.unit.test_serve_door import Door

PUBLIC = "https://news.example.org"
PATH = "/v1/owner/session"
PUBLISHED = Settings(public_url=f"{PUBLIC}/news/", full_text="owner")


@pytest.fixture
def store() -> Iterator[SqliteStore]:
    with fresh_store() as store:
        store.add_feeds([Feed(url="https://feeds.example/one?key=secret")], NOW)
        yield store


@pytest.fixture
def app(store: SqliteStore) -> Starlette:
    return site(store, settings=PUBLISHED)


def link(store: SqliteStore) -> str:
    """The token of a fresh link, as the command prints it."""
    return Keys(store, FixedClock()).new_link()


def hand_in(app: Starlette, token: object, *, client: str = "203.0.113.9") -> httpx.Response:
    """As the page's script does, through a proxy that asks us by its own name for us."""
    headers = {"content-type": "application/json", "user-agent": "Browser/1", "origin": PUBLIC}
    return ask(app, PATH, method="POST", headers=headers, content=json.dumps({"token": token}), client=client)


def opened(app: Starlette, store: SqliteStore) -> dict[str, str]:
    """The header of a browser that a link has made the owner's."""
    cookie = hand_in(app, link(store)).headers["set-cookie"]
    return {"cookie": cookie.partition(";")[0]}


def sources_url(app: Starlette, headers: dict[str, str]) -> str:
    answer = ask(app, "/v1/sources", headers=headers, client="203.0.113.9", host="news.example.org")
    return str(answer.json()["sources"][0]["url"])


def test_a_link_opens_one_session_and_the_session_the_owners_doors(app: Starlette, store: SqliteStore) -> None:
    token = link(store)
    answer = hand_in(app, token)
    assert (answer.status_code, answer.json()) == (200, {"is_owner": True})
    value, *attributes = answer.headers["set-cookie"].split("; ")
    assert {each.lower() for each in attributes} == {
        "httponly", "max-age=7776000", "path=/news/", "samesite=lax", "secure",
    }  # fmt: skip
    assert sources_url(app, {}) == "https://feeds.example/one"
    assert sources_url(app, {"cookie": f"other=1; {value}"}) == "https://feeds.example/one?key=secret"
    assert hand_in(app, token).status_code == 403, "a link is used once"
    assert [(each.address, each.browser) for each in store.sessions(NOW)] == [("203.0.113.9", "Browser/1")]


def test_neither_token_nor_cookie_stands_in_the_file(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path / "stayahead.db") as store:
        app, unused = site(store, settings=PUBLISHED), link(store)
        cookie = opened(app, store)["cookie"].partition("=")[2]
        assert len(unused) == len(cookie) == 43
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Browser/1" in files
    assert unused.encode() not in files
    assert cookie.encode() not in files


def test_links_and_sessions_have_their_time(store: SqliteStore) -> None:
    clock = FixedClock()
    keys = Keys(store, clock)
    late, soon = keys.new_link(), keys.new_link()
    clock.at = NOW + LINK_LIFE - timedelta(seconds=1)
    value = keys.open_session(soon, address="", browser="")
    assert value is not None
    clock.at = NOW + LINK_LIFE
    assert keys.open_session(late, address="", browser="") is None
    assert keys.has_session(value)
    clock.at += SESSION_LIFE
    assert not keys.has_session(value)
    assert store.sessions(clock.at) == []


def test_sessions_are_ended_by_the_browser_and_by_the_owner(app: Starlette, store: SqliteStore) -> None:
    here, there, third = (opened(app, store) for _ in range(3))
    json_of_ours = {"content-type": "application/json", "origin": PUBLIC}
    ended = ask(app, PATH, method="DELETE", headers=here | json_of_ours, content="{}", client="203.0.113.9")
    assert ended.status_code == 200
    assert "max-age=0" in ended.headers["set-cookie"].lower()
    first = store.sessions(NOW)[0]
    assert store.forget_session(first.id)
    assert not store.forget_session(first.id)
    is_open = [sources_url(app, each).endswith("secret") for each in (here, there, third)]
    assert is_open == [False, False, True]
    unused = link(store)
    assert store.forget_sessions() == 1
    assert hand_in(app, unused).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": PUBLIC}, 422),
        ({"origin": PUBLIC, "sec-fetch-site": "same-origin", "x-forwarded-for": "198.51.100.7"}, 422),
        ({}, 403),
        ({"origin": "http://news.example.org"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": PUBLIC, "sec-fetch-site": "same-site"}, 403),
        ({"origin": PUBLIC, "content-type": "text/plain"}, 415),
        ({"origin": PUBLIC, "cookie": "stayahead_owner=" + "a" * 43}, 403),
        ({"origin": PUBLIC, "cookie": "stayahead_owner=" + "a" * 4_000}, 403),
    ],
)
def test_a_session_changes_things_only_from_our_own_pages(
    app: Starlette, store: SqliteStore, headers: dict[str, str], status: int
) -> None:
    sent = opened(app, store) | {"content-type": "application/json"} | headers
    answer = ask(
        app, "/v1/rulings", method="POST", headers=sent, content="{}", client="203.0.113.9", host="news.example.org"
    )
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    ("how", "status"),
    [({"origin": "https://evil.example"}, 403), ({"origin": "null"}, 403), ({"sec-fetch-site": "cross-site"}, 403),
     ({"content-type": "text/plain"}, 415), ({"content-type": "application/x-www-form-urlencoded"}, 415)],
)  # fmt: skip
def test_no_other_site_hands_in_a_link(app: Starlette, store: SqliteStore, how: dict[str, str], status: int) -> None:
    headers = {"content-type": "application/json"} | how
    body = json.dumps({"token": link(store)})
    assert ask(app, PATH, method="POST", headers=headers, content=body).status_code == status
    assert store.sessions(NOW) == []


def test_wrong_links_are_counted_by_client(app: Starlette, store: SqliteStore) -> None:
    wrong = [hand_in(app, "a" * 43).status_code for _ in range(WRONG_MOST + 1)]
    assert wrong == [403] * WRONG_MOST + [429]
    good = link(store)
    refused = hand_in(app, good)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    assert hand_in(app, good, client="203.0.113.10").status_code == 200, "another client is not held up"
    # One who has a network of 2^64 addresses is one client.
    networked = [hand_in(app, "b" * 43, client=f"2001:db8::{n:x}").status_code for n in range(WRONG_MOST + 1)]
    assert networked[-1] == 429


def test_the_count_of_wrong_links_ends_and_is_bounded(store: SqliteStore) -> None:
    now = [0.0]
    keys = Keys(store, FixedClock(), steady_s=lambda: now[0])
    for _ in range(WRONG_MOST):
        keys.count_wrong("one")
    assert keys.must_wait("one")
    now[0] = WRONG_WINDOW_S
    assert not keys.must_wait("one")
    keys.count_wrong("one")
    assert not keys.must_wait("one")
    for n in range(10 * CLIENTS_MOST):
        keys.count_wrong(str(n))
    assert len(keys._wrong) == CLIENTS_MOST


def test_the_page_says_how_it_is_and_where_the_script_asks(app: Starlette, store: SqliteStore) -> None:
    stranger = ask(app, "/owner", client="203.0.113.9", host="news.example.org")
    assert "closed in this browser" in stranger.text
    assert 'data-session="/news/v1/owner/session"' in stranger.text
    assert stranger.headers["cache-control"] == "no-store"
    owner = ask(app, "/owner", headers=opened(app, store), client="203.0.113.9", host="news.example.org")
    assert "They are open in this browser" in owner.text
    assert "data-close" in owner.text


def test_nobody_reads_full_texts_where_nobody_may_but_the_owner_sees_addresses(store: SqliteStore) -> None:
    app = site(store, settings=Settings(public_url=PUBLIC, full_text="nobody"))
    headers = opened(app, store)
    assert sources_url(app, headers).endswith("?key=secret")
    assert sources_url(app, {}) == "https://feeds.example/one"


def test_a_restored_backup_bears_no_session(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path / "stayahead.db") as store:
        unused, _ = link(store), opened(site(store, settings=PUBLISHED), store)
        store.backup(tmp_path / "copy.db")
    SqliteStore.restore(tmp_path / "copy.db", tmp_path / "stayahead.db")
    with SqliteStore.open(tmp_path / "stayahead.db") as store:
        assert store.sessions(NOW) == []
        assert Keys(store, FixedClock()).open_session(unused, address="", browser="") is None


def test_the_only_change_that_is_not_the_owners_is_the_opening(app: Starlette) -> None:
    """What the test of write routes leaves out is one route, and that it is handed in with a link."""
    assert "POST" not in READING
    assert hand_in(app, "no link of ours").status_code == 403
    assert hand_in(app, 5).status_code == 422


def test_a_wrong_link_never_waits_for_the_writer(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path / "stayahead.db") as store:
        app = site(store, settings=PUBLISHED)
        with SqliteStore.open(tmp_path / "stayahead.db", newsroom=False) as other, other._require_writer().writing():
            assert hand_in(app, "a" * 43).status_code == 403, "and not 503, after the busy timeout"
        assert hand_in(app, link(store)).status_code == 200


def test_who_has_a_session_rules_on_the_storys_page_and_everybody_sees_what_was_ruled() -> None:
    with world() as pages:
        story = pages.front(NOW, limit=1)[0].head.id
        app = site(pages, settings=PUBLISHED, door=Door())

        def shown(headers: Mapping[str, str] | None = None) -> httpx.Response:
            return ask(app, f"/story/{story}", headers=headers or {}, client="203.0.113.9", host="news.example.org")

        stranger = shown()
        assert "data-ruling" not in stranger.text
        assert "By the editor" not in stranger.text
        owner = shown(opened(app, pages))
        assert owner.headers["etag"] != stranger.headers["etag"]
        page = Html(owner.text)
        (panel,) = page("//*[@data-ruling]")
        assert (panel.get("data-ruling"), panel.get("data-story")) == ("/news/v1/rulings", story)
        assert {each.get("data-verb") for each in panel.xpath(".//button")} == {
            "pin", "hide", "split", "undo", "join", "remove", "restore",
        }  # fmt: skip
        assert [each.get("value") for each in panel.xpath(".//option")] == list(REASONS)
        listed = [each.get("value") for each in page("//input[@name='article']")]
        assert listed
        head = story_of(pages, story).head
        tell(pages, (replace(head, pinned=True), Ruled(verb="pin")))
        seen = shown().text
        assert "By the editor" in seen
        assert "<li>Pinned" in seen


def test_without_a_desk_nobody_is_shown_a_door() -> None:
    with world() as pages:
        app = site(pages, settings=PUBLISHED)
        story = pages.front(NOW, limit=1)[0].head.id
        answer = ask(app, f"/story/{story}", headers=opened(app, pages), client="203.0.113.9", host="news.example.org")
        assert answer.status_code == 200
        assert "data-ruling" not in answer.text
