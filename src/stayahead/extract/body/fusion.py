"""Joins to an article's container what stands beside it and is article too: a standfirst, a second half, a last line.

A container is found by name or by mass, and either may miss a part: the body is named and the standfirst stands before
it, or one of two sections holds most. Each element beside the container, and beside the two around it, is judged by
itself: whether it is prose, whether it leads away, what it is called, and how it resembles the container.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from stayahead.extract.body.container import is_body
from stayahead.extract.body.furniture import words_in
from stayahead.extract.body.outline import Node, Run
from stayahead.extract.body.sentences import is_pointer, is_sentence
from stayahead.extract.markup import MARKS_KEPT
from stayahead.model import BlockKind

MAX_LEVELS = 3
"""How many elements around the container are looked into: further up stands the site, not the article."""
MIN_PROSE_SHARE = 0.85
"""Least share of a part's characters, headings aside, in paragraphs and sentences."""
MAX_LINK_SHARE = 0.1
"""Largest share in links: what the site says of other pages links to them."""
MIN_CHARS = 80
"""Fewest characters of a part whose name differs from the container's: shorter ones are dates, labels, captions."""

_AGAINST = re.compile(
    r"author|contrib|\bbio|disclos|legal|about|meta\b|banner|alert|modal|popup|sticky|footer|rail|aside|referenc|credit"
    r"|promo|cta\b|subscri|newsletter|demo\b|comment|related|recommend|print|nocontent|noscript|nojs|hidden|\bhide\b"
    r"|\bform|header|imag|photo|thumb|media\b|gallery|video|quot|recirc|teaser|widget-"
    r"|caption|summary-list|keypoint|key-point|cookie|consent|social|share|breadcrumb|byline|speakable|excerpt"
)
_LEAD_ENDS = (":", "\uff1a")
"""How a line ends that stands above a list as a heading does."""
_NEVER = frozenset(("article", "header", "footer", "aside", "nav", "form", "menu", "h1", "dialog", "table"))
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_WHOLE = frozenset(("html", "body"))


@dataclass(frozen=True, slots=True)
class Holder:
    """The element that holds an article, and the elements inside it that are none of it."""

    node: int
    left_out: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Part:
    """An element beside the container, in characters."""

    chars: int = 0
    headings: int = 0
    heading_count: int = 0
    links: int = 0
    prose: int = 0
    mass: int = 0
    is_pointing: bool = False
    """Whether a heading in it, or a line of its own, is a link."""
    is_standfirst: bool = False
    """Whether a whole sentence stands in it as a heading."""
    has_article: bool = False
    """Whether it holds an article, or a headline, of its own."""


def fused(core: int, nodes: list[Node], runs: list[Run], masses: list[int], is_out: list[bool]) -> Holder:
    """The holder of the article whose container is `core`.

    Args:
        core: number of the element that was chosen.
        nodes: the page's elements.
        runs: its runs.
        masses: their paragraph masses.
        is_out: for each element, whether it is furniture or comments.
    """
    if not nodes:
        return Holder(core)
    page = _Page(nodes, core)
    holder, left_out, pending = core, set[int](), set[int]()
    at = core
    for level in range(MAX_LEVELS):
        parent = nodes[at].parent
        if nodes[at].tag in _WHOLE or parent == at:
            break
        beside = [index for index in page.children.get(parent, ()) if index != at and not is_out[index]]
        parts = _parts_of(beside, parent, nodes, runs, masses, is_out)
        own = {index for index in beside if page.joins(index, parts[index], at=at, is_next=level == 0)}
        own |= page.paragraphs_behind(own, parts, at=at)
        if any(page.enlarges(index, parts[index], at=at) for index in own):
            holder = parent
            left_out |= pending | {index for index in beside if index not in own}
            pending.clear()
        else:
            pending.update(beside)
        at = parent
    return Holder(holder, frozenset(left_out))


class _Page:
    """What is asked of a page for each element beside its container."""

    def __init__(self, nodes: list[Node], core: int) -> None:
        self.nodes = nodes
        self.children = _children_of_path(core, nodes)
        self._headline = next((index for index, node in enumerate(nodes) if node.tag == "h1"), 0)
        self._is_named = is_body(nodes[core])

    def joins(self, index: int, part: _Part, *, at: int, is_next: bool) -> bool:
        """Whether an element is article, too; `at` is the container or around it, `is_next`: the container itself."""
        is_like = self._is_like(index, at)
        if not _belongs(self.nodes[index], part, is_like=is_like):
            return False
        if index < at:
            # Outside of an `article` only what a headline stands above can be its standfirst.
            is_below_headline = index > self._headline and (self._headline > 0 or self.nodes[at].tag != "article")
            return is_below_headline and _may_precede(part, is_like=is_like)
        # Where the headline stands beside them, too, they are parts of one article as in an element named so.
        has_headline = self._headline > 0 and self.nodes[self._headline].parent == self.nodes[at].parent
        is_free = not self._is_named and (has_headline or _is_in_article(at, self.nodes))
        return _may_follow(part, is_like=is_like and (is_next or is_free), is_free=is_free)

    def paragraphs_behind(self, own: set[int], parts: dict[int, _Part], *, at: int) -> set[int]:
        """The paragraphs behind a container that are as those before it: a list holds most of some articles."""
        before = {self.nodes[index].mark for index in own if index < at and self.nodes[index].tag == "p"}
        return {
            index
            for index, part in parts.items()
            if index > at
            and part.mass
            and self.nodes[index].tag == "p"
            and self.nodes[index].mark in before
            and _belongs(self.nodes[index], part, is_like=True)
        }

    def enlarges(self, index: int, part: _Part, *, at: int) -> bool:
        """Whether a part is reason enough to take a larger container, not only worth keeping inside of one."""
        if part.is_standfirst and index < at:
            return True
        return part.prose > 0 and (part.mass > 0 or self._is_like(index, at))

    def _is_like(self, index: int, at: int) -> bool:
        """Whether two elements have one tag and one name, or are both named as an article's text."""
        one, other = self.nodes[index], self.nodes[at]
        return (one.tag == other.tag and one.mark == other.mark) or (is_body(one) and is_body(other))


def _children_of_path(core: int, nodes: list[Node]) -> dict[int, list[int]]:
    """The children of the elements around the container, by their parents' numbers."""
    path: list[int] = []
    at = core
    for _ in range(MAX_LEVELS):
        at = nodes[at].parent
        path.append(at)
    wanted = set(path)
    children: dict[int, list[int]] = {}
    for index in range(1, len(nodes)):
        if nodes[index].parent in wanted:
            children.setdefault(nodes[index].parent, []).append(index)
    return children


def _parts_of(
    beside: list[int], parent: int, nodes: list[Node], runs: list[Run], masses: list[int], is_out: list[bool]
) -> dict[int, _Part]:
    parts = {index: _Part() for index in beside}
    if not parts:
        return parts
    # Elements are numbered as they begin, so all inside one stand between it and the next beside it.
    for index in range(beside[0], len(nodes)):
        if nodes[index].tag in ("article", "h1") and (part := _part_at(index, beside, nodes, parts)):
            part.has_article = True
    for run, mass in zip(runs, masses, strict=True):
        part = _part_at(run.node, beside, nodes, parts) if run.node > parent and not is_out[run.node] else None
        if part is None or run.kind is BlockKind.IMAGE:
            continue
        part.chars += len(run.text)
        part.links += run.link_chars
        part.mass += mass
        if is_pointer(run) and (run.kind is BlockKind.HEADING or len(run.text) >= MIN_CHARS // 3):
            part.is_pointing = True
        if run.kind is BlockKind.HEADING or (not mass and run.text.endswith(_LEAD_ENDS)):
            part.headings += len(run.text)
            part.heading_count += 1
        elif mass or is_sentence(run.text):
            part.prose += len(run.text)
        if run.kind is BlockKind.HEADING and len(run.text) >= MIN_CHARS and is_sentence(run.text):
            part.is_standfirst = True
    return parts


def _part_at(index: int, beside: list[int], nodes: list[Node], parts: dict[int, _Part]) -> _Part | None:
    """The part that an element is in."""
    place = bisect_right(beside, index) - 1
    if place < 0:
        return None
    around = beside[place]
    at = index
    while at > around:
        at = nodes[at].parent
    return parts[around] if at == around else None


def _belongs(node: Node, part: _Part, *, is_like: bool) -> bool:
    """Whether nothing speaks against an element beside the container: no name, no link, no words but prose."""
    if node.tag in _NEVER or part.has_article or part.is_pointing:
        return False
    # A name that the container bears, too, says nothing against what is called like it.
    if node.mark and not is_like and _speaks_against(node.mark):
        return False
    if node.tag in _HEADINGS or not part.chars:
        return True
    text = part.chars - part.headings
    return part.links <= MAX_LINK_SHARE * part.chars and part.prose >= MIN_PROSE_SHARE * text


def _may_precede(part: _Part, *, is_like: bool) -> bool:
    """Whether a part may stand between the headline and the container: as its standfirst, or its first half."""
    return is_like or not part.prose or (part.prose >= MIN_CHARS and part.heading_count <= 1)


def _may_follow(part: _Part, *, is_like: bool, is_free: bool) -> bool:
    """Whether a part may stand behind the container, where more of other things stands than of the article."""
    return is_like or not part.prose or (is_free and part.prose >= MIN_CHARS and part.heading_count <= 1)


def _is_in_article(index: int, nodes: list[Node]) -> bool:
    at = nodes[index].parent
    while at != nodes[at].parent:
        if nodes[at].tag in ("article", "main"):
            return True
        at = nodes[at].parent
    return False


@lru_cache(maxsize=MARKS_KEPT)
def _speaks_against(mark: str) -> bool:
    return _AGAINST.search(mark) is not None or bool(words_in(mark))
