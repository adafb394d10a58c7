"""Makes of an article's words the weighed terms by which the engine compares it with others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import islice
from math import log

from stayahead.analyze.stems import stems
from stayahead.analyze.stopwords import stopwords
from stayahead.model import Term

MAX_TERMS = 100
"""Terms kept of one article; the engine weighs them by rarity and keeps fewer still."""
TITLE_WEIGHT = 2.0
"""Occurrences in the body that one in the title counts for."""
LEAD_WORDS = 60
"""Words at the start of the body that count twice: a report says first what it is about."""
ADDRESS_WEIGHT = 1.2
"""Occurrences that a word counts for which only the url has: two thirds of the weight of one in a headline."""
_REMEMBERED = 32_768
"""Words of one language whose stems are remembered, in up to eight languages: 4 MB each at most."""
_MAX_LENGTH = 40
"""Characters of the longest term; longer words are hashes, urls and tables."""


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
    counts: dict[str, float] = {}
    if body:
        occurrences = Counter(body)
        occurrences.update(islice(body, LEAD_WORDS))
        counts.update(occurrences)
    for word in title:
        counts[word] = counts.get(word, 0) + TITLE_WEIGHT
    stem_of = _stems_of(language)
    weights = _stemmed(counts, stem_of)
    for word in address:
        stem = stem_of[word]
        if stem and stem not in weights:
            weights[stem] = ADDRESS_WEIGHT
    ranked = sorted(weights.items(), key=_heaviest_first)[:MAX_TERMS]
    make = _new_term if body else _term
    return tuple([make(text, count) for text, count in ranked])


def title_terms(title: Sequence[str], *, language: str) -> tuple[str, ...]:
    """The terms of a title alone, as `find_terms` has them."""
    weights = _stemmed(dict(Counter(title)), _stems_of(language))
    return tuple(sorted(weights, key=lambda term: (-weights[term], term))[:MAX_TERMS])


def _stemmed(counts: Mapping[str, float], stem_of: _Stems) -> dict[str, float]:
    weights: dict[str, float] = {}
    for word, count in counts.items():
        stem = stem_of[word]
        if stem:
            weights[stem] = weights.get(stem, 0.0) + count
    return weights


class _Stems(dict[str, str]):
    """The stem of each word of one language, empty for one that is no term; remembered, for news repeats its words."""

    __slots__ = ("_language", "_stop")

    def __init__(self, language: str) -> None:
        self._language = language
        self._stop = stopwords(language)

    def __missing__(self, word: str) -> str:
        stem = ""
        if word not in self._stop and len(word) <= _MAX_LENGTH and not (len(word) == 1 and word.isascii()):
            stem = stems([word], language=self._language)[0]
        if len(self) >= _REMEMBERED:
            self.clear()
        self[word] = stem
        return stem


_stems_of = lru_cache(maxsize=8)(_Stems)


def _new_term(text: str, count: float) -> Term:
    return Term(text=text, weight=round(1.0 + log(count), 4))


_term = lru_cache(maxsize=16_384)(_new_term)
"""`_new_term`, remembered: for headlines, whose terms come again. Those of whole articles would drive them out."""


def _heaviest_first(item: tuple[str, float]) -> tuple[float, str]:
    return -item[1], item[0]
