"""Starts the service on a full disk of its own, where it must end at once and say why, and not live on without news."""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

from soak.hostile.measure import Row

NAME = "full-disk"
WHAT = "A disk that is full when the service starts: it must end with its one line, not say that all is well."
WAIT_S = 30.0
# A file system in memory that only this process and its children see: nothing is left when they end.
_START = """
mount -t tmpfs -o size=24m none "$1" && cp -a "$2"/. "$1"/ || exit 77
dd if=/dev/zero of="$1"/filler bs=4k 2>/dev/null
shift 2
exec "$@"
"""
_NO_DISK = 77


def run(program: tuple[str, ...]) -> Row:
    """Start it, wait for its end, and say how it was."""
    with tempfile.TemporaryDirectory(prefix="stayahead-full-") as name:
        data, disk = Path(name) / "data", Path(name) / "disk"
        disk.mkdir()
        feeds = Path(name) / "feeds.opml"
        feeds.write_text('<opml version="2.0"><body><outline xmlUrl="http://127.0.0.1:9/feed"/></body></opml>', "utf-8")
        subprocess.run(
            [*program, "sources", "import", str(feeds), "--data", str(data)], check=True, capture_output=True
        )
        words = ["unshare", "--mount", "--map-root-user", "sh", "-c", _START, "sh", str(disk), str(data)]
        words += [*program, "run", "--data", str(disk), "--port", "0"]
        started = time.monotonic()
        with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            try:
                _, errors = process.communicate(timeout=WAIT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                return _row(ended=f"lived on in silence for {WAIT_S:.0f} s", faults=("it did not end",))
        return judged(process.returncode, errors, seconds=time.monotonic() - started)


def judged(code: int, errors: str, *, seconds: float) -> Row:
    """How it ended: with a code that is an error, and a line that says why."""
    if code == _NO_DISK or "unshare: " in errors:
        return _row(ended="not played: no small disk can be made here")
    lines = errors.splitlines()
    line = lines[-1] if lines else ""
    if code == 0 or not line.startswith("stayahead: "):
        return _row(ended=f"ended with {code}", faults=(f"its last line is {line[:200]!r}",))
    return _row(ended=f"as it must: after {seconds:.0f} s, {line[:120]!r}")


def _row(*, ended: str, faults: tuple[str, ...] = ()) -> Row:
    return Row(
        name=NAME, stall_s=0.0, raw_stall_s=0.0, memory=0, lag_s=0.0, articles=0, asked=1, ended=ended, faults=faults,
        is_end_right=True,
    )  # fmt: skip
