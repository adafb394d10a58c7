"""Reads JSON that no parser takes: what can be told of it, in one pass over its signs.

Templates leave out commas and closing brackets, write two objects one after the other, quote with apostrophes or not at
all. None of that hides what is a name and what its value, so the signs are read as they come: in an object every other
word is a name, a closing bracket ends the nearest of its kind, and what is missing at the end is closed there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

MAX_DEPTH = 60
"""How deep objects are read: JSON-LD has some eight levels."""

_SIGN = re.compile(
    r"/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)|(?<![:\w])//[^\n]*+"
    r'|"(?P<string>(?:[^"\\]++|\\.)*+)(?:"|\\?\Z)'
    r"|'(?P<quoted>(?:[^'\\]++|\\.)*+)(?:'|\\?\Z)"
    r"|(?P<sign>[{}\[\],:])"
    r"|(?P<word>[^\s{}\[\],:\"']++)",
    re.DOTALL,
)
"""A comment or a string that is not ended ends with the text, so that no sign is looked at twice."""
_OPENED = {"}": dict, "]": list}
_WORDS: dict[str, object] = {"true": True, "false": False, "null": None}


def values_of(source: str) -> list[object]:
    """The objects and lists of a text that is meant to be JSON, as far as they can be read.

    >>> values_of("{'a': [1 2], b: 'c' 'd': {'e': true")
    [{'a': ['1', '2'], 'b': 'c', 'd': {'e': True}}]
    """
    reader = _Reader()
    for match in _SIGN.finditer(source):
        reader.take(match)
    return [value for value in reader.values if value]


class _Reader:
    """What has been read, and the objects and lists that are still open."""

    def __init__(self) -> None:
        self.values: list[object] = []
        self._open: list[dict[str, object] | list[object]] = []
        self._names: list[str | None] = []
        """Of each open one, the name that waits for its value."""

    def take(self, match: re.Match[str]) -> None:
        """Read one sign."""
        sign = match["sign"]
        if sign in ("{", "["):
            self._begin({} if sign == "{" else [])
        elif sign in ("}", "]"):
            self._end(_OPENED[sign])
        elif sign == ",":
            if self._names:
                self._names[-1] = None
        elif sign is None and self._open:
            self._take_words(next(_said(match), None))

    def _begin(self, value: dict[str, object] | list[object]) -> None:
        if len(self._open) >= MAX_DEPTH:
            return
        if self._open:
            self._put(value)
        else:
            self.values.append(value)
        self._open.append(value)
        self._names.append(None)

    def _end(self, kind: type) -> None:
        if any(isinstance(each, kind) for each in self._open):
            while not isinstance(self._open.pop(), kind):
                self._names.pop()
            self._names.pop()

    def _take_words(self, words: str | None) -> None:
        if words is None:  # a comment
            return
        if isinstance(self._open[-1], dict) and self._names[-1] is None:
            self._names[-1] = words
        else:
            self._put(_WORDS.get(words, words))

    def _put(self, value: object) -> None:
        holder = self._open[-1]
        if isinstance(holder, list):
            holder.append(value)
        elif (name := self._names[-1]) is not None:
            holder.setdefault(name, value)
            self._names[-1] = None


def _said(match: re.Match[str]) -> Iterator[str]:
    """The words of a string, whatever it is quoted with, or of none."""
    for name in ("string", "quoted"):
        if (words := match[name]) is not None:
            yield _unescaped(words) if "\\" in words else words
    if (word := match["word"]) is not None:
        yield word


def _unescaped(words: str) -> str:
    try:
        return str(json.loads(f'"{words}"', strict=False))
    except ValueError:
        return words.replace("\\", "")
