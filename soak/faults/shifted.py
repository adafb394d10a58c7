"""Runs `stayahead` under a wall clock that a file sets: `python -m soak.faults.shifted run …`.

`SOAK_CLOCK` names the file, which holds seconds to add. It needs nothing installed, and covers what asks the
newsroom's clock, which is all that plans, dates or forgets; times of files and the log's own lines stay true.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from stayahead.cli import main
from stayahead.newsroom import clock


class Shifted(datetime):
    """The machine's time, shifted."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # the plain type: values are stored
        """What the machine would say."""
        text = Path(os.environ["SOAK_CLOCK"]).read_text()
        return datetime.now(tz) + timedelta(seconds=float(text or 0))


if __name__ == "__main__":
    setattr(clock, "datetime", Shifted)  # noqa: B010  # the clock's module knows no other way to the machine's time
    sys.exit(main())
