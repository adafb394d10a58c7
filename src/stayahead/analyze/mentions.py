"""Reads a noun phrase that names a speaker: its name, the role beside it, or that it is a pronoun or description."""

from __future__ import annotations

from typing import NamedTuple

from stayahead.analyze.passages import QUOTED, Passage
from stayahead.analyze.speech_words import SUFFIXES, SpeechWords

ROLE_WORDS = 10
"""Words of a role that are kept, beside a name or behind its comma."""
PHRASE_WORDS = 12
"""Words of a phrase between a verb and its end."""
APPOSITIONS = 4
"""Insertions in commas that may stand between a subject and its verb."""


class Mention(NamedTuple):
    """Whom a clause names, by words of its passage: [first, last], both included."""

    first: int
    last: int
    kind: str
    """`name`, `description`, or whom a pronoun stands for."""
    role: tuple[int, int] | None = None


def before(passage: Passage, at: int, start: int, words: SpeechWords) -> Mention | None:
    """Who is the subject of a verb that stands behind the phrase, at `at`; it begins at `start` or later."""
    low = passage.low
    place = at - 1
    while place >= start and (words.is_between(low[place]) or low[place] == ")"):
        place = _opening(passage, place, start) - 1 if low[place] == ")" else place - 1
    for _ in range(APPOSITIONS):
        if place < start or low[place] != ",":
            break
        found = _before_comma(passage, place, start, words)
        if found is not None:
            return found
        place = _comma(passage, place - 1, start)
    return ending(passage, place, start, words) if place >= start else None


def _opening(passage: Passage, at: int, start: int) -> int:
    place = at
    while place > start and passage.low[place] != "(":
        place -= 1
    return place


def _comma(passage: Passage, at: int, start: int) -> int:
    """The nearest comma before; before the start where there is none."""
    while at >= start and passage.low[at] != ",":
        if passage.low[at] in (QUOTED, ";", ":"):
            return start - 1
        at -= 1
    return at


def _before_comma(passage: Passage, at: int, start: int, words: SpeechWords) -> Mention | None:
    """The subject before an insertion that ends with the comma at `at`: `Ann Lee, the mayor, said`."""
    opening = _comma(passage, at - 1, start)
    if opening < start:
        return None
    subject = ending(passage, _closed(passage, opening - 1, start), start, words)
    inserted = ending(passage, _closed(passage, at - 1, start), opening + 1, words)
    is_named = inserted is not None and inserted.kind == "name" and inserted.first == opening + 1
    if inserted is not None and is_named and (subject is None or subject.kind == "description"):
        # `The head of the agency, Ann Lee, said`
        role = None if subject is None else (subject.first, min(subject.last, subject.first + ROLE_WORDS))
        return inserted._replace(role=role)
    if subject is None or subject.kind not in ("name", "description"):
        return None
    last = min(at - 1, opening + ROLE_WORDS)
    return subject._replace(role=subject.role or (opening + 1, last)) if opening + 1 <= last else subject


def _closed(passage: Passage, at: int, start: int) -> int:
    """The word before a parenthesis that ends there."""
    return _opening(passage, at, start) - 1 if at > start and passage.low[at] == ")" else at


def ending(passage: Passage, at: int, start: int, words: SpeechWords) -> Mention | None:
    """The phrase that ends with the word at `at`."""
    if at < start:
        return None
    low = passage.low
    if low[at] in words.prepositions or low[at] in words.conjunctions:
        return None
    kind = words.pronouns.get(low[at]) or words.pronouns.get(low[at].partition("’")[0].partition("'")[0])
    if kind == "who":
        return ending(passage, at - 1 - (low[at - 1 : at] == [","]), start, words) if at > start else None
    if kind is not None:
        return Mention(at, at, kind)
    if passage.is_name(at):
        return _name_ending(passage, at, start, words)
    if low[at][0].isalpha() or (low[at][0].isdecimal() and low[at][-1].isalpha()):  # `the 45-year-old`
        return _description_ending(passage, at, start, words)
    return None


def _name_ending(passage: Passage, at: int, start: int, words: SpeechWords) -> Mention | None:
    first = at
    while first - 1 >= start and _joins(passage, first - 1, words):
        first -= 1
    first = _stripped(passage, first, at, words)
    if first > at:
        return None
    if first - 1 >= start and passage.low[first - 1] in words.prepositions:
        # `a spokesman for Clinton`, `Mitch McConnell of Kentucky`: the phrase goes on before.
        outer = ending(passage, first - 2, start, words) if first - 2 >= start else None
        if outer is not None and _is_body(passage, outer, words):
            return outer._replace(last=at, kind="name")
        if outer is not None and outer.kind in ("name", "description"):
            return outer if outer.kind == "name" else outer._replace(last=at)
        if first - 2 < start or passage.low[first - 2] == ",":
            return None
    return named(passage, first, at, start, words)


def _is_body(passage: Passage, outer: Mention, words: SpeechWords) -> bool:
    """Whether a phrase is a body's, whose name goes on behind a preposition: `the Ministry` `of Health`."""
    return passage.is_name(outer.last) and passage.low[outer.last] in words.not_persons


def _joins(passage: Passage, at: int, words: SpeechWords) -> bool:
    """Whether a word may be part of a name that goes on behind it."""
    low = passage.low[at]
    return passage.is_name(at) or (low in words.particles and at > 0 and passage.is_name(at - 1))


def _stripped(passage: Passage, first: int, last: int, words: SpeechWords) -> int:
    """Where a run of capitals begins once words that only begin a sentence are taken off."""
    low = passage.low
    while first <= last and (
        low[first] in words.openings
        or low[first] in words.determiners
        or low[first] in words.prepositions
        or (low[first] in words.stop and not words.is_of_name(low[first]))
    ):
        first += 1
    return first


def named(passage: Passage, first: int, last: int, start: int, words: SpeechWords) -> Mention:
    """A run of capitals as a name, with the titles in it and the words before it as its role."""
    low = passage.low
    places = range(last, first - 1, -1)
    title = next(
        (
            at
            for at in places
            if low[at].rstrip(".") in words.titles and not _is_surname(passage, first, at, last, words)
        ),
        None,
    )
    if title == last or all(word in words.people for word in low[first : last + 1]):
        return Mention(first, last, "description")
    begin = first if title is None else title + 1
    role_first = first
    while role_first - 1 >= start and begin - role_first < ROLE_WORDS and _is_role(passage, role_first - 1, words):
        role_first -= 1
    if role_first < first and not _begins_role(passage, role_first, first, words):
        role_first = first
    return Mention(begin, last, "name", (role_first, begin - 1) if role_first < begin else None)


def _is_surname(passage: Passage, first: int, at: int, last: int, words: SpeechWords) -> bool:
    """Whether a word that may be a title ends a name behind a first name: `Martin Luther King Jr.`"""
    given = (word for word in passage.low[first:at] if word.rstrip(".") not in words.titles)
    return all(word.rstrip(".") in SUFFIXES for word in passage.low[at + 1 : last + 1]) and any(
        word in words.men or word in words.women for word in given
    )


def _is_role(passage: Passage, at: int, words: SpeechWords) -> bool:
    low = passage.low[at]
    return low[0].isalnum() and not (
        low in words.determiners or low in words.prepositions or low in words.stop or low in words.verbs
    )


def _begins_role(passage: Passage, role: int, name: int, words: SpeechWords) -> bool:
    """Whether the words before a name are a role: its last word is somebody's."""
    last = passage.low[name - 1]
    return last in words.people or last.rstrip(".") in words.titles


def _description_ending(passage: Passage, at: int, start: int, words: SpeechWords) -> Mention | None:
    """`the ruling`, `a source`, `police`: back to what begins it."""
    low = passage.low
    first = at
    while first > start and at - first < PHRASE_WORDS and low[first] not in words.determiners:
        if not (low[first - 1][0].isalnum() or low[first - 1] == "-") or _is_verbal(low[first - 1], words):
            break
        first -= 1
    if low[first] in words.determiners and first < at:
        if first - 2 >= start and low[first - 1] in words.prepositions:
            outer = ending(passage, first - 2, start, words)
            if outer is not None and outer.kind in ("name", "description"):
                return outer if outer.kind == "name" else outer._replace(last=at)
        return Mention(first, at, "description")
    if low[at] in words.people:
        return Mention(max(first, at - 2) if _is_role(passage, max(first, at - 2), words) else at, at, "description")
    return None


def _is_verbal(word: str, words: SpeechWords) -> bool:
    """Whether it is a verb of the clause, so that no phrase goes on before it."""
    return word in words.verbs or word in words.between


def after(passage: Passage, at: int, end: int, words: SpeechWords) -> Mention | None:
    """Who is named right behind a verb, from `at` on: `said Ann Lee, the mayor`."""
    low = passage.low
    while at < end and words.is_between(low[at]):
        at += 1
    if at >= end:
        return None
    kind = words.pronouns.get(low[at])
    if kind is not None:
        return None if kind == "who" else Mention(at, at, kind)
    last = at
    while last < end and last - at < PHRASE_WORDS and _goes_on(passage, last, at, words):
        last += 1
    last -= 1
    if last < at:
        return None
    names = [place for place in range(at, last + 1) if passage.is_name(place)]
    if names and (names[-1] == last or low[at] not in words.determiners):
        return _name_after(passage, at, names[-1], end, words)
    if (low[at] in words.determiners and last > at) or low[last] in words.people:
        found = Mention(at, last, "description")
        return _apposed(passage, found, end, words) if low[at] in words.determiners else found
    return None


def _goes_on(passage: Passage, at: int, start: int, words: SpeechWords) -> bool:
    low = passage.low[at]
    if low == QUOTED or not low[0].isalnum():
        return False
    if at > start and (low in words.prepositions or (low in words.stop and low not in words.titles)):
        return low in words.particles and passage.is_name(at - 1)
    return low not in words.prepositions and low not in words.verbs


def _name_after(passage: Passage, at: int, last: int, end: int, words: SpeechWords) -> Mention:
    first = last
    while first - 1 >= at and _joins(passage, first - 1, words):
        first -= 1
    first = min(_stripped(passage, first, last, words), last)
    found = named(passage, first, last, at, words)
    if _is_body(passage, found, words) and last + 2 < end and passage.low[last + 1] in words.prepositions:
        behind = last + 2
        while behind < end and passage.is_name(behind):
            behind += 1
        if behind > last + 2:
            return found._replace(last=behind - 1, kind="name")
    if found.role is None and first > at and passage.low[first - 1] not in words.determiners:
        found = found._replace(role=(_stripped(passage, at, first - 1, words), first - 1))
    if found.role is not None or found.kind != "name":
        return found if found.role is None or found.role[0] <= found.role[1] else found._replace(role=None)
    if last + 2 < end and passage.low[last + 1] == ",":
        stop = last + 2
        while stop < end and passage.low[stop][0].isalnum() and stop - last <= ROLE_WORDS:
            stop += 1
        if stop > last + 2 and not passage.is_name(last + 2):
            return found._replace(role=(last + 2, stop - 1))
    return found


def _apposed(passage: Passage, found: Mention, end: int, words: SpeechWords) -> Mention:
    """`said the head of the agency, Ann Lee`: the name behind the comma."""
    comma = found.last + 1
    while comma < end and comma - found.last < PHRASE_WORDS and passage.low[comma][0].isalnum():
        comma += 1
    last = comma + 1
    if comma >= end or passage.low[comma] != ",":
        return found
    while last < min(end, comma + PHRASE_WORDS) and passage.is_name(last):
        last += 1
    if last - comma - 1 < 2 or (last < end and passage.low[last][0].isalnum()):
        return found
    return named(passage, comma + 1, last - 1, comma + 1, words)._replace(role=(found.first, comma - 1))
