"""Vectors: headlines and a model directory go in; the headlines' vectors, kept for the next run, come out.

    python -m eval.vectors --data ../shared/data --model DIR [--days 2014-03-20:2014-03-23] [--file headlines_dev]

What tunes the weights of vectors asks for the same ones again and again: a run writes them to an `.npy` file in a
folder of temporary files, named for the table, its days and the model.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from eval import corpus
from eval.stories import headline_rows
from stayahead.encoders import load, read_manifest
from stayahead.stories import Row

CACHE = Path(tempfile.gettempdir()) / "stayahead-vectors"


def rows_of(path: Path, days: tuple[str, str]) -> list[Row]:
    """The headlines of those days, first and last (ISO dates), in order of arrival."""
    first, last = days
    return [row for row in headline_rows(path) if first <= row.arrival.date().isoformat() <= last]


def vectors_of(rows: list[Row], folder: Path, *, name: str) -> NDArray[np.int8]:
    """Their vectors, a row each; zeros where there is none. Read from the cache under that name if they are there."""
    manifest = read_manifest(folder)
    path = CACHE / f"{name}-{manifest.model}.npy"
    if path.exists():
        found: NDArray[np.int8] = np.load(path)
        if found.shape == (len(rows), manifest.dimensions):
            return found
    encoder = load(folder)
    made = np.zeros((len(rows), manifest.dimensions), np.int8)
    for place, row in enumerate(tqdm(rows, unit=" texts", disable=None)):
        vector = encoder.encode(row.title, row.text)
        if vector:
            made[place] = np.frombuffer(vector, np.int8)
    CACHE.mkdir(parents=True, exist_ok=True)
    np.save(path, made)
    return made


def main() -> int:
    """The command line."""
    words = corpus.words(__doc__)
    words.add_argument("--model", type=Path, required=True, help="a model directory")
    words.add_argument("--file", default="headlines_dev", help="which table of headlines (default: headlines_dev)")
    words.add_argument("--days", default="2014-03-20:2014-03-23", help="first and last day, with a colon between")
    given = words.parse_args()
    corpus.require(given.data, "stories")
    first, last = given.days.split(":")
    rows = rows_of(given.data / "stories" / f"{given.file}.tsv.gz", (first, last))
    began = time.process_time()
    found = vectors_of(rows, given.model, name=f"{given.file}-{first}-{last}")
    seconds = time.process_time() - began
    print(f"{len(rows)} headlines, {int(found.any(axis=1).sum())} with a vector, {seconds:.0f} s of CPU; {CACHE}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
