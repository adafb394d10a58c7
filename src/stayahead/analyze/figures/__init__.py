"""Reads the figures of an article: who is counted and how many, what it costs, how strong, who won, by whose word.

`words` are the words of a language, `numbers` finds numbers and tells ages, years and names from them, `people` and
`amounts` say what each counts, `unfounded` what is denied or of before, `told` where, as of when and who is cited.
English is read in full; in the other languages that have words for casualties, the dead, injured and missing are read
as `analyze/casualties` reads them. A number of which it is not plain what it counts is no figure (docs/decisions/0162).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from stayahead.analyze.casualties import counted_in, starts_of
from stayahead.analyze.figures.amounts import find_amounts
from stayahead.analyze.figures.numbers import Line, Number
from stayahead.analyze.figures.people import Counted, find_people
from stayahead.analyze.figures.told import Told, place_of, told
from stayahead.analyze.figures.unfounded import unfounded
from stayahead.analyze.figures.words import Words, starts, words_of
from stayahead.analyze.prose import Prose, Sentence
from stayahead.model import CasualtySlot, Figure, FigureSlot, Statement

__all__ = ["KIND", "figures", "find_figures"]

KIND = "figures"

SENTENCE_MOST = 16
"""Figures of one sentence: more are a table."""
_ALWAYS = ("$", "€", "£", "¥", "₹", "%", "percent", "per cent", "pct")
_WORD_LEAST = 3
"""Letters of a currency's name that is looked for in a text: shorter ones stand in many a word."""
_LETTERS = re.compile(r"[a-z]+")
_DIGIT = re.compile(r"\d")
_AMOUNTS = frozenset({"money", "percent", "votes", "score"})
_SLOT_OF: dict[CasualtySlot, FigureSlot] = {"dead": "dead", "hurt": "injured", "missing": "missing"}


def find_figures(prose: Prose) -> Iterator[Statement]:
    """Every figure of the text, sentence by sentence."""
    language = prose.language.partition("-")[0] or "en"
    words = words_of(language)
    if words is None:
        yield from _by_casualties(prose, language)
        return
    numbers = words.number_parts.keys() | words.many.keys()
    for sentence in prose.sentences_with(_gate(language)):
        if not _DIGIT.search(sentence.text) and numbers.isdisjoint(_LETTERS.findall(sentence.folded)):
            continue
        for figure in figures_of(sentence.text, words):
            yield _statement(sentence, figure)


def figures(sentence: str, *, language: str = "en") -> tuple[Figure, ...]:
    """The figures of one sentence, in a language whose words for them are listed.

    >>> [(each.slot, each.low, each.hedge) for each in figures("At least 12 people, all aged 40, died in 2 houses.")]
    [('dead', 12, 'at least')]
    """
    words = words_of(language)
    return figures_of(sentence, words) if words else ()


def figures_of(sentence: str, words: Words) -> tuple[Figure, ...]:
    """The same, by the words of a language."""
    line = Line(sentence, words)
    if not line.numbers:
        return ()
    counted = tuple(find_people(line))
    made: list[tuple[Number, Figure]] = [
        (each.number, Figure(slot=each.slot, low=each.low, high=each.high, is_increment=_adds(each, counted)))
        for each in counted
    ]
    spent = {number.first for number, _ in made}
    made += [
        (each.number, Figure(slot=each.slot, low=each.low, high=each.high, unit=each.unit))
        for each in find_amounts(line)
        if each.number.first not in spent
    ]
    if made:
        gone = tuple(unfounded(line))
        made = [pair for pair in made if not any(each.holds(pair[0].first, pair[1].slot) for each in gone)]
    if not made:
        return ()
    made.sort(key=lambda pair: pair[0].first)
    around = told(line, sentence)
    return tuple(_with(figure, number, line, around) for number, figure in made[:SENTENCE_MOST])


def _adds(one: Counted, counted: tuple[Counted, ...]) -> bool:
    """Whether it adds to a count told before; "19 injured and another 12 missing" are two counts of their own."""
    before = [each.slot for each in counted if each.number.first < one.number.first]
    return one.number.is_increment and (not before or one.slot in before)


def _with(figure: Figure, number: Number, line: Line, around: Told) -> Figure:
    return Figure(
        slot=figure.slot,
        low=figure.low,
        high=figure.high,
        hedge=number.hedge,
        unit=figure.unit,
        is_increment=figure.is_increment,
        place=place_of(around, line, number.begin, number.last, is_amount=figure.slot in _AMOUNTS),
        as_of=around.as_of,
        cited=around.cited,
    )


def _statement(sentence: Sentence, figure: Figure) -> Statement:
    return Statement(kind=KIND, block=sentence.block, start=sentence.start, end=sentence.end, value=figure)


def _by_casualties(prose: Prose, language: str) -> Iterator[Statement]:
    for sentence in prose.sentences_with(starts_of(language)):
        for slot, count in counted_in(sentence.text, sentence.folded, language).items():
            yield _statement(sentence, Figure(slot=_SLOT_OF[slot], low=count))


@cache
def _gate(language: str) -> tuple[str, ...]:
    """A sentence with a figure holds one of these."""
    words = words_of(language)
    if words is None:
        return ()
    money = {word for word in words.currencies if len(word) >= _WORD_LEAST}
    # What a longer one holds is found by the shorter: death in deaths.
    all_ = sorted({*_ALWAYS, *starts(words), *money}, key=lambda word: (len(word), word))
    return tuple(word for at, word in enumerate(all_) if not any(short in word for short in all_[:at]))
