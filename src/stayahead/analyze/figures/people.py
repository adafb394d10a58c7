"""Reads how many people a sentence says are dead, injured, missing, arrested, displaced or rescued.

A number counts them when it stands right behind what was done (killing at least 12), before what has become of them
(12 people were killed), before a noun that counts by itself (12 deaths), or behind a toll (the toll rose to 12). What
it counts must be people: words that no list and no ending says to be people are left out. When in doubt, nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias, cast

from stayahead.analyze.figures.numbers import Line, Number, spread
from stayahead.analyze.figures.words import match, match_before
from stayahead.analyze.places import is_place
from stayahead.model import FigureSlot

_Head: TypeAlias = Literal["people", "bare", "none"]
_PERSON = re.compile(r"[a-z-]{2,}(?:men|women|ers|ors|ists|ians)")
_SIGNS = frozenset("$€£¥₹%")
_MOST = 10_000_000_000
_MODIFIERS_MOST = 4
"""Words between a number and whom it counts: three suspected Taliban fighters."""
_HOPS = 10
_HOPS_BARE = 6
"""Words between people, or a number alone, and what has become of them."""
_TOLL_REACH = 16
_ARTICLES = frozenset({"a", "an", "the", "his", "her", "him", "himself", "them", "their"})
_OWN = frozenset({"the", "his", "her", "its", "their", "these", "those"})
_BEING = frozenset({"is", "was", "were", "are", "be", "been", "being", "get", "got", "gets"})
_WITH_BEING = frozenset({"have", "has", "had", "been", "still", "also", "others", "now", "more", "so", "far", "who"})
_TO_HOSPITAL = frozenset({"to", "a", "the", "local", "area", "in"})
_ASIDES = frozenset({"including", "among", "most", "mostly", "many", "some", "all", "both", "at"})
_FEARED = frozenset({"feared", "believed", "presumed", "confirmed", "reported"})
_OTHERS = frozenset({"more", "other"})
_CAN_BE_THINGS = frozenset({"missing", "dead"})


class Counted(NamedTuple):
    """So many people of whom a sentence says one thing."""

    slot: FigureSlot
    number: Number
    low: int
    high: int | None


class _Phrase(NamedTuple):
    """A number with what it counts."""

    number: Number
    end: int
    head: _Head
    noun: str = ""
    """The slot of the noun, where that counts by itself: deaths."""


def find_people(line: Line) -> Iterator[Counted]:
    """Each count of people, in the order of the text."""
    phrases = [_phrase(line, number) for number in spread(line.numbers, line) if _may_count(line, number)]
    slots = [_slot(line, phrase) for phrase in phrases]
    _add_tolls(line, phrases, slots)
    for own in _lists(line, phrases):
        told = [(phrase, slots[at]) for at, phrase in own if slots[at]]
        if len(told) == 1 < len(own):
            # Three women and two men dead.
            total = sum(int(phrase.number.low) for _, phrase in own)
            yield _counted(line, own[0][1]._replace(number=own[0][1].number._replace(low=total)), told[0][1])
            continue
        for phrase, slot in told:
            yield _counted(line, phrase, slot)


def _counted(line: Line, phrase: _Phrase, slot: str) -> Counted:
    number = phrase.number
    low, high = int(number.low), None if number.high is None else int(number.high)
    if _follows_one(line, number.begin) and not (number.hedge or number.is_range):
        low += 1
    is_new = "new" in line.texts[number.last + 1 : phrase.end]
    number = number._replace(is_increment=number.is_increment or is_new)
    return Counted(cast("FigureSlot", slot), number, low, high)


def _follows_one(line: Line, begin: int) -> bool:
    """A man and two children are dead: one more than the number says."""
    before = line.texts[max(0, begin - 3) : begin]
    is_one = len(before) == 3 and before[0] in {"a", "an"} and before[2] == "and"
    return is_one and _is_person(line, begin - 2) and (begin == 3 or not line.texts[begin - 4].isalpha())


def _lists(line: Line, phrases: list[_Phrase]) -> Iterator[list[tuple[int, _Phrase]]]:
    """The counts, those that stand in one list of people together: three men, one woman and two children."""
    own: list[tuple[int, _Phrase]] = []
    for at, phrase in enumerate(phrases):
        if own and not _are_one(line, own[-1][1], phrase):
            yield own
            own = []
        own.append((at, phrase))
    if own:
        yield own


def _may_count(line: Line, number: Number) -> bool:
    if number.is_named or number.low != int(number.low) or number.low >= _MOST:
        return False
    if number.high is not None and (number.high < number.low or number.high != int(number.high)):
        return False
    if (line.text(number.first - 1) == "in" and number.first - 1 in line.number_ends) or _is_whole(line, number.begin):
        return False  # one in 25, two of the 33
    around = {line.text(number.first - 1), line.text(number.last + 1)}
    return _SIGNS.isdisjoint(around) and not line.text(number.begin - 1).endswith("-")


def _is_whole(line: Line, begin: int) -> bool:
    """Two of the 33 miners, half of the 80: of the whole nothing is said."""
    of = begin - 1 - (line.text(begin - 1) in _OWN)
    part = of - (line.text(of - 1) == "out")
    return line.text(of) == "of" and (part in line.number_ends or line.text(part - 1) in line.words.parts)


def _phrase(line: Line, number: Number) -> _Phrase:
    at, words = number.last + 1, line.words
    if line.text(at) == "of":
        if not number.hedge or number.hedge.split()[-1] not in words.many:
            return _Phrase(number, at, "none")
        at += 1 + (line.text(at + 1) == "the")
    for place in range(at, at + _MODIFIERS_MOST + 2):
        word = line.text(place)
        if phrase := _headed(line, number, at, place):
            return phrase
        if not word or not word[0].isalpha() or (word in words.stops and word not in _OTHERS):
            return _Phrase(number, at, "bare" if _OTHERS.issuperset(line.texts[at:place]) else "none")
    return _Phrase(number, at, "none")


def _headed(line: Line, number: Number, at: int, place: int) -> _Phrase | None:
    """What the number counts, if the word at that place says it."""
    words = line.words
    if noun := match(words.nouns, line.texts, place)[0]:
        return _Phrase(number, place + 1, "people", noun)
    if line.text(place) in words.not_people:
        return _Phrase(number, place, "none")
    if _is_person(line, place):
        end = place + 1
        while _is_person(line, end):
            end += 1
        return _Phrase(number, end, "people")
    if place == at and (line.text(at) == "aboard" or line.texts[at : at + 2] == ["on", "board"]):
        return _Phrase(number, at + 1 + (line.text(at) == "on"), "people")
    between = line.texts[at:place]
    if match(words.states, line.texts, place)[1] and (_OTHERS.issuperset(between) or _FEARED.issuperset(between)):
        return _Phrase(number, place, "none" if _counts_things(line, place) else "bare")
    return None


def _is_person(line: Line, at: int) -> bool:
    word = line.text(at)
    if word in line.words.people or f"{word}s" in line.words.people:
        return True
    if not word or word in line.words.not_people or word in line.words.stops:
        return False
    if _PERSON.fullmatch(word):
        return True
    return line.tokens[at].is_capital and word.endswith(("s", "ese")) and is_place(word, language="en")


def _counts_things(line: Line, at: int) -> bool:
    """Ten missing bitcoins, two dead cows: a noun behind the state says what is counted."""
    behind = line.text(at + 1)
    is_noun = behind.endswith("s") and behind not in line.words.stops and not _is_person(line, at + 1)
    return line.text(at) in _CAN_BE_THINGS and (is_noun or behind in line.words.not_people)


def _is_of_things(line: Line, at: int) -> bool:
    """The crew of the missing jet: what is missing stands behind."""
    before = line.text(at - 1)
    is_linked = before in line.words.stops and before not in _BEING and before not in {"been", "still", "and", "or"}
    return line.text(at) in _CAN_BE_THINGS and is_linked and not before.endswith("ly")


def _slot(line: Line, phrase: _Phrase) -> str:
    begin = phrase.number.begin
    if phrase.head == "none" or (line.text(begin - 1) == "of" and line.text(begin - 2) in line.words.negations):
        return ""
    if act := _act(line, begin, phrase.number.last):
        return act
    if phrase.noun and phrase.noun != "displaced":
        return "" if line.text(phrase.number.begin - 1) in line.words.supposed else phrase.noun
    return _state(line, phrase) or phrase.noun


def _act(line: Line, begin: int, last: int) -> str:
    """What was done to those whom the number counts, right before it: killing, arrests."""
    slot, length = match_before(line.words.acts, line.texts, begin)
    if not length:
        return ""
    before = [line.text(begin - length - back) for back in (1, 2, 3)]
    if not line.words.supposed.isdisjoint(before[:2]) or before[0] in line.words.negations:
        return ""
    if line.text(begin - 1) != "of" and (before[0] in _BEING or (before[1] in _BEING and before[0].endswith("ly"))):
        return ""
    if begin - length in line.number_ends:
        # "3 killed 12 injured": the word belongs to the number before it.
        return "" if match(line.words.states, line.texts, last + 1)[1] else slot
    return slot


def _state(line: Line, phrase: _Phrase) -> str:
    """What has become of those whom the number counts, some words behind it."""
    words, is_bare = line.words, phrase.head == "bare"
    at, hops = phrase.end, 0
    while hops < (_HOPS_BARE if is_bare else _HOPS):
        slot, length = match(words.states, line.texts, at)
        if length and not (hops and _is_of_things(line, at)):
            is_other = _is_agent(line, at, at + length) or line.texts[at - 2 : at] == ["to", "be"]
            return "" if is_other else _outcome(line, slot, at + length)
        if harm := _harm(line, at):
            return harm
        word = line.text(at)
        if word == "," and not is_bare and (end := _aside_end(line, at)):
            at = end
            continue
        if _ends_clause(line, at) or (is_bare and not _links(line, at, is_first=not hops)):
            return ""
        at, hops = at + 1, hops + 1
    return ""


def _outcome(line: Line, slot: str, at: int) -> str:
    """The slot of those who are in that state, at the end of the clause: missing hikers who were found are not."""
    if not any(meaning == slot for own in line.words.ended.values() for _, meaning in own):
        return slot
    for place in range(at, at + _HOPS):
        if _ends_clause(line, place) or line.texts[place - 2 : place] == ["to", "be"]:
            return slot
        state = match(line.words.states, line.texts, place)[0]
        if state == "rescued":
            return state
        meaning, length = match(line.words.ended, line.texts, place)
        if meaning == slot:
            return match(line.words.states, line.texts, place + length)[0]
    return slot


def _links(line: Line, at: int, *, is_first: bool) -> bool:
    """Whether a word stands between a bare number and what has become of those: 3 were taken to a hospital."""
    word = line.text(at)
    if word in _BEING or word in _WITH_BEING or word in line.words.links or word.endswith("ly"):
        return True
    return word in _TO_HOSPITAL and not is_first


def _ends_clause(line: Line, at: int) -> bool:
    word, words = line.text(at), line.words
    if not word or word in words.negations or word in words.supposed or word in words.breaks:
        return True
    number = line.number_at.get(at)
    return not (word[0].isalnum() or word in {"(", ")", "'", '"'}) or (number is not None and not number.is_named)


def _aside_end(line: Line, at: int) -> int:
    """Where the clause goes on behind ", including two children,"; 0: it does not."""
    if line.text(at + 1) not in _ASIDES:
        return 0
    end = next((place for place in range(at + 1, at + 12) if line.text(place) == ","), 0)
    return end + 1 if end else 0


def _is_agent(line: Line, at: int, end: int) -> bool:
    """Two gunmen killed 12: those whom the first number counts did it."""
    if line.text(at - 1) in _BEING or line.text(at - 2) in _BEING or line.text(end) in line.words.breaks:
        return False
    if line.text(end) in _ARTICLES and match_before(line.words.acts, line.texts, end)[1]:
        return True
    number = line.number_at.get(end)
    if number is None or number.is_named or not match_before(line.words.acts, line.texts, end)[1]:
        return False
    return not match(line.words.states, line.texts, number.last + 1)[1]


def _harm(line: Line, at: int) -> str:
    """Whether they are hurt by what they suffer, or where they were brought to."""
    word, words = line.text(at), line.words
    before = [line.text(at - back) for back in range(1, 5)]
    if word in words.refuges and "to" in before[:3]:
        return "injured"
    return "injured" if word in words.harms and not words.sufferings.isdisjoint(before) else ""


def _are_one(line: Line, phrase: _Phrase, other: _Phrase) -> bool:
    """Two kinds of people of whom one thing is said: three women and two men."""
    exact = not (phrase.number.hedge or other.number.hedge or phrase.number.is_range or other.number.is_range)
    is_next = other.number.begin == phrase.end + 1 and line.text(phrase.end) in {"and", ","}
    return exact and is_next and phrase.head == other.head == "people" and not (phrase.noun or other.noun)


def _add_tolls(line: Line, phrases: list[_Phrase], slots: list[str]) -> None:
    """Give the number that a toll reaches its slot."""
    for at, word in enumerate(line.texts):
        slot, length = match(line.words.tolls, line.texts, at) if word in line.words.tolls else ("", 0)
        if not length:
            continue
        reached = next((place for place, each in enumerate(phrases) if _is_reached(line, at + length, each)), None)
        if reached is not None:
            slots[reached] = slot


def _is_reached(line: Line, at: int, phrase: _Phrase) -> bool:
    begin = phrase.number.begin
    if not at <= begin <= at + _TOLL_REACH or line.text(phrase.number.last + 1) in line.words.not_people:
        return False
    if {";", "."} & set(line.texts[at:begin]):
        return False
    is_hedge_a_verb = begin < phrase.number.first and line.text(begin) not in {"more", "at", "about"}
    return line.text(begin - 1) in line.words.reaching or is_hedge_a_verb
