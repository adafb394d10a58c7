"""Prose: the sentences of an article with their places, cut once for all analyzers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from stayahead.analyze.dateline import without_dateline
from stayahead.model import TITLE, BlockKind, Page
from stayahead.text import sentence_spans

MAX_TITLE_CHARS = 1_000
MAX_TEXT_CHARS = 40_000
"""Far past the longest reports; what follows (transcripts, lists) says nothing new about the event."""
SENTENCE_CHARS = 1_000
"""A longer one is a list, or a text without full stops: no sentence. It also bounds what one may cost an analyzer."""


class Sentence(NamedTuple):
    """A sentence where it stands: [start, end) of a block's text, in code points."""

    block: int
    """`TITLE`: the headline, which is one sentence."""
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """What analyzers read of an article."""

    page: Page
    language: str
    sentences: tuple[Sentence, ...]
    """The headline, then those of the text; of captions too, of images not."""


def prose(title: str, page: Page) -> Prose:
    """The headline and the beginning of the text, up to `MAX_TEXT_CHARS`."""
    return Prose(page, page.language, (*_of_title(title), *_of_text(page)))


def _of_title(title: str) -> Iterator[Sentence]:
    text = title[:MAX_TITLE_CHARS].strip()
    if text:
        start = title.index(text)
        yield Sentence(TITLE, start, start + len(text), text)


def _of_text(page: Page) -> Iterator[Sentence]:
    left = MAX_TEXT_CHARS
    has_begun = False
    for place, block in enumerate(page.blocks):
        if block.kind is BlockKind.IMAGE:
            continue
        text = block.text[:left]
        left -= len(text)
        start = 0
        if not has_begun and block.kind is BlockKind.PARAGRAPH and text.strip():
            has_begun = True
            start = len(text) - len(without_dateline(text))
        for begin, end in sentence_spans(text[start:]):
            if end - begin <= SENTENCE_CHARS:
                yield Sentence(place, start + begin, start + end, text[start + begin : start + end])
        if not left:
            return
