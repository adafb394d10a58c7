"""Keeps Python's garbage collector from looking through everything that lives, again and again.

Theory of operation. A full pass of the collector stops every thread while it looks at all objects that may be part of a
cycle: 110 ms with 20,000 live stories, and more with more. Nearly all of them are the engine's and live for days. So
what has been recovered is set aside at the start (`gc.freeze`), where no pass looks again; and when, as news comes in,
a full pass has become long, what survived it is set aside, too. Objects that are set aside are still freed as soon as
nobody refers to them; only a cycle that they form later stays, and of the requests that are under way in that moment
there are few.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

LONG_S = 0.03
"""CPU time of a full pass past which what survived it is set aside."""
REST_S = 600.0
"""But not more often than this: what is under way in that moment, and later forms a cycle, stays. After a pass that was
twice as long it is half of this; and the first after the start need not wait."""
_FULL = 2


class Collector:
    """Watches the passes. `start` once everything is recovered, `stop` at the end."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self.set_aside = 0
        """Times that objects were."""
        self._began = (0.0, 0.0)
        """When the pass did, by the clock and by the CPU time of its thread."""
        self._set_aside_at: float | None = None
        """When that was done last after a pass."""

    def start(self) -> None:
        """Set aside what lives now, and watch from here on."""
        gc.collect()
        self._set_aside()
        gc.callbacks.append(self._passed)  # a pass stays on the thread that it began on, so that its CPU time is known

    def stop(self) -> None:
        """Watch no more; what was set aside is looked through again, as before."""
        gc.callbacks.remove(self._passed)
        gc.unfreeze()

    def status(self) -> Mapping[str, float]:
        """Its figures by metric name."""
        return {"collector_pass_seconds_max": self.longest_s, "collector_set_aside_total": float(self.set_aside)}

    def _passed(self, phase: str, info: Mapping[str, int]) -> None:
        now, cpu_s = time.perf_counter(), time.thread_time()
        if phase == "start":
            self._began = now, cpu_s
            return
        self.longest_s = max(self.longest_s, now - self._began[0])
        took_s = cpu_s - self._began[1]  # on a busy machine every pass is long by the clock
        if info["generation"] == _FULL and took_s > LONG_S and self._has_rested(now, took_s):
            self._set_aside()
            self._set_aside_at = now

    def _has_rested(self, now: float, took_s: float) -> bool:
        if self._set_aside_at is None:
            return True
        return (now - self._set_aside_at) * took_s > REST_S * LONG_S

    def _set_aside(self) -> None:
        gc.freeze()
        self.set_aside += 1


@contextmanager
def short_passes() -> Iterator[Collector]:
    """Keep the passes short for so long."""
    collector = Collector()
    collector.start()
    try:
        yield collector
    finally:
        collector.stop()
