"""Fetches feeds, pages and robots.txt over real HTTP: one guarded, conditional GET with its redirects, within the caps.

The way of one request: url in canonical form → guard (what the url says) → robots.txt (pages) → its host's turn →
a place among all requests → name lookup, guard again (the address), connection → headers → body, decoded as it streams.
A redirect starts the way anew. Time limits count only what the wire costs, never a queue of ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import aiohttp
from yarl import URL

from stayahead import __version__
from stayahead.config import Settings
from stayahead.errors import BadAnswer, FetchError
from stayahead.fetch import headers
from stayahead.fetch.guard import Forbidden, Guard, Target, canonical, exception_pairs
from stayahead.fetch.hosts import Hosts
from stayahead.fetch.resolve import GuardedResolver, Lookup, SystemLookup
from stayahead.fetch.robots import MAX_BYTES as ROBOTS_MAX_BYTES
from stayahead.fetch.robots import Robots
from stayahead.fetch.translate import WIRE_ERRORS, status_error, translated
from stayahead.model import Fetched
from stayahead.parse.codings import ACCEPT_ENCODING, Body, OverCap
from stayahead.ports import Clock, Request
from stayahead.urls import without_logins

MAX_REDIRECTS = 10
CONNECT_TIMEOUT_S = 10.0
KEEP_ALIVE_S = 15.0
MAX_HEADER_BYTES = 32_768  # one header line; some publishers send 10 kB of Content-Security-Policy
DEFAULT_PAUSE_S = 60.0
"""How long a host is left alone that answers 429 without saying how long."""

_OK, _NOT_MODIFIED, _TOO_MANY, _UNAVAILABLE = 200, 304, 429, 503
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """The answer of one hop; its body is read only with status 200."""

    status: int
    fields: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class _LastHop:
    """Where a request's redirects ended, and the answer there."""

    answer: _Answer
    target: Target
    moved_to: str
    """Where permanent redirects alone led; empty when there was none, or a temporary one came first."""


class HttpFetcher:
    """The `ports.Fetcher` of a running service, over real HTTP.

    Args:
        settings: the `fetch_*` options and `user_agent`.
        clock: tells the time, and waits where a site asks for a crawl delay.
        names: host → address for hosts that no name server knows (the demo). They need an exception all the same.
        exceptions: exact `host:port` pairs that may be private, beside those of the options.
        guard: another guard, in tests.
        lookup: another resolver than the system's, in tests.

    Raises:
        SettingsError: an exception is no host:port pair.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        *,
        names: Mapping[str, str] | None = None,
        exceptions: frozenset[str] = frozenset(),
        guard: Guard | None = None,
        lookup: Lookup | None = None,
    ) -> None:
        pairs = exception_pairs(settings.fetch_exceptions) | exception_pairs(",".join(sorted(exceptions)))
        self._guard = guard or Guard(exceptions=pairs)
        self._settings = settings
        self._clock = clock
        self._resolver = GuardedResolver(self._guard, names or {}, lookup or SystemLookup())
        self._agent = headers.printable(settings.user_agent) or f"StayAhead/{__version__} (self-hosted news reader)"
        self._hosts = Hosts(clock)
        self._robots = Robots(self._robots_txt, clock, agent=self._agent)
        self._places = asyncio.Semaphore(max(settings.fetch_at_once, 1))
        self._session: aiohttp.ClientSession | None = None
        self._is_closed = False

    async def fetch(self, request: Request) -> Fetched:
        """Get it, within the caps; an answer has status 200 or 304.

        Raises:
            FetchError: for everything else, one of its leaves; its url is `request.url`, without a login in it.
        """
        try:
            last_hop = await self._follow(request, cut=False)
        except WIRE_ERRORS as error:
            raise translated(without_logins(request.url), error, timeout_s=self._settings.fetch_timeout_s) from error
        return self._fetched(replace(request, url=without_logins(request.url)), last_hop)

    async def close(self) -> None:
        """Close all connections; requests under way fail."""
        self._is_closed = True
        if self._session is not None:
            await self._session.close()

    async def _robots_txt(self, url: str) -> bytes:
        request = Request(url=url, accept="text/plain,*/*;q=0.5", max_bytes=ROBOTS_MAX_BYTES)
        try:
            last_hop = await self._follow(request, cut=True)
        except WIRE_ERRORS as error:
            raise translated(without_logins(url), error, timeout_s=self._settings.fetch_timeout_s) from error
        if last_hop.answer.status != _OK:
            raise self._status(without_logins(url), last_hop.answer)
        return last_hop.answer.body

    async def _follow(self, request: Request, *, cut: bool) -> _LastHop:
        """Follow all redirects to the last answer. `cut`: a body past the cap is cut there, not refused."""
        limit = _TimeLimit(self._settings.fetch_timeout_s)
        target = canonical(request.url)
        moved_to, is_permanent = "", True
        for _ in range(MAX_REDIRECTS + 1):
            self._guard.check_target(target)
            # At every hop: the host at the end of a page's redirect has rules of its own.
            delay_s = (
                await self._robots.delay_s(target, url=without_logins(request.url)) if request.obey_robots else 0.0
            )
            # The turn comes first, so that requests that queue for one slow host take no place from the other hosts.
            async with self._hosts.turn(target.pair, delay_s=delay_s), self._places, limit.running():
                answer = await self._ask(target, request, cut=cut)
            location = answer.fields.get("Location", "")
            if answer.status not in _REDIRECTS or not location:
                return _LastHop(answer=answer, target=target, moved_to=moved_to)
            new = _redirected(target, location)
            # One temporary redirect on the way, and everything behind it may be elsewhere tomorrow.
            is_permanent = is_permanent and answer.status in _PERMANENT and _may_be_remembered(target, new)
            moved_to = new.url if is_permanent else moved_to
            target = new
        raise BadAnswer(
            without_logins(request.url),
            f"more than {MAX_REDIRECTS} redirects",
            remedy="open the url in a browser and use where it ends",
        )

    async def _ask(self, target: Target, request: Request, *, cut: bool) -> _Answer:
        """One hop on the wire."""
        async with self._client().get(_wire_url(target), headers=self._fields(request), allow_redirects=False) as reply:
            if reply.status in {_TOO_MANY, _UNAVAILABLE}:
                self._note_pause(target, reply)
            body = await self._body(reply, request, cut=cut) if reply.status == _OK else b""
            return _Answer(status=reply.status, fields=reply.headers, body=body)

    async def _body(self, reply: aiohttp.ClientResponse, request: Request, *, cut: bool) -> bytes:
        max_bytes = self._settings.fetch_max_bytes if request.max_bytes is None else request.max_bytes
        encoding = ",".join(reply.headers.getall("Content-Encoding", []))  # two headers are two codings in a row
        body = Body(encoding, max_bytes=max_bytes, max_ratio=self._settings.fetch_max_ratio)
        if not cut:
            body.announce(reply.content_length or 0)
        try:
            async for chunk in reply.content.iter_any():
                body.add(chunk)
            body.finish()
        except OverCap:
            if not cut:
                raise
        return body.data

    def _fields(self, request: Request) -> dict[str, str]:
        fields = {"User-Agent": self._agent, "Accept": request.accept, "Accept-Encoding": ACCEPT_ENCODING}
        if etag := headers.validator(request.etag):
            fields["If-None-Match"] = etag
        if last_modified := headers.validator(request.last_modified):
            fields["If-Modified-Since"] = last_modified
        return fields

    def _note_pause(self, target: Target, reply: aiohttp.ClientResponse) -> None:
        seconds = self._retry_after_s(reply.headers)
        if not seconds and reply.status == _TOO_MANY:
            seconds = DEFAULT_PAUSE_S
        if seconds:
            self._hosts.pause(target.pair, seconds=seconds, status=reply.status)

    def _retry_after_s(self, fields: Mapping[str, str]) -> float:
        value, date = fields.get("Retry-After", ""), fields.get("Date", "")
        return headers.retry_after_s(value, date=date, now=self._clock.now())

    def _status(self, url: str, answer: _Answer) -> FetchError:
        if answer.status in _REDIRECTS:
            return BadAnswer(url, f"a redirect ({answer.status}) that does not say where to")
        return status_error(url, answer.status, retry_after_s=self._retry_after_s(answer.fields))

    def _fetched(self, request: Request, last_hop: _LastHop) -> Fetched:
        answer, is_asked = last_hop.answer, bool(request.etag or request.last_modified)
        if answer.status == _NOT_MODIFIED and not is_asked:
            raise BadAnswer(request.url, "the server says 304 (Not Modified) to a request that named no version")
        if answer.status not in {_OK, _NOT_MODIFIED}:
            raise self._status(request.url, answer)
        fields = answer.fields
        media_type, charset = headers.content_type(fields.get("Content-Type", "")) if answer.body else ("", "")
        return Fetched(
            request_url=request.url,
            url=without_logins(last_hop.target.url),
            status=answer.status,
            at=self._clock.now(),
            body=answer.body,
            media_type=media_type,
            charset=charset,
            etag=headers.validator(fields.get("ETag", "")),
            last_modified=headers.validator(fields.get("Last-Modified", "")),
            fresh_s=headers.fresh_s(fields.get("Cache-Control", ""), fields.get("Age", "")),
            moved_to=without_logins(last_hop.moved_to),
        )

    def _client(self) -> aiohttp.ClientSession:
        """The session, made on the running loop at the first request."""
        if self._is_closed:
            raise ConnectionAbortedError("this fetcher was closed")
        if self._session is None:
            connector = aiohttp.TCPConnector(
                resolver=self._resolver,
                use_dns_cache=False,  # each connection is judged by the answer that it uses
                socket_factory=self._guard.open_socket,
                limit=0,  # `_places` and the hosts' turns are the limits
                keepalive_timeout=KEEP_ALIVE_S,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,  # `Body` decodes, in steps that the caps can see
                trust_env=False,  # a proxy would connect where the guard cannot see
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT_S),
                max_line_size=MAX_HEADER_BYTES,
                max_field_size=MAX_HEADER_BYTES,
            )
        return self._session


class _TimeLimit:
    """What is left of a request's time, over all of its hops."""

    def __init__(self, seconds: float) -> None:
        self._left_s = seconds

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Count the time inside, and end it when the limit is used up.

        Raises:
            TimeoutError: nothing is left.
        """
        loop = asyncio.get_running_loop()
        started = loop.time()
        async with asyncio.timeout(max(self._left_s, 0.0)):
            yield
        self._left_s -= loop.time() - started


def _redirected(target: Target, location: str) -> Target:
    """Where a Location leads; a login is never carried to another origin, which it was not meant for."""
    # RFC 9110 wants ASCII here; servers send UTF-8 or Latin-1, and aiohttp passes the bytes on as surrogates.
    raw = location.encode("utf-8", "surrogateescape")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    new = canonical(text, base=target.url)
    if new.has_credentials and new.origin != target.origin:
        return canonical(str(URL(new.url, encoded=True).with_user(None)))
    return new


def _may_be_remembered(old: Target, new: Target) -> bool:
    """Whether a permanent redirect may be believed for good: not from https to http, nor out of a login."""
    # On plain http anyone on the way could fake it once, and we would ask the faked address from then on.
    is_downgrade = old.scheme == "https" and new.scheme == "http"
    return not is_downgrade and new.has_credentials == old.has_credentials


def _wire_url(target: Target) -> URL:
    """The url as aiohttp takes it.

    Raises:
        Forbidden: its parser reads another host than ours did.
    """
    url = URL(target.url, encoded=True)
    if (url.raw_host, url.port, url.scheme) != (target.host, target.port, target.scheme):
        raise Forbidden("it can be read in two ways")
    return url
