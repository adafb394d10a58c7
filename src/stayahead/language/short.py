"""Corrects what a detector says of a short text, by the small words and the letters that it does not know."""

from __future__ import annotations

import math
import re
from collections import Counter

from stayahead.language.lexicon import marked, numbers, texts, union, words_by_language

Answers = list[tuple[str, float]]
"""Languages with their scores from 0 to 1, the likeliest first."""

_WORD = re.compile(r"[^\W\d_]+")
_WORD_WEIGHT = 1.8
"""Weight of a small word of one language, as a logarithm of odds; languages that share a word share its weight."""
_FOREIGN_LETTER = 2.0
"""Weight against a language for each letter that it does not write with; no more, for foreign names bring some."""
_UNSAID = 0.01
"""Score that a language starts from which the detector does not name."""
_RARER = numbers("detection.rarer")
"""Weight against languages whose short texts look like those of a neighbour in which far more news is written."""
_ALPHABETS = texts("writing.alphabet")
_NOT_LATIN = marked("writing.not_latin")
"""Languages that the detector names for texts in plain Latin letters, and that are not written with them."""


def _weights() -> dict[str, dict[str, float]]:
    """The weight of each small word for each of its languages."""
    lists = {language: set(words) for language, words in words_by_language("detection.words").items()}
    shared = Counter(word for words in lists.values() for word in words)
    weights: dict[str, dict[str, float]] = {}
    for language, words in lists.items():
        for word in words:
            weights.setdefault(word, {})[language] = _WORD_WEIGHT / shared[word]
    return weights


_WEIGHTS = _weights()
_SHAPES = [
    (re.compile(shape), [language for language, own in words_by_language("detection.shapes").items() if shape in own])
    for shape in union("detection.shapes")
]
"""Patterns of words with the languages that build them so, as Indonesian and Malay do their verbs."""
_LETTERS = texts("writing.own_letters")
_SPEAKS_FOR = {
    letter: [language for language, own in _LETTERS.items() if letter in own] for letter in "".join(_LETTERS.values())
}


def reweigh(sample: str, answers: Answers) -> Answers:
    """The answers with what the small words and the letters of a short text say, the likeliest first."""
    # Naive Bayes: each sign is taken for independent of the others, so that logarithms of odds add up.
    non_ascii = {letter for letter in sample if letter > "\x7f" and letter.isalpha()}
    likely = answers if non_ascii else [answer for answer in answers if answer[0] not in _NOT_LATIN]
    scores = {language: math.log(max(score, _UNSAID)) for language, score in likely if language}
    for letter in sorted(non_ascii):
        speaks_for = _SPEAKS_FOR.get(letter, ())
        for language in speaks_for:
            scores[language] = scores.get(language, math.log(_UNSAID)) + _WORD_WEIGHT / len(speaks_for)
    # Each word counts once: a headline that says "the" twice is no more English.
    for word in sorted(set(_WORD.findall(sample))):
        for language, weight in _WEIGHTS.get(word, {}).items():
            scores[language] = scores.get(language, math.log(_UNSAID)) + weight
    for shape, built_so in _SHAPES:
        for language in built_so if shape.search(sample) else ():
            scores[language] = scores.get(language, math.log(_UNSAID)) + _WORD_WEIGHT
    for language in scores:
        foreign = sum(letter not in _ALPHABETS[language] for letter in non_ascii) if language in _ALPHABETS else 0
        scores[language] -= _FOREIGN_LETTER * foreign + _RARER.get(language, 0.0)
    if not scores:
        return []
    highest = max(scores.values())
    odds = {language: math.exp(score - highest) for language, score in scores.items()}
    total = sum(odds.values())
    return sorted(
        ((language, each / total) for language, each in odds.items()), key=lambda answer: (-answer[1], answer[0])
    )
