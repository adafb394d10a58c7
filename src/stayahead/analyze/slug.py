"""Reads the words that a newsroom wrote into an article's address: mostly its first headline.

Feeds cut long headlines and pages change theirs; the address mostly keeps the first one whole.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from stayahead.text import tokens

__all__ = ["slug_words"]

MIN_WORDS = 4
"""Least words of a path segment that is a headline, and not a section or a number."""
_MAX_URL_CHARS = 1_000
_EXTENSION = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)
_GAPS = str.maketrans("-_+.,~", "      ")
_LONGEST = 25
"""Characters of the longest word; what is longer is a hash."""
_SHORTEST_ID = 5
"""Digits from which a number is the article's id; years and counts are shorter."""


def slug_words(url: str) -> list[str]:
    """Folded words of the path segment that has most of them; none when the url says nothing.

    >>> slug_words("https://press.example/2026/world/earthquake-in-calverra-kills-17-10482913.html?x=1")
    ['earthquake', 'in', 'calverra', 'kills', '17']
    >>> slug_words("https://press.example/world/10482913")
    []
    """
    address = url[:_MAX_URL_CHARS].partition("?")[0].partition("#")[0]
    best = max(address.split("/")[3:], key=_gaps, default="")
    if _gaps(best) < MIN_WORDS - 1:
        return []
    plain = _EXTENSION.sub("", unquote(best) if "%" in best else best).translate(_GAPS)
    # Letters and digits mixed are ids; so is what no language has in one word.
    return [
        word
        for word in tokens(plain)
        if (len(word) < _SHORTEST_ID if word.isdigit() else len(word) <= _LONGEST and word.isalpha())
    ]


def _gaps(segment: str) -> int:
    return segment.count("-") + segment.count("_") + segment.count("+")
