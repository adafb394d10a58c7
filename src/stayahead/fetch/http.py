"""Fetches feeds, pages and robots.txt over real HTTP: one guarded, conditional GET with its redirects, within the caps.

The way of one request: url in canonical form → guard (what the url says) → robots.txt (pages) → its host's turn
and a place among all requests, shared by source → name lookup, guard again (the address), connection → headers → body,
decoded as it streams, within the budget of all bodies. A redirect starts the way anew. Time limits count only what the
wire costs, never a queue of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from yarl import URL

from stayahead import __version__
from stayahead.config import Settings
from stayahead.errors import BadAnswer, FetchError
from stayahead.fetch import headers
from stayahead.fetch.bodies import Bodies
from stayahead.fetch.cookies import Cookies
from stayahead.fetch.guard import Forbidden, Guard, Target, canonical, exception_pairs
from stayahead.fetch.hosts import Hosts
from stayahead.fetch.resolve import GuardedResolver, Lookup, SystemLookup
from stayahead.fetch.robots import MAX_BYTES as ROBOTS_MAX_BYTES
from stayahead.fetch.robots import Robots
from stayahead.fetch.time_limit import TimeLimit
from stayahead.fetch.translate import WIRE_ERRORS, status_error, translated
from stayahead.fetch.wire import Answer, Wire
from stayahead.model import Fetched
from stayahead.newsroom.shares import Asker
from stayahead.parse.codings import ACCEPT_ENCODING
from stayahead.ports import Clock, Request
from stayahead.urls import without_logins

MAX_REDIRECTS = 10
DEFAULT_PAUSE_S = 60.0
"""How long a host is left alone that answers 429 without saying how long."""

_OK, _NOT_MODIFIED, _TOO_MANY, _UNAVAILABLE = 200, 304, 429, 503
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class _LastHop:
    """Where a request's redirects ended, and the answer there."""

    answer: Answer
    target: Target
    moved_to: str
    """Where permanent redirects alone led; empty when there was none, or a temporary one came first."""


class HttpFetcher:
    """The `ports.Fetcher` of a running service, over real HTTP.

    Args:
        settings: the `fetch_*` options and `user_agent`.
        clock: tells the time, and waits where a site asks for a crawl delay.
        names: host → address for hosts that no name server knows (the demo). They need an exception all the same.
        exceptions: exact `host:port` pairs that may be private, whoever names them: the demo's own servers. Those of
            the options hold for the source that stands there alone (docs/decisions/0136).
        guard: another guard, in tests.
        lookup: another resolver than the system's, in tests.

    Raises:
        SettingsError: an exception is no host:port pair, or a certificate none.
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
        bound, free = exception_pairs(settings.fetch_exceptions), exception_pairs(",".join(sorted(exceptions)))
        self._guard = guard or Guard(exceptions=bound | free, bound=bound - free)
        self._settings = settings
        self._clock = clock
        resolver = GuardedResolver(self._guard, names or {}, lookup or SystemLookup())
        self._wire = Wire(settings, self._guard, resolver, Bodies(settings.fetch_memory_bytes))
        self._agent = headers.printable(settings.user_agent) or f"StayAhead/{__version__} (self-hosted news reader)"
        self._hosts = Hosts(clock, places=max(settings.fetch_at_once, 1))
        self._robots = Robots(self._robots_txt, clock, agent=self._agent)

    async def fetch(self, request: Request) -> Fetched:
        """Get it, within the caps; an answer has status 200 or 304.

        Raises:
            FetchError: for everything else, one of its leaves; its url is `request.url`, without a login in it.
        """
        try:
            last_hop = await self._follow(request)
        except WIRE_ERRORS as error:
            raise translated(without_logins(request.url), error, timeout_s=self._settings.fetch_timeout_s) from error
        try:
            fetched = self._fetched(replace(request, url=without_logins(request.url)), last_hop)
        except FetchError:
            last_hop.answer.end()
            raise
        if last_hop.answer.lease is not None:
            last_hop.answer.lease.end_with(fetched)
        return fetched

    async def close(self) -> None:
        """Close all connections; requests under way fail."""
        await self._wire.close()

    async def _robots_txt(self, url: str, on_behalf_of: str) -> bytes:
        accept = "text/plain,*/*;q=0.5"
        request = Request(url=url, accept=accept, max_bytes=ROBOTS_MAX_BYTES, is_cut=True, on_behalf_of=on_behalf_of)
        try:
            last_hop = await self._follow(request, is_for_page=True)
        except WIRE_ERRORS as error:
            raise translated(without_logins(url), error, timeout_s=self._settings.fetch_timeout_s) from error
        last_hop.answer.end()  # it is half a megabyte at most, and read one at a time
        if last_hop.answer.status != _OK:
            raise self._status(without_logins(url), last_hop.answer)
        return last_hop.answer.body

    async def _follow(self, request: Request, *, is_for_page: bool = False) -> _LastHop:
        """Follow all redirects to the last answer."""
        source = _source(request)
        asker = Asker(source=request.on_behalf_of or request.url, is_page=request.obey_robots or is_for_page)
        limit, cookies = TimeLimit(self._settings.fetch_timeout_s, asker), Cookies()
        target = canonical(request.url)
        moved_to, is_permanent = "", True
        for _ in range(MAX_REDIRECTS + 1):
            self._guard.check_target(target, source)
            delay_s = await self._delay_s(target, request)
            async with self._hosts.turn(target.pair, delay_s=delay_s, asker=asker), limit.running():
                answer = await self._wire.ask(target, request, self._fields(request, cookies.field(target.url)), asker)
                if answer.status in {_TOO_MANY, _UNAVAILABLE}:
                    self._note_pause(target, answer)
            location = answer.fields.get("Location", "")
            if answer.status not in _REDIRECTS or not location:
                return _LastHop(answer=answer, target=target, moved_to=moved_to)
            cookies.note(target.url, answer.set_cookies)
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

    async def _delay_s(self, target: Target, request: Request) -> float:
        """How long robots.txt asks to wait; asked at every hop: where a page's redirect ends, other rules hold."""
        if not request.obey_robots:
            return 0.0
        url = without_logins(request.url)
        return await self._robots.delay_s(target, url=url, on_behalf_of=request.on_behalf_of or request.url)

    def _fields(self, request: Request, cookie: str) -> dict[str, str]:
        fields = {"User-Agent": self._agent, "Accept": request.accept, "Accept-Encoding": ACCEPT_ENCODING}
        if cookie:
            fields["Cookie"] = cookie
        if etag := headers.validator(request.etag):
            fields["If-None-Match"] = etag
        if last_modified := headers.validator(request.last_modified):
            fields["If-Modified-Since"] = last_modified
        return fields

    def _note_pause(self, target: Target, answer: Answer) -> None:
        seconds = self._retry_after_s(answer.fields)
        if not seconds and answer.status == _TOO_MANY:
            seconds = DEFAULT_PAUSE_S
        if seconds:
            self._hosts.pause(target.pair, seconds=seconds, status=answer.status)

    def _retry_after_s(self, fields: Mapping[str, str]) -> float:
        value, date = fields.get("Retry-After", ""), fields.get("Date", "")
        return headers.retry_after_s(value, date=date, now=self._clock.now())

    def _status(self, url: str, answer: Answer) -> FetchError:
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


def _source(request: Request) -> Target:
    """The feed on whose behalf it is; an archive that was imported stands nowhere."""
    if not request.on_behalf_of:
        return canonical(request.url)
    try:
        return canonical(request.on_behalf_of)
    except Forbidden:
        return Target(url="", scheme="", host="", port=0)


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
