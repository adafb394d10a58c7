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
from stayahead.extract.landmarks import Landmarks
from stayahead.language import detect
from stayahead.model import BlockKind, Page, PageKind
from stayahead.text import parted_headline
from stayahead.urls import absolute, host


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """A page, and what its host's memory may learn from it."""

    page: Page
    traces: Traces | None = None


def read_page(body: str | bytes, *, url: str = "", memory: HostMemory | None = None) -> Page:
    """Read a page: its text, its facts, its comments, and what kind of page it is.

    Args:
        body: html or plain text; bytes are decoded by their own declaration.
        url: where it came from; links are resolved against it.
        memory: what earlier pages of its host taught (see `body/memory`); None: nothing is known.

    Raises:
        ExtractError: it holds neither text nor comments nor title.
    """
    return _read(body, url=url, memory=memory).page


def observe_page(body: str | bytes, *, url: str, memory: HostMemory | None = None) -> tuple[Page, Observation | None]:
    """Read a page, and note what its host's memory learns from it; None from a page that is no article.

    Raises:
        ExtractError: as `read_page`.
    """
    result = _read(body, url=url, memory=memory)
    # A front page repeats itself by nature and a shell holds nothing: neither teaches what surrounds an article.
    if result.traces is None or result.page.kind in (PageKind.LIST, PageKind.SHELL):
        return result.page, None
    observation = observe(
        result.traces.runs,
        result.traces.nodes,
        url=url,
        title=result.page.title,
        container=result.traces.container,
        memory=memory or HostMemory(host=host(url)),
    )
    return result.page, observation


def _read(body: str | bytes, *, url: str, memory: HostMemory | None) -> _Result:
    text = markup.sound(body) if isinstance(body, str) else decode(body)
    if markup.is_binary(text):
        raise ExtractError(url or "page", "is no text", remedy="only html and plain text are read")
    if not markup.is_html(text):
        return _Result(page=_page_of(read_plain(text), Facts(), url=url, is_plain=True))
    root = markup.parse(text)
    if root is None:
        raise ExtractError(url or "page", "holds no markup that can be read")
    landmarks = Landmarks(root)
    facts = facts_of(root, url=url, landmarks=landmarks)
    is_forum = is_thread(landmarks, url=url, types=facts.all_types)
    reading = read_tree(root, base=facts.base or url, title=facts.title, memory=memory, is_forum=is_forum)
    if second_opinion.is_wanted(reading, text):
        # The library gets the source within our bounds, too: hostile markup costs it more than us.
        theirs = second_opinion.ask(markup.trimmed(text), base=facts.base or url)
        reading = second_opinion.choose(reading, _without_furniture(theirs, memory, others=reading.others))
    return _Result(page=_page_of(reading, facts, url=url, root=root), traces=reading.traces)


def _without_furniture(reading: Reading, memory: HostMemory | None, *, others: frozenset[str]) -> Reading:
    if memory is None and not others:
        return reading
    blocks = (block for block in reading.blocks if block.text not in others)
    return replace(reading, blocks=tuple(block for block in blocks if memory is None or not memory.knows(block.text)))


def _page_of(
    reading: Reading, facts: Facts, *, url: str, is_plain: bool = False, root: etree._Element | None = None
) -> Page:
    wire, title = parted_headline(facts.title or reading.title)
    reading = without_notices(reading, title=title)
    if not reading.blocks and not reading.comments and not title:
        raise ExtractError(url or "page", "holds nothing to read", remedy="it may need a browser to show its text")
    words = " ".join(b.text for b in reading.blocks if b.kind is not BlockKind.IMAGE)
    return Page(
        title=title,
        wire=wire,
        url=facts.canonical,
        blocks=reading.blocks,
        authors=facts.authors,
        published=facts.published,
        updated=facts.updated,
        # Templates declare a language that their texts are not in, so the words decide and the declaration only hints.
        language=detect(words or title, hint=facts.language) or ("" if is_plain else facts.language),
        image=facts.image or next((absolute(url, b.url) for b in reading.blocks if b.kind is BlockKind.IMAGE), ""),
        kind=kind_of(reading, facts, root, url=url),
        comments=reading.comments,
        confidence=round(reading.confidence, 3),
    )
