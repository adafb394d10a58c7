"""Slug: an article's url goes in; the words that its newsroom wrote into it come out.

Feeds cut long headlines and pages change theirs; the address mostly keeps the first one whole.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from stayahead.text import tokens

__all__ = ["slug_words"]

MIN_WORDS = 4
"""A part of a path with fewer is a section or a number, not a headline."""
_MAX_URL_CHARS = 1_000
_EXTENSION = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)
_GAPS = str.maketrans("-_+.,~", "      ")
_LONGEST = 25
"""Longer words are hashes."""
_SHORTEST_ID = 5
"""Numbers with so many digits are the article's id; years and counts are shorter."""


def slug_words(url: str) -> list[str]:
    """Folded words of the part of the url's path that has most of them; none when it says nothing.

    >>> slug_words("https://press.example/2026/world/earthquake-in-calverra-kills-17-10482913.html?x=1")
    ['earthquake', 'in', 'calverra', 'kills', '17']
    >>> slug_words("https://press.example/world/10482913")
    []
    """
    address = url[:_MAX_URL_CHARS].partition("?")[0].partition("#")[0]
    best = max(address.split("/")[3:], key=_gaps, default="")
    if _gaps(best) < MIN_WORDS - 1:
        return []
    plain = _EXTENSION.sub("", unquote(best)).translate(_GAPS)
    # Letters and digits mixed are ids; so is what no language has in one word.
    return [
        word
        for word in tokens(plain)
        if (len(word) < _SHORTEST_ID if word.isdigit() else len(word) <= _LONGEST and word.isalpha())
    ]


def _gaps(part: str) -> int:
    return part.count("-") + part.count("_") + part.count("+")
