"""The words of all languages, one file for each: what is read, judged or told by the words of a language asks here.

`xx.toml` holds what belongs to one language, by its ISO 639-1 code, `mul.toml` what belongs to none. Files are read
once, at the first question. Languages always come in the order of their codes, so what is made of their words is the
same in every process. `purposes` says what each key is for, `docs/guide/languages.md` how to add a language.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from stayahead.language.lexicon.form import Sections, read_sections
from stayahead.language.lexicon.grouping import by_letter
from stayahead.language.lexicon.purposes import PURPOSES, Form, Purpose

__all__ = [
    "PURPOSES",
    "Form",
    "Purpose",
    "by_letter",
    "either",
    "languages",
    "marked",
    "numbers",
    "tables",
    "texts",
    "union",
    "words_by_language",
]

_NEVER = "(?!)"
_GROUP = re.compile(r"(?<!\\)\((?!\?)")
_ENDLESS = re.compile(r"(\\[wdsS])([*+])")
_LONGEST_WORD = 40
"""Characters of what a pattern writes as `\\w*`, `\\d+` and the like. Without an end a search would run from each of
them to the last: 8,000 digits took a second (docs/decisions/0130)."""


def words_by_language(purpose: str) -> dict[str, tuple[str, ...]]:
    """The words or patterns of each language that has some for a purpose, in the order of its file.

    >>> words_by_language("bylines.by")["de"]
    ('von',)
    """
    values = _values(purpose, "words", "patterns")
    if PURPOSES[purpose].form == "words":
        return {language: tuple(value.split()) for language, value in values.items()}
    return {language: tuple(map(_pattern, value.splitlines())) for language, value in values.items()}


def union(purpose: str) -> tuple[str, ...]:
    """The words or patterns of all languages, each once."""
    return tuple(dict.fromkeys(word for own in words_by_language(purpose).values() for word in own))


def either(*purposes: str, among: Container[str] | None = None) -> str:
    """One regular expression, without a group around it, that matches what any language has for one of the purposes.

    Where no language has anything it never matches. `among`: the languages that are asked, if not all.
    """
    alternatives = dict.fromkeys(
        re.escape(word) if PURPOSES[purpose].form == "words" else word
        for purpose in purposes
        for language, own in words_by_language(purpose).items()
        if among is None or language in among
        for word in own
    )
    return "|".join(alternatives) or _NEVER


def tables(purpose: str) -> dict[str, dict[str, tuple[str, ...]]]:
    """By language, the phrases of each key.

    >>> tables("places.names")["de"]["CN"]
    ('Peking',)
    """
    return {language: dict(map(_row, value.splitlines())) for language, value in _values(purpose, "table").items()}


def texts(purpose: str) -> dict[str, str]:
    """The line of text of each language that has one."""
    return _values(purpose, "text")


def numbers(purpose: str) -> dict[str, float]:
    """The number of each language that has one."""
    return _values(purpose, "number")


def marked(purpose: str) -> frozenset[str]:
    """The languages that have the mark."""
    return frozenset(_values(purpose, "mark"))


def languages() -> tuple[str, ...]:
    """The codes of all files, in order."""
    return tuple(_files())


def _pattern(line: str) -> str:
    """A pattern as `re` takes it: nobody wants to know what a group of words caught, and blanks read better bare."""
    pattern = _GROUP.sub("(?:", line).replace(" ", r"\s")
    return _ENDLESS.sub(lambda match: f"{match[1]}{{{int(match[2] == '+')},{_LONGEST_WORD}}}", pattern)


def _row(line: str) -> tuple[str, tuple[str, ...]]:
    key, _, phrases = line.partition(": ")
    return key, tuple(phrases.split(" | "))


def _values(purpose: str, *forms: Form) -> dict[str, Any]:
    """What the files say for a purpose, by language.

    Raises:
        LookupError: there is no such purpose, or its values have another form. It is raised at import.
    """
    if purpose not in PURPOSES or PURPOSES[purpose].form not in forms:
        raise LookupError(f"no purpose {purpose!r} of the form {' or '.join(forms)}: see language/lexicon/purposes.py")
    section, _, key = purpose.partition(".")
    return {
        language: sections[section][key] for language, sections in _files().items() if key in sections.get(section, ())
    }


@cache
def _files() -> dict[str, Sections]:
    return dict(sorted(_read()))


def _read() -> Iterator[tuple[str, Sections]]:
    for file in files(__name__).iterdir():
        code, _, suffix = file.name.rpartition(".")
        if suffix == "toml":
            yield code, read_sections(file.name, file.read_bytes())
