"""Reads how many people a sentence says are dead, hurt or missing, in the languages whose words are listed.

Enough to tell an earlier count from a later one; no reading of all figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stayahead.analyze.prose import Prose
from stayahead.language.lexicon import either, marked, union, words_by_language
from stayahead.model import CasualtyFigure, CasualtySlot, Statement
from stayahead.text import fold

KIND = "casualties"

_PURPOSE_OF: dict[CasualtySlot, str] = {
    "dead": "casualties.dead",
    "hurt": "casualties.hurt",
    "missing": "casualties.missing",
}
_UNSPACED = marked("writing.unspaced")
_TOKEN = re.compile(r"\d[\d.,]*\d|\d|[^\W\d_]+")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_OWN_WAW = "|".join(fold(word) for purpose in _PURPOSE_OF.values() for word in union(purpose) if word.startswith("و"))
"""Arabic words whose first letter is no "and" that sticks to them."""
_CLAUSE = re.compile(rf"[,;:،](?!\d)|\b(?:{either('casualties.conjunctions')})\b|\s(?!(?:{_OWN_WAW})\b)و(?=\w)")
"""A number counts what its own clause names."""
_BEFORE, _AFTER = 5, 4
"""Words between a number and what it counts: "at least 17 people were killed", "death toll rose to 31"."""
_AFTER_RISING = 10
"""Words between them where a word of rising stands: "the death toll of the earthquake in Calverra rose to 31"."""
_RISES = frozenset(union("casualties.rising"))
_YEARS = range(1900, 2100)
_DIGITS_MOST = 7
_START_MOST = 24
"""Letters of a word that its listed beginning may have: no language lists a longer one."""


def find_casualties(prose: Prose) -> Iterator[Statement]:
    """A figure for each slot that a sentence counts."""
    language = _code(prose.language)
    for sentence in prose.sentences_with(_STARTS.get(language, _WIDE_WORDS)):
        for slot, count in _counted(sentence.folded, language).items():
            yield Statement(
                kind=KIND,
                block=sentence.block,
                start=sentence.start,
                end=sentence.end,
                value=CasualtyFigure(slot=slot, count=count),
            )


def casualties(sentence: str, *, language: str = "en") -> dict[CasualtySlot, int]:
    """The number nearest to the first word for each kind of victim; kinds without a number are left out.

    >>> casualties("At least 1,200 people were killed and nine are missing after the 6.8 magnitude quake of 2026.")
    {'dead': 1200, 'missing': 9}
    >>> casualties("地震造成死亡人数升至31人，12人受伤。", language="zh")
    {'dead': 31, 'hurt': 12}
    """
    return _counted(fold(sentence), _code(language))


def _code(language: str) -> str:
    """The language whose words are looked for; English where it is not known."""
    return language.partition("-")[0] or "en"


def _counted(text: str, language: str) -> dict[CasualtySlot, int]:
    words_of = _SLOTS.get(language)
    if words_of is None:
        return dict(_wide(text))
    named = _NUMBERS_BY_WORD.get(language, {})
    if language in _COMPOUND:
        text = _COMPOUND[language].sub("", text)
    found: dict[CasualtySlot, int] = {}
    for clause in _CLAUSE.split(text):
        words: list[str] = _TOKEN.findall(clause)
        numbers = {place: number for place, word in enumerate(words) if (number := _number(word, named)) is not None}
        after = _AFTER if _RISES.isdisjoint(words) else _AFTER_RISING
        for place, word in enumerate(words) if numbers else ():
            near = [(abs(at - place), at) for at in range(place - _BEFORE, place + after + 1) if at in numbers]
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


def _slot(word: str, words_of: dict[str, CasualtySlot]) -> CasualtySlot | None:
    if word not in words_of:
        word = word.removeprefix("و").removeprefix("ال")
    if word in words_of:
        return words_of[word]
    starts = (words_of.get(f"{word[:length]}*") for length in range(min(len(word), _START_MOST), 3, -1))
    return next((slot for slot in starts if slot is not None), None)


def _wide(text: str) -> Iterator[tuple[CasualtySlot, int]]:
    """A number up to six signs before the word, or right after it."""
    for slot, pattern in _WIDE.items():
        if match := pattern.search(text):
            yield slot, int(match[1] or match[2])


def _slots() -> dict[str, dict[str, CasualtySlot]]:
    """By language, what each word for people says of them."""
    slots: dict[str, dict[str, CasualtySlot]] = {}
    for slot, purpose in _PURPOSE_OF.items():
        for language, own in words_by_language(purpose).items():
            if language not in _UNSPACED:
                slots.setdefault(language, {}).update(dict.fromkeys(fold(" ".join(own)).split(), slot))
    return slots


_SLOTS = _slots()
_STARTS = {language: tuple(sorted({word.removesuffix("*") for word in slots})) for language, slots in _SLOTS.items()}
"""A sentence of the language that counts somebody holds one of these."""
_WIDE = {
    slot: re.compile(
        rf"(?:{words})(?:人数|人數)?[^\d，。、]{{0,4}}(\d{{1,{_DIGITS_MOST}}})(?!\d)"
        rf"|(?<!\d)(\d{{1,{_DIGITS_MOST}}})[^\d，。、]{{0,6}}(?:{words})"
    )
    for slot, purpose in _PURPOSE_OF.items()
    for words in [either(purpose, among=_UNSPACED)]
}
_WIDE_WORDS = tuple(
    sorted(
        {
            word
            for purpose in _PURPOSE_OF.values()
            for language in _UNSPACED
            for word in words_by_language(purpose).get(language, ())
        }
    )
)
"""The words of scripts without blanks, which are known by themselves."""
_NUMBERS_BY_WORD = {
    language: {word: number for number, word in enumerate(fold(" ".join(own)).split(), start=2)}
    for language, own in words_by_language("numbers.from_two").items()
}
_COMPOUND = {
    language: re.compile(rf"(?<=[^\W\d_])-(?=(?:{'|'.join(named)})\b)") for language, named in _NUMBERS_BY_WORD.items()
}
"""The hyphen of "forty-six", which is not six: a number in words that is not listed whole is left out."""
