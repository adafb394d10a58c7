"""Pages: a sample of shared html pages goes in; pages/s of our whole cascade and of trafilatura, same run, come out."""

from __future__ import annotations

import gc
import sys
from itertools import chain, islice
from pathlib import Path
from time import process_time

from eval import corpus
from eval.pages import Reader, Sample, news, ours, theirs, web
from stayahead.extract import second_opinion
from stayahead.extract.article import Reading

NEWS, WEB = 90, 90
"""Pages of each set: the first by name."""
ROUNDS = 2


def run(data: Path) -> dict[str, float]:
    """CPU pages/s of both, their ratio, and the share of pages for which the second opinion was asked."""
    corpus.require(data, "pages/scrapinghub", "pages/wcxb")
    samples = list(chain(islice(news(data), NEWS), islice(web(data, "a"), WEB)))
    for sample in samples[:5]:  # load what loads late
        ours(sample)
        theirs(sample)
    best = {"ours": 0.0, "theirs": 0.0}
    for _ in range(ROUNDS):
        best["ours"] = max(best["ours"], _rate(ours, samples))
        best["theirs"] = max(best["theirs"], _rate(theirs, samples))
    return {
        "pages_per_s": best["ours"],
        "trafilatura_pages_per_s": best["theirs"],
        "ratio": best["ours"] / best["theirs"],
        "second_opinion_share": _asked(samples) / len(samples),
    }


def _rate(reader: Reader, samples: list[Sample]) -> float:
    gc.collect()
    start = process_time()
    for sample in samples:
        reader(sample)
    return len(samples) / (process_time() - start)


def _asked(samples: list[Sample]) -> int:
    """For how many of the samples the second opinion is asked."""
    asked = 0
    is_wanted = second_opinion.is_wanted

    def counted(reading: Reading, source: str) -> bool:
        nonlocal asked
        wanted = is_wanted(reading, source)
        asked += wanted
        return wanted

    second_opinion.is_wanted = counted
    try:
        for sample in samples:
            ours(sample)
    finally:
        second_opinion.is_wanted = is_wanted
    return asked


def main() -> int:
    """Run it alone."""
    for name, value in run(corpus.words(__doc__).parse_args().data).items():
        print(f"{name}: {value:.4g}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
