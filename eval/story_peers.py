"""Compares our stories with those of clustering libraries and simple rules on the same labelled headlines.

    python -m eval.story_peers [--days 2014-04-11 …] [--per-day 2000] [--test] [--tune] [--without NAME …]

All get the same rows, within day. Libraries: scikit-learn's average link and DBSCAN on TF-IDF, a whole day at once, and
river's TextClust, one headline at a time. Rules that other news platforms group titles by: the exact title, trigrams
alike by .75, single link at a word Jaccard of .5, and 60 % of the shorter title's words shared. A library's setting is
the best of its grid on days of headlines_dev that are not scored by default (`--tune`): in its favour, as ours was
chosen on other days too. Needs `pip install -e '.[peers]'`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, TypeAlias

from eval import corpus
from eval.stories import Line, headline_lines, row_of
from stayahead.stories import Clusterer
from stayahead.stories.scorer import Scores, score
from stayahead.text import fold, tokens

Grouper: TypeAlias = Callable[[Sequence[str]], Sequence[int]]
"""Groups the titles of a day, in order of arrival: a number for each, the same for those of one group."""

DAYS = ("2014-04-11", "2014-04-12", "2014-04-13")
"""Days of headlines_dev; none is among those on which our weights were chosen (20-23 March, 6-9 April)."""
TUNE_DAYS = ("2014-04-16", "2014-04-22")
PER_DAY = 2_000
"""How many headlines of a day are used; a day is in no order, so its first ones are a sample. TextClust's cost grows
with the square."""
_BLOCK = 512
"""How many rows of a similarity matrix are made at a time."""

AVERAGE_LINK = 0.94
"""Cosine distance at which average link stops."""
DBSCAN_RADIUS = 0.62
TEXTCLUST_RADIUS = 0.8
"""Settings chosen by `--tune` on TUNE_DAYS."""
GRIDS: dict[str, tuple[float, ...]] = {
    "average link": (0.88, 0.9, 0.91, 0.92, 0.93, 0.94, 0.95),
    "DBSCAN": (0.5, 0.55, 0.58, 0.6, 0.62, 0.65),
    "TextClust": (0.6, 0.7, 0.75, 0.78, 0.8, 0.85),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The scores of one system."""

    name: str
    scores: Scores
    seconds: float


def compare(lines: Sequence[Line], groupers: dict[str, Grouper]) -> Iterator[Compared]:
    """Our engine first, then each of the others, on the same lines."""
    started = time.process_time()
    assigned = dict(_ours(lines))
    scores = score((line["arrival"][:10], line["story"], assigned[line["id"]]) for line in lines)
    yield Compared(name="StayAhead", scores=scores, seconds=time.process_time() - started)
    for name, grouper in groupers.items():
        started = time.process_time()
        items = list(_by_day(lines, grouper))
        yield Compared(name=name, scores=score(items), seconds=time.process_time() - started)


def _ours(lines: Iterable[Line]) -> Iterator[tuple[str, str]]:
    clusterer = Clusterer("day")
    for line in lines:
        yield from clusterer.add(row_of(line))
    yield from clusterer.finish()


def _by_day(lines: Iterable[Line], grouper: Grouper) -> Iterator[tuple[str, str, int]]:
    for day, found in groupby(lines, key=lambda line: line["arrival"][:10]):
        of_day = list(found)
        groups = grouper([line["title"] for line in of_day])
        yield from ((day, line["story"], group) for line, group in zip(of_day, groups, strict=True))


# ── libraries ────────────────────────────────────────────────────────────────────────────────────────────────────


def average_link(titles: Sequence[str], *, distance: float = AVERAGE_LINK) -> Sequence[int]:
    """Agglomerative clustering with average link on cosine distances, cut at a distance."""
    from sklearn.cluster import AgglomerativeClustering

    near = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=distance
    )
    return _numbers(near.fit_predict(_distances(titles)))


def dbscan(titles: Sequence[str], *, radius: float = DBSCAN_RADIUS) -> Sequence[int]:
    """DBSCAN on cosine distances; two make a cluster, noise stands alone."""
    from sklearn.cluster import DBSCAN

    labels = _numbers(DBSCAN(eps=radius, min_samples=2, metric="precomputed").fit_predict(_distances(titles)))
    return [label if label >= 0 else -2 - place for place, label in enumerate(labels)]


def textclust(titles: Sequence[str], *, radius: float = TEXTCLUST_RADIUS) -> Sequence[int]:
    """TextClust, one title at a time; then each title's nearest micro-cluster, as they stand at the end of the day."""
    from river.cluster import TextClust
    from river.feature_extraction import BagOfWords
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    words = BagOfWords(lowercase=True, stop_words=set(ENGLISH_STOP_WORDS))
    # Nothing fades within a day; micro-clusters are offered to one another twice.
    model = TextClust(radius=radius, real_time_fading=False, fading_factor=1e-6, tgap=max(len(titles) // 2, 1))
    counted = [words.transform_one(title) for title in titles]
    for each in counted:
        model.learn_one(each)
    return [int(model.predict_one(each)) if each else -1 - place for place, each in enumerate(counted)]


def _distances(titles: Sequence[str]) -> Any:
    """Cosine distances between the titles' TF-IDF vectors, fitted on the day itself."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics.pairwise import cosine_distances

    vectors = TfidfVectorizer(stop_words="english", sublinear_tf=True, strip_accents="unicode").fit_transform(titles)
    return cosine_distances(vectors)


def _numbers(labels: Any) -> list[int]:
    return [int(label) for label in labels]


# ── rules ────────────────────────────────────────────────────────────────────────────────────────────────────────


def exact_title(titles: Sequence[str]) -> Sequence[int]:
    """Titles that are equal but for case and punctuation."""
    numbers: dict[tuple[str, ...], int] = {}
    return [numbers.setdefault(tuple(tokens(title)), len(numbers)) for title in titles]


def trigrams_alike(titles: Sequence[str]) -> Sequence[int]:
    """Single link at a Jaccard similarity of .75 between the sets of the words' character trigrams."""
    return _single_link([_trigrams(title) for title in titles], least=0.75, share=_jaccard)


def words_alike(titles: Sequence[str]) -> Sequence[int]:
    """Single link at a Jaccard similarity of .5 between the sets of words."""
    return _single_link([frozenset(tokens(title)) for title in titles], least=0.5, share=_jaccard)


def words_shared(titles: Sequence[str]) -> Sequence[int]:
    """Single link where 60 % of the words of the shorter title are in the other."""
    return _single_link([frozenset(tokens(title)) for title in titles], least=0.6, share=_containment)


def _trigrams(title: str) -> frozenset[str]:
    padded = [f"  {word} " for word in tokens(fold(title))]
    return frozenset(word[at : at + 3] for word in padded for at in range(len(word) - 2))


def _jaccard(common: Any, sizes: Any, others: Any) -> Any:
    return common / (sizes + others - common)


def _containment(common: Any, sizes: Any, others: Any) -> Any:
    import numpy as np

    return common / np.minimum(sizes, others)


def _single_link(sets: Sequence[frozenset[str]], *, least: float, share: Callable[..., Any]) -> Sequence[int]:
    """Connected components over all pairs whose share of common elements is at least so large."""
    import numpy as np
    from scipy.sparse import coo_matrix, csr_matrix
    from scipy.sparse.csgraph import connected_components

    places: dict[str, int] = {}
    rows = [place for place, items in enumerate(sets) for _ in items]
    columns = [places.setdefault(item, len(places)) for items in sets for item in sorted(items)]
    held = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(sets), max(len(places), 1)))
    sizes = np.maximum(np.asarray(held.sum(axis=1)).ravel(), 1.0)
    links: list[Any] = []
    for start in range(0, len(sets), _BLOCK):
        common = (held[start : start + _BLOCK] @ held.T).tocoo()
        near = share(common.data, sizes[start + common.row], sizes[common.col]) >= least
        links.append(np.stack([start + common.row[near], common.col[near]]))
    left, right = np.concatenate(links, axis=1)
    graph = coo_matrix((np.ones(len(left)), (left, right)), shape=(len(sets), len(sets)))
    return _numbers(connected_components(graph, directed=False)[1])


PEERS: dict[str, Grouper] = {
    "average link": average_link,
    "DBSCAN": dbscan,
    "TextClust": textclust,
    "exact title": exact_title,
    "trigrams .75": trigrams_alike,
    "Jaccard .5": words_alike,
    "60 % of words": words_shared,
}


# ── the command line ─────────────────────────────────────────────────────────────────────────────────────────────


def chosen(path: Path, *, days: Iterable[str], per_day: int) -> list[Line]:
    """The first lines of each of the days; all days when none is named."""
    wanted = set(days)
    taken: dict[str, int] = {}
    found: list[Line] = []
    for line in headline_lines(path):
        day = line["arrival"][:10]
        if (not wanted or day in wanted) and taken.get(day, 0) < per_day:
            taken[day] = taken.get(day, 0) + 1
            found.append(line)
    return found


def _tuned() -> dict[str, Grouper]:
    made: dict[str, Grouper] = {}
    for value in GRIDS["average link"]:
        made[f"average link {value}"] = partial(average_link, distance=value)
    for value in GRIDS["DBSCAN"]:
        made[f"DBSCAN {value}"] = partial(dbscan, radius=value)
    for value in GRIDS["TextClust"]:
        made[f"TextClust {value}"] = partial(textclust, radius=value)
    return made


def main() -> int:
    """The command line."""
    parser = corpus.parser(__doc__)
    parser.add_argument("--days", nargs="*", default=None, metavar="DAY", help=f"default: {', '.join(DAYS)}")
    parser.add_argument("--per-day", type=int, default=PER_DAY, metavar="N", help="headlines of each day")
    parser.add_argument("--test", action="store_true", help="headlines_test, all days unless --days names some")
    parser.add_argument(
        "--tune", action="store_true", help="the grids of the libraries, on other days of headlines_dev"
    )
    parser.add_argument("--without", nargs="*", default=[], metavar="NAME", help=f"of {', '.join(PEERS)}")
    options = parser.parse_args()
    name = "headlines_test" if options.test else "headlines_dev"
    path = options.data / "stories" / f"{name}.tsv.gz"
    corpus.require(options.data, f"stories/{name}.tsv.gz")
    days = options.days if options.days is not None else TUNE_DAYS if options.tune else () if options.test else DAYS
    groupers = _tuned() if options.tune else PEERS
    groupers = {name: grouper for name, grouper in groupers.items() if not name.startswith(tuple(options.without))}
    lines = chosen(path, days=days, per_day=options.per_day)
    print(f"{len(lines)} headlines of {len({line['arrival'][:10] for line in lines})} days of {name}")
    for found in compare(lines, groupers):
        scores = found.scores
        print(
            f"{found.name:18} BCubed P {scores.bcubed_precision:5.2f} R {scores.bcubed_recall:5.2f} "
            f"F1 {scores.bcubed_f1:5.2f}   pairs F1 {scores.pair_f1:5.2f}   {found.seconds:7.1f} s",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
