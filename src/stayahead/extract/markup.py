"""Markup: html as text goes in; one lxml tree, parsed once and within bounds, comes out.

What bounds the cost of hostile markup: the source is cut at `MAX_CHARS`, libxml2 stops nesting at 256 levels and keeps
no text past 10 MB (`huge_tree` off), and a tag keeps its first `MAX_ATTRIBUTES` attributes, because libxml2's test for
duplicates is quadratic (200,000 attributes on one tag cost 113 s). Nothing here or behind it recurses on depth.
"""

from __future__ import annotations

import re

from lxml import etree

MAX_CHARS = 4_000_000
"""Longest source read; the longest of 661 real pages has 2.9 million characters."""

MAX_ATTRIBUTES = 200
"""Most attributes that one tag keeps."""

_ATTRIBUTE = r"(?:[\s/]++|[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+)"
_HEAVY_TAG = re.compile(rf"(<[a-zA-Z][^\s/>]*+{_ATTRIBUTE}{{{2 * MAX_ATTRIBUTES}}}){_ATTRIBUTE}++")

_IS_HTML = re.compile(
    r"<(?:!doctype\s+html|(?:html|head|body|title|meta|link|script|div|p|br|a|h[1-6]|article|section|main|table|ul|ol|li"
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
    """It holds at least one tag of html; else it is plain text."""
    return _IS_HTML.search(text[:MAX_CHARS]) is not None


def is_binary(text: str) -> bool:
    """It is no text at all (an image, a PDF, an archive): many control or replacement characters."""
    sample = text[:4096]
    odd = sum(1 for c in sample if c == "\ufffd" or (c < " " and c not in "\t\n\r\f\x1b"))
    return odd * 20 > len(sample)


def parse(text: str) -> etree._Element | None:
    """The root of the tree of a sound text; None when there is nothing to parse."""
    source = _HEAVY_TAG.sub(r"\1", text[:MAX_CHARS].replace("\0", ""))
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, recover=True, huge_tree=False)
    try:
        return etree.fromstring(source.encode(), parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
