"""Stems: folded words and their language go in; the words without their endings come out.

Snowball stemmers (Porter 2001) by the C library of that project, for the languages that have one; words of others
stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence

import Stemmer

from stayahead.language.lexicon import texts

_ALGORITHMS = texts("writing.stemmer")
_SHORT_I = ("ыи", "ои", "еи", "скии")
"""Endings of which folding has taken the breve, so that the stemmer does not know them."""


def stems(words: Sequence[str], *, language: str) -> list[str]:
    """The stem of each word; English ones when the language is unknown.

    >>> stems(["quakes", "killed", "calverra"], language="en")
    ['quake', 'kill', 'calverra']
    """
    algorithm = _ALGORITHMS.get(language or "en")
    if algorithm is None:
        return list(words)
    if language == "ru":
        words = [word[:-1] + "й" if word.endswith(_SHORT_I) else word for word in words]
    # A stemmer is not safe for threads, and costs a quarter of a microsecond to make.
    found: list[str] = Stemmer.Stemmer(algorithm, 0).stemWords(words)
    return found
