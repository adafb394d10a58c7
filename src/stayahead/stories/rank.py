"""Ranking scores stories, so that the front page shows first what most independent publishers report now.

    importance = ORIGIN_WEIGHT · log2(1 + origins) + COUNTRY_WEIGHT · log2(1 + countries) + PACE_WEIGHT · log2(1 + pace)
    score(now) = importance · 2 ^ (−(now − latest_at) / RECENCY_HALF_LIFE)

`origins` are those since the story last slept; the weights stand in `weights`. How many articles a story has does not
matter: forty reprints of one report are one origin. All scores fall at one rate, so their order does not depend on
`now` and can be stored (`importance_key`): nothing is written because time passed.
"""

from __future__ import annotations

from datetime import datetime
from math import log2

from stayahead.model import ScoreParts
from stayahead.stories.weights import (
    COUNTRY_WEIGHT,
    ORIGIN_WEIGHT,
    PACE_HALF_LIFE_S,
    PACE_WEIGHT,
    RECENCY_HALF_LIFE_S,
)

__all__ = ["PACE_HALF_LIFE_S", "explain", "importance", "importance_key", "score"]

MOST_DOUBLINGS = 1_000.0
"""How often the score of a story that is ahead of the clock doubles: for eleven months; past that it grows no more."""


def importance(parts: ScoreParts) -> float:
    """How much the story matters apart from its age; never below `ORIGIN_WEIGHT`."""
    # Logarithms: whether a second publisher confirms a report says more than whether a fortieth does.
    return (
        ORIGIN_WEIGHT * log2(1 + _origins(parts))
        + COUNTRY_WEIGHT * log2(1 + len(parts.countries))
        + PACE_WEIGHT * log2(1 + max(parts.pace, 0.0))
    )


def score(parts: ScoreParts, now: datetime) -> float:
    """Importance, halved with every half-life since the latest independent article."""
    return importance(parts) * _recency(parts, now)


def importance_key(parts: ScoreParts) -> float:
    """Orders stories as `score` does at any one time, and does not change as time passes."""
    # The logarithm of the score but for a term that is the same for all stories. Rounded: it is stored and compared.
    return round(log2(importance(parts)) + parts.latest_at.timestamp() / RECENCY_HALF_LIFE_S, 9)


def explain(parts: ScoreParts, now: datetime) -> dict[str, float]:
    """Why the score is what it is: `origins`, `countries` and `pace` add up, `recency` multiplies them to `score`."""
    return {
        "origins": ORIGIN_WEIGHT * log2(1 + _origins(parts)),
        "countries": COUNTRY_WEIGHT * log2(1 + len(parts.countries)),
        "pace": PACE_WEIGHT * log2(1 + max(parts.pace, 0.0)),
        "recency": _recency(parts, now),
        "score": score(parts, now),
    }


def _recency(parts: ScoreParts, now: datetime) -> float:
    age_s = (now - parts.latest_at).total_seconds()
    # A story is years ahead of a clock that is years behind, and floats end at 2 ** 1024.
    return float(2 ** min(-age_s / RECENCY_HALF_LIFE_S, MOST_DOUBLINGS))


def _origins(parts: ScoreParts) -> int:
    # A story that woke with a late report of a known publisher has no new origin; it still has that report.
    return max(parts.origins - parts.slept_origins, 1)
