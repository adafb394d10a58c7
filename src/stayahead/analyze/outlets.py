"""Finds the newspaper, station or agency on whose report a text rests: "first reported by the Gazette", "told the BBC".

Such a credit stands in the headline or the first paragraph; further down a text cites in passing. What looks like a
name counts only when it is an outlet's: a known one, one made of the words of which outlets' names are made, or one
behind words that are said of nobody else ("first reported by"). "According to police" credits nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from stayahead.language.lexicon import either, marked, tables, union
from stayahead.text import fold

_LEAD_CHARS = 400
"""Characters of headline and of first paragraph that are looked at, each."""
_CREDITED_MOST = 4

_APART = re.compile(r"[\W_]+")
_ARTICLE = re.compile(r"^(?:the|le|la|les|el|il|lo|der|die|das|de|het|o|l)(?=.{3})")
_ENDING = re.compile(r"(?<=.{4})(?:news|online|e?n|e?s|e)$")
_UPPER = "".join(letter for letter in map(chr, range(0x41, 0x530)) if letter.isupper())
"""Latin, Greek, Cyrillic: where a name can be told by its capitals."""
# Up to five words with capitals, among them small ones such as "de la": "El Correo de la Costa", "Channel 6 News".
_WORD = rf"[{_UPPER}][\w’'&-]{{0,24}}(?:\.[\w-]{{1,9}}){{0,2}}|\d{{1,3}}"
_SMALL = r"(?:(?:de|del|della|do|da|du|des|of|the|la|las|los|le|el)\s){0,2}"
_NAME = rf"(?:{_WORD})(?:\s{_SMALL}(?:{_WORD})){{0,4}}"
# Words in lower case may stand between: "the Italian news agency", "einem Bericht der".
_BETWEEN = (
    rf"\s(?:(?!and\b|[{_UPPER}])[^\W\d_]{{1,20}}\s){{0,3}}[\"„“«'‘]?"
    rf"(?:(?i:the|le|la|el|il|der|die|das|o|a)\s(?=[{_UPPER}]))?"
)
_CITED = re.compile(rf"(?<!\w)(?P<words>(?i:{either('credits.cited')})){_BETWEEN}(?P<name>{_NAME})")
_CITED_FIRST = re.compile(rf"(?<!\w)(?i:{either('credits.cited_first')}){_BETWEEN}(?P<name>{_NAME})")
_CITES = re.compile(rf"(?i:{either('credits.citing')})(?!\w)")
"""What a citing name stands before: names are dear to look for, and most texts have no such word."""
_CITING = re.compile(rf"(?P<name>{_NAME})[\"”»’']?,?\s(?i:{either('credits.citing')})(?!\w)")
_UNSPACED = marked("writing.unspaced")
_SAID, _SAYS = (either(f"credits.{key}", among=_UNSPACED) for key in ("cited", "citing"))
# Without blanks and capitals: a name stands in its own quotation marks, or between two words that cite.
_IN_MARKS = re.compile(rf"(?:{_SAID})《?(?P<name>\w{{2,8}}?)》?(?:{_SAYS})|《(?P<other>\w{{2,8}})》(?:{_SAYS})")
_QUOTED = re.compile(rf"(?:{either('credits.told')})\b", re.IGNORECASE)


@lru_cache(maxsize=4096)
def outlet_key(name: str) -> str:
    """What a name, or the domain label of a site, is compared by: one key for all ways to write it.

    >>> outlet_key("the Harbour Gazette") == outlet_key("harbourgazette")
    True
    >>> outlet_key("The New York Times"), outlet_key("BBC News")
    ('nytimes', 'bbc')
    """
    return _known(name) or _plain(name)


class Cited(NamedTuple):
    """A name that is cited as the source of a report, whoever it is."""

    name: str
    is_certain: bool
    """The words around it are said of outlets alone."""
    is_told: bool
    """Somebody spoke to it: an agency that was only told something is not the text's."""


def find_cited(title: str, first: str) -> tuple[Cited, ...]:
    """The names that headline and first paragraph cite, in their order."""
    return tuple(each for text in (title[:_LEAD_CHARS], first[:_LEAD_CHARS]) if text for each in _cited(text))


def outlets_of(cited: Iterable[Cited]) -> tuple[str, ...]:
    """The keys of those names that are outlets', each once."""
    keys = (_outlet(each.name, is_certain=each.is_certain) for each in cited)
    return tuple(dict.fromkeys(key for key in keys if key))[:_CREDITED_MOST]


def is_same_outlet(key: str, other: str) -> bool:
    """Whether two keys name one outlet: a name is often cut short, "Channel 6" for Channel 6 News."""
    return key == other or (min(len(key), len(other)) >= 3 and (key.startswith(other) or other.startswith(key)))


def _cited(text: str) -> Iterator[Cited]:
    patterns = (_CITED_FIRST, _CITED, _CITING) if _CITES.search(text) else (_CITED_FIRST, _CITED)
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield Cited(match["name"], pattern is _CITED_FIRST, pattern is _CITED and bool(_QUOTED.match(match[0])))
    if not text.isascii():
        for match in _IN_MARKS.finditer(text):
            yield Cited(match["name"] or match["other"], "《" in match[0], is_told=False)


@lru_cache(maxsize=4096)
def _outlet(name: str, *, is_certain: bool) -> str:
    """The key of the outlet that a name is, or begins with; empty when it is none."""
    words = name.split()
    # "CNN State of the Union" is CNN, "Folha do Norte" is not Folha.
    for end in range(len(words), 0, -1):
        known = _known(" ".join(words[:end]))
        if known and (end == len(words) or end > 1 or words[0].isupper()):
            return known
    is_outlet = is_certain or any(_squeezed(word).endswith(_WORDS) for word in words)
    return outlet_key(name) if is_outlet and len(_squeezed(name)) > 3 else ""


def _known(name: str) -> str:
    squeezed = _squeezed(name)
    return _KNOWN.get(squeezed) or _KNOWN.get(_ARTICLE.sub("", squeezed), "")


def _squeezed(name: str) -> str:
    return _APART.sub("", fold(name))


def _plain(name: str) -> str:
    key = _ARTICLE.sub("", _squeezed(name))
    return _ENDING.sub("", key)


_KNOWN: dict[str, str] = {}
for _table in tables("credits.outlets").values():
    for _key, _phrases in _table.items():
        for _phrase in (_key, *_phrases):
            _KNOWN[_squeezed(_phrase)] = _key
            _KNOWN.setdefault(_ARTICLE.sub("", _squeezed(_phrase)), _key)
# Also at the end of a compound, and declined: Tagblatt, des Hafenboten.
_WORDS = tuple(sorted({word + ending for word in union("credits.outlet_words") for ending in ("", "s", "n", "es")}))
