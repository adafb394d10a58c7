"""Compares the speed and memory of two checkouts of this project, run by run in turn, for `./dev bench`'s figures.

`python -m bench.against BEFORE [--runs 5] [PART ...]` runs each part in the checkout BEFORE and in this one, one after
the other, each with its own `.venv`, so that what the machine does meanwhile meets both. Printed are the medians and
the ratio after / before of each pair of runs: its median, and its least and greatest. With five pairs the two enclose
the true median in 94 of 100 cases (order statistics). Rates count up, costs count down.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from statistics import median

from eval import corpus

ROOT = Path(__file__).parents[1]

_CLOCK = """
import gc, gzip, json, sys
from pathlib import Path
from time import process_time
data = Path(sys.argv[1])
def rate(name, read, items, rounds=3):
    best = 0.0
    for _ in range(rounds):
        gc.collect()
        start = process_time()
        for item in items:
            read(item)
        best = max(best, len(items) / (process_time() - start))
    print(f"{name}_per_s: {best}")
"""
_FEEDS = (
    _CLOCK
    + """
from stayahead import parse_feed
from stayahead.errors import ParseError
from bench.feeds import _feed
files = [_feed(number) for number in range(40)]
def read(body):
    try:
        parse_feed(body, url="https://example.org/feed.xml")
    except ParseError:
        pass
rate("feeds", read, files)
"""
)
_PAGES = (
    _CLOCK
    + """
from stayahead import read_page
paths = sorted((data / "pages" / "wcxb" / "html").glob("*.html.gz"))[:150]
pages = [gzip.decompress(path.read_bytes()) for path in paths]
rate("pages", lambda body: read_page(body, url="https://example.org/article"), pages, rounds=2)
"""
)
_HEADLINES = (
    _CLOCK
    + """
from datetime import datetime
from stayahead.stories import Clusterer, Row
rows = []
with gzip.open(data / "stories" / "headlines_dev.tsv.gz", "rt", encoding="utf-8") as lines:
    next(lines)
    for line in lines:
        arrival, id_, title, url, publisher, host, *_ = line.rstrip("\\n").split("\\t")
        rows.append(Row(id=id_, title=title, arrival=datetime.fromisoformat(arrival), url=url, publisher=host))
        if len(rows) == 8000:
            break
def run(_):
    clusterer = Clusterer("day")
    for row in rows:
        clusterer.add(row)
    clusterer.finish()
start = process_time()
run(None)
print(f"headlines_per_s: {len(rows) / (process_time() - start)}")
"""
)
PARTS: dict[str, tuple[str, ...]] = {
    "feeds": ("-c", _FEEDS, "DATA"),
    "pages": ("-c", _PAGES, "DATA"),
    "headlines": ("-c", _HEADLINES, "DATA"),
    "pipeline": ("-m", "bench", "pipeline", "--data", "DATA"),
    "fanout": ("-m", "bench.fanout", "--readers", "500"),
    "memory": ("-m", "bench", "memory", "--data", "DATA"),
}
"""What each checkout runs with its own Python; DATA stands for the folder of the data."""
_FIGURE = re.compile(r"^([\w.]+): ([-+.\de]+)$", re.MULTILINE)
_FANOUT = re.compile(r"readers: (?P<us>[\d.]+) µs CPU a reader and event, (?P<kb>[\d.]+) kB")


def figures(output: str) -> dict[str, float]:
    """The figures that a part printed, by name."""
    values = {name: float(value) for name, value in _FIGURE.findall(output)}
    if fanout := _FANOUT.search(output):
        values |= {"fanout_us": float(fanout["us"]), "fanout_kb": float(fanout["kb"])}
    return values


def measure(checkout: Path, part: str, data: Path) -> dict[str, float]:
    """One run of a part in a checkout.

    Raises:
        RuntimeError: it failed; the message has what it said.
    """
    words = [str(data) if word == "DATA" else word for word in PARTS[part]]
    done = subprocess.run(
        [str(checkout / ".venv" / "bin" / "python"), *words], cwd=checkout, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{part} in {checkout}: {done.stderr[-2000:]}")
    return figures(done.stdout)


def compare(before: Path, part: str, data: Path, *, runs: int) -> None:
    """Print the figures of a part, both checkouts in turn."""
    pairs = [(measure(before, part, data), measure(ROOT, part, data)) for _ in range(runs)]
    for name in pairs[0][0]:
        if all(name in one and name in other and one[name] for one, other in pairs):
            ratios = sorted(other[name] / one[name] for one, other in pairs)
            old, new = (median(pair[side][name] for pair in pairs) for side in (0, 1))
            print(
                f"{part:<10}{name:<42}{old:>10.4g} ->{new:>10.4g}"
                f"   after/before {median(ratios):.3f} [{ratios[0]:.3f} {ratios[-1]:.3f}]",
                flush=True,
            )


def main() -> int:
    """Compare the parts named, or all."""
    parser = corpus.parser(__doc__)
    parser.add_argument("before", type=Path, help="checkout to compare with; `./dev lint` there makes its .venv")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; default: all")
    parser.add_argument("--runs", type=int, default=5, help="runs of each checkout (default: 5)")
    options = parser.parse_args()
    if unknown := set(options.parts) - PARTS.keys():
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    corpus.require(options.data)
    for part in options.parts or PARTS:
        compare(options.before.resolve(), part, options.data, runs=options.runs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
