"""Measures how near to each other a model puts the headlines of one story, and caches its vectors for tuning.

    python -m eval.vectors --data ../shared/data --model DIR [--days 2014-03-20:2014-03-23] [--file headlines_dev]

Tuning needs the same vectors again and again: a run writes them to an `.npy` file in a folder of temporary files, named
for the table, its days and the model. The figure is the share of a headline's twelve nearest of its day that are of its
story, weighted by squared cosine, as in the engine's vote.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from eval import corpus
from eval.stories import headline_lines, headline_rows
from stayahead.encoders import load, read_manifest
from stayahead.stories import Row

MOST_A_DAY = 2_500
"""How many headlines of a day are compared with each other."""
CACHE = Path(tempfile.gettempdir()) / "stayahead-vectors"


def rows_of(path: Path, days: tuple[str, str]) -> list[Row]:
    """The headlines of those days, first and last (ISO dates), in order of arrival."""
    first, last = days
    return [row for row in headline_rows(path) if first <= row.arrival.date().isoformat() <= last]


def vectors_of(rows: list[Row], folder: Path, *, name: str) -> NDArray[np.int8]:
    """The vectors of the rows, one each, zeros where there is none; from the cache of that name if there is one."""
    manifest = read_manifest(folder)
    path = CACHE / f"{name}-{manifest.model}.npy"
    if path.exists():
        found: NDArray[np.int8] = np.load(path)
        if found.shape == (len(rows), manifest.dimensions):
            return found
    encoder = load(folder)
    vectors: NDArray[np.int8] = np.zeros((len(rows), manifest.dimensions), np.int8)
    for place, row in enumerate(tqdm(rows, unit=" texts", disable=None)):
        vector = encoder.encode(row.title, row.text)
        if vector:
            vectors[place] = np.frombuffer(vector, np.int8)
    CACHE.mkdir(parents=True, exist_ok=True)
    np.save(path, vectors)
    return vectors


def labels_of(path: Path, days: tuple[str, str]) -> list[tuple[str, str]]:
    """Day and story of those headlines, in the order of `rows_of`."""
    lines = ((line["arrival"][:10], line["story"]) for line in headline_lines(path))
    return [(day, story) for day, story in lines if days[0] <= day <= days[1]]


def nearness(labels: list[tuple[str, str]], vectors: NDArray[np.int8], *, nearest: int = 12) -> float:
    """Mean share, by squared cosine, of a headline's nearest of its day that are of its story, if that has others."""
    shares = []
    for day in sorted({day for day, _ in labels}):
        places = [place for place, label in enumerate(labels) if label[0] == day][:MOST_A_DAY]
        names = np.array([labels[place][1] for place in places])
        wide = vectors[places].astype(np.float32)
        wide /= np.maximum(np.linalg.norm(wide, axis=1, keepdims=True), 1)
        cosines = wide @ wide.T
        np.fill_diagonal(cosines, -1)
        chosen = np.argpartition(-cosines, nearest, axis=1)[:, :nearest]
        weights = np.maximum(np.take_along_axis(cosines, chosen, 1), 0) ** 2
        same = names[chosen] == names[:, None]
        has_company = (names[:, None] == names[None]).sum(axis=1) > 1
        shares.append(float(((weights * same).sum(1) / np.maximum(weights.sum(1), 1e-9))[has_company].mean()))
    return sum(shares) / len(shares)


def main() -> int:
    """The command line."""
    parser = corpus.parser(__doc__)
    parser.add_argument("--model", type=Path, required=True, help="a model directory")
    parser.add_argument("--file", default="headlines_dev", help="which table of headlines (default: headlines_dev)")
    parser.add_argument("--days", default="2014-03-20:2014-03-23", help="first and last day, with a colon between")
    options = parser.parse_args()
    corpus.require(options.data, "stories")
    first, last = options.days.split(":")
    path = options.data / "stories" / f"{options.file}.tsv.gz"
    rows = rows_of(path, (first, last))
    began = time.process_time()
    vectors = vectors_of(rows, options.model, name=f"{options.file}-{first}-{last}")
    seconds = time.process_time() - began
    print(f"{len(rows)} headlines, {int(vectors.any(axis=1).sum())} with a vector, {seconds:.0f} s of CPU; {CACHE}")
    print(f"of the twelve nearest, of the same story: {100 * nearness(labels_of(path, (first, last)), vectors):.1f} %")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
