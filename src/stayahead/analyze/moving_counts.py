"""Tells a count of people that grows from a figure that was wrong: a toll that rises is news, and no correction."""

from __future__ import annotations

import re

from stayahead.analyze.casualties import casualties
from stayahead.language.lexicon import either, union
from stayahead.text import fold

_DIGITS_MOST = 7
_MOVES = re.compile(
    rf"\b(?:{'|'.join(sorted(map(re.escape, map(fold, union('casualties.rising')))))})\b|{either('casualties.moving')}"
)


def has_grown(before: str, after: str, sentence: str, *, language: str) -> bool:
    """Whether a sentence says by its words that the count of people in it moves, and so it has, upwards.

    >>> has_grown("41", "44", "The death toll rose to 44 on Monday.", language="en")
    True
    >>> has_grown("41", "44", "The bomb killed 44 people on Monday.", language="en")
    False
    """
    if max(len(before), len(after)) > _DIGITS_MOST or int(before) >= int(after) or not _MOVES.search(fold(sentence)):
        return False
    return int(after) in casualties(sentence, language=language or "en").values()
