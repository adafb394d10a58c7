"""Tells live reporting, entry below entry with its time, from a report about something live.

Two things must agree: the page calls itself live (address, headline, or the names of its elements), and times of day
stand in it one below the other, in order, with text under them. A timeline in an article has no such name, a page with
such a name and no entries is a report about something live.
"""

from __future__ import annotations

import re
from itertools import islice, pairwise

from lxml import etree

from stayahead.extract.facts.heading import Piece, pieces_of
from stayahead.language.lexicon import either
from stayahead.when import parse_date

MIN_ENTRIES = 4
"""Fewest times of day with text below them."""
MIN_ENTRY_CHARS = 60
"""Fewest characters of text below such a time."""
MIN_ORDERED = 0.8
"""Least share of neighbouring times that are in the order most of them have (mostly newest first)."""
MAX_ELEMENTS = 20_000
MAX_STAMPS = 500
_CLOCK_CHARS = 40

_NAMED = re.compile(either("live.addresses"), re.IGNORECASE)
_CALLED = re.compile(either("live.headlines"), re.IGNORECASE)
_MARKS = etree.XPath(
    "boolean(//*[contains(@class, 'live') or contains(@class, 'Live') or contains(@id, 'liveblog')"
    " or contains(@itemtype, 'LiveBlogPosting')]"
    "[contains(@class, 'liveblog') or contains(@class, 'live-blog') or contains(@class, 'LiveBlog')"
    " or contains(@class, 'live-post') or contains(@class, 'live-update') or contains(@class, 'liveticker')"
    " or contains(@class, 'live-entry') or contains(@id, 'liveblog') or contains(@itemtype, 'LiveBlogPosting')])"
)
_CLOCK = re.compile(
    r"(?:\D{0,20}\s)?(?P<hour>[0-2]?\d)[:.hH時시](?P<minute>[0-5]\d)(?:[:.]\d\d)?\s?(?P<half>[ap]\.?m\.?)?(?:\s?(?:uhr"
    r"|[A-Z]{2,4}|h|分|분))?(?:\W.{0,20})?",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"comment|reply|reader|disqus|related|teaser|sidebar", re.IGNORECASE)


def is_live(root: etree._Element, *, titles: tuple[str, ...], times: int, url: str) -> bool:
    """Whether the page calls itself live and has entries with times.

    Args:
        root: the page's tree.
        titles: its headline, and its document's title: a headline's "– live" may be taken for a site's name.
        times: how many `time` elements it has.
        url: its address.
    """
    is_marked = times >= MIN_ENTRIES and _MARKS(root)
    if not (is_marked or _NAMED.search(url[:500]) or any(map(_CALLED.search, titles))):
        return False
    stamps = _stamps(root)
    if len(stamps) < MIN_ENTRIES:
        return False
    steps = [late - early for early, late in pairwise(stamps) if late != early]
    # Newest first or oldest first, but mostly one of them: times in a list of teasers are in no order.
    falling = sum(step < 0 for step in steps)
    return max(falling, len(steps) - falling) >= MIN_ORDERED * len(steps)


def _stamps(root: etree._Element) -> list[int]:
    """The times that have text below them, in document order, in minutes since midnight, or since 1970 with a date."""
    stamps: list[int] = []
    waiting: int | None = None
    size = 0
    for piece in pieces_of(islice(root.iter(), MAX_ELEMENTS)):
        at = _minutes(piece)
        if at is None:
            size += len(piece.text)
            continue
        if waiting is not None and size >= MIN_ENTRY_CHARS:
            stamps.append(waiting)
            if len(stamps) >= MAX_STAMPS:
                break
        waiting, size = at, 0
    if waiting is not None and size >= MIN_ENTRY_CHARS:
        stamps.append(waiting)
    return stamps


def _minutes(piece: Piece) -> int | None:
    if len(piece.text) > _CLOCK_CHARS or not any(map(str.isdigit, piece.text)):
        return None
    element = piece.element
    if element.tag == "time" and (stated := element.get("datetime")):
        at = parse_date(stated, localised=False)
        if at is not None and ":" in stated:
            return None if _is_aside(element) else int(at.timestamp()) // 60
    match = _CLOCK.fullmatch(piece.text)
    if match is None or int(match["hour"]) > 24 or _is_aside(element):
        return None
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].lower().startswith("p") else 0)
    return 60 * hour + int(match["minute"])


def _is_aside(element: etree._Element) -> bool:
    """Whether the element stands in comments or teasers, whose times are not the report's."""
    at: etree._Element | None = element
    for _ in range(8):
        if at is None:
            return False
        if at.tag in ("aside", "nav", "footer") or _COMMENT.search((at.get("class") or "")[:200]):
            return True
        at = at.getparent()
    return False
