"""Asks `trafilatura` about a page that our own extractor is unsure of.

The library takes a quarter of a second and 40 MB to load, so it is loaded when it is first asked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lxml import etree

from stayahead.extract.body.article import UNSURE_BELOW, Reading
from stayahead.extract.body.blocks import blocks_of
from stayahead.extract.body.outline import outline
from stayahead.extract.markup import max_elements
from stayahead.model import BlockKind

SHORT_CHARS = 2_000
"""An unsure text of ours is replaced only when it is shorter: a longer one was the better on all 7 pages where the two
differed by .05."""
MAX_CHARS = 1_000_000
MAX_TAGS = 12_000
"""Largest page that the library is asked about: it takes seconds for hostile ones, and 40 ms for one of 3,000 tags."""
MIN_VISIBLE = 250
"""Fewest characters that the page must show anywhere: nobody finds text where there is none."""
MAX_DENSITY = 0.6
"""Most tags per element that we would read of a source of its size: on denser ones the library is too slow."""
TIMES_LONGER = 2.0
"""The library's text is taken when it is this many times as long as ours: then ours has missed the article."""
_KINDS = {"head": "h2", "item": "li", "quote": "blockquote", "ref": "a", "p": "p", "list": "ul", "cell": "td"}


def is_wanted(reading: Reading, source: str) -> bool:
    """Whether to ask: our text is unsure and short, the page shows more, and it is neither too large nor hostile."""
    return (
        reading.confidence < UNSURE_BELOW
        and reading.chars < SHORT_CHARS
        and len(source) <= MAX_CHARS
        and sum(map(len, reading.comments)) < SHORT_CHARS
        # Text that is only in JSON-LD is not visible, but the library looks for it there.
        and (reading.visible > max(MIN_VISIBLE, TIMES_LONGER * reading.chars) or '"articleBody"' in source)
        and source.count("<") <= min(MAX_TAGS, MAX_DENSITY * max_elements(source))
    )


def ask(source: str, *, base: str) -> Reading:
    """The page as trafilatura reads it; an empty reading when it finds nothing."""
    import trafilatura

    try:
        document: Any = trafilatura.bare_extraction(
            source, url=base or None, with_metadata=False, include_comments=False, include_links=True,
            include_tables=True, deduplicate=False,
        )  # fmt: skip
    except Exception:  # whatever markup it stumbles over: then there is no second opinion, and ours stands
        return Reading()
    if document is None or document.body is None:
        return Reading()
    root = etree.Element("div")
    root.append(_as_html(document.body))
    # Through our own outline, so that its blocks have our kinds and links; its images have lost their places.
    runs = [run for run in outline(root).runs if run.kind is not BlockKind.IMAGE]
    return Reading(blocks=blocks_of(runs, base=base), confidence=UNSURE_BELOW)


def choose(ours: Reading, theirs: Reading) -> Reading:
    """The better of two readings: theirs when it is `TIMES_LONGER`, else ours."""
    return _with_comments(theirs, ours) if theirs.chars > TIMES_LONGER * ours.chars else ours


def _with_comments(theirs: Reading, ours: Reading) -> Reading:
    return replace(ours, blocks=theirs.blocks, confidence=theirs.confidence)


def _as_html(body: Any) -> etree._Element:
    """The library's own elements, renamed to html's."""
    for element in body.iter():
        if element.tag == "ref":
            element.set("href", element.get("target") or "")
        if element.tag in _KINDS:  # others may bear names that no tree lets one set again ("foot<a")
            element.tag = _KINDS[element.tag]
    converted: etree._Element = body
    return converted
