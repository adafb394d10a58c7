"""Keeps out of the article what stands among its paragraphs but is not its text: spam, pointers, labels.

Each gate is one rule about one run or about its neighbours, and each has its unit test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stayahead.extract.body.boilerplate import MIN_PARAGRAPH_CHARS, mass_of
from stayahead.extract.body.notices import consents_in
from stayahead.extract.body.outline import Run
from stayahead.extract.body.sentences import SENTENCE_END, is_pointer, is_sentence
from stayahead.language.lexicon import either
from stayahead.model import BlockKind
from stayahead.spam import is_promotional, is_repetitive
from stayahead.text import fold, tokens

MIN_BESIDE_LINK = 8
"""Fewest characters that a listed source says beside its link: a year, a name."""
MIN_LINKS_A_ROW = 4
"""So many items that are links and nothing else, one after the other, are a menu."""
MAX_SAME = 5
"""A text that stands so often among `SAME_WITHIN` neighbours is link spam cut into paragraphs, or a button."""
SAME_WITHIN = 12
"""How near to each other such repeats stand; further apart they are a refrain."""
MAX_PHRASE_CHARS = 140
"""Longest run that may be furniture by its words."""
MIN_UNLINKED_CHARS = 100
"""Shortest sentence that is none though it begins as furniture does, if it links nowhere."""
_REPEATABLE = frozenset((BlockKind.PARAGRAPH, BlockKind.LIST_ITEM))
_BLANK_KINDS = frozenset((BlockKind.IMAGE, BlockKind.CAPTION))

_FURNITURE = re.compile(either("furniture.lines"), re.IGNORECASE)
_BYLINE = re.compile(rf"(?:{either('bylines.by', 'bylines.line')})\s.{{2,80}}", re.IGNORECASE)
_HAS_SENTENCE_END = re.compile(r"[.!?…。！？:;»”\"']\s*$")


@dataclass(slots=True)
class Gated:
    """The runs that the gates let through, and those they took for spam."""

    article: list[Run]
    spam: list[Run]


def gate(runs: list[Run], *, title: str) -> Gated:
    """The runs that are the article's own text, in order."""
    # Lists, captions, head and tail are judged by their neighbours, so they come after what stood between is gone.
    repeated = repeated_texts(runs)
    asking = consents_in([run.text for run in runs])
    article: list[Run] = []
    spam: list[Run] = []
    for run in runs:
        if run.kind is BlockKind.IMAGE:
            article.append(run)
        elif is_spam(run) or run.text in repeated:
            spam.append(run)
        elif not (leads_away(run) or is_furniture(run) or run.text in asking):
            article.append(run)
    article = with_captions_of_images(without_link_lists(without_headings_elsewhere(article)))
    return Gated(without_tail(without_head(article, title=title)), spam)


def repeated_texts(runs: list[Run]) -> set[str]:
    """The texts of paragraphs that stand `MAX_SAME` times within `SAME_WITHIN` neighbours."""
    places: dict[str, list[int]] = {}
    for index, run in enumerate(runs):
        if run.kind in _REPEATABLE and not run.is_code:
            places.setdefault(run.text, []).append(index)
    return {
        text
        for text, at in places.items()
        if any(late - early < SAME_WITHIN for early, late in zip(at, at[MAX_SAME - 1 :], strict=False))
    }


def is_spam(run: Run) -> bool:
    """Whether a run repeats itself without end or is made of promotional phrases."""
    mass = mass_of(run)
    if mass and len(run.text) >= MIN_PARAGRAPH_CHARS:
        return is_promotional(run.text)  # `mass_of` has judged its repetition: a repetitive run has no mass
    return (not run.is_code and is_repetitive(run.text)) or (mass > 0 and is_promotional(run.text))


def leads_away(run: Run) -> bool:
    """Whether a run points elsewhere and says nothing itself; lists and headings are judged by what is beside them.

    A paragraph may be one link from end to end, if it is one of whole sentences.
    """
    if run.kind in (BlockKind.HEADING, BlockKind.LIST_ITEM) or not is_pointer(run):
        return False
    is_sentence = len(run.anchors) == 1 and len(run.text) >= MIN_PARAGRAPH_CHARS and SENTENCE_END.search(run.text)
    return run.kind is BlockKind.CAPTION or not is_sentence


def without_headings_elsewhere(runs: list[Run]) -> list[Run]:
    """The runs without linked headings that stand above no text: they head what stands at the other end of the link."""
    remaining: list[Run] = []
    below: Run | None = None
    for run in reversed(runs):
        if run.kind is not BlockKind.HEADING or not is_pointer(run) or _is_text(below):
            remaining.append(run)
        if run.kind is not BlockKind.IMAGE:
            below = run
    remaining.reverse()
    return remaining


def _is_text(run: Run | None) -> bool:
    return run is not None and run.kind is not BlockKind.HEADING and not is_pointer(run)


def is_furniture(run: Run) -> bool:
    """Whether a run's words are a page's furniture: "Share", "Read more", "© 2026"."""
    if len(run.text) > MAX_PHRASE_CHARS or _FURNITURE.fullmatch(run.text.strip(" •·|»>→-–—*()[]")) is None:
        return False
    # What asks a reader to go somewhere has a link or is short: a whole sentence without one is of the text.
    is_long = len(run.text) >= MIN_UNLINKED_CHARS and run.text[0].isalpha()  # "© John Doe …" is no sentence
    return not is_long or bool(run.anchors) or not SENTENCE_END.search(run.text)


def without_link_lists(runs: list[Run]) -> list[Run]:
    """The runs without lists of links: an article's own list may hold linked items, and sources with their links."""
    remaining: list[Run] = []
    index = 0
    while index < len(runs):
        end = index
        while end < len(runs) and runs[end].kind is BlockKind.LIST_ITEM:
            end += 1
        if end == index:
            remaining.append(runs[index])
            index += 1
            continue
        remaining += _own_items(runs[index:end])
        index = end
    return remaining


def _own_items(items: list[Run]) -> list[Run]:
    """The items of a list that are the article's: all, or those that say something beside their links."""
    if sum(run.link_chars for run in items) <= 0.5 * sum(len(run.text) for run in items):
        return _without_rows_of_links(items)
    own = [run for run in items if not is_pointer(run)]
    if sum(run.link_chars for run in own) > 0.5 * sum(len(run.text) for run in own):
        own = []
    kept = {id(run) for run in own}
    return [run for run in items if id(run) in kept or _says_more(run)]


def _without_rows_of_links(items: list[Run]) -> list[Run]:
    """The items without rows of links: a menu may follow the article's list without anything between them."""
    remaining: list[Run] = []
    row: list[Run] = []
    for run in items:
        if is_pointer(run) and not _says_more(run):
            row.append(run)
            continue
        remaining += row if len(row) < MIN_LINKS_A_ROW else []
        row = []
        remaining.append(run)
    return remaining + (row if len(row) < MIN_LINKS_A_ROW else [])


def _says_more(run: Run) -> bool:
    """Whether an item of some length says something beside its link."""
    return len(run.text) >= MIN_PARAGRAPH_CHARS and len(run.text) - run.link_chars >= MIN_BESIDE_LINK


def with_captions_of_images(runs: list[Run]) -> list[Run]:
    """The runs with only those captions that stand next to an image and repeat no earlier one, whole or cut short."""
    remaining: list[Run] = []
    captions: list[str] = []
    for index, run in enumerate(runs):
        if run.kind is BlockKind.CAPTION:
            neighbours = runs[max(0, index - 1) : index + 2]
            if not any(n.kind is BlockKind.IMAGE for n in neighbours) or any(_is_same(run.text, s) for s in captions):
                continue
            captions.append(run.text)
        remaining.append(run)
    return remaining


def without_head(runs: list[Run], *, title: str) -> list[Run]:
    """The runs without what stands before the first paragraph: repeated title, byline, date, short labels."""
    name = fold(title)
    # A heading of the title's words is dropped anywhere: some pages show their headline twice.
    first = next((i for i, run in enumerate(runs) if mass_of(run) and fold(run.text) != name), len(runs))
    opening = [run for i, run in enumerate(runs[:first]) if _may_open(run, name, is_last=i == first - 1)]
    rest = [run for run in runs[first:] if not (run.kind is BlockKind.HEADING and name and fold(run.text) == name)]
    return opening + rest


def without_tail(runs: list[Run]) -> list[Run]:
    """The runs without headings that have nothing under them, and without short labels after the last paragraph."""
    remaining: list[Run] = []
    below: Run | None = None
    for run in reversed(runs):
        if run.kind is BlockKind.HEADING and not mass_of(run) and (below is None or not _is_under(run, below)):
            continue
        if run.kind is not BlockKind.IMAGE:
            below = run
        remaining.append(run)
    remaining.reverse()
    while remaining and remaining[-1].kind is not BlockKind.IMAGE and _is_label(remaining[-1]):
        remaining.pop()
    return remaining


def shares_words(text: str, words: set[str]) -> float:
    """Share of the longer words of a text that are in a set of folded words."""
    mine = {word for word in tokens(text) if len(word) > 3}
    return len(mine & words) / len(mine) if mine else 0.0


def _may_open(run: Run, name: str, *, is_last: bool) -> bool:
    if run.kind in _BLANK_KINDS:
        return True
    text = run.text
    if name and (fold(text) == name or fold(text) in name):
        return False
    is_said = is_sentence(text)
    if (_BYLINE.fullmatch(text) and not is_said) or run.tag == "h1":
        return False
    if is_last and run.kind is BlockKind.HEADING:  # right above the first paragraph: its crosshead
        return True
    return is_said or (
        len(text) >= 30 and (run.kind is BlockKind.HEADING or _HAS_SENTENCE_END.search(text) is not None)
    )


def _is_under(heading: Run, run: Run) -> bool:
    """Whether what comes next stands under a heading: text, or a heading of a lower rank."""
    return run.kind is not BlockKind.HEADING or run.tag > heading.tag


def _is_same(text: str, other: str) -> bool:
    """Whether one text is the other, or the other cut short."""
    start = min(len(text), len(other), 40)
    return start > 0 and text[:start] == other[:start]


def _is_label(run: Run) -> bool:
    return (
        len(run.text) < MIN_PARAGRAPH_CHARS
        and run.kind is BlockKind.PARAGRAPH
        and not run.is_code
        and not _HAS_SENTENCE_END.search(run.text)
    )
