"""Looks at the service from outside: what its processes weigh, and whether an article is in its API."""

from __future__ import annotations

import http.client
import json
from contextlib import suppress
from pathlib import Path

from soak.hostile import measure

SAMPLE_S = 0.1
ASK_WAIT_S = 10.0
_PROC = Path("/proc")


def memory_of(pid: int) -> int:
    """The PSS of a process and all below it, in bytes: what is shared is shared out, so that the sum is true."""
    return measure.pss_bytes(
        text for each in measure.descendants(_parents(), pid) if (text := _read(_PROC / str(each) / "smaps_rollup"))
    )


def _parents() -> dict[int, int]:
    parents = {}
    for folder in _PROC.iterdir():
        if folder.name.isdigit() and (stat := _read(folder / "stat")):
            parents[int(folder.name)] = int(stat.rpartition(")")[2].split()[1])  # a name may hold blanks and brackets
    return parents


def _read(path: Path) -> str:
    """What stands there; empty when the process has ended meanwhile."""
    with suppress(OSError):
        return path.read_text("utf-8", "replace")
    return ""


def is_found(port: int, word: str) -> bool:
    """Whether the API finds an article by that word."""
    answer = asked(port, f"/v1/search?q={word}&limit=1")
    return isinstance(answer, dict) and bool(answer.get("hits"))


def asked(port: int, path: str, *, wait_s: float = ASK_WAIT_S) -> object:
    """What the API says (nothing in an error), or None when it does not answer in time."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=wait_s)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return json.loads(answer.read()) if answer.status == 200 else {}
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        connection.close()
