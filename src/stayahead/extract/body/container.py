"""Picks the element that holds the article: all of its paragraphs and as little else as possible."""

from __future__ import annotations

import re
from functools import lru_cache

from stayahead.extract.body.outline import Node
from stayahead.extract.markup import MARKS_KEPT

MIN_CHARS = 200
"""Least paragraph mass at which an element named as the article's body is believed."""
MIN_BODY_SHARE = 0.25
"""Least share of the page's mass at which it is: one with less is a teaser's body, or the name is used otherwise."""
FIRST_SHARE = 0.35
"""The page's body is the first that holds this share of the largest one's mass: on endless pages four more follow."""
DESCENT_SHARE = 0.6
"""On the way down a child is entered that holds this share of its parent's mass."""
MAX_PARTS = 50
"""How many parts of a body are looked at."""

_BODY = re.compile(
    r"(?:article|story|post|entry|news|blog)-?_*(?:body|text|content|copy)\b|itemprop-articlebody|articlebody"
    r"|body-?copy|rich-?text(?:article)?body"
    r"|(?:article|story|post|entry|blog)__(?:body|text|content)|td-post-content|story-?content|single-content"
    r"|post_content"
)
_LEAVES = frozenset(("p", "li", "blockquote", "td", "figure", "dd", "pre"))


def is_body(node: Node) -> bool:
    """Whether its class, id or itemprop names an element as the text of an article."""
    return bool(node.mark) and node.tag not in ("body", "html") and _says_body(node.mark)


def bodies_in(nodes: list[Node]) -> list[int]:
    """The numbers of the elements that are named as the text of an article."""
    # A page has a few names many times: each is asked about once.
    names = {mark for mark in {node.mark for node in nodes} if mark and _says_body(mark)}
    return [i for i, node in enumerate(nodes) if node.mark in names and is_body(node)] if names else []


@lru_cache(maxsize=MARKS_KEPT)
def _says_body(mark: str) -> bool:
    # What the pattern finds ends in one of these: the cheap test, since most names are of something else.
    is_likely = "content" in mark or "body" in mark or "text" in mark or "copy" in mark
    return is_likely and _BODY.search(mark) is not None


def container_of(nodes: list[Node], masses: list[int]) -> int:
    """The number of the element that holds the article: the one so named, else `article`, `main`, or by mass alone.

    `masses` are the paragraph masses of whole subtrees. Names go first because mass cannot tell an article from the
    next one below it; mass guards against names, because sites use them for anything (docs/decisions/0022).
    """
    total = masses[0] if nodes else 0
    body = _first_of(bodies_in(nodes), nodes, masses)
    if body is not None and masses[body] >= MIN_BODY_SHARE * total:
        return _with_parts(body, nodes, masses)
    article = _first_of([i for i, n in enumerate(nodes) if n.tag == "article"], nodes, masses)
    if article is not None and masses[article] >= MIN_BODY_SHARE * total:
        return _descended(article, nodes, masses)
    main = _first_of([i for i, n in enumerate(nodes) if n.tag == "main" or " main " in n.mark], nodes, masses)
    if main is not None and masses[main] >= MIN_BODY_SHARE * total:
        return _descended(main, nodes, masses)
    return _descended(0, nodes, masses)


def _first_of(candidates: list[int], nodes: list[Node], masses: list[int]) -> int | None:
    heavy = [i for i in candidates if masses[i] >= MIN_CHARS]
    if not heavy:
        return None
    best = max(masses[i] for i in heavy)
    first = next(i for i in heavy if masses[i] >= FIRST_SHARE * best)
    # Where such elements stand inside each other, the innermost that still holds nearly all of the text.
    for i in heavy:
        if i > first and masses[i] >= 0.9 * masses[first] and _is_inside(i, first, nodes):
            first = i
    return first


def _with_parts(body: int, nodes: list[Node], masses: list[int]) -> int:
    """The element around all parts of a body that comes in several of one name; the body itself if that is too much."""
    mark = nodes[body].mark
    parts = [i for i, n in enumerate(nodes) if n.mark == mark and masses[i] and not _is_inside(i, body, nodes)]
    around = body
    for part in parts[:MAX_PARTS]:
        around = _common(around, part, nodes)
    if not parts or nodes[around].tag in ("body", "html"):
        return body
    # Two headlines inside mean that the parts are of different articles.
    heads = sum(
        1 for i in range(around + 1, len(nodes)) if nodes[i].tag in ("h1", "article") and _is_inside(i, around, nodes)
    )
    return around if heads <= 1 else body


def _common(one: int, other: int, nodes: list[Node]) -> int:
    while one != other:
        if one > other:
            one = nodes[one].parent
        else:
            other = nodes[other].parent
    return one


def _descended(at: int, nodes: list[Node], masses: list[int]) -> int:
    heaviest = [-1] * len(nodes)
    for index in range(1, len(nodes)):
        parent = nodes[index].parent
        if heaviest[parent] < 0 or masses[index] > masses[heaviest[parent]]:
            heaviest[parent] = index
    # Down to the element whose text is spread over its children: one step further would lose paragraphs.
    while nodes and masses[at]:
        child = heaviest[at]
        if child < 0 or masses[child] < DESCENT_SHARE * masses[at] or nodes[child].tag in _LEAVES:
            break
        at = child
    return at


def _is_inside(inner: int, outer: int, nodes: list[Node]) -> bool:
    while inner > outer:
        inner = nodes[inner].parent
    return inner == outer
