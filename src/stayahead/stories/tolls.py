"""Tolls: a sentence goes in; how many people it says are dead, hurt or missing comes out.

Enough to tell an earlier toll from a later one, in the languages whose words are listed; no reading of all figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Literal, TypeAlias

from stayahead.text import fold

Slot: TypeAlias = Literal["dead", "hurt", "missing"]

_STEMS: dict[Slot, str] = {
    "dead": """kill dead death die fatalit toll mort tue tues tuee tuees dece muert fallec vittim tot getot gestorb
    todesopfer погиб умер загин tewas meninggal oldu oldur قتيل قتلى قتل مقتل وفاة""",
    "hurt": """injur wound hurt bless herid ferid ferit verletz ранен пострада поранен terluka luka cedera yaral
    جريح جرحى مصاب اصاب""",
    "missing": "missing disparu desapar dispers vermiss пропал зникл hilang kayip مفقود",
}
"""How words about people begin, folded."""
_WHOLE = frozenset(("die", "tot", "tue", "luka", "قتل"))
"""Stems that are also the beginning of other words: these stand for themselves and the forms below only."""
_FORMS = ("", "s", "d", "e", "en", "ed", "ee", "es", "ees")
_WIDE: dict[Slot, str] = {
    "dead": "死亡|遇难|遇難|丧生|身亡|死者",
    "hurt": "受伤|受傷|伤者|負傷|けが",
    "missing": "失踪|失蹤|下落不明|行方不明",
}
_NUMBERS = {
    word: number
    for number, words in {
        1: "", 2: "two zwei deux dos due dois", 3: "three drei trois tres tre", 4: "four vier quatre cuatro quattro",
        5: "five funf cinq cinco cinque", 6: "six sechs seis sei", 7: "seven sieben sept siete sette sete",
        8: "eight acht huit ocho otto oito", 9: "nine neun neuf nueve nove", 10: "ten zehn dix diez dieci dez",
        11: "eleven elf onze once undici", 12: "twelve zwolf douze doce dodici doze",
    }.items()
    for word in words.split()
}  # fmt: skip
_TOKEN = re.compile(r"\d[\d.,]*\d|\d|[^\W\d_]+")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_CLAUSE = re.compile(r"[,;:،](?!\d)|\b(?:and|with|und|mit|et|avec|y|con|e|com|и|та|dan|ve)\b|\sو(?=\w)")
"""A number counts what its own clause names."""
_BEFORE, _AFTER = 5, 4
"""Words between a number and what it counts: "at least 17 people were killed", "death toll rose to 31" …"""
_AFTER_RISING = 10
"""… and "the death toll of the earthquake in Calverra rose to 31", where one of these is said."""
_RISING = """toll rose rises rise risen climbed climbs reached reaches passes passed steigt stieg gestiegen monte passe
    grimpe sube subio asciende aumenta aumento sobe subiu sale salito выросло возросло зросла naik ارتفع ارتفعت"""
_RISES = frozenset(_RISING.split())
_YEARS = range(1900, 2100)


def tolls(sentence: str) -> dict[Slot, int]:
    """The number nearest to the first word for each kind of victim; kinds without a number are left out.

    >>> tolls("At least 1,200 people were killed and nine are missing after the 6.8 magnitude quake of 2026.")
    {'dead': 1200, 'missing': 9}
    >>> tolls("地震造成死亡人数升至31人，12人受伤。")
    {'dead': 31, 'hurt': 12}
    """
    text = fold(sentence)
    found: dict[Slot, int] = {}
    for clause in _CLAUSE.split(text):
        words: list[str] = _TOKEN.findall(clause)
        numbers = {place: number for place, word in enumerate(words) if (number := _number(word)) is not None}
        after = _AFTER if _RISES.isdisjoint(words) else _AFTER_RISING
        for place, word in enumerate(words) if numbers else ():
            near = [(abs(at - place), at) for at in numbers if -_BEFORE <= at - place <= after]
            if near and (slot := _slot(word)) is not None:
                found.setdefault(slot, numbers[min(near)[1]])
    return found or dict(_wide(text))


def _number(word: str) -> int | None:
    if word in _NUMBERS:
        return _NUMBERS[word]
    if _THOUSANDS.fullmatch(word):
        return int(re.sub(r"\D", "", word))
    if not word.isdecimal() or len(word) > 7 or int(word) in _YEARS:
        return None
    return int(word)


def _slot(word: str) -> Slot | None:
    word = word.removeprefix("و").removeprefix("ال")
    for stem in range(min(len(word), _LONGEST), 2, -1):
        slot = _BY_STEM.get(word[:stem])
        if slot is not None and (word[:stem] not in _WHOLE or word[stem:] in _FORMS):
            return slot
    return None


def _wide(text: str) -> Iterator[tuple[Slot, int]]:
    """Scripts without blanks: a number up to six signs before the word, or right after it."""
    for slot, words in _WIDE.items():
        match = re.search(rf"(?:{words})(?:人数|人數)?[^\d，。、]{{0,4}}(\d+)|(\d+)[^\d，。、]{{0,6}}(?:{words})", text)
        if match:
            yield slot, int(next(group for group in match.groups() if group))


_BY_STEM: dict[str, Slot] = dict(
    chain.from_iterable([(stem, slot) for stem in text.split()] for slot, text in _STEMS.items())
)
_LONGEST = max(map(len, _BY_STEM))
