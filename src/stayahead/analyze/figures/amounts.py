"""Reads amounts of money, percentages, the strength of earthquakes, and the two sides of votes and matches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from stayahead.analyze.figures.numbers import DOLLARS, SIGNS, Line, Number, spread
from stayahead.analyze.figures.words import match
from stayahead.model import FigureSlot

_PERCENT = frozenset({"%", "percent", "pct", "percentage"})
_IDIOM = 100
_QUAKES = (1.0, 10.0)
_NEAR = 5
"""Words between two sides and what says that they are a vote's or a match's."""
_SIDES_MOST = 3_000
_HOMONYM_LEAST = 1_000
"""Money whose name is a common word comes in thousands: 5,000 won, and no team that with 11 won."""
_TIMES = frozenset(
    {"year", "years", "week", "weeks", "month", "months", "day", "days", "hour", "hours", "minutes", "mile"}
)


class Amount(NamedTuple):
    """A figure that counts no people."""

    slot: FigureSlot
    number: Number
    low: int | float
    high: int | float | None
    unit: str = ""


def find_amounts(line: Line) -> Iterator[Amount]:
    """Each amount, in the order of the text."""
    numbers = line.numbers
    money = list(_money(line, numbers))
    spent = {amount.number.first for amount in money}
    rest = tuple(number for number in numbers if number.first not in spent)
    others = (_percent(line, each) or _magnitude(line, each) or _sides(line, each) for each in spread(rest, line))
    amounts = [*money, *(each for each in others if each is not None)]
    amounts.sort(key=lambda amount: amount.number.first)
    yield from _merged(line, amounts)


def _money(line: Line, numbers: tuple[Number, ...]) -> Iterator[Amount]:
    shared = spread(numbers, line)
    for number in shared:
        if unit := _unit(line, number):
            yield Amount("money", number, number.low, number.high, unit)


def _unit(line: Line, number: Number) -> str:
    """The currency of a number; empty: it is no money."""
    before, behind = line.text(number.first - 1), line.text(number.last + 1)
    if sign := SIGNS.get(before):
        stuck = line.touches(number.first - 2) and sign == "$"
        country = line.text(number.first - 2).replace(".", "") if stuck else ""
        return DOLLARS.get(country, sign)
    at = number.last + 1
    if behind == "of" and number.hedge.split()[-1:] and number.hedge.split()[-1] in line.words.many:
        at += 1
    if behind == "-":
        at += 1
    unit = match(line.words.currencies, line.texts, at)[0]
    if line.text(at) in line.words.homonyms and (number.is_named or number.low < _HOMONYM_LEAST):
        return ""
    if unit or (len(before) != 3 and before != "rs") or before in line.words.homonyms:
        return unit
    return match(line.words.currencies, line.texts, number.first - 1)[0]


def _percent(line: Line, number: Number) -> Amount | None:
    behind = line.text(number.last + 1)
    is_percent = behind in _PERCENT or (behind == "per" and line.text(number.last + 2) == "cent")
    if not is_percent:
        return None
    is_quoted = line.text(number.first - 1) in {'"', "'"}
    if number.low == _IDIOM and (is_quoted or line.text(number.last + 2).isalpha() is False):
        return None
    if number.high is not None and number.high < number.low:
        return None
    unit = "points" if line.text(number.last + 2).startswith("point") else ""
    return Amount("percent", number, number.low, number.high, unit)


def _magnitude(line: Line, number: Number) -> Amount | None:
    quakes = line.words.quakes
    if number.is_range or not _QUAKES[0] <= number.low < _QUAKES[1] or number.scale not in {"", "words", *quakes}:
        return None
    before = [line.text(number.begin - back) for back in (1, 2)]
    behind = [line.text(number.last + step) for step in (1, 2)]
    is_named = "magnitude" in (before[0], behind[0]) or before in (["of", "magnitude"], ["-", "magnitude"])
    is_named = is_named or behind == ["-", "magnitude"] or number.scale in quakes
    is_small = isinstance(number.low, float)
    is_measured = is_small and (behind[0] in quakes or behind[1] in quakes or before[0] in {"measuring", "measured"})
    if not is_named and not (is_measured and not quakes.isdisjoint(line.texts)):
        return None
    return Amount("magnitude", number, number.low, None)


def _sides(line: Line, number: Number) -> Amount | None:
    """Two numbers with a dash, or with a "to" where a vote is told."""
    if number.high is None or not number.is_range or number.is_named or number.scale:
        return None
    sides = (number.low, number.high)
    if any(side != int(side) or side > _SIDES_MOST for side in sides) or line.text(number.last + 1) in {*_TIMES, "/"}:
        return None
    near = line.texts[max(0, number.first - _NEAR) : number.last + 1 + _NEAR]
    is_dashed = number.first == number.last
    if not line.words.ballots.isdisjoint(near) and line.text(number.begin - 1) not in {"between", "from"}:
        return Amount("votes", number, *sides)
    if is_dashed and not line.words.contests.isdisjoint(near) and line.text(number.first - 1) != "(":
        return Amount("score", number, *sides)
    return None


def _merged(line: Line, amounts: list[Amount]) -> Iterator[Amount]:
    """The amounts, "$200 to $250" made one."""
    at = 0
    while at < len(amounts):
        one = amounts[at]
        other = amounts[at + 1] if at + 1 < len(amounts) else None
        if other is not None and one.slot == other.slot == "money" and _is_range(line, one, other):
            yield one._replace(high=other.low)
            at += 2
            continue
        yield one
        at += 1


def _is_range(line: Line, one: Amount, other: Amount) -> bool:
    """Whether the two stand as "$50-$200", "C$18,000 to C$22,000" or "between $5 and $6"."""
    joint = line.text(one.number.last + 1)
    if other.number.begin != one.number.last + 2:
        return False
    if one.high is not None or other.high is not None or not one.low < other.low or one.unit != other.unit:
        return False
    start = line.texts[max(0, one.number.begin - 4) : one.number.first]
    return (joint in {"to", "-"} and "from" not in start) or (joint == "and" and "between" in start)
