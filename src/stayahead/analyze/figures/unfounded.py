"""Finds the clauses of a sentence that are no facts of now: denied, found false, only planned, or told before.

A denial holds what it governs, to the end of its clause: "police denied that 14 had died, saying that three were hurt"
tells three. A plan holds people alone: what is going to be spent is told in money every day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from stayahead.analyze.figures.numbers import Line
from stayahead.analyze.figures.words import match
from stayahead.model import FigureSlot

_NEAR = 4
"""Words between a denial and what it denies: "rejected the police chief's claims that"."""
_CLAUSE_MOST = 60
_BACK = 3
_PRONOUNS = frozenset({"he", "she", "they", "it", "we", "i"})
_BEING = frozenset({"is", "was", "were", "are", "be", "been", "being", "proved", "out", "as", "a"})
_ENDS = frozenset({";", ".", "but"})
_OF = frozenset({"of", "for"})
_OF_AMOUNTS = frozenset({"money", "percent", "magnitude", "votes", "score"})
_DONE = frozenset({"left", "was", "were"})


class Unfounded(NamedTuple):
    """A stretch of a sentence in which no figure is a fact."""

    first: int
    end: int
    is_plan: bool = False

    def holds(self, at: int, slot: FigureSlot) -> bool:
        """Whether a figure of that slot, whose number begins at that token, stands in it."""
        return self.first <= at < self.end and not (self.is_plan and slot in _OF_AMOUNTS)


def unfounded(line: Line) -> Iterator[Unfounded]:
    """Each such stretch, in the order of the words that make it one."""
    for at, word in enumerate(line.texts):
        meaning, length = match(line.words.unfounded, line.texts, at)
        if meaning == "plan":
            yield Unfounded(at + length, _plan_end(line, at + length), is_plan=True)
        elif meaning and _governs(line, meaning, at, at + length):
            yield Unfounded(at + length, _clause_end(line, at + length))
        if word in line.words.hearsay:
            yield from _found_false(line, at)
        if word in line.words.earlier:
            yield from _earlier_count(line, at)
        if word in line.words.formerly:
            yield from _formerly_told(line, at)


def _governs(line: Line, meaning: str, at: int, behind: int) -> bool:
    """Whether what a word of denial denies is the clause behind it, and not a bail, a bill or a name."""
    if meaning == "deny":
        if line.text(at - 1) in _BEING:
            return False
        if _opens(line, behind) or line.text(behind).endswith("ing"):
            return True
    if meaning == "lack" and line.text(behind) in _OF and behind + 1 in line.number_at:
        return True
    return _claim_opens(line, behind)


def _claim_opens(line: Line, at: int) -> bool:
    """Whether a "that" stands near, or a claim of which it is told what it claims."""
    for place in range(at, at + _NEAR + 1):
        word = line.text(place)
        if word == "that":
            return True
        if word in line.words.hearsay:
            own = range(place + 1, place + 2 + _NEAR)
            return any(line.text(each) in {"that", *_OF} for each in own) or _opens(line, place + 1)
        if not word or word in _ENDS or word == ",":
            return False
    return False


def _opens(line: Line, at: int) -> bool:
    """Whether a clause begins there: with its number, or with who did it."""
    return at in line.number_at or line.text(at) in _PRONOUNS or line.text(at) == "that"


def _clause_end(line: Line, at: int) -> int:
    """Where the clause ends: with the next one, and behind "that" not before a comma."""
    words = line.words
    is_open = "that" not in line.texts[at : at + 2 * _NEAR]
    for place in range(at, min(len(line.texts), at + _CLAUSE_MOST)):
        word, behind = line.text(place), line.text(place + 1)
        if word in _ENDS or (is_open and word in words.breaks):
            return place
        if word == "," and (behind in words.breaks or behind in words.speaking):
            return place
        if word == "," and behind == "and" and line.text(place + 2) != "that":
            return place
    return min(len(line.texts), at + _CLAUSE_MOST)


def _plan_end(line: Line, at: int) -> int:
    """Where a plan ends: with what was done."""
    end = _clause_end(line, at)
    done = (place for place in range(at, end) if line.text(place) in _DONE or line.text(place).endswith("ed"))
    return next(done, end)


def _found_false(line: Line, at: int) -> Iterator[Unfounded]:
    """Reports of 12 dead were wrong; not the report that said so, in which somebody was dismissed."""
    if line.text(at + 1) not in {"that", *_OF}:
        return
    for place in range(at + 1, min(len(line.texts), at + _CLAUSE_MOST)):
        word = line.text(place)
        if word in _ENDS:
            return
        if word in line.words.falsities and not _BEING.isdisjoint(line.texts[place - 2 : place]):
            yield Unfounded(at, place)
            return


def _earlier_count(line: Line, at: int) -> Iterator[Unfounded]:
    """An earlier count of 12; an earlier version said that 12 had died."""
    behind = next((each + 1 for each in (at + 1, at + 2) if line.text(each) in line.words.hearsay), 0)
    if not behind:
        return
    if line.text(behind) in _OF and (number := line.number_at.get(behind + 1)):
        yield Unfounded(behind, number.last + 1)
    elif "," not in line.texts[behind : behind + _NEAR] and any(
        map(line.words.speaking.__contains__, line.texts[behind : behind + 2 * _NEAR])
    ):
        yield Unfounded(behind, _clause_end(line, behind))


def _formerly_told(line: Line, at: int) -> Iterator[Unfounded]:
    """Police initially said that 12 had died; 12 people previously reported missing."""
    if line.text(at + 1) not in line.words.speaking:
        return
    counted = [number.first for number in line.numbers if at - _BACK < number.last + 1 <= at]
    yield Unfounded(min(counted, default=at), _clause_end(line, at))
