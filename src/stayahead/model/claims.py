"""What the sentences of an article state, each with its place, so that a line of a ledger leads to its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

CasualtySlot: TypeAlias = Literal["dead", "hurt", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CasualtyFigure:
    """How many people a sentence says are dead, hurt or missing."""

    slot: CasualtySlot
    count: int


CorrectionKind: TypeAlias = Literal["corrected", "clarified", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionNote:
    """That a report says of itself that it was wrong, could be misread, or is taken back."""

    what: CorrectionKind


DocumentKind: TypeAlias = Literal["court", "filing", "official", "release", "paper"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A primary document that a text links to."""

    kind: DocumentKind
    url: str


StatementValue: TypeAlias = CasualtyFigure | CorrectionNote | Document
"""What a statement says: a small value for each kind. Later issues add quotes, figures, topics, places."""

STATEMENTS: dict[str, type[StatementValue]] = {
    "casualties": CasualtyFigure,
    "corrections": CorrectionNote,
    "documents": Document,
}
"""Every kind of statement by its tag. A tag is written to disk and to the API: it never changes its meaning."""

TITLE = -1
"""The block of a statement that stands in the headline."""
LEDE = 0
"""The block of a statement in `Statements.row` that stands in the lede."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one sentence of a text states: a claim that does not know yet whose it is."""

    kind: str
    """A tag of `STATEMENTS`."""
    block: int
    """Of the page, from 0; `TITLE`: it stands in the headline."""
    start: int
    """The sentence is [start, end) of the block's text, in code points. A headline is one sentence."""
    end: int
    value: StatementValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """All that the analyzers found in one revision of an article."""

    versions: str
    """Which analyzers looked, as `analyze.versions` names them."""
    text: tuple[Statement, ...] = ()
    row: tuple[Statement, ...] = ()
    """Those of headline and lede, where they stand there: a list of articles shows no more of a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A statement with the article and the revision that make it."""

    article_id: str
    revision: int
    statement: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Reanalysis:
    """What later analyzers found in a revision that is stored already."""

    article_id: str
    revision: int
    versions: str
    statements: Statements | None
    """None: they could not read it. It is not tried again before there are other versions, and counts as not read."""
