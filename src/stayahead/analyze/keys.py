"""Keys: a title and a text in any language go in; what languages share of them comes out.

Countries and cities by their CLDR names (`c:UA`, `c:Europe/Paris`), numbers in one notation (`n:33000000`; never a year
or a day of a month), names in one spelling (`w:srnsk` for "Zelensky", "Selenskyj" and "Зеленского"). They are cheap and
untyped; later issues type them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from math import log

from stayahead.analyze.places import is_place, places_in
from stayahead.analyze.spelling import spelt
from stayahead.analyze.stopwords import stopwords
from stayahead.model import Term
from stayahead.text import fold

PLACE = "c:"
"""What the keys of places begin with."""
MAX_KEYS = 32
"""Keys kept of one article."""
MAX_CHARS = 5_000
"""Of a text that are read: what a report is about stands at its start."""
NAMES_KEPT = 16_384
"""Spellings remembered: names come again; 3 MB at most."""
MIN_NUMBER = 32
"""Smaller ones are days, hours and counts that any report has."""
_YEARS = range(1900, 2101)
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9.,])(?:\d{1,3}(?:[.,\u00a0\u202f ]\d{3}(?!\d))+(?![.,]?\d)|\d{1,15}(?:[.,]\d{1,2})?(?!\d))"
)
_SCALED = re.compile(r"\s?([^\W\d_]+)")
_CAPITALISED = re.compile(r"(?<![\w'’-])(?![a-z])[^\W\d_](?<=[A-Z\u00c0-\uffff])[\w-]+")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9-]{2,}")
_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc]{3,}")
_OPENING = frozenset('.!?…:;“”"«»([—–-')
_UNSPACED = frozenset(("zh", "ja", "ko", "th"))
_CASELESS = frozenset(("ar", "fa", "he", "hi", "ur", "bn", "ta", "te", "mr")) | _UNSPACED
_SCALES = {
    word: scale
    for scale, words in {
        1_000: "thousand mil mille tausend ribu тысяч тысячи тыс тисяч тис bin 千 천 ألف آلاف",
        10_000: "万 萬 만",
        1_000_000: "million millions mn m millón millones millionen mio milhão milhões milione milioni juta jt миллион"
        " миллиона миллионов млн мільйон мільйони мільйонів milyon 百万 百萬 مليون ملايين",
        100_000_000: "亿 億 억",
        1_000_000_000: "billion billions bn milliard milliards milliarden mrd miliardo miliardi miliar bilhão bilhões"
        " миллиард миллиарда миллиардов млрд мільярд мільярди мільярдів milyar 十亿 مليار مليارات",
    }.items()
    for word in words.split()
}


def find_keys(title: str, text: str, *, language: str) -> tuple[Term, ...]:
    """The heaviest keys, heaviest first, ties by text; a key weighs 1 + ln(its occurrences)."""
    whole = f"{title}\n{text[:MAX_CHARS]}"
    counts: Counter[str] = Counter(PLACE + place for place in places_in(whole, language=language))
    counts.update(f"n:{number}" for number in _numbers(whole))
    counts.update({f"w:{name}": count for name, count in _names(whole, language).items()})
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MAX_KEYS]
    return tuple(Term(text=key, weight=round(1.0 + log(count), 4)) for key, count in ranked)


def _numbers(text: str) -> Iterator[str]:
    for match in _NUMBER.finditer(text):
        value = _value(match.group())
        scaled = _SCALED.match(text, match.end())
        scale = _scale(scaled.group(1)) if scaled else 1
        if scale == 1 and (value < MIN_NUMBER or int(value) in _YEARS):
            continue
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


def _names(text: str, language: str) -> Counter[str]:
    """Names as they are spelt in every language: capitalised words that do not open a sentence; in scripts without
    capitals the Latin words, and katakana, which writes foreign names.
    """
    if language in _CASELESS:
        words = Counter(match.group() for pattern in (_LATIN, _KATAKANA) for match in pattern.finditer(text))
    else:
        words = Counter(_capitalised(text))
    stop = stopwords(language)
    found: Counter[str] = Counter()
    for word, count in words.items():
        for part in word.split("-"):
            folded = fold(part)
            if len(part) < 3 or folded in stop or is_place(folded, language=language):
                continue
            name = _spelt(part)
            if len(name) > 2:
                found[name] += count
    return found


_spelt = lru_cache(maxsize=NAMES_KEPT)(spelt)


def _capitalised(text: str) -> Iterator[str]:
    for match in _CAPITALISED.finditer(text):
        start = match.start()
        before = text[max(0, start - 2) : start].rstrip()
        if before and before[-1] not in _OPENING and "\n" not in text[max(0, start - 2) : start]:
            yield match.group()
