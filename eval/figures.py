"""Scores the figures that we read in sentences which were read by eye before any rule stood.

    python -m eval.figures                half a, with every figure that is read wrongly
    python -m eval.figures --half b       the other half: opened once

`right` is the share of the labelled facts that are read with their slot, value (both ends of a range) and currency;
`precision` the share of what we read that is labelled; of the facts read right, `hedges`, `places` and `cited` are the
shares whose hedge is right, and whose place and source share a word with the label's. Optional facts count for nothing.
`people` are dead, injured, missing, arrested, displaced and rescued. Amounts are easier and more, so both are told.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from eval import conflicts, corpus, figure_texts
from stayahead.analyze.figures import figures
from stayahead.model import Figure

LABELS = Path(__file__).with_name("labels") / "figures.tsv"
PEOPLE = frozenset({"dead", "injured", "missing", "arrested", "displaced", "rescued"})
DOLLARS = frozenset({"USD", "CAD", "AUD", "$"})
"""A bare dollar sign says not whose dollar it is: it is right for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What a reader found in a sentence."""

    slot: str
    low: float
    high: float | None
    unit: str
    hedge: str
    place: str
    cited: str
    is_optional: bool

    def is_read_by(self, figure: Figure) -> bool:
        """Whether that figure says the same."""
        if figure.slot != self.slot or (self.slot == "money" and not _is_unit(self.unit, figure.unit)):
            return False
        return figure.low == self.low and figure.high == self.high


Labels = dict[tuple[str, int], list[Fact]]


def labels(half: str) -> tuple[Labels, dict[str, set[tuple[int, int]]]]:
    """The facts of each labelled sentence of a half, by key and start, and where the sentences stand."""
    facts: Labels = {}
    places: dict[str, set[tuple[int, int]]] = defaultdict(set)
    with LABELS.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if row["half"] not in half:
                continue
            start = int(row["start"])
            places[row["key"]].add((start, int(row["end"])))
            own = facts.setdefault((row["key"], start), [])
            if row["slot"] != "-":
                own.append(_fact(row))
    return facts, places


def _fact(row: Mapping[str, str]) -> Fact:
    return Fact(
        slot=row["slot"],
        low=float(row["low"]),
        high=float(row["high"]) if row["high"] else None,
        unit=row["unit"],
        hedge=row["hedge"],
        place=row["place"],
        cited=row["cited"],
        is_optional=bool(row["optional"]),
    )


def score(facts: Labels, sentences: Mapping[tuple[str, int], str], *, is_loud: bool) -> dict[str, float]:
    """The scores of all sentences; `is_loud`: each that is read wrongly is printed."""
    counts: Counter[str] = Counter()
    for where in sorted(facts):
        read = list(figures(sentences[where]))
        missed: list[Fact] = []
        for fact in sorted(facts[where], key=lambda each: each.is_optional):
            figure = next((each for each in read if fact.is_read_by(each)), None)
            if figure is not None:
                read.remove(figure)
            if fact.is_optional:
                continue
            _count(counts, fact, figure)
            if figure is None:
                missed.append(fact)
        for figure in read:
            counts.update(("false", f"false {_group(figure.slot)}"))
        if is_loud and (missed or read):
            _tell(sentences[where], missed, read)
    return _scores(counts)


def _count(counts: Counter[str], fact: Fact, figure: Figure | None) -> None:
    group = _group(fact.slot)
    counts.update(("facts", f"facts {group}"))
    if figure is None:
        return
    is_hedge = figure.hedge == fact.hedge or (fact.hedge != "" and figure.hedge.endswith(fact.hedge))
    counts.update(("right", f"right {group}"))
    counts["hedges"] += is_hedge
    for name, wanted, got in (("place", fact.place, figure.place), ("cited", fact.cited, figure.cited)):
        counts[f"{name} wanted"] += bool(wanted)
        counts[f"{name} got"] += bool(got)
        counts[f"{name} right"] += not _words(wanted).isdisjoint(_words(got))


def _scores(counts: Counter[str]) -> dict[str, float]:
    scores = {"facts": float(counts["facts"])}
    for suffix in ("", " people", " amounts"):
        right, name = counts[f"right{suffix}"], suffix.strip()
        key = f"{name}_" if name else ""
        scores[f"{key}right"] = _share(right, counts[f"facts{suffix}"])
        scores[f"{key}precision"] = _share(right, right + counts[f"false{suffix}"])
    scores["hedges"] = _share(counts["hedges"], counts["right"])
    for name in ("place", "cited"):
        scores[f"{name}_found"] = _share(counts[f"{name} right"], counts[f"{name} wanted"])
        scores[f"{name}_precision"] = _share(counts[f"{name} right"], counts[f"{name} got"])
    return scores


def _tell(sentence: str, missed: Iterable[Fact], read: Iterable[Figure]) -> None:
    print(" ".join(sentence.split()))
    for fact in missed:
        print(f"    missed  {fact.slot} {fact.low:g} {fact.high or ''} {fact.unit}")
    for figure in read:
        print(f"    false   {figure.slot} {figure.low:g} {figure.high or ''} {figure.unit}")


def _group(slot: str) -> str:
    return "people" if slot in PEOPLE else "amounts"


def _is_unit(labelled: str, read: str) -> bool:
    return labelled == read or (labelled in DOLLARS and read == "$")


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip("'’.,").lower() for word in text.replace("’s", " ").split())


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def run(data: Path) -> dict[str, float]:
    """Score both halves, and the conflicts of stories (`eval.conflicts`)."""
    return _scored(data, "ab", is_loud=False) | conflicts.run(data)


def _scored(data: Path, half: str, *, is_loud: bool) -> dict[str, float]:
    facts, places = labels(half)
    scores = score(facts, figure_texts.read_again(data, places), is_loud=is_loud)
    print("\n".join(f"{name:>20} {value:.3f}" for name, value in scores.items()))
    return scores


def main() -> int:
    """Score half a, or the one that is named."""
    parser = corpus.parser(__doc__)
    parser.add_argument("--half", default="a", choices=("a", "b", "ab"))
    options = parser.parse_args()
    _scored(options.data, options.half, is_loud=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
