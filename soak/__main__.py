"""Runs `./dev soak`: the checks that take long, or need a browser or a server. `--short` takes about four minutes.

`./dev soak hostile --help` has options of its own.

Exit codes: 0 all went well, 1 something did not, 3 the data is not there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from eval import corpus
from soak import crash, faults, fuzz, properties, proxies, real, replay, screens, tabs
from soak.hostile import __main__ as hostile

Check = Callable[[], list[str]]
ROOT = Path(__file__).resolve().parents[1]
NAMES = ("properties", "proxies", "faults", "real", "crash", "hostile", "screens", "tabs", "replay", "fuzz")
NEED_DATA = frozenset(NAMES) - {"properties", "proxies", "faults", "hostile", "tabs"}


def main() -> int:
    """Run the checks named, or all."""
    if sys.argv[1:2] == ["hostile"]:
        return hostile.main(sys.argv[2:])
    parser = corpus.parser(__doc__)
    parser.add_argument("--short", action="store_true", help="fewer rounds, for CI")
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "screenshots", help="folder for screenshots")
    parser.add_argument("--faults", type=int, help="how many faults (default: 200; --short: 20)")
    parser.add_argument("--seed", type=int, default=faults.SEED, help="of the faults (default: %(default)s)")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; default: all")
    options = parser.parse_args()
    names = options.names or list(NAMES)
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        parser.error(f"no check {', '.join(unknown)}; there are {', '.join(NAMES)}")
    if not NEED_DATA.isdisjoint(names):
        corpus.require(options.data, "feeds", "pages", "stories")
    checks = _checks(options.data, options.out, short=options.short)
    count = options.faults or (20 if options.short else 200)
    checks["faults"] = partial(faults.run, faults=count, seed=options.seed)
    failed = 0
    for name in names:
        print(f"── {name} ──", flush=True)
        wrong = checks[name]()
        for line in wrong:
            print(f"{name}: {line}", flush=True)
        print(f"{name}: {'FAILED' if wrong else 'ok'}", flush=True)
        failed += bool(wrong)
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _checks(data: Path, out: Path, *, short: bool) -> dict[str, Check]:
    return {
        "properties": partial(properties.run, short=short),
        "proxies": proxies.run,
        "real": partial(real.run, data),
        "crash": partial(crash.run, data, rounds=6 if short else 20),
        "hostile": partial(hostile.run, short=short),
        "replay": partial(replay.run, data, out, limit=2000 if short else 0),
        "screens": partial(screens.run, out),
        "tabs": tabs.run,
        "fuzz": partial(fuzz.run, data, inputs=5_000 if short else 200_000),
    }


if __name__ == "__main__":
    sys.exit(main())
