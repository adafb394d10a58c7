"""Credits: an entry and its page go in; the agencies that the text is taken from, folded, come out.

Looked for where newsrooms put them: the byline, the credited source of the entry, the dateline, and a line of credit
at the very end. An agency that is only quoted ("told Reuters") is no credit.
"""

from __future__ import annotations

import re

from stayahead.model import Entry, Page
from stayahead.text import fold

_AGENCIES: dict[str, tuple[str, ...]] = {
    "aap": ("aap", "australian associated press"),
    "afp": ("afp", "agence france presse", "agence france-presse"),
    "ani": ("ani", "asian news international"),
    "anadolu": ("anadolu", "anadolu agency", "anadolu ajansi"),
    "ansa": ("ansa",),
    "antara": ("antara",),
    "ap": ("ap", "associated press", "the associated press"),
    "apa": ("apa", "austria presse agentur"),
    "belga": ("belga",),
    "bernama": ("bernama",),
    "bloomberg": ("bloomberg", "bloomberg news"),
    "canadian press": ("canadian press", "the canadian press", "la presse canadienne"),
    "cns": ("china news service", "中新社", "中新网"),
    "dpa": ("dpa", "deutsche presse-agentur", "deutsche presse agentur"),
    "efe": ("efe", "agencia efe"),
    "ians": ("ians",),
    "interfax": ("interfax", "интерфакс"),
    "jiji": ("jiji press", "jiji", "時事通信"),
    "kyodo": ("kyodo", "kyodo news", "共同通信"),
    "lusa": ("lusa",),
    "pa": ("pa media", "press association"),
    "pti": ("pti", "press trust of india"),
    "reuters": ("reuters", "thomson reuters"),
    "tass": ("tass", "тасс"),
    "ukrinform": ("ukrinform", "укринформ", "укрінформ"),
    "upi": ("upi", "united press international"),
    "xinhua": ("xinhua", "新华社", "新華社"),
    "yonhap": ("yonhap", "연합뉴스"),
}
_BY_NAME = {fold(name): key for key, names in _AGENCIES.items() for name in names}
_NAMES = "|".join(re.escape(name) for name in sorted(_BY_NAME, key=lambda name: (-len(name), name)))
# A byline is short: anything of the names in it counts, if it stands as a word of its own.
_IN_BYLINE = re.compile(rf"(?<!\w)({_NAMES})(?!\w)")
# "LONDON (AP) —", "(Reuters) -", "PARIS, May 4 (AFP) –", "新华社北京5月4日电": within the first line.
_DATELINE = re.compile(rf"^[^!?\n]{{0,70}}?[(\[（]\s*({_NAMES})\s*[)\]）]|^({_NAMES})(?=[\s:,—–-]|[^\x00-\x7f])")
# "(Reporting by …)" closes a Reuters text; "© AFP", "Copyright 2024 The Associated Press", "Source: dpa".
_CLOSING = re.compile(rf"(?:©|copyright|source|quelle|fuente|источник|via|with)[\s:\d©-]{{0,16}}({_NAMES})(?!\w)")
_FIRST_CHARS = 160
_LAST_CHARS = 240


def find_credits(page: Page, entry: Entry) -> tuple[str, ...]:
    """The agencies credited, by their folded short names, sorted; several when a text is put together from several."""
    found: dict[str, None] = {}
    bylines = [entry.author, *page.authors]
    if entry.source is not None:
        bylines.append(entry.source.title)
    for byline in bylines:
        if byline:
            _note(found, _IN_BYLINE, fold(byline[:200]))
    text = page.text
    if text:
        _note(found, _DATELINE, fold(text[:_FIRST_CHARS]).lstrip())
        _note(found, _CLOSING, fold(text[-_LAST_CHARS:]))
    return tuple(sorted(found))


def agency_of(name: str) -> str:
    """The agency's short name if that is what a publisher called so is; else empty.

    >>> agency_of("The Associated Press")
    'ap'
    """
    return _BY_NAME.get(fold(name.strip()), "")


def _note(found: dict[str, None], pattern: re.Pattern[str], text: str) -> None:
    for match in pattern.finditer(text):
        name = next(group for group in match.groups() if group)
        found[_BY_NAME[name]] = None
