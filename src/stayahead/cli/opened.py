"""Opened: an archive's path in, its rows out, with the caps on compressed files and a progress bar."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from tqdm import tqdm

from stayahead.errors import ArchiveError
from stayahead.parse.archive import ArchiveRow, read_rows

MAX_LINE_BYTES = 20_000_000
"""One article's line; a longer one is no article."""


@contextmanager
def archive(path: Path) -> Iterator[Iterator[ArchiveRow]]:
    """The rows of an archive, in file order; the bar counts what was read of the file.

    Raises:
        ArchiveError: the file is no archive; the message names file, line and remedy.
    """
    size = path.stat().st_size
    with path.open("rb") as raw, tqdm(total=size, unit="B", unit_scale=True, disable=None, delay=1.0) as bar:
        plain = cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if path.suffix == ".gz" else raw
        yield read_rows(_lines(plain, raw, path, bar), name=path.name)


def _lines(plain: BinaryIO, raw: BinaryIO, path: Path, bar: tqdm[None]) -> Iterator[bytes]:
    number = 0
    try:
        while line := plain.readline(MAX_LINE_BYTES):
            number += 1
            if len(line) >= MAX_LINE_BYTES:
                raise ArchiveError(f"{path}, line {number}: longer than {MAX_LINE_BYTES} bytes; is it an archive?")
            yield line
            if number % 1000 == 0:
                bar.update(raw.tell() - bar.n)
    except (EOFError, gzip.BadGzipFile, OSError) as error:
        raise ArchiveError(
            f"{path}, after line {number}: cannot be read on ({error}); make or fetch it again"
        ) from error
    bar.update(raw.tell() - bar.n)
