"""Cursors: the text of an event id in, an epoch with an update number out, and back."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CURSOR = re.compile(r"([A-Za-z0-9_.-]{1,64})-([0-9]{1,15})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a reader has come: `epoch-number` on the wire."""

    epoch: str
    number: int

    def __str__(self) -> str:
        return f"{self.epoch}-{self.number}"


def parse_cursor(text: str) -> Cursor | None:
    """The cursor that the text is; None when it is none."""
    found = _CURSOR.fullmatch(text.strip())
    return Cursor(found[1], int(found[2])) if found else None
