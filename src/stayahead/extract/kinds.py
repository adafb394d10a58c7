"""Kinds: what was read of a page goes in; whether it is an article, or a list, a video, a shell …, comes out."""

from __future__ import annotations

import re

from lxml import etree

from stayahead.extract.article import Reading
from stayahead.extract.metadata import Facts
from stayahead.model import PageKind

SHELL_CHARS = 140
"""Less text than this is none: the page shows it by script, or not at all."""
TEASER_CHARS = 900
"""A paywall's teaser is shorter."""
VIDEO_CHARS = 600
"""A video's description is shorter."""
LIST_LINK_SHARE = 0.45
"""More of the text than this inside links: the page lists others."""
_VIDEO_URL = re.compile(r"/(?:videos?|watch|av)/", re.IGNORECASE)


def kind_of(reading: Reading, facts: Facts, root: etree._Element | None) -> PageKind:
    """What the page is, as far as cheap signs tell. Without html it is an article or a shell."""
    if "liveblogposting" in facts.types:
        return PageKind.LIVE
    chars = reading.chars
    if facts.is_locked and chars < TEASER_CHARS:
        return PageKind.PAYWALL
    if chars < VIDEO_CHARS and ("videoobject" in facts.main_types or facts.og_type.startswith("video")):
        return PageKind.VIDEO
    if chars < VIDEO_CHARS and root is not None and _VIDEO_URL.search(facts.canonical):
        return PageKind.VIDEO
    if reading.link_share > LIST_LINK_SHARE or (facts.is_listing and chars < TEASER_CHARS):
        return PageKind.LIST
    return PageKind.SHELL if chars < SHELL_CHARS else PageKind.ARTICLE
