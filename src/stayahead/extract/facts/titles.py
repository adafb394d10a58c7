"""Finds the headline among all that a page calls itself, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from stayahead.extract.landmarks import Landmarks
from stayahead.text import UNSPACED, collapse, fold, is_unspaced, tokens

MAX_CHARS = 400
MAX_SITE_WORDS, MAX_SECTION_WORDS = 4, 2
UNSPACED_WORD_CHARS = 3
"""Characters of a script without blanks that count as a word of a name."""
_SEPARATOR = re.compile(
    r"(?<!\s)\s++(?:[|\u2013\u2014\u00bb\u00b7•:-]{1,2}\s++|[|｜]\s*+)|[|｜]\s*+"
    rf"|(?<=[{UNSPACED}])(?:_+|-)(?=[{UNSPACED}])"
)
"""What stands between a headline and a site's name; where no blanks are written, a line or a hyphen."""
_AFTER_HOUSE = re.compile(r"\s?+[:|｜\u2013\u2014\u00bb•-]\s++(?=\S)")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_DASHES = frozenset(("-", "\u2013", "\u2014", ":"))
_WORD_AT_END, _WORD_AT_START = re.compile(r"[^\W_]+$"), re.compile(r"[^\W_]+")
_UNSHOWN = frozenset(("script", "style", "noscript", "template", "button", "svg", "select"))
_IN_WORDS = frozenset(
    ("a", "b", "i", "em", "strong", "u", "mark", "sub", "sup", "small", "wbr", "font", "q", "cite", "abbr", "bdi")
)
ALIKE = 0.4
"""Least Jaccard similarity of their words at which an h1 and a claimed title are the same headline."""
ALIKE_ONLY = 0.25
"""The same for a page's only h1: the claim is then often a shorter headline for search engines
(docs/decisions/0025)."""
MIN_ONLY_WORDS = 5
"""Fewest words of such an only h1: a shorter one may be the site's name."""
UNLIKE = 0.2
"""Below it a document's title says something else than the only h1 of an `article`: the site's name and motto."""
SAME = 0.8
"""The same for a heading below h1, which is more often somebody else's."""
MAX_HEADINGS = 5
"""How many headings of a kind are looked at."""


def headline_of(
    landmarks: Landmarks, *, claims: Sequence[str], houses: Sequence[str] = ()
) -> tuple[str, etree._Element | None]:
    """The headline, and the element that shows it.

    The h1 that agrees with what is claimed elsewhere; else the first claim, cleaned. It is shown by that h1, by a lower
    heading of the same words, or by the page's only h1.

    Args:
        landmarks: the page's headings and titles.
        claims: what its source calls it, the most trusted first.
        houses: names that the site gives itself.
    """
    document = _text(landmarks.first("title"))
    claimed = [tidy(c[:MAX_CHARS]) for c in claims if c.strip()]
    # What the document's title goes on after a claim is the site's name: the claim itself has none at its end.
    clean = [without_site(c, houses, is_bare=_goes_on(document, c)) for c in claimed]
    h1s = [(text, element) for element in landmarks.of("h1")[:MAX_HEADINGS] if (text := _text(element))]
    others = [*clean, *([without_site(document, houses)] if document else ())]
    if h1s and others:
        # -i: of equally good h1s the first, which `max` over falling numbers gives.
        likeness, place = max((max(_likeness(h1, other) for other in others), -i) for i, (h1, _) in enumerate(h1s))
        is_only = len(h1s) == 1 and len(tokens(h1s[0][0])) >= MIN_ONLY_WORDS
        if likeness >= (ALIKE_ONLY if is_only else ALIKE):
            return h1s[-place]
    if len(h1s) == 1 and not clean and _is_name_beside(document, *h1s[0]):
        return h1s[0]
    title = (others[0] if others else "") or (h1s[0][0] if h1s else "")
    lower = (e for e in landmarks.of("h2", "h3")[:MAX_HEADINGS] if _likeness(_text(e), title) >= SAME)
    # an h1 without text: the parser ends it where a paragraph begins
    return title, next(lower, landmarks.first("h1") if len(h1s) < 2 else None)


def _is_name_beside(document: str, h1: str, element: etree._Element) -> bool:
    """Whether a document's title is the site's, with nothing of the page's own, on a page that has a headline."""
    if len(tokens(document)) <= MAX_SITE_WORDS < len(tokens(h1)) and not _SEPARATOR.search(document):
        return True
    around = {each.tag for each in element.iterancestors("article", "nav", "aside", "footer")}
    return around == {"article"} and _likeness(document, h1) < UNLIKE


def without_site(title: str, houses: Sequence[str] = (), *, is_bare: bool = False) -> str:
    """The title without the site's name, and a section's before it, at its end.

    A name that the site gives itself goes wherever it ends a title. Where none is known, or none fits and the part
    stands behind a bar, a last part goes that can be a name: of few words, shorter than half of the title, and not
    begun in a small letter, as a clause of the headline is. `is_bare`: its end is no site's name, unless a known one.

    >>> without_site("What the storm did - and what comes next | Harbour Post")
    'What the storm did - and what comes next'
    """
    known = [frozenset(tokens(house)) for house in houses if house]
    shorter = title = _without_house_before(title, houses)
    for most_words in (MAX_SITE_WORDS, MAX_SECTION_WORDS, MAX_SECTION_WORDS):
        marks = list(_SEPARATOR.finditer(shorter))
        if not marks or not (last := shorter[marks[-1].end() :].strip()):
            break
        words = frozenset(tokens(last))
        is_house = any(words and (words <= house or house <= words) for house in known)
        mark = marks[-1][0].strip()
        is_placed = not is_bare and (not known or mark not in _DASHES)
        if not (is_house or (is_placed and _may_be_site(last, shorter, most_words))):
            break
        # Only the end is cut: a short part in front is as often the headline's own ("Live: …") as the site's name.
        shorter = shorter[: marks[-1].start()].rstrip()
        if is_bare or (len(marks) > 1 and marks[-2][0].strip() != mark):
            break
    return shorter or title


def _without_house_before(title: str, houses: Sequence[str]) -> str:
    """The title without the whole name of the site that it begins with: "Harbour Post: Bridge reopens"."""
    for house in houses:
        if (
            house
            and title[: len(house)].casefold() == house.casefold()
            and (mark := _AFTER_HOUSE.match(title, len(house)))
        ):
            return title[mark.end() :]
    return title


def _may_be_site(last: str, title: str, most_words: int) -> bool:
    words = len(last.split()) if not is_unspaced(fold(last)) else -(-len(last) // UNSPACED_WORD_CHARS)
    is_clause = last[0].islower() and not _DOMAIN.fullmatch(last)
    return words <= most_words and len(last) < len(title) / 2 and not is_clause


def _goes_on(document: str, claim: str) -> bool:
    """Whether the document's title is the claim and, behind a separator, something more."""
    rest = document.removeprefix(claim)
    return len(rest) < len(document) and _SEPARATOR.match(rest) is not None


def tidy(title: str) -> str:
    """A title on one line, without the soft hyphens that say where it may be broken."""
    return collapse(title.replace("\u00ad", ""))


def _likeness(one: str, other: str) -> float:
    a, b = set(tokens(one)), set(tokens(other))
    return len(a & b) / len(a | b) if a and b else float(fold(one) == fold(other))


def _text(element: etree._Element | None) -> str:
    """What an element shows, without what is no part of a line of words: scripts, buttons, pictures."""
    if element is None:
        return ""
    text = ""
    hidden: etree._Element | None = None
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        is_start = event == "start"
        if hidden is not None:
            if not is_start and inner is hidden:
                hidden = None
        elif is_start and inner.tag in _UNSHOWN:
            hidden = inner
        elif inner is not element:
            text = _parted(text, inner, inner.text if is_start else None)
        elif is_start:
            text = inner.text or ""
        if not is_start and hidden is None and inner is not element:
            text = _parted(text, inner, inner.tail)
        if len(text) > 4 * MAX_CHARS:
            break
    return tidy(text)[:MAX_CHARS]


def _parted(text: str, element: etree._Element, more: str | None) -> str:
    """The text and what follows at the edge of an element, a blank between them where they are two words."""
    more = more or ""
    if element.tag in _IN_WORDS or element.tag in _UNSHOWN or not isinstance(element.tag, str):
        return text + more
    if element.tag != "span":
        return f"{text} {more}"
    # A first letter that is drawn large is in a span of its own; a kicker is, too, and is a word.
    before, after = _WORD_AT_END.search(text), _WORD_AT_START.match(more)
    is_two = before and after and min(len(before[0]), len(after[0])) > 1 and not is_unspaced(fold(more[0]))
    return f"{text} {more}" if is_two else text + more
