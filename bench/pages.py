"""Measures how many pages a second our whole cascade reads beside other libraries, and what hostile pages cost each.

The pages are those of the evaluation data; the hostile ones are made by `bench.hostile_pages`.
"""

from __future__ import annotations

import sys
from itertools import chain, islice
from pathlib import Path

from bench import trial
from bench.rates import rates
from eval import corpus
from eval.page_readers import READERS, ours
from eval.samples import Sample, news, web
from stayahead.extract import second_opinion
from stayahead.extract.body.article import Reading

NEWS, WEB = 90, 90
"""How many pages of each set are read: the first by name."""
ROUNDS = 2
TIMED = {"ours": 1, "trafilatura": 1, "readability": 2, "newspaper4k": 4}
"""The readers, trafilatura with its metadata; the slower ones get every second or fourth page."""


def run(data: Path) -> dict[str, float]:
    """CPU pages/s of each, the ratios, and the share of pages for which the second opinion was asked."""
    corpus.require(data, "pages/scrapinghub", "pages/wcxb")
    samples = list(chain(islice(news(data), NEWS), islice(web(data, "a"), WEB)))
    best = rates({name: READERS[name] for name in TIMED}, samples, steps=TIMED, rounds=ROUNDS, unit="pages")
    return {
        "pages_per_s": best["ours"],
        **{f"{name}_pages_per_s": rate for name, rate in best.items() if name != "ours"},
        "ratio": best["ours"] / best["trafilatura"],
        "second_opinion_share": _asked(samples) / len(samples),
        **trial.show("pages", ours="stayahead"),
    }


def _asked(samples: list[Sample]) -> int:
    """The number of samples for which the second opinion is asked."""
    count = 0
    is_wanted = second_opinion.is_wanted

    def counted(reading: Reading, source: str) -> bool:
        nonlocal count
        is_wanted_here = is_wanted(reading, source)
        count += is_wanted_here
        return is_wanted_here

    second_opinion.is_wanted = counted
    try:
        for sample in samples:
            ours(sample)
    finally:
        second_opinion.is_wanted = is_wanted
    return count


def main() -> int:
    """Run it alone."""
    for name, value in run(corpus.parser(__doc__).parse_args().data).items():
        print(f"{name}: {value:.4g}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
