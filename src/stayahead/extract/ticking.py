"""Tells what of a text changes by itself, so that only what its publisher changed makes a revision.

Pages and feeds count their readers ("1,234 views") and say how long ago they were written ("5 minutes ago"), and a text
with such a line is another one at every reading. But nothing matters more than a figure that is put right, so a count
is taken for one of readers only in a short line outside sentences that says little else, and by the words for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from stayahead.language.lexicon import either
from stayahead.text import sentence_ends

SHORT = 90
"""Characters of the longest piece that is no sentence."""
LINE_MOST = 4_000
"""Characters of the longest line that is looked into: a paragraph is no line of counters."""
TEXT_MOST = 200_000
"""Characters of the longest text whose figures are compared: one search of a longer one stops all threads for long."""
WORDS_BESIDE_TIME = 6
"""Words that may stand beside a time: posted by, and a name."""
WORDS_BESIDE_COUNT = 1

_NUMBER = r"\d{1,12}(?:[.,\s\u00a0\u202f']\d{1,3}){0,4}\s?[km]?"
_AGO = re.compile(rf"(?<!\w)(?:{either('ticking.ago')})(?!\w)", re.IGNORECASE)
_COUNTED = re.compile(
    rf"(?<![\w.,]){_NUMBER}\s?(?:{either('ticking.counted')})(?!\w)|(?<!\w)(?:{either('ticking.counted')})\s?:\s?{_NUMBER}(?!\w)",
    re.IGNORECASE,
)
_DIVIDER = re.compile(r"[|·•–—\t]|\s-\s")
_APART = re.compile(r"[|·•–—\t()\[\]（）]|\s-\s")
"""What sets a part of a headline apart."""
_STOP = re.compile(r"[.!?\u2026。！？\u0964\u061f\u06d4][\"'\u201d\u2019»)\]」』”’）]{0,3}$")
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
_DIGITS = re.compile(r"\d")


def steady(text: str) -> str:
    r"""The text without what changes by itself: the same for two readings of an article that nobody changed.

    >>> steady("The bridge is closed.\n\nPosted by Jane Doe 5 minutes ago | 1,234 views")
    'The bridge is closed.\n\nPosted by Jane Doe '
    >>> steady("Killed: 41") == steady("Killed: 17")
    False
    """
    return "\n".join(_steady_line(line) for line in text.split("\n"))


def steady_title(title: str) -> str:
    """The headline without what is set apart in it and changes by itself: counts of readers, times told from now.

    >>> steady_title("Bridge closed (12 comments) - 5 minutes ago")
    'Bridge closed'
    >>> steady_title("Quake: 41 dead, 12 comments that mattered")
    'Quake: 41 dead, 12 comments that mattered'
    """
    if len(title) > LINE_MOST or not _may_tick(title):
        return title
    pieces = [piece for piece in _APART.split(title) if _words(piece)]
    kept = [piece for piece in pieces if not _ticks_alone(piece)]
    return " ".join(" ".join(kept).split()) if kept and len(kept) < len(pieces) else title


def timeless(title: str) -> str:
    """The headline without any time told from now: "killed 2 hours ago" may be put right, but it can wait."""
    return title if len(title) > LINE_MOST else _AGO.sub("", title)


def _ticks_alone(piece: str) -> bool:
    rest, times = _AGO.subn("", piece)
    rest, counts = _COUNTED.subn("", rest)
    return bool(times or counts) and _words(rest) <= WORDS_BESIDE_COUNT


def _words(text: str) -> int:
    return sum(any(map(str.isalnum, word)) for word in text.split())


def _steady_line(line: str) -> str:
    return line if len(line) > LINE_MOST else "".join(_still(piece) for piece in _pieces(line))


def differ_in_figures_alone(one: str, other: str) -> bool:
    """Whether two texts differ, and only in numbers that stand outside sentences: a counter, or a table put right."""
    if one == other or len(one) > TEXT_MOST or _FIGURE.sub("0", one) != _FIGURE.sub("0", other):
        return False
    pairs = zip(one.split("\n"), other.split("\n"), strict=True)
    return all(
        len(line) <= LINE_MOST and not _is_sentence(piece)
        for line, beside in pairs
        if line != beside
        for piece, other_piece in zip(_pieces(line), _pieces(beside), strict=False)
        if piece != other_piece
    )


def _pieces(line: str) -> Iterator[str]:
    """A line's sentences and what is divided by marks in it."""
    cuts = {0, len(line), *sentence_ends(line, limit=len(line)), *(match.end() for match in _DIVIDER.finditer(line))}
    for start, end in pairwise(sorted(cuts)):
        yield line[start:end]


def _still(piece: str) -> str:
    if len(piece) > SHORT or not _may_tick(piece) or _is_sentence(piece):
        return piece
    rest, times = _AGO.subn("", piece)
    rest, counts = _COUNTED.subn("", rest)
    if not (times or counts):
        return piece
    words = _words(rest)
    if words > (WORDS_BESIDE_TIME if times else WORDS_BESIDE_COUNT):
        return piece
    return _DIVIDER.sub("", rest).rstrip() + " " if words else ""


def _may_tick(piece: str) -> bool:
    return bool(piece) and (bool(_DIGITS.search(piece)) or bool(_AGO.search(piece)))


def _is_sentence(piece: str) -> bool:
    return len(piece) > SHORT or bool(_STOP.search(piece.rstrip()))
