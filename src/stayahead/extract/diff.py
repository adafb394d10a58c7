"""Shows what changed between two versions of a text, word by word.

Paragraphs are aligned first, then the words of those that changed. Both times the pieces that stand exactly once on
either side, in one order, are the anchors (the idea of Bram Cohen's patience diff), and what lies between two anchors
is compared by the greedy search of E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986). The search
may take `STEPS_MAX` steps in all; past that, and between texts of more than `CHARS_MAX` characters, a passage counts
as replaced whole, and so do texts of more than `TEXTS_MAX`. So the cost is linear in the texts but for a sort, however
hostile they are, and the answer is always true, if not always the shortest.

The pieces that are not `ADDED` make the old text, those that are not `REMOVED` the new one, to the last blank.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

STEPS_MAX = 60_000
"""Most steps of the greedy search over a pair of texts, some 50 ms. One passage takes at most half of what is left."""
CHARS_MAX = 200_000
"""Longest passage, both sides together, that is compared word by word."""
TEXTS_MAX = 2_000_000
"""Longest texts, both together, that are compared at all: half a second where every paragraph changed."""

_PARAGRAPH = re.compile(r"[^\n]*\n+|[^\n]+")
_WIDE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Scripts without blanks between words: each character counts as one."""
_WORD = rf"[^\W{_WIDE}]"
_TOKEN = re.compile(rf"\s+|[{_WIDE}]|{_WORD}+(?:['’\-]{_WORD}+|(?<=\d)[.,:](?=\d){_WORD}+)*|[^\w\s]|.", re.DOTALL)
_HAS_WORD = re.compile(r"\w")

Match = tuple[int, int, int]
"""A run that both sides have: where it starts in the old, where in the new, how long it is."""


class PieceKind(StrEnum):
    """Whether a piece of text is in both versions, only in the old one, or only in the new one."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, kept, removed or added."""

    kind: PieceKind
    text: str


def diff(old: str, new: str) -> tuple[Piece, ...]:
    """The two versions as pieces in order: neighbours differ in kind, and a removal stands before its addition.

    No piece is empty. Two changes with only blanks or commas between them are one: readers see a changed phrase, not
    confetti.
    """
    if len(old) + len(new) > TEXTS_MAX:
        return tuple(_pieces(old, new))
    steps = _Steps(STEPS_MAX)
    pieces: list[Piece] = []
    for before, after in _passages(_paragraphs(old), _paragraphs(new), steps):
        if before == after or len(before) + len(after) > CHARS_MAX:
            pieces += _pieces(before, after)
            continue
        for removed, added in _passages(_TOKEN.findall(before), _TOKEN.findall(after), steps):
            pieces += _pieces(removed, added)
    return tuple(_joined(pieces))


def count_words(pieces: Sequence[Piece], kind: PieceKind) -> int:
    """How many words the pieces of that kind hold; a character of a script without blanks counts as one."""
    texts = (piece.text for piece in pieces if piece.kind is kind)
    return sum(1 for text in texts for token in _TOKEN.finditer(text) if _HAS_WORD.match(token[0]))


def _paragraphs(text: str) -> list[str]:
    # One by one: `findall` over a megabyte would hold up every other thread.
    return [each[0] for each in _PARAGRAPH.finditer(text)]


def _pieces(before: str, after: str) -> list[Piece]:
    if before == after:
        return [Piece(PieceKind.KEPT, before)] if before else []
    both = ((PieceKind.REMOVED, before), (PieceKind.ADDED, after))
    return [Piece(kind, text) for kind, text in both if text]


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces with each run of changes as at most one removal and one addition."""
    same, removed, added, waiting = "", "", "", ""
    for piece in pieces:
        if piece.kind is PieceKind.KEPT:
            waiting += piece.text
            continue
        # What was kept since the last change parts it from this one only if it holds a word; else it goes into both.
        if not (removed or added) or _HAS_WORD.search(waiting):
            yield from _some(same, removed, added)
            same, removed, added = waiting, "", ""
        else:
            removed, added = removed + waiting, added + waiting
        waiting = ""
        if piece.kind is PieceKind.REMOVED:
            removed += piece.text
        else:
            added += piece.text
    yield from _some(same, removed, added)
    yield from _some(waiting, "", "")


def _some(same: str, removed: str, added: str) -> Iterator[Piece]:
    for kind, text in ((PieceKind.KEPT, same), (PieceKind.REMOVED, removed), (PieceKind.ADDED, added)):
        if text:
            yield Piece(kind, text)


# ── alignment ────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Steps:
    """How many steps of searching are left for this pair of texts, over all passages."""

    def __init__(self, remaining: int) -> None:
        self.remaining = remaining


def _passages(old: list[str], new: list[str], steps: _Steps) -> Iterator[tuple[str, str]]:
    """The two texts cut into passages, each equal on both sides or to be compared further."""
    at_old = at_new = 0
    for start_old, start_new, length in _matches(old, new, steps):
        yield "".join(old[at_old:start_old]), "".join(new[at_new:start_new])
        same = "".join(old[start_old : start_old + length])
        yield same, same
        at_old, at_new = start_old + length, start_new + length
    yield "".join(old[at_old:]), "".join(new[at_new:])


def _matches(old: list[str], new: list[str], steps: _Steps) -> Iterator[Match]:
    """Runs that both sides have, in order and without overlap."""
    # A common head and tail are cut off first: most revisions change little, and anchors are then sought in little.
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    end_old, end_new = len(old) - tail, len(new) - tail
    if head:
        yield 0, 0, head
    at_old, at_new = head, head
    for anchor_old, anchor_new in [*_anchors(old, new, head, end_old, end_new), (end_old, end_new)]:
        between = _shortest(old[at_old:anchor_old], new[at_new:anchor_new], steps)
        for start_old, start_new, length in between:
            yield at_old + start_old, at_new + start_new, length
        if anchor_old < end_old:
            yield anchor_old, anchor_new, 1
        at_old, at_new = anchor_old + 1, anchor_new + 1
    if tail:
        yield end_old, end_new, tail


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many tokens both begin with."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _anchors(old: list[str], new: list[str], start: int, end_old: int, end_new: int) -> list[tuple[int, int]]:
    """Tokens that stand exactly once on either side: the longest selection that is in one order on both."""
    count_old, count_new = Counter(old[start:end_old]), Counter(new[start:end_new])
    places = {token: n for n, token in enumerate(new[start:end_new], start) if count_new[token] == 1}
    pairs = [(n, places[t]) for n, t in enumerate(old[start:end_old], start) if count_old[t] == 1 and t in places]
    ends: list[int] = []
    """For each length, the lowest last place in `new` of a rising row so long: patience sorting, n log n."""
    last: list[int] = []
    previous: list[int] = []
    for index, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        previous.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        last[length : length + 1] = [index]
    row: list[tuple[int, int]] = []
    index = last[-1] if last else -1
    while index >= 0:
        row.append(pairs[index])
        index = previous[index]
    return row[::-1]


def _shortest(old: list[str], new: list[str], steps: _Steps) -> list[Match]:
    """The matches of a shortest edit by Myers' greedy search; none when the steps run out."""
    if not old or not new:
        return []
    size, width = len(old), len(new)
    # One hostile passage may not use up what the passages after it need.
    reserve = steps.remaining // 2
    reach = {1: 0}
    history: list[dict[int, int]] = []
    for edits in range(size + width + 1):
        history.append(dict(reach))  # whole rows, to walk back: a passage's memory is bounded by its steps as well
        steps.remaining -= 2 * edits + 1  # the copy costs as much as the search
        for diagonal in range(-edits, edits + 1, 2):
            x, _ = _step(reach, diagonal, edits)
            y = x - diagonal
            while x < size and y < width and old[x] == new[y]:
                x, y = x + 1, y + 1
                steps.remaining -= 1
            reach[diagonal] = x
            if x >= size and y >= width:
                return _traced(history, size, width)
        if steps.remaining <= reserve:
            return []
    return []


def _step(reach: dict[int, int], diagonal: int, edits: int) -> tuple[int, bool]:
    """Where the last edit leads on a diagonal, and whether it added a token (else it removed one)."""
    is_added = diagonal == -edits or (diagonal != edits and reach[diagonal - 1] < reach[diagonal + 1])
    return (reach[diagonal + 1] if is_added else reach[diagonal - 1] + 1), is_added


def _traced(history: list[dict[int, int]], size: int, width: int) -> list[Match]:
    """The runs that both sides have, by walking the search back from its end."""
    matches: list[Match] = []
    x, y = size, width
    for edits, reach in reversed(list(enumerate(history))):
        diagonal = x - y
        start, is_added = _step(reach, diagonal, edits)
        if x > start:
            matches.append((start, start - diagonal, x - start))
        x, y = (start, start - diagonal - 1) if is_added else (start - 1, start - diagonal)
    return matches[::-1]
