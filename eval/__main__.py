"""Runs `./dev eval`: scores our reading and grouping on data that others labelled, against `eval/floors.toml`.

A score below its floor by more than the tolerance fails; so does a corpus that is not the one the floors were
measured on. Exit codes: 0 all floors held, 1 one did not, 3 the data is not there.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import msgspec

from eval import corpus, whole

PARTS = {
    "feeds": ("feeds",),
    "pages": ("pages/scrapinghub", "pages/wcxb"),
    "quotes": ("quotes/dev",),
    "stories": ("stories/headlines_test.tsv.gz", "stories/fulltext_dev.json"),
    "whole": ("stories/fulltext",),
    "figures": ("stories/headlines_dev.tsv.gz", "stories/fulltext", "pages/scrapinghub", "pages/wcxb"),
    "copies": ("pages", "stories/fulltext"),
    "origins": ("stories/fulltext",),
    "names": ("stories/fulltext",),
    "press": (),
    "hosts": (),
}
"""Each evaluation with the parts of the data that it reads; press and hosts make their own."""
FLOORS = Path(__file__).with_name("floors.toml")


def main() -> int:
    """Run the evaluations named, or all."""
    parser = corpus.parser(__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PARTS)}; default: all")
    parser.add_argument("--table", action="store_true", help="stories of whole articles in three orders, no floors")
    options = parser.parse_args()
    if options.table:
        corpus.require(options.data, *PARTS["whole"])
        return whole.print_table(options.data, orders=3)
    names = options.names or list(PARTS)
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        parser.error(f"no evaluation {', '.join(unknown)}; there are {', '.join(PARTS)}")
    for name in names:
        if PARTS[name]:
            corpus.require(options.data, *PARTS[name])
    floors = tomllib.loads(FLOORS.read_text("utf-8"))
    # Each in a process of its own, side by side: they share nothing, and this machine has more than one core.
    running = {name: _start(name, options.data) for name in names}
    failed = [name for name, process in running.items() if not _holds(name, process, floors[name], options.data)]
    print(f"{len(names) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def _start(name: str, data: Path) -> subprocess.Popen[str]:
    program = (
        "import importlib, sys, pathlib, msgspec\n"
        f"scores = importlib.import_module('eval.{name}').run(pathlib.Path(sys.argv[1]))\n"
        "print('\\nSCORES ' + msgspec.json.encode(scores).decode())\n"
    )
    command = [sys.executable, "-c", program, str(data)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])


def _holds(name: str, process: subprocess.Popen[str], floors: dict[str, object], data: Path) -> bool:
    output, _ = process.communicate()
    report, _, last = output.rpartition("\nSCORES ")
    print(f"── {name} ──\n{report.strip()}")
    if process.returncode or not last:
        print(f"{name}: the evaluation itself failed with exit code {process.returncode}")
        return False
    scores = msgspec.json.decode(last, type=dict[str, float])
    holds = True
    pinned_digest = floors.get("digest", "")
    digest = corpus.digest(data, PARTS[name]) if PARTS[name] else ""
    if pinned_digest != digest:
        print(f"{name}: corpus digest {digest}, floors were measured on {pinned_digest}")
        holds = False
    tolerance = float(str(floors["tolerance"]))
    for key, floor in _table(floors, "scores").items():
        score = scores.get(key, float("-inf"))
        holds = _line(name, key, score, f"floor {floor}", ok=score >= floor - tolerance) and holds
    for key, ceiling in _table(floors, "ceilings").items():
        score = scores.get(key, float("inf"))
        holds = _line(name, key, score, f"ceiling {ceiling}", ok=score <= ceiling + tolerance) and holds
    return holds


def _table(floors: dict[str, object], key: str) -> dict[str, float]:
    table = floors.get(key, {})
    assert isinstance(table, dict)
    return {name: float(value) for name, value in table.items()}


def _line(name: str, key: str, score: float, bar: str, *, ok: bool) -> bool:
    print(f"{name}.{key}: {score:.4f} ({bar}) {'ok' if ok else 'MISSED'}")
    return ok


if __name__ == "__main__":
    sys.exit(main())
