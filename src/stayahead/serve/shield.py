"""Turns away foreign host names and changes that are not the owner's, and sets strict headers on every answer."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import msgspec
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stayahead.config import Settings
from stayahead.serve import serialize
from stayahead.serve.writes import Refusal, is_from_here, is_loopback, refusal

SECURITY_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class Shield:
    """ASGI middleware: a Host check (against DNS rebinding), the owner's token before any change, the security headers.

    A page elsewhere can point its own name at 127.0.0.1 and read us with its reader's browser; the browser then
    sends that name as Host. So only our own names are answered, and bare addresses when we serve on all of them.

    It stands before all routes, so that none that changes something can be forgotten: whatever is not a plain reading
    is refused but to the owner, whether or not there is a route for it.

    Args:
        app: what lies behind it.
        settings: host and public_url are used.
        token: the owner's; empty: nobody changes anything.
    """

    def __init__(self, app: ASGIApp, settings: Settings, token: str) -> None:
        self.app = app
        self._token = token
        own = {settings.host, urlsplit(settings.public_url).hostname or ""}
        self._names = _LOOPBACK_NAMES | {name.lower() for name in own if name}
        self._any_address = settings.host in {"0.0.0.0", "::"}  # noqa: S104 - compared, not bound

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or turn away: with 421, or as `writes.refusal` says. There are no web sockets."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def shielded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        name = host_name(Headers(scope=scope).get("host", ""))
        if not self._is_ours(name):
            await _turn_away(name)(scope, receive, shielded)
        elif (denial := refusal(scope, self._token)) is not None:
            await _answer(denial)(scope, receive, shielded)
        else:
            await self.app(scope, receive, shielded)

    def _is_ours(self, name: str) -> bool:
        return name in self._names or (self._any_address and _is_address(name))


def host_name(host: str) -> str:
    """The name in a Host header, lower case, without port and brackets; empty when it is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_owner(scope: Scope) -> bool:
    """May who asks read as the owner: from this very machine, by a name that only it has (docs/decisions/0062)?

    To change something they need the token, too.
    """
    client = scope.get("client") or ("", 0)
    name = host_name(Headers(scope=scope).get("host", ""))
    return is_from_here(scope) and is_loopback(client[0]) and name in _LOOPBACK_NAMES


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _answer(denial: Refusal) -> ASGIApp:
    body = msgspec.json.encode(serialize.error(denial.code, denial.message))
    return Response(body, denial.status, {"cache-control": "no-store"}, media_type="application/json")


def _turn_away(name: str) -> ASGIApp:
    # It came from outside and goes into our answer: only what a name can consist of, and little of it.
    safe_name = "".join(char for char in name if char.isascii() and (char.isalnum() or char in ".-:"))[:100]
    remedy = "Its owner can set the option public_url to that address."
    return PlainTextResponse(f"This service does not answer to the name '{safe_name}'. {remedy}\n", status_code=421)
