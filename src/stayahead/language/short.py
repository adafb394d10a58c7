"""A short text and a detector's answers in; the answers with what its small words and its letters say out."""

from __future__ import annotations

import math
import re
from collections import Counter

from stayahead.language.words import ALPHABETS, LETTERS, NOT_LATIN, WORDS

Answers = list[tuple[str, float]]
"""Languages with their scores from 0 to 1, the likeliest first."""

_WORD = re.compile(r"[^\W\d_]+")
_WORD_WEIGHT = 1.8
"""Of a small word of one language, as a logarithm of odds; shared ones are divided by those who share."""
_FOREIGN_LETTER = 2.0
"""Against a language, for each letter that it does not write with: names bring some."""
_UNSAID = 0.01
"""Score of a language that the detector does not name."""
_RARER = {"ms": 1.0, "mr": 1.0, "ne": 1.0, "gl": 1.0, "ast": 1.0, "af": 1.0, "bs": 0.5}
"""Against languages whose short texts look like those of a neighbour in which far more news is written."""


def _weights() -> dict[str, dict[str, float]]:
    """Of each small word its weight for each of its languages."""
    lists = {language: set(words.split()) for language, words in WORDS.items()}
    shared = Counter(word for words in lists.values() for word in words)
    weights: dict[str, dict[str, float]] = {}
    for language, words in lists.items():
        for word in words:
            weights.setdefault(word, {})[language] = _WORD_WEIGHT / shared[word]
    return weights


_WEIGHTS = _weights()
_MALAY_VERB = re.compile(r"\b(?:me|di|ber|ter)\w{2,}(?:kan|nya)\b")
"""How verbs are built in Indonesian and Malay, and hardly in another language."""
_SPEAKS_FOR = {letter: [lang for lang, own in LETTERS.items() if letter in own] for letter in "".join(LETTERS.values())}


def weighed(sample: str, answers: Answers) -> Answers:
    """The answers with what the small words and the letters of a short text say, the likeliest first."""
    marks = {letter for letter in sample if letter > "\x7f" and letter.isalpha()}
    likely = answers if marks else [answer for answer in answers if answer[0] not in NOT_LATIN]
    scores = {language: math.log(max(score, _UNSAID)) for language, score in likely if language}
    for letter in sorted(marks):
        speaks_for = _SPEAKS_FOR.get(letter, ())
        for language in speaks_for:
            scores[language] = scores.get(language, math.log(_UNSAID)) + _WORD_WEIGHT / len(speaks_for)
    for word in sorted(set(_WORD.findall(sample))):
        for language, weight in _WEIGHTS.get(word, {}).items():
            scores[language] = scores.get(language, math.log(_UNSAID)) + weight
    for language in ("id", "ms") if _MALAY_VERB.search(sample) else ():
        scores[language] = scores.get(language, math.log(_UNSAID)) + _WORD_WEIGHT
    for language in scores:
        foreign = sum(letter not in ALPHABETS[language] for letter in marks) if language in ALPHABETS else 0
        scores[language] -= _FOREIGN_LETTER * foreign + _RARER.get(language, 0.0)
    if not scores:
        return []
    highest = max(scores.values())
    odds = {language: math.exp(score - highest) for language, score in scores.items()}
    total = sum(odds.values())
    return sorted(
        ((language, each / total) for language, each in odds.items()), key=lambda found: (-found[1], found[0])
    )
