"""Says which differences between readers are real: bootstrapped 95 % intervals of their scores and of paired gains.

Percentile intervals after Efron & Tibshirani 1993. Whole items (pages, cases) are resampled, never parts of one
(snippets, fields), which are not independent. All readers get the same resamples, so a difference is taken on the same
items.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from statistics import harmonic_mean

RESAMPLES = 2_000
SEED = 20261126
TAIL = 0.025

Row = Mapping[str, tuple[float, float]]
"""What one reader scored on one item: by column, a part and the whole that it is of. Labels, not the reader, say which
columns an item has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure to report: a column's sum of parts over its sum of wholes, or the F1 of two columns."""

    name: str
    columns: tuple[str, ...]
    is_lower_better: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A value, and the interval that holds it in 95 of 100 resamples."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One figure of ours beside the others'."""

    figure: Figure
    ours: Estimate
    others: dict[str, float]
    best: str
    """The best of the others; empty where there is none."""
    gains: dict[str, Estimate]
    """How much better ours is than each other, paired; above 0 means better, also for figures that are better low."""

    @property
    def verdict(self) -> str:
        """Ahead of the best other, or behind, where the interval of the gain leaves out 0; else level with it."""
        if not self.best:
            return ""
        gain = self.gains[self.best]
        return "ahead of" if gain.low > 0 else "behind" if gain.high < 0 else "level with"


def compare(figure: Figure, ours: Sequence[Row], others: Mapping[str, Sequence[Row]]) -> Comparison:
    """Compare the rows of ours with those of other readers of the same items.

    Raises:
        ValueError: no item has the figure's columns, or the readers read different numbers of items.
    """
    picked = [index for index, row in enumerate(ours) if figure.columns[0] in row]
    if not picked:
        raise ValueError(f"{figure.name}: no item is labelled for it")
    sign = -1.0 if figure.is_lower_better else 1.0
    mine = _values(figure, ours, picked)
    values: dict[str, float] = {}
    gains: dict[str, Estimate] = {}
    for name, rows in others.items():
        if len(rows) != len(ours):
            raise ValueError(f"{figure.name}: {name} read {len(rows)} items, not {len(ours)}")
        if figure.columns[0] in rows[picked[0]]:
            theirs = _values(figure, rows, picked)
            values[name] = theirs[0]
            gains[name] = _estimate([sign * (a - b) for a, b in zip(mine, theirs, strict=True)])
    best = max(values, key=lambda name: sign * values[name], default="")
    return Comparison(figure=figure, ours=_estimate(mine), others=values, best=best, gains=gains)


def _values(figure: Figure, rows: Sequence[Row], picked: Sequence[int]) -> list[float]:
    """The figure over all the items picked, then over each resample of them."""
    columns = [
        ([rows[i][column][0] for i in picked], [rows[i][column][1] for i in picked]) for column in figure.columns
    ]
    whole = _value(columns)
    if len(picked) == 1:
        return [whole] * (RESAMPLES + 1)
    return [whole, *(_value([(pick(part), pick(of)) for part, of in columns]) for pick in _resamples(len(picked)))]


def _value(columns: Sequence[tuple[Sequence[float], Sequence[float]]]) -> float:
    ratios = [sum(part) / whole if (whole := sum(of)) else 0.0 for part, of in columns]
    return harmonic_mean(ratios) if len(ratios) > 1 else ratios[0]


@lru_cache(maxsize=16)
def _resamples(size: int) -> list[Callable[[Sequence[float]], tuple[float, ...]]]:
    """What picks each resample out of so many values, at least two."""
    chance = random.Random(SEED)
    return [itemgetter(*chance.choices(range(size), k=size)) for _ in range(RESAMPLES)]


def _estimate(values: list[float]) -> Estimate:
    resampled = sorted(values[1:])
    cut = int(TAIL * len(resampled))
    return Estimate(value=values[0], low=resampled[cut], high=resampled[-1 - cut])
