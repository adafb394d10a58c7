"""Reads and writes OPML (1.0, 2.0), the lists in which feed readers exchange feeds and their folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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

_REMEDY = "export the list as OPML from the program that holds it"


def read(body: bytes, *, url: str = "") -> tuple[Feed, ...]:
    """The feeds of a list in its order, each url once, their folders (else their categories) as sections.

    Args:
        body: the file. Any bytes do.
        url: its name or address, for the error and for relative addresses in it.

    Raises:
        ParseError: the bytes hold no OPML. A list without feeds is one.
    """
    text = decode(body)
    root = None if is_page(text) else read_tree(text)
    if root is None or name_of(root).rpartition(":")[2] != "opml":
        raise ParseError(url, "this is not an OPML list of feeds", remedy=_REMEDY)
    feed_by_url: dict[str, Feed] = {}
    for outline, folders in _outlines(root):
        feed = _feed(outline, folders, url)
        if feed is not None:
            feed_by_url.setdefault(feed.url, feed)
        if len(feed_by_url) >= MAX_FEEDS:
            break
    return tuple(feed_by_url.values())


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
    address = absolute(base, _attribute(outline, "xmlUrl"), keep_login=True)
    if not address:
        return None
    title = _attribute(outline, "title") or _attribute(outline, "text")
    return Feed(url=address, title="" if title == address else title, sections=folders or _categories(outline))


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
