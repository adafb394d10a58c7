"""Second opinion: the source of a page that we are unsure of goes in; what `trafilatura` makes of it comes out.

The library takes a quarter of a second and 40 MB to load, so it is loaded when it is first asked.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from stayahead.extract.article import Reading
from stayahead.extract.blocks import blocks_of
from stayahead.extract.outline import outline
from stayahead.model import BlockKind
from stayahead.text import tokens

WANTED_BELOW = 0.6
"""Confidence of ours below which it is asked."""
AGREEMENT = 0.85
"""Word F1 between the two from which they count as agreeing, and ours stays."""
_KINDS = {"head": "h2", "item": "li", "quote": "blockquote", "ref": "a", "p": "p", "list": "ul", "cell": "td"}


def is_wanted(reading: Reading) -> bool:
    """Ours is unsure of itself."""
    return reading.confidence < WANTED_BELOW


def ask(source: str, *, base: str) -> Reading:
    """What trafilatura makes of the page; an empty reading when it makes nothing of it."""
    import trafilatura

    document: Any = trafilatura.bare_extraction(
        source[:4_000_000], url=base or None, with_metadata=False, include_comments=False, include_links=True,
        include_tables=True, deduplicate=False,
    )  # fmt: skip
    if document is None or document.body is None:
        return Reading()
    root = etree.Element("div")
    root.append(_as_html(document.body))
    runs = [run for run in outline(root).runs if run.kind is not BlockKind.IMAGE]
    return Reading(blocks=blocks_of(runs, base=base), confidence=WANTED_BELOW)


def choose(ours: Reading, theirs: Reading) -> Reading:
    """The better of two readings."""
    if not theirs.blocks:
        return ours
    if not ours.blocks:
        return _with_comments(theirs, ours)
    agreement = _word_f1(_text(ours), _text(theirs))
    if agreement >= AGREEMENT:
        return ours
    return _with_comments(theirs, ours)


def _with_comments(theirs: Reading, ours: Reading) -> Reading:
    return Reading(
        blocks=theirs.blocks, comments=ours.comments, confidence=theirs.confidence, link_share=ours.link_share
    )


def _text(reading: Reading) -> str:
    return " ".join(b.text for b in reading.blocks if b.kind is not BlockKind.IMAGE)


def _word_f1(mine: str, other: str) -> float:
    a, b = set(tokens(mine)), set(tokens(other))
    both = len(a & b)
    return 2 * both / (len(a) + len(b)) if a or b else 1.0


def _as_html(body: Any) -> etree._Element:
    """The library's own elements, renamed to html's."""
    for element in body.iter():
        if element.tag == "ref":
            element.set("href", element.get("target") or "")
        element.tag = _KINDS.get(element.tag, element.tag)
    converted: etree._Element = body
    return converted
