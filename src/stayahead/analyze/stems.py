"""Takes the endings from words, so that "quakes" and "quake" are one term.

Snowball stemmers (Porter 2001) by the C library of that project, for the languages that have one; words of others
stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence

import Stemmer

from stayahead.language.lexicon import texts

_ALGORITHMS = texts("writing.stemmer")
_SHORT_I = ("ыи", "ои", "еи", "скии")
"""Russian endings that the stemmer does not know, since folding has taken the breve of й."""


def has_stems(language: str) -> bool:
    """Whether the words of a language have a stemmer."""
    return language in _ALGORITHMS


def stems(words: Sequence[str], *, language: str) -> list[str]:
    """The stem of each word; English ones when the language is unknown.

    >>> stems(["quakes", "killed", "calverra"], language="en")
    ['quak', 'kill', 'calverra']
    """
    algorithm = _ALGORITHMS.get(language or "en")
    if algorithm is None:
        return list(words)
    if language == "ru":
        words = [word[:-1] + "й" if word.endswith(_SHORT_I) else word for word in words]
    # A stemmer is not safe for threads, and costs a quarter of a microsecond to make.
    stemmed: list[str] = Stemmer.Stemmer(algorithm, 0).stemWords(words)
    return stemmed
