"""Runs every analyzer over an article: what its sentences state, and where it stands in its headline and lede.

A new analyzer is a file beside this one and a line in `ANALYZERS`; its values are a line in `model.STATEMENTS`. Whoever
changes what one finds counts its version up, its words in `language/lexicon` among it: after an upgrade, live stories
whose articles other versions read are analysed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

import msgspec

from stayahead.analyze.card import lede_of
from stayahead.analyze.casualties import KIND as CASUALTIES
from stayahead.analyze.casualties import find_casualties
from stayahead.analyze.correction_notes import KIND as CORRECTIONS
from stayahead.analyze.correction_notes import find_notes
from stayahead.analyze.documents import KIND as DOCUMENTS
from stayahead.analyze.documents import find_documents
from stayahead.analyze.figures import KIND as FIGURES
from stayahead.analyze.figures import find_figures
from stayahead.analyze.names import KIND as NAMES
from stayahead.analyze.names import NAMES_MOST, find_names
from stayahead.analyze.prose import Prose
from stayahead.analyze.quotes import KIND as QUOTES
from stayahead.analyze.quotes import find_quotes
from stayahead.model import LEDE, STATEMENTS, TITLE, Page, Statement, Statements
from stayahead.text import collapse

STATEMENTS_MOST = 64
"""Of one kind in one article: a report has a dozen, a list of a year's disasters has hundreds."""
QUOTES_MOST = 128
"""Quotes are counted by the stretch in marks, so an interview has many more (docs/decisions/0160)."""


class Analyzer(NamedTuple):
    """One kind of statement, and what finds it."""

    kind: str
    version: int
    find: Callable[[Prose], Iterable[Statement]]
    """Pure, and in the order of the text."""
    most: int = STATEMENTS_MOST
    """How many of an article are kept, the first."""
    is_in_row: bool = True
    """What it finds in headline and lede is kept with the article's row, for lists and summaries."""


ANALYZERS = (
    Analyzer(CASUALTIES, 3, find_casualties),
    Analyzer(CORRECTIONS, 1, find_notes),
    Analyzer(DOCUMENTS, 1, find_documents),
    Analyzer(QUOTES, 2, find_quotes, most=QUOTES_MOST, is_in_row=False),
    Analyzer(FIGURES, 2, find_figures, is_in_row=False),
    Analyzer(NAMES, 1, find_names, most=NAMES_MOST, is_in_row=False),
)
_IN_ROW = frozenset(each.kind for each in ANALYZERS if each.is_in_row)


def versions() -> str:
    """Every analyzer with its version: `casualties=3`."""
    return " ".join(f"{each.kind}={each.version}" for each in ANALYZERS)


def find_statements(title: str, page: Page, *, words: str | None = None) -> Statements:
    """All that the analyzers find under that headline; `words`: of both, as `ArticleCard` has them, is quicker."""
    text = Prose(title, page, words=words)
    found = tuple(statement for each in ANALYZERS for statement in islice(each.find(text), each.most))
    return Statements(versions=versions(), text=found, row=tuple(_in_row(found, page)))


def _in_row(found: Iterable[Statement], page: Page) -> Iterator[Statement]:
    """Those of headline and lede; places in the lede are places in its paragraphs, joined as `lede_of` joins them."""
    lede = ""
    starts: dict[int, int] = {}
    for statement in found:
        if statement.kind not in _IN_ROW:
            continue
        if statement.block == TITLE:
            yield statement
            continue
        if not starts:
            lede, starts = lede_of(page)
        if statement.block in starts:
            text = page.blocks[statement.block].text
            start = starts[statement.block] + len(collapse(text[: statement.start] + "x")) - 1
            end = starts[statement.block] + len(collapse(text[: statement.end]))
            if lede[start:end] == collapse(text[statement.start : statement.end]):
                yield replace(statement, block=LEDE, start=start, end=end)


# ── packed, for the pipe between processes and the store ─────────────────────────────────────────────────────────────

_encoder = msgspec.msgpack.Encoder()
_lines = msgspec.msgpack.Decoder(list[tuple[str, int, int, int, msgspec.Raw]])
_values = {kind: msgspec.msgpack.Decoder(value) for kind, value in STATEMENTS.items()}


def packed(statements: Iterable[Statement]) -> bytes:
    """The statements as msgpack, each value under its kind."""
    return _encoder.encode([(each.kind, each.block, each.start, each.end, each.value) for each in statements])


def unpacked(blob: bytes) -> tuple[Statement, ...]:
    """The statements; those of a kind that is no more are left out."""
    return tuple(
        Statement(kind=kind, block=block, start=start, end=end, value=_values[kind].decode(value))
        for kind, block, start, end, value in _lines.decode(blob)
        if kind in _values
    )
