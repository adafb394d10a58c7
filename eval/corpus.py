"""Finds the evaluation data, and gives the digest by which floors know that it is the same data."""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "data"
MISSING = 3
"""Exit code when the data is not there."""


def parser(description: str | None) -> argparse.ArgumentParser:
    """An argument parser with `--data`."""
    arguments = argparse.ArgumentParser(description=description)
    arguments.add_argument("--data", type=Path, default=DEFAULT, metavar="DIR", help="folder of the evaluation data")
    return arguments


def require(data: Path, *parts: str) -> None:
    """End the program with one clear line and exit code 3 when the folder, or a part of it, is not there."""
    for path in (data, *(data / part for part in parts)):
        if not path.exists():
            print(f"{path}: not there; this check needs the evaluation data (name its folder with --data DIR)")
            sys.exit(MISSING)


def digest(data: Path, parts: Iterable[str]) -> str:
    """16 hex digits of BLAKE2b over the names and contents of the files below the named parts."""
    total = hashlib.blake2b(digest_size=8)
    for part in parts:
        top = data / part
        for path in sorted([top] if top.is_file() else (entry for entry in top.rglob("*") if entry.is_file())):
            total.update(path.relative_to(data).as_posix().encode())
            total.update(hashlib.blake2b(path.read_bytes()).digest())
    return total.hexdigest()
