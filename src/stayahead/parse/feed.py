"""Reads a feed, in whatever dialect it is written, and says what is wrong with an answer that holds none.

`parse_feed` looks at the bytes, not at the media type, to tell gzip, sitemap, JSON Feed, web page and XML apart:
servers send feeds under any type. XML goes through one recovering parse of a repaired text (docs/decisions/0011); only
where that finds no entry is `feedparser` asked (0012). At the end entries that cannot be told apart get ids that can.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from email.message import Message
from itertools import chain

from lxml.etree import _Element as Element

from stayahead.charset import decode
from stayahead.errors import ParseError
from stayahead.model import Entry, FeedPart, ParsedFeed
from stayahead.parse import jsonfeed, rescue, sitemap
from stayahead.parse.constructs import Room, at_home, base_of, person
from stayahead.parse.entries import (
    Dates,
    Fields,
    Links,
    Surroundings,
    fields_of,
    first_plain,
    links_of,
    read_entry,
    time_of,
    written_in,
)
from stayahead.parse.gunzip import MAGIC, BadGzip, gunzip, slices
from stayahead.parse.names import core_space, name_of
from stayahead.parse.newest import newest
from stayahead.parse.tree import is_page, read_tree
from stayahead.text import collapse
from stayahead.urls import absolute, host

MAX_ENTRIES = 1_000
"""How many entries of a feed are read, the newest: several times the longest that news sites publish."""

MAX_UNPACKED_BYTES = 8_000_000
"""Largest feed inside a gzip file: what `fetch_max_bytes` allows by default."""

MAX_TTL_S = 7 * 86_400.0
"""Longest wait between polls that a feed may ask for."""

SHARED_BY = 3
"""So many entries must share an address before it counts as no article's: two may be versions of one article."""

_ROOTS = frozenset({"rss", "rdf:rdf", "rdf", "feed", "channel"})
_ENTRIES = frozenset({"item", "entry"})
_OTHER_KINDS = {
    "opml": ("a list of feeds (OPML)", "import it with `stayahead sources import`"),
    "urlset": ("a sitemap that does not begin as one", "name the site's feed instead"),
    "sitemapindex": ("an index of sitemaps", "name the site's feed instead"),
}
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_PERIODS_S = {"hourly": 3600.0, "daily": 86_400.0, "weekly": MAX_TTL_S, "monthly": MAX_TTL_S, "yearly": MAX_TTL_S}

_FEED_LINK = re.compile(r"<link\s[^<>]{0,400}?application/(?:rss|atom|feed)\+(?:xml|json)[^<>]{0,400}>", re.IGNORECASE)
_HREF = re.compile(r"""\shref\s*=\s*["']?([^"'\s<>]{1,2000})""", re.IGNORECASE)
_HEAD_CHARS = 100_000


def parse_feed(body: bytes, *, url: str = "", media_type: str | None = None) -> ParsedFeed:
    """Read RSS 0.9x, 1.0, 2.0, Atom 0.3, 1.0, JSON Feed 1.0, 1.1, mixtures of them, and sitemaps.

    A sitemap (with or without the `news:` namespace) becomes a feed of its newest 1,000 addresses; an index of sitemaps
    becomes one without entries that names, in `more`, the sitemaps to read.

    Args:
        body: the answer, decompressed, or a gzip file of it (`sitemap.xml.gz`). Any bytes do.
        url: where it was read from; relative links are resolved against it.
        media_type: as Content-Type had it; its `charset` is used.

    Raises:
        ParseError: the bytes hold no feed. A feed without entries is a feed.
    """
    kind, charset = _content_type(media_type)
    if body.startswith(MAGIC):
        return _unpacked(body, url=url, kind=kind, charset=charset)
    opening = sitemap.opening(body, charset=charset)
    if opening is not None:
        return sitemap.read(opening, slices(body), url=url)
    return _parsed(body, url=url, kind=kind, charset=charset)


def _unpacked(body: bytes, *, url: str, kind: str, charset: str) -> ParsedFeed:
    """Read the feed or sitemap in a gzip file; a sitemap is never whole in memory."""
    try:
        chunks = gunzip(slices(body), max_bytes=sitemap.MAX_BYTES)
        head = _head(chunks)
        opening = sitemap.opening(head, charset=charset)
        if opening is not None:
            return sitemap.read(opening, chain((head,), chunks), url=url)
        # From the start again: the head was consumed, and a feed's own cap is smaller than a sitemap's.
        whole = b"".join(gunzip(slices(body), max_bytes=MAX_UNPACKED_BYTES))
    except BadGzip as error:
        raise ParseError(url, str(error), remedy="wait for the next poll, or correct the feed's address") from error
    return _parsed(whole, url=url, kind=kind, charset=charset)


def _head(chunks: Iterable[bytes]) -> bytes:
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= sitemap.HEAD_BYTES:
            break
    return head


def _parsed(body: bytes, *, url: str, kind: str, charset: str) -> ParsedFeed:
    text = decode(body, declared=charset)
    if b"\0" in body[:4]:  # a sitemap in UTF-16: only now can its root be seen, others were recognised by their bytes
        plain = text.encode("utf-8", "replace")
        opening = sitemap.opening(plain, charset="utf-8")
        if opening is not None:
            return sitemap.read(opening, slices(plain), url=url)
    start = text[:4096].lstrip("\ufeff \t\r\n\0")
    if not text or text.isspace():
        raise ParseError(url, "the answer is empty", remedy="wait for the next poll, or correct the feed's address")
    if start.startswith("{") or (kind.endswith("json") and not start.startswith("<")):
        return _named(jsonfeed.parse(text, url=url, max_entries=MAX_ENTRIES))
    if is_page(text):
        raise _page_instead(text, url)
    root = read_tree(text)
    feed_root = None if root is None else _feed_root(root)
    if feed_root is None:
        raise _no_feed(text, root, url)
    parsed = _read(feed_root, url, has_bases="base=" in text or "BASE=" in text)
    return _named(parsed if parsed.entries else rescue.entries_of(text, url=url, parsed=parsed))


def _named(parsed: ParsedFeed) -> ParsedFeed:
    """The feed with entries that can be told apart by url, id or title.

    An address that is the site's own, or that several entries with ids and titles of their own share, is dropped: it is
    no article's. Two entries with one id get the title added to it; an entry with neither url, id nor title gets a
    digest of its text for an id.
    """
    # Ids of articles are made of these and kept for ever: entries that look alike here would become one article, and
    # all but one be lost.
    shared = _shared(parsed)
    ids = Counter(entry.id for entry in parsed.entries if not entry.url or entry.url in shared)
    entries = tuple(_told_apart(entry, shared, ids) for entry in parsed.entries)
    return parsed if entries == parsed.entries else replace(parsed, entries=entries)


def _shared(parsed: ParsedFeed) -> frozenset[str]:
    """The addresses that are no article's: the site's front page, or a page that many entries point to."""
    sites = {parsed.url, parsed.url.removesuffix("/"), f"{parsed.url}/"}
    borne = Counter([entry.url for entry in parsed.entries])
    suspects = {url for url, times in borne.items() if url and (times >= SHARED_BY or url in sites)}
    if not suspects:
        return frozenset()
    ids: defaultdict[str, set[str]] = defaultdict(set)
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for entry in parsed.entries:
        if entry.url in suspects:
            ids[entry.url].add(entry.id)
            titles[entry.url].add(entry.title)
    # An entry without an id has nothing but its url to be named by, so a url that one of those has stays everybody's.
    return frozenset(
        url for url in ids if "" not in ids[url] and (url in sites or min(len(ids[url]), len(titles[url])) >= SHARED_BY)
    )


def _told_apart(entry: Entry, shared: frozenset[str], ids: Counter[str]) -> Entry:
    if entry.url in shared and entry.id != entry.url:
        entry = replace(entry, url="")
    if entry.url or (ids[entry.id] < 2 if entry.id else entry.title):
        return entry
    if entry.id:
        return replace(entry, id=f"{entry.id} {entry.title}".strip())
    return replace(entry, id=_digest(entry.html))


def _digest(html: str) -> str:
    return "text:" + hashlib.blake2b(html.encode("utf-8", "replace"), digest_size=10).hexdigest()


def _content_type(value: str | None) -> tuple[str, str]:
    """The media type in lower case and the charset that a Content-Type names."""
    if not value:
        return "", ""
    header = Message()
    header["content-type"] = value[:200].replace("\r", " ").replace("\n", " ")
    charset = header.get_param("charset")
    return header.get_content_type(), charset if isinstance(charset, str) else ""


def _feed_root(root: Element) -> Element | None:
    """The element that a feed begins with: the root itself, or the first one inside a wrapper."""
    core = core_space(root)
    if name_of(root, core=core) in _ROOTS:
        return root
    return next(
        (element for element in root.iter() if name_of(element, core=core_space(element)) in _ROOTS - {"channel"}), None
    )


def _read(root: Element, url: str, *, has_bases: bool) -> ParsedFeed:
    core = core_space(root)
    elements, channel = _entry_elements(root, core)
    fields = fields_of(channel, core)
    # RSS 1.0 keeps some of the feed's fields beside the channel, not in it.
    for name, elements_beside in fields_of(root, core).items() if channel is not root else ():
        fields.setdefault(name, elements_beside)
    base = base_of(channel, url) if has_bases else url
    is_atom = name_of(root, core=core) == "feed"  # only Atom's entries inherit the feed's author
    author = next((person(each) for each in fields.get("author", ())), "") if is_atom else ""
    links = links_of(fields, base, has_bases=has_bases)
    site = _site(channel, fields, links, base)
    home = at_home(url, site) if base == url else url
    surroundings = Surroundings(
        url=home,
        core=core,
        has_bases=has_bases,
        author=author,
        dates=Dates(),
        room=Room(),
        away_from=host(url) if home != url else "",
    )
    listed = newest(elements, lambda element: time_of(element, core, surroundings.dates), most=MAX_ENTRIES)
    entries: tuple[Entry, ...] = tuple(read_entry(element, surroundings) for element in listed)
    return ParsedFeed(
        title=first_plain(fields, ("title", "dc:title", "itunes:title")),
        url=site,
        language=_language(root, channel, fields),
        self_url=links.by_relation.get("self", ""),
        hub_url=links.by_relation.get("hub", ""),
        more=(FeedPart(url=next_url),) if (next_url := links.by_relation.get("next", "")) else (),
        ttl_s=_ttl_s(fields),
        entries=entries,
    )


def _entry_elements(root: Element, core: str) -> tuple[list[Element], Element]:
    """The entries in document order, and the element that describes the feed."""
    channels = [child for child in root if name_of(child, core=core) == "channel"]
    channel = channels[0] if channels else root
    entries = [child for holder in (*channels, root) for child in holder if name_of(child, core=core) in _ENTRIES]
    if not entries:  # inside elements of somebody's own
        entries = [element for element in root.iter() if name_of(element, core=core) in _ENTRIES]
    return _in_sequence(entries, channel, core), channel


def _in_sequence(elements: list[Element], channel: Element, core: str) -> list[Element]:
    """The items in the order of RSS 1.0's table of contents (`items/rdf:Seq`, 5.3.5), those not in it at the end."""
    position_of: dict[str, int] = {}
    for items in channel:
        if name_of(items, core=core) == "items":
            for inner in items.iterdescendants():
                position_of.setdefault(_resource(inner, "resource"), len(position_of))
    position_of.pop("", None)
    if not position_of:
        return elements
    return sorted(elements, key=lambda element: position_of.get(_resource(element, "about"), len(position_of) + 1))


def _resource(element: Element, name: str) -> str:
    """An attribute of RDF, with its namespace or, as some feeds write it, without."""
    return element.get(f"{_RDF}{name}") or element.get(name) or ""


def _site(channel: Element, fields: Fields, links: Links, base: str) -> str:
    ids = (collapse(element.text or "") for name in ("id", "guid") for element in fields.get(name, ()))
    candidates = (*links.written[-1:], *links.alternates, written_in(channel, "href"), *ids)
    return next((url for href in candidates if "://" in href and (url := absolute(base, href))), "")


def _language(root: Element, channel: Element, fields: Fields) -> str:
    code = first_plain(fields, ("language", "dc:language"))
    if not code:
        key = "{http://www.w3.org/XML/1998/namespace}lang"
        code = channel.get(key) or root.get(key) or ""
    return code.strip().lower().replace("_", "-")[:35]


def _ttl_s(fields: Fields) -> float:
    """Seconds to wait: RSS `ttl` in minutes, else the syndication module's period over its frequency."""
    minutes = _number(first_plain(fields, ("ttl",)))
    if minutes > 0:
        return min(minutes * 60, MAX_TTL_S)
    period_s = _PERIODS_S.get(first_plain(fields, ("sy:updateperiod",)).lower(), 0.0)
    return period_s / max(_number(first_plain(fields, ("sy:updatefrequency",))), 1.0)


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return 0.0
    return number if math.isfinite(number) else 0.0


def _no_feed(text: str, root: Element | None, url: str) -> ParseError:
    if root is None:
        return ParseError(
            url, "the answer holds no feed: it is neither XML nor JSON", remedy="correct the feed's address"
        )
    name = name_of(root).rpartition(":")[2]
    if name == "html" or (
        name not in _OTHER_KINDS and re.search(r"<(?:body|div|head)\b", text[:_HEAD_CHARS], re.IGNORECASE)
    ):
        return _page_instead(text, url)
    what, remedy = _OTHER_KINDS.get(name, (f"XML of another kind (<{name[:40]}>)", "correct the feed's address"))
    return ParseError(url, f"the answer is {what}, not a feed", remedy=remedy)


def _page_instead(text: str, url: str) -> ParseError:
    """The error for a web page, which names the feed that the page itself names."""
    link = _FEED_LINK.search(text, 0, _HEAD_CHARS)
    href = _HREF.search(link[0]) if link else None
    feed_url = absolute(url, href[1].replace("&amp;", "&")) if href else ""
    remedy = f"the page names {feed_url} as its feed: use that" if feed_url else "find the feed that the site links to"
    return ParseError(url, "the answer is a web page, not a feed", remedy=remedy)
