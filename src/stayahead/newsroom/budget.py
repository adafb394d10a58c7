"""Bounds what reading pages again may cost: a share of the first reads, and never one host often. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

SAVED_MOST = 1_000.0
"""Re-reads that quiet hours may save up: past that a burst would say nothing about the pages of today."""
HOSTS_MOST = 1_000
"""Hosts remembered before those that may be asked again are dropped."""


class Budget:
    """So many re-reads for each first read, and so long between two of one host.

    It starts empty: after a restart everything looks due at once, and the budget is what spreads it.

    Args:
        share: re-reads that one first read earns; 0: none at all.
        host_gap: shortest time between two re-reads of one host.
    """

    def __init__(self, *, share: float, host_gap: timedelta) -> None:
        self._share = share
        self._host_gap = host_gap
        self._left = 0.0
        self._last: dict[str, datetime] = {}

    @property
    def is_spent(self) -> bool:
        """Whether no page of any host may be read again."""
        return self._left < 1.0

    def earn(self, first_reads: int) -> None:
        """So many pages were read for the first time."""
        self._left = min(SAVED_MOST, self._left + self._share * first_reads)

    def spend(self, host: str, now: datetime) -> bool:
        """Take one re-read of that host out; False, and nothing taken, when there is none to take."""
        last = self._last.get(host)
        # `abs`: a last read that lies ahead was dated by a wrong clock, and is no reason to wait until then.
        if self.is_spent or (last is not None and abs(now - last) < self._host_gap):
            return False
        if len(self._last) >= HOSTS_MOST:
            self._last = {name: at for name, at in self._last.items() if now - at < self._host_gap}
        self._left -= 1.0
        self._last[host] = now
        return True
