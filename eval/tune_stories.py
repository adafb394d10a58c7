"""Tunes the engine's weights: scores each setting on slices of the development data, one line a setting.

    python -m eval.tune_stories [--days FIRST:LAST,FIRST:LAST] [--orders 2] -- JOIN=.42 JOIN=.46,VOTE_WEIGHT=.6

Each setting is a comma-separated list of names of `stayahead.stories.weights` with values (timedeltas in hours); it is
run in a process of its own. `-` is the setting as it stands.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import timedelta
from importlib import import_module
from typing import Any

from eval import corpus, stories

SLICES = "2014-03-20:2014-03-23,2014-04-06:2014-04-09"


def main() -> int:
    """The command line: one child process a setting."""
    parser = corpus.parser(__doc__)
    parser.add_argument("--days", default=SLICES, help="first:last,first:last")
    parser.add_argument("--orders", type=int, default=2, help="orders of arrival of the full texts; 0: leave them out")
    parser.add_argument("--child", action="store_true", help="run the one setting here")
    parser.add_argument("settings", nargs="*", default=["-"])
    options = parser.parse_args()
    corpus.require(options.data, "stories")
    for setting in options.settings:
        if options.child:
            _apply(setting)
            print(f"{setting:44}", *_scores(options), flush=True)
        else:
            again = [argument for argument in sys.argv[1:] if argument not in options.settings and argument != "--"]
            subprocess.run([sys.executable, "-m", "eval.tune_stories", *again, "--child", "--", setting], check=True)
    return 0


def _apply(setting: str) -> None:
    # Modules copy the weights that they import: each copy is changed.
    weights = import_module("stayahead.stories.weights")
    for name, _, value in (part.partition("=") for part in setting.split(",") if part != "-"):
        new = _like(getattr(weights, name), value)
        for module in [module for key, module in sys.modules.items() if key.startswith("stayahead.stories")]:
            if hasattr(module, name):
                setattr(module, name, new)


def _like(old: Any, value: str) -> Any:
    if isinstance(old, tuple):
        return tuple(_like(old[0], part) for part in value.split("/"))
    return timedelta(hours=float(value)) if isinstance(old, timedelta) else type(old)(float(value))


def _scores(options: Any) -> Iterable[str]:
    folder = options.data / "stories"

    for days in options.days.split(",") if options.days else ():
        first, _, last = days.partition(":")
        began = time.process_time()
        scores, _ = stories.headlines(folder / "headlines_dev.tsv.gz", days=(first, last))
        rate = scores.items / (time.process_time() - began)
        yield f"| {first[5:]} {_line(scores)} {rate:.0f}/s"
    if options.orders:
        by_language = stories.fulltext(folder / "fulltext_dev.json", orders=options.orders)
        yield "| " + "  ".join(f"{name} {stories.mean(scores).bcubed_f1:.2f}" for name, scores in by_language.items())


def _line(scores: Any) -> str:
    precision, recall = scores.bcubed_precision, scores.bcubed_recall
    return f"P {precision:.2f} R {recall:.2f} F1 {scores.bcubed_f1:.2f} pair {scores.pair_f1:.2f}"


if __name__ == "__main__":
    raise SystemExit(main())
