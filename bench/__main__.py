"""Runs the benchmarks of `./dev bench`; each compares two things in one run and reports the ratio."""

from __future__ import annotations

import importlib
import sys

from eval import corpus

NAMES = ("feeds", "pages", "stories", "store", "pipeline", "memory")
WITH_MODELS = ("vectors",)
"""Benchmarks that run only when named: they need models, which `stayahead model get` makes."""
WITHOUT_DATA = ("house",)
"""Run when named: figures of the source, which need no data; `python -m bench.house ROOT` counts another checkout."""
KNOWN = (*NAMES, *WITH_MODELS, *WITHOUT_DATA)


def main() -> int:
    """Run the benchmarks named, or all, one after the other."""
    parser = corpus.parser(__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(KNOWN)}; default: {', '.join(NAMES)}")
    options = parser.parse_args()
    names = options.names or list(NAMES)
    unknown = [name for name in names if name not in KNOWN]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(KNOWN)}")
    if not set(names) <= set(WITHOUT_DATA):
        corpus.require(options.data)
    for name in names:
        print(f"── {name} ──", flush=True)
        figures = importlib.import_module(f"bench.{name}").run(options.data)
        for key, value in figures.items():
            print(f"{name}.{key}: {value:.4g}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
