"""Finds what stands in quotation marks: straight or curly, in the pairs of each language, nested, or left open.

A paragraph is walked once, from mark to mark, with one open quotation at a time: marks inside it are part of its words.
A straight mark opens before a word and closes behind one. A mark that is never closed ends with its paragraph: what
opens the next paragraph goes on with it, as newspapers print long quotations; elsewhere it was a slip.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from stayahead.language.lexicon import words_by_language

LONGEST = 2_000
"""Characters of a quotation in one paragraph: what is longer is a document."""
_USUAL = "“”", '""', "«»", "„“", "„”", "「」", "『』"
"""The pairs that are looked for in a language that lists none."""
_SINGLE = "‘'‚"
"""Opening marks that are apostrophes, too."""
_ONE_OF_TWO = {"''": '"', "``": '"', "‘‘": '"', "’’": '"', ",,": "„"}
"""Marks that are typed as two signs, and what they are."""
_ENDING = ",.!?…—–-"


class Quotation(NamedTuple):
    """What stands in quotation marks: [start, end) of a paragraph's text, without the marks."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    """With the marks."""
    is_closed: bool


class _Marks(NamedTuple):
    """The marks of a language: for each that opens, those that close it."""

    closing: dict[str, str]
    every: re.Pattern[str]
    double: re.Pattern[str]


def has_marks(text: str, language: str) -> bool:
    """Whether any mark of the language stands in the text."""
    return _marks(language).every.search(text) is not None


def find_quotations(text: str, language: str) -> list[Quotation]:
    """The outermost quotations of a paragraph, in order.

    >>> text = "“We go,” he said. “It’s the ‘last’ one.”"
    >>> [text[each.start : each.end] for each in find_quotations(text, "en")]
    ['We go,', 'It’s the ‘last’ one.']
    """
    marks = _marks(language)
    # Single marks are apostrophes, too: they count where a paragraph has no others, or begins with one.
    is_single = text[:1] in _SINGLE or marks.double.search(text) is None
    found, opened = _walk(text, marks.closing, marks.every if is_single else marks.double)
    if opened >= 0 and text[opened] in _SINGLE:
        found, opened = _walk(text, marks.closing, marks.double)
    return found


def _walk(text: str, closing: dict[str, str], pattern: re.Pattern[str]) -> tuple[list[Quotation], int]:
    """The quotations by the marks of a pattern, and where one was opened and never closed, or -1."""
    found: list[Quotation] = []
    opened, opener, closes, width = -1, "", "", 1
    for match in pattern.finditer(text):
        at, mark = match.start(), _ONE_OF_TWO.get(match[0], match[0])
        opens = _opens(text, at, match.end(), mark)
        if opened >= 0 and mark in closes and not (opens and mark == opener and at > opened + width):
            if mark in "’'" and not _ends_single(text, at):
                continue
            _add(found, text, (opened, opened + width), match.span())
            opened = -1
        elif opens and mark in closing and (opened < 0 or mark == opener == '"'):
            opened, opener, closes, width = at, mark, closing[mark], len(match[0])
    if opened >= 0 and text[opened] not in _SINGLE:
        _add(found, text, (opened, opened + width), (len(text), len(text)))
    return found, opened


def _add(found: list[Quotation], text: str, opening: tuple[int, int], closing: tuple[int, int]) -> None:
    start, end = opening[1], closing[0]
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end -= len(words) - len(words.rstrip())
    if start < end:
        found.append(Quotation(start, end, opening[0], closing[1], is_closed=closing[1] > closing[0]))


def _opens(text: str, at: int, end: int, mark: str) -> bool:
    """Whether a word follows, and none ends right before: a straight or mistaken mark is told by that."""
    before, after = text[at - 1 : at], text[end : end + 1]
    if mark in "«„“「『":
        return mark != "“" or not before.isalnum()
    if mark in "»”":
        return not before.strip(" ([—–-\u00a0\u202f") and after.strip() != "" and before != after
    return not before.strip("([{—–-…/\u00a0\u202f ") and bool(after.strip(" \u00a0.,;:)"))


def _ends_single(text: str, at: int) -> bool:
    """Whether an apostrophe closes a quotation: behind its last full stop or comma, or a word that owns nothing."""
    after = text[at + 1 : at + 2]
    if after.isalnum():
        return False
    before = text[at - 1 : at]
    return before in _ENDING or not (before == "s" and after == " " and text[at + 2 : at + 3].islower())


@cache
def _marks(language: str) -> _Marks:
    pairs = words_by_language("quotes.marks").get(language, _USUAL)
    closing: dict[str, str] = {}
    for pair in pairs:
        opening, close = pair[0], pair[1]
        closing[opening] = closing.get(opening, "") + close
    # Slips of typists: the closing mark where the opening one belongs, and one of each kind.
    if "“" in closing:
        closing.setdefault("”", "”")
        closing['"'] = closing.get('"', '"') + "”"
    every = "".join(dict.fromkeys("".join([*closing, *closing.values()])))
    return _Marks(closing, _pattern(every), _pattern("".join(mark for mark in every if mark not in "‘’‚'")))


def _pattern(marks: str) -> re.Pattern[str]:
    two = [re.escape(two) for two, one in _ONE_OF_TWO.items() if one in marks]
    return re.compile("|".join([*two, f"[{re.escape(marks)}]"]))
