"""Decides who may change anything here: the owner, with their token or session, and never a page of another site.

A browser sends requests to any address for any page that its user has open, so where they come from proves nothing
(docs/decisions/0125). Every request that is not a plain reading must bring JSON, be asked by a page of ours where a
browser says who asks, and be the owner's: from this very machine, with the token that the service wrote into a file for
its owner alone, in a header that no form can set and no browser adds by itself; or with the cookie of a session that
was opened by a link from `stayahead owner link`. A cookie goes along with any request that its browser makes, so there
it must be said which page asks, and that must be ours (docs/decisions/0141).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from stayahead.serve.callers import Caller, is_from_here

READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing, whatever the route."""
BODY_MOST = 64 * 1024
"""Bytes of a body: a split that names two thousand articles has forty."""
OPENING = ("POST", "/v1/owner/session")
"""Who asks this is not the owner yet: the token of their link, in the body, says so, and the endpoint judges that."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request may not change anything."""

    status: int
    code: str
    message: str


def refusal(scope: Scope, token: str, *, caller: Caller, site_origin: str = "") -> Refusal | None:
    """Why this request is turned away; None when it only reads, or when it is the owner's and in the right form.

    Args:
        scope: the request.
        token: of the owner's programs; empty: none has one.
        caller: who asks.
        site_origin: of `public_url`; empty when there is none.
    """
    if scope["method"] in READING:
        return None
    headers = Headers(scope=scope)
    if not _is_asked_by_us(headers, caller, site_origin):
        return Refusal(403, "foreign_origin", "A page of another site asked for this; nothing was changed.")
    is_opening = (scope["method"], scope["path"]) == OPENING
    is_owners = (is_from_here(scope) and _has_token(headers, token)) or _has_session(headers, caller)
    if not (is_owners or is_opening):
        return Refusal(
            403,
            "not_owner",
            "Only the owner changes anything here: from this machine, with the token of the running service "
            "(Authorization: Bearer TOKEN; the commands of `stayahead` find it by themselves), or in a browser that "
            "has opened a link from `stayahead owner link`.",
        )
    return _misformed(headers)


def _is_asked_by_us(headers: Headers, caller: Caller, site_origin: str) -> bool:
    """A browser says which site asks; a program says nothing."""
    sites = headers.getlist("sec-fetch-site")
    origins = [origin.lower() for origin in headers.getlist("origin")]
    return all(site == "same-origin" for site in sites) and all(
        _is_our_origin(origin, caller.host.lower(), site_origin) for origin in origins
    )


def _is_our_origin(origin: str, host: str, site_origin: str) -> bool:
    """The origin of `public_url`, or one at the very host that was asked: a proxy may ask us by another name."""
    place = urlsplit(origin).netloc
    if site_origin and place == urlsplit(site_origin).netloc:
        return origin == site_origin  # by http somebody else may have written the page
    return bool(place) and place == host


def _has_token(headers: Headers, token: str) -> bool:
    credentials = headers.getlist("authorization")
    if len(credentials) != 1 or not token:
        return False
    scheme, _, value = credentials[0].partition(" ")
    # In constant time: how soon a comparison ends would tell a guesser how much was right.
    return scheme.lower() == "bearer" and hmac.compare_digest(value.strip().encode(), token.encode())


def _has_session(headers: Headers, caller: Caller) -> bool:
    """Every browser names the page that asks for a change."""
    return bool(caller.session) and len(headers.getlist("origin")) == 1


def _misformed(headers: Headers) -> Refusal | None:
    kinds = headers.getlist("content-type")
    if len(kinds) != 1 or kinds[0].partition(";")[0].strip().lower() != "application/json":
        return Refusal(415, "not_json", "The body must be JSON (Content-Type: application/json).")
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdecimal()):
        return Refusal(411, "length_required", "Say how long the body is (Content-Length).")
    if len(length) > len(str(BODY_MOST)) or int(length) > BODY_MOST:
        return Refusal(413, "too_large", f"The body may have at most {BODY_MOST:,} bytes.")
    return None
