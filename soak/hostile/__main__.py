"""Runs `./dev soak hostile [NAMES]`: attacks the real service as a hostile world does, and holds it to its bars.

Without names: every attack by itself, then all at once. `--short`: two runs of several attacks each, for CI.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from soak.hostile import measure, stage
from soak.hostile.attacks import ALONE, ATTACKS
from soak.hostile.measure import Bars, Row
from soak.hostile.stage import Plan

ROOT = Path(__file__).resolve().parents[2]
ALL = "all-at-once"
QUIET = "quiet"
SHORT = {
    "short: sources": ("robots-blanks", "robots-rules", "exclamations", "page-bombs", "semicolons", "slow-pages"),
    "short: bytes and readers": ("big-pages", "members", "rebased-links", "index-urls"),
}
"""What CI runs; each within the bars of one attack."""
SHORT_S = 20.0
ALONE_S = 30.0


def main(words: Sequence[str]) -> int:
    """Run the attacks named, and print the table."""
    parser = argparse.ArgumentParser(prog="./dev soak hostile", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {QUIET}, {', '.join(ATTACKS)}, {ALL}")
    parser.add_argument("--minutes", type=float, default=10.0, help=f"how long {ALL} takes (default: 10)")
    parser.add_argument("--seconds", type=float, default=ALONE_S, help="how long each other takes (default: 30)")
    parser.add_argument("--short", action="store_true", help="two runs of several attacks, for CI")
    parser.add_argument("--against", type=Path, help="another checkout, whose .venv/bin/stayahead is attacked")
    options = parser.parse_args(words)
    names = options.names or [QUIET, *ATTACKS, ALL]
    if unknown := [name for name in names if name not in {QUIET, ALL, *ATTACKS}]:
        parser.error(f"no attack {', '.join(unknown)}; there are {QUIET}, {', '.join(ATTACKS)}, {ALL}")
    program = str((options.against or ROOT) / ".venv" / "bin" / "stayahead")
    if options.short:
        plans = [_plan(name, SHORT_S, program, attacks) for name, attacks in SHORT.items()]
    else:
        plans = [_plan(name, options.minutes * 60 if name == ALL else options.seconds, program) for name in names]
    failures = held(plans)
    return 1 if failures else 0


def short() -> list[str]:
    """The form for CI; what is wrong."""
    program = str(ROOT / ".venv" / "bin" / "stayahead")
    return held([_plan(name, SHORT_S, program, attacks) for name, attacks in SHORT.items()])


def held(plans: Sequence[Plan]) -> list[str]:
    """Run them one after the other, print the table, and list the bars that failed."""
    rows: list[Row] = []
    failed: dict[str, list[str]] = {}
    for plan in plans:
        print(f"{plan.name}: {_what(plan)}", flush=True)
        row = stage.run(plan)
        rows.append(row)
        bars = Bars(memory=measure.ALL_MEMORY_MOST) if plan.name == ALL else Bars()
        failed[plan.name] = measure.wrong(row, bars)
        for line in failed[plan.name]:
            print(f"  {line}", flush=True)
    print("\n" + measure.table(rows, failed))
    return [line for lines in failed.values() for line in lines]


def _what(plan: Plan) -> str:
    if plan.name in ATTACKS:
        return ATTACKS[plan.name].what
    return f"{len(plan.attacks)} attacks at once, {plan.seconds:.0f} s"


def _plan(name: str, seconds: float, program: str, attacks: Sequence[str] | None = None) -> Plan:
    if attacks is None:
        together = [each for each in ATTACKS if each not in ALONE]
        attacks = together if name == ALL else [] if name == QUIET else [name]
    return Plan(name=name, attacks=tuple(attacks), seconds=seconds, program=(program,))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
