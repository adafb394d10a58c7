"""What the sentences of an article state, each with its place, so that a line of a ledger leads to its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

CasualtySlot: TypeAlias = Literal["dead", "hurt", "missing"]
QuoteRule: TypeAlias = Literal["", "behind", "before", "inside", "split", "announced", "open"]
"""The rules by which a quote is somebody's, the surest first (`analyze/attribution`); empty: it is nobody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CasualtyFigure:
    """How many people a sentence says are dead, hurt or missing."""

    slot: CasualtySlot
    count: int


FigureSlot: TypeAlias = Literal[
    "dead",
    "injured",
    "missing",
    "arrested",
    "displaced",
    "rescued",
    "money",
    "magnitude",
    "percent",
    "votes",
    "score",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number that a sentence states of what happened, with all that the sentence says of it."""

    slot: FigureSlot
    low: int | float
    high: int | float | None = None
    """The other end of a range; of votes and scores the second side; None: one number."""
    hedge: str = ""
    """How sure the number is of itself: `at least`, `about`, `more than`, `less than`, `up to`, or a word for many
    (`dozens`), where the value is the least that it says; empty: it is told as it is."""
    unit: str = ""
    """A currency's ISO code, or the sign as written where several currencies share it (`$`); else empty."""
    is_increment: bool = False
    """It adds to a count that was told before: "three more died"."""
    place: str = ""
    """As written; empty: the sentence names none that the number surely belongs to."""
    as_of: str = ""
    """As written: "as of Friday", or the year of which the sentence speaks."""
    cited: str = ""
    """Who is named as the source, as written."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What somebody said in these very words, as far as the article says who."""

    words: str
    """Exactly, without the quotation marks."""
    mention: str = ""
    """Who says it, as written there: a name, a description, a pronoun; empty: nobody is named."""
    speaker: str = ""
    """The fullest name that the article has for whom it mentions; empty: it is a description, or in doubt."""
    role: str = ""
    """What stands beside the name: an office, a title, an insertion."""
    cue: str = ""
    """The verb or preposition that says so, as written."""
    rule: QuoteRule = ""
    """How the words were given to whoever is mentioned; from `split` on their own sentence does not say so."""


NameType: TypeAlias = Literal["person", "organisation", "place", ""]
"""What bears a name; empty: nothing in the text tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name that the article tells, once for all of its mentions."""

    text: str
    """The fullest form, in the text's own letters (NFC), without titles."""
    what: NameType = ""


StatementValue: TypeAlias = CasualtyFigure | CorrectionNote | Document | Quote | Figure | Name
"""What a statement says: a small value for each kind. Later issues add topics, places."""

STATEMENTS: dict[str, type[StatementValue]] = {
    "casualties": CasualtyFigure,
    "corrections": CorrectionNote,
    "documents": Document,
    "quotes": Quote,
    "figures": Figure,
    "names": Name,
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
