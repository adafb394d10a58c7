"""Reads what a page's microdata describes, in the same shape as its JSON-LD.

Source: WHATWG HTML, section "Microdata". Properties outside of any `itemscope` make a thing of their own, an article:
careless markup means the page's.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from stayahead.extract.facts.jsonld import Thing
from stayahead.text import collapse

MAX_ELEMENTS = 400
"""How many elements with `itemprop` or `itemscope` are read."""
MAX_DEPTH = 60
"""How many elements above one are searched for its `itemscope`."""
MAX_CHARS = 300
"""Where a value is cut: longer ones are text, not facts."""
_MARKED = etree.XPath(f"(//@itemprop/.. | //@itemscope/..)[position() <= {MAX_ELEMENTS}]")
_ADDRESSES = {"link": "href", "img": "src", "amp-img": "src"}


def things_of(root: etree._Element) -> list[Thing]:
    """Every thing that the page describes, outer before inner, in document order."""
    things: dict[etree._Element, Thing] = {}
    loose: Thing = {"@type": "Article"}
    elements: Any = _MARKED(root)
    for element in elements:
        get = element.get
        if get("itemscope") is not None:
            things[element] = {"@type": (get("itemtype") or "")[:MAX_CHARS].rsplit("/", 1)[-1]}
        names = (get("itemprop") or "")[:MAX_CHARS].split()
        if not names:
            continue
        owner = _owner_of(element, things)
        value: object = things[element] if element in things else _value(element)
        for name in names:
            _put(loose if owner is None else owner, name, value)
    return [*things.values(), *([loose] if len(loose) > 1 else [])]


def _owner_of(element: etree._Element, things: dict[etree._Element, Thing]) -> Thing | None:
    at = element.getparent()
    for _ in range(MAX_DEPTH):
        if at is None:
            return None
        if at in things:
            return things[at]
        at = at.getparent()
    return None


def _value(element: etree._Element) -> str:
    get = element.get
    attribute = get("content") or get("datetime") or get(_ADDRESSES.get(str(element.tag), "datetime"))
    return collapse((attribute or _text_in(element))[: 4 * MAX_CHARS])[:MAX_CHARS]


def _text_in(element: etree._Element) -> str:
    pieces: list[str] = []
    size = 0
    for piece in element.itertext():
        pieces.append(str(piece))
        size += len(piece)
        if size > MAX_CHARS:
            break
    return " ".join(pieces)


def _put(thing: Thing, name: str, value: object) -> None:
    if not value:
        return
    before = thing.get(name)
    if before is None:
        thing[name] = value
    elif isinstance(before, list):
        before.append(value)
    else:
        thing[name] = [before, value]
