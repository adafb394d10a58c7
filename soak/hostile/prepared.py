"""Makes the database in which one story has thousands of copies, by the command line of the checkout under attack."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

WORD = "zqcopies"
"""In the headline of every copy."""
_KEPT: dict[tuple[tuple[str, ...], int], Path] = {}
"""Made once for all runs of this process, at some 900 articles a second."""


def put(folder: Path, copies: int, program: Sequence[str]) -> None:
    """Put a copy of it there."""
    key = (tuple(program), copies)
    if key not in _KEPT:
        _KEPT[key] = _made(copies, program)
    shutil.copytree(_KEPT[key], folder)


def forget() -> None:
    """Remove what was made."""
    for folder in _KEPT.values():
        shutil.rmtree(folder, ignore_errors=True)
    _KEPT.clear()


def _made(copies: int, program: Sequence[str]) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="stayahead-copies-"))
    text = " ".join(f"The bridge over the Kelvar fell on Monday near pier {n} and nobody was there." for n in range(8))
    published = datetime.now(UTC).isoformat(timespec="seconds")
    archive = folder / "copies.jsonl"
    with archive.open("w", encoding="utf-8") as file:
        for n in range(copies):
            row = {"id": str(n), "url": f"https://paper{n}.example/bridge", "title": f"{WORD} bridge falls"}
            file.write(json.dumps(row | {"text": text, "published": published, "language": "en"}) + "\n")
    words = [*program, "import", str(archive), "--data", str(folder)]
    subprocess.run(words, check=True, capture_output=True, timeout=600)
    archive.unlink()
    return folder
