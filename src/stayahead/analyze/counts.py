"""Writes the numbers of a sentence so that each that may count somebody is one run of digits, and no other is a number.

"Two hundred" is 200 and "12 000" is 12,000. What is a number of something else (mh17, 12-year-old, 9:30, 12%) becomes
`NO_COUNT`, and what is not surely read whole (a range, "half a dozen") `DOUBTED`: a figure in doubt is nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from stayahead.language.lexicon import tables, words_by_language
from stayahead.text import fold

NO_COUNT = "x"
"""Stands where a number stood that counts nobody: one word, so that the distances stay."""
DOUBTED = "xx"
"""Stands where a number stood that may count somebody, and nobody knows how many."""

_ENDLESS = re.compile(r"[\d.,]{25,}+")
"""Digits past any count. Away with them first: the patterns below go back over the digits that they have read."""
_GROUPS = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?![\d ]?\d)")
_DIGITS = r"\d(?:[\d.,]*\d)?"
_NOT_COUNTS = re.compile(
    r"(?<![^\W_])(?:[^\W\d_]+-|[a-z]+)\d(?:[\w.,-]*\w)?"  # covid-19, mh17
    rf"|{_DIGITS}(?:-[^\W\d]\w*|(?:[:/]\d+)+)"  # 12-year, 9:30
    rf"|{_DIGITS}(?: ?%|[a-z]\w*)"  # 12%, 17th
    rf"|[$\u20ac\u00a3\u00a5]\s?{_DIGITS}"
)
_RANGES = re.compile(rf"{_DIGITS}[-\u2013]{_DIGITS}")
_MOST = 10_000_000
_SHORT = 3
"""A shorter word for a scale is as often a unit: "5 m"."""


class Part(NamedTuple):
    """A word of a number."""

    value: int
    multiplies: bool = False


class _Grammar(NamedTuple):
    """How a language says numbers."""

    parts: dict[str, Part]
    numbers: re.Pattern[str]
    """One or more words of numbers in a row, with what joins them."""
    words: re.Pattern[str]
    """A word of a number, or what joins two."""
    after_tens: frozenset[str]
    after_hundreds: frozenset[str]


def write_counts(folded: str, language: str) -> str:
    """The folded sentence with its numbers in digits, and words for those that count nobody, or nobody knows how many.

    >>> write_counts("five hundred and twelve people on flight mh17, 12 000 homes, two-day talks", "en")
    '512 people on flight x, 12,000 homes, x-day talks'
    """
    text = _GROUPS.sub(lambda found: found[0].replace(" ", ","), _ENDLESS.sub(NO_COUNT, folded))
    text = _NOT_COUNTS.sub(NO_COUNT, _RANGES.sub(DOUBTED, text))
    grammar = grammar_of(language)
    return grammar.numbers.sub(lambda found: _written(found, grammar), text) if grammar else text


def _written(found: re.Match[str], grammar: _Grammar) -> str:
    text, (start, end) = found.string, found.span()
    if text[start - 1 : start] == "-" or text[end : end + 1] == "-":
        return NO_COUNT
    words = grammar.words.findall(found[0])
    return " ".join(_spelled(words, grammar))


def _spelled(words: list[str], grammar: _Grammar) -> Iterator[str]:
    """Each number of the run; two with an "and" between them that does not join them are two."""
    own: list[str] = []
    for at, word in enumerate(words):
        if word in grammar.parts or word[0].isdecimal() or _joins(own, words[at + 1 :], word, grammar):
            own.append(word)
        else:
            yield from (_one(own, grammar), word)
            own = []
    yield _one(own, grammar)


def _joins(before: list[str], behind: list[str], word: str, grammar: _Grammar) -> bool:
    """Whether that "and" stands within a number."""
    last, following = (
        grammar.parts.get(before[-1]) if before else None,
        grammar.parts.get(behind[0]) if behind else None,
    )
    if last is None or following is None or following.multiplies:
        return False
    if last.value >= 100:
        return word in grammar.after_hundreds and following.value < last.value
    return word in grammar.after_tens and last.value % 10 == 0 and last.value > 10 > following.value


def _one(words: list[str], grammar: _Grammar) -> str:
    if len(words) == 1 and (words[0][0].isdecimal() or grammar.parts[words[0]].value == 1):
        return words[0]
    if any(grammar.parts[word].multiplies and len(word) < _SHORT for word in words if word in grammar.parts):
        return words[0] if len(words) == 1 else DOUBTED
    parts = [_part(word, grammar) for word in words if word[0].isdecimal() or word in grammar.parts]
    number = composed([part for part in parts if part is not None]) if None not in parts else None
    return DOUBTED if number is None or number >= _MOST else f"{number:,}"


def _part(word: str, grammar: _Grammar) -> Part | None:
    if not word[0].isdecimal():
        return grammar.parts[word]
    return Part(int(word)) if word.isdecimal() and len(word) <= _SHORT else None


def composed(parts: list[Part]) -> int | None:
    """The number that the words make, if each has its place: "three thousand four hundred", never "two three"."""
    if (parts[0].multiplies and len(parts) == 1) or any(a.value >= 1000 == b.value for a, b in pairwise(parts)):
        return None
    total = group = 0
    room = _MOST * 1_000
    for value, multiplies in parts:
        if not multiplies:
            if group and (value >= group or group % 10 ** len(str(value))):
                return None
            group += value
        elif value < 1000:
            if group >= value or (group % 100 == 0 and group):
                return None
            group = max(group, 1) * value
        else:
            if value >= room:
                return None
            total, group, room = total + max(group, 1) * value, 0, value
    return total + group


@cache
def grammar_of(language: str) -> _Grammar | None:
    """How the language says numbers; None: nobody has listed it."""
    parts = {word: Part(value) for value, word in enumerate(_own("numbers.from_two", language), start=2)}
    for purpose, multiplies in (("numbers.beyond", False), ("numbers.multiples", True), ("numbers.scales", True)):
        for value, phrases in tables(purpose).get(language, {}).items():
            parts |= {fold(phrase): Part(int(value), multiplies) for phrase in phrases}
    if not parts:
        return None
    after_tens, after_hundreds = (
        frozenset(_own(purpose, language)) for purpose in ("numbers.and_after_tens", "numbers.and_after_hundreds")
    )
    some = "|".join(map(re.escape, sorted(parts, key=len, reverse=True)))
    joints = "|".join(map(re.escape, sorted(after_tens | after_hundreds)))
    item = rf"(?:{_DIGITS}|(?<!\w)(?:{some})(?!\w))"
    joint = rf"(?:-|\s(?:(?:{joints})\s)?)" if joints else r"[-\s]"
    return _Grammar(
        parts=parts,
        numbers=re.compile(rf"{item}(?:{joint}{item})*"),
        words=re.compile(rf"{_DIGITS}|(?<!\w)(?:{some}{'|' if joints else ''}{joints})(?!\w)"),
        after_tens=after_tens,
        after_hundreds=after_hundreds,
    )


def _own(purpose: str, language: str) -> list[str]:
    return fold(" ".join(words_by_language(purpose).get(language, ()))).split()
