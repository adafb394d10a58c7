"""Looks for a site's feeds in its page and its robots.txt, so that people can add a site by the address they know.

It only lists candidates, the likeliest first; `cli/find_feed` fetches them (docs/decisions/0017).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from stayahead.charset import decode
from stayahead.language.lexicon import either
from stayahead.parse.constructs import plain_text
from stayahead.urls import absolute, registrable

MAX_PAGE_CHARS = 2_000_000
MAX_ROBOTS_CHARS = 500_000
"""How much of robots.txt is read; crawlers read as much (RFC 9309, 2.5)."""

MAX_FOUND = 500
"""Feeds and links that are looked at on a page, and sitemaps in robots.txt."""

MAX_CANDIDATES = 60

COMMON_PATHS = (
    "/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feeds", "/news-sitemap.xml",
    "/sitemap-news.xml", "/feed.json",
)  # fmt: skip
"""Where sites keep a feed that they do not name."""

_RARE_PATHS = 4
"""So many, from the end of the list, are tried after the sitemaps of robots.txt: a site gets 12 requests in all, and
with ten guesses before them those were spent before the sitemap was reached."""

_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "text/rss+xml"}
)
_LOOSE_TYPES = frozenset({"application/json", "application/xml", "text/xml"})
"""Types that other things have too: a link of such a type is a feed's only if its address looks like one."""

_TAG = re.compile(r"<(link|a|base)(\s[^<>]{1,4000})>([^<]{0,200})", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-z][\w:-]{0,30})\s{0,9}=\s{0,9}(?:"([^"]*)"?|'([^']*)'?|([^\s"'<>]+))""", re.IGNORECASE)
_FEED_ADDRESS = re.compile(
    r"""(?:^|[/._-])(?:rss|atom|feeds?|rdf)(?:[12]|\.?\d\.\d)?(?:[/._-]|$)
    | [?&](?:feed|format|type|output|alt)=(?:rss|atom|rdf|json)""",
    re.VERBOSE | re.IGNORECASE,
)
_COMMENTS = re.compile(rf"(?:{either('comments.names')})\b", re.IGNORECASE)
_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,2000})", re.IGNORECASE | re.MULTILINE)
_LATEST = re.compile(either("sitemaps.news"), re.IGNORECASE)


class Clue(StrEnum):
    """Why an address may be a feed's, the surest reason first."""

    NAMED = "named by the page"
    LINKED = "linked from the page"
    SITEMAP = "named in robots.txt"
    GUESSED = "a common address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address that may be a feed's."""

    url: str
    title: str = ""
    """What the page calls it."""
    clue: Clue


def feeds_of(page: bytes | str, *, url: str, robots: bytes | str = b"") -> tuple[Candidate, ...]:
    """The addresses that may be feeds of the site, each once, the likeliest first.

    First the feeds that the page names (`link rel="alternate"`), those of comments last; then links whose address looks
    like a feed's, those on the same site first; then the news sitemaps of robots.txt (`Sitemap:`, RFC 9309 2.2.4); then
    the addresses where feeds often are, in the page's folder and the site's root; then all other sitemaps; then the
    rarer ones of those addresses.

    Args:
        page: the page, decompressed. Any bytes do.
        url: where it was read from.
        robots: the site's robots.txt, if there is one.
    """
    feed_links: list[Candidate] = []
    other_links: list[Candidate] = []
    base = url
    visited: set[tuple[str, str]] = set()
    for tag, attributes, words in _tags(_text(page)[:MAX_PAGE_CHARS]):
        href = attributes.get("href", "")
        if (tag, href) in visited or len(feed_links) + len(other_links) >= MAX_FOUND:
            continue
        visited.add((tag, href))
        address = absolute(base, href)
        if not address:
            continue
        if tag == "base":
            base = absolute(url, address) or url
        elif tag == "link" and _names_feed(attributes, address):
            feed_links.append(Candidate(url=address, title=plain_text(attributes.get("title", "")), clue=Clue.NAMED))
        elif tag == "a" and _looks_like_feed(address):
            other_links.append(Candidate(url=address, title=plain_text(words), clue=Clue.LINKED))
    site = registrable(url)
    feed_links.sort(key=_is_of_comments)
    other_links.sort(key=lambda candidate: (registrable(candidate.url) != site, _is_of_comments(candidate)))
    sitemaps = [
        Candidate(url=sitemap_url, clue=Clue.SITEMAP)
        for line in islice(dict.fromkeys(_SITEMAP_LINE.findall(_text(robots)[:MAX_ROBOTS_CHARS])), MAX_FOUND)
        if (sitemap_url := absolute(url, line))
    ]
    news = [candidate for candidate in sitemaps if _LATEST.search(_path(candidate.url))]
    others = [candidate for candidate in sitemaps if candidate not in news]
    distinct: dict[str, Candidate] = {}
    guesses = list(_guesses(url))
    rare_guesses = guesses[-_RARE_PATHS:]
    for candidate in (
        *feed_links,
        *other_links[:MAX_CANDIDATES],
        *news,
        *guesses[:-_RARE_PATHS],
        *others,
        *rare_guesses,
    ):
        # Not by identity: its rules drop `feed=rss2`, which makes a feed of an article's address.
        address = candidate.url.partition("#")[0]
        if address != url.partition("#")[0]:
            distinct.setdefault(address, candidate)
    return tuple(distinct.values())[:MAX_CANDIDATES]


def _text(source: bytes | str) -> str:
    return source if isinstance(source, str) else decode(source)


def _tags(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """The tags that may name a feed: name, attributes, and the words right after it."""
    for match in _TAG.finditer(_without_comments(text)):
        attributes: dict[str, str] = {}
        for name, *values in _ATTRIBUTE.findall(match[2]):
            attributes.setdefault(name.lower(), html.unescape("".join(values)).strip())
        yield match[1].lower(), attributes, match[3]


def _without_comments(text: str) -> str:
    """The page without what is commented out (old browsers' rules hide links there)."""
    pieces: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        pieces.append(text[at:start])
        at = end + 3
    return "".join((*pieces, text[at:]))


def _names_feed(attributes: dict[str, str], address: str) -> bool:
    relations = attributes.get("rel", "").lower().split()
    kind = attributes.get("type", "").lower().partition(";")[0].strip()
    if "feed" in relations:
        return True
    if "alternate" not in relations:
        return False
    return kind in _FEED_TYPES or (kind in _LOOSE_TYPES and _looks_like_feed(address))


def _looks_like_feed(address: str) -> bool:
    return bool(_FEED_ADDRESS.search(_path(address)))


def _path(address: str) -> str:
    """Path and query of an absolute url, with the slash before them."""
    return "/" + address.partition("://")[2].partition("/")[2].partition("#")[0]


def _is_of_comments(candidate: Candidate) -> bool:
    return bool(_COMMENTS.search(f"{candidate.title} {_path(candidate.url)}"))


def _guesses(url: str) -> Iterator[Candidate]:
    folder = _path(url).partition("?")[0].rstrip("/")
    if folder and "." not in folder.rpartition("/")[2]:
        yield Candidate(url=absolute(url, f"{folder}/feed"), clue=Clue.GUESSED)
        yield Candidate(url=absolute(url, f"{folder}/rss"), clue=Clue.GUESSED)
    for path in COMMON_PATHS:
        yield Candidate(url=absolute(url, path), clue=Clue.GUESSED)
