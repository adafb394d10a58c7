"""Turns away foreign host names and changes that are not the owner's, and sets strict headers on every answer."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import replace

import msgspec
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stayahead.config import Settings, own_names, site_address
from stayahead.errors import StoreError
from stayahead.serve import serialize
from stayahead.serve.callers import LOOPBACK_NAMES, Callers, host_name, put_caller
from stayahead.serve.peers import IsOurs
from stayahead.serve.sessions import session_values
from stayahead.serve.writes import Refusal, refusal

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

HasSession = Callable[[str], Awaitable[bool]]
"""Whether a cookie's value is that of the owner's session."""


class Shield:
    """ASGI middleware: a Host check (against DNS rebinding), the owner's token before any change, the security headers.

    A page elsewhere can point its own name at 127.0.0.1 and read us with its reader's browser; the browser then
    sends that name as Host. So only our own names are answered, and bare addresses when we serve on all of them.

    It stands before all routes, so that none that changes something can be forgotten: whatever is not a plain reading
    is refused but to the owner, whether or not there is a route for it.

    Args:
        app: what lies behind it.
        settings: host, public_url, host_names and trusted_proxies are used.
        token: the owner's programs'; empty: none changes anything.
        has_session: asked for what a request's cookie says.
        is_ours: asked whose a connection from this machine is.
    """

    def __init__(self, app: ASGIApp, settings: Settings, token: str, has_session: HasSession, is_ours: IsOurs) -> None:
        self.app = app
        self._token = token
        self._has_session = has_session
        self._callers = Callers(settings, is_ours)
        address = site_address(settings)
        self._origin = address.origin
        own = {settings.host.lower(), address.name} - {""}
        self._names = LOOPBACK_NAMES | own | own_names(settings)
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

        caller = self._callers.caller(scope)
        name = host_name(caller.host)
        if not self._is_ours(name):
            await _turn_away(name)(scope, receive, shielded)
            return
        caller = replace(caller, session=await self._session(scope))
        if (denial := refusal(scope, self._token, caller=caller, site_origin=self._origin)) is not None:
            await _answer(denial)(scope, receive, shielded)
        else:
            await self.app(put_caller(scope, caller), receive, shielded)

    async def _session(self, scope: Scope) -> str:
        """The cookie of a session that stands; while the store is silent nobody has one."""
        try:
            for value in session_values(scope):
                if await self._has_session(value):
                    return value
        except (StoreError, TimeoutError):
            pass
        return ""

    def _is_ours(self, name: str) -> bool:
        return name in self._names or (self._any_address and _is_address(name))


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
    remedy = "Its owner can name it in the option public_url or host_names."
    return PlainTextResponse(f"This service does not answer to the name '{safe_name}'. {remedy}\n", status_code=421)
