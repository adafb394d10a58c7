"""Reads a page: the one place where parsing, facts, body and a second opinion come together.

The cascade: one parse, metadata, our own extractor; where that is unsure of itself, `trafilatura` is asked and one of
the two is taken by the rule in `second_opinion.choose` (docs/decisions/0020).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from lxml import etree

from stayahead.charset import decode
from stayahead.errors import ExtractError
from stayahead.extract import markup, second_opinion
from stayahead.extract.body.article import Reading, Traces, read_tree
from stayahead.extract.body.memory import HostMemory, Observation, observe
from stayahead.extract.body.plain import read_plain
from stayahead.extract.body.thread import is_thread
from stayahead.extract.facts.metadata import Facts, facts_of
from stayahead.extract.kinds import kind_of, without_notices
from stayahead.language import detect
from stayahead.model import BlockKind, Page, PageKind
from stayahead.urls import absolute, host


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A page, and what its host's memory may learn from it."""

    page: Page
    traces: Traces | None = None


def read_page(body: str | bytes, *, url: str = "", memory: HostMemory | None = None) -> Page:
    """What a page says.

    Args:
        body: html or plain text; bytes are decoded by their own declaration.
        url: where it came from; links are resolved against it.
        memory: what earlier pages of its host taught (see `extract.memory`); None: nothing is known.

    Raises:
        ExtractError: it holds neither text nor comments nor title.
    """
    return _made(body, url=url, memory=memory).page


def observe_page(body: str | bytes, *, url: str, memory: HostMemory | None = None) -> tuple[Page, Observation | None]:
    """What a page says, and what its host's memory learns from it; None from a page that is no article.

    Raises:
        ExtractError: as `read_page`.
    """
    made = _made(body, url=url, memory=memory)
    if made.traces is None or made.page.kind in (PageKind.LIST, PageKind.SHELL):
        return made.page, None
    seen = observe(
        made.traces.runs,
        made.traces.nodes,
        url=url,
        title=made.page.title,
        container=made.traces.container,
        memory=memory or HostMemory(host=host(url)),
    )
    return made.page, seen


def _made(body: str | bytes, *, url: str, memory: HostMemory | None) -> _Made:
    text = markup.sound(body) if isinstance(body, str) else decode(body)
    if markup.is_binary(text):
        raise ExtractError(url or "page", "is no text", remedy="only html and plain text are read")
    if not markup.is_html(text):
        return _Made(page=_finished(read_plain(text), Facts(), url=url, is_plain=True))
    root = markup.parse(text)
    if root is None:
        raise ExtractError(url or "page", "holds no markup that can be read")
    facts = facts_of(root, url=url)
    is_forum = is_thread(root, url=url, types=facts.all_types)
    reading = read_tree(root, base=facts.base or url, title=facts.title, memory=memory, is_forum=is_forum)
    if second_opinion.is_wanted(reading, text):
        theirs = second_opinion.ask(markup.trimmed(text), base=facts.base or url)
        reading = second_opinion.choose(reading, _without_known(theirs, memory))
    return _Made(page=_finished(reading, facts, url=url, root=root), traces=reading.traces)


def _without_known(reading: Reading, memory: HostMemory | None) -> Reading:
    if memory is None:
        return reading
    return replace(reading, blocks=tuple(block for block in reading.blocks if not memory.knows(block.text)))


def _finished(
    reading: Reading, facts: Facts, *, url: str, is_plain: bool = False, root: etree._Element | None = None
) -> Page:
    title = facts.title or reading.title
    reading = without_notices(reading, title=title)
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
        kind=kind_of(reading, facts, root, url=url),
        comments=reading.comments,
        confidence=round(reading.confidence, 3),
    )
