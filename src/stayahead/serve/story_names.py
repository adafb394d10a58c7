"""The names of a story as its page shows them: those in most reports, under a heading for each type."""

from __future__ import annotations

from itertools import islice

from stayahead.analyze import NAMES
from stayahead.model import NameType
from stayahead.ports import Claims
from stayahead.stories.name_list import NameLine, NameList, name_list

LINE_REPORTS = 60
"""Newest reports whose names are laid together: a long story's older ones name no one who matters now."""
LINE_MOST = 8
"""Names of each type."""
_KINDS: tuple[tuple[NameType, str], ...] = (
    ("person", "People"),
    ("organisation", "Organisations"),
    ("place", "Places"),
)


def names_by_type(names: NameList) -> tuple[tuple[str, tuple[NameLine, ...]], ...]:
    """The names of a story's page under their headings, those without a type left out."""
    own = ((label, tuple(islice((line for line in names if line.what == what), LINE_MOST))) for what, label in _KINDS)
    return tuple((label, lines) for label, lines in own if lines)


def read_names(claims: Claims, story_id: str) -> NameList:
    """The names of a story's newest reports, for its page."""
    return name_list(claims.claims(story_id, kind=NAMES, limit=LINE_REPORTS))
