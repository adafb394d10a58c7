"""The shield: requests for a foreign host name are turned away, every answer leaves with strict headers."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stayahead.config import Settings

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
_FORWARDING = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via", "cf-connecting-ip")


class Shield:
    """ASGI middleware: a Host check (against DNS rebinding) and the security headers.

    A page elsewhere can point its own name at 127.0.0.1 and read us with its reader's browser; the browser then
    sends that name as Host. So only our own names are answered, and bare addresses when we serve on all of them.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        own = {settings.host, urlsplit(settings.public_url).hostname or ""}
        self._names = _LOOPBACK_NAMES | {name.lower() for name in own if name}
        self._any_address = settings.host in {"0.0.0.0", "::"}  # noqa: S104 - compared, not bound

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or turn away with 421."""
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
        app = self.app if self._is_ours(name) else _turn_away(name)
        await app(scope, receive, shielded)

    def _is_ours(self, name: str) -> bool:
        return name in self._names or (self._any_address and _is_address(name))


def host_name(host: str) -> str:
    """The name in a Host header, lower case, without port and brackets; empty when it is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_owner(scope: Scope) -> bool:
    """Does the request come from this very machine, and not through a proxy that runs on it?"""
    headers = Headers(scope=scope)
    if any(name in headers for name in _FORWARDING):
        return False
    client = scope.get("client") or ("", 0)
    return _is_loopback(client[0]) and host_name(headers.get("host", "")) in _LOOPBACK_NAMES


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _turn_away(name: str) -> ASGIApp:
    shown = "".join(char for char in name if char.isascii() and (char.isalnum() or char in ".-:"))[:100]
    remedy = "Its owner can set the option public_url to that address."
    return PlainTextResponse(f"This service does not answer to the name '{shown}'. {remedy}\n", status_code=421)
