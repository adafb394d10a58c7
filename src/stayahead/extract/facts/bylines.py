"""Takes the names of authors out of bylines such as "By Ann Lee and Bo Ek, staff reporters"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import category

from stayahead.language.lexicon import either
from stayahead.text import collapse, fold

MAX_AUTHORS = 12
MAX_NAME_CHARS = 60
_PICTURES = frozenset(("So", "Sk", "Cs", "Co"))
_JOINERS = "\ufe0e\ufe0f\u200d"

_BY = re.compile(
    rf"^\W*(?:(?:{either('bylines.written', 'bylines.written_claimed')})\s+)?"
    rf"(?:{either('bylines.by', 'bylines.by_or_else', 'bylines.author')})\b\s*:?\s*",
    re.IGNORECASE,
)
_SPLIT = re.compile(rf"\s*(?:[;|•·/]|\s+(?:{either('names.and')}|&)\s+|&|\n)\s*", re.IGNORECASE)
_OF_A_NAME = re.compile(r"\S++ [yei] \S++(?: \S++){0,2}|(?:\S++ ){2,3}[yei] \S++")
"""José Ortega y Gasset, Eça e Queiroz: with one word on a side it is no second person, as in "Ana Ruiz y Luis Gil"."""
_URL = re.compile(r"https?:|www\.|\.com/|/")
_MAIL = re.compile(r"(?<!\S)\S+@\S+\.\w+")
_NOT_A_NAME = re.compile(either("bylines.placeholders"), re.IGNORECASE)
_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z]{2,10}){1,2}")
_TAIL = re.compile(
    rf"\s*(?:,\s*)?(?:\b(?:{either('bylines.after')})\b.*|\(.*|@\w+.*|\d{{1,2}}[./:].*"
    rf"|(?:{either('dates.months')})[a-z]{{0,12}}\.?\s+\d.*|\d{{4}}.*)$",
    re.IGNORECASE,
)


def without_pictures(text: str) -> str:
    """The text without emoji and other signs that some set between the parts of their names."""
    if text.isascii():
        return text
    return collapse("".join(" " if category(c) in _PICTURES or c in _JOINERS else c for c in text))


def authors_of(claims: Iterable[str]) -> tuple[str, ...]:
    """The distinct names in the claims, without "By", addresses, roles and placeholders.

    >>> authors_of(["By Ann Lee and Bo Ek, staff reporters", "José Ortega y Gasset"])
    ('Ann Lee', 'Bo Ek', 'José Ortega y Gasset')
    """
    names: list[str] = []
    keys: set[str] = set()
    for claim in claims:
        for part in _parts(claim):
            name = _name(part)
            key = fold(name)
            if name and key not in keys:
                keys.add(key)
                names.append(name)
    return tuple(names[:MAX_AUTHORS])


def _parts(claim: str) -> list[str]:
    # An address is no name, and splitting it at its slashes would make several of it.
    text = _without_by(without_pictures(collapse(claim[:400])))
    if _OF_A_NAME.fullmatch(text):
        return [text]
    parts = [p for p in _SPLIT.split(text) if p] if not _URL.search(text) else []
    names: list[str] = []
    for part in parts:
        pieces = part.split(", ")
        # "Ann Lee, Bo Kim" are two; "Lee, Ann" and "Ann Lee, Senior Editor" are one
        if len(pieces) > 1 and all(2 <= len(p.split()) <= 4 for p in pieces):
            names += pieces
        elif len(pieces) > 1 and len(pieces[0].split()) > 1:
            names.append(pieces[0])
        else:
            names.append(part)
    return names


def _without_by(text: str) -> str:
    """The text without a "by" before it, in any language, unless that is half of a name: Par Nyström, Di Marco."""
    match = _BY.match(text)
    if match is None:
        return text
    by, rest = match[0].strip(), text[match.end() :]
    is_name = by.istitle() and by.casefold() != "by" and by.isalpha() and len(rest.split()) == 1
    return text if is_name else rest


def _name(part: str) -> str:
    text = _TAIL.sub("", _MAIL.sub("", _without_by(part))).strip(" ,.:-–—|")
    if (
        not 2 <= len(text) <= MAX_NAME_CHARS
        or _NOT_A_NAME.fullmatch(text)
        or not any(map(str.isalpha, text))
        or any(map(str.isdigit, text))
        or ":" in text
        or _DOMAIN.fullmatch(text)
    ):
        return ""
    return "" if len(text.split()) > 6 else text
