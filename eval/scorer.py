"""Scorer: gold labels and assigned clusters go in; BCubed and pairwise precision, recall and F1 come out, 0 to 100.

BCubed: Bagga & Baldwin 1998, averaged over all items. Items are scored within groups (days): an item is compared with
those of its own group only.
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
    """Scores of `(group, gold, assigned)` items, through the sizes of the cells of the contingency table."""
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


def score_by_hand(items: Iterable[tuple[Hashable, Hashable, Hashable]]) -> Scores:
    """The same by comparing every item with every other: the definition, for checking `score`."""
    listed = list(items)
    precision = recall = 0.0
    both = joined = wanted = 0
    for group, gold, cluster in listed:
        peers = [(g, c) for other, g, c in listed if other == group]
        same_gold = [c for g, c in peers if g == gold]
        same_cluster = [g for g, c in peers if c == cluster]
        hits = sum(1 for g, c in peers if g == gold and c == cluster)
        precision += hits / len(same_cluster)
        recall += hits / len(same_gold)
        both += hits - 1
        joined += len(same_cluster) - 1
        wanted += len(same_gold) - 1
    return _scores(len(listed), precision, recall, both // 2, joined // 2, wanted // 2)


def _pairs(sizes: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes)


def _scores(total: int, precision: float, recall: float, both: int, joined: int, wanted: int) -> Scores:
    bcubed = (100 * precision / total, 100 * recall / total) if total else (0.0, 0.0)
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
