"""Keeps us from connecting to private or otherwise forbidden addresses, whoever names them.

A feed, a redirect or a name server may point anywhere, so nothing is decided by a host's name. The url is brought to
its canonical form first (`canonical`), and the *resolved* address of every connection is judged where the connection
is made (`resolve.GuardedResolver` and `Guard.open_socket`): what was checked is what is connected to.
See docs/decisions/0050-the-guard-sits-where-we-connect.md.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import ada_url

from stayahead.errors import SettingsError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NO_REMEDY = ""
EXCEPTION_REMEDY = "if it is yours, add exactly {pair} to the option fetch_exceptions"


class Forbidden(OSError):
    """The guard's refusal. An `OSError`, so that aiohttp's connector passes it on like any failure to connect."""

    def __init__(self, reason: str, *, remedy: str = _NO_REMEDY) -> None:
        super().__init__(errno.EACCES, reason)
        self.reason = reason
        self.remedy = remedy


# IANA special-purpose address registries (RFC 6890 and its updates), read 2026-11; written out because what the
# standard library calls global changed between Python versions.
_FORBIDDEN_V4 = tuple(
    (ipaddress.IPv4Network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "an address of this network"),
        ("10.0.0.0/8", "a private address"),
        ("100.64.0.0/10", "an address shared behind a carrier's NAT"),
        ("127.0.0.0/8", "a loopback address"),
        ("168.63.129.16/32", "a cloud's own service"),
        ("169.254.0.0/16", "a link-local address"),
        ("172.16.0.0/12", "a private address"),
        ("192.0.0.0/24", "a reserved address"),
        ("192.0.2.0/24", "an address for documentation"),
        ("192.88.99.0/24", "a tunnel's relay"),
        ("192.168.0.0/16", "a private address"),
        ("198.18.0.0/15", "an address for benchmarks"),
        ("198.51.100.0/24", "an address for documentation"),
        ("203.0.113.0/24", "an address for documentation"),
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "a reserved address"),
    )
)
_FORBIDDEN_V6 = tuple(
    (ipaddress.IPv6Network(network), reason)
    for network, reason in (
        ("::/128", "an address of this network"),
        ("::1/128", "a loopback address"),
        ("2001::/32", "a Teredo tunnel"),
        ("2001::/23", "a reserved address"),
        ("2001:db8::/32", "an address for documentation"),
        ("3fff::/20", "an address for documentation"),
        ("fc00::/7", "a private address"),
        ("fe80::/10", "a link-local address"),
        ("fec0::/10", "a private address"),
        ("ff00::/8", "a multicast address"),
    )
)
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
# An IPv6 address that carries an IPv4 address is judged by the one it carries: (network, bits right of it).
_CARRIERS = (
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),  # IPv4-mapped
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),  # NAT64 (RFC 6052): the only way to IPv4 on some networks
    (ipaddress.IPv6Network("2002::/16"), 80),  # 6to4 (RFC 3056)
)

# Ports past 1023 that browsers refuse as well (WHATWG Fetch, "bad port"): no web server, but services that would
# take a request line for a command.
_BAD_PORTS = frozenset(
    {1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080}
)
_WEB_PORTS = frozenset({80, 443})
_FIRST_FREE_PORT = 1024

MAX_URL_CHARS = 8_192
"""Twice what any server that we know of accepts."""


def forbidden_address(address: str) -> str:
    """Why no connection may go to this address, or empty when it is a public one.

    >>> forbidden_address("::ffff:10.0.0.1")
    'a private address'
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])  # without the interface of a link-local address
    except ValueError:
        return "no address"
    if isinstance(parsed, ipaddress.IPv4Address):
        return next((reason for network, reason in _FORBIDDEN_V4 if parsed in network), "")
    for network, shift in _CARRIERS:
        if parsed in network:
            return forbidden_address(str(ipaddress.IPv4Address((int(parsed) >> shift) & 0xFFFFFFFF)))
    # Only 2000::/3 is given out by IANA as the public internet: what is in no list and outside of it is refused.
    reason = next((reason for network, reason in _FORBIDDEN_V6 if parsed in network), "")
    return reason or ("" if parsed in _GLOBAL_V6 else "a reserved address")


def forbidden_port(port: int) -> str:
    """Why no request may go to this port, or empty."""
    if port in _WEB_PORTS or (port >= _FIRST_FREE_PORT and port not in _BAD_PORTS):
        return ""
    return f"port {port} belongs to another service than the web"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A url in canonical form, taken apart."""

    url: str
    """With the fragment removed, credentials kept."""
    scheme: str
    host: str
    """Lower case, IDNA, numeric forms of IPv4 as dotted decimals, IPv6 without brackets."""
    port: int
    has_credentials: bool = False

    @property
    def pair(self) -> str:
        """The exact `host:port`, as exceptions write it."""
        return _pair(self.host, self.port)

    @property
    def origin(self) -> str:
        """`scheme://host:port`."""
        return f"{self.scheme}://{self.pair}"


def _is_own(target: Target, source: Target) -> bool:
    """Whether an exception for the target was made for this source: it stands on the very pair, or moved to https."""
    if target.host != source.host:
        return False
    return target.port == source.port or {target.port, source.port} == _WEB_PORTS


def _pair(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def canonical(url: str, *, base: str = "") -> Target:
    """The target of a url, joined to `base` when that is given (WHATWG URL).

    Numeric hosts in any writing (`127.1`, `0x7f000001`, `017700000001`, `2130706433`) come out as dotted decimals.

    Raises:
        Forbidden: no url, one longer than `MAX_URL_CHARS`, or none of http and https.
    """
    if len(url) > MAX_URL_CHARS:
        raise Forbidden(f"its url has {len(url)} characters")
    try:
        parsed = ada_url.URL(url, base=base or None)
    except ValueError as error:
        raise Forbidden("it is no url") from error
    scheme = str(parsed.protocol).removesuffix(":")
    if scheme not in {"http", "https"}:
        raise Forbidden(f"only http and https are asked, not {scheme[:20]}")
    parsed.hash = ""
    host = str(parsed.hostname).removeprefix("[").removesuffix("]")
    port = int(parsed.port) if parsed.port else (443 if scheme == "https" else 80)
    credentials = bool(parsed.username or parsed.password)
    return Target(url=str(parsed.href), scheme=scheme, host=host, port=port, has_credentials=credentials)


def exception_pairs(text: str) -> frozenset[str]:
    """The exact host:port pairs of a comma-separated option, in canonical form.

    Raises:
        SettingsError: something in it is no host:port pair.
    """
    return frozenset(_exception(item) for item in text.split(",") if item.strip())


def _exception(item: str) -> str:
    text = item.strip()
    wrong = f"option fetch_exceptions: {text!r} is no host:port pair (a name or address, a colon, a number)"
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not set(text).isdisjoint("/@?#*\\ "):
        raise SettingsError(wrong)
    try:
        return canonical(f"http://{text}/").pair
    except Forbidden as error:
        raise SettingsError(wrong) from error


def is_literal(host: str) -> bool:
    """Whether the host is an address: aiohttp then asks no resolver, so only `Guard` itself can judge it."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@dataclass(slots=True, kw_only=True)
class Guard:
    """Judges targets before they are asked and addresses as they are connected to.

    Args:
        exceptions: exact `host:port` pairs (canonical, see `exception_pairs`) that may be private.
        bound: those of them that hold for the source that stands there and for no other.
        judge: why an address is forbidden, or empty; another one only in tests.
    """

    exceptions: frozenset[str] = frozenset()
    bound: frozenset[str] = frozenset()
    judge: Callable[[str], str] = forbidden_address
    _granted: set[tuple[str, int]] = field(default_factory=set)
    """Private addresses that an exception led to; the socket gate knows no names."""

    def check_target(self, target: Target, source: Target | None = None) -> None:
        """Judge what the url itself says: its port, its address when the host is one, and whose exception it is.

        Args:
            target: what is to be asked.
            source: the feed on whose behalf; None: the target itself, which the owner named.

        Raises:
            Forbidden: not allowed, and no exception names the pair, or one that was made for another source.
        """
        # Judged here and not at the connection: one that was opened for its own source may be used again.
        if source is not None and target.pair in self.bound and not _is_own(target, source):
            what = f"{target.pair} is an exception, but not for what {source.pair} names"
            raise Forbidden(what, remedy="if it is a feed of yours, add its own address as a source")
        if target.pair not in self.exceptions and (reason := forbidden_port(target.port)):
            raise Forbidden(reason, remedy=EXCEPTION_REMEDY.format(pair=target.pair))
        if is_literal(target.host):
            self.allowed(target.host, target.port, (target.host,))

    def allowed(self, host: str, port: int, addresses: tuple[str, ...]) -> tuple[str, ...]:
        """Those of a host's addresses that we may connect to.

        Raises:
            Forbidden: none of them.
        """
        # An exception is matched by the name as asked, not by its address: another name at the same private address
        # has not been allowed by the owner, and a public name may come to point there (DNS rebinding).
        pair = _pair(host, port)
        if pair in self.exceptions:
            self._granted.update((address, port) for address in addresses)
            return addresses
        reasons = {address: self.judge(address) for address in addresses}
        public = tuple(address for address, reason in reasons.items() if not reason)
        if not public:
            address, reason = next(iter(reasons.items()))
            what = f"{address} is {reason}" if address == host else f"{host} is at {address}, {reason}"
            raise Forbidden(what, remedy=EXCEPTION_REMEDY.format(pair=pair))
        return public

    def open_socket(self, info: tuple[Any, ...]) -> socket.socket:
        """Open a socket for this very address and no other: the last check (aiohttp's socket factory).

        Raises:
            Forbidden: the address was never allowed.
        """
        # A literal address skips every resolver, so this is the one place that sees each connection's own address.
        family, kind, protocol, _, place = info
        address, port = str(place[0]), int(place[1])
        if (address, port) not in self._granted and (reason := self.judge(address)):
            raise Forbidden(f"{address} is {reason}")
        return socket.socket(family, kind, protocol)
