"""Gives an article's text its final form: typed blocks, with links that lead somewhere from any page."""

from __future__ import annotations

from collections.abc import Iterable

from stayahead.extract.body.outline import Run
from stayahead.model import Block, BlockKind, LinkSpan
from stayahead.urls import absolute

MAX_LINK_CHARS = 1_000_000
"""Addresses of an article's links in all: 10,000 of the usual length. One letter in a page may mean 4,096 of them."""
MAX_IMAGES = 30
"""Most images of an article: a page with more is a gallery."""


def blocks_of(runs: Iterable[Run], *, base: str) -> tuple[Block, ...]:
    """The runs as blocks: urls absolute and http(s) only, each image once, captions after an image only."""
    blocks: list[Block] = []
    urls: set[str] = set()
    room = MAX_LINK_CHARS
    for run in runs:
        if run.kind is BlockKind.IMAGE:
            url = absolute(base, run.src)
            if url and url not in urls and len(urls) < MAX_IMAGES:
                urls.add(url)
                blocks.append(Block(kind=BlockKind.IMAGE, text=run.text, url=url))
        elif run.text:
            links = _links(run, base, room)
            room -= sum(len(link.url) for link in links)
            blocks.append(Block(kind=run.kind, text=run.text, links=links))
    return tuple(blocks)


def _links(run: Run, base: str, room: int) -> tuple[LinkSpan, ...]:
    """The links of a run, as far as their addresses find room."""
    spans: list[LinkSpan] = []
    for anchor in run.anchors:
        if room <= 0:
            break
        # A link within the page leads nowhere once the text stands on ours.
        url = absolute(base, anchor.href) if anchor.href and not anchor.href.startswith("#") else ""
        if url:
            spans.append(LinkSpan(start=anchor.start, end=anchor.end, url=url))
            room -= len(url)
    return tuple(spans)
