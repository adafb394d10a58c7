"""Tells an article from what else a page may be: a list, a video, a live report, a paywall, a shell.

What a site puts before its pages (a request for consent, a check of the browser) is a shell: it shows nothing of what
was asked for, and its words are dropped (docs/decisions/0026).
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from lxml import etree

from stayahead.extract.body.article import Reading
from stayahead.extract.body.notices import asks_consent, asks_subscription, is_check
from stayahead.extract.facts.live import is_live
from stayahead.extract.facts.metadata import Facts, is_front
from stayahead.model import BlockKind, PageKind

SHELL_CHARS = 140
"""A page with less text than this has none: it shows it by script, or not at all."""
TEASER_CHARS = 900
"""Longest teaser of a paywall."""
VIDEO_CHARS = 600
"""Longest description of a video, where the page declares itself one."""
PLAYER_CHARS = 300
"""Longest description of a video, where only a player shows that it is one."""
LIST_LINK_SHARE = 0.45
"""A page with more of its text than this inside links lists other pages."""
LIST_POINTERS = 6
"""Fewest headings that are links, for a page to be a list by its headings."""
CHARS_A_POINTER = 250
"""With less text than this for each such heading, it stands above teasers, not paragraphs."""
MAX_PIECES = 20_000
MAX_PIECE_CHARS = 300
MAX_WORDS_CHARS = 40_000
"""How much of a page is searched for a request to subscribe."""
_VIDEO_URL = re.compile(r"/(?:videos?|watch|av)/", re.IGNORECASE)
_PLAYER = etree.XPath(
    "boolean(//video | //amp-youtube | //iframe[contains(@src, 'youtube') or contains(@src, 'vimeo')"
    " or contains(@src, 'dailymotion') or contains(@src, '/embed/video') or contains(@src, 'player')])"
)


def without_notices(reading: Reading, *, title: str) -> Reading:
    """The reading, without its blocks where they only ask for consent or keep machines out."""
    texts = [block.text for block in reading.blocks if block.kind is not BlockKind.IMAGE]
    if asks_consent(texts) or is_check(title, "\n".join(texts)):
        return replace(reading, blocks=(), confidence=0.0)
    return reading


def kind_of(reading: Reading, facts: Facts, root: etree._Element | None, *, url: str = "") -> PageKind:
    """The kind of a page, as far as cheap signs tell. Without html it is an article or a shell."""
    # The order matters: a paywall's teaser and a video's description are short enough to be taken for a list or a
    # shell.
    chars = reading.chars
    if root is None or not chars:
        return PageKind.SHELL if chars < SHELL_CHARS else PageKind.ARTICLE
    titles = (facts.title, facts.document)
    if "liveblogposting" in facts.types or is_live(root, titles=titles, times=facts.times, url=facts.canonical or url):
        return PageKind.LIVE
    if chars < TEASER_CHARS and (facts.is_locked or asks_subscription(_words(root))):
        return PageKind.PAYWALL
    if chars < VIDEO_CHARS and _is_video(facts, root, chars):
        return PageKind.VIDEO
    if _is_list(reading, facts, url):
        return PageKind.LIST
    return PageKind.SHELL if chars < SHELL_CHARS else PageKind.ARTICLE


def _is_video(facts: Facts, root: etree._Element, chars: int) -> bool:
    if "videoobject" in facts.main_types or facts.og_type.startswith("video") or _VIDEO_URL.search(facts.canonical):
        return True
    return chars < PLAYER_CHARS and bool(_PLAYER(root))


def _is_list(reading: Reading, facts: Facts, url: str) -> bool:
    chars = reading.chars
    if reading.link_share > LIST_LINK_SHARE or (facts.is_listing and chars < TEASER_CHARS):
        return True
    if not facts.has_article and reading.pointers >= LIST_POINTERS and chars < CHARS_A_POINTER * reading.pointers:
        return True
    # A site's front page may be all teasers without links in their headings; its bare address gives it away.
    return bool(url) and not facts.has_article and is_front(url) and (reading.pointers > 0 or chars < TEASER_CHARS)


def _words(root: etree._Element) -> str:
    """All text of the page, furniture included: a request to subscribe stands anywhere."""
    skipped = {"script", "style", "template", "noscript", "title"}
    pieces = (element.text for element in islice(root.iter(), MAX_PIECES) if element.tag not in skipped)
    return "\n".join(piece[:MAX_PIECE_CHARS] for piece in pieces if piece and not piece.isspace())[:MAX_WORDS_CHARS]
