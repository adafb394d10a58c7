"""Reads of a sentence where a figure holds, as of when, and who is cited for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from stayahead.analyze.figures.numbers import Line
from stayahead.analyze.places import name_length

_BEFORE_PLACE = frozenset(
    {
        "in",
        "at",
        "near",
        "across",
        "outside",
        "inside",
        "off",
        "throughout",
        "around",
        "on",
        "of",
        "from",
        "hits",
        "hit",
        "struck",
        "strikes",
        "shakes",
        "rocks",
        "jolts",
    }
)
_COMPASS = re.compile(r"(?:north|south|east|west|central)(?:ern|east|west|eastern|western)?|upper|lower|greater")
_SHORT = frozenset({"us", "u.s.", "uk", "u.k.", "eu"})
_LEANING = frozenset({"of", "the", "and", "'", "s"})
_NOT_PLACES = """
january february march april may june july august september october november december monday tuesday wednesday thursday
friday saturday sunday jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur fri sat sun facebook
twitter youtube kickstarter amazon google christmas easter congress parliament english
celsius fahrenheit
"""
_NO_PLACE = frozenset(_NOT_PLACES.split())
_SENTENCE_MOST = 60
"""Tokens at either side of a figure in which a place may stand."""
_NAME_WORDS = 6
_NEAR = 8
_PEOPLE_OF = re.compile(r"[a-z]{2,}(?:ans?|ese|ish|ic|eks?|ois)")
"""How words for a place's people end: Syrian refugees are anywhere."""
_AS_OF = re.compile(
    r"\bas of (?:(?:late|early|mid|last|this)[ -])?[^\W_]{1,20}"
    r"(?: \d{1,2}(?:, \d{4})?| (?:morning|afternoon|evening|night))?"
    r"|\bby (?:(?:late|early|mid)[ -])?(?:noon|midnight|midday|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    r"(?: (?:morning|afternoon|evening|night))?"
    r"|\b(?:in|since) (?:19|20)\d\d\b"
    r"|\b(?:a|per|each|every) (?:hour|day|week|month|year)\b|\b(?:daily|annually|yearly)\b",
    re.IGNORECASE,
)
_PRONOUNS = frozenset({"he", "she", "they", "it", "we", "i"})
_DETERMINERS = frozenset({"the", "a", "an"})
_OPENERS = frozenset(
    {"that", "which", "where", "when", "while", "but", "and", "as", "because", "who", "has", "have", "if"}
)


class Told(NamedTuple):
    """What a sentence says of all its figures."""

    places: tuple[tuple[int, int, str], ...]
    """First and last token of each place, and its words."""
    as_of: str
    cited: str


def told(line: Line, text: str) -> Told:
    """All that surrounds the figures of a sentence."""
    as_of = _AS_OF.search(text)
    return Told(tuple(_places(line, text)), as_of[0] if as_of else "", _cited(line, text))


def place_of(of: Told, line: Line, first: int, last: int, *, is_amount: bool) -> str:
    """The nearest place to the tokens of a number, the one behind it where two are as near; within its clause first.

    Money and shares are of firms and goods as often as of places: theirs must be near and known.
    """
    best, near = "", (is_amount is False, _NEAR if is_amount else _SENTENCE_MOST)
    for begin, end, words in of.places:
        if of.cited.startswith(words) and of.cited != words:
            continue  # the US military is not in the US
        if is_amount and not _known_length(line, begin):
            continue
        between = line.texts[last + 1 : begin] if begin > last else line.texts[end + 1 : first]
        is_apart = ";" in between or _has_own_number(line, last, begin) or (is_amount and "," in between)
        apart = (is_apart, len(between))
        if apart < near:
            best, near = words, apart
    return best


def _has_own_number(line: Line, last: int, begin: int) -> bool:
    return any(last < number.first < begin and not number.is_named for number in line.numbers)


def _places(line: Line, text: str) -> Iterator[tuple[int, int, str]]:
    at, tokens = 0, line.tokens
    while at < len(tokens):
        end = _place_end(line, at)
        if end is None:
            at += 1
            continue
        yield at, end, text[tokens[at].start : tokens[end].end].removesuffix("'s").removesuffix("’s")
        at = end + 1


def _place_end(line: Line, at: int) -> int | None:
    """The last token of the place that begins there."""
    length = _known_length(line, at)
    if length:
        end = at + length - 1
        if line.is_titled or not _is_name(line, end + 1):
            return end
        # Tokyo Electric is no place, Paris Stadium one may be in.
        return _run_end(line, at) if line.text(at - 1) in _BEFORE_PLACE else None
    if line.is_titled:
        is_region = _COMPASS.fullmatch(line.text(at)) and line.text(at - 1) == "in" and _is_name(line, at + 1)
        return at + 1 if is_region else None
    if line.text(at - 1) not in _BEFORE_PLACE | {"the"}:
        return None
    opener = line.text(at - 2) if line.text(at - 1) == "the" else line.text(at - 1)
    if opener not in _BEFORE_PLACE or opener in {"of", "from"}:
        return None
    start = at
    while _COMPASS.fullmatch(line.text(start)):
        start += 1
    is_unit = line.text(start) in line.words.quakes
    if is_unit or not _is_name(line, start) or _PEOPLE_OF.fullmatch(line.text(start)) or _is_short_name(line, start):
        return None
    return _run_end(line, start)


def _is_name(line: Line, at: int) -> bool:
    """Whether a capitalised word stands there that is no day, month or firm."""
    return at < len(line.tokens) and line.tokens[at].is_capital and line.text(at) not in _NO_PLACE


def _is_short_name(line: Line, at: int) -> bool:
    """CBP, MH370: letters that stand for a body or a thing."""
    token = line.tokens[at]
    word = line.source[token.start : token.end].removesuffix("'s").removesuffix("’s")
    return not word.isalpha() or word.isupper()


def _known_length(line: Line, at: int) -> int:
    """How many tokens from there on are the name of a place that the table has; people of a place are none."""
    token = line.tokens[at]
    if not token.is_capital or _PEOPLE_OF.fullmatch(token.text):
        return 0
    if token.text in _SHORT:
        return 1
    return name_length([line.text(at + step).removesuffix("'s") for step in range(4)], language="en")


def _run_end(line: Line, at: int) -> int:
    """The last of the capitalised words that go on from there: Sandy Hook Elementary School in Newtown."""
    end = at
    for place in range(at + 1, min(len(line.tokens), at + _NAME_WORDS)):
        gap = line.source[line.tokens[place - 1].end : line.tokens[place].start]
        if "\n" in gap or line.text(place - 1).endswith("'s"):
            break
        if _is_name(line, place):
            end = place
        elif line.text(place) not in _LEANING:
            break
    return end


def _cited(line: Line, text: str) -> str:
    """Who is named as the source; empty: nobody."""
    for at, word in enumerate(line.texts):
        if not _speaks(line, at):
            continue
        if word == "according":
            if line.text(at + 1) == "to":
                return _name(line, text, at + 2, _forward(line, at + 2))
            continue
        end = _subject_end(line, at)
        start = _backward(line, end)
        if start < end and _may_speak(line, start, end, verb=word):
            return _name(line, text, start, end)
        if line.text(at - 1) in {",", '"'} and word in {"said", "says", "reports", "reported"}:
            end = _forward(line, at + 1)
            if not any(at < number.first < end for number in line.numbers):
                return _name(line, text, at + 1, end)
    return _in_headline(line, text)


def _speaks(line: Line, at: int) -> bool:
    word = line.text(at)
    is_verb = word in line.words.speaking or word in line.words.finding
    return is_verb and line.text(at + 1) != "of"


def _subject_end(line: Line, verb: int) -> int:
    """Where the subject of a verb ends: without "initially", "on Friday"."""
    end = verb
    while end > 0 and (
        line.text(end - 1).endswith("ly") or line.text(end - 1) in _NO_PLACE | {"on", "also", "have", "has"}
    ):
        end -= 1
    return end


def _may_speak(line: Line, start: int, end: int, *, verb: str) -> bool:
    """A pronoun, a name, or a plain noun; not what a number or a preposition begins."""
    first = line.text(start)
    if first in _PRONOUNS:
        return end - start == 1
    if any(start <= number.first < end for number in line.numbers):
        return False
    if verb not in line.words.speaking and line.words.studies.isdisjoint(line.texts[start:end]):
        return False
    own = line.tokens[start:end]
    if any(token.text.endswith("ed") and not token.is_capital for token in own[1:]):
        return False
    if first in _DETERMINERS:
        return end - start > 1
    if start in line.number_ends and line.words.sources.isdisjoint(line.texts[start:end]):
        return False  # 12 people reported missing
    is_known = not line.words.sources.isdisjoint(line.texts[start:end]) or first in line.words.people
    return first not in line.words.stops and (is_known or any(token.is_capital for token in own))


def _backward(line: Line, at: int) -> int:
    """Where the subject of a verb of speaking begins: behind the last sign or opener."""
    start = at
    while start > 0 and at - start < _NAME_WORDS + 2:
        word = line.text(start - 1)
        if not (word[0].isalpha() or word == "'") or word in _OPENERS or word in line.words.speaking or "." in word:
            break
        start -= 1
    return start


def _forward(line: Line, at: int) -> int:
    end = at
    while end < len(line.tokens) and end - at < _NAME_WORDS + 2:
        word = line.text(end)
        is_joint = word == "and" and end + 1 < len(line.tokens) and line.tokens[end + 1].is_capital
        if not (word[0].isalnum() or word in {"'", "."}) or word in line.words.speaking:
            break
        if word in _OPENERS and not is_joint:
            break
        end += 1
    return end


def _in_headline(line: Line, text: str) -> str:
    """`Prosecutor: 10 missing`, or `10 missing: WHO`."""
    colons = [at for at, word in enumerate(line.texts) if word == ":" and not line.texts[at - 1].isdecimal()]
    if len(colons) != 1 or not line.numbers:
        return ""
    (at,) = colons
    if 0 < len(line.texts) - at - 1 <= 3 and line.numbers[-1].last < at:
        return _name(line, text, at + 1, len(line.texts))
    if 0 < at <= 2 and line.numbers[0].first > at and not line.words.sources.isdisjoint(line.texts[:at]):
        return _name(line, text, 0, at)
    return ""


def _name(line: Line, text: str, start: int, end: int) -> str:
    return text[line.tokens[start].start : line.tokens[end - 1].end].strip(" .'") if start < end else ""
