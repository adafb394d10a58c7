"""Replays a day of the headline stream at full speed, checks its database and takes a picture of its front page."""

from __future__ import annotations

import gzip
import tempfile
import time
from pathlib import Path

from soak.screens import shoot
from soak.service import command, metrics, running

DAY = "2014-05-07"


def run(data: Path, out: Path, *, limit: int) -> list[str]:
    """Play the day (its first `limit` articles; 0: all), look at it, check its database."""
    with tempfile.TemporaryDirectory(prefix="stayahead-replay-") as name:
        folder = Path(name)
        count = _one_day(data / "stories" / "headlines_test.tsv.gz", folder / "day.tsv", limit)
        words = ("replay", str(folder / "day.tsv"), "--port", "0", "--data", str(folder / "data"))
        with running(words, {}) as service:
            began = time.monotonic()
            stored = 0.0
            while time.monotonic() - began < 300 and stored < 0.99 * count:
                time.sleep(0.5)
                now = metrics(service.port)["stayahead_articles"]
                if now == stored and now:
                    break
                stored = now
            print(f"{stored:.0f} of {count} headlines in {time.monotonic() - began:.0f} s, pages served meanwhile")
            wrong = shoot(out / "replay", service)
        checked = command("check", "--data", folder / "data")
    if stored < 0.99 * count:
        wrong.append(f"only {stored:.0f} of {count} articles are stored")
    return wrong + ([f"check: {checked.stdout}{checked.stderr}"] if checked.returncode else [])


def _one_day(archive: Path, target: Path, limit: int) -> int:
    count = 0
    with gzip.open(archive, "rt", encoding="utf-8") as lines, target.open("w", encoding="utf-8") as out:
        out.write(next(lines))
        for line in lines:
            if line.startswith(DAY) and (not limit or count < limit):
                out.write(line)
                count += 1
    return count
