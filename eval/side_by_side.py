"""Scores our reader and those of other libraries, each in a process of its own, and prints one table.

Another library may fail, hang or be missing: that is shown, and costs it the item or its column. Ours may not.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import process_time
from typing import NoReturn, TypeVar

import msgspec

from eval.bootstrap import Comparison, Figure, Row, compare

OURS = "ours"
LIMIT_S = 900
"""Most wall time of one reader: several times what the slowest needs on a busy machine."""
ROOT = Path(__file__).resolve().parents[1]

Item = TypeVar("Item")
Said = TypeVar("Said")


class Measured(msgspec.Struct, kw_only=True):
    """One reader's scores, item by item."""

    rows: list[dict[str, tuple[float, float]]] = []
    seconds: float = 0.0
    """CPU that its reading took."""
    failures: dict[str, int] = {}
    """Items on which it raised, by the error's name; they count as empty."""
    gave_up: str = ""
    """Why there are no rows."""


def measure(
    items: Iterable[Item], read: Callable[[Item], Said], score: Callable[[Item, Said], Row], *, empty: Said
) -> Measured:
    """Read and score item by item; an error makes the item count as empty, and errors on all items end the reader."""
    result = Measured()
    failures: Counter[str] = Counter()
    for item in items:
        started = process_time()
        try:
            said = read(item)
        except Exception as error:  # another library's, of any kind: shown in the table
            failures[type(error).__name__] += 1
            said = empty
        result.seconds += process_time() - started
        result.rows.append(dict(score(item, said)))
    if result.rows and failures.total() == len(result.rows):
        return Measured(gave_up=f"raised {' or '.join(failures)} on all")
    result.failures = dict(failures)
    return result


def measured_apart(module: str, readers: Sequence[str], *options: str) -> dict[str, Measured]:
    """Run `python -m module --reader NAME options…` for each reader, as many at a time as there are cores.

    Raises:
        RuntimeError: ours failed.
    """

    def run(reader: str) -> Measured:
        command = [sys.executable, "-m", module, "--reader", reader, *options]
        try:
            done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=LIMIT_S, check=False)
        except subprocess.TimeoutExpired:
            return Measured(gave_up=f"killed after {LIMIT_S} s")
        if done.returncode:
            return Measured(gave_up=(done.stderr.decode("utf-8", "replace").strip() or "died").splitlines()[-1][:200])
        return msgspec.json.decode(done.stdout.rpartition(b"\n\x1e")[2], type=Measured)

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = dict(zip(readers, pool.map(run, readers), strict=True))
    ours = results[OURS]
    if ours.gave_up or ours.failures:
        raise RuntimeError(f"ours failed: {ours.gave_up or ours.failures}")
    return results


def hand_over(result: Measured) -> None:
    """Print what `measured_apart` reads, behind whatever a library may have printed."""
    sys.stdout.buffer.write(b"\n\x1e" + msgspec.json.encode(result))


def offline() -> None:
    """Cut this process off from the network: a library that would fetch something gets an error."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise OSError("the network is off while libraries are compared")

    socket.socket.connect = refuse  # type: ignore[method-assign]  # for the rest of the process
    socket.getaddrinfo = refuse


def compared(figures: Iterable[Figure], results: Mapping[str, Measured], *, title: str) -> list[Comparison]:
    """Compare on every figure, and print the table."""
    others = {name: result.rows for name, result in results.items() if name != OURS and not result.gave_up}
    comparisons = [compare(figure, results[OURS].rows, others) for figure in figures]
    print(f"{title}; 95 % bootstrap intervals; a gain whose interval holds 0 is no gain (level)")
    print(
        f"{'':<24}{'ours':>6} {'[95 %]':<15}" + "".join(f"{name[:12]:>13}" for name in others) + "   gain on the best"
    )
    for comparison in comparisons:
        print(_line(comparison, list(others)))
    print("  CPU: " + ", ".join(f"{name} {result.seconds:.0f} s" for name, result in results.items()))
    for name, result in results.items():
        if result.gave_up or result.failures:
            failed = ", ".join(f"{kind} on {times}" for kind, times in result.failures.items())
            print(f"  {name}: {result.gave_up or 'raised ' + failed}")
    return comparisons


def scores_of(comparisons: Iterable[Comparison]) -> dict[str, float]:
    """Ours by figure; its gain on each other as `FIGURE_over_NAME`, and on the best of them as `FIGURE_over_best`."""
    scores: dict[str, float] = {}
    for comparison in comparisons:
        name = comparison.figure.name
        scores[name] = comparison.ours.value
        scores |= {f"{name}_over_{other.replace(' ', '_')}": gain.value for other, gain in comparison.gains.items()}
        if comparison.best:
            scores[f"{name}_over_best"] = comparison.gains[comparison.best].value
    return scores


def _line(found: Comparison, others: list[str]) -> str:
    ours = f"{found.ours.value:>6.4f} [{found.ours.low:.4f} {found.ours.high:.4f}]"
    cells = "".join(f"{found.others[name]:>13.4f}" if name in found.others else f"{'-':>13}" for name in others)
    if not found.best:
        return f"{found.figure.name:<24}{ours}{cells}"
    gain = found.gains[found.best]
    line = f"{gain.value:+.4f} [{gain.low:+.4f} {gain.high:+.4f}] {found.verdict} {found.best}"
    return f"{found.figure.name:<24}{ours}{cells}   {line}"
