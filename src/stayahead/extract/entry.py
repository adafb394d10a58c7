"""Reads what a feed itself carries of an article, and tells a whole article from a teaser."""

from __future__ import annotations

import re
from html import unescape

from stayahead.extract import markup
from stayahead.extract.body.article import fragment
from stayahead.extract.facts.bylines import authors_of
from stayahead.language import detect
from stayahead.language.lexicon import either
from stayahead.model import Block, BlockKind, Entry, Media, Page
from stayahead.text import collapse
from stayahead.urls import absolute

FULL_CHARS = 1200
"""Fewest characters of a whole article in an element meant for one (`content`)."""
FULL_CHARS_UNSAID = 2500
"""Fewest in an element meant for a summary (RSS `description`), which some feeds fill with the whole article."""
MIN_PARAGRAPHS = 3
TIMES_SUMMARY = 1.5
"""How much longer than its own summary a whole article is."""

_CUT = re.compile(
    rf"(?:\.\.\.|…|\[…\]|\[\.\.\.\]|\[&hellip;\])\W*$|(?:{either('entries.read_on')})\W*$",
    re.IGNORECASE,
)
_TAIL = re.compile(either("entries.tails"), re.IGNORECASE | re.DOTALL)
_SOUND_OR_FILM = re.compile(
    r"\.(?:aac|flac|m3u8|m4[abv]|mkv|mov|mp[34]|og[agv]|opus|wav|web[am])(?:[?#]|$)", re.IGNORECASE
)
_SHARE = re.compile(
    r"https?://(?:[\w.]*\.)?(?:feedburner\.com/~|feeds\.feedburner\.com|addtoany\.com"
    r"|(?:www\.)?facebook\.com/sharer|(?:twitter|x)\.com/(?:intent|share)|pinterest\.com/pin/create"
    r"|(?:www\.)?linkedin\.com/share|(?:api\.)?whatsapp\.com/send"
    r"|t\.me/share|pixel\.wp\.com|stats\.wordpress\.com|feeds\.wordpress\.com|pixel\.quantserve"
    r"|b\.scorecardresearch|[\w.]*doubleclick\.net|[\w.]*google-analytics\.com)",
    re.IGNORECASE,
)


def read_entry(entry: Entry, *, url: str = "") -> Page:
    """The feed's entry as a page: its html as blocks, its claims as facts. It may be empty."""
    base = entry.url or url
    blocks = _blocks(markup.sound(entry.html), base)
    title = markup.sound(collapse(entry.title))
    text = " ".join(b.text for b in blocks if b.kind is not BlockKind.IMAGE)
    return Page(
        title=title,
        wire=entry.wire,
        blocks=blocks,
        authors=authors_of([markup.sound(entry.author)]) if entry.author else (),
        published=entry.published,
        updated=entry.updated,
        language=detect(f"{title}. {text}"),
        image=_image(entry.media) or next((b.url for b in blocks if b.kind is BlockKind.IMAGE), ""),
        confidence=1.0 if _is_whole(entry, blocks) else 0.3,
    )


def carries_article(entry: Entry, page: Page) -> bool:
    """Whether the feed's text is the whole article, so that its page need not be fetched.

    All of this must hold for `page = read_entry(entry)`: it does not end in an ellipsis or an invitation to read on; it
    has at least `MIN_PARAGRAPHS` paragraphs; it is `FULL_CHARS` long in an element meant for content,
    `FULL_CHARS_UNSAID` in one meant for a summary; and it is `TIMES_SUMMARY` as long as the summary beside it, if there
    is one. In doubt it is not: a page fetched in vain costs one request, a teaser taken for an article costs the reader
    the article (docs/decisions/0024).
    """
    return _is_whole(entry, page.blocks)


def _is_whole(entry: Entry, blocks: tuple[Block, ...]) -> bool:
    # Captions and headings do not count: a gallery's feed is full of both and holds no article.
    texts = [b.text for b in blocks if b.kind in (BlockKind.PARAGRAPH, BlockKind.QUOTATION, BlockKind.LIST_ITEM)]
    size = sum(map(len, texts))
    if size < (FULL_CHARS if entry.html_is_content else FULL_CHARS_UNSAID) or len(texts) < MIN_PARAGRAPHS:
        return False
    if _CUT.search(texts[-1][-200:]) or _ends_cut(entry.html):
        return False
    return not entry.summary or size >= TIMES_SUMMARY * len(_plain(entry.summary))


def _ends_cut(html: str) -> bool:
    """Whether the html ends in an invitation to read on; from the blocks that was dropped as furniture."""
    return _CUT.search(_plain(html[-1500:])[-200:]) is not None


def _blocks(html: str, base: str) -> tuple[Block, ...]:
    if not markup.is_html(html):
        # Whatever the feed wrote, an entry's text is html: without a tag it still has references.
        paragraphs = [collapse(p) for p in re.split(r"\n\s*\n", unescape(html.replace("\0", "")))]
        return tuple(Block(kind=BlockKind.PARAGRAPH, text=p) for p in paragraphs if p and not _TAIL.fullmatch(p))
    root = markup.parse(f"<div>{html}</div>")
    if root is None:
        return ()
    return tuple(b for b in fragment(root, base=base) if not _is_left_out(b))


def _is_left_out(block: Block) -> bool:
    if block.kind is BlockKind.IMAGE:
        return _SHARE.match(block.url) is not None
    linked = sum(span.end - span.start for span in block.links)
    # Share buttons are one paragraph of links; a paragraph that mentions one such link is text.
    if linked and 2 * linked > len(block.text) and all(_SHARE.match(span.url) for span in block.links):
        return True
    return len(block.text) < 600 and _TAIL.fullmatch(block.text) is not None


def _plain(html: str) -> str:
    return collapse(re.sub(r"<[^<>]*>", " ", html).replace("&hellip;", "…").replace("&#8230;", "…"))


def _image(media: tuple[Media, ...]) -> str:
    """The first image of some size, else the first image."""
    images = [m for m in media if m.media_type.partition("/")[0] == "image" or _may_be_image(m)]
    large = next((m.url for m in images if m.width >= 200 or not m.width), "")
    return absolute("", large) or next((u for m in images if (u := absolute("", m.url))), "")


def _may_be_image(medium: Media) -> bool:
    return not medium.media_type and _SOUND_OR_FILM.search(medium.url) is None
