"""Parses html once, within bounds that no hostile page can widen.

What bounds the cost of hostile markup: the source is cut at `MAX_CHARS` and after so many tags (`_cut`), the tree after
so many elements (`_prune`), both by the size of the source; libxml2 stops nesting at 256 levels and keeps no text past
10 MB (`huge_tree` off); and a tag keeps its first `MAX_ATTRIBUTES` attributes, because libxml2's test for duplicates is
quadratic (200,000 attributes on one tag cost 113 s). Nothing here or behind it recurses on depth.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

MAX_CHARS = 4_000_000
"""Longest source read; the longest of 661 real pages has 2.9 million characters."""

MAX_ATTRIBUTES = 200
"""Most attributes that one tag keeps."""

MARKS_KEPT = 4_096
"""How many class names and ids are remembered with their meaning: a site uses the same few on all its pages; 1 MB."""

MIN_ELEMENTS = 1_000
"""How many elements are read of any page, however short."""
CHARS_AN_ELEMENT = 60
"""One more element is read for so many characters of source: of 427 real pages the densest holds .67 of that."""

_ATTRIBUTE = r"(?:[\s/]++|[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+)"
_LIGHT = (
    r"[^\s/>]*+(?:\s++[^\s\"'=<>/]++(?:=(?:\"[^\"]*+\"|'[^']*+'))?+)"
    rf"{{0,{MAX_ATTRIBUTES - 1}}}+\s*+/?>"
)
"""The rest of a tag as most are written, with few enough attributes: recognised in half the time."""
_TAG = re.compile(rf"(<[a-zA-Z](?!{_LIGHT})[^\s/>]*+{_ATTRIBUTE}{{0,{2 * MAX_ATTRIBUTES}}}+){_ATTRIBUTE}*+")
"""Any other tag, read to its end, heavy or not: one that gave up on light ones would read on from each."""

_ODD = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\ufffd]")
_IS_HTML = re.compile(
    r"<(?:!doctype\s+html|(?:html|head|body|title|meta|link|script|div|p|br|a|h[1-6]|article|section|main|table"
    r"|ul|ol|li"
    r"|span|img|blockquote|em|strong|b|i|figure|header|footer|nav|pre|font|center)(?:\s[^<>]{0,2000})?/?>)",
    re.IGNORECASE,
)


def sound(text: str) -> str:
    """The text with lone surrogates, which no encoding can carry, as question marks."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def is_html(text: str) -> bool:
    """Whether a text holds at least one tag of html; else it is plain text."""
    return _IS_HTML.search(text[:MAX_CHARS]) is not None


def is_binary(text: str) -> bool:
    """Whether it is no text at all (an image, a PDF, an archive): many control or replacement characters."""
    sample = text[:4096]
    return len(_ODD.findall(sample)) * 20 > len(sample)


def parse(text: str) -> etree._Element | None:
    """The root of the tree of a sound text; None when there is nothing to parse."""
    source = trimmed(text)
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, recover=True, huge_tree=False)
    try:
        root: etree._Element = etree.fromstring(source.encode(), parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    _prune(root, max_elements(text))
    return root


def trimmed(text: str) -> str:
    """The source without what only hostile markup has: tags and attributes beyond the bounds, and zero bytes."""
    source = _cut(text[:MAX_CHARS].replace("\0", ""), tags=3 * max_elements(text))
    pieces: list[str] = []
    at = 0
    for tag in _TAG.finditer(source):
        if tag.end(1) < tag.end():
            pieces.append(source[at : tag.end(1)])
            at = tag.end()
    return "".join([*pieces, source[at:]]) if pieces else source


def max_elements(text: str) -> int:
    """How many elements are read of a source of that size."""
    return MIN_ELEMENTS + min(len(text), MAX_CHARS) // CHARS_AN_ELEMENT


def _cut(text: str, *, tags: int) -> str:
    """The text down to so many tags, so that a flood of them is not even parsed."""
    if text.count("<") <= tags:
        return text
    return text[: len(text) - len(text.split("<", tags)[-1]) - 1]


def _prune(root: etree._Element | None, limit: int) -> None:
    """Remove everything behind so many elements from the tree."""
    # Element by element along the right edge of the tree, not by recursion: nesting may be as deep as libxml2 allows.
    # The number is written out: libxml2 then counts, where a variable makes it list all elements first.
    past_limit: Any = root.xpath(f"/descendant::*[{limit + 1}]") if root is not None else ()
    element: etree._Element | None = past_limit[0] if past_limit else None
    while element is not None and (parent := element.getparent()) is not None:
        del parent[parent.index(element) :]
        element = parent.getnext()
        if element is None:
            element = _next_above(parent)


def _next_above(element: etree._Element) -> etree._Element | None:
    """The first sibling behind one of the elements around it."""
    for around in element.iterancestors():
        behind = around.getnext()
        if behind is not None:
            return behind
    return None
