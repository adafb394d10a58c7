"""Shares the workers among the sources, so that what one source sends costs the others next to nothing. Pure.

Theory of operation. Work waits by the source that it is for. Whoever has a worker free takes, in this order: of sources
within their budget before all others; what feeds say before pages, and pages before what has time; of equals the
source that was served longest ago. Within a source and a kind, the oldest first.

The budget is CPU time: what a source's work took is its debt, which melts by `SHARE` of the time that passes. A debt
past `BURST_S` is beyond the budget: such a source is still served whenever no other one waits, but all such sources
together leave one worker free where there are two or more, for a task that has begun cannot be put off.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from enum import IntEnum
from typing import Generic, TypeVar

T = TypeVar("T")

BURST_S = 3.0
"""CPU time that a source may use at once: a first poll with 150 pages."""
SHARE = 0.1
"""CPU seconds in each second that a source may go on using: some six pages."""
DEBT_MOST_S = 9.0
"""Where a debt ends: whatever a source did, within a minute it is served as all others are."""


class Lane(IntEnum):
    """What goes first."""

    FEED = 0
    """What feeds say: new articles come from nowhere else."""
    PAGE = 1
    LEISURE = 2
    """What can wait until nothing else does."""


class WorkQueue(Generic[T]):
    """Work that waits for a worker, and what each source has cost.

    Args:
        workers: how many do it.
    """

    def __init__(self, workers: int) -> None:
        self._waiting: OrderedDict[str, dict[Lane, deque[T]]] = OrderedDict()  # the source served longest ago first
        self._size = 0
        self._debts: dict[str, tuple[float, float]] = {}
        """By source: its debt, and when it was that."""
        self._running: Counter[str] = Counter()
        self._places_beyond = max(1, workers - 1)

    def __len__(self) -> int:
        return self._size

    def put(self, work: T, *, source: str, lane: Lane) -> None:
        """Let it wait for its turn."""
        lanes = self._waiting.setdefault(source, {})
        lanes.setdefault(lane, deque()).append(work)
        self._size += 1

    def take(self, now: float) -> tuple[str, T] | None:
        """The work to do now and its source; None when none may be begun. `done` is to be told when it has ended."""
        source = self._next(now)
        if source is None:
            return None
        lanes = self._waiting.pop(source)
        lane = min(lanes)
        work = lanes[lane].popleft()
        if not lanes[lane]:
            del lanes[lane]
        if lanes:
            self._waiting[source] = lanes  # behind all others
        self._size -= 1
        self._running[source] += 1
        return source, work

    def done(self, source: str, cost_s: float, now: float) -> None:
        """Work of that source has ended, after so much CPU time."""
        self._running[source] -= 1
        if not self._running[source]:
            del self._running[source]
        self._debts[source] = (min(self.debt(source, now) + cost_s, DEBT_MOST_S), now)
        if len(self._debts) > 2 * (len(self._waiting) + len(self._running)) + 64:
            # Sources without debt, or there would be one for each that was ever met.
            self._debts = {name: owed for name, owed in self._debts.items() if self.debt(name, now) > 0}

    def debt(self, source: str, now: float) -> float:
        """CPU seconds that the source has used beyond its share."""
        owed, at = self._debts.get(source, (0.0, now))
        return max(0.0, owed - SHARE * max(0.0, now - at))

    def clear(self) -> list[T]:
        """Take all that waits."""
        left = [work for lanes in self._waiting.values() for works in lanes.values() for work in works]
        self._waiting.clear()
        self._size = 0
        return left

    def _next(self, now: float) -> str | None:
        """The source that is served now."""
        beyond = sum(count for source, count in self._running.items() if self.debt(source, now) > BURST_S)
        best: tuple[bool, Lane] | None = None
        chosen = None
        for source, lanes in self._waiting.items():
            is_beyond = self.debt(source, now) > BURST_S
            if is_beyond and beyond >= self._places_beyond:
                continue
            rank = is_beyond, min(lanes)
            if best is None or rank < best:
                best, chosen = rank, source
                if rank == (False, Lane.FEED):
                    break
        return chosen
