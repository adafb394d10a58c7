"""Reads authors and dates as the page shows them to its readers, around the headline.

Where no headline is known, or nothing stands around it, the page's pieces are read from the top.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import lru_cache
from itertools import islice

from lxml import etree

from stayahead.extract.facts.bylines import authors_of, without_pictures
from stayahead.extract.facts.heading import PROSE_CHARS, Piece, is_elsewhere, pieces_of
from stayahead.extract.markup import MARKS_KEPT
from stayahead.language.lexicon import either, languages
from stayahead.when import parse_date

MAX_BELOW = 4_000
"""How many elements below a headline are searched for a date."""
MAX_NEARLY = 400
"""How many are searched for names: further down they stand in teasers."""
MAX_PIECE_CHARS = 90
"""Longest piece that is looked at: longer ones are prose."""
MAX_AROUND_DATE = 45
"""Most characters beside a date: "Published on … at 10:30", "by Ann Lee", "5 min read"; with more it is prose."""
MAX_PARENTS = 3
"""How many elements around a name are asked whether it is an author's."""

_MONTH = f"(?:{either('dates.months')})"
_DATE = re.compile(
    rf"\b(?:{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d|\d{{1,2}}(?:st|nd|rd"
    rf"|th)?\s+{_MONTH}\.?,?\s+(?:19|20)\d\d"
    r"|(?:19|20)\d\d[-/.][01]?\d[-/.][0-3]?\d|[0-3]?\d\.\s?[01]?\d\.\s?(?:19|20)\d\d|[0-3]?\d/[0-3]?\d/(?:19|20)\d\d"
    r"|\d{1,2}(?:er|[.ºª°])?\s+(?:de\s+)?[^\W\d_]{3,12}\.?,?\s+(?:del?\s+)?(?:19|20)\d\d)\b"
    r"|(?:19|20)\d\d\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"[\s,|•·–-]*+(?:at\s++)?\d{1,2}[:.]\d\d(?:[:.]\d\d)?\s*+(?:[ap]\.?m\.?)?\s*+(?:[A-Z]{2,5}\b)?[\s,|•·–-]*+"
)
"""The time of day that may stand between a date and a "by"."""
_UPDATE = re.compile(either("dates.updated"), re.IGNORECASE)
_OTHER = re.compile(rf"©|\(c\)|{either('dates.other')}", re.IGNORECASE)
_ENGLISH = frozenset(("en",))
_ELSEWHERE = frozenset(languages()) - _ENGLISH
"""Their words for "by" are short and mean much else: a capital must follow."""
_BY = (
    f"(?i:(?:(?:{either('bylines.written', among=_ENGLISH)})\\s+)?(?:{either('bylines.by', among=_ENGLISH)})"
    f"|{either('bylines.author', 'bylines.author_shown', among=_ENGLISH)})"
)
_BYS = ("bylines.by", "bylines.by_or_else", "bylines.by_shown", "bylines.author", "bylines.author_shown")
_VON = f"(?i:{either(*_BYS, among=_ELSEWHERE)})"
_BYLINE = re.compile(rf"{_BY}(?:\s*+:)?\s++(?P<name>[^\W\d_][^\d|:]{{2,50}})")
_BYLINE_ELSEWHERE = re.compile(rf"{_VON}(?:\s*+:)?\s++(?P<name>[^\W\d_a-z][^\d|:]{{2,50}})")
_HANDLE = re.compile(r"(?i:(?:posted|written|published)?\s*+by)(?:\s*+:)?\s++(?P<name>[^\W\d_][\w.-]{1,20})")
_WORD = re.compile(r"[^\W\d_][\w.-]{1,20}")
_LONELY = re.compile(rf"(?:{_BY}|{_VON})\s*:?")
_NAME = re.compile(rf"[^\W\d_a-z][\w.'’-]*(?:\s+(?:[^\W\d_a-z][\w.'’-]*|{either('names.particles')})){{1,3}}")
_BETWEEN_NAMES = re.compile(rf",|,?\s?(?:&|{either('names.and')})", re.IGNORECASE)
_AUTHOR_PATH = re.compile(rf"/(?:{either('bylines.addresses')})/[^/?#]{{3}}|[?&]author(?:_name)?=", re.IGNORECASE)
_AUTHOR_MARK = re.compile(
    rf"(?:^|[\s_-])(?:by-?lines?\w*|authorname|posted-?by|{either('bylines.classes')})(?:$|[\s_-])"
)
_NOT_AUTHOR = re.compile(
    r"comment|(?:^|[\s_-])(?:bio|biography|avatar|image|img|related|socials?|follow|date|time|(?:job-?)?titles?"
    r"|roles?|jobs?|positions?|desc?"
    r"|description|count|published)(?:$|[\s_-])"
)
_OTHER_ROLE = re.compile(either("names.other_roles"), re.IGNORECASE)
_NOT_A_NAME = re.compile(either("names.not_names"), re.IGNORECASE)
_WEEKDAY = re.compile(either("dates.weekdays"), re.IGNORECASE)


_HEADINGS = frozenset(("h2", "h3", "h4", "h5"))


class _Expects(Enum):
    """What the next piece may be, while the pieces of a byline are read in order."""

    NOTHING = auto()
    AUTHOR = auto()
    """After a "by", or after an "and" behind a name."""
    ANOTHER = auto()
    """After a name: an "and" may bring another."""
    SOMEBODY_ELSE = auto()
    """After "edited by" and the like: a bare name that follows is no author."""


@dataclass(frozen=True, slots=True)
class ShownDate:
    """A date that stands near a headline."""

    at: datetime
    is_update: bool
    """Whether the words beside it say that the page was changed then."""
    is_before: bool
    """Whether it stands above the headline."""
    is_today: bool
    """Whether it may be the day on which the page was fetched, as newspapers print it with a weekday at the top."""


def dates_near(pieces: Sequence[Piece]) -> list[ShownDate]:
    """The dates around a headline: those below it first, then those above, from the nearest up."""
    dates: list[ShownDate] = []
    label = ""
    for piece in pieces:
        date_and_words = _date_of(piece)
        label, before = piece.text, label
        if date_and_words is None or is_elsewhere(piece.holder):
            continue
        at, beside = date_and_words
        mark = _mark(piece.element)
        # "Updated" often stands in an element of its own right before the date; a longer piece there is something else.
        beside += before[-20:] if len(before) <= 25 else ""
        if _OTHER.search(beside):
            continue
        is_update = _UPDATE.search(beside) is not None or (
            ("updated" in mark or "modified" in mark) and "publish" not in mark
        )
        is_today = piece.is_before and _WEEKDAY.search(piece.text) is not None
        dates.append(ShownDate(at, is_update, piece.is_before, is_today))
    return [d for d in dates if not d.is_before] + [d for d in reversed(dates) if d.is_before]


def authors_near(pieces: Sequence[Piece]) -> tuple[str, ...]:
    """The names that a headline's surroundings call authors: by a "by", or by the link or class around them."""
    claims: list[str] = []
    state = _Expects.NOTHING
    for piece in pieces:
        text = piece.text
        if _OTHER_ROLE.fullmatch(text):
            state = _Expects.SOMEBODY_ELSE
        elif _LONELY.fullmatch(text):
            state = _Expects.AUTHOR
        elif _BETWEEN_NAMES.fullmatch(text):
            state = _Expects.AUTHOR if state is _Expects.ANOTHER else state
        elif (name := _author_in(piece, state)) and not is_elsewhere(piece.holder):
            claims.append(name)
            state = _Expects.ANOTHER
        elif state is not _Expects.SOMEBODY_ELSE or not _NAME.fullmatch(text):
            state = _Expects.NOTHING if state is not _Expects.SOMEBODY_ELSE else state
    return authors_of(claims)


def date_below(root: etree._Element, headline: etree._Element | None) -> str:
    """The first date in a short piece of text below a headline, in any of its `MAX_BELOW` elements."""
    for piece in _below(root, headline, limit=MAX_BELOW):
        match = _DATE.search(piece.text)
        if match and not _OTHER.search(piece.text) and not is_elsewhere(piece.holder):
            return match.group()
    return ""


def authors_below(root: etree._Element, headline: etree._Element | None) -> tuple[str, ...]:
    """The first names below a headline, not far from it: in an author's link or class, else behind a "by"."""
    linked_names: list[str] = []
    names: list[str] = []
    was_lonely = was_heading = is_past_prose = False
    for piece in _below(root, headline, limit=MAX_NEARLY, chars=4 * PROSE_CHARS):
        text = piece.text
        is_past_prose = is_past_prose or len(text) >= PROSE_CHARS
        is_teaser, was_heading = was_heading and is_past_prose, _is_heading(piece)
        if is_teaser or len(text) > MAX_PIECE_CHARS:
            continue  # right below another headline it is that one's author
        name = _name_below(piece, was_lonely=was_lonely)
        linked = "" if name or text[0].islower() or not _is_marked(piece) else _names_in(text)
        if (name or linked) and not is_elsewhere(piece.holder):
            (names if name else linked_names).append(name or linked)
        was_lonely = _LONELY.fullmatch(text) is not None
        if linked_names:
            break
    return authors_of(linked_names[:1] or names[:1])


def _name_below(piece: Piece, *, was_lonely: bool) -> str:
    """The name in a piece that follows a "by", or that one of its own stands before."""
    if was_lonely and _NAME.fullmatch(piece.text):
        return piece.text
    match = _BYLINE.match(piece.text)
    return match["name"] if match and _NAME.match(match["name"]) else ""


def _is_heading(piece: Piece) -> bool:
    holder = piece.holder
    around = (holder, None if holder is None else holder.getparent())
    return any(element is not None and element.tag in _HEADINGS for element in around)


def _author_in(piece: Piece, state: _Expects) -> str:
    """The author in a piece: behind a "by", in an author's link or class, or where a name is expected."""
    name = "" if piece.is_before else _name_after_by(piece.text)
    if name or state is _Expects.SOMEBODY_ELSE:
        return name
    if state is _Expects.AUTHOR and _WORD.fullmatch(piece.text) and piece.element.tag == "a":
        return piece.text
    return _names_in(piece.text) if state is _Expects.AUTHOR or _is_marked(piece) else ""


def _name_after_by(text: str) -> str:
    """The name in a piece such as "By Ann Lee", or "May 14, 2024 10:05 am PDT by Ann Lee"."""
    if (date := _DATE.search(text)) and (clock := _CLOCK.match(text, date.end())):
        text = text[clock.end() :]  # without a time it may be of anything: "Released June 17, 2025 by Tor Books"
    for pattern in (_BYLINE, _BYLINE_ELSEWHERE):
        match = pattern.match(text)
        if match and _NAME.match(match["name"]):
            return match["name"]
    match = _HANDLE.fullmatch(text)
    return match["name"] if match else ""


def _names_in(text: str) -> str:
    """The text, where it is made of names: "Ann Lee", "Ann Lee and Bo Kim", "Ann Lee, reporter"."""
    text = without_pictures(text)
    if _may_be_name(text):
        return text
    if len(text) > MAX_PIECE_CHARS or _DATE.search(text):
        return ""
    return "; ".join(name for name in authors_of([text]) if _may_be_name(name))


def _may_be_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None and not _NOT_A_NAME.fullmatch(text) and not _DATE.search(text)


def _is_marked(piece: Piece) -> bool:
    """Whether the element around a piece, or one not far above, is marked as an author's."""
    element = piece.holder
    for _ in range(MAX_PARENTS):
        if element is None or element.tag in ("body", "article", "main", "header"):
            return False
        get = element.get
        if "author" in (get("rel") or "").split() or "author" in (get("itemprop") or "").split():
            return True
        href = get("href")
        if href and _AUTHOR_PATH.search(href[:300]):
            return True
        verdict = _verdict(_mark(element))
        if verdict is not None:
            return verdict
        element = element.getparent()
    return False


@lru_cache(maxsize=MARKS_KEPT)
def _verdict(mark: str) -> bool | None:
    """True where a class and id speak of an author, False where of something else, None where of neither."""
    if _NOT_AUTHOR.search(mark):
        return False
    return True if _AUTHOR_MARK.search(mark) else None


def _mark(element: etree._Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"[:200].lower().strip()


def _date_of(piece: Piece) -> tuple[datetime, str] | None:
    """The date in a piece that holds little else, and the words beside it."""
    element = piece.element
    if element.tag == "time" and not piece.is_tail:
        at = parse_date(element.get("datetime") or "", localised=False) or parse_date(piece.text, localised=False)
        return (at, _DATE.sub("", piece.text)) if at else None
    match = _DATE.search(piece.text)
    if match is None or len(piece.text) - len(match.group()) > MAX_AROUND_DATE:
        return None
    at = parse_date(match.group(), localised=False)
    return (at, piece.text[: match.start()]) if at else None


def _below(
    root: etree._Element, headline: etree._Element | None, *, limit: int, chars: int = MAX_PIECE_CHARS
) -> Iterator[Piece]:
    """Pieces of 2 to `chars` characters in the next `limit` elements from the headline on, or from the top."""
    elements = root.iter()
    if headline is not None:
        for element in elements:
            if element is headline:
                break
    return (piece for piece in pieces_of(islice(elements, limit)) if 2 <= len(piece.text) <= chars)
