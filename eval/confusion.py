"""Shows why the engine joins or splits full articles wrongly, on pairs of them that were read by eye.

    python -m eval.confusion          the table: the pairs by cause, and what the engine does with them now
    python -m eval.confusion --draw   the sample to be read, with the beginnings of the texts

The sample has two parts: (a) every link that the labels deny and every link that the engine missed, in any of `ORDERS`
orders of arrival; a story that holds k labelled events counts as k - 1 wrong joins, an event in k stories as k - 1
wrong splits, each by its most similar pair; (b) among pairs without labels, the least similar that were joined and the
most similar that were not. The verdicts and causes, found by reading both texts, are in `eval/labels/confusion.tsv`.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations
from pathlib import Path

from eval import corpus
from eval.mixture import Mixture, Pair, in_order, mixture, pair_of
from stayahead.stories import Clusterer, Row
from stayahead.stories.cluster import arrival_of
from stayahead.stories.vectors import ALL_LANGUAGES, Rarity, Vector, cosine, dot, norm2

ORDERS = 16
"""How many orders of arrival have all of their errors read."""
FREE_ORDERS = 5
"""How many of them, the first, supply the pairs without labels."""
SEED = "confusion 1"
FRAME = 120
"""How many pairs without labels on each side of the border are in the frame of the sample."""
DRAWN = 60
"""How many of a frame are drawn."""
AT_MOST = 3
"""Most pairs that one article has among those without labels."""
LABELS = Path(__file__).with_name("labels") / "confusion.tsv"
READ_CHARS = 260


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The verdict of a reader of two texts."""

    pair: Pair
    drawn: str
    """`join` or `split`: what the engine had done with them."""
    is_same: bool
    """Whether both tell of one event."""
    cause: str
    """Why the engine erred; `labeller`: the labels erred, not the engine; `-`: no error."""


class Likeness:
    """Similarity of two articles of the mixture, by words within a language and by keys across, engine or not."""

    def __init__(self, rows: Iterable[Row]) -> None:
        rarity = Rarity()
        signals = {row.id: arrival_of(row).signals for row in rows}
        for one in signals.values():
            rarity.count(one.language, [term.text for term in one.terms], is_new=True)
            rarity.count(ALL_LANGUAGES, [term.text for term in one.shared_keys], is_new=True)
        self._language = {i: one.language for i, one in signals.items()}
        self._words = {i: rarity.vector(one) for i, one in signals.items()}
        self._keys = {i: rarity.shared_keys(one) for i, one in signals.items()}

    def of(self, pair: Pair) -> float:
        """Cosine of the two."""
        one, other = pair
        vectors = self._words if self._language[one] == self._language[other] else self._keys
        return _cosine(vectors[one], vectors[other])


def _cosine(one: Vector, other: Vector) -> float:
    return cosine(dot(one, other), norm2(one), norm2(other))


def assigned(rows: list[Row], order: int) -> dict[str, str]:
    """The story of each article when all have arrived in that order."""
    clusterer = Clusterer("end")
    for row in in_order(rows, order):
        clusterer.add(row)
    return dict(clusterer.finish())


def draw(mixed: Mixture) -> list[tuple[Pair, str, str]]:
    """The sample: pairs with `join` or `split`, and `labelled` or `unlabelled`."""
    like = Likeness(mixed.rows)
    labelled: dict[Pair, str] = {}
    joined: set[Pair] = set()
    for order in range(ORDERS):
        stories = assigned(mixed.rows, order)
        joined |= pairs_of(stories) if order < FREE_ORDERS else set()
        inside = {i: story for i, story in stories.items() if i in mixed.gold}
        for pair in links(inside, mixed.gold, like.of):
            labelled[pair] = "join"
        for pair in links(mixed.gold, inside, like.of):
            labelled[pair] = "split"
        for pair, is_same in mixed.judged.items():
            if is_same != (stories[pair[0]] == stories[pair[1]]):
                labelled[pair] = "split" if is_same else "join"
    sample = [(pair, kind, "labelled") for pair, kind in sorted(labelled.items())]
    free = [pair for pair in sorted(joined) if mixed.is_same(pair) is None]
    low = _spaced(sorted(free, key=lambda pair: (like.of(pair), pair)))
    ids = sorted(row.id for row in mixed.rows)
    apart = ((like.of(pair), pair) for pair in combinations(ids, 2) if pair not in joined)
    near = sorted(((-score, pair) for score, pair in apart if score > 0.05 and mixed.is_same(pair) is None))
    high = _spaced(pair for _, pair in near)
    sample += [(pair, "join", "unlabelled") for pair in _drawn(low)]
    return sample + [(pair, "split", "unlabelled") for pair in _drawn(high)]


def pairs_of(stories: Mapping[str, str]) -> set[Pair]:
    """All pairs of articles in one story."""
    return {pair_of(one, other) for members in _groups(stories).values() for one, other in combinations(members, 2)}


def links(whole: Mapping[str, str], parts: Mapping[str, str], likeness: Callable[[Pair], float]) -> Iterator[Pair]:
    """For each group of `whole` that `parts` divides: what ties each smaller part to the rest, by the nearest pair."""
    for members in _groups(whole).values():
        pieces = sorted(_groups({i: parts[i] for i in members if i in parts}).values(), key=lambda m: (-len(m), m))
        core = pieces[0] if pieces else []
        for piece in pieces[1:]:
            yield max((pair_of(one, other) for one in piece for other in core), key=lambda p: (likeness(p), p))
            core = core + piece


def _groups(stories: Mapping[str, str]) -> dict[str, list[str]]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for article, story in stories.items():
        groups[story].append(article)
    return groups


def _spaced(pairs: Iterable[Pair]) -> list[Pair]:
    """The first `FRAME` of them, none of whose articles comes too often."""
    counts: Counter[str] = Counter()
    frame: list[Pair] = []
    for pair in pairs:
        if len(frame) < FRAME and max(counts[i] for i in pair) < AT_MOST:
            counts.update(pair)
            frame.append(pair)
    return frame


def _drawn(frame: list[Pair]) -> list[Pair]:
    return sorted(frame, key=lambda pair: blake2b(f"{SEED} {' '.join(pair)}".encode()).digest())[:DRAWN]


def labels(path: Path = LABELS) -> list[Label]:
    """The pairs that were read."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Label(
                pair=(line["one"], line["other"]),
                drawn=line["drawn"],
                is_same=line["verdict"] == "same",
                cause=line["cause"],
            )
            for line in csv.DictReader(file, delimiter="\t")
        ]


def joined_share(rows: list[Row], pairs: Iterable[Pair], *, orders: int = ORDERS) -> dict[Pair, float]:
    """For each pair, the share of the orders of arrival in which one story holds both."""
    all_pairs = list(pairs)
    counts: Counter[Pair] = Counter()
    for order in range(orders):
        stories = assigned(rows, order)
        counts.update(pair for pair in all_pairs if stories[pair[0]] == stories[pair[1]])
    return {pair: counts[pair] / orders for pair in all_pairs}


def _show_table(verdicts: list[Label], shares: Mapping[Pair, float]) -> None:
    print(f"{'cause':14} {'wrong joins':>11} {'now':>6}   {'wrong splits':>12} {'now':>6}")
    joins = [label for label in verdicts if label.drawn == "join" and not label.is_same]
    splits = [label for label in verdicts if label.drawn == "split" and label.is_same]
    causes = Counter(label.cause for label in joins + splits)
    for cause in [*(name for name, _ in causes.most_common()), ""]:
        left = [shares[label.pair] for label in joins if cause in {label.cause, ""}]
        right = [1 - shares[label.pair] for label in splits if cause in {label.cause, ""}]
        print(f"{cause or 'all':14} {len(left):11} {sum(left):6.1f}   {len(right):12} {sum(right):6.1f}")
    denied = Counter(label.drawn for label in verdicts if label.cause == "labeller")
    print("not errors, though the labels say so:", ", ".join(f"{n} {kind}s" for kind, n in sorted(denied.items())))
    for is_same in (True, False):
        chosen = [shares[label.pair] for label in verdicts if label.is_same == is_same]
        agreed = sum(chosen) if is_same else len(chosen) - sum(chosen)
        name = "one event" if is_same else "two events"
        print(f"of {len(chosen)} pairs read as {name}, the engine agrees on {agreed:.1f}")


def _show_sample(mixed: Mixture) -> None:
    rows = {row.id: row for row in mixed.rows}
    for pair, kind, labelled in draw(mixed):
        print("\t".join((*pair, kind, labelled)))
        for row in (rows[i] for i in pair):
            text = " ".join(row.text.split())
            print(f"    [{row.language} {row.publisher}] {row.title[:150]} || {text[:READ_CHARS]} ({len(text)})")


def main() -> int:
    """The command line."""
    parser = corpus.parser(__doc__)
    parser.add_argument("--draw", action="store_true", help="print the sample that there is to read")
    parser.add_argument("--orders", type=int, default=ORDERS, help="orders of arrival of the table")
    options = parser.parse_args()
    corpus.require(options.data, "stories", "topics", "pages")
    mixed = mixture(options.data)
    if options.draw:
        _show_sample(mixed)
        return 0
    read = labels()
    _show_table(read, joined_share(mixed.rows, [label.pair for label in read], orders=options.orders))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
