"""Turns the errors of aiohttp and the system into leaves of our own tree, with words and a remedy for the owner.

No other module knows both. The order of the cases matters: aiohttp's errors are subclasses of one another and of
`OSError`, so the more special one comes first.
"""

from __future__ import annotations

import errno
import socket
import ssl
from http import HTTPStatus

import aiohttp

from stayahead.errors import AddressRefused, BadAnswer, ConnectFailed, FetchError, FetchTimeout, HttpStatus, TooLarge
from stayahead.fetch.guard import Forbidden, canonical
from stayahead.fetch.headers import printable
from stayahead.fetch.hosts import Paused
from stayahead.parse.codings import BrokenBody, OverCap

WIRE_ERRORS = (aiohttp.ClientError, OSError, ValueError, BrokenBody, OverCap, Paused)
"""All that a request may end with; `TimeoutError` is an `OSError`."""

_GUIDE = "docs/guide/running.md"
_OUR_NETWORK = "check this machine's network and name server"
_NO_ROUTE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN})
_STATUS_REMEDIES = {
    401: "the publisher wants a login; put it before the host as name:password@host, or remove the source",
    403: "the publisher does not let us in; remove the source, or ask the publisher",
    404: "check the url: the publisher may have moved it",
    410: "the publisher ended it: remove the source",
    451: "the publisher may not show it here",
}


def translated(url: str, error: Exception, *, timeout_s: float) -> FetchError:
    """The leaf for a foreign error.

    Args:
        url: what was asked for.
        error: one of `WIRE_ERRORS`.
        timeout_s: the limit, for the message.
    """
    match error:
        case Paused():
            return HttpStatus(
                url,
                f"the host said {error.status} and wants to be left alone; {error.left_s:.0f} s are left",
                status=error.status,
                retry_after_s=error.left_s,
            )
        case OverCap():
            return TooLarge(url, str(error), remedy="if it is right so, raise the option fetch_max_bytes")
        case BrokenBody():
            return BadAnswer(url, str(error))
        case aiohttp.ServerFingerprintMismatch():
            return ConnectFailed(
                url,
                f"its certificate is another than the option fetch_certificates names (SHA-256 {error.got.hex()})",
                remedy=f"if it was renewed, write {_place(url)}={error.got.hex()} there",
            )
        case aiohttp.ConnectionTimeoutError():
            return FetchTimeout(url, "no connection in time: the server does not answer")
        case TimeoutError():  # an `OSError` as well, so it comes before that case
            return FetchTimeout(url, f"it took more than {timeout_s:g} s", remedy="see the option fetch_timeout_s")
        case aiohttp.ClientPayloadError() | aiohttp.ClientResponseError():
            return _bad_answer(url, error)
        case OSError():
            return _not_connected(url, error)
        case aiohttp.ClientConnectionError():
            return ConnectFailed(url, "the server closed the connection without an answer")
    return BadAnswer(url, f"the request cannot be made ({_words(error)})")


def status_error(url: str, status: int, *, retry_after_s: float) -> HttpStatus:
    """The leaf for an answer that is neither 200 nor 304."""
    try:
        phrase = f" ({HTTPStatus(status).phrase})"
    except ValueError:
        phrase = ""
    return HttpStatus(
        url,
        f"the server answered {status}{phrase}",
        status=status,
        retry_after_s=retry_after_s,
        remedy=_STATUS_REMEDIES.get(status, ""),
    )


def _bad_answer(url: str, error: aiohttp.ClientError) -> BadAnswer:
    if isinstance(error, aiohttp.ClientPayloadError):
        return BadAnswer(url, "the answer ended too early")
    message = error.message if isinstance(error, aiohttp.ClientResponseError) else str(error)
    return BadAnswer(url, f"broken HTTP ({_clipped(message)})")


def _not_connected(url: str, error: OSError) -> FetchError:
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    match cause:
        case Forbidden():
            return AddressRefused(url, cause.reason, remedy=cause.remedy)
        case socket.gaierror():
            if cause.errno == socket.EAI_AGAIN:
                return ConnectFailed(url, "no name server answered", remedy=_OUR_NETWORK)
            return ConnectFailed(
                url, "its name is not known", remedy="check the url; if all sources say so, " + _OUR_NETWORK
            )
        case ssl.SSLCertVerificationError():
            return ConnectFailed(
                url,
                f"its certificate is not trusted ({getattr(cause, 'verify_message', cause)})",
                remedy=f"if it is yours, add {_place(url)}=SHA-256 to the option fetch_certificates (see {_GUIDE});"
                " if all https sources say so, install the system's certificates (Debian: ca-certificates)",
            )
        case ssl.SSLError():
            return ConnectFailed(url, f"no secure connection ({getattr(cause, 'reason', '') or 'TLS failed'})")
        case ConnectionRefusedError():
            return ConnectFailed(url, "the server refused the connection")
    if cause.errno in _NO_ROUTE:
        return ConnectFailed(url, "there is no way to the server", remedy=_OUR_NETWORK)
    return ConnectFailed(url, f"the connection broke ({_words(cause)})")


def _place(url: str) -> str:
    """As options name it; aiohttp's errors name the address that the name led to."""
    try:
        return canonical(url).pair
    except Forbidden:
        return "host:port"


def _words(error: BaseException) -> str:
    return _clipped(str(error)) or type(error).__name__


def _clipped(text: str) -> str:
    return printable(text.replace("\n", " "))[:160]
