"""Opened: an archive's path in, its rows out, with the caps on compressed files and a progress bar."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from tqdm import tqdm

from stayahead.errors import ArchiveError
from stayahead.parse.archive import MAX_LINE_BYTES, ArchiveRow, read_rows

NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""Where an archive's clock starts when its first rows have no time."""


@dataclass(frozen=True, slots=True)
class DatedRow:
    """A row with the time at which it arrives: its own, or that of the row before it."""

    row: ArchiveRow
    arrival: datetime


@contextmanager
def archive(path: Path) -> Iterator[Iterator[DatedRow]]:
    """The rows of an archive, in file order; the bar counts what was read of the file.

    Raises:
        ArchiveError: the file is no archive; the message names file, line and remedy.
    """
    size = path.stat().st_size
    with path.open("rb") as raw, tqdm(total=size, unit="B", unit_scale=True, disable=None, delay=1.0) as bar:
        plain = cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if path.suffix == ".gz" else raw
        yield _dated(read_rows(_lines(plain, raw, path, bar), name=path.name))


def _dated(rows: Iterator[ArchiveRow]) -> Iterator[DatedRow]:
    now = NO_TIME
    for row in rows:
        now = row.arrival or now
        yield DatedRow(row, now)


def _lines(plain: BinaryIO, raw: BinaryIO, path: Path, bar: tqdm[None]) -> Iterator[bytes]:
    number = 0
    try:
        while line := plain.readline(MAX_LINE_BYTES + 1):
            number += 1
            yield line
            if number % 1000 == 0:
                bar.update(raw.tell() - bar.n)
    except (EOFError, gzip.BadGzipFile, OSError) as error:
        raise ArchiveError(
            f"{path}, after line {number}: cannot be read on ({error}); make or fetch it again"
        ) from error
    bar.update(raw.tell() - bar.n)
