"""Finds the countries and large cities that a text names, by codes that are the same in every language.

Names are the CLDR's (`data/places.tsv`, made by `eval/compile_places.py`) and what newsrooms say besides (the lexicon's
`places.names`: words for a country's people, a capital that is no city of the CLDR's). Languages that inflect are met
half way: a Cyrillic name is compared without its ending. Which place a name means where several bear it is left to a
later issue.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from stayahead.analyze.spelling import without_ending
from stayahead.language.lexicon import marked, tables, texts
from stayahead.text import tokens

UNSPACED = marked("writing.unspaced")
"""Languages written without blanks between words, or whose particles stick to them."""
_ALIKE = texts("detection.taken_for")
"""Languages whose names of places are taken from another: Malay from Indonesian, for which detectors take it."""

_Names = dict[str, list[tuple[tuple[str, ...], str]]]


def places_in(text: str, *, language: str) -> Iterator[str]:
    """Code or zone of every place named, as often as it is."""
    if language in UNSPACED:
        yield from _in_unspaced(text, _unspaced_names(language))
        return
    names = _names(_ALIKE.get(language, language))
    if not names:
        return
    words = tokens(text)
    if not text.isascii():
        words = [without_ending(word) for word in words]
    # Most texts name a few places or none: a set says so faster than a walk.
    if names.keys().isdisjoint(words):
        return
    at = 0
    while at < len(words):
        step = 1
        for rest, place in names.get(words[at], ()):
            if tuple(words[at + 1 : at + 1 + len(rest)]) == rest:
                yield place
                step += len(rest)
                break
        at += step


def is_place(folded: str, *, language: str) -> bool:
    """Whether a folded word alone is a place's name."""
    if language in UNSPACED:
        return False
    rests = _names(_ALIKE.get(language, language)).get(without_ending(folded), ())
    return any(not rest for rest, _ in rests)


def name_length(folded: Sequence[str], *, language: str) -> int:
    """How many of the folded words, from the first on, are a place's name; 0: they begin none."""
    if language in UNSPACED or not folded:
        return 0
    for rest, _ in _names(_ALIKE.get(language, language)).get(without_ending(folded[0]), ()):
        if tuple(map(without_ending, folded[1 : 1 + len(rest)])) == rest:
            return 1 + len(rest)
    return 0


def _in_unspaced(text: str, names: dict[str, list[tuple[str, str]]]) -> Iterator[str]:
    at = 0
    while at < len(text) - 1:
        step = 1
        for name, place in names.get(text[at : at + 2], ()):
            if text.startswith(name, at):
                yield place
                step = len(name)
                break
        at += step


@cache
def _table() -> dict[str, list[tuple[str, str]]]:
    names: dict[str, list[tuple[str, str]]] = defaultdict(list)
    text = files("stayahead.analyze").joinpath("data/places.tsv").read_text("utf-8")
    for line in text.splitlines():
        language, place, name = line.split("\t")
        names[language].append((name, place))
    for language, table in tables("places.names").items():
        names[language] += [(name, place) for place, own in table.items() for name in own]
    return names


@cache
def _names(language: str) -> _Names:
    """The first token of each name, with the rest of it; longer names first."""
    by_first: dict[str, dict[tuple[str, ...], str]] = defaultdict(dict)
    for name, place in _table().get(language, ()):
        words = tuple(without_ending(word) for word in tokens(name))
        if words and len("".join(words)) > 1:
            by_first[words[0]].setdefault(words[1:], place)
    return {first: sorted(rests.items(), key=lambda pair: (-len(pair[0]), pair)) for first, rests in by_first.items()}


@cache
def _unspaced_names(language: str) -> dict[str, list[tuple[str, str]]]:
    by_start: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, place in _table()[language]:
        if len(name) > 1:
            by_start[name[:2]].append((name, place))
    return {start: sorted(names, key=lambda pair: (-len(pair[0]), pair)) for start, names in by_start.items()}
