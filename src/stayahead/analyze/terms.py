"""Terms: the words of a title and of a text go in; the distinct terms that stand for them, weighed, come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from math import log

from stayahead.analyze.stems import stems
from stayahead.analyze.stopwords import stopwords
from stayahead.model import Term

MAX_TERMS = 100
"""Terms kept of one article; the engine weighs them by rarity and keeps fewer still."""
TITLE_WEIGHT = 2.0
"""Occurrences in the body that one in the title is worth."""
LEAD_WORDS = 60
"""Words at the start of the body that count twice: a report says first what it is about."""
ADDRESS_WEIGHT = 1.2
"""Occurrences that a word is worth which only the url has: two thirds of the weight of one in a headline."""
_MAX_LENGTH = 40
"""Longer words are hashes, urls and tables."""


def find_terms(
    title: Sequence[str], body: Sequence[str], *, language: str, address: Sequence[str] = ()
) -> tuple[Term, ...]:
    """The heaviest terms, heaviest first, ties by text.

    A term weighs 1 + ln(its occurrences), the title's and the lead's counted more (Salton & Buckley 1988).

    Args:
        title: its words.
        body: those of the text.
        language: ISO 639-1; empty: unknown.
        address: words of the url; they count only where title and body do not have them.
    """
    counts: Counter[str] = Counter(body)
    counts.update(islice(body, LEAD_WORDS))
    for word in title:
        counts[word] += TITLE_WEIGHT  # type: ignore[assignment]  # a Counter holds any number
    stop = stopwords(language)
    weights = _stemmed(counts, stop, language)
    if address:
        for stem in _stemmed(Counter(address), stop, language):
            weights.setdefault(stem, ADDRESS_WEIGHT)
    ranked = sorted(weights.items(), key=_heaviest_first)[:MAX_TERMS]
    return tuple([Term(text=text, weight=round(1.0 + log(count), 4)) for text, count in ranked])


def _stemmed(counts: Counter[str], stop: frozenset[str], language: str) -> dict[str, float]:
    words = [
        word
        for word in counts
        if word not in stop and len(word) <= _MAX_LENGTH and not (len(word) == 1 and word.isascii())
    ]
    weights: dict[str, float] = {}
    for word, stem in zip(words, stems(words, language=language), strict=True):
        weights[stem] = weights.get(stem, 0.0) + counts[word]
    return weights


def _heaviest_first(item: tuple[str, float]) -> tuple[float, str]:
    return -item[1], item[0]
