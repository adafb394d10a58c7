"""Finds the numbers of a sentence, with how sure each is of itself; ages, years, names and times are told from counts.

The sentence is cut into tokens that keep their places, so that whoever asks what stands around a number can look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from stayahead.analyze.counts import Part, composed
from stayahead.analyze.figures.words import Words, match, match_before

_TYPED = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "−": "-", "“": '"', "”": '"', "\u00a0": " "})
"""Typographic signs by plain ones, one by one, so that places stay."""
_TOKEN = re.compile(
    r"(?:[A-Z]\.){2,8}|[ap]\.m\.?"  # U.S., p.m.
    r"|[^\W_]++(?:[-'](?=[^\W\d_])[^\W_]++|[-.,](?=\d)(?<=\d.)[^\W_]++)*+|[^\w\s]"
)
_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})++|\d{1,15})(\.\d{1,6})?(?:-?([a-z]{1,10}))?")
_RANGE = re.compile(r"(\d{1,3}(?:,\d{3})++|\d{1,9})(\.\d{1,4})?-(\d{1,3}(?:,\d{3})++|\d{1,9})(\.\d{1,4})?([a-z]{1,2})?")
SIGNS = {"$": "$", "€": "EUR", "£": "GBP", "¥": "¥", "₹": "INR", "₽": "RUB", "₩": "KRW", "₪": "ILS", "₴": "UAH"}
"""Signs of currencies with their ISO codes; a sign that several share stands for itself."""
DOLLARS = {
    "us": "USD",
    "usd": "USD",
    "c": "CAD",
    "ca": "CAD",
    "cad": "CAD",
    "a": "AUD",
    "au": "AUD",
    "nz": "NZD",
    "hk": "HKD",
    "s": "SGD",
    "sg": "SGD",
    "r": "BRL",
    "nt": "TWD",
}
"""What stands right before a dollar sign and says whose dollar it is."""
_LONGEST = 24
_WHOLE = 1_000
"""Thousands and more are told whole: 33.2 billion times a float is not."""
_DIGITS_KEPT = 6
_WORDS_MOST = 9
"""Words of one number: "one hundred and twenty-three thousand four hundred"."""
_YEAR = re.compile(r"(?:19|20)\d\d(?:-(?:\d\d|(?:19|20)\d\d))?")
_AGE_REACH = 5
_HEDGES_MOST = 3
_THAN_AGE = frozenset({"under", "over", "below", "above"})
_AGE_DIGITS = 2


class Token(NamedTuple):
    """A word, a number or a sign."""

    text: str
    """In lower case."""
    start: int
    end: int
    is_capital: bool


class Number(NamedTuple):
    """A number that some tokens say."""

    first: int
    last: int
    """Its own tokens, the last included."""
    begin: int
    """The first token of what hedges it."""
    low: int | float
    high: int | float | None
    hedge: str
    is_increment: bool
    is_named: bool
    """It is a year, an age, a time, a part of a name: it counts nobody."""
    scale: str = ""
    """What stuck to it or stood behind it and multiplied it."""
    is_range: bool = False


class Line:
    """A sentence cut into tokens."""

    def __init__(self, text: str, words: Words) -> None:
        self.words = words
        self.source = text
        plain = text.translate(_TYPED)
        self.tokens = [
            Token(found[0].lower(), found.start(), found.end(), found[0][0].isupper())
            for found in _TOKEN.finditer(plain)
        ]
        self.texts = [token.text for token in self.tokens]

    @cached_property
    def is_titled(self) -> bool:
        """Whether most words have capitals, as in a headline, where they tell no names."""
        long = [token for token in self.tokens if len(token.text) >= 4 and token.text[0].isalpha()]
        return 2 * sum(token.is_capital for token in long) > len(long)

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        """Every number, in the order of the text."""
        found: list[Number] = []
        at = 0
        while at < len(self.tokens):
            number = self._number(at)
            if number is None:
                at += 1
                continue
            found.append(number)
            at = number.last + 1
        return tuple(found)

    @cached_property
    def number_at(self) -> dict[int, Number]:
        """The number that begins, with its hedge, at a token."""
        return {number.begin: number for number in self.numbers}

    @cached_property
    def number_ends(self) -> frozenset[int]:
        """Where the tokens behind numbers stand."""
        return frozenset(number.last + 1 for number in self.numbers)

    def text(self, at: int) -> str:
        """The token there, or nothing."""
        return self.texts[at] if 0 <= at < len(self.texts) else ""

    def touches(self, at: int) -> bool:
        """Whether nothing stands between a token and the next."""
        return 0 <= at < len(self.tokens) - 1 and self.tokens[at].end == self.tokens[at + 1].start

    def _number(self, at: int) -> Number | None:
        word = self.texts[at]
        if word[0].isdecimal():
            plain = self._digits(at)
        elif word in self.words.many:
            plain = self._many(at)
        elif word in self.words.number_parts or word == "a" or "-" in word:
            plain = self._spelled(at)
        else:
            return None
        if plain is None:
            return None
        begin, hedge, is_increment = self._hedged(plain.first)
        begin -= plain.is_range and self.text(begin - 1) == "between"
        is_more = self.text(plain.last + 1) == "more" and self.text(plain.last + 2) != "than"
        return Number(
            plain.first,
            plain.last,
            begin,
            plain.low,
            plain.high,
            plain.hedge or hedge,
            is_increment or is_more,
            self._is_named(plain.first, plain.last),
            plain.scale,
            plain.is_range,
        )

    def _many(self, at: int) -> _Plain | None:
        meaning, length = match(self.words.many, self.texts, at)
        if not length:
            return None
        hedge = " ".join(self.texts[at : at + length])
        return _Plain(at, at + length - 1, int(meaning), hedge=hedge, scale=hedge)

    def _digits(self, at: int) -> _Plain | None:
        text = self.texts[at]
        if len(text) > _LONGEST or not text.isascii():
            return None
        if found := _RANGE.fullmatch(text):
            scale = self.words.scales.get(found[5] or "", None if found[5] else 1)
            if scale is None:
                return None
            low, high = _value(found[1], found[2], 1), _value(found[3], found[4], 1)
            return self._scaled(_Plain(at, at, low, high, scale=found[5] or "", is_range=True), scale)
        found = _NUMBER.fullmatch(text)
        if found is None or (found[3] and found[3] not in self.words.scales and found[3] not in self.words.quakes):
            return None
        scale = self.words.scales.get(found[3] or "", 1)
        return self._scaled(_Plain(at, at, _value(found[1], found[2], 1), scale=found[3] or ""), scale)

    def _scaled(self, plain: _Plain, scale: int) -> _Plain:
        """The number times its scale, which stuck to it or is the next word: 1.4 million."""
        word = self.text(plain.last + 1)
        if scale == 1 and len(word) > 1 and word in self.words.scales:
            scale = self.words.scales[word]
            plain = plain._replace(last=plain.last + 1, scale=word)
        high = plain.high if plain.high is None else _times(plain.high, scale)
        return plain._replace(low=_times(plain.low, scale), high=high)

    def _spelled(self, at: int) -> _Plain | None:
        parts: list[Part] = []
        last, end = at - 1, at
        if self.texts[at] == "a" and (part := self.words.number_parts.get(self.text(at + 1))) and part.multiplies:
            end = at + 1
        while end < min(len(self.texts), at + _WORDS_MOST):
            own = self._parts(end)
            if own:
                parts += own
                last = end
            elif not parts or self.texts[end] not in self.words.and_within or not self._goes_on(parts, end + 1):
                break
            end += 1
        value = composed(parts) if parts else None
        if value is None and parts and parts[0].multiplies and self.texts[at] == "a":
            value = composed([Part(1), *parts])
        if value is None:
            return None
        return _Plain(at, last, value, scale="words")

    def _parts(self, at: int) -> list[Part]:
        """The numbers in words that a token is made of: twenty-one."""
        pieces = self.texts[at].split("-")
        parts = [self.words.number_parts[each] for each in pieces if each in self.words.number_parts and len(each) > 2]
        return parts if len(parts) == len(pieces) else []

    def _goes_on(self, parts: list[Part], at: int) -> bool:
        """Whether "and" stands within a number: two hundred and twelve, not two and three."""
        behind = self._parts(at) if at < len(self.texts) else []
        return bool(behind) and parts[-1].value >= 100 > behind[0].value and not behind[0].multiplies

    def _hedged(self, first: int) -> tuple[int, str, bool]:
        """Where the hedges of a number begin, the nearest of them, and whether it adds to another."""
        begin, hedge, is_increment = self._with_sign(first), "", False
        for _ in range(_HEDGES_MOST):
            word = self.text(begin - 1)
            meaning, length = match_before(self.words.hedges, self.texts, begin)
            if length:
                hedge = hedge or meaning
                begin -= length
            elif word in self.words.increments:
                is_increment = True
                begin -= 1
            else:
                break
        return begin, hedge, is_increment

    def _with_sign(self, first: int) -> int:
        """The token of the currency before a number, or the number's own: US$5."""
        if self.text(first - 1) not in SIGNS:
            return first
        return first - 1 - (self.touches(first - 2) and self.text(first - 2).replace(".", "") in DOLLARS)

    def _is_named(self, first: int, last: int) -> bool:
        before, behind = self.text(first - 1), self.text(last + 1)
        if before == ".":
            before = self.text(first - 2)
        if (
            before in {"#", "/", "no"}
            or before in self.words.not_after
            or behind in {"/", "a.m.", "p.m.", "a.m", "p.m"}
        ):
            return True
        if (before == ":" and self.touches(first - 1)) or (
            behind == ":" and self.touches(last) and self.touches(last + 1)
        ):
            return True
        if before == "-" and self.touches(first - 1) and self.touches(first - 2) and self._is_word(first - 2):
            return True  # covid-19
        text = self.texts[first]
        is_year = first == last and _YEAR.fullmatch(text) is not None
        return is_year or self._is_age(first, last, behind)

    def _is_word(self, at: int) -> bool:
        return self.text(at).isalpha() and self.text(at) not in self.words.quakes

    def _is_age(self, first: int, last: int, behind: str) -> bool:
        """A number in commas behind a name, or behind a word for age."""
        if not self.texts[first][0].isdecimal():
            return False
        if self.text(first - 1) in _THAN_AGE and self.text(first - 2) in self.words.people:
            return len(self.texts[first]) <= _AGE_DIGITS  # children under 5
        named = self.text(first - 1) == "," and first > 1 and self.tokens[first - 2].is_capital
        if named and (behind in {",", "and", ")", ".", ";", ""}):
            return True
        for back in range(first - 1, max(-1, first - 1 - _AGE_REACH), -1):
            word = self.texts[back]
            if word in {"age", "aged", "ages"}:
                return True
            if word not in {"to", "from", "between", "of", "the", "and", "at"} and not word[0].isdecimal():
                return False
        return False


class _Plain(NamedTuple):
    first: int
    last: int
    low: int | float
    high: int | float | None = None
    hedge: str = ""
    scale: str = ""
    is_range: bool = False


def _value(whole: str, part: str | None, scale: int) -> int | float:
    digits = whole.replace(",", "")
    return _times(float(digits + part) if part else int(digits), scale)


def _times(value: int | float, scale: int) -> int | float:
    return round(value * scale) if scale >= _WHOLE else round(value * scale, _DIGITS_KEPT)


def joined(line: Line, one: Number, other: Number) -> str:
    """What makes two numbers one range or change: `and`, `to`, `from` (a change from one to the other), or nothing."""
    if other.begin != one.last + 2:
        return ""
    before, between = line.text(one.begin - 1), line.text(one.last + 1)
    if between == "and":
        return "and" if before == "between" else ""
    if between not in {"to", "-"} or (between == "-" and one.low >= other.low):
        return ""
    if before == "from" and line.text(one.begin - 2) not in {"ranging", "ranges", "ranged", "range"}:
        return "from"
    return "to"


def spread(numbers: tuple[Number, ...], line: Line) -> Iterator[Number]:
    """The numbers, those of a range made one, and of a change from one to another the latter."""
    at = 0
    while at < len(numbers):
        one = numbers[at]
        other = numbers[at + 1] if at + 1 < len(numbers) else None
        joint = joined(line, one, other) if other is not None and not (one.is_range or other.is_range) else ""
        if other is None or not joint:
            yield one
            at += 1
            continue
        at += 2
        scale = line.words.scales.get(other.scale, 1) if one.scale in {"", "words"} and other.scale != "words" else 1
        low = _times(one.low, scale)
        if joint == "from":
            yield other._replace(begin=one.begin)
        elif low < other.low:
            begin = one.begin - (joint == "and")
            yield other._replace(first=one.first, begin=begin, low=low, high=other.low, hedge=one.hedge, is_range=True)
        else:
            yield other._replace(first=one.first, begin=one.begin, low=low, high=other.low, is_range=True)
