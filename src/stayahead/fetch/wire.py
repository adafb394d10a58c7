"""Asks one url once and reads what comes, its body within the caps and the budget: one hop of a request.

A server may count its bytes wrongly, or hang up where it should have said that this was all. What it said is taken when
it is a whole document (`whole`); where it cannot be read as HTTP frames it, or its length cuts the document, it is
asked once more by a reader who goes by the document (`framing.Unframed`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import aiohttp
from yarl import URL

from stayahead.config import Settings
from stayahead.fetch.bodies import Bodies, Lease
from stayahead.fetch.certificates import certificates
from stayahead.fetch.framing import Connector, Framed, Unframed
from stayahead.fetch.guard import Forbidden, Guard, Target
from stayahead.fetch.resolve import GuardedResolver
from stayahead.fetch.whole import LOOK_BYTES, is_whole
from stayahead.newsroom.shares import Asker
from stayahead.parse.codings import Body, BrokenBody, OverCap, OverRatio
from stayahead.ports import Request

CONNECT_TIMEOUT_S = 10.0
KEEP_ALIVE_S = 15.0
MAX_HEADER_BYTES = 32_768  # one header line; some publishers send 10 kB of Content-Security-Policy
BUFFER_BYTES = 32_768
"""What aiohttp reads ahead of us, for each connection; twice as much stops it."""
QUIET_S = 2.0
"""A whole document after which nothing came for so long has ended, whatever length was announced."""
AGAIN_S = 5.0
"""How long a feed that its length cuts has to say more when it is asked once more."""

_OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer of one hop; its body is read only with status 200."""

    status: int
    fields: Mapping[str, str]
    set_cookies: tuple[str, ...] = ()
    body: bytes = b""
    is_cut: bool = False
    """Its length ended it, and the document says that it went on."""
    lease: Lease | None = field(default=None, compare=False)
    """What the body has of the budget."""

    def end(self) -> None:
        """Its body is not needed any more."""
        if self.lease is not None:
            self.lease.end()


class Wire:
    """All connections of a fetcher.

    Args:
        settings: the `fetch_*` options.
        guard: opens every socket.
        resolver: the only one that is asked for names.
        bodies: the budget of all bodies.
    """

    def __init__(self, settings: Settings, guard: Guard, resolver: GuardedResolver, bodies: Bodies) -> None:
        self._settings = settings
        self._guard = guard
        self._resolver = resolver
        self._bodies = bodies
        self._certificates = certificates(settings.fetch_certificates)
        self._sessions: dict[type[Framed], aiohttp.ClientSession] = {}
        self._is_closed = False

    async def close(self) -> None:
        """Close all connections; requests under way fail."""
        self._is_closed = True
        for session in self._sessions.values():
            await session.close()

    async def ask(self, target: Target, request: Request, fields: Mapping[str, str], asker: Asker) -> Answer:
        """The answer, its body whole as far as the document can tell."""
        try:
            answer = await self._ask(Framed, target, request, fields, asker)
        except aiohttp.ClientResponseError:
            return await self._ask(Unframed, target, request, fields, asker)
        if not answer.is_cut:
            return answer
        try:
            async with asyncio.timeout(AGAIN_S):  # it may keep the connection although it has no more to say
                again = await self._ask(Unframed, target, request, fields, asker)
        except (aiohttp.ClientError, OSError, ValueError, BrokenBody, OverCap):
            return answer
        # It may end too early in truth: then one is as good as the other, and what can be read of it is.
        better, other = (again, answer) if again.status == _OK and not again.is_cut else (answer, again)
        other.end()
        return better

    async def _ask(
        self, kind: type[Framed], target: Target, request: Request, fields: Mapping[str, str], asker: Asker
    ) -> Answer:
        trust = self._certificates.get(target.pair, True)
        url = _wire_url(target)
        async with self._client(kind).get(url, headers=fields, allow_redirects=False, ssl=trust) as reply:
            cookies = tuple(reply.headers.getall("Set-Cookie", []))
            if reply.status != _OK:
                return Answer(status=reply.status, fields=reply.headers, set_cookies=cookies)
            lease = await self._bodies.lease(asker)
            try:
                body = await self._body(reply, request, lease)
            except BaseException:
                lease.end()
                raise
            is_cut = not (request.obey_robots or request.is_cut) and _is_whole(body) is False
            return Answer(status=_OK, fields=reply.headers, body=body.data, is_cut=is_cut, lease=lease)

    async def _body(self, reply: aiohttp.ClientResponse, request: Request, lease: Lease) -> Body:
        most = self._settings.fetch_max_bytes
        max_bytes = most if request.max_bytes is None else min(request.max_bytes, most)
        encoding = ",".join(reply.headers.getall("Content-Encoding", []))  # two headers are two codings in a row
        body = Body(encoding, max_bytes=max_bytes, max_ratio=self._settings.fetch_max_ratio)
        if not request.is_cut:
            body.announce(reply.content_length or 0)
        try:
            while chunk := await _chunk(reply, body):
                for size in body.steps(chunk):
                    await lease.grow(size)
            body.finish()
        except OverRatio:
            raise
        except OverCap:
            if not request.is_cut:
                raise
        return body

    def _client(self, kind: type[Framed]) -> aiohttp.ClientSession:
        """The session, made on the running loop at the first request."""
        if self._is_closed:
            raise ConnectionAbortedError("this fetcher was closed")
        if kind not in self._sessions:
            connector = Connector(
                kind,
                resolver=self._resolver,
                use_dns_cache=False,  # each connection is judged by the answer that it uses
                socket_factory=self._guard.open_socket,
                limit=0,  # the hosts' turns are the limit
                **({"force_close": True} if kind is Unframed else {"keepalive_timeout": KEEP_ALIVE_S}),
            )
            self._sessions[kind] = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,  # `Body` decodes, in steps that the caps can see
                trust_env=False,  # a proxy would connect where the guard cannot see
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT_S),
                max_line_size=MAX_HEADER_BYTES,
                max_field_size=MAX_HEADER_BYTES,
                read_bufsize=BUFFER_BYTES,
            )
        return self._sessions[kind]


async def _chunk(reply: aiohttp.ClientResponse, body: Body) -> bytes:
    """What comes next; nothing at the end, which may be the document's own."""
    while True:
        try:
            async with asyncio.timeout(QUIET_S):
                return await reply.content.readany()
        except TimeoutError:
            if _is_whole(body):
                reply.close()
                return b""
        except aiohttp.ClientPayloadError:
            if not _is_whole(body):
                raise
            return b""


def _is_whole(body: Body) -> bool | None:
    if not body.size:
        return None
    if body.is_compressed:
        try:
            body.finish()
        except BrokenBody:
            return False
        return True
    return is_whole(*body.ends(size=LOOK_BYTES))


def _wire_url(target: Target) -> URL:
    """The url as aiohttp takes it.

    Raises:
        Forbidden: its parser reads another host than ours did.
    """
    url = URL(target.url, encoded=True)
    if (url.raw_host, url.port, url.scheme) != (target.host, target.port, target.scheme):
        raise Forbidden("it can be read in two ways")
    return url
