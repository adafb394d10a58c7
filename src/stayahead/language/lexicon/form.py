"""Reads one file of a language and says at once what is wrong in it, where a traceback of some module would not.

What is cheap is checked whenever the files are read; that patterns compile and lists hold nothing twice, in
`tests/unit/test_language_lexicon.py`.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any, TypeAlias

from stayahead.errors import LexiconError
from stayahead.language.lexicon.purposes import PURPOSES, Form

Sections: TypeAlias = dict[str, dict[str, Any]]

_NOT_GROUPING = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]")
"""What stands in a pattern with a backslash or in a class: its parentheses open nothing."""
_HINT = "see docs/guide/languages.md"


def read_sections(name: str, content: bytes) -> Sections:
    """The sections of the file of that name.

    Raises:
        LexiconError: it is no TOML in UTF-8, or has a key or value that no module can use.
    """
    try:
        sections = tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise LexiconError(f"lexicon/{name}: byte {error.start} is no UTF-8; save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"lexicon/{name}: {error}; correct the line") from error
    if not sections:
        raise LexiconError(f"lexicon/{name}: the file is empty; write its words, or remove it")
    for section, keys in sections.items():
        if not isinstance(keys, dict) or not keys:
            raise LexiconError(f"lexicon/{name}, [{section}]: is no table with keys; {_HINT}")
        for key, value in keys.items():
            if what := _wrong(f"{section}.{key}", value):
                raise LexiconError(f"lexicon/{name}, [{section}] {key}: {what}; {_HINT}")
    return sections


def _wrong(name: str, value: object) -> str:
    purpose = PURPOSES.get(name)
    if purpose is None:
        return "there is no such key"
    kind, wanted = _KINDS[purpose.form]
    if type(value) is not kind:
        return f"{value!r} is no {wanted}"
    if isinstance(value, str):
        return _wrong_in(purpose.form, value)
    return "leave it out instead of false" if value is False else ""


_KINDS: dict[Form, tuple[type, str]] = {
    "words": (str, "text of words"),
    "patterns": (str, "text of patterns"),
    "table": (str, "text of lines `KEY: phrase | phrase`"),
    "text": (str, "text"),
    "number": (float, "number with a point"),
    "mark": (bool, "mark: write true"),
}


def _wrong_in(form: Form, value: str) -> str:
    if form == "text":
        return ""
    if not value.strip():
        return "is empty"
    if form == "table" and value.count(": ") <= value.strip().count("\n"):
        line = next((line for line in value.splitlines() if ": " not in line), "")
        return f"the line {line!r} is not `KEY: phrase | phrase`"
    if form == "patterns":
        if value[0] == "\n" or "\n\n" in value:
            return "a pattern is empty"
        if value.count("(") != value.count(")") or value.count("[") != value.count("]"):
            return next((what for line in value.splitlines() if (what := _unclosed(line))), "")
    return ""


def _unclosed(pattern: str) -> str:
    plain = _NOT_GROUPING.sub("", pattern)
    is_closed = plain.count("(") == plain.count(")") and "[" not in plain
    return "" if is_closed else f"the pattern {pattern!r} does not close what it opens"
