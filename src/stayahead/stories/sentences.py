"""Judges which sentences of a report can stand alone in a summary, beside those of other reports.

A sentence of a summary has lost its surroundings: it must be whole, of a sentence's length, not begin with a word that
leans on what stood before it, nor address the reader, and carry no dateline. When in doubt it is left out.
"""

from __future__ import annotations

import re

from stayahead.analyze.dateline import WIDE
from stayahead.language.lexicon import either, marked, words_by_language
from stayahead.text import fold

LEAST_CHARS, MOST_CHARS = 60, 300
"""Bounds of a sentence's length; signs of scripts without blanks count twice."""

_SENTENCE_ENDS = (".", "!", "。", "！", "।", "۔")
_CLOSERS = "\"'”’»)]」』）"
_CUT_OFF = re.compile(r"(?:\.\.\.?|…|\[…\]|\[\.\.\.\])[\"'”’»)\]\s.]*+$")
_UNSPACED = marked("writing.unspaced")
_LEANING = {
    language: frozenset(fold(" ".join(own)).split())
    for language, own in words_by_language("sentences.leaning").items()
    if language not in _UNSPACED
}
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_WIDE_LEANING = re.compile(either("sentences.leaning", among=_UNSPACED))
_ASKING = re.compile(rf"\b(?:{either('sentences.asking')})\b|©", re.IGNORECASE)
_OF_THE_TEXT = re.compile(rf"(?:{either('sentences.about_report')})\b", re.IGNORECASE)
"""What begins a sentence about the report, not of it."""
_EARLY = 9
"""Words of a sentence's beginning."""
_PERSONS = words_by_language("sentences.persons")
_GOING_ON = words_by_language("sentences.going_on")
_NONE: frozenset[str] = frozenset()
_QUOTED = re.compile(r"[“\"«„「『][^”\"»“」』]*[”\"»“」』]")
_PAIRS = (("“", "”"), ("«", "»"), ("(", ")"), ("「", "」"), ("（", "）"))
_SPEECH_LEAST = 12
"""Characters outside quotation marks with which a quotation says whose it is."""


def is_in_language(language: str, wanted: str) -> bool:
    """Whether a report in that language may speak in a text of the other; it may where either is not known."""
    return not language or not wanted or language.partition("-")[0] == wanted.partition("-")[0]


def stands(sentence: str, *, language: str, is_first: bool = True) -> bool:
    """Whether a sentence says something whole without those around it.

    Args:
        sentence: collapsed, without its dateline.
        language: of its report, ISO 639-1, or empty.
        is_first: of its report: it names itself whom it speaks of, if only later.
    """
    # The cheap checks first: most sentences fail by their length or their ends.
    width = len(sentence) + len(WIDE.findall(sentence))
    if not LEAST_CHARS <= width <= MOST_CHARS or _CUT_OFF.search(sentence) or sentence.isupper():
        return False
    if not sentence.rstrip(_CLOSERS).endswith(_SENTENCE_ENDS) or sentence[0].islower() or _is_aside(sentence):
        return False
    if (
        any(sentence.count(opening) != sentence.count(closing) for opening, closing in _PAIRS)
        or sentence.count('"') % 2
    ):
        return False
    # A quotation alone does not say who speaks, and what a speaker leans on is not the report's.
    unquoted = _QUOTED.sub("", sentence).strip(" .,!?")
    if len(unquoted) < _SPEECH_LEAST or _leans(unquoted, language):
        return False
    return is_first or not _leans_within(sentence, language)


def _is_aside(sentence: str) -> bool:
    return _ASKING.search(sentence) is not None or _OF_THE_TEXT.match(sentence) is not None


def _leans(sentence: str, language: str) -> bool:
    if _WIDE_LEANING.match(sentence):
        return True
    first = _FIRST_WORD.search(sentence)
    if first is None or first[0] == "El":
        return False  # without its accent it is the article
    if fold(first[0]) in _LEANING.get(language or "en", _NONE):
        return True
    going_on = _GOING_ON.get(language or "en", ())
    return bool(going_on) and any(word in going_on for word in _FIRST_WORD.findall(sentence)[:_EARLY])


def _leans_within(sentence: str, language: str) -> bool:
    """Whether a sentence that is not its report's first speaks of somebody before it names anybody.

    What a first sentence speaks of it names itself, even if later: "After an argument with his roommate, a man …".
    """
    persons = _PERSONS.get(language or "en")
    if not persons:
        return False
    words = _FIRST_WORD.findall(sentence)[:_EARLY]
    named = next((place for place, word in enumerate(words) if place and word[0].isupper()), _EARLY)
    return any(word in persons for word in words[:named])
