"""Answers requests as the script's publishers would at a given time, without socket or clock of its own.

So the same press serves the demo (accelerated), the tests (any minute they like) and the gold labels of a corpus.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from stayahead.demo import render
from stayahead.demo.render import Item
from stayahead.demo.script import Outlet, Piece, Script, read_script
from stayahead.model import Feed, Publisher

START = datetime(2031, 5, 14, 14, 0, tzinfo=UTC)
"""When the scripted afternoon begins."""
FEED_ITEMS = 20
_FRESH_S = {"feed": 60, "page": 300, "robots": 3600}
"""max-age of each kind of resource. A minute for feeds, so that the accelerated demo is polled often enough."""
_ROBOTS = b"User-agent: *\nDisallow: /account\nDisallow: /search\nAllow: /\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP answer."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """The gold labels of one article."""

    story: str
    copy_of: str = ""
    """Url of the article that it copies, or empty."""
    title: str = ""
    text: str = ""
    """The text of its last version: note and blocks, joined by blank lines."""


class Press:
    """All outlets of the script, on an afternoon that begins at `start`."""

    def __init__(self, *, start: datetime = START, script: Script | None = None) -> None:
        self.start = start
        self.script = script if script is not None else read_script()
        self._outlets = {outlet.host: outlet for outlet in self.script.outlets.values()}
        self._by_path = {(piece.outlet, self._path(piece)): piece for piece in self.script.pieces}

    @property
    def end(self) -> datetime:
        """When the last event of the script happens."""
        return self._time(self.script.ends_at)

    def answer(self, host: str, path: str, headers: Mapping[str, str], now: datetime) -> Answer:
        """The answer to a GET; `host` as in the Host header, `path` with its query, header names in any case."""
        outlet = self._outlets.get(host.lower().partition(":")[0])
        if outlet is None:
            return _plain(404, f"There is no outlet {host} in the demo press.\n")
        site = f"http://{host.lower()}"
        if path == "/robots.txt":
            resource = _Resource(body=_ROBOTS, media_type="text/plain", changed=self._time(-24 * 60), fresh="robots")
        elif path == outlet.feed_path:
            resource = self._feed(outlet, site=site, now=now)
        elif path == "/":
            body = render.front(outlet, self._items(outlet, site=site, now=now), site=site)
            resource = _Resource(body=body, media_type="text/html", changed=self._changed(outlet, now), fresh="page")
        else:
            piece = self._by_path.get((outlet.slug, path))
            if piece is None or self._minute(now) < piece.at:
                return _plain(404, "There is no such page: only the articles of the script exist.\n")
            item = self._item(piece, site=site, now=now)
            if item is None:
                return _plain(410, "This article has been taken down.\n")
            resource = self._page(outlet, item, site=site, now=now)
        return _answer(resource, charset=outlet.charset, headers={k.lower(): v for k, v in headers.items()})

    def feeds(self, port: int) -> tuple[Feed, ...]:
        """The feeds to watch, when the press is served on that port."""
        return tuple(
            Feed(url=f"http://{outlet.host}:{port}{outlet.feed_path}", title=outlet.name)
            for outlet in self.script.outlets.values()
        )

    def publishers(self) -> tuple[Publisher, ...]:
        """The outlets as publishers; each one's host is a domain of its own."""
        return tuple(
            Publisher(
                domain=outlet.host,
                name=outlet.name,
                owner=outlet.owner,
                country=outlet.country,
                language=outlet.language,
                kind=outlet.kind,
            )
            for outlet in self.script.outlets.values()
        )

    def host_names(self, address: str = "127.0.0.1") -> dict[str, str]:
        """The address of each outlet's host, for a resolver: no name server knows them."""
        return dict.fromkeys(self._outlets, address)

    def exceptions(self, port: int) -> frozenset[str]:
        """The host:port pairs that the fetcher's guard has to let through."""
        return frozenset(f"{host}:{port}" for host in self._outlets)

    def url(self, piece: Piece, port: int) -> str:
        """The url of a piece, when the press is served on that port."""
        return f"http://{self.script.outlets[piece.outlet].host}:{port}{self._path(piece)}"

    def gold(self, port: int) -> dict[str, Gold]:
        """The gold labels of every article by its url, in the order of publication."""
        urls = {piece.key: self.url(piece, port) for piece in self.script.pieces}
        return {
            urls[piece.key]: Gold(
                story=piece.story,
                copy_of=urls.get(piece.copy_of, ""),
                title=piece.versions[-1].title,
                text=piece.versions[-1].text,
            )
            for piece in self.script.pieces
        }

    def _time(self, minute: int) -> datetime:
        return self.start + timedelta(minutes=minute)

    def _minute(self, now: datetime) -> float:
        return (now - self.start).total_seconds() / 60

    def _path(self, piece: Piece) -> str:
        pattern = self.script.outlets[piece.outlet].article_path
        return pattern.format(slug=piece.slug, section=piece.section.lower(), date=f"{self.start:%Y/%m/%d}")

    def _item(self, piece: Piece, *, site: str, now: datetime) -> Item | None:
        version = piece.version(self._minute(now))
        if version is None:
            return None
        return Item(
            url=f"{site}{self._path(piece)}",
            piece=piece,
            version=version,
            published=self._time(piece.at),
            updated=self._time(version.at),
        )

    def _items(self, outlet: Outlet, *, site: str, now: datetime) -> list[Item]:
        """The outlet's articles that are out now, newest first."""
        own = (self._item(p, site=site, now=now) for p in self.script.pieces if p.outlet == outlet.slug)
        return sorted((item for item in own if item), key=lambda item: (item.published, item.url), reverse=True)

    def _changed(self, outlet: Outlet, now: datetime) -> datetime:
        """When the outlet last published, changed or took down an article."""
        own = [piece for piece in self.script.pieces if piece.outlet == outlet.slug]
        minutes = [version.at for piece in own for version in piece.versions]
        minutes += [piece.gone_at for piece in own if piece.gone_at is not None]
        past = [minute for minute in minutes if minute <= self._minute(now)]
        return self._time(max(past, default=-24 * 60))

    def _feed(self, outlet: Outlet, *, site: str, now: datetime) -> _Resource:
        items = self._items(outlet, site=site, now=now)[:FEED_ITEMS]
        changed = self._changed(outlet, now)
        body = render.feed(outlet, items, site=site, changed=changed)
        return _Resource(body=body, media_type=render.MEDIA_TYPES[outlet.feed], changed=changed, fresh="feed")

    def _page(self, outlet: Outlet, item: Item, *, site: str, now: datetime) -> _Resource:
        others = [other for other in self._items(outlet, site=site, now=now) if other.url != item.url][:4]
        body = render.page(outlet, item, others, site=site)
        return _Resource(body=body, media_type="text/html", changed=item.updated, fresh="page")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Resource:
    """A resource that exists, before conditions and compression."""

    body: bytes
    media_type: str
    changed: datetime
    fresh: str


def _plain(status: int, text: str) -> Answer:
    return Answer(status=status, headers={"Content-Type": "text/plain; charset=utf-8"}, body=text.encode())


def _answer(resource: _Resource, *, charset: str, headers: Mapping[str, str]) -> Answer:
    """The resource, or 304 when the request names the version that it has (RFC 9110, section 13)."""
    etag = f'"{hashlib.blake2b(resource.body, digest_size=8).hexdigest()}"'
    headers_out = {
        "Content-Type": resource.media_type
        if "json" in resource.media_type
        else f"{resource.media_type}; charset={charset}",
        "ETag": etag,
        "Last-Modified": format_datetime(resource.changed, usegmt=True),
        "Cache-Control": f"max-age={_FRESH_S[resource.fresh]}",
        "Vary": "Accept-Encoding",
    }
    if _is_known(etag, resource.changed, headers):
        del headers_out["Content-Type"]
        return Answer(status=304, headers=headers_out)
    if "gzip" in headers.get("accept-encoding", ""):  # other bytes, so the etag only holds weakly
        headers_out |= {"Content-Encoding": "gzip", "ETag": f"W/{etag}"}
        return Answer(status=200, headers=headers_out, body=gzip.compress(resource.body, mtime=0))
    return Answer(status=200, headers=headers_out, body=resource.body)


def _is_known(etag: str, changed: datetime, headers: Mapping[str, str]) -> bool:
    etags = headers.get("if-none-match", "")
    if etags:  # then If-Modified-Since is not looked at (RFC 9110, 13.1.3)
        return etags == "*" or etag in {tag.strip().removeprefix("W/") for tag in etags.split(",")}
    try:
        return changed <= parsedate_to_datetime(headers["if-modified-since"])
    except (KeyError, ValueError, TypeError):
        return False
