"""Finds the agencies that a text is taken from, so that forty papers with one agency's report count as one origin.

Credits stand where newsrooms put them: in the byline, the credited source of the entry, the dateline, or a line at the
very end. An agency that is only quoted ("told Reuters") is no credit.
"""

from __future__ import annotations

import re

from stayahead.language.lexicon import either, tables
from stayahead.model import Entry, Page
from stayahead.text import fold

_BY_NAME = {
    fold(name): agency
    for table in tables("credits.agencies").values()
    for agency, names in table.items()
    for name in names
}
_NAMES = "|".join(re.escape(name) for name in sorted(_BY_NAME, key=lambda name: (-len(name), name)))
# A byline is short: anything of the names in it counts, if it stands as a word of its own.
_IN_BYLINE = re.compile(rf"(?<!\w)({_NAMES})(?!\w)")
# "LONDON (AP) —", "(Reuters) -", "PARIS, May 4 (AFP) –", "新华社北京5月4日电": within the first line.
_DATELINE = re.compile(rf"^[^!?\n]{{0,70}}?[(\[（]\s*({_NAMES})\s*[)\]）]|^({_NAMES})(?=[\s:,—–-]|[^\x00-\x7f])")
# "(Reporting by …)" closes a Reuters text; "© AFP", "Copyright 2024 The Associated Press", "Source: dpa".
_CLOSING = re.compile(rf"(?:©|{either('credits.source')})[\s:\d©-]{{0,16}}({_NAMES})(?!\w)")
_FIRST_CHARS = 160
_LAST_CHARS = 240


def find_credits(page: Page, entry: Entry) -> tuple[str, ...]:
    """The agencies credited, by their folded short names, sorted; several when a text is put together from several."""
    agencies: dict[str, None] = {}
    bylines = [entry.author, *page.authors]
    if entry.source is not None:
        bylines.append(entry.source.title)
    for byline in bylines:
        if byline:
            _note(agencies, _IN_BYLINE, fold(byline[:200]))
    text = page.text
    if text:
        _note(agencies, _DATELINE, fold(text[:_FIRST_CHARS]).lstrip())
        _note(agencies, _CLOSING, fold(text[-_LAST_CHARS:]))
    return tuple(sorted(agencies))


def agency_of(name: str) -> str:
    """The agency's short name if that is what a publisher called so is; else empty.

    >>> agency_of("The Associated Press")
    'ap'
    """
    return _BY_NAME.get(fold(name.strip()), "")


def _note(agencies: dict[str, None], pattern: re.Pattern[str], text: str) -> None:
    for match in pattern.finditer(text):
        name = next(group for group in match.groups() if group)
        agencies[_BY_NAME[name]] = None
