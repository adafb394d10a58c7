"""Reads a sitemap as a feed of its newest addresses, and an index of sitemaps as a list of the parts worth reading.

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
from stayahead.model import Entry, FeedPart, Media, ParsedFeed
from stayahead.parse.constructs import plain
from stayahead.parse.entries import MAX_CATEGORIES, MAX_MEDIA, Dates, Fields, first_plain
from stayahead.parse.names import name_of
from stayahead.parse.tree import read_tree
from stayahead.text import collapse, parted_headline
from stayahead.urls import absolute

MAX_ENTRIES = 1_000
"""How many addresses of one sitemap are kept, the newest. Google reads no more of a news sitemap either."""

MAX_BYTES = 52_428_800
"""What the protocol allows a sitemap, unpacked."""

MAX_URLS = 50_000
"""What the protocol allows in one file; what comes after is not read."""

MAX_PARTS = 20
"""How many sitemaps of an index are named, those likeliest to hold today's news first."""

HEAD_BYTES = 65_536
"""How far into the bytes the root element is looked for."""

_STRETCH_BYTES = 131_072
"""How much is parsed at a time, at least: a stretch ends where an element does."""
_MAX_ELEMENT_BYTES = 1_000_000
"""An element that has not ended by then is no address; the stretch is dropped, or it would grow with the file."""

_ROOT = re.compile(rb"<(?P<prefix>[A-Za-z][\w.-]{0,30}:)?(?P<kind>urlset|sitemapindex)(?=[\s/>])[^<>]{0,8000}>")
_ELEMENT = re.compile(rb"<[A-Za-z]")
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']?([A-Za-z0-9._:-]{2,40})""")

_LATEST = re.compile(either("sitemaps.news"), re.IGNORECASE)
_FURNITURE = re.compile(rf"(?:^|[/._?=-])(?:{either('sitemaps.lasting')})(?=[\d/._&-]|$)", re.IGNORECASE)
"""Sitemaps of what does not change with the news: lists, people, pictures."""
_DATED = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-_/]?([01]\d)(?:[-_/]?([0-3]\d))?)?(?!\d)")
_NO_DATE = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The start of a sitemap: all that is needed to read the rest of it in stretches."""

    is_index: bool
    root: bytes
    """The root's start tag, with its namespaces."""
    end: int
    """Where that tag ends in the head."""
    prefix: bytes
    """The prefix of the root's name, with its colon, or empty."""
    charset: str


def opening(head: bytes, *, charset: str = "") -> Opening | None:
    """The opening of a sitemap whose first bytes these are; None when they are something else's."""
    head = head[:HEAD_BYTES]
    at = _first_element(head)
    root = _ROOT.match(head, at) if at >= 0 else None
    if root is None:
        return None
    declared = _ENCODING.search(head[: root.start()])
    return Opening(
        is_index=root["kind"] == b"sitemapindex",
        root=root[0].removesuffix(b"/>").removesuffix(b">") + b">",  # never empty: stretches are put inside it
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
            # A subset of declarations holds signs of its own; the type ends after its bracket.
            if head.find(b"[", at, end) >= 0 and (bracket := head.find(b"]", at)) >= 0:
                end = head.find(b">", bracket)
        at = head.find(b"<", end) if end >= 0 else -1
    return at


def read(start: Opening, chunks: Iterable[bytes], *, url: str) -> ParsedFeed:
    """The newest addresses of a sitemap as entries, in document order; of an index, the sitemaps to read instead.

    Args:
        start: its `opening`.
        chunks: the whole of it, the head included, in pieces.
        url: where it was read from.

    Raises:
        ParseError: it is an index that names nothing.
    """
    if start.is_index:
        return ParsedFeed(url=absolute(url, "/"), more=_parts(start, chunks, url))
    newest = _Newest()
    dates = Dates()
    title = language = ""
    for number, (element, core) in enumerate(_elements(start, chunks, b"url")):
        if number >= MAX_URLS:
            break
        fields = _fields(element, core)
        if not title:
            title, language = first_plain(fields, ("news:name",)), first_plain(fields, ("news:language",))
        published = _date(fields, "news:publication_date", dates)
        updated = _date(fields, "lastmod", dates)
        at = published or updated or _NO_DATE
        # Asked before the entry is made: of 50,000 addresses most are too old to be kept.
        if newest.takes(at, number) and (entry := _entry(fields, published, updated, url)):
            newest.add(at, number, entry)
    return ParsedFeed(
        title=title, url=absolute(url, "/"), language=language.lower()[:35], entries=tuple(newest.in_order())
    )


def _parts(start: Opening, chunks: Iterable[bytes], url: str) -> tuple[FeedPart, ...]:
    """The sitemaps that an index names, those likeliest to hold today's news first (docs/decisions/0019).

    Where the addresses of some speak of news, only those; else all but those of lists, people and pictures; else all.
    The last changed comes first. Among those changed on one day (generators stamp all alike) a lasting name comes
    before one made for a month or a day, and a later date before an earlier one.
    """
    part_by_url: dict[str, FeedPart] = {}
    dates = Dates()
    for number, (element, core) in enumerate(_elements(start, chunks, b"sitemap")):
        if number >= MAX_URLS:
            break
        fields = _fields(element, core)
        address = absolute(url, first_plain(fields, ("loc",)))
        if address and address != url:
            part_by_url.setdefault(address, FeedPart(url=address, changed=_date(fields, "lastmod", dates)))
    if not part_by_url:
        what = "the answer is an index of sitemaps that names none"
        raise ParseError(url, what, remedy="name the site's feed instead")
    of_news = [part for part in part_by_url.values() if _LATEST.search(_path(part))]
    lasting = [part for part in part_by_url.values() if not _FURNITURE.search(_path(part))]
    candidates = of_news or lasting or list(part_by_url.values())
    # Sites write the newest first or last, so where nothing else decides both ends of the file come before its middle;
    # the sort below is stable and keeps this order among equals.
    both_ends = [part for pair in zip(candidates, reversed(candidates), strict=True) for part in pair][
        : len(candidates)
    ]
    return tuple(sorted(both_ends, key=_freshness, reverse=True)[:MAX_PARTS])


def _path(part: FeedPart) -> str:
    return part.url.partition("://")[2].partition("/")[2]


def _freshness(part: FeedPart) -> tuple[date, date, datetime]:
    """Sort key of a part, the later the fresher; a part without any date may be today's and counts as such."""
    changed = part.changed or _NO_DATE
    days = [day for match in _DATED.finditer(_path(part)) if (day := _named(match))]
    name_day = max(days, default=date.max)
    return (changed.date() if part.changed else name_day), name_day, changed


def _named(match: re.Match[str]) -> date | None:
    """The last day of the year, month or day that is written in a name."""
    year, month, day = match[1], match[2], match[3]
    try:
        return date(int(year), int(month or 12), int(day or (28 if month else 31)))
    except ValueError:
        return None


def _elements(start: Opening, chunks: Iterable[bytes], name: bytes) -> Iterator[tuple[Element, str]]:
    """The elements of that name under the root, with the root's namespace, stretch by stretch."""
    # Each stretch is wrapped in the root's own tags, so that its namespaces are declared. `iterparse` over the whole
    # would need well-formed XML, and in recovering mode it loses text at a bare `&`, of which addresses are full.
    for stretch in _stretches(start, chunks, name):
        closing = b"</" + start.prefix + (b"sitemapindex>" if start.is_index else b"urlset>")
        text = decode(start.root, declared=start.charset) + decode(stretch, declared=start.charset)
        root = read_tree(text + closing.decode("ascii"))
        if root is None:
            continue
        space, bracket, _ = str(root.tag).rpartition("}")
        core = space[1:] if bracket else ""
        local = name.decode("ascii")
        for element in root:
            if name_of(element, core=core) == local:
                yield element, core


def _stretches(start: Opening, chunks: Iterable[bytes], name: bytes) -> Iterator[bytes]:
    """What is inside the root, cut after ends of elements of that name."""
    end = b"</" + start.prefix + name + b">"
    root_end = b"</" + start.prefix + (b"sitemapindex" if start.is_index else b"urlset")
    rest = bytearray()
    skip = start.end
    for chunk in chunks:
        rest += chunk[skip:]
        skip = max(0, skip - len(chunk))
        if len(rest) < _STRETCH_BYTES:
            continue
        # An element that is not whole yet waits for the next chunk: cut in two, its address would be lost or wrong.
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
    return next((at for element in fields.get(name, ()) if (at := dates.read(element.text or "")) is not None), None)


def _entry(fields: Fields, published: datetime | None, updated: datetime | None, url: str) -> Entry | None:
    address = absolute(url, first_plain(fields, ("loc",)))
    if not address:
        return None
    keywords = (word for element in fields.get("news:keywords", ()) for word in plain(element).split(","))
    pictures = chain(fields.get("image:loc", ()), fields.get("video:thumbnail_loc", ()))
    media = dict.fromkeys(picture_url for each in pictures if (picture_url := absolute(url, collapse(each.text or ""))))
    wire, title = parted_headline(first_plain(fields, ("news:title",)))
    return Entry(
        id=address,
        url=address,
        title=title,
        wire=wire,
        published=published,
        updated=updated,
        categories=tuple(dict.fromkeys(keyword[:200] for word in keywords if (keyword := collapse(word))))[
            :MAX_CATEGORIES
        ],
        media=tuple(Media(url=picture_url, media_type="image") for picture_url in media)[:MAX_MEDIA],
    )


@dataclass(slots=True)
class _Newest:
    """The newest entries so far; among equally old ones those that came first in the file."""

    _heap: list[tuple[datetime, int, Entry]] = field(default_factory=list)

    def takes(self, at: datetime, number: int) -> bool:
        return len(self._heap) < MAX_ENTRIES or (at, -number) > self._heap[0][:2]

    def add(self, at: datetime, number: int, entry: Entry) -> None:
        (heappush if len(self._heap) < MAX_ENTRIES else heappushpop)(self._heap, (at, -number, entry))

    def in_order(self) -> Iterator[Entry]:
        return (entry for _, _, entry in sorted(self._heap, key=lambda item: -item[1]))
