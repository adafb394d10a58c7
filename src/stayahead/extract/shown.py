"""Shown: the tree of a page that states no author or date goes in; the byline and date that it shows come out.

The last resort of metadata: it reads the page's own words, in the order in which they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from stayahead.text import collapse

MAX_PIECES = 4_000
"""Pieces of text looked at, from the top of the page."""
MAX_PIECE_CHARS = 90
"""Longer ones are prose."""

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = re.compile(
    rf"\b(?:{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}\.?,?\s+(?:19|20)\d\d"
    r"|(?:19|20)\d\d-[01]\d-[0-3]\d|[0-3]?\d\.[01]?\d\.(?:19|20)\d\d|[01]?\d/[0-3]?\d/(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?i:(?:(?:written|posted|words|story|reported|published)\s+)?by|author)\s*:?\s+(?P<name>[^\W\d_][^\d|:]{2,50})"
)
_LONELY = re.compile(r"(?i:(?:(?:written|posted|words|story|published)\s+)?by|authors?)\s*:?")
_NAME = re.compile(r"[^\W\d_a-z][\w.'’-]*(?:\s+(?:[^\W\d_a-z][\w.'’-]*|de|van|von|der|den|da|di|la|le|bin|al)){1,3}")
_SKIPPED = frozenset(("script", "style", "noscript", "template", "title", "option", "button"))


def shown_date(root: etree._Element) -> str:
    """The first date in a short piece of text."""
    for piece in _pieces(root):
        match = _DATE.search(piece)
        if match:
            return match.group()
    return ""


def shown_byline(root: etree._Element) -> str:
    """The first name behind a "by" in a short piece of text, or in the piece behind a lonely "by"."""
    was_lonely = False
    for piece in _pieces(root):
        if was_lonely and _NAME.fullmatch(piece):
            return piece
        match = _BYLINE.match(piece)
        if match and _NAME.match(match["name"]):
            return match["name"]
        was_lonely = _LONELY.fullmatch(piece) is not None
    return ""


def _pieces(root: etree._Element) -> Iterator[str]:
    for number, element in enumerate(root.iter()):
        if number >= MAX_PIECES:
            return
        if element.tag not in _SKIPPED and element.text:
            yield from _short(element.text)
        if element.tail:
            yield from _short(element.tail)


def _short(text: str) -> Iterator[str]:
    if len(text) <= 4 * MAX_PIECE_CHARS:
        piece = collapse(text)
        if 2 <= len(piece) <= MAX_PIECE_CHARS:
            yield piece
