"""Reads archives of articles (TSV with a header, or JSON objects) for import, replay and clustering, row by row.

Columns are found by name, in any order: `id`, `title`; optional `text`, `url`, `publisher`, `language` or `lang`,
`arrival`, `published` or `date`, and `cluster`. With `lang`, `date` and `cluster` it reads the benchmark of Miranda et
al. 2018 ("Multilingual Clustering of Streaming News", EMNLP) as published. Other columns are ignored, so the labels of
a test set cannot leak into a run. The caller opens the file and decompresses it within limits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from stayahead.errors import ArchiveError
from stayahead.model import Page
from stayahead.text import collapse
from stayahead.when import parse_date

MAX_LINE_BYTES = 4_000_000
"""One article; a longer line is a broken file."""

COLUMNS = ("id", "title", "text", "url", "publisher", "language", "lang", "arrival", "published", "date", "cluster")

_SHORTER = {
    "ara": "ar", "cat": "ca", "chi": "zh", "deu": "de", "eng": "en", "fra": "fr", "fre": "fr", "ger": "de", "hrv": "hr",
    "ind": "id", "ita": "it", "jpn": "ja", "kor": "ko", "nld": "nl", "pol": "pl", "por": "pt", "rus": "ru", "slv": "sl",
    "spa": "es", "tur": "tr", "ukr": "uk", "zho": "zh",
}  # fmt: skip
"""Two-letter code (ISO 639-1) of each three-letter one (ISO 639-2) that archives use."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_ESCAPES = {r"\t": "\t", r"\n": "\n", r"\r\n": "\n", r"\r": "\n"}
_ESCAPE = re.compile(r"\\r\\n|\\[tnr]")
"""How TSV writes tabs and line ends inside a `text`; nothing else is unescaped, so a backslash in a title stays."""

_Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveRow:
    """One article of an archive, as written; only `line`, `id` and `title` are always there."""

    line: int
    """Number of its line (or record) in the file, the first being 1."""
    id: str
    title: str
    text: str = ""
    url: str = ""
    publisher: str = ""
    language: str = ""
    arrival: datetime | None = None
    """When it arrived; without that column, when it was `published`, else its `date`."""
    page: Page | None = None
    """The extracted page, in archives of pages (WARC)."""
    label: str = ""
    """The `cluster` that an annotator gave it: for scoring, never shown to the engine."""


def read_rows(lines: Iterable[bytes], *, name: str) -> Iterator[ArchiveRow]:
    """The rows of an archive, in file order, read lazily.

    Args:
        lines: its lines, decompressed, as a file opened for bytes gives them; for `.json`, one object each.
        name: its file name, which says its kind: `.tsv`, `.jsonl`, `.ndjson` or `.json`, each also with `.gz`.

    Raises:
        ArchiveError: at the first line that cannot be read, or at the name; with file, line and remedy.
    """
    bare = name.lower().removesuffix(".gz")
    if bare.endswith((".jsonl", ".ndjson", ".json")):
        return _rows(_numbered(lines, name), _json_row, name)
    if bare.endswith(".tsv"):
        return _tsv(_numbered(lines, name), name)
    raise ArchiveError(f"{name}: the kind of archive is not known; name it .tsv, .jsonl, .json or .warc (and .gz)")


def _numbered(lines: Iterable[bytes], name: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, as text, with their numbers."""
    for number, line in enumerate(lines, start=1):
        if len(line) > MAX_LINE_BYTES:
            raise _wrong(
                name, number, f"the line is longer than {MAX_LINE_BYTES:,} bytes", "one article goes in a line"
            )
        try:
            # A byte order mark would stick to the first column's name, which would then not be found.
            text = line.removeprefix(b"\xef\xbb\xbf").decode("utf-8") if number == 1 else line.decode("utf-8")
        except UnicodeDecodeError:
            raise _wrong(name, number, "the line is not UTF-8", "convert the file to UTF-8") from None
        if not text.isspace():
            yield number, text.rstrip("\r\n")


def _tsv(lines: Iterator[tuple[int, str]], name: str) -> Iterator[ArchiveRow]:
    """The rows of a TSV file, split at tabs and nowhere else (docs/decisions/0015)."""
    # Python's csv module would take the bare quote of a title like `"Yes" he said` as the start of a quoted cell and
    # swallow every line up to the next one.
    first = next(lines, None)
    if first is None:
        raise _wrong(name, 1, "the file is empty", "its first line names the columns")
    header = [column.strip().lower() for column in first[1].split("\t")]
    index_of = {column: header.index(column) for column in COLUMNS if column in header}
    for column in ("id", "title"):
        if column not in index_of:
            raise _wrong(name, first[0], f"the header has no column {column!r}", "name the columns in the first line")

    def row(line: str) -> _Row:
        cells = line.split("\t")
        if len(cells) != len(header):
            raise ValueError(f"{len(cells)} columns where the header has {len(header)}")
        values = {column: cells[place] for column, place in index_of.items()}
        if "\\" in values.get("text", ""):
            values["text"] = _ESCAPE.sub(lambda match: _ESCAPES[match[0]], values["text"])
        return values

    return _rows(lines, row, name)


def _json_row(line: str) -> _Row:
    """The columns that we know, as text.

    Raises:
        ValueError: the line is no JSON object.
    """
    try:
        row: object = json.loads(line)
    except RecursionError as error:
        raise ValueError("JSON nested without end") from error
    if not isinstance(row, dict):
        raise TypeError("not a JSON object")
    return {column: _as_text(row.get(column)) for column in COLUMNS}


def _as_text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value)


def _rows(lines: Iterator[tuple[int, str]], row_of: Callable[[str], _Row], name: str) -> Iterator[ArchiveRow]:
    for number, line in lines:
        try:
            row = row_of(line)
        except (ValueError, TypeError) as error:
            raise _wrong(name, number, str(error), "correct or remove the line") from error
        yield _archived(row, number, name)


def _archived(row: _Row, number: int, name: str) -> ArchiveRow:
    # JSON may carry controls and lone surrogates: the first break pages and feeds that we write, the second cannot even
    # be encoded as UTF-8 for the database.
    values = {column: _FORBIDDEN.sub("", value) for column, value in row.items()}
    row_id = collapse(values.get("id", ""))
    if not row_id:
        raise _wrong(name, number, "the row has no id", "every row needs one")
    arrival_text = values.get("arrival", "").strip()
    arrived_at = parse_date(arrival_text or values.get("published", "").strip() or values.get("date", "").strip())
    # A bad `published` is the publisher's and only costs the time; a bad `arrival` was written for us and would put the
    # row in the wrong order.
    if arrival_text and arrived_at is None:
        raise _wrong(
            name, number, f"{arrival_text[:60]!r} is no time since 1990", "write times as 2026-11-22T12:00:00Z"
        )
    language = (values.get("language", "") or values.get("lang", "")).strip().lower()
    return ArchiveRow(
        line=number,
        id=row_id,
        title=collapse(values.get("title", "")),
        text=values.get("text", "").strip(),
        url=values.get("url", "").strip(),
        publisher=collapse(values.get("publisher", "")),
        language=_SHORTER.get(language, language),
        arrival=arrived_at,
        label=collapse(values.get("cluster", "")),
    )


def _wrong(name: str, line: int, what: str, remedy: str) -> ArchiveError:
    return ArchiveError(f"{name}, line {line}: {what}; {remedy}")
