"""Says which elements of a page are furniture by their name or tag: menus, teasers, boxes that ask for something.

Names lie in known ways, so a name is heard with its witnesses: how much of the page all elements of that name hold
together, whether the name is only the slug of the heading inside, and what the words inside say.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from stayahead.extract.body.container import is_body
from stayahead.extract.body.notices import asks_subscription
from stayahead.extract.body.outline import Node, Run
from stayahead.extract.body.sentences import SENTENCE_END
from stayahead.extract.markup import MARKS_KEPT
from stayahead.language.lexicon import by_letter
from stayahead.text import fold, tokens

MAX_PRUNED_SHARE = 0.3
"""Elements of one name with more of the paragraph mass than this are not pruned by it: names lie, mass does not."""
MIN_KEPT_SHARE = 0.2
"""Where pruning by name leaves less of the page's mass than this, only tags prune: page builders name everything
"widget"."""
MIN_LEAVES = 3
"""So many paragraphs of one name beside each other are the text: a box says what it has to say in one or two."""
MIN_SAID_CHARS = 100
"""Shortest paragraph that goes by no name if it is of whole sentences and leads nowhere."""
MAX_ASIDE_LINKS = 0.15
"""Share of a paragraph mass in links above which an `aside` is no part of the text."""
MAX_SLUG_DEPTH = 8
"""How many elements behind one are searched for the heading that it is named after."""

_NAMES = r"""share|sharing|shares|social|addtoany|sharedaddy|related|recirc\w*|recommend\w*|promo\w*|sponsor\w*
    |advert\w*|ad|ads
    |adunit|adslot|banner|newsletter\w*|subscribe\w*|subscription|signup|sign-up|breadcrumb\w*|nav|navigation|navbar
    |menu|sidebar|side-bar
    |footer|cookie\w*|consent|gdpr|modal|popup|pop-up|overlay|toolbar|tags|taglist|tag-list|post-tags|entry-tags
    |outbrain|taboola
    |trending|popular|most-read|mostread|more-stories|morestories|read-next|readnext|up-next|also-like|you-may-like
    |latest-news
    |author-bio|authorbio|author-box|about-author|about-the-author|author-info|biography|byline|post-meta|entry-meta
    |article-meta|postmeta
    |metadata|dateline|timestamp|skip-link|screen-reader-text|sr-only|visually-hidden|visuallyhidden|pagination
    |pager|post-navigation|nav-links
    |copyright|disclaimer|teaser|teasers|carousel|slideshow-nav|paywall|login|search|toc|table-of-contents|cta|donate
    |donation|app-download|follow-us|inline-related|readmore|read-more|see-also|jp-relatedposts|rating|ratings|poll
    |quiz|survey"""
_FURNITURE = re.compile(
    rf"[\s_-]((?:{by_letter(''.join(_NAMES.split()))})(?=[\s_-])"
    r"|(?<= )(?:contentinfo|complementary|dialog|alert)(?= ))"
)
_WALL = "paywall"
_FURNITURE_TAGS = frozenset(("nav", "footer", "aside", "menu", "form"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LEAVES = frozenset(("p", "li", "blockquote", "pre", "td", "dd", "figure"))
_WHOLE = frozenset(("body", "html", "main"))
_LISTINGS = frozenset(("pre", "listing", "xmp"))


def subtree_sums(nodes: list[Node], own: list[int]) -> list[int]:
    """Sums over whole subtrees of what each element holds itself."""
    sums = own.copy()
    for index in range(len(nodes) - 1, 0, -1):
        sums[nodes[index].parent] += sums[index]
    return sums


def pruned(nodes: list[Node], runs: list[Run], own: list[int], comments: list[bool]) -> list[bool]:
    """For each element, whether it is furniture by its name or tag; by tag alone where names leave hardly anything."""
    witnesses = _Witnesses(nodes, runs, own)
    by_name = _pruned_nodes(witnesses, comments, _names(witnesses, comments))
    mass_left = sum(mass for mass, is_pruned in zip(own, by_name, strict=True) if not is_pruned)
    if mass_left < MIN_KEPT_SHARE * sum(own):
        return _pruned_nodes(witnesses, comments, {})
    return by_name


class _Witnesses:
    """What a page's elements hold, by their numbers."""

    def __init__(self, nodes: list[Node], runs: list[Run], own: list[int]) -> None:
        self.nodes = nodes
        self.own = own
        self.masses = subtree_sums(nodes, own)
        # The limit holds for tags as well: an `aside` with a third of all paragraphs holds the article.
        self.limit = MAX_PRUNED_SHARE * (self.masses[0] if nodes else 0)
        self._runs = runs
        heavy = [nodes[index] for index, mass in enumerate(own) if mass]
        self._paragraphs = Counter([node.parent for node in heavy if node.tag == "p"])
        self._leaves = Counter([(n.parent, n.tag, n.mark) for n in heavy if n.mark and n.tag in _LEAVES])
        self._links: list[int] = []
        self._walls: set[int] | None = None
        self._headings = {run.node: run.text for run in runs if nodes[run.node].tag in _HEADINGS}
        self._last: dict[int, Run] | None = None
        self._listings = self._around([i for i, node in enumerate(nodes) if node.tag in _LISTINGS])

    def words(self, index: int) -> frozenset[str]:
        """The names of furniture that an element bears, less those that are explained otherwise."""
        node = self.nodes[index]
        words = words_in(node.mark)
        if not words or node.tag in _HEADINGS or index in self._listings or is_body(node):
            return _NO_WORDS
        if (
            node.tag == "blockquote"
            or self._is_said(index)
            or self._leaves[(node.parent, node.tag, node.mark)] >= MIN_LEAVES
        ):
            return _NO_WORDS
        if heading := self._heading_in(index):
            words = words_in(_without_slugs(node.mark, heading))
        if _WALL in words and self.masses[index] and index not in self._asking():
            # The name is given to the wall and to what stands behind it.
            words -= {_WALL}
        return words

    def is_among_text(self, index: int) -> bool:
        """Whether an element is a paragraph, or stands among paragraphs, and so may be part of the text."""
        node = self.nodes[index]
        return node.tag in _LEAVES or self._paragraphs[node.parent] > 0

    def is_text_aside(self, index: int) -> bool:
        """Whether an `aside` is a remark among the paragraphs of the text: prose that hardly links anywhere."""
        node = self.nodes[index]
        if node.tag != "aside" or not self.masses[index] or self._paragraphs[node.parent] < MIN_LEAVES:
            return False
        if not self._links:
            links = [0] * len(self.nodes)
            for run in self._runs:
                links[run.node] += run.link_chars
            self._links = subtree_sums(self.nodes, links)
        return self._links[index] <= MAX_ASIDE_LINKS * self.masses[index]

    def _is_said(self, index: int) -> bool:
        """Whether an element is a paragraph of whole sentences that leads nowhere, among others."""
        node = self.nodes[index]
        if node.tag != "p" or self.own[index] < MIN_SAID_CHARS or self._paragraphs[node.parent] < MIN_LEAVES:
            return False
        if self._last is None:
            self._last = {run.node: run for run in self._runs}
        run = self._last[index]
        return not run.anchors and SENTENCE_END.search(run.text) is not None

    def _heading_in(self, index: int) -> str:
        for at in range(index + 1, min(len(self.nodes), index + MAX_SLUG_DEPTH)):
            if self.nodes[at].parent < index:
                return ""
            if at in self._headings:
                return self._headings[at]
        return ""

    def _asking(self) -> set[int]:
        """The elements in which somebody is asked to subscribe."""
        if self._walls is None:
            self._walls = self._around([run.node for run in self._runs if asks_subscription(run.text)])
        return self._walls

    def _around(self, indexes: list[int]) -> set[int]:
        """These elements and all around them."""
        around: set[int] = set()
        for index in indexes:
            at = index
            while at not in around:
                around.add(at)
                at = self.nodes[at].parent
        return around


_NO_WORDS: frozenset[str] = frozenset()


def _names(witnesses: _Witnesses, comments: list[bool]) -> dict[int, frozenset[str]]:
    """The elements that are furniture by name; a name whose elements hold too much together says nothing."""
    named: dict[int, frozenset[str]] = {}
    sums: Counter[str] = Counter()
    is_inside = [False] * len(witnesses.nodes)
    for index, node in enumerate(witnesses.nodes):
        if is_inside[node.parent]:
            is_inside[index] = True
        elif node.mark and not comments[index] and words_in(node.mark) and (words := witnesses.words(index)):
            named[index] = words
            is_inside[index] = witnesses.masses[index] <= witnesses.limit
            if is_inside[index] and witnesses.is_among_text(index):
                for word in words:
                    sums[word] += witnesses.masses[index]
    lying = {word for word, mass in sums.items() if mass > witnesses.limit}
    return {index: words for index, words in named.items() if not words <= lying}


def _pruned_nodes(witnesses: _Witnesses, comments: list[bool], names: dict[int, frozenset[str]]) -> list[bool]:
    nodes, masses, limit = witnesses.nodes, witnesses.masses, witnesses.limit
    is_pruned = [False] * len(nodes)
    for index, node in enumerate(nodes):
        if is_pruned[node.parent]:
            is_pruned[index] = True
        elif (node.tag in _FURNITURE_TAGS or index in names) and not comments[index] and masses[index] <= limit:
            is_named = index in names and node.tag not in _WHOLE
            is_pruned[index] = is_named or (node.tag in _FURNITURE_TAGS and not witnesses.is_text_aside(index))
    return is_pruned


@lru_cache(maxsize=MARKS_KEPT)
def words_in(mark: str) -> frozenset[str]:
    """The names of furniture in a class, id or role."""
    return frozenset(_FURNITURE.findall(mark))


def _without_slugs(mark: str, heading: str) -> str:
    """The mark without names that are made of the words of a heading."""
    words = set(tokens(fold(heading)))
    kept = [name for name in mark.split() if not _is_made_of(name, words)]
    return f" {' '.join(kept)} " if len(kept) < len(mark.split()) else mark


def _is_made_of(name: str, words: set[str]) -> bool:
    """Whether two words or more of a name are a heading's, and all of them but one."""
    parts = [part for part in re.split(r"[-_]+", name) if part]
    mine = sum(part in words for part in parts)
    return mine >= 2 and mine >= len(parts) - 1
