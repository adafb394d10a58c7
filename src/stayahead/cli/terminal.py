"""Prints what commands say, so that nothing that a source wrote can command the terminal or give away a password."""

from __future__ import annotations

import re
import sys
from typing import TextIO

from stayahead.urls import without_logins

_COMMANDING = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a terminal obeys (escapes, both C0 and C1), what ends a line, and what turns the order of letters around."""
_COMMANDING_IN_JSON = re.compile("[\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069]")
"""Those of them that JSON leaves as they are."""


def say(text: object, *, to_errors: bool = False) -> None:
    """Print one line, whatever the text holds; tabs divide columns."""
    stream: TextIO = sys.stderr if to_errors else sys.stdout
    print(plain(str(text)), file=stream, flush=True)


def plain(text: str) -> str:
    """One line without logins, with escapes for what would be obeyed and not shown."""
    return _COMMANDING.sub(_escape, without_logins(text))


def plain_json(text: str) -> str:
    """JSON that says the same and that no terminal obeys."""
    return _COMMANDING_IN_JSON.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
