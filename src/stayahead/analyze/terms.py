"""Terms: the words of a title and of a text go in; the distinct terms that stand for them, weighed, come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from math import log

from stayahead.analyze.stopwords import stopwords
from stayahead.model import Term

MAX_TERMS = 100
"""Terms kept of one article; the engine weighs them by rarity and keeps fewer still."""
TITLE_WEIGHT = 2.0
"""Occurrences in the body that one in the title is worth."""
LEAD_WORDS = 60
"""Words at the start of the body that count twice: a report says first what it is about."""
_MAX_LENGTH = 40
"""Longer words are hashes, urls and tables."""


def find_terms(title: Sequence[str], body: Sequence[str], *, language: str) -> tuple[Term, ...]:
    """The heaviest terms, heaviest first, ties by text.

    A term weighs 1 + ln(1 + its occurrences), the title's and the lead's counted more (Salton & Buckley 1988).
    """
    counts: Counter[str] = Counter(body)
    counts.update(islice(body, LEAD_WORDS))
    for word in title:
        counts[word] += TITLE_WEIGHT  # type: ignore[assignment]  # a Counter holds any number
    weights: dict[str, float] = {}
    stop = stopwords(language)
    is_english = language in {"en", ""}
    for word, count in counts.items():
        if word in stop or len(word) > _MAX_LENGTH or (len(word) == 1 and word.isascii()):
            continue
        stem = _singular(word) if is_english else word
        weights[stem] = weights.get(stem, 0.0) + count
    ranked = sorted(weights.items(), key=_heaviest_first)[:MAX_TERMS]
    return tuple(Term(text=text, weight=round(1.0 + log(count), 4)) for text, count in ranked)


def _heaviest_first(item: tuple[str, float]) -> tuple[float, str]:
    return -item[1], item[0]


def _singular(word: str) -> str:
    """An English noun or verb without its final s (the S stemmer: Harman 1991, "How effective is suffixing?")."""
    if len(word) < 4 or word[-1] != "s" or word[-2] in "us":
        return word
    if word.endswith("ies") and word[-4] not in "ae":
        return word[:-3] + "y"
    if word.endswith("es") and word[-3] in "aeo":
        return word
    return word[:-1]
