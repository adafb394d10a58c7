"""The words of each language that say nothing about an event, and are no terms."""

from __future__ import annotations

from stayahead.language.lexicon import words_by_language
from stayahead.text import fold

_STOP = {language: frozenset(fold(" ".join(own)).split()) for language, own in words_by_language("stop.words").items()}
_NONE: frozenset[str] = frozenset()


def stopwords(language: str) -> frozenset[str]:
    """The stop words of a language by its ISO 639-1 code; English ones when unknown; none without a list."""
    return _STOP.get(language or "en", _NONE)
