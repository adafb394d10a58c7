"""Flattens a page into two lists, so that all later steps are plain loops over what a reader sees.

The tree is walked once, without recursion. What follows works on two flat lists: `nodes` (a parent always stands before
its children) and `runs` (text between the edges of block elements). Script, style and form controls leave no trace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from stayahead.extract.body.gathering import Anchor, Gathered
from stayahead.extract.body.pictures import address_of, is_in_sentence, is_tiny, sign_of, stand_in
from stayahead.extract.markup import MARKS_KEPT
from stayahead.model import BlockKind

MAX_ELEMENTS = 20_000
"""Most elements read of one page; of 661 real pages the largest has 4,529, the median 792."""

MAX_MARK_CHARS = 300
"""Where the class, id and role of an element are cut: longer ones are no names."""

MAX_CELL_CHARS = 200
"""Longest cell of a table of data: longer ones are layout."""
MAX_ROW_RUNS = 100
"""Most runs and elements of a row of data: one with more is layout."""
CELL_MARK = " | "
"""Put between the cells of a row."""

_SKIPPED = frozenset(
    (
        "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "canvas", "audio",
        "title", "video", "button", "select", "option", "input", "textarea", "map", "head", "frameset", "datalist",
        "progress", "meter", "dialog", "rt", "rp",
    )
)  # fmt: skip
_UNCLOSED = frozenset(("button", "object", "video", "audio", "canvas", "map"))
"""Elements that cannot hold a page: an article inside one means that its end tag is missing."""
MAX_UNCLOSED = 4
_NO_HEAD = ("article", "main", "section", "header", "nav", "aside", "footer", "figure")
"""Elements that libxml2 does not know: where `<body>` is left out before one, it stays in the head with all the
text."""
_STAND_INS = frozenset(("noscript", "template"))
_CODE = frozenset(("pre", "code", "kbd", "samp", "listing", "xmp"))
_VERBATIM = frozenset(("pre", "listing", "xmp"))
_LAYOUT = _VERBATIM | {"tr"}
"""A row that holds one of these is no row of data."""
_SPOKEN = frozenset(("a", "q", "br", "img", "amp-img"))
"""Inline elements that do something by themselves."""
_BLOCKS = frozenset(
    (
        "address", "article", "aside", "base", "blockquote", "body", "caption", "center", "col", "colgroup", "dd",
        "details", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frame", "h1", "h2",
        "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "link", "listing", "main", "menu",
        "meta", "nav", "noscript", "ol", "optgroup", "p", "pre", "search", "section", "summary", "table", "tbody", "td",
        "template", "tfoot", "th", "thead", "tr", "ul", "xmp",
    )
)  # fmt: skip
"""Elements that part the text; `meta` and `link` stand in bodies between one thing that they describe and the next."""
_INLINE = frozenset(
    (
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
        "ins", "kbd", "label", "mark", "nobr", "q", "ruby", "s", "samp", "small", "span", "strike",
        "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "amp-img", "picture", "source", "img", "br", "bold",
    )
)  # fmt: skip
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_KINDS = {
    **dict.fromkeys(_HEADINGS, BlockKind.HEADING),
    **dict.fromkeys(("li", "dt", "dd"), BlockKind.LIST_ITEM),
    "blockquote": BlockKind.QUOTATION,
    "figcaption": BlockKind.CAPTION,
    "caption": BlockKind.CAPTION,
}
_ALWAYS_SHOWN = frozenset(("html", "body", "main"))
"""Elements that pages hide until a script has run (against flicker, or by AMP) though they hold the text."""
_NEW_KIND = frozenset(("figure", "table", "article", "section", "body"))
_NAMING = ("class", "id", "role", "itemprop", "data-testid")
_NONE: Mapping[str, str] = {}


@dataclass(slots=True)
class Node:
    """One block element."""

    parent: int
    """Its number in the list; the first node is its own parent."""
    tag: str
    mark: str
    """Class, id, role and itemprop, lower case, between blanks."""
    kind: BlockKind


@dataclass(slots=True)
class Run:
    """Text between two edges of block elements, or an image."""

    node: int
    kind: BlockKind
    text: str
    anchors: tuple[Anchor, ...] = ()
    src: str = ""
    """The address of an image, as the page wrote it."""
    tag: str = ""
    is_code: bool = False
    """Whether all of it is code, which may repeat itself."""
    mass: int | None = field(default=None, init=False, compare=False)
    """Its paragraph mass, remembered by `boilerplate.mass_of`."""

    @property
    def link_chars(self) -> int:
        """How many characters of it are link text."""
        return sum([a.end - a.start for a in self.anchors]) if self.anchors else 0


@dataclass(slots=True)
class Outline:
    """The block elements and the text of a page."""

    nodes: list[Node] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    has_hidden: bool = False
    """Whether something was left out that a script would show, or that stands in for one (`noscript`)."""


def outline(root: etree._Element, *, with_hidden: bool = False) -> Outline:
    """The outline of a tree; `with_hidden`: with what a script would show, and what stands in for scripts."""
    walk = _Walk(with_hidden=with_hidden)
    events = etree.iterwalk(root, events=("start", "end"))
    budget = MAX_ELEMENTS
    # `iterwalk` keeps the stack: a page nested 256 deep costs no recursion of ours.
    for event, element in events:
        if event == "end":
            walk.leave(element)
            continue
        if not budget:
            break
        budget -= 1
        if not walk.enter(element):
            events.skip_subtree()
    walk.flush()
    return walk.outline


def mark_of(attributes: Mapping[str, str]) -> str:
    """Class, id, role and itemprop among an element's attributes, lower case, between blanks."""
    if len(attributes) == 1 and "class" in attributes:  # as two in three
        return _mark_of_class(attributes["class"][:MAX_MARK_CHARS])
    parts = [value for name in _NAMING if (value := attributes.get(name))]
    return f" {' '.join(parts)[:MAX_MARK_CHARS].lower()} " if parts else ""


@lru_cache(maxsize=MARKS_KEPT)
def _mark_of_class(value: str) -> str:
    return f" {value.lower()} " if value else ""


class _Walk:
    """The state of one walk: where it stands, and the run of text that it is gathering."""

    def __init__(self, *, with_hidden: bool) -> None:
        self.outline = Outline()
        self._with_hidden = with_hidden
        self._has_skipped = False
        self._looks_left = MAX_UNCLOSED
        self._stack: list[int] = []
        self._unknown: list[bool] = []
        """Of each open element that html does not know, whether it parts the text."""
        self._run = Gathered()
        self._images: list[Run] = []
        self._breaks = 0
        self._code = 0
        """How many elements of code are open."""
        self._verbatim = 0
        """How many of these keep their line breaks."""

    def enter(self, element: etree._Element) -> bool:
        """Handle the start of an element; False: its inside is to be skipped."""
        tag = element.tag
        items = element.items()  # all attributes at once: each `get` would look through them again
        attributes: Mapping[str, str] = dict(items) if items else _NONE  # type: ignore[arg-type]  # names of html are text
        may_skip = tag in _SKIPPED or "hidden" in attributes or "style" in attributes
        if may_skip and self._is_skipped(element, tag, attributes):
            self._has_skipped = True
            return False
        if tag in _CODE:
            self._open_code(tag)
        if tag in _BLOCKS or (tag not in _INLINE and self._parts_text(element)):
            self._part()
            self._open(tag, attributes)
        elif tag in _SPOKEN:
            self._enter_inline(element, tag, attributes)
        text = element.text
        if text:
            if text.isspace() and not self._verbatim:  # between most elements: nothing to ask `_add` for
                self._run.is_spaced = True
            else:
                self._add(text)
        return True

    def leave(self, element: etree._Element) -> None:
        """Handle the end of an element and the text behind it."""
        if self._has_skipped:
            self._has_skipped = False  # what is skipped ends right after its start
        else:
            tag = element.tag
            if tag == "a":
                self._run.close_link()
            elif tag == "q":
                self._run.add("\u201d")
            elif tag in _BLOCKS or (tag not in _INLINE and self._unknown.pop()):
                self._close(tag)
            if tag in _CODE:
                self._code -= 1
                self._verbatim -= tag in _VERBATIM
        tail = element.tail
        if tail:
            if tail.isspace() and not self._verbatim:
                self._run.is_spaced = True
            else:
                self._add(tail)

    def _parts_text(self, element: etree._Element) -> bool:
        """Whether an element that html does not know parts the text: it is inline, unless it holds one that does."""
        self._unknown.append(next(element.iterchildren(*_BLOCKS), None) is not None)
        return self._unknown[-1]

    def _part(self) -> None:
        """End the run of text at the edge of a block; mostly there is none."""
        if self._run.parts or self._images:
            self.flush()
        else:
            self._breaks = 0
            self._run.is_spaced = False

    def flush(self) -> None:
        """End the run of text."""
        run = self._run
        self._breaks = 0
        if run.parts:
            is_code = not run.has_prose
            text, anchors = run.taken()
            if self._stack and text:
                node = self.outline.nodes[self._stack[-1]]
                self.outline.runs.append(Run(self._stack[-1], node.kind, text, anchors, "", node.tag, is_code))
        else:
            run.is_spaced = False
        if self._images:
            self.outline.runs.extend(self._images)
            self._images.clear()

    def _is_skipped(self, element: etree._Element, tag: str, attributes: Mapping[str, str]) -> bool:
        if tag == "head":
            return next(element.iterchildren(*_NO_HEAD), None) is None
        if tag in _SKIPPED and tag not in _STAND_INS:
            return not ((tag in _UNCLOSED and self._has_page(element)) or (tag == "button" and is_in_sentence(element)))
        if self._with_hidden or not (tag in _STAND_INS or (_is_hidden(attributes) and tag not in _ALWAYS_SHOWN)):
            return False
        self.outline.has_hidden = True
        if tag == "noscript" and self._stack and (image := stand_in(element)) is not None:
            self._add_image(image, dict(image.items()))  # type: ignore[arg-type]  # as above
        return True

    def _has_page(self, element: etree._Element) -> bool:
        """Whether an element that was never closed has swallowed the page."""
        # Each look walks the element; on nested hostile ones that is quadratic, hence only `MAX_UNCLOSED` looks a page.
        if self._looks_left and next(element.iter("main", "article"), None) is not None:
            self._looks_left -= 1
            return True
        return False

    def _add(self, text: str) -> None:
        if self._verbatim:
            self._run.add_verbatim(text)
            return
        if text.isspace():
            self._run.is_spaced = True
            return
        if self._breaks:
            if self._breaks > 1:  # `<br><br>` is how old pages end a paragraph
                self.flush()
            self._breaks = 0
        self._run.add(text)
        if not self._code:
            self._run.has_prose = True

    def _open_code(self, tag: str) -> None:
        if tag in _VERBATIM:
            self.flush()  # what came before is no part of the listing
            self._verbatim += 1
        self._code += 1

    def _close(self, tag: str) -> None:
        """The end of a block element."""
        self._part()
        if tag == "tr":
            self._join_row()
        if len(self._stack) > 1:
            self._stack.pop()

    def _join_row(self) -> None:
        """Join the cells of a table's row into one run, where they are short (docs/decisions/0029)."""
        nodes, runs, row = self.outline.nodes, self.outline.runs, self._stack[-1]
        first = len(runs)
        while first and runs[first - 1].node > row and len(runs) - first < MAX_ROW_RUNS:
            first -= 1
            if runs[first].tag in _LAYOUT or runs[first].kind is not nodes[row].kind:
                return
        if first and runs[first - 1].node > row:
            return
        # Cells without text are counted in: an empty one keeps those behind it in their column.
        cells: dict[int, list[Run]] = {}
        for number in range(row + 1, min(len(nodes), row + MAX_ROW_RUNS)):
            if nodes[number].parent == row:
                cells[number] = []
        for run in runs[first:]:
            cells.setdefault(self._cell_of(run, row), []).append(run)
        if sum(map(bool, cells.values())) < 2 or any(_size(cell) > MAX_CELL_CHARS for cell in cells.values()):
            return
        runs[first:] = [_joined(list(cells.values()), row, nodes[row].kind)]

    def _cell_of(self, run: Run, row: int) -> int:
        at = run.node
        while self.outline.nodes[at].parent > row:
            at = self.outline.nodes[at].parent
        return at

    def _open(self, tag: str, attributes: Mapping[str, str]) -> None:
        nodes = self.outline.nodes
        parent = self._stack[-1] if self._stack else 0
        mark = mark_of(attributes) if attributes else ""
        if self._with_hidden and attributes and _is_hidden(attributes):
            mark = f"{mark or ' '}hidden "
        kind = _KINDS.get(tag)
        if kind is None:
            kind = nodes[parent].kind if nodes and tag not in _NEW_KIND else BlockKind.PARAGRAPH
            if kind is BlockKind.HEADING:  # a block inside a heading: the parser closed the heading too late
                kind = BlockKind.PARAGRAPH
        if mark and "caption" in mark and tag not in _KINDS and tag not in _NEW_KIND:
            kind = BlockKind.CAPTION
        self._stack.append(len(nodes))
        nodes.append(Node(parent, tag, mark, kind))

    def _enter_inline(self, element: etree._Element, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "a":
            self._run.open_link(attributes.get("href", ""))
        elif tag == "q":
            self._run.add("\u201c")
        elif tag == "br":
            if self._verbatim:
                self._run.add_verbatim("\n")
            self._run.is_spaced = True
            self._breaks += 1
        elif tag in ("img", "amp-img") and self._stack:
            self._add_image(element, attributes)

    def _add_image(self, element: etree._Element, attributes: Mapping[str, str]) -> None:
        if sign := sign_of(attributes):
            self._add(sign)
        elif image := _image(element, attributes, self._stack[-1]):
            self._images.append(image)


def _size(cell: list[Run]) -> int:
    return sum(len(run.text) for run in cell)


def _joined(cells: list[list[Run]], row: int, kind: BlockKind) -> Run:
    """The cells of a row as one run; an empty one keeps its place between two others."""
    while not cells[-1]:
        cells.pop()
    text = ""
    anchors: list[Anchor] = []
    for cell in cells:
        if not text and not cell:
            continue
        text += CELL_MARK if text and cell else CELL_MARK.rstrip() if text else ""
        for number, run in enumerate(cell):
            text += " " if number else ""
            anchors += [Anchor(a.start + len(text), a.end + len(text), a.href) for a in run.anchors]
            text += run.text
    return Run(row, kind, text, tuple(anchors), tag="tr")


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    return style is not None and "display:none" in style[:200].replace(" ", "").lower()


def _image(element: etree._Element, attributes: Mapping[str, str], node: int) -> Run | None:
    src = address_of(element, attributes)
    if not src or is_tiny(attributes):
        return None
    alt = " ".join(attributes.get("alt", "")[:1000].split())
    return Run(node, BlockKind.IMAGE, alt, src=src, tag=mark_of(attributes))
