"""Picks the element that holds the article: all of its paragraphs and as little else as possible."""

from __future__ import annotations

import re
from functools import lru_cache

from stayahead.extract.body.outline import Node
from stayahead.extract.markup import MARKS_KEPT

MIN_CHARS = 200
"""Paragraph mass that an element named as the article's body must hold to be believed …"""
MIN_BODY_SHARE = 0.25
"""… and its share of the page's: less is a teaser's body, or a name used otherwise."""
FIRST_SHARE = 0.35
"""The first of several bodies is the page's, when it holds this share of the largest: others follow below it."""
DESCENT_SHARE = 0.6
"""A child that holds this share of its parent's mass is entered, on the way down."""
MAX_PARTS = 50
"""Parts of a body that are looked at."""

_BODY = re.compile(
    r"(?:article|story|post|entry|news|blog)-?_*(?:body|text|content|copy)\b|itemprop-articlebody|articlebody"
    r"|body-?copy|rich-?text(?:article)?body"
    r"|(?:article|story|post|entry|blog)__(?:body|text|content)|td-post-content|story-?content|single-content"
    r"|post_content"
)
_LEAVES = frozenset(("p", "li", "blockquote", "td", "figure", "dd", "pre"))


def is_body(node: Node) -> bool:
    """Its class, id or itemprop names it as the text of an article."""
    return bool(node.mark) and node.tag not in ("body", "html") and _says_body(node.mark)


@lru_cache(maxsize=MARKS_KEPT)
def _says_body(mark: str) -> bool:
    return _BODY.search(mark) is not None


def container_of(nodes: list[Node], kept: list[int]) -> int:
    """The number of the element that holds the article: the one so named, else `article`, `main`, or by mass alone."""
    total = kept[0] if nodes else 0
    named = _first_of([i for i, n in enumerate(nodes) if is_body(n)], nodes, kept)
    if named is not None and kept[named] >= MIN_BODY_SHARE * total:
        return _with_parts(named, nodes, kept)
    article = _first_of([i for i, n in enumerate(nodes) if n.tag == "article"], nodes, kept)
    if article is not None and kept[article] >= MIN_BODY_SHARE * total:
        return _descended(article, nodes, kept)
    main = _first_of([i for i, n in enumerate(nodes) if n.tag == "main" or " main " in n.mark], nodes, kept)
    if main is not None and kept[main] >= MIN_BODY_SHARE * total:
        return _descended(main, nodes, kept)
    return _descended(0, nodes, kept)


def _first_of(candidates: list[int], nodes: list[Node], kept: list[int]) -> int | None:
    heavy = [i for i in candidates if kept[i] >= MIN_CHARS]
    if not heavy:
        return None
    best = max(kept[i] for i in heavy)
    first = next(i for i in heavy if kept[i] >= FIRST_SHARE * best)
    # of several that stand inside each other the innermost that holds nearly all of it
    for i in heavy:
        if i > first and kept[i] >= 0.9 * kept[first] and _is_inside(i, first, nodes):
            first = i
    return first


def _with_parts(named: int, nodes: list[Node], kept: list[int]) -> int:
    """What encloses all parts, where a body comes in several of the same name and they are one article's."""
    mark = nodes[named].mark
    parts = [i for i, n in enumerate(nodes) if n.mark == mark and kept[i] and not _is_inside(i, named, nodes)]
    around = named
    for part in parts[:MAX_PARTS]:
        around = _common(around, part, nodes)
    if not parts or nodes[around].tag in ("body", "html"):
        return named
    heads = sum(
        1 for i in range(around + 1, len(nodes)) if nodes[i].tag in ("h1", "article") and _is_inside(i, around, nodes)
    )
    return around if heads <= 1 else named


def _common(one: int, other: int, nodes: list[Node]) -> int:
    while one != other:
        if one > other:
            one = nodes[one].parent
        else:
            other = nodes[other].parent
    return one


def _descended(at: int, nodes: list[Node], kept: list[int]) -> int:
    heaviest = [-1] * len(nodes)
    for index in range(1, len(nodes)):
        parent = nodes[index].parent
        if heaviest[parent] < 0 or kept[index] > kept[heaviest[parent]]:
            heaviest[parent] = index
    while nodes and kept[at]:
        child = heaviest[at]
        if child < 0 or kept[child] < DESCENT_SHARE * kept[at] or nodes[child].tag in _LEAVES:
            break
        at = child
    return at


def _is_inside(inner: int, outer: int, nodes: list[Node]) -> bool:
    while inner > outer:
        inner = nodes[inner].parent
    return inner == outer
