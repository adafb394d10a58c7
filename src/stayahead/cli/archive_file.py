"""Opens an archive of articles by its path, whatever its format, and reads its rows in a single pass.

Nothing is unpacked to disk or held whole in memory: an archive of a year may be larger than either.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from tqdm import tqdm

from stayahead.cli.terminal import say
from stayahead.errors import ArchiveError, ExtractError
from stayahead.language import detect
from stayahead.newsroom.archives import row_of
from stayahead.parse.archive import MAX_LINE_BYTES, ArchiveRow, read_rows
from stayahead.parse.gunzip import STEP_BYTES, BadGzip, gunzip
from stayahead.parse.json_objects import json_objects
from stayahead.parse.warc import read_pages

NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""Where an archive's clock starts when its first rows have no time."""

NAMED_MOST = 3
"""Pages left out of a WARC file that are named, for a crawl has thousands; the others are counted."""


@dataclass(frozen=True, slots=True)
class DatedRow:
    """A row with the time at which it arrives: its own, or that of the row before it."""

    row: ArchiveRow
    arrival: datetime


@contextmanager
def open_archive(path: Path) -> Iterator[Iterator[DatedRow]]:
    """The rows of an archive, in file order; the bar counts what was read of the file.

    Raises:
        ArchiveError: the file is no archive; the message names file, line or record, and remedy.
    """
    size = path.stat().st_size
    with path.open("rb") as raw, tqdm(total=size, unit="B", unit_scale=True, disable=None, delay=1.0) as bar:
        chunks = _chunks(raw, bar)
        if path.suffix == ".gz":
            chunks = gunzip(chunks)
        if path.name.lower().removesuffix(".gz").endswith(".warc"):
            yield _with_arrivals(_articles(_naming_errors(chunks, path), path))
        else:
            split = _objects if path.name.lower().removesuffix(".gz").endswith(".json") else _lines
            yield _with_arrivals(read_rows(split(chunks, path), name=path.name))


def _with_arrivals(rows: Iterator[ArchiveRow]) -> Iterator[DatedRow]:
    now = NO_TIME
    for row in rows:
        now = row.arrival or now
        yield DatedRow(_with_language(row), now)


def _with_language(row: ArchiveRow) -> ArchiveRow:
    """The row in its language, told as the river tells a page's where the archive does not say it."""
    # Without one, articles of every language would be weighed by one table of rarity, with no stop words at all.
    if row.language:
        return row
    return replace(row, language=detect(row.text) or detect(f"{row.title}. {row.text}"))


def _chunks(raw: BinaryIO, bar: tqdm[None]) -> Iterator[bytes]:
    while chunk := raw.read(STEP_BYTES):
        bar.update(len(chunk))
        yield chunk


def _lines(chunks: Iterator[bytes], path: Path) -> Iterator[bytes]:
    number = 0
    lines = io.BufferedReader(_Stream(chunks), STEP_BYTES)
    try:
        while line := lines.readline(MAX_LINE_BYTES + 1):
            number += 1
            yield line
    except (BadGzip, OSError) as error:
        raise _unreadable(path, f"after line {number}", error) from error


def _objects(chunks: Iterator[bytes], path: Path) -> Iterator[bytes]:
    yield from json_objects(_naming_errors(chunks, path), most=MAX_LINE_BYTES)


def _naming_errors(chunks: Iterable[bytes], path: Path) -> Iterator[bytes]:
    """The same chunks; what is wrong with them is told with the file."""
    size = 0
    try:
        for chunk in chunks:
            size += len(chunk)
            yield chunk
    except (BadGzip, OSError) as error:
        raise _unreadable(path, f"after {size:,} bytes", error) from error


def _unreadable(path: Path, where: str, error: Exception) -> ArchiveError:
    return ArchiveError(f"{path}, {where}: cannot be read on ({error}); make or fetch it again")


def _articles(chunks: Iterator[bytes], path: Path) -> Iterator[ArchiveRow]:
    """The articles among the pages of a WARC file; what was left out is told at its end."""
    left_out = 0
    for page in read_pages(chunks, name=path.name):
        try:
            yield row_of(page)
        except ExtractError as error:
            left_out += 1
            if left_out <= NAMED_MOST:
                say(f"{path.name}, record {page.record}: left out: {error}", to_errors=True)
    if left_out:
        say(f"{path.name}: {left_out} pages left out, for they are no articles", to_errors=True)


class _Stream(io.RawIOBase):
    """Chunks as a file that can be read once."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        """Say that it is for reading."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # io gives nothing but a memoryview
        """The next bytes; none at the end."""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = chunk
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size
