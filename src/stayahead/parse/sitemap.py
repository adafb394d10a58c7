"""Bytes of a sitemap in, piece by piece; its newest addresses as the entries of a feed, or an index's parts, out.

https://www.sitemaps.org/protocol.html, with the namespaces `news:`, `image:` and `video:` of
https://developers.google.com/search/docs/crawling-indexing/sitemaps. A sitemap may list 50,000 addresses in 50 MB, so
it is cut at the ends of its `url` elements, each stretch is repaired and parsed as a feed would be, and only the newest
are kept: memory does not grow with it, and work is linear in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from heapq import heappush, heappushpop
from itertools import chain

from lxml.etree import _Element as Element

from stayahead.charset import decode
from stayahead.errors import ParseError
from stayahead.language.lexicon import either
from stayahead.model import Entry, Media, ParsedFeed, Part
from stayahead.parse.constructs import plain
from stayahead.parse.entries import MAX_CATEGORIES, MAX_MEDIA, Dates, Fields, first_plain
from stayahead.parse.names import name_of
from stayahead.parse.tree import read_tree
from stayahead.text import collapse
from stayahead.urls import absolute

MAX_ENTRIES = 1_000
"""Kept of one sitemap: the newest. Google reads no more of a news sitemap either."""

MAX_BYTES = 52_428_800
"""What the protocol allows a sitemap, unpacked."""

MAX_URLS = 50_000
"""What the protocol allows in one file; what comes after is not read."""

MAX_PARTS = 20
"""Of an index: the likeliest to hold today's news."""

HEAD_BYTES = 65_536
"""How far into the bytes the root element is looked for."""

_STRETCH_BYTES = 131_072
"""Parsed at a time, or a little more, up to an element's end."""
_MAX_ELEMENT_BYTES = 1_000_000
"""An element that ends later than this is no address; the stretch is given up."""

_ROOT = re.compile(rb"<(?P<prefix>[A-Za-z][\w.-]{0,30}:)?(?P<kind>urlset|sitemapindex)(?=[\s/>])[^<>]{0,8000}>")
_ELEMENT = re.compile(rb"<[A-Za-z]")
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']?([A-Za-z0-9._:-]{2,40})""")

_LATEST = re.compile(either("sitemaps.news"), re.IGNORECASE)
_FURNITURE = re.compile(rf"(?:^|[/._?=-])(?:{either('sitemaps.lasting')})(?=[\d/._&-]|$)", re.IGNORECASE)
"""Sitemaps of what stays: lists, people, pictures."""
_DATED = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-_/]?([01]\d)(?:[-_/]?([0-3]\d))?)?(?!\d)")
_NO_DATE = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How a sitemap begins: all that is needed to read the rest of it in stretches."""

    is_index: bool
    root: bytes
    """The root's start tag, with its namespaces."""
    end: int
    """Where that tag ends in the head."""
    prefix: bytes
    """Of the root's name, with its colon, or empty."""
    charset: str


def opening(head: bytes, *, charset: str = "") -> Opening | None:
    """How the sitemap begins whose first bytes these are; None when they are those of something else."""
    head = head[:HEAD_BYTES]
    at = _first_element(head)
    root = _ROOT.match(head, at) if at >= 0 else None
    if root is None:
        return None
    declared = _ENCODING.search(head[: root.start()])
    return Opening(
        is_index=root["kind"] == b"sitemapindex",
        root=root[0].removesuffix(b"/>").removesuffix(b">") + b">",
        end=root.end(),
        prefix=root["prefix"] or b"",
        charset=charset or (declared[1].decode("ascii") if declared else ""),
    )


def _first_element(head: bytes) -> int:
    """Where the first element starts, past comments, instructions and the document type; -1 when there is none."""
    at = head.find(b"<")
    while at >= 0 and not _ELEMENT.match(head, at):
        end = at + 1
        if head.startswith(b"<!--", at):
            end = head.find(b"-->", at)
        elif head[at : at + 9].upper() == b"<!DOCTYPE":
            end = head.find(b">", at)
            if head.find(b"[", at, end) >= 0 and (bracket := head.find(b"]", at)) >= 0:
                end = head.find(b">", bracket)
        at = head.find(b"<", end) if end >= 0 else -1
    return at


def read(begins: Opening, chunks: Iterable[bytes], *, url: str) -> ParsedFeed:
    """The newest addresses of a sitemap as entries, in document order; of an index, the sitemaps to read instead.

    Args:
        begins: its `opening`.
        chunks: the whole of it, the head included, in pieces.
        url: where it was read from.

    Raises:
        ParseError: it is an index that names nothing.
    """
    if begins.is_index:
        return ParsedFeed(url=absolute(url, "/"), more=_parts(begins, chunks, url))
    newest = _Newest()
    dates = Dates()
    title = language = ""
    for number, (element, core) in enumerate(_elements(begins, chunks, b"url")):
        if number >= MAX_URLS:
            break
        fields = _fields(element, core)
        if not title:
            title, language = first_plain(fields, ("news:name",)), first_plain(fields, ("news:language",))
        published = _date(fields, "news:publication_date", dates)
        updated = _date(fields, "lastmod", dates)
        at = published or updated or _NO_DATE
        if newest.takes(at, number) and (entry := _entry(fields, published, updated, url)):
            newest.add(at, number, entry)
    return ParsedFeed(
        title=title, url=absolute(url, "/"), language=language.lower()[:35], entries=tuple(newest.in_order())
    )


def _parts(begins: Opening, chunks: Iterable[bytes], url: str) -> tuple[Part, ...]:
    """The sitemaps that an index names, those likeliest to hold today's news first.

    Where the addresses of some speak of news, only those; else all but those of lists, people and pictures; else all.
    They are in the order of their last change; of those changed on one day, a name that stays goes before one made for
    a month or a day, and of these the later date first. Those that nothing tells apart come from both ends of the
    file, since sites write the newest first or last.
    """
    found: dict[str, Part] = {}
    dates = Dates()
    for number, (element, core) in enumerate(_elements(begins, chunks, b"sitemap")):
        if number >= MAX_URLS:
            break
        fields = _fields(element, core)
        address = absolute(url, first_plain(fields, ("loc",)))
        if address and address != url:
            found.setdefault(address, Part(url=address, changed=_date(fields, "lastmod", dates)))
    if not found:
        what = "the answer is an index of sitemaps that names none"
        raise ParseError(url, what, remedy="name the site's feed instead")
    of_news = [part for part in found.values() if _LATEST.search(_path(part))]
    lasting = [part for part in found.values() if not _FURNITURE.search(_path(part))]
    chosen = of_news or lasting or list(found.values())
    both_ends = [part for pair in zip(chosen, reversed(chosen), strict=True) for part in pair][: len(chosen)]
    return tuple(sorted(both_ends, key=_freshness, reverse=True)[:MAX_PARTS])


def _path(part: Part) -> str:
    return part.url.partition("://")[2].partition("/")[2]


def _freshness(part: Part) -> tuple[date, date, datetime]:
    """By which of two parts the fresher is told; one that says nothing may be of today."""
    changed = part.changed or _NO_DATE
    named = [day for match in _DATED.finditer(_path(part)) if (day := _named(match))]
    of_name = max(named, default=date.max)
    return (changed.date() if part.changed else of_name), of_name, changed


def _named(match: re.Match[str]) -> date | None:
    """The last day of the year, the month or the day that a name speaks of."""
    year, month, day = match[1], match[2], match[3]
    try:
        return date(int(year), int(month or 12), int(day or (28 if month else 31)))
    except ValueError:
        return None


def _elements(begins: Opening, chunks: Iterable[bytes], name: bytes) -> Iterator[tuple[Element, str]]:
    """The elements of that name under the root, with the root's namespace, stretch by stretch."""
    for stretch in _stretches(begins, chunks, name):
        closing = b"</" + begins.prefix + (b"sitemapindex>" if begins.is_index else b"urlset>")
        text = decode(begins.root, declared=begins.charset) + decode(stretch, declared=begins.charset)
        root = read_tree(text + closing.decode("ascii"))
        if root is None:
            continue
        space, bracket, _ = str(root.tag).rpartition("}")
        core = space[1:] if bracket else ""
        local = name.decode("ascii")
        for element in root:
            if name_of(element, core=core) == local:
                yield element, core


def _stretches(begins: Opening, chunks: Iterable[bytes], name: bytes) -> Iterator[bytes]:
    """What is inside the root, cut after ends of elements of that name."""
    end = b"</" + begins.prefix + name + b">"
    root_end = b"</" + begins.prefix + (b"sitemapindex" if begins.is_index else b"urlset")
    rest = bytearray()
    skip = begins.end
    for chunk in chunks:
        rest += chunk[skip:]
        skip = max(0, skip - len(chunk))
        if len(rest) < _STRETCH_BYTES:
            continue
        cut = rest.rfind(end)
        if cut >= 0:
            yield bytes(rest[: cut + len(end)])
            del rest[: cut + len(end)]
        elif len(rest) > _MAX_ELEMENT_BYTES:
            rest.clear()
    yield bytes(rest).partition(root_end)[0]


def _fields(element: Element, core: str) -> Fields:
    """Everything below the element by our names."""
    fields: Fields = {}
    for inner in element.iterdescendants():
        fields.setdefault(name_of(inner, core=core), []).append(inner)
    return fields


def _date(fields: Fields, name: str, dates: Dates) -> datetime | None:
    return next((at for found in fields.get(name, ()) if (at := dates.read(found.text or "")) is not None), None)


def _entry(fields: Fields, published: datetime | None, updated: datetime | None, url: str) -> Entry | None:
    address = absolute(url, first_plain(fields, ("loc",)))
    if not address:
        return None
    words = (word for found in fields.get("news:keywords", ()) for word in plain(found).split(","))
    pictures = chain(fields.get("image:loc", ()), fields.get("video:thumbnail_loc", ()))
    media = dict.fromkeys(found for each in pictures if (found := absolute(url, collapse(each.text or ""))))
    return Entry(
        id=address,
        url=address,
        title=first_plain(fields, ("news:title",)),
        published=published,
        updated=updated,
        categories=tuple(dict.fromkeys(said[:200] for word in words if (said := collapse(word))))[:MAX_CATEGORIES],
        media=tuple(Media(url=found, media_type="image") for found in media)[:MAX_MEDIA],
    )


@dataclass(slots=True)
class _Newest:
    """The newest entries seen so far; of equal ones those that came first."""

    _kept: list[tuple[datetime, int, Entry]] = field(default_factory=list)

    def takes(self, at: datetime, number: int) -> bool:
        return len(self._kept) < MAX_ENTRIES or (at, -number) > self._kept[0][:2]

    def add(self, at: datetime, number: int, entry: Entry) -> None:
        (heappush if len(self._kept) < MAX_ENTRIES else heappushpop)(self._kept, (at, -number, entry))

    def in_order(self) -> Iterator[Entry]:
        return (entry for _, _, entry in sorted(self._kept, key=lambda kept: -kept[1]))
