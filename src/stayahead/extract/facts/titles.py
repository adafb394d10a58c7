"""Finds the headline among all that a page calls itself, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from lxml import etree

from stayahead.text import collapse, fold, tokens

MAX_CHARS = 400
_SEPARATOR = re.compile(r"(?<!\s)\s++(?:[|\u2013\u2014\u00bb\u00b7•:-]{1,2}\s++|\|\s*+)|\|\s*+")
ALIKE = 0.4
"""Least Jaccard similarity of their words at which an h1 and a claimed title are the same headline."""
ALIKE_ONLY = 0.25
"""The same for a page's only h1: the claim is then often a shorter headline for search engines
(docs/decisions/0025)."""
MIN_ONLY_WORDS = 5
"""Fewest words of such an only h1: a shorter one may be the site's name."""
SAME = 0.8
"""The same for a heading below h1, which is more often somebody else's."""
MAX_HEADINGS = 5
"""How many headings of a kind are looked at."""


def headline_of(root: etree._Element, *, claims: Sequence[str]) -> tuple[str, etree._Element | None]:
    """The headline, and the element that shows it.

    The h1 that agrees with what is claimed elsewhere; else the first claim, cleaned. It is shown by that h1, by a lower
    heading of the same words, or by the page's only h1.
    """
    document = _text(next(root.iter("title"), None))
    claimed = [collapse(c[:MAX_CHARS]) for c in claims if c.strip()]
    h1s = [(text, element) for element in _some(root, "h1") if (text := _text(element))]
    others = [without_site(other) for other in (*claimed, document) if other]
    if h1s and others:
        # -i: of equally good h1s the first, which `max` over falling numbers gives.
        likeness, place = max((max(_likeness(h1, other) for other in others), -i) for i, (h1, _) in enumerate(h1s))
        is_only = len(h1s) == 1 and len(tokens(h1s[0][0])) >= MIN_ONLY_WORDS
        if likeness >= (ALIKE_ONLY if is_only else ALIKE):
            return h1s[-place]
    title = without_site(claimed[0] if claimed else document) or (h1s[0][0] if h1s else "")
    lower = (e for e in _some(root, "h2", "h3") if _likeness(_text(e), title) >= SAME)
    # an h1 without text: the parser ends it where a paragraph begins
    return title, next(lower, next(iter(_some(root, "h1")), None) if len(h1s) < 2 else None)


def without_site(title: str) -> str:
    """The title without a site's name at its end: a last part of four words or fewer, shorter than half of it."""
    parts = [part.strip() for part in _SEPARATOR.split(title) if part.strip()]
    if len(parts) < 2:
        return title
    last = parts[-1]
    # Only the end is cut: a short part in front is as often the headline's own ("Live: …") as the site's name.
    if len(last.split()) <= 4 and len(last) < len(title) / 2:
        return title[: title.rindex(last)].rstrip(" |\u2013\u2014\u00bb\u00b7•:-")
    return title


def _likeness(one: str, other: str) -> float:
    a, b = set(tokens(one)), set(tokens(other))
    return len(a & b) / len(a | b) if a and b else float(fold(one) == fold(other))


def _some(root: etree._Element, *tags: str) -> list[etree._Element]:
    return list(islice(root.iter(*tags), MAX_HEADINGS))


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
