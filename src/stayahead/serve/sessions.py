"""Opens and ends the owner's session in a browser: the page that a link leads to, and what its script asks for."""

from __future__ import annotations

import ipaddress
from functools import partial
from typing import Annotated

import msgspec
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from stayahead.model import Position
from stayahead.serve.api import JsonResponse
from stayahead.serve.bodies import read_body
from stayahead.serve.callers import caller_of
from stayahead.serve.keys import SESSION_LIFE, WRONG_WINDOW_S, Keys
from stayahead.serve.site import Site, site_of

COOKIE = "stayahead_owner"
COOKIES_MOST = 4
"""Values of that name that are looked at: sites below several paths of one host each have theirs."""


class OpeningBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `/v1/owner/session`."""

    token: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


async def page(request: Request) -> Response:
    """`/owner`: where a link from `stayahead owner link` leads; says whether this browser is the owner's.

    The link's token stands behind the `#`, which no browser sends and no proxy logs: a script of the page hands it in.
    """
    site, caller = site_of(request), caller_of(request.scope)
    html = await site.render(
        "owner.html",
        now=site.clock.now(),
        position=Position(epoch=""),
        topics="",
        is_owner=caller.is_owner,
        has_session=bool(caller.session),
    )
    return HTMLResponse(html, headers={"cache-control": "no-store", "x-robots-tag": "noindex"})


async def open_session(request: Request) -> Response:
    """`/v1/owner/session`: opens the owner's session in this browser, with the token of an unused link.

    The body is `{"token"}`, and the session is a cookie. 403 for a token that is not known, used up or older than 15
    minutes, 429 after ten of these in a minute, 400, 411, 413, 415, 422 for a body that is not right, 503 where no
    owner is known.
    """
    body = await read_body(request, OpeningBody)
    site, keys = _keys(request)
    caller = caller_of(request.scope)
    client = _client(caller.address)
    if keys.must_wait(client):
        raise HTTPException(
            429, "Too many wrong links; try again in a minute.", headers={"retry-after": f"{WRONG_WINDOW_S:.0f}"}
        )
    browser = request.headers.get("user-agent", "")
    value = await site.read(partial(keys.open_session, body.token, address=caller.address, browser=browser))
    if value is None:
        keys.count_wrong(client)
        raise HTTPException(
            403, "This link was used, or is older than 15 minutes; `stayahead owner link` prints another."
        )
    answer = JsonResponse({"is_owner": True}, headers={"cache-control": "no-store"})
    _set_cookie(answer, request, value, max_age_s=int(SESSION_LIFE.total_seconds()))
    return answer


async def close_session(request: Request) -> Response:
    """`/v1/owner/session`: ends the owner's session in this browser.

    403 for who has none, 411, 413, 415 for a body that is not right (it is not read), 503 where no owner is known.
    """
    site, keys = _keys(request)
    session = caller_of(request.scope).session
    if session:
        await site.read(partial(keys.close_session, session))
    answer = JsonResponse({"is_owner": False}, headers={"cache-control": "no-store"})
    _set_cookie(answer, request, "", max_age_s=0)
    return answer


def session_values(scope: Scope) -> list[str]:
    """What a request's cookies say is a session of the owner's."""
    pairs = (pair.partition("=") for line in Headers(scope=scope).getlist("cookie") for pair in line.split(";"))
    return [value.strip() for name, _, value in pairs if name.strip() == COOKIE][:COOKIES_MOST]


def _keys(request: Request) -> tuple[Site, Keys]:
    site = site_of(request)
    if site.keys is None:
        raise HTTPException(503, "No owner is known here.")
    return site, site.keys


def _client(address: str) -> str:
    """Who is counted as one: an address, or the network of one that gives its users 2^64 of them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return (
        address if parsed.version == 4 else str(ipaddress.ip_network(f"{address.partition('%')[0]}/64", strict=False))
    )


def _set_cookie(answer: Response, request: Request, value: str, *, max_age_s: int) -> None:
    """Lax, not strict: a story that is opened from a mail is read as the owner; no change is asked for by GET (0141).

    Its page says whether it was reached by https, better than we can know it behind a proxy.
    """
    is_https = caller_of(request.scope).is_https or request.headers.get("origin", "").startswith("https:")
    path = site_of(request).link("/")
    answer.set_cookie(COOKIE, value, max_age=max_age_s, path=path, secure=is_https, httponly=True, samesite="lax")
