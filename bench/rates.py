"""Times readers side by side on the same items, in items per second of CPU."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from time import process_time
from typing import TypeVar

Item = TypeVar("Item")


def rates(
    readers: Mapping[str, Callable[[Item], object]],
    items: Sequence[Item],
    *,
    steps: Mapping[str, int],
    rounds: int,
    unit: str,
) -> dict[str, float]:
    """Items per second of CPU, the best of some rounds: what the code costs, not what else the machine does.

    Args:
        readers: by name; the first is ours, and the others may fail, which is shown.
        items: what they read.
        steps: 2 for a reader that gets only every second item, and so on, so that slow ones do not take all the time.
        rounds: each reader has its turn in every round.
        unit: what the items are, for the table.
    """
    best = dict.fromkeys(readers, 0.0)
    failures: dict[str, Counter[str]] = {name: Counter() for name in readers}
    for name, read in readers.items():  # load what loads late
        _rate(read, items[:5], failures[name])
    for _ in range(rounds):
        for name, read in readers.items():
            failures[name].clear()
            best[name] = max(best[name], _rate(read, items[:: steps.get(name, 1)], failures[name]))
    ours = next(iter(best.values()))
    for name, rate in best.items():
        raised = "".join(f", raised {kind} on {times}" for kind, times in failures[name].items())
        beside = f"ours {ours / rate:.1f} times as many" if rate else "read nothing"
        print(f"  {name:<15}{rate:>7.1f} {unit}/s, {beside}{raised}")
    return best


def _rate(read: Callable[[Item], object], items: Sequence[Item], failures: Counter[str]) -> float:
    gc.collect()
    start, count = process_time(), 0
    for item in items:
        try:
            read(item)
            count += 1
        except Exception as error:  # another library's, of any kind: counted
            failures[type(error).__name__] += 1
    return count / (process_time() - start)
