"""Finds the short texts that stand around a headline.

What stands between a headline and the first paragraphs is what the page tells its readers about itself: who wrote
it, and when. The same words in a menu, a teaser or a comment are about something else.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml import etree

from stayahead.extract.markup import MARKS_KEPT
from stayahead.text import collapse

MAX_ELEMENTS = 20_000
"""How many elements, from the top, are searched for the headline."""
MAX_BEHIND = 120
"""How many elements behind the headline may still belong to it."""
MAX_BEFORE = 14
"""How many elements before it may."""
PROSE_CHARS = 120
"""From here a piece of text is prose: the first may be the summary, at the second the article has begun."""
MAX_SUMMARIES = 2
MAX_PIECE_CHARS = 100
"""Longer pieces are no byline and no date."""

_SKIPPED = frozenset(
    ("script", "style", "noscript", "template", "title", "option", "button", "svg", "path", "form", "label")
)
_ASIDES, _MAIN = frozenset(("aside", "nav", "footer")), frozenset(("article", "main", "body"))
MAX_PARENTS = 12
"""How many elements around a piece above the headline are asked whether it is about somebody else."""
_OTHERS = re.compile(
    r"[\s_-](?:related|recirc\w*|recommend(?:ed|ations?)|more-?stories|more-?news|read-?next|up-?next|most-?read|most-?popular"
    r"|trending|latest-?news|river|teasers?|also-?like|outbrain|taboola|comments?|commentlist|replies)(?=[\s_-])"
)
"""Names of lists that lead to other articles."""
_CROSSHEADS = frozenset(("h2", "h3", "h4"))


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text, and the element that it stands in (or behind)."""

    text: str
    element: etree._Element
    is_before: bool = False
    """Whether it stands above the headline."""
    is_tail: bool = False
    """Whether it stands behind its element (lxml's `tail`), not in it."""

    @property
    def holder(self) -> etree._Element | None:
        """The element that the text stands in."""
        return self.element.getparent() if self.is_tail else self.element


def around(root: etree._Element, headline: etree._Element | None) -> list[Piece]:
    """The pieces above a headline and those from it down to the text, in document order; without one, from the top."""
    if headline is None:
        return list(_until_prose(islice(root.iter(), MAX_BEHIND)))
    before: deque[etree._Element] = deque(maxlen=MAX_BEFORE)
    elements = islice(root.iter(), MAX_ELEMENTS)
    for element in elements:
        if element is headline:
            break
        before.append(element)
    inside = sum(1 for _ in islice(headline.iter(), MAX_BEHIND)) - 1
    above = [
        p for p in pieces_of(before, is_before=True) if len(p.text) <= MAX_PIECE_CHARS and not _is_aside(p.element)
    ]
    return above + list(_until_prose(islice(elements, inside, inside + MAX_BEHIND)))


def _is_aside(element: etree._Element | None) -> bool:
    """Whether it stands in a part of the page that is about others: a menu, a list beside the article."""
    is_aside = False
    for _ in range(MAX_PARENTS):
        if element is None or element.tag in _MAIN:
            return is_aside and (element is None or element.tag == "body")
        is_aside = is_aside or element.tag in _ASIDES
        element = element.getparent()
    return is_aside


def is_elsewhere(element: etree._Element | None) -> bool:
    """Whether it stands in a list of other articles, or beside the article, so that its dates and names are others'.

    What an `article` has in its own `footer` or `aside` is its own, unless it is a list by name.
    """
    asides: set[object] = set()
    for _ in range(MAX_PARENTS):
        if element is None or element.tag == "article":
            return element is None and bool(asides)
        if element.tag in _MAIN:
            return bool(asides) and (element.tag == "body" or "footer" not in asides)
        if _says_others(f" {element.get('class') or ''} {element.get('id') or ''} "[:200]):
            return True
        if element.tag in _ASIDES:
            asides.add(element.tag)
        element = element.getparent()
    return bool(asides)


@lru_cache(maxsize=MARKS_KEPT)
def _says_others(mark: str) -> bool:
    return _OTHERS.search(mark.lower()) is not None


def pieces_of(elements: Iterable[etree._Element], *, is_before: bool = False) -> Iterator[Piece]:
    """The texts in the elements and behind them, in document order, each cut at four times `PROSE_CHARS`."""
    # lxml hangs the text behind an element on that element; it is due when the element's last descendant has passed.
    ancestors: list[etree._Element] = []
    for element in elements:
        parent = element.getparent() if ancestors else None
        while ancestors and ancestors[-1] is not parent:
            closed = ancestors.pop()
            if text := _short(closed.tail):
                yield Piece(text, closed, is_before, is_tail=True)
        if (text := _short(element.text)) and element.tag not in _SKIPPED:
            yield Piece(text, element, is_before)
        ancestors.append(element)
    while ancestors:
        closed = ancestors.pop()
        if text := _short(closed.tail):
            yield Piece(text, closed, is_before, is_tail=True)


def _until_prose(elements: Iterable[etree._Element]) -> Iterator[Piece]:
    summaries = crossheads = 0
    last = None
    for piece in pieces_of(elements):
        if piece.element is not last and not piece.is_tail:
            crossheads += piece.element.tag in _CROSSHEADS
            last = piece.element
        summaries += len(piece.text) >= PROSE_CHARS
        # One subheading may be a standfirst; at the second, at the second stretch of prose, or at another headline we
        # are past what belongs to this one.
        if crossheads > 1 or summaries >= MAX_SUMMARIES or piece.element.tag == "h1":
            return
        if len(piece.text) <= MAX_PIECE_CHARS:
            yield piece


def _short(text: str | None) -> str:
    return collapse(text[: 4 * PROSE_CHARS]) if text else ""
