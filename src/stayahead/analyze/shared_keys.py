"""Finds what an article shares with articles in other languages, so that reports of one event meet across them.

Those keys are countries and cities by their CLDR names (`c:UA`, `c:Europe/Paris`), numbers in one notation
(`n:33000000`; never a year or a day of a month), names in one spelling (`w:srnsk` for "Zelensky", "Selenskyj" and
"Зеленского"). They are cheap and untyped; later issues type them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import log

from stayahead.analyze.places import is_place, places_in
from stayahead.analyze.spelling import spelling_key
from stayahead.analyze.stopwords import stopwords
from stayahead.language.lexicon import marked, tables
from stayahead.model import Term
from stayahead.text import fold

PLACE = "c:"
"""Prefix of the keys of places."""
MAX_KEYS = 32
"""Keys kept of one article."""
MAX_CHARS = 5_000
"""Characters of a text that are read: what a report is about stands at its start."""
NAMES_KEPT = 16_384
"""Words of one language whose names are remembered, in up to eight languages: 3 MB each at most."""
MIN_NUMBER = 32
"""Least number that is a key: smaller ones are days, hours and counts that any report has."""
MAX_NUMBER = 10**18
"""Past it stand rows of numbers: a table's columns, read as groups of three digits, made one that is infinite."""
_YEARS = range(1900, 2101)
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9.,])(?:\d{1,3}(?:[.,\u00a0\u202f ]\d{3}(?!\d))+(?![.,]?\d)|\d{1,15}(?:[.,]\d{1,2})?(?!\d))"
)
_DIGIT = re.compile(r"\d")
_SCALED = re.compile(r"\s?([^\W\d_]+)")
_CAPITALISED = re.compile(r"(?<![\w'’-])(?![a-z])[^\W\d_](?<=[A-Z\u00c0-\uffff])[\w-]+")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9-]{2,}")
_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc]{3,}")
_OPENING = frozenset('.!?…:;“”"«»([—–-')
_CASELESS = marked("writing.caseless")
_SCALES = {
    word: int(scale) for table in tables("numbers.scales").values() for scale, words in table.items() for word in words
}


def find_shared_keys(title: str, text: str, *, language: str) -> tuple[Term, ...]:
    """The heaviest keys, heaviest first, ties by text; a key weighs 1 + ln(its occurrences)."""
    whole = f"{title}\n{text[:MAX_CHARS]}"
    counts: dict[str, int] = {}
    for place in places_in(whole, language=language):
        key = PLACE + place
        counts[key] = counts.get(key, 0) + 1
    for number in _numbers(whole):
        key = f"n:{number}"
        counts[key] = counts.get(key, 0) + 1
    keys_of = _names_of(language)
    for word in _words(whole, language):
        for key in keys_of[word]:
            counts[key] = counts.get(key, 0) + 1
    ranked = sorted(counts.items(), key=_most_first)[:MAX_KEYS]
    return tuple([_term(key, count) for key, count in ranked])


def _most_first(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


@lru_cache(maxsize=8192)
def _term(key: str, count: int) -> Term:
    return Term(text=key, weight=round(1.0 + log(count), 4))


def _numbers(text: str) -> Iterator[str]:
    if _DIGIT.search(text) is None:
        return
    for match in _NUMBER.finditer(text):
        value = _value(match.group())
        scaled = _SCALED.match(text, match.end())
        scale = _scale(scaled.group(1)) if scaled else 1
        if value > MAX_NUMBER or (scale == 1 and (value < MIN_NUMBER or int(value) in _YEARS)):
            continue
        # "33 million", 3300万 and 33,000,000 are one key.
        total = value * scale
        yield str(int(total)) if total == int(total) else f"{total:.2f}"


def _value(digits: str) -> float:
    """Blanks, points and commas before three digits group them; before one or two they are a decimal point."""
    pieces = re.split(r"[.,\s]", digits)
    if len(pieces) > 1 and len(pieces[-1]) < 3:
        return float("".join(pieces[:-1]) + "." + pieces[-1])
    return float("".join(pieces))


def _scale(word: str) -> int:
    word = fold(word)
    return _SCALES.get(word) or _SCALES.get(word[:2]) or _SCALES.get(word[:1] if word[:1] > "\u3000" else "") or 1


def _words(text: str, language: str) -> Iterable[str]:
    """Words that may be names.

    They are capitalised and do not open a sentence; in scripts without capitals they are the Latin words, and katakana,
    which writes foreign names.
    """
    if language in _CASELESS:
        return [word for pattern in (_LATIN, _KATAKANA) for word in pattern.findall(text)]
    return _capitalised(text)


class _Names(dict[str, tuple[str, ...]]):
    """The keys of the names in each word of one language; remembered, for names come again."""

    __slots__ = ("_language", "_stop")

    def __init__(self, language: str) -> None:
        self._language = language
        self._stop = stopwords(language)

    def __missing__(self, word: str) -> tuple[str, ...]:
        keys: list[str] = []
        for name in word.split("-"):
            folded = fold(name)
            # The name of a place has a key already, which languages share more surely than its spelling.
            if len(name) < 3 or folded in self._stop or is_place(folded, language=self._language):
                continue
            spelling = spelling_key(name)
            if len(spelling) > 2:
                keys.append(f"w:{spelling}")
        if len(self) >= NAMES_KEPT:
            self.clear()
        self[word] = names = tuple(keys)
        return names


_names_of = lru_cache(maxsize=8)(_Names)


def _capitalised(text: str) -> Iterator[str]:
    for match in _CAPITALISED.finditer(text):
        start = match.start()
        # A capital at the start of a sentence, a quotation or a line says nothing.
        around = text[max(0, start - 2) : start]
        before = around.rstrip()
        if before and before[-1] not in _OPENING and "\n" not in around:
            yield match.group()
