"""Article: the tree of a page goes in; its blocks, its comments and how sure we are of them come out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from stayahead.extract.blocks import blocks_of
from stayahead.extract.boilerplate import MIN_ARTICLE_CHARS, Choice, choose
from stayahead.extract.comments import grouped, trailing_comments
from stayahead.extract.gates import gate, is_furniture, without_link_lists
from stayahead.extract.outline import Run, outline
from stayahead.model import Block, BlockKind

SURE_CHARS = 1500
"""Length of text from which length speaks no more for or against."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one extractor made of a page."""

    blocks: tuple[Block, ...] = ()
    comments: tuple[str, ...] = ()
    title: str = ""
    confidence: float = 0.0
    link_share: float = 0.0
    """Share of the characters of the blocks that stand inside links."""

    @property
    def chars(self) -> int:
        """Characters of text."""
        return sum(len(b.text) for b in self.blocks if b.kind is not BlockKind.IMAGE)


def read_tree(root: etree._Element, *, base: str, title: str) -> Reading:
    """Our own extractor on one parsed page."""
    page = outline(root)
    choice = choose(page)
    if choice.mass < MIN_ARTICLE_CHARS:
        thorough = outline(root, with_hidden=True)
        other = choose(thorough)
        if other.mass > 2 * choice.mass:
            page, choice = thorough, other
    article, own_comments = trailing_comments(
        choice.article, has_comments=bool(choice.comments), has_heading=choice.has_heading
    )
    gated = gate(article, title=title)
    comments = grouped([*own_comments, *choice.comments], page.nodes)
    spam = tuple(run.text for run in gated.spam)
    return Reading(
        blocks=blocks_of(gated.article, base=base),
        comments=comments + spam,
        confidence=_confidence(choice, gated.article),
        link_share=_link_share(gated.article),
    )


def fragment(root: etree._Element, *, base: str) -> tuple[Block, ...]:
    """The blocks of a piece of html that is all article, as feeds carry it: no choice of container."""
    page = outline(root)
    return blocks_of(without_link_lists([run for run in page.runs if not is_furniture(run)]), base=base)


def _link_share(runs: Iterable[Run]) -> float:
    chars = linked = 0
    for run in runs:
        chars += len(run.text)
        linked += run.link_chars
    return linked / chars if chars else 0.0


def _confidence(choice: Choice, kept: list[Run]) -> float:
    """From what share of the page's paragraphs we hold, how long the text is, and how much of it is links."""
    chars = sum(len(run.text) for run in kept if run.kind is not BlockKind.IMAGE)
    if not chars:
        return 0.0
    share = choice.mass / choice.page_mass if choice.page_mass else 0.0
    length = min(1.0, chars / SURE_CHARS)
    mark = 1.0 if choice.has_body_mark else 0.8
    return share * (0.4 + 0.6 * length) * mark * (1.0 - min(1.0, _link_share(kept)))
