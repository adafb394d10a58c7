"""Says who asks: from where, by which name and scheme, and whether it is the owner, as far as it can be believed.

A proxy writes into headers whom it speaks for, and so can anybody. They are believed from proxies that the owner named
(`trusted_proxies`) and from nobody else; but whoever sends one at all is not taken for somebody at this machine.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from stayahead.config import Network, Settings, proxy_networks
from stayahead.serve.peers import Address, IsOurs

_KEY = "stayahead.caller"
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
HOPS_MOST = 20
"""Proxies of a chain that are looked at; a longer one is made up."""
FORWARDING = frozenset(
    {
        "forwarded",
        "via",
        "x-real-ip",
        "x-client-ip",
        "x-cluster-client-ip",
        "x-original-host",
        "true-client-ip",
        "cf-connecting-ip",
        "fastly-client-ip",
    }
)
"""Headers by which proxies say for whom they ask, beside all that begin with `x-forwarded-`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks."""

    address: str
    """Of the reader where trusted proxies say it, else of who is connected to us."""
    host: str
    """The Host that the reader's browser asked for, with its port."""
    is_https: bool
    """Whether a trusted proxy says that the reader came by https."""
    is_local: bool
    """Our own user at this very machine, on a site that is not published (docs/decisions/0141)."""
    session: str = ""
    """The cookie of an owner's session that stands; empty without one."""

    @property
    def is_owner(self) -> bool:
        """May they read as the owner?"""
        return self.is_local or bool(self.session)


class Callers:
    """Reads who asks from requests.

    Args:
        settings: trusted_proxies are believed; with them, `public_url` or `host_names` the site is published, and
            then nobody is the owner by address alone: a proxy on this machine connects from here, too. Nor is anybody
            where it listens on more than loopback: what hands ports on to a container connects from there.
        is_ours: whose a connection is; asked last, at every request, for ports are used again.
    """

    def __init__(self, settings: Settings, is_ours: IsOurs) -> None:
        self._is_ours = is_ours
        self._networks = proxy_networks(settings)
        listens_here = settings.host == "localhost" or is_loopback(settings.host)
        is_published = settings.public_url or settings.host_names or settings.trusted_proxies
        self._is_private = listens_here and not is_published

    def caller(self, scope: Scope) -> Caller:
        """Who asks this; their session is looked up by the shield."""
        headers = Headers(scope=scope)
        peer: str = (scope.get("client") or ("", 0))[0]
        address, host, scheme = peer, headers.get("host", ""), ""
        if self._is_trusted(peer):
            chain, told_host, scheme = _forwarded(headers)
            address, host = self._reader(chain, peer), told_host or host
        is_local = self._is_private and is_from_here(scope) and _is_asked_here(scope, headers)
        is_local = is_local and self._is_ours(*_ends(scope))
        return Caller(address=address, host=host, is_https=scheme == "https", is_local=is_local)

    def _reader(self, chain: Sequence[str], peer: str) -> str:
        """The first address, from our end of the chain, that is no trusted proxy's: behind it anything may stand."""
        reader = peer
        for each in reversed(chain[-HOPS_MOST:]):
            address = _address(each)
            if not address:
                break
            reader = address
            if not self._is_trusted(address):
                break
        return reader

    def _is_trusted(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
            parsed = parsed.ipv4_mapped
        return any(_holds(network, parsed) for network in self._networks)


def put_caller(scope: Scope, caller: Caller) -> Scope:
    """The same request with who asks it."""
    return {**scope, _KEY: caller}


def caller_of(scope: Scope) -> Caller:
    """Who asks, as the shield has found; a stranger where no shield stands."""
    caller = scope.get(_KEY)
    return caller if isinstance(caller, Caller) else Caller(address="", host="", is_https=False, is_local=False)


def is_from_here(scope: Scope) -> bool:
    """Does the request come from this very machine, and not through a proxy that says so?"""
    if is_forwarded(Headers(scope=scope)):
        return False
    client, server = _ends(scope)
    return is_loopback(client[0]) or bool(client[0] and client[0] == server[0])


def is_forwarded(headers: Headers) -> bool:
    """Does it bear any header by which proxies say for whom they ask?"""
    return any(name in FORWARDING or name.startswith("x-forwarded-") for name in headers)


def is_loopback(address: str) -> bool:
    """Is it an address of this machine that no other can reach?"""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def host_name(host: str) -> str:
    """The name in a Host header, lower case, without port and brackets; empty when it is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _ends(scope: Scope) -> tuple[Address, Address]:
    """Who is connected to us, and where."""
    client, server = (scope.get(end) or ("", 0) for end in ("client", "server"))
    return (client[0], client[1] or 0), (server[0], server[1] or 0)


def _is_asked_here(scope: Scope, headers: Headers) -> bool:
    """A name that only this machine has, from this machine's own address, in a form that browsers and programs use.

    HTTP/1.0 is what nginx speaks to those behind it unless told otherwise, and no browser does.
    """
    client, _ = _ends(scope)
    is_proxys = scope.get("http_version", "1.1") == "1.0"
    return is_loopback(client[0]) and host_name(headers.get("host", "")) in LOOPBACK_NAMES and not is_proxys


def _forwarded(headers: Headers) -> tuple[list[str], str, str]:
    """Chain of addresses, host and scheme, as the proxy says them.

    The `X-Forwarded` kind alone where there is one: a proxy that writes it hands a client's `Forwarded` on unread.
    """
    if any(name.startswith("x-forwarded-") for name in headers):
        chain, hosts, schemes = (_values(headers, f"x-forwarded-{name}") for name in ("for", "host", "proto"))
        return chain, _last(hosts), _last(schemes).lower()
    elements = [dict(_pairs(element)) for element in _values(headers, "forwarded")]
    last = elements[-1] if elements else {}
    return [each.get("for", "") for each in elements], last.get("host", ""), last.get("proto", "").lower()


def _values(headers: Headers, name: str) -> list[str]:
    """The comma-separated values of all headers of that name, the last of them."""
    text = ",".join(headers.getlist(name))
    return [value.strip() for value in text.rsplit(",", HOPS_MOST)[-HOPS_MOST:]] if text else []


def _last(values: Sequence[str]) -> str:
    return values[-1] if values else ""


def _pairs(element: str) -> Iterator[tuple[str, str]]:
    for pair in element.split(";"):
        name, _, value = pair.partition("=")
        yield name.strip().lower(), value.strip().strip('"')


def _address(text: str) -> str:
    """The address in `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1` or `[2001:db8::1]:4711`; empty when there is none."""
    bare = text[1:].partition("]")[0] if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return ""


def _holds(network: Network, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return network.version == address.version and address in network
