"""A story's names: who and what its reports speak of, each once, typed by all of them together.

A fold of claims like every ledger (`stories/ledger`). `Peskov` in one report is the `Dmitry Peskov` of another where no
other name of the story ends so, and what most reports call a person is one everywhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stayahead.model import ArticleClaims, Name, NameType
from stayahead.text import fold

NAMES_MOST = 400
"""Names of a story, those in most reports: what one of two hundred reports mentions is nobody's cast."""
_NAMESAKES = 8
"""Longer names looked at for a short one."""
_TYPES: tuple[NameType, ...] = ("person", "organisation", "place")


@dataclass(frozen=True, slots=True, kw_only=True)
class NameLine:
    """One name of a story."""

    text: str
    """The fullest form that the reports have, as most of them write it."""
    what: NameType
    articles: int
    """How many reports name it, in whatever form."""
    forms: tuple[str, ...]
    """Shorter forms that stand for it."""

    @property
    def keys(self) -> frozenset[str]:
        """All its forms as they are compared."""
        return frozenset(map(key_of, (self.text, *self.forms)))


NameList = tuple[NameLine, ...]
"""The names of a story, those in most reports first."""


@dataclass(slots=True)
class _Group:
    key: tuple[str, ...]
    spellings: Counter[str]
    votes: Counter[NameType]
    articles: set[str]
    forms: set[str]


def key_of(text: str) -> str:
    """A name as names are compared: folded, its words by single blanks, points left out."""
    return " ".join(fold(text).replace(".", "").split())


def name_list(articles: Iterable[ArticleClaims]) -> NameList:
    """The names that the articles tell; in whatever order they come, the list is the same."""
    groups = _merged(_grouped(articles))
    lines = [
        NameLine(
            text=min(each.spellings, key=lambda text: (-each.spellings[text], text)),
            what=_elected(each.votes),
            articles=len(each.articles),
            forms=tuple(sorted(each.forms)),
        )
        for each in groups
    ]
    return tuple(sorted(lines, key=lambda line: (-line.articles, line.text))[:NAMES_MOST])


def line_of(names: NameList, name: str) -> NameLine | None:
    """The line that a name is, or is a short form of; None where the story has none, or two."""
    key = key_of(name)
    whole = [line for line in names if key_of(line.text) == key]
    lines = whole or [line for line in names if key in line.keys]
    return lines[0] if len(lines) == 1 else None


def _grouped(articles: Iterable[ArticleClaims]) -> Mapping[tuple[str, ...], _Group]:
    groups: dict[tuple[str, ...], _Group] = {}
    for each in articles:
        for claim in each.claims:
            value = claim.statement.value
            if not isinstance(value, Name) or not (key := tuple(key_of(value.text).split())):
                continue
            group = groups.get(key)
            if group is None:
                group = groups[key] = _Group(key, Counter(), Counter(), set(), set())
            group.spellings[value.text] += 1
            group.articles.add(each.article.id)
            if value.what:
                group.votes[value.what] += 1
    return groups


def _elected(votes: Counter[NameType]) -> NameType:
    """What most reports say; of equal ones the first of `_TYPES`."""
    best = max(_TYPES, key=lambda what: votes[what])
    return best if votes[best] else ""


def _merged(groups: Mapping[tuple[str, ...], _Group]) -> list[_Group]:
    """The groups with each short name counted for the only longer one that ends, or begins, so."""
    longer: dict[str, list[_Group]] = defaultdict(list)
    ranked = sorted(groups.values(), key=lambda each: (-len(each.key), each.key))
    for each in ranked:
        for word in {each.key[0], each.key[-1]} if len(each.key) > 1 else ():
            if len(longer[word]) <= _NAMESAKES:
                longer[word].append(each)
    kept: list[_Group] = []
    leading: list[tuple[_Group, _Group]] = []
    for each in ranked:
        full = _stands_for(each, longer)
        if full is None:
            kept.append(each)
        else:
            leading.append((each, full))
    # The shortest first, so that what a name has gathered goes on to the one that it is short for itself.
    for short, full in reversed(leading):
        full.votes.update(short.votes)
        full.articles |= short.articles
        full.forms |= short.forms | {min(short.spellings, key=lambda text: (-short.spellings[text], text))}
    return kept


def _stands_for(short: _Group, longer: Mapping[str, Sequence[_Group]]) -> _Group | None:
    """The only name that a shorter one is short for: a person's, or one of the same type."""
    for place in (-1, 0):
        fuller = [
            each
            for each in longer.get(short.key[place], ())
            if len(each.key) > len(short.key) and set(short.key) <= set(each.key) and _may_be(short, each, place)
        ]
        if fuller:
            whole = set(fuller[0].key)
            is_one = len(fuller) <= _NAMESAKES and all(set(each.key) <= whole for each in fuller)
            return fuller[0] if is_one else None
    return None


def _may_be(short: _Group, full: _Group, place: int) -> bool:
    """Whether their types allow it; by a first word only people are called."""
    own, other = _elected(short.votes), _elected(full.votes)
    if full.key[place] != short.key[place] or other == "place" or own == "place":
        return False
    return other == "person" or (place == -1 and own != "person")
