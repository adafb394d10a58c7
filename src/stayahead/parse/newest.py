"""Chooses the newest entries of a feed that holds more than are read, whichever end of it they stand at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice
from statistics import median_low
from typing import TypeVar

Item = TypeVar("Item")

ENDS = 9
"""Entries at each end whose times say where the newest stand: more than feeds pin to their top."""


def newest(items: Sequence[Item], time_of: Callable[[Item], datetime | None], *, most: int) -> Sequence[Item]:
    """At most `most` of them: the last where the times at the ends say that the feed goes forward, else the first.

    Two ends are asked and not every time, for a feed may hold tens of thousands.
    """
    if len(items) <= most:
        return items
    first = [at for item in islice(items, ENDS) if (at := time_of(item)) is not None]
    last = [at for item in islice(reversed(items), ENDS) if (at := time_of(item)) is not None]
    is_forward = bool(first and last) and median_low(last) > median_low(first)
    return items[-most:] if is_forward else items[:most]
