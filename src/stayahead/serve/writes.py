"""Decides who may change anything here: the owner, with their token, and never a page of another site in their browser.

A browser sends requests to loopback for any page that its user has open, so an address alone proves nothing
(docs/decisions/0125). Every request that is not a plain reading must come from this very machine, carry the token that
the service wrote into a file for its owner alone, bring JSON, and, where a browser says who asks, be asked by a page of
ours. The token travels in a header that no form can set and no browser adds by itself; cookies are never looked at.
"""

from __future__ import annotations

import hmac
import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing, whatever the route."""
BODY_MOST = 64 * 1024
"""Bytes of a body: a split that names two thousand articles has forty."""
FORWARDING = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via", "cf-connecting-ip")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request may not change anything."""

    status: int
    code: str
    message: str


def refusal(scope: Scope, token: str) -> Refusal | None:
    """Why this request is turned away; None when it only reads, or when it is the owner's and in the right form."""
    if scope["method"] in READING:
        return None
    headers = Headers(scope=scope)
    if not _is_asked_by_us(headers):
        return Refusal(403, "foreign_origin", "A page of another site asked for this; nothing was changed.")
    if not (is_from_here(scope) and _is_owners(headers, token)):
        return Refusal(
            403,
            "not_owner",
            "Only the owner changes anything here: from this machine, with the token of the running service "
            "(Authorization: Bearer TOKEN); the commands of `stayahead` find it by themselves.",
        )
    return _misformed(headers)


def is_from_here(scope: Scope) -> bool:
    """Does the request come from this very machine, and not through a proxy that runs on it?"""
    headers = Headers(scope=scope)
    if any(name in headers for name in FORWARDING):
        return False
    client, server = (scope.get(end) or ("", 0) for end in ("client", "server"))
    return is_loopback(client[0]) or bool(client[0] and client[0] == server[0])


def is_loopback(address: str) -> bool:
    """Is it an address of this machine that no other can reach?"""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _is_asked_by_us(headers: Headers) -> bool:
    """A browser says which site asks; a program says nothing."""
    sites = headers.getlist("sec-fetch-site")
    own = headers.get("host", "").lower()
    origins = [urlsplit(origin).netloc.lower() for origin in headers.getlist("origin")]
    return all(site == "same-origin" for site in sites) and all(origin == own for origin in origins)


def _is_owners(headers: Headers, token: str) -> bool:
    credentials = headers.getlist("authorization")
    if len(credentials) != 1 or not token:
        return False
    scheme, _, value = credentials[0].partition(" ")
    # In constant time: how soon a comparison ends would tell a guesser how much was right.
    return scheme.lower() == "bearer" and hmac.compare_digest(value.strip().encode(), token.encode())


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
