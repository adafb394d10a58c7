"""Reads and writes OPML (1.0, 2.0), the lists in which feed readers exchange feeds and their folders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO

from lxml import etree
from lxml.etree import _Element as Element

from stayahead.charset import decode
from stayahead.errors import ParseError
from stayahead.model import Feed
from stayahead.parse.names import name_of
from stayahead.parse.tree import is_page, read_tree
from stayahead.text import collapse
from stayahead.urls import absolute

MAX_FEEDS = 20_000
MAX_SECTIONS = 8
MAX_SECTION_CHARS = 100

_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_BARE_ADDRESS = re.compile(r"[^\W_][\w-]*+(?:\.[\w-]++)+(?::[0-9]{1,5}+)?(?:/\S*+)?")
"""`example.org/feed`: a name of more than one part, then nothing but the rest of an address."""
_REMEDY = "export the list as OPML from the program that holds it"


def read(body: bytes, *, url: str = "") -> tuple[Feed, ...]:
    """The feeds of a list in its order, each url once, their folders (else their categories) as sections.

    Args:
        body: the file. Any bytes do.
        url: its name or address, for the error and for relative addresses in it.

    Raises:
        ParseError: the bytes hold no OPML. A list without feeds is one.
    """
    return read_list(body, url=url).feeds


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceList:
    """The feeds of a list, and the lines or outlines in it that are none."""

    feeds: tuple[Feed, ...]
    skipped: tuple[str, ...] = ()
    """Each by its name, with the reason."""


def read_list(body: bytes, *, url: str = "") -> SourceList:
    """As `read`, with what was skipped: outlines that hold no others and name no feed.

    Raises:
        ParseError: as `read`.
    """
    text = decode(body)
    root = None if is_page(text) else read_tree(text)
    if root is None or name_of(root).rpartition(":")[2] != "opml":
        raise ParseError(url, "this is not an OPML list of feeds", remedy=_REMEDY)
    feed_by_url: dict[str, Feed] = {}
    skipped: list[str] = []
    for outline, folders in _outlines(root):
        feed = _feed(outline, folders, url)
        if feed is not None:
            feed_by_url.setdefault(feed.url, feed)
        elif len(skipped) < MAX_FEEDS and (reason := _why_skipped(outline)):
            skipped.append(reason)
        if len(feed_by_url) >= MAX_FEEDS:
            break
    return SourceList(feeds=tuple(feed_by_url.values()), skipped=tuple(skipped))


def read_addresses(body: bytes, *, url: str = "") -> SourceList:
    """The feeds of a text with one address a line; empty lines and those that begin with `#` are nothing.

    An address may go without its scheme, as in `sources add`; it is taken for https.

    Raises:
        ParseError: it is no text, it holds no address, or most of its lines are none.
    """
    text = decode(body)
    if _NO_TEXT.search(text):
        raise ParseError(url, "this is no list of feeds: it holds bytes that are no text", remedy=_REMEDY)
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if not lines:
        raise ParseError(url, "no address in it", remedy="write one address a line")
    feeds = {line: _listed_address(line) for line in lines[:MAX_FEEDS]}
    if lines[0].startswith("<") or not any(feeds.values()):
        raise ParseError(url, "this is not an OPML list of feeds, nor a list of addresses", remedy=_REMEDY)
    others = [line for line in lines if not feeds.get(line)]
    if 2 * len(others) > len(lines):
        raise ParseError(
            url,
            f"this is no list of addresses: {len(others):,} of its {len(lines):,} lines are none",
            remedy="write one address a line, notes behind a #",
        )
    urls = dict.fromkeys(address for address in feeds.values() if address)
    return SourceList(
        feeds=tuple(Feed(url=address) for address in urls),
        skipped=tuple(f"{line[:MAX_SECTION_CHARS]}: no http(s) address" for line in others),
    )


def _listed_address(line: str) -> str:
    if "://" in line:
        return web_address(line)
    return web_address(f"https://{line}") if _BARE_ADDRESS.fullmatch(line) else ""


def web_address(text: str) -> str:
    """The http(s) address that a person or a program wrote for a feed, `feed://` and `feed:https://` too; else ''."""
    rest = text.strip()
    if rest[:5].lower() == "feed:":
        rest = rest[5:] if "://" in rest[5:] else f"http:{rest[5:]}"
    return absolute("", rest, keep_login=True)


def write(feeds: Iterable[Feed], *, title: str = "StayAhead sources") -> bytes:
    """An OPML 2.0 document that `read` gives back as the same feeds, those of one folder under one outline."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _clean(title)
    folders: dict[tuple[str, ...], Element] = {(): etree.SubElement(root, "body")}
    for feed in feeds:
        name = _clean(feed.title or feed.url)
        folder = _folder(folders, feed.sections)
        etree.SubElement(folder, "outline", type="rss", text=name, title=name, xmlUrl=_clean(feed.url))
    out = BytesIO()
    etree.ElementTree(root).write(out, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return out.getvalue()


def _outlines(root: Element) -> Iterator[tuple[Element, tuple[str, ...]]]:
    """Every outline with the names of those around it, in document order."""
    waiting: list[tuple[Element, tuple[str, ...]]] = [(root, ())]
    while waiting:
        element, folders = waiting.pop()
        inside = folders
        if name_of(element) == "outline":
            yield element, folders
            name = _attribute(element, "text") or _attribute(element, "title")
            if name and not _attribute(element, "xmlUrl") and len(folders) < MAX_SECTIONS:
                inside = (*folders, name[:MAX_SECTION_CHARS])
        waiting.extend((child, inside) for child in reversed(element))


def _feed(outline: Element, folders: tuple[str, ...], base: str) -> Feed | None:
    written = _attribute(outline, "xmlUrl")
    address = absolute(base, written, keep_login=True) or web_address(written)
    if not address:
        return None
    title = _attribute(outline, "title") or _attribute(outline, "text")
    return Feed(url=address, title="" if title == address else title, sections=folders or _categories(outline))


def _why_skipped(outline: Element) -> str:
    """Empty for a folder, which is none to be named."""
    written = _attribute(outline, "xmlUrl")
    if not written and any(name_of(child) == "outline" for child in outline):
        return ""
    name = _attribute(outline, "text") or _attribute(outline, "title") or "an outline without a name"
    why = f"{written[:MAX_SECTION_CHARS]!r} is no http(s) address" if written else "it has no xmlUrl"
    return f"{name[:MAX_SECTION_CHARS]}: {why}"


def _categories(outline: Element) -> tuple[str, ...]:
    """The first of an outline's categories: OPML 2.0 may write folders as `category="/outer/inner,other"`."""
    first = _attribute(outline, "category").partition(",")[0]
    parts = [part.strip()[:MAX_SECTION_CHARS] for part in first.split("/") if part.strip()]
    return tuple(parts[:MAX_SECTIONS])


def _attribute(element: Element, name: str) -> str:
    """An attribute as one line; programs differ in its case (`xmlUrl`, `xmlurl`, `xmlURL`)."""
    value = element.get(name)
    if value is None:
        lower_name = name.lower()
        value = next((str(other) for key, other in element.attrib.items() if str(key).lower() == lower_name), "")
    return collapse(value)


def _folder(folders: dict[tuple[str, ...], Element], sections: tuple[str, ...]) -> Element:
    for depth in range(1, len(sections) + 1):
        path = sections[:depth]
        if path not in folders:
            folders[path] = etree.SubElement(folders[path[:-1]], "outline", text=_clean(path[-1]))
    return folders[sections]


def _clean(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(character for character in text if character.isprintable())
