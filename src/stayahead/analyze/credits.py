"""Finds whom a text is taken from, so that forty papers with one agency's report count as one origin.

Credits stand where newsrooms put them: in the byline, the credited source of the entry, the dateline, or a line at the
very end; and, for reports that others had first, in the first words (`outlets`). An agency that is only quoted ("told
Reuters") is no credit; one that stands beside a name ("By Cora Jansen, with AP") gave a part of a report that is the
newsroom's own, and is told apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from stayahead.analyze.outlets import find_cited, is_same_outlet, outlet_key, outlets_of
from stayahead.language.lexicon import either, tables
from stayahead.model import Entry, Page
from stayahead.text import fold
from stayahead.urls import registrable

_BY_NAME = {
    fold(name): agency
    for table in tables("credits.agencies").values()
    for agency, names in table.items()
    for name in names
}
_NAMES = "|".join(re.escape(name) for name in sorted(_BY_NAME, key=lambda name: (-len(name), name)))
# A byline is short: anything of the names in it counts, if it stands as a word of its own.
_IN_BYLINE = re.compile(rf"(?<!\w)({_NAMES})(?!\w)")
# "By Cora Jansen, with the Associated Press": two words that may be a name, then the agency beside it.
_BESIDE = re.compile(
    rf"^(?:by\s)?(?P<name>[^\W\d_]\S*\s\S+.*?),?\s(?:{either('credits.beside')})\s"
    rf"(?:\w{{1,4}}\s)?(?:{_NAMES})(?!\w)"
)
# "LONDON (AP) —", "(Reuters) -", "PARIS, May 4 (AFP) –", "/TASS/.", "新华社北京5月4日电", "5 июн — РИА Новости.":
# in the first line.
_DATELINE = re.compile(
    rf"^[^!?\n]{{0,70}}?[(\[（/]\s*({_NAMES})\s*[)\]）/]|^({_NAMES})(?=[\s:,—–-]|[^\x00-\x7f])"
    rf"|^[^!?\n]{{0,70}}?[—–-]\s({_NAMES})[.:]\s|^[^!?\n]{{0,40}}?\s({_NAMES})\s[—–-]{{1,2}}\s"
)
# "(Reporting by …)" closes a Reuters text; "© AFP", "Copyright 2024 The Associated Press", "Source: dpa"; and an agency
# in brackets or behind a dash, or its bare name behind the last sentence: "(dpa/lni)", "- AFP", "EFE".
_CLOSING = re.compile(
    rf"(?:©|{either('credits.source')})[\s:\d©-]{{0,16}}({_NAMES})(?!\w)"
    rf"|(?:[(\[/]|[.!?\"”»]\s(?:[—–-]\s?)?|\n+)({_NAMES})(?:/\w{{1,8}}){{0,2}}[)\]/]?\.?\s*$"
)
_CONTRIBUTED = re.compile(rf"(?<!\w)({_NAMES})\s(?:{either('credits.contributed')})")
# "told The Plainsman" in The Plainsman, "unserer Zeitung": its own people asked.
_OWN = re.compile(
    rf"\b(?:(?P<own>{either('credits.own')})\b|(?:{either('credits.told')})\s(?P<name>(?:\S{{1,24}}\s?){{1,4}}))"
)
_PERSON = re.compile(r"(?:by\s)?[^\W\d_][\w.'’-]*(?:\s[^\W\d_][\w.'’-]*){1,4}")
_OWN_CHARS = 4_000
_FIRST_CHARS = 160
_LAST_CHARS = 240
_BYLINE_CHARS = 200


class Credits(NamedTuple):
    """Whom a text credits."""

    rests_on: tuple[str, ...]
    """Agencies, sorted, then outlets, whose report this is; several when a text is put together from several."""
    carries: tuple[str, ...]
    """Agencies of which a report of its own holds a part, sorted."""
    has_reported: bool = False
    """A person is named as its author, or it says that its own people asked: what stands in it beside another's text is
    a report of its own."""


def find_credits(page: Page, entry: Entry) -> Credits:
    """The agencies and outlets credited: agencies by their folded short names, outlets by their keys."""
    agencies: dict[str, None] = {}
    beside: dict[str, None] = {}
    bylines = [entry.author, *page.authors]
    if entry.source is not None:
        bylines.append(entry.source.title)
    for byline in bylines:
        if byline:
            folded = fold(byline[:_BYLINE_CHARS])
            _note(beside if _is_beside_a_name(folded, entry.url or page.url) else agencies, _IN_BYLINE, folded)
    text = page.text
    title = entry.title or page.title
    first = text.partition("\n")[0]
    if text:
        closing = fold(text[-_LAST_CHARS:])
        _note(beside, _CONTRIBUTED, closing)
        _note(agencies, _DATELINE, fold(text[:_FIRST_CHARS]).lstrip())
        _note(agencies, _CLOSING, closing)
    cited = find_cited(title, first)
    for each in cited:
        # "die Nachrichtenagentur AFP": what stands before the name may have a capital, too.
        words = [] if each.is_told else fold(each.name).split()
        named = (_BY_NAME.get(" ".join(words[start:])) for start in range(len(words)))
        if agency := next(filter(None, named), ""):
            agencies[agency] = None
    outlets = dict.fromkeys((*_passed_on(page, entry), *outlets_of(cited)))
    own = tuple(key for key in outlets if key not in agencies and key not in _SHORT_NAMES)
    if beside:
        # Its own report, whatever else is said of the agency at its end.
        agencies = {name: None for name in agencies if name not in beside}
    has_reported = bool(beside) or _has_reported(bylines, text, entry.url or page.url)
    return Credits(rests_on=(*sorted(agencies), *own), carries=tuple(sorted(beside)), has_reported=has_reported)


def agency_of(name: str) -> str:
    """The agency's short name if that is what a publisher called so is; else empty.

    >>> agency_of("The Associated Press")
    'ap'
    """
    return _BY_NAME.get(fold(name.strip()), "")


def is_agency(credit: str) -> bool:
    """Whether a credit is an agency's short name, and no outlet's key."""
    return credit in _SHORT_NAMES


def site_key(domain: str) -> str:
    """The key of an outlet that publishes under a registrable domain; empty for none.

    >>> site_key("nytimes.com")
    'nytimes'
    """
    return outlet_key(domain.partition(".")[0]) if domain else ""


def _passed_on(page: Page, entry: Entry) -> tuple[str, ...]:
    """Outlets that feed or page name as the one whose article this is: `<source>`, a canonical url elsewhere."""
    source = entry.source
    if source is None and (page.url == entry.url or not page.url):
        return ()  # as nearly all, and for little: domains are dear
    keys: list[str] = []
    here = registrable(entry.url)
    there = registrable(page.url)
    if here and there and here != there:
        keys.append(site_key(there))
    if source is not None and source.title and not _IN_BYLINE.search(fold(source.title[:_BYLINE_CHARS])):
        site = registrable(source.url)
        if site != here:
            keys.append(site_key(site) or outlet_key(source.title[:_BYLINE_CHARS]))
    return tuple(key for key in keys if key)


def _is_beside_a_name(folded: str, url: str) -> bool:
    """Whether a byline names a person beside the agency: not the newspaper itself, "Le Matinal avec AFP"."""
    match = _BESIDE.match(folded)
    return match is not None and outlet_key(match["name"]) != site_key(registrable(url))


def _has_reported(bylines: Iterable[str], text: str, url: str) -> bool:
    for byline in bylines:
        folded = fold(byline[:_BYLINE_CHARS])
        is_person = bool(folded) and _PERSON.match(folded) is not None and not _IN_BYLINE.search(folded)
        if is_person and not is_same_outlet(outlet_key(folded), site_key(registrable(url))):
            return True
    for match in _OWN.finditer(fold(text[:_OWN_CHARS])):
        words = [] if match["own"] else match["name"].split()
        names = (outlet_key(" ".join(words[:end])) for end in range(len(words), 0, -1))
        if match["own"] or any(is_same_outlet(name, site_key(registrable(url))) for name in names):
            return True
    return False


def _note(agencies: dict[str, None], pattern: re.Pattern[str], text: str) -> None:
    for match in pattern.finditer(text):
        name = next(group for group in match.groups() if group)
        agencies[_BY_NAME[name]] = None


_SHORT_NAMES = frozenset(_BY_NAME.values())
