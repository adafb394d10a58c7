"""Parts an article from the furniture around it: menus, teasers, share buttons, comments.

The steps, each on flat lists: weigh the runs (paragraph mass), set apart what its class, id or tag calls comments,
prune what they call furniture, choose the container that holds the mass, and cut at a comment heading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from operator import or_

from stayahead.extract.body.container import container_of, is_body
from stayahead.extract.body.furniture import MAX_PRUNED_SHARE, pruned, subtree_sums
from stayahead.extract.body.fusion import Holder, fused
from stayahead.extract.body.outline import Node, Outline, Run
from stayahead.extract.body.sentences import SENTENCE_END
from stayahead.extract.body.teasers import teasers
from stayahead.extract.markup import MARKS_KEPT
from stayahead.language.lexicon import by_letter, either
from stayahead.model import BlockKind
from stayahead.spam import is_repetitive

MIN_PARAGRAPH_CHARS = 60
"""Shortest run that counts as a paragraph: menus, buttons and bylines are shorter."""
MIN_SPOKEN_HEADING = 80
"""Shortest heading that is a paragraph all the same, if it ends as a sentence does: some pages set their text so."""
MAX_PARAGRAPH_LINKS = 0.5
"""Largest share of link characters in a paragraph."""
MIN_ARTICLE_CHARS = 250
"""Least paragraph mass before a comment heading, or outside the comments, for the comments to be cut off."""
MIN_UNNAMED_CHARS = 1000
"""The same in an `article` element that nothing names as an article's text: the first post of a thread may be one."""
MAX_HEADING_CHARS = 80
"""Longest heading of readers' comments."""
_NO_TEXTS: frozenset[str] = frozenset()

_NAMES_OF_COMMENTS = (
    r"commentlist|comment-list|comments-area|commentary-list|disqus(?:_thread)?|respond|reader-comments|user-comments"
    rf"|livefyre|coral|spot-im|{either('comments.names')}"
)
_COMMENTS = re.compile(rf"[\s_-](?:{by_letter(_NAMES_OF_COMMENTS)})[\s_-]")
_CJK = re.compile("[\u3040-\u9fff\uac00-\ud7a3]")
_NEVER_COMMENTS = frozenset(("body", "html", "main", "article", "h1", "h2", "h3", "h4", "h5", "h6"))
_HEADINGS_OF_COMMENTS = re.compile(
    rf"(?:\d{{1,5}}\s++)?(?:{either('comments.headings')})\s*+(?:\(\s*+\d{{0,6}}\s*+\))?\s*+[:：]?\s*+(?:\d{{1,6}})?",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Choice:
    """The runs of an outline, parted into article and comments."""

    article: list[Run]
    comments: list[Run]
    has_heading: bool
    """Whether a comment heading stands right below the article's runs."""
    mass: int
    """Paragraph mass of the article's runs."""
    page_mass: int
    """Paragraph mass of the page without comments and furniture."""
    has_body_mark: bool
    """Whether the container, or an element around it, is marked as the article's body."""
    container: int
    """Number of its element."""
    others: frozenset[str]
    """The texts that the page shows of other articles."""


def mass_of(run: Run) -> int:
    """How many characters of paragraph a run holds; 0 when it is no paragraph."""
    if run.mass is None:  # each rule asks again
        run.mass = _weighed(run)
    return run.mass


def _weighed(run: Run) -> int:
    size = len(run.text)
    if run.kind in (BlockKind.IMAGE, BlockKind.CAPTION):
        return 0
    if run.kind is BlockKind.HEADING and (size < MIN_SPOKEN_HEADING or not SENTENCE_END.search(run.text)):
        return 0
    if size < MIN_PARAGRAPH_CHARS:
        # Chinese, Japanese and Korean say in 25 characters what English says in 60.
        return 0 if size < 25 or not _is_cjk(run.text) else size
    linked = run.link_chars
    if linked > MAX_PARAGRAPH_LINKS * size or (not run.is_code and is_repetitive(run.text)):
        return 0
    return size - linked


def is_comment_heading(text: str) -> bool:
    """Whether a text is a heading of readers' comments, in one of some twenty languages."""
    return len(text) <= MAX_HEADING_CHARS and _HEADINGS_OF_COMMENTS.fullmatch(text.strip(" .:-–—•")) is not None


def choose(page: Outline, *, container: int | None = None, site: str = "") -> Choice:
    """The runs of the article and of the comments.

    Args:
        page: what a reader sees.
        container: number of the element that holds them, where that is known.
        site: the page's host.
    """
    # Comments are set apart before furniture is pruned, and both before the container is chosen: each step's shares are
    # of the mass that the one before has left.
    nodes = page.nodes
    masses = [mass_of(run) for run in page.runs]
    own = [0] * len(nodes)
    for run, mass in zip(page.runs, masses, strict=True):
        own[run.node] += mass
    is_comment = _comment_nodes(nodes, own)
    own = _without(own, is_comment)
    is_pruned = pruned(nodes, page.runs, own, is_comment)
    is_out = list(map(or_, is_comment, is_pruned))
    others = teasers(nodes, page.runs, masses, is_out, site=site)
    is_other = _under(nodes, others)
    if others:
        is_out = list(map(or_, is_out, is_other))
    own = _without(own, is_out)
    if container is None:
        core = container_of(nodes, subtree_sums(nodes, own))
        holder = fused(core, nodes, page.runs, masses, is_out)
    else:
        holder = Holder(container)
    inside = _inside(nodes, holder)
    comments = [run for run in page.runs if is_comment[run.node]]
    rest = [
        (run, mass) for run, mass in zip(page.runs, masses, strict=True) if inside[run.node] and not is_out[run.node]
    ]
    cut = _cut_of(rest)
    return Choice(
        article=[run for run, _ in rest[:cut]],
        comments=comments + [run for run, _ in rest[cut + 1 :]],
        has_heading=cut < len(rest),
        mass=sum(mass for _, mass in rest[:cut]),
        page_mass=sum(own),
        has_body_mark=_has_body_mark(nodes, holder.node),
        container=holder.node,
        others=frozenset(run.text for run in page.runs if is_other[run.node]) if others else _NO_TEXTS,
    )


def _without(own: list[int], left_out: list[bool]) -> list[int]:
    return [0 if is_out else mass for mass, is_out in zip(own, left_out, strict=True)]


def _cut_of(runs: list[tuple[Run, int]]) -> int:
    """Where the comments begin: at the first comment heading below `MIN_ARTICLE_CHARS` of paragraphs."""
    before = 0
    for index, (run, mass) in enumerate(runs):
        if before >= MIN_ARTICLE_CHARS and _is_heading_run(run):
            return index
        before += mass
    return len(runs)


def _is_heading_run(run: Run) -> bool:
    if len(run.text) > MAX_HEADING_CHARS:
        return False
    # "12 comments" as a link stands at the top of an article and leads down to them.
    is_link = run.link_chars * 2 > len(run.text)
    return (not is_link or run.kind is BlockKind.HEADING) and is_comment_heading(run.text)


def _is_cjk(text: str) -> bool:
    return not text.isascii() and _CJK.search(text, 0, 20) is not None


def _comment_nodes(nodes: list[Node], own: list[int]) -> list[bool]:
    """For each element, whether it is comments by name; for none, if without them no article were left (a forum)."""
    # A page has a few names many times: each is asked about once.
    names = {mark for mark in {node.mark for node in nodes} if mark and _says_comments(mark)}
    tops = {i for i, n in enumerate(nodes) if n.mark in names and n.tag not in _NEVER_COMMENTS} if names else set()
    is_comment = _under(nodes, tops)
    if not tops:
        return is_comment
    # On a forum everything is named a comment; without a floor its page would be read as empty.
    others = _without(own, is_comment)
    other_mass, comment_mass = sum(others), sum(own) - sum(others)
    if other_mass >= MIN_ARTICLE_CHARS and (other_mass >= MAX_PRUNED_SHARE * comment_mass or _has_body(nodes, others)):
        return is_comment
    return [False] * len(nodes)


def _has_body(nodes: list[Node], own: list[int]) -> bool:
    """Whether an element that is named as an article, or as its text, holds enough of this mass."""
    subtree = subtree_sums(nodes, own)
    return any(
        mass >= MIN_ARTICLE_CHARS and (is_body(node) or (node.tag == "article" and mass >= MIN_UNNAMED_CHARS))
        for mass, node in zip(subtree, nodes, strict=True)
    )


@lru_cache(maxsize=MARKS_KEPT)
def _says_comments(mark: str) -> bool:
    return _COMMENTS.search(mark) is not None


def _inside(nodes: list[Node], holder: Holder) -> list[bool]:
    inside = [False] * len(nodes)
    if not nodes:
        return inside
    inside[holder.node] = holder.node not in holder.left_out
    for index in range(holder.node + 1, len(nodes)):
        parent = nodes[index].parent
        if parent < holder.node:  # what is inside an element stands right behind it
            break
        inside[index] = inside[parent] and index not in holder.left_out
    return inside


def _under(nodes: list[Node], tops: set[int]) -> list[bool]:
    """For each element, whether it is one of these or inside one."""
    is_under = [False] * len(nodes)
    for index in range(min(tops), len(nodes)) if tops else ():
        is_under[index] = index in tops or is_under[nodes[index].parent]
    return is_under


def _has_body_mark(nodes: list[Node], container: int) -> bool:
    at = container
    while nodes:
        if nodes[at].tag == "article" or is_body(nodes[at]):
            return True
        if at == nodes[at].parent:
            return False
        at = nodes[at].parent
    return False
