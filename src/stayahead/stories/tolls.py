"""Tolls: a sentence goes in; how many people it says are dead, hurt or missing comes out.

Enough to tell an earlier toll from a later one, in the languages whose words are listed; no reading of all figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

from stayahead.language.lexicon import either, marked, union, words_by_language
from stayahead.text import fold

Slot: TypeAlias = Literal["dead", "hurt", "missing"]

_PURPOSE_OF: dict[Slot, str] = {"dead": "tolls.dead", "hurt": "tolls.hurt", "missing": "tolls.missing"}
_UNSPACED = marked("writing.unspaced")
_WIDE: dict[Slot, str] = {slot: either(purpose, among=_UNSPACED) for slot, purpose in _PURPOSE_OF.items()}
"""The words of scripts without blanks, which are known by themselves."""
_TOKEN = re.compile(r"\d[\d.,]*\d|\d|[^\W\d_]+")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_CLAUSE = re.compile(rf"[,;:،](?!\d)|\b(?:{either('tolls.conjunctions')})\b|\sو(?=\w)")
"""A number counts what its own clause names."""
_BEFORE, _AFTER = 5, 4
"""Words between a number and what it counts: "at least 17 people were killed", "death toll rose to 31" …"""
_AFTER_RISING = 10
"""… and "the death toll of the earthquake in Calverra rose to 31", where one of these is said."""
_RISES = frozenset(union("tolls.rising"))
_YEARS = range(1900, 2100)
_DIGITS_MOST = 7


def tolls(sentence: str, *, language: str = "en") -> dict[Slot, int]:
    """The number nearest to the first word for each kind of victim; kinds without a number are left out.

    >>> tolls("At least 1,200 people were killed and nine are missing after the 6.8 magnitude quake of 2026.")
    {'dead': 1200, 'missing': 9}
    >>> tolls("地震造成死亡人数升至31人，12人受伤。", language="zh")
    {'dead': 31, 'hurt': 12}
    """
    language = language.partition("-")[0] or "en"
    words_of = _SLOTS.get(language)
    text = fold(sentence)
    if words_of is None:
        return dict(_wide(text))
    named = _NUMBERS_BY_WORD.get(language, {})
    found: dict[Slot, int] = {}
    for clause in _CLAUSE.split(text):
        words: list[str] = _TOKEN.findall(clause)
        numbers = {place: number for place, word in enumerate(words) if (number := _number(word, named)) is not None}
        after = _AFTER if _RISES.isdisjoint(words) else _AFTER_RISING
        for place, word in enumerate(words) if numbers else ():
            near = [(abs(at - place), at) for at in numbers if -_BEFORE <= at - place <= after]
            if near and (slot := _slot(word, words_of)) is not None:
                found.setdefault(slot, numbers[min(near)[1]])
    return found


def _number(word: str, named: dict[str, int]) -> int | None:
    if word in named:
        return named[word]
    digits = re.sub(r"\D", "", word) if _THOUSANDS.fullmatch(word) else word
    if not digits.isdecimal() or len(digits) > _DIGITS_MOST or (digits is word and int(word) in _YEARS):
        return None
    return int(digits)


def _slot(word: str, words_of: dict[str, Slot]) -> Slot | None:
    word = word.removeprefix("و").removeprefix("ال")
    if word in words_of:
        return words_of[word]
    starts = (words_of.get(f"{word[:length]}*") for length in range(len(word), 3, -1))
    return next((slot for slot in starts if slot is not None), None)


def _wide(text: str) -> Iterator[tuple[Slot, int]]:
    """A number up to six signs before the word, or right after it."""
    for slot, words in _WIDE.items():
        match = re.search(rf"(?:{words})(?:人数|人數)?[^\d，。、]{{0,4}}(\d+)|(\d+)[^\d，。、]{{0,6}}(?:{words})", text)
        if match:
            yield slot, int(next(group for group in match.groups() if group))


def _slots() -> dict[str, dict[str, Slot]]:
    """By language, what each word for people says of them."""
    slots: dict[str, dict[str, Slot]] = {}
    for slot, purpose in _PURPOSE_OF.items():
        for language, own in words_by_language(purpose).items():
            if language not in _UNSPACED:
                slots.setdefault(language, {}).update(dict.fromkeys(fold(" ".join(own)).split(), slot))
    return slots


_SLOTS = _slots()
_NUMBERS_BY_WORD = {
    language: {word: number for number, word in enumerate(fold(" ".join(own)).split(), start=2)}
    for language, own in words_by_language("numbers.from_two").items()
}
