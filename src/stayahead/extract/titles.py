"""Titles: what a page calls itself in several places goes in; the headline, without the site's name, comes out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from stayahead.text import collapse, fold, tokens

MAX_CHARS = 400
_SEPARATOR = re.compile(r"\s+[|\u2013\u2014\u00bb\u00b7•:-]{1,2}\s+|\s*\|\s*|\s+::\s+")
ALIKE = 0.4
"""Words in common per word of either, from which an h1 and a claimed title mean the same headline."""


def best_title(root: etree._Element, *, claims: Sequence[str]) -> str:
    """The headline: the h1 that agrees with what is claimed elsewhere; else the first claim, cleaned."""
    document = _text(next(root.iter("title"), None))
    claimed = [collapse(c[:MAX_CHARS]) for c in claims if c.strip()]
    h1s = [text for h1 in _some(root, "h1") if (text := _text(h1))]
    others = [without_site(other) for other in (*claimed, document) if other]
    if h1s and others:
        likeness, place = max((max(_likeness(h1, other) for other in others), -i) for i, h1 in enumerate(h1s))
        if likeness >= ALIKE:
            return h1s[-place]
    if claimed:
        return without_site(claimed[0])
    if document:
        return without_site(document)
    return h1s[0] if h1s else ""


def without_site(title: str) -> str:
    """The title without the site's name behind or before a separator: its longest part, when that is long enough."""
    parts = [part.strip() for part in _SEPARATOR.split(title) if part.strip()]
    if len(parts) < 2:
        return title
    last = parts[-1]
    if len(last.split()) <= 4 and len(last) < len(title) / 2:
        return title[: title.rindex(last)].rstrip(" |\u2013\u2014\u00bb\u00b7•:-")
    return title


def _likeness(one: str, other: str) -> float:
    a, b = set(tokens(one)), set(tokens(other))
    return len(a & b) / len(a | b) if a and b else float(fold(one) == fold(other))


def _some(root: etree._Element, tag: str) -> list[etree._Element]:
    found = []
    for element in root.iter(tag):
        found.append(element)
        if len(found) >= 5:
            break
    return found


def _text(element: etree._Element | None) -> str:
    if element is None:
        return ""
    pieces: list[str] = []
    size = 0
    for piece in element.itertext():
        pieces.append(str(piece))
        size += len(piece)
        if size > 4 * MAX_CHARS:
            break
    return collapse("".join(pieces))[:MAX_CHARS]
