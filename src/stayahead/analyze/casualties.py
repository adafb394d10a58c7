"""Reads how many people a sentence says are dead, hurt or missing, in the languages whose words are listed.

Enough to tell an earlier count from a later one; no reading of all figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stayahead.analyze.counts import DOUBTED, write_counts
from stayahead.analyze.prose import Prose
from stayahead.language.lexicon import either, marked, tables, union, words_by_language
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
_WORD = re.compile(r"[^\W\d_]+")
_LONG = 4
"""Letters of a word that has a capital where a headline has one on every word."""
_NAMED = re.compile(r"(?<=\w )((?![a-z])[^\W\d_](?<=[A-Z\u00c0-\u042f])[^\W\d_]*) (?=\d)")
"""A word that may be capitalised, not the first, before a number: "the Boeing 737"."""
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
    for sentence in prose.sentences_with(starts_of(language)):
        for slot, count in counted_in(sentence.text, sentence.folded, language).items():
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
    >>> casualties("Two hundred died on May 14, when a Boeing 737 hit 12 cows.")
    {'dead': 200}
    >>> casualties("地震造成死亡人数升至31人，12人受伤。", language="zh")
    {'dead': 31, 'hurt': 12}
    """
    return counted_in(sentence, fold(sentence), _code(language))


def _code(language: str) -> str:
    """The language whose words are looked for; English where it is not known."""
    return language.partition("-")[0] or "en"


def starts_of(language: str) -> tuple[str, ...]:
    """What a sentence of that language holds that counts somebody: one of these at least."""
    return _STARTS.get(language, _WIDE_WORDS)


def counted_in(text: str, folded: str, language: str) -> dict[CasualtySlot, int]:
    """The same for a sentence that is folded already."""
    words_of = _SLOTS.get(language)
    if words_of is None:
        return dict(_wide(folded))
    if _NAMED.search(text) and language not in _NOUNS_ARE_CAPITAL:
        folded = fold(_without_names(text, words_of))
    found: dict[CasualtySlot, int] = {}
    doubted: set[CasualtySlot] = set()
    for clause in _CLAUSE.split(write_counts(folded, language)):
        words: list[str] = _TOKEN.findall(clause)
        numbers = dict(_numbers(words, language))
        after = _AFTER if _RISES.isdisjoint(words) else _AFTER_RISING
        for place, word in enumerate(words) if numbers else ():
            near = [(abs(at - place), at) for at in range(place - _BEFORE, place + after + 1) if at in numbers]
            if near and (slot := _slot(word, words_of)) is not None and slot not in doubted:
                at = min(near)[1]
                between = words[min(at, place) + 1 : max(at, place)]
                count = numbers[at] if _NEGATIONS.get(language, _NONE).isdisjoint(between) else None
                if count is None:
                    doubted.add(slot)
                else:
                    found.setdefault(slot, count)
    return found


def _without_names(text: str, words_of: dict[str, CasualtySlot]) -> str:
    """The sentence with a hyphen before each number that a capitalised word names, unless most words have capitals."""
    long = [word for word in _WORD.findall(text) if len(word) >= _LONG]
    if 2 * sum(word[0].isupper() for word in long) > len(long):
        return text
    return _NAMED.sub(lambda name: name[0] if _slot(fold(name[1]), words_of) else f"{name[1]}-", text)


def _numbers(words: list[str], language: str) -> Iterator[tuple[int, int | None]]:
    """Where numbers stand that may count persons, with how many; None: nobody knows."""
    for place, word in enumerate(words):
        if word == DOUBTED:
            yield place, None
        elif (number := _number(word)) is not None and not _is_named(words, place, language):
            links, behind = _LINKS.get(language, _NONE), words[place + 1 : place + 3]
            if behind[1:] and behind[0] in links:
                del behind[0]
            elif behind and behind[0] in _STOP.get(language, _NONE):
                del behind[1:]
            if _NOT_PERSONS.get(language, _NONE).isdisjoint(behind):
                yield place, number


def _is_named(words: list[str], place: int, language: str) -> bool:
    """Whether the word before the number makes it a date, a name or none: "May 14", but not "on 14 May 14 people"."""
    before = words[max(0, place - 3) : place]
    if not before or before[-1] in _NEGATIONS.get(language, _NONE):
        return bool(before)
    if before[-1] not in _NOT_AFTER.get(language, _NONE):
        return False
    earlier = before[:-1] if before[-2:-1] and before[-2] in _LINKS.get(language, _NONE) else before[-2:-1]
    return not any(word.isdecimal() for word in earlier)


def _number(word: str) -> int | None:
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
        if (match := pattern.search(text)) and not _WIDE_NEGATIONS.search(match[0]):
            digits, scale = (match[1], match[2]) if match[1] else (match[3], match[4])
            count = int(digits.replace(",", "")) * _WIDE_SCALES.get(scale, 1)
            if len(str(count)) <= _DIGITS_MOST:
                yield slot, count


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
_NOT_AFTER, _NOT_PERSONS, _NEGATIONS, _LINKS, _STOP = (
    {language: frozenset(fold(" ".join(own)).split()) for language, own in words_by_language(purpose).items()}
    for purpose in (
        "casualties.not_after",
        "casualties.not_persons",
        "casualties.negations",
        "names.particles",
        "stop.words",
    )
)
_NONE: frozenset[str] = frozenset()
_NOUNS_ARE_CAPITAL = marked("writing.capital_nouns")
_WIDE_SCALES = {
    fold(word): int(scale)
    for language, table in tables("numbers.scales").items()
    if language in _UNSPACED
    for scale, words in table.items()
    for word in words
}
_WIDE_NEGATIONS = re.compile(either("casualties.negations", among=_UNSPACED))


def _wide_patterns() -> Iterator[tuple[CasualtySlot, re.Pattern[str]]]:
    scales = "|".join(sorted(_WIDE_SCALES, key=len, reverse=True))
    ends = "".join(sorted({scale[-1] for scale in _WIDE_SCALES}))
    number = (
        rf"(?<!\d[.,])(?<![\d{ends}])(\d{{1,3}}(?:,\d{{3}})+|\d{{1,{_DIGITS_MOST}}})(?![\d%]|[.,:-]\d)\s?({scales})?+"
        rf"(?!\s?(?:{either('casualties.not_persons', among=_UNSPACED)}|\d))"
    )
    for slot, purpose in _PURPOSE_OF.items():
        words = either(purpose, among=_UNSPACED)
        behind = r"[^\d,;，。、]"
        after = rf"(?:(?:して|し)?(?:{either('casualties.negations', among=_UNSPACED)}))?"
        yield (
            slot,
            re.compile(rf"(?:{words})(?:人数|人數)?{behind}{{0,4}}{number}|{number}{behind}{{0,6}}(?:{words}){after}"),
        )


_WIDE = dict(_wide_patterns())
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
