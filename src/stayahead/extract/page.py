"""Page: the html (or plain text) of a page goes in; its title, text, facts and comments come out as one `Page`.

The cascade: one parse, metadata, our own extractor; where that is unsure of itself, `trafilatura` is asked and one of
the two is taken by the rule in `second_opinion.choose` (docs/decisions/0020).
"""

from __future__ import annotations

from lxml import etree

from stayahead.charset import decode
from stayahead.errors import ExtractError
from stayahead.extract import markup, second_opinion
from stayahead.extract.article import Reading, read_tree
from stayahead.extract.kinds import kind_of
from stayahead.extract.metadata import Facts, facts_of
from stayahead.extract.plain import read_plain
from stayahead.language import detect
from stayahead.model import BlockKind, Page
from stayahead.urls import absolute


def read_page(body: str | bytes, *, url: str = "") -> Page:
    """What a page says.

    Args:
        body: html or plain text; bytes are decoded by their own declaration.
        url: where it came from; links are resolved against it.

    Raises:
        ExtractError: it holds neither text nor comments nor title.
    """
    text = markup.sound(body) if isinstance(body, str) else decode(body)
    if markup.is_binary(text):
        raise ExtractError(url or "page", "is no text", remedy="only html and plain text are read")
    if not markup.is_html(text):
        return _finished(read_plain(text), Facts(), url=url, is_plain=True)
    root = markup.parse(text)
    if root is None:
        raise ExtractError(url or "page", "holds no markup that can be read")
    facts = facts_of(root, url=url)
    reading = read_tree(root, base=facts.base or url, title=facts.title)
    if second_opinion.is_wanted(reading, text):
        reading = second_opinion.choose(reading, second_opinion.ask(text, base=facts.base or url))
    return _finished(reading, facts, url=url, root=root)


def _finished(
    reading: Reading, facts: Facts, *, url: str, is_plain: bool = False, root: etree._Element | None = None
) -> Page:
    title = facts.title or reading.title
    if not reading.blocks and not reading.comments and not title:
        raise ExtractError(url or "page", "holds nothing to read", remedy="it may need a browser to show its text")
    words = " ".join(b.text for b in reading.blocks if b.kind is not BlockKind.IMAGE)
    return Page(
        title=title,
        url=facts.canonical,
        blocks=reading.blocks,
        authors=facts.authors,
        published=facts.published,
        updated=facts.updated,
        language=detect(words or title, hint=facts.language) or ("" if is_plain else facts.language),
        image=facts.image or next((absolute(url, b.url) for b in reading.blocks if b.kind is BlockKind.IMAGE), ""),
        kind=kind_of(reading, facts, root),
        comments=reading.comments,
        confidence=round(reading.confidence, 3),
    )
