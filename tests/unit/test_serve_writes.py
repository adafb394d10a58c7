"""Who may change anything: every route that could is tried from everywhere but where the owner stands."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from stayahead.config import Settings
from stayahead.model import RemovalReason, Ruling, Update
from stayahead.serve.writes import BODY_MOST, OPENING, READING
from stayahead.store import SqliteStore
from tests.serve_requests import OWNER, TOKEN, ask, site
from tests.stores import fresh_store


class Witness:
    """A door that writes down who came through."""

    def __init__(self) -> None:
        self.orders: list[object] = []

    async def rule(self, ruling: Ruling) -> Sequence[Update]:
        self.orders.append(ruling)
        return ()

    async def undo(self, story_id: str) -> Sequence[Update]:
        self.orders.append(story_id)
        return ()

    async def remove(self, article_id: str, reason: RemovalReason, *, now: bool = False) -> Sequence[Update]:
        self.orders.append((article_id, reason, now))
        return ()

    async def remove_source(self, feed_url: str) -> Sequence[Update]:
        self.orders.append(feed_url)
        return ()

    async def restore(self, article_id: str) -> Sequence[Update]:
        self.orders.append(article_id)
        return ()


@pytest.fixture
def store() -> Iterator[SqliteStore]:
    with fresh_store() as store:
        yield store


@pytest.fixture
def door() -> Witness:
    return Witness()


@pytest.fixture
def app(store: SqliteStore, door: Witness) -> Starlette:
    """The site, with one more route, as the next engineer may add it without a thought of who asks."""
    app = site(store, door=door)

    async def careless(request: Request) -> Response:
        door.orders.append(request.url.path)
        return PlainTextResponse("done")

    app.routes.append(Route("/careless/{id}", careless, methods=["POST", "DELETE"]))
    app.routes.append(Mount("/below", routes=[Route("/{id}", careless, methods=["PUT", "PATCH"])]))
    return app


def writes(routes: Sequence[BaseRoute], before: str = "") -> Iterator[tuple[str, str]]:
    """Method and address of everything that is no plain reading; a kind of route that is not known here is an error."""
    for route in routes:
        if isinstance(route, Mount):
            yield from writes(route.routes, before + route.path)
            continue
        assert isinstance(route, Route), f"{route}: say here how it is asked"
        assert route.methods is not None, f"{route.path}: an endpoint must say which methods it answers"
        path = before + re.sub(r"\{\w+\}", "abcdefgh23456723", route.path)
        for method in sorted(route.methods - READING):
            if (method, path) != OPENING:  # who asks that is not the owner yet: test_serve_sessions
                yield method, path


BODY = '{"verb": "pin", "story_id": "abcdefgh23456723"}'
FOREIGN: dict[str, tuple[dict[str, str | None], int]] = {
    "without a token": ({"authorization": None}, 403),
    "with another token": ({"authorization": "Bearer token-of-the-other"}, 403),
    "with the token as a password": ({"authorization": f"Basic {TOKEN}"}, 403),
    "with an empty token": ({"authorization": "Bearer "}, 403),
    "from another site": ({"origin": "https://evil.example"}, 403),
    "from another port": ({"origin": "http://localhost:9999"}, 403),
    "from a sandboxed page": ({"origin": "null"}, 403),
    "across sites": ({"sec-fetch-site": "cross-site"}, 403),
    "across ports": ({"sec-fetch-site": "same-site"}, 403),
    "by hand": ({"sec-fetch-site": "none"}, 403),
    "through a proxy": ({"x-forwarded-for": "203.0.113.9"}, 403),
    "as plain text": ({"content-type": "text/plain"}, 415),
    "as a form": ({"content-type": "application/x-www-form-urlencoded"}, 415),
    "as a form with a file": ({"content-type": "multipart/form-data; boundary=x"}, 415),
    "as text that names JSON": ({"content-type": "text/plain; application/json"}, 415),
    "without saying what it is": ({"content-type": None}, 415),
    "by another name": ({"host": "rebound.example"}, 421),
}
"""What is changed in the owner's own headers, None: left out; and what is answered then."""


def _headers(changed: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in {**OWNER, **changed}.items() if value is not None}


def _answers(app: Starlette, changed: dict[str, str | None]) -> set[tuple[str, str, int]]:
    routes = list(writes(app.routes))
    answers = [ask(app, path, method=method, headers=_headers(changed), content=BODY) for method, path in routes]
    return {(*where, answer.status_code) for where, answer in zip(routes, answers, strict=True)}


@pytest.mark.parametrize("how", list(FOREIGN))
def test_no_write_route_is_reached_from_elsewhere(app: Starlette, door: Witness, how: str) -> None:
    changed, status = FOREIGN[how]
    answers = _answers(app, changed)
    assert len(answers) >= 6
    assert {answer[2] for answer in answers} == {status}, answers
    assert door.orders == []


def test_the_owner_reaches_every_write_route(app: Starlette, door: Witness) -> None:
    answers = _answers(app, {})
    assert {answer[2] for answer in answers} <= {200, 422}, answers
    assert len(door.orders) == len(answers) - 5, (
        "removals, their undoing and poll want other bodies, and a session is no door"
    )
    same_site: dict[str, str | None] = {"origin": "http://localhost:8400", "sec-fetch-site": "same-origin"}
    assert _answers(app, same_site) == answers


def test_without_the_shield_the_same_requests_come_through(app: Starlette, door: Witness) -> None:
    """Else the test above could not fail."""
    bare = Starlette(routes=app.routes)
    bare.state.site = app.state.site
    for how, (changed, _) in FOREIGN.items():
        door.orders.clear()
        _answers(bare, changed)
        assert door.orders, how


@pytest.mark.parametrize("client", ["203.0.113.9", "192.168.1.7", "::ffff:192.168.1.7", ""])
def test_nobody_on_another_machine_changes_anything(app: Starlette, door: Witness, client: str) -> None:
    assert ask(app, "/v1/rulings", method="POST", headers=OWNER, content=BODY, client=client).status_code == 403
    assert door.orders == []


def test_who_is_on_this_machine_may_come_by_the_address_that_it_serves_on(store: SqliteStore, door: Witness) -> None:
    app = site(store, door=door, settings=Settings(host="192.168.1.7"))
    here = {"headers": OWNER, "content": BODY, "host": "192.168.1.7"}
    assert ask(app, "/v1/rulings", method="POST", client="192.168.1.7", **here).status_code == 200  # type: ignore[arg-type]  # as its parameters are named
    assert ask(app, "/v1/rulings", method="POST", client="192.168.1.8", **here).status_code == 403  # type: ignore[arg-type]
    assert len(door.orders) == 1


def test_a_body_is_bounded_and_says_how_long_it_is(app: Starlette, door: Witness) -> None:
    large = "x" * (BODY_MOST + 1)
    assert ask(app, "/v1/rulings", method="POST", headers=OWNER, content=large).status_code == 413
    length = {**OWNER, "content-length": "9" * 400}
    assert ask(app, "/v1/rulings", method="POST", headers=length, content=BODY).status_code == 413

    async def in_pieces() -> httpx.Response:
        async def pieces() -> Iterator[bytes]:  # type: ignore[misc]  # an asynchronous one
            yield BODY.encode()

        transport = httpx.ASGITransport(app, client=("127.0.0.1", 50000))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8400") as http:
            return await http.post("/v1/rulings", headers=OWNER, content=pieces())

    assert asyncio.run(in_pieces()).status_code == 411
    assert door.orders == []


def test_where_there_is_no_token_nobody_is_the_owner(store: SqliteStore, door: Witness) -> None:
    app = site(store, door=door, token="")
    for authorization in ("Bearer ", "Bearer", f"Bearer {TOKEN}"):
        headers = {**OWNER, "authorization": authorization}
        assert ask(app, "/v1/rulings", method="POST", headers=headers, content=BODY).status_code == 403


def test_a_refusal_has_the_shape_of_every_error_and_its_headers(app: Starlette) -> None:
    answer = ask(app, "/v1/rulings", method="POST", headers={"origin": "https://evil.example"}, content=BODY)
    assert set(answer.json()["error"]) == {"code", "message"}
    assert answer.headers["cache-control"] == "no-store"
    assert "content-security-policy" in answer.headers
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_nobody_is_asked_beforehand_and_no_socket_is_opened(app: Starlette) -> None:
    """A browser asks first whether a page of another site may send JSON: it is not told so."""
    headers = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    answer = ask(app, "/v1/rulings", method="OPTIONS", headers=headers)
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]
    sent: list[dict[str, object]] = []

    async def heard(_: object) -> None:
        sent.append({"type": "heard"})

    app.routes.append(WebSocketRoute("/ws", heard))

    async def knock() -> None:
        async def receive() -> dict[str, object]:
            return {"type": "websocket.connect"}

        async def send(message: dict[str, object]) -> None:
            sent.append(message)

        scope = {"type": "websocket", "path": "/ws", "headers": [], "query_string": b"", "subprotocols": []}
        await app(scope, receive, send)  # type: ignore[arg-type]  # as a server calls it

    asyncio.run(knock())
    assert sent == [{"type": "websocket.close", "code": 1008}]
