"""Prose: the sentences of an article with their places, cut once for all analyzers, and no sooner than one asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from stayahead.analyze.dateline import without_dateline
from stayahead.model import TITLE, BlockKind, Page
from stayahead.text import fold, sentence_spans, tokens

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
    folded: str


class _Passage(NamedTuple):
    """The headline, or a block as far as it is read: what stands in it from `start` on."""

    block: int
    start: int
    text: str


class Prose:
    """What analyzers read of an article: its headline, then its text up to `MAX_TEXT_CHARS`, captions too, images not.

    Args:
        title: its headline.
        page: its text.
        words: all its words, as `text.tokens` cuts them; None: nobody has cut it yet.
    """

    def __init__(self, title: str, page: Page, *, words: str | None = None) -> None:
        self.page = page
        self.language = page.language
        self._passages = (*_of_title(title), *_of_text(page))
        self._words = words
        self._folded: dict[int, str] = {}
        self._sentences: dict[int, tuple[Sentence, ...]] = {}

    def sentences(self) -> Iterator[Sentence]:
        """Every sentence, the headline first."""
        for passage in self._passages:
            yield from self._cut(passage)

    def outer_sentences(self, *, head: int, foot: int) -> Iterator[Sentence]:
        """The headline's, and those of the first `head` and the last `foot` passages of the text."""
        text = [passage for passage in self._passages if passage.block != TITLE]
        outer = text if len(text) <= head + foot else text[:head] + text[-foot:]
        for passage in (*(each for each in self._passages if each.block == TITLE), *outer):
            yield from self._cut(passage)

    def sentences_with(self, words: Sequence[str]) -> Iterator[Sentence]:
        """The sentences in which one of the folded words stands: for little, where there are none, as in most texts."""
        near = [word for word in words if self._words is None or _beginning(word) in self._words]
        for passage in self._passages if near else ():
            folded = self._fold(passage)
            if any(word in folded for word in near):
                yield from (each for each in self._cut(passage) if any(word in each.folded for word in near))

    def paragraphs(self) -> Iterator[tuple[int, int, str]]:
        """Each block of the text: its number, and what stands in it from where on, not cut into sentences."""
        return ((each.block, each.start, each.text) for each in self._passages if each.block != TITLE)

    def _fold(self, passage: _Passage) -> str:
        folded = self._folded.get(passage.block)
        if folded is None:
            folded = self._folded[passage.block] = fold(passage.text)
        return folded

    def _cut(self, passage: _Passage) -> tuple[Sentence, ...]:
        cut = self._sentences.get(passage.block)
        if cut is None:
            cut = self._sentences[passage.block] = tuple(_sentences_of(passage))
        return cut


@lru_cache(maxsize=1024)
def _beginning(word: str) -> str:
    """What of a word stands whole among the words of a text: in scripts without blanks its first two signs.

    Nothing of a sign that is no word: `$`.
    """
    return next(iter(tokens(word)), "")


def _of_title(title: str) -> Iterator[_Passage]:
    text = title[:MAX_TITLE_CHARS].strip()
    if text:
        yield _Passage(TITLE, title.index(text), text)


def _of_text(page: Page) -> Iterator[_Passage]:
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
        yield _Passage(place, start, text[start:])
        if not left:
            return


def _sentences_of(passage: _Passage) -> Iterator[Sentence]:
    block, start, text = passage
    if block == TITLE:
        yield Sentence(block, start, start + len(text), text, fold(text))
        return
    for begin, end in sentence_spans(text):
        if end - begin <= SENTENCE_CHARS:
            yield Sentence(block, start + begin, start + end, text[begin:end], fold(text[begin:end]))
