"""Scores how well clusters fit gold labels, by BCubed and by pairs: precision, recall and F1, 0 to 100.

BCubed: Bagga & Baldwin 1998, averaged over all items. Items are scored within groups (days, languages): an item is
compared with those of its own group only. For the evaluation, and for `stayahead cluster` on an archive with labels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """How well clusters fit the gold labels."""

    items: int
    bcubed_precision: float
    bcubed_recall: float
    bcubed_f1: float
    pair_precision: float
    pair_recall: float
    pair_f1: float


def score(items: Iterable[tuple[Hashable, Hashable, Hashable]]) -> Scores:
    """Scores of `(group, gold, assigned)` items."""
    # Through the cells of the contingency table: a day has thousands of items, so their pairs are never listed.
    cells = Counter(items)
    golds: Counter[tuple[Hashable, Hashable]] = Counter()
    assigned: Counter[tuple[Hashable, Hashable]] = Counter()
    for (group, gold, cluster), n in cells.items():
        golds[group, gold] += n
        assigned[group, cluster] += n
    total = sum(golds.values())
    precision = sum(n * n / assigned[group, cluster] for (group, _, cluster), n in cells.items())
    recall = sum(n * n / golds[group, gold] for (group, gold, _), n in cells.items())
    both = _pairs(cells.values())
    return _scores(total, precision, recall, both, _pairs(assigned.values()), _pairs(golds.values()))


def _pairs(sizes: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes)


def _scores(total: int, precision: float, recall: float, both: int, joined: int, wanted: int) -> Scores:
    bcubed = (100 * precision / total, 100 * recall / total) if total else (0.0, 0.0)
    # Where there is no pair to be right or wrong about, none is wrong.
    pair = (100 * both / joined if joined else 100.0, 100 * both / wanted if wanted else 100.0)
    return Scores(
        items=total,
        bcubed_precision=bcubed[0],
        bcubed_recall=bcubed[1],
        bcubed_f1=_f1(*bcubed),
        pair_precision=pair[0],
        pair_recall=pair[1],
        pair_f1=_f1(*pair),
    )


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
