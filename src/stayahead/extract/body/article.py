"""Decides what of a page is the article and what readers wrote, and how sure we are of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lxml import etree

from stayahead.extract.body.blocks import blocks_of
from stayahead.extract.body.boilerplate import Choice, choose, mass_of
from stayahead.extract.body.comments import grouped, trailing_comments
from stayahead.extract.body.gates import gate, is_furniture, without_link_lists
from stayahead.extract.body.memory import HostMemory, find_container, path_of
from stayahead.extract.body.outline import Node, Outline, Run, outline
from stayahead.extract.body.sentences import is_pointer
from stayahead.extract.body.thread import posts_of
from stayahead.model import Block, BlockKind
from stayahead.urls import host

SURE_CHARS = 1500
"""Length of a text above which more length adds no confidence."""
UNSURE_BELOW = 0.5
"""Confidence below which another reading is tried: of the remembered container, or of another extractor."""
REMEMBERED = 0.6
"""Confidence in a text that stands where the host's earlier articles stood."""
SURE_CONTAINER_CHARS = 500
"""Least text that a container must hold to be remembered."""
MIN_OWN_SHARE = 0.5
"""If less of the chosen mass than this is left without known furniture, then furniture had led the choice."""
THREAD_CONFIDENCE = 0.8
"""Confidence in the posts of a forum's page, which are named as such."""
HIDDEN_BELOW = 150
"""Paragraph mass below which hidden text is read: two paragraphs that are shown are an article."""
_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """A page before the gates judged it, for the host's memory to learn from."""

    runs: tuple[Run, ...]
    """The runs of the container, and the host's known furniture wherever it stood, in the page's order."""
    nodes: list[Node]
    container: str
    """Path of the container; empty where it is not sure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The text, comments and confidence with which one extractor read a page."""

    blocks: tuple[Block, ...] = ()
    comments: tuple[str, ...] = ()
    title: str = ""
    confidence: float = 0.0
    link_share: float = 0.0
    """Share of the characters of the blocks that stand inside links."""
    visible: int = 0
    """Characters of text that the page shows anywhere, less those of other articles."""
    others: frozenset[str] = frozenset()
    """The texts that it shows of other articles."""
    pointers: int = 0
    """Headings in the article's place that are links to somewhere else."""
    traces: Traces | None = None

    @property
    def chars(self) -> int:
        """Characters of text."""
        return sum(len(b.text) for b in self.blocks if b.kind is not BlockKind.IMAGE)


def read_tree(
    root: etree._Element, *, base: str, title: str, memory: HostMemory | None = None, is_forum: bool = False
) -> Reading:
    """Our own extractor on one parsed page; on a forum's page, its posts.

    The furniture that `memory` knows is left out of the choice after it was made: to prune before choosing lost 23 of
    10,000 paragraphs, because the mass that held a container together was gone (docs/decisions/0027). Only a choice
    that was unsure, or made mostly of furniture, is made again: without it, or where the host's earlier articles stood.
    """
    page = outline(root)
    if is_forum and (posts := _posts(root, page, title)):
        return Reading(blocks=blocks_of(posts, base=base), confidence=THREAD_CONFIDENCE)
    site = host(base)
    choice = choose(page, site=site)
    # Hidden text and `noscript` hold menus and trackers too, so they are read only where nothing else is an article.
    if choice.mass < HIDDEN_BELOW and page.has_hidden:
        thorough = outline(root, with_hidden=True)
        other = choose(thorough, site=site)
        if other.mass > 2 * choice.mass:
            page, choice = thorough, other
    if memory is None:
        return _read(page, choice, _NONE, base=base, title=title)
    furniture = frozenset(id(run) for run in page.runs if run.kind is not BlockKind.IMAGE and memory.knows(run.text))
    mass = choice.mass
    choice = _without(choice, page, furniture)
    if choice.mass < MIN_OWN_SHARE * mass:
        choice = choose(
            Outline(nodes=page.nodes, runs=[run for run in page.runs if id(run) not in furniture]), site=site
        )
    reading = _read(page, choice, furniture, base=base, title=title)
    if reading.confidence >= UNSURE_BELOW:
        return reading
    # Unsure even without the furniture: the host's earlier articles may say where to look.
    container = find_container(page.nodes, memory)
    if container is None:
        return reading
    remembered = _without(choose(page, container=container, site=site), page, furniture)
    second_reading = _read(page, remembered, furniture, base=base, title=title)
    return (
        replace(second_reading, confidence=max(second_reading.confidence, REMEMBERED))
        if second_reading.chars
        else reading
    )


def _without(choice: Choice, page: Outline, furniture: frozenset[int]) -> Choice:
    """The choice without runs that are known as furniture."""
    if not furniture:
        return choice
    runs = [run for run in choice.article if id(run) not in furniture]
    mass = sum(mass_of(run) for run in runs)
    furniture_mass = sum(mass_of(run) for run in page.runs if id(run) in furniture)
    return replace(choice, article=runs, mass=mass, page_mass=max(mass, choice.page_mass - furniture_mass))


def _read(page: Outline, choice: Choice, furniture: frozenset[int], *, base: str, title: str) -> Reading:
    article, own_comments = trailing_comments(
        choice.article, has_comments=bool(choice.comments), has_heading=choice.has_heading
    )
    gated = gate(article, title=title)
    comments = grouped([*own_comments, *choice.comments], page.nodes)
    spam = tuple(run.text for run in gated.spam)
    confidence = _confidence(choice, gated.article)
    # Only what we are sure of is remembered: a wrong container would be found again on every next page.
    is_sure = confidence >= UNSURE_BELOW and choice.mass >= SURE_CONTAINER_CHARS
    observed = furniture | {id(run) for run in choice.article}
    return Reading(
        blocks=blocks_of(gated.article, base=base),
        comments=comments + spam,
        confidence=confidence,
        link_share=_link_share(gated.article),
        visible=sum(len(run.text) for run in page.runs if run.text not in choice.others),
        others=choice.others,
        pointers=sum(1 for run in article if run.kind is BlockKind.HEADING and is_pointer(run)),
        traces=Traces(
            runs=tuple(run for run in page.runs if id(run) in observed),
            nodes=page.nodes,
            container=path_of(page.nodes, choice.container) if is_sure else "",
        ),
    )


def _posts(root: etree._Element, page: Outline, title: str) -> list[Run]:
    """A thread's posts; `noscript` and hidden text are read only where the page itself shows none."""
    posts = posts_of(page, title=title)
    return posts_of(outline(root, with_hidden=True), title=title) if page.has_hidden and not posts else posts


def fragment(root: etree._Element, *, base: str) -> tuple[Block, ...]:
    """The blocks of html that is all article, as feeds carry it: no container is chosen."""
    page = outline(root)
    return blocks_of(without_link_lists([run for run in page.runs if not is_furniture(run)]), base=base)


def _link_share(runs: Iterable[Run]) -> float:
    chars = linked = 0
    for run in runs:
        if is_pointer(run):  # a list of sources, or a linked heading, makes no article doubtful
            continue
        chars += len(run.text)
        linked += run.link_chars
    return linked / chars if chars else 0.0


def _confidence(choice: Choice, runs: list[Run]) -> float:
    """How sure we are: by our share of the page's paragraphs, the text's length, a named body, and the links in it."""
    chars = sum(len(run.text) for run in runs if run.kind is not BlockKind.IMAGE)
    if not chars:
        return 0.0
    share = choice.mass / choice.page_mass if choice.page_mass else 0.0
    length = min(1.0, chars / SURE_CHARS)
    mark = 1.0 if choice.has_body_mark else 0.8
    return share * (0.4 + 0.6 * length) * mark * (1.0 - min(1.0, _link_share(runs)))
