"""Finds what a page shows of its site's other articles: cards, each of a linked headline and some of that one's text.

Related stories may hold more text than the article, some pages even have their whole bodies, hidden until asked for. By
mass alone the largest would be read as the article.
"""

from __future__ import annotations

import re
from collections import defaultdict
from enum import Enum, auto
from functools import lru_cache

from stayahead.extract.body.container import is_body
from stayahead.extract.body.furniture import subtree_sums
from stayahead.extract.body.outline import Node, Run
from stayahead.extract.body.sentences import is_pointer
from stayahead.extract.markup import MARKS_KEPT
from stayahead.model import BlockKind

MIN_CARDS = 3
"""Fewest cards beside each other: two linked headings may be an article's own."""
MIN_LABEL_CHARS = 15
"""Shortest linked headline that is no heading by its tag."""
MIN_BESIDE = 400
"""Least paragraph mass outside of all cards: with less the page is a list of them."""
MIN_BESIDE_SHARE = 0.2
"""Least share of the page's mass outside of its cards, where these are shown: an article may consist of such parts."""
MIN_BESIDE_HIDDEN = 150
"""Least paragraph mass outside of hidden ones."""
MAX_CARD_CHARS = 250
"""Most paragraph mass of a card inside of an `article`, whose own parts are longer."""
_HIDDEN = re.compile(
    " (?:hide|hidden|d-none|is-hidden|u-hidden|js-hidden|js-hide|invisible|display-none|offscreen|visually-hidden) "
)
"""Whole names: `label-hidden` speaks of a label."""
_NO_PAGE = re.compile(r"\s*(?:#|javascript:|mailto:|tel:)", re.IGNORECASE)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


def teasers(nodes: list[Node], runs: list[Run], masses: list[int], is_out: list[bool], *, site: str) -> set[int]:
    """The elements that show the site's other articles.

    Args:
        nodes: the page's elements.
        runs: its runs.
        masses: their paragraph masses.
        is_out: for each element, whether it is furniture or comments already.
        site: the page's host; where it is unknown only links without a host are its own.
    """
    shown = [
        (run, mass)
        for run, mass in zip(runs, masses, strict=True)
        if not is_out[run.node] and run.kind is not BlockKind.IMAGE
    ]
    pointing = {id(run) for run, _ in shown if run.anchors and _leads_on(run, site)}
    hiding = {mark for mark in {node.mark for node in nodes} if _says_hidden(mark)}
    if len(pointing) < MIN_CARDS and not hiding:
        return set()
    sums = [0] * len(nodes)
    for run, mass in shown:
        sums[run.node] += mass
    sums = subtree_sums(nodes, sums)
    cards = _cards(nodes, shown, sums, pointing) if pointing else set()
    hidden = _hidden(nodes, shown, sums, cards, hiding) if hiding else set()
    found = hidden | _repeated(cards, nodes, sums)
    if len(found) > len(hidden) and _outside(found, nodes, shown) < max(MIN_BESIDE, MIN_BESIDE_SHARE * sums[0]):
        return hidden
    return found


def _cards(nodes: list[Node], shown: list[tuple[Run, int]], sums: list[int], pointing: set[int]) -> set[int]:
    """The elements whose first words are a headline that leads to another page of the site, with text below it."""
    first: dict[int, Run] = {}
    for run, _ in shown:
        _mark(run.node, nodes, first, run)
    return {
        index
        for index, run in first.items()
        if id(run) in pointing and sums[index] and nodes[index].tag not in _HEADINGS and not is_body(nodes[index])
    }


class _Place(Enum):
    """Where an element stands."""

    PAGE = auto()
    ARTICLE = auto()
    """In an `article`."""
    BODY = auto()
    """In what is named as an article's text: all parts of it are its own."""


def _place_of(index: int, nodes: list[Node]) -> _Place:
    place = _Place.PAGE
    while index != nodes[index].parent:
        index = nodes[index].parent
        if is_body(nodes[index]):
            return _Place.BODY
        if nodes[index].tag == "article":
            place = _Place.ARTICLE
    return place


def _mark(index: int, nodes: list[Node], first: dict[int, Run], run: Run) -> None:
    while index not in first:
        first[index] = run
        index = nodes[index].parent


def _leads_on(run: Run, site: str) -> bool:
    if not is_pointer(run) or (run.kind is not BlockKind.HEADING and len(run.text) < MIN_LABEL_CHARS):
        return False
    href = run.anchors[0].href[:300]
    return bool(href) and not _NO_PAGE.match(href) and ("//" not in href or bool(site and f"//{site}" in href.lower()))


def _repeated(cards: set[int], nodes: list[Node], sums: list[int]) -> set[int]:
    """Those that stand beside others of their tag, and are no parts of an article themselves."""
    rows: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for index in cards:
        rows[nodes[index].parent, nodes[index].tag].append(index)
    repeated: set[int] = set()
    for (_, tag), row in rows.items():
        place = _place_of(row[0], nodes) if len(row) >= MIN_CARDS else _Place.BODY
        is_part = place is _Place.ARTICLE and tag != "article"
        parts = [index for index in row if sums[index] <= MAX_CARD_CHARS] if is_part else row
        if place is not _Place.BODY and len(parts) >= MIN_CARDS:
            repeated.update(parts)
    return repeated


def _outside(found: set[int], nodes: list[Node], shown: list[tuple[Run, int]]) -> int:
    is_inside = [False] * len(nodes)
    for index, node in enumerate(nodes):
        is_inside[index] = index in found or (index > 0 and is_inside[node.parent])
    return sum(mass for run, mass in shown if not is_inside[run.node])


def _hidden(
    nodes: list[Node], shown: list[tuple[Run, int]], sums: list[int], cards: set[int], hiding: set[str]
) -> set[int]:
    """The cards that are hidden for the most part, and what is hidden below a heading if it is the larger part."""
    is_hidden = [False] * len(nodes)
    for index, node in enumerate(nodes):
        is_hidden[index] = is_hidden[node.parent] or node.mark in hiding
    own = [0] * len(nodes)
    headed: set[int] = set()
    for run, mass in shown:
        own[run.node] += mass if is_hidden[run.node] else 0
    hidden_sums = subtree_sums(nodes, own)
    found = {index for index in cards if 2 * hidden_sums[index] > sums[index]}
    for run, _ in shown:
        at = run.node
        if is_hidden[at] and run.kind is BlockKind.HEADING:
            while is_hidden[nodes[at].parent] and at != nodes[at].parent:
                at = nodes[at].parent
            headed.add(at)
    if 2 * sum(sums[index] for index in headed) > sums[0]:
        found |= headed
    return found if _outside(found, nodes, shown) >= MIN_BESIDE_HIDDEN else set()


@lru_cache(maxsize=MARKS_KEPT)
def _says_hidden(mark: str) -> bool:
    return _HIDDEN.search(mark) is not None
