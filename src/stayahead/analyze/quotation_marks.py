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
_SINGLE = "‘'"
"""Opening marks that are apostrophes, too."""
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
    pattern: re.Pattern[str]


def has_marks(text: str, language: str) -> bool:
    """Whether any mark of the language stands in the text."""
    return _marks(language).pattern.search(text) is not None


def find_quotations(text: str, language: str) -> list[Quotation]:
    """The outermost quotations of a paragraph, in order.

    >>> text = "“We go,” he said. “It’s the ‘last’ one.”"
    >>> [text[each.start : each.end] for each in find_quotations(text, "en")]
    ['We go,', 'It’s the ‘last’ one.']
    """
    closing, pattern = _marks(language)
    found: list[Quotation] = []
    opened = -1
    closes = ""
    for match in pattern.finditer(text):
        at = match.start()
        mark = text[at]
        if opened >= 0 and mark in closes and (mark != text[opened] or not _opens(text, at) or at == opened + 1):
            if mark in "’'" and not _ends_single(text, at):
                continue
            _add(found, text, opened, at)
            opened = -1
        elif mark in closing and _opens(text, at) and (opened < 0 or mark == text[opened] == '"'):
            opened, closes = at, closing[mark]
    if opened >= 0 and text[opened] not in _SINGLE:
        _add(found, text, opened, len(text))
    return found


def _add(found: list[Quotation], text: str, opened: int, closed: int) -> None:
    start, end = opened + 1, closed
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end -= len(words) - len(words.rstrip())
    if start < end:
        outer_end = min(closed + 1, len(text))
        found.append(Quotation(start, end, opened, outer_end, is_closed=closed < len(text)))


def _opens(text: str, at: int) -> bool:
    """Whether a word follows, and none ends right before: a straight or mistaken mark is told by that."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] in "«„“「『":
        return text[at] != "“" or not before.isalnum()
    if text[at] in "»”":
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
    for opening, close in pairs:
        closing[opening] = closing.get(opening, "") + close
    # A typist's slip: the closing mark where the opening one belongs.
    if "“" in closing:
        closing.setdefault("”", "”")
    every = "".join(dict.fromkeys("".join([*closing, *closing.values()])))
    return _Marks(closing, re.compile(f"[{re.escape(every)}]"))
