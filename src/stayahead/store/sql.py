"""Gives the code its SQL by name, so that statements stand in `.sql` files, where they can be read as such.

A block begins with `-- name: word` and ends at the next one. `@word@` stands for the text of that block of the same
file, so that a list of columns is written once.
"""

from __future__ import annotations

import re
from importlib.resources import files

_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)
_USE = re.compile(r"@(\w+)@")


def blocks(file_name: str) -> dict[str, str]:
    """The blocks of one of this package's `.sql` files by name.

    Raises:
        KeyError: a block uses one that is not above it.
    """
    return parse(files(__package__).joinpath(file_name).read_text("utf-8"))


def parse(text: str) -> dict[str, str]:
    """The blocks of that text by name."""
    pieces = _NAME.split(text)
    by_name: dict[str, str] = {}
    for name, body in zip(pieces[1::2], pieces[2::2], strict=True):
        by_name[name] = _USE.sub(lambda use: by_name[use[1]], body.strip())
    return by_name


def migrations() -> tuple[str, ...]:
    """The scripts of `migrations/` in order; the first makes a file of version 1."""
    folder = files(__package__).joinpath("migrations")
    scripts = sorted((item.name, item) for item in folder.iterdir() if item.name.endswith(".sql"))
    return tuple(item.read_text("utf-8") for _, item in scripts)
