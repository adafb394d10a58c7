"""Scores how well the engine recognises the first report of a new story among headlines in order of arrival.

    python -m eval.first_story [--days 2014-03-17 …] [--test]

This is the first-story detection of topic detection and tracking (Fiscus & Doddington 2002): each headline gets a
novelty from those that arrived before it, and is a target when it is the first of its labelled story that day. The
score is the least normalised cost over all thresholds, C = P(miss) + 4.9 P(false alarm) for C_miss 1, C_fa .1 and
P_target .02; always saying yes, or always no, costs 1. With `reset`, earlier days are forgotten except for how rare
words are. Without it, a story of yesterday that goes on counts as a miss, for labels never join across days; that
figure is only reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from eval import corpus
from eval.stories import Line, headline_lines, row_of
from stayahead.model import Arrival
from stayahead.stories import StoryEngine, arrival_of
from stayahead.stories.match import neighbours
from stayahead.stories.weights import UNIT

C_MISS, C_FALSE_ALARM, P_TARGET = 1.0, 0.1, 0.02
NEAREST = 12
POWER = 2.5
"""Novelty is 1 less this norm of the nearest similarities; chosen on ten days of headlines_dev (19 to 29 March), reset
daily (docs/decisions/0107)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """The least cost, and the threshold at which it is reached."""

    items: int
    first: int
    cost: float
    threshold: float
    missed: float
    false_alarms: float


def novelty(engine: StoryEngine, arrival: Arrival) -> float:
    """How new an article is to an engine that does not have it yet, from 1 (shares nothing with any) down."""
    state = engine._state
    near = neighbours(state, state.rarity.vector(arrival.signals))
    similarities = [max(-product, 0) / (UNIT * UNIT) for product, *_ in near[:NEAREST]]
    norm = float(sum(similarity**POWER for similarity in similarities) ** (1 / POWER))
    return round(1.0 - norm, 6)


def novelties(lines: Iterable[Line], *, reset: bool) -> Iterator[tuple[bool, float]]:
    """For each headline, whether it is the first of its story that day, and its novelty."""
    engine = StoryEngine()
    for _, of_day in groupby(lines, key=lambda line: line["arrival"][:10]):
        if reset:
            rarity = engine._state.rarity
            engine = StoryEngine()
            engine._state.rarity = rarity
        stories: set[str] = set()
        for line in of_day:
            row = row_of(line)
            arrival = arrival_of(row)
            yield line["story"] not in stories, novelty(engine, arrival)
            stories.add(line["story"])
            engine.add(arrival, row.arrival)


def detection(headlines: Sequence[tuple[bool, float]]) -> Detection:
    """The least normalised cost over all thresholds; headlines with equal novelty are decided alike."""
    first = sum(is_first for is_first, _ in headlines)
    others = len(headlines) - first
    weight = C_FALSE_ALARM * (1 - P_TARGET) / (C_MISS * P_TARGET)
    best = (1.0, 1.0, 1.0, 0.0)
    hits = alarms = 0
    ranked = sorted(headlines, key=lambda item: -item[1])
    for threshold, alike in groupby(ranked, key=lambda item: item[1]):
        alike_firsts = [is_first for is_first, _ in alike]
        hits += sum(alike_firsts)
        alarms += len(alike_firsts) - sum(alike_firsts)
        missed, false_alarms = 1 - hits / max(first, 1), alarms / max(others, 1)
        best = min(best, (missed + weight * false_alarms, threshold, missed, false_alarms))
    cost, threshold, missed, false_alarms = best
    return Detection(
        items=len(headlines),
        first=first,
        cost=cost,
        threshold=threshold,
        missed=missed,
        false_alarms=false_alarms,
    )


def chosen(path: Path, days: Sequence[str]) -> Iterator[Line]:
    """The lines of those days; of all when none is named."""
    return (line for line in headline_lines(path) if not days or line["arrival"][:10] in days)


def main() -> int:
    """The command line."""
    parser = corpus.parser(__doc__)
    parser.add_argument("--days", nargs="*", default=(), metavar="DAY", help="default: all")
    parser.add_argument("--test", action="store_true", help="headlines_test instead of headlines_dev")
    options = parser.parse_args()
    name = "headlines_test" if options.test else "headlines_dev"
    corpus.require(options.data, f"stories/{name}.tsv.gz")
    path = options.data / "stories" / f"{name}.tsv.gz"
    for reset in (True, False):
        best = detection(list(novelties(chosen(path, options.days), reset=reset)))
        print(
            f"{name} {'reset daily' if reset else 'not reset':11}  C_fsd {best.cost:.3f} at novelty "
            f"{best.threshold:.3f} (missed {100 * best.missed:.1f} %, false alarms {100 * best.false_alarms:.2f} %) "
            f"of {best.first} first stories in {best.items} headlines",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
