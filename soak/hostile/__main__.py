"""Runs `./dev soak hostile [NAMES]`: attacks the real service as a hostile world does, and holds it to its bars.

Without names: every attack by itself, then all at once. `--short`: two runs of several attacks each, for CI.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from soak.hostile import full_disk, measure, memory_group, prepared, stage
from soak.hostile.attacks import ALONE, ATTACKS
from soak.hostile.measure import Bars, Row
from soak.hostile.stage import Plan

ROOT = Path(__file__).resolve().parents[2]
ALL = "all-at-once"
QUIET = "quiet"
NAMES = (QUIET, *ATTACKS, full_disk.NAME, ALL)
SHORT = {
    "short: sources": ("robots-blanks", "robots-rules", "exclamations", "page-bombs", "semicolons", "slow-pages"),
    "short: bytes and readers": ("big-pages", "members", "rebased-links", "index-urls", "half-sent"),
}
"""What CI runs."""
SHORT_S = 20.0
SHORT_BARS = Bars(stall_s=0.3)
"""Within the bars of one attack, but for the stall: several attackers and the service share two cores there."""
SHORT_TRIES = 2
"""What is wrong with us is wrong again the second time; a busy machine is not."""
ALONE_S = 30.0
ALL_S = 600.0


def main(words: Sequence[str]) -> int:
    """Run the attacks named, and print the table."""
    parser = argparse.ArgumentParser(prog="./dev soak hostile", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; default: all")
    parser.add_argument("--minutes", type=float, default=ALL_S / 60, help=f"how long {ALL} takes (default: 10)")
    parser.add_argument("--seconds", type=float, default=ALONE_S, help="how long each other takes (default: 30)")
    parser.add_argument("--short", action="store_true", help="two runs of several attacks, for CI")
    parser.add_argument("--against", type=Path, help="another checkout, whose .venv/bin/stayahead is attacked")
    parser.add_argument("--memory-group", type=Path, help="folder of a control group of yours, to be limited to 1 GB")
    parser.add_argument("--logs", type=Path, help="folder to keep the service's logs in")
    options = parser.parse_intermixed_args(words)  # names before and after options
    if unknown := [name for name in options.names if name not in NAMES]:
        parser.error(f"no attack {', '.join(unknown)}; there are {', '.join(NAMES)}")
    program = str((options.against or ROOT).resolve() / ".venv" / "bin" / "stayahead")
    prefix = memory_group.prefix(options.memory_group)
    print(f"memory is {'limited to 1 GB' if prefix else 'not limited: no memory controller was named or found'}")
    if options.short:
        plans = _short(program, prefix)
    else:
        seconds = {ALL: options.minutes * 60}
        plans = [
            _plan(name, _attacks(name), seconds.get(name, options.seconds), program, prefix)
            for name in options.names or NAMES
        ]
    signal.signal(signal.SIGTERM, _end)
    if options.logs is not None:
        options.logs.mkdir(parents=True, exist_ok=True)
    plans = [replace(plan, logs=options.logs) for plan in plans]
    return 1 if (_held_short(plans) if options.short else held(plans)) else 0


def run(*, short: bool) -> list[str]:
    """The attacks as one check among others; what is wrong."""
    program = str(ROOT / ".venv" / "bin" / "stayahead")
    if short:
        return _held_short(_short(program, ()))
    return held([_plan(name, _attacks(name), ALL_S if name == ALL else ALONE_S, program, ()) for name in NAMES])


def _short(program: str, prefix: tuple[str, ...]) -> list[Plan]:
    return [_plan(name, attacks, SHORT_S, program, prefix) for name, attacks in SHORT.items()]


def _plan(name: str, attacks: Sequence[str], seconds: float, program: str, prefix: tuple[str, ...]) -> Plan:
    return Plan(name=name, attacks=attacks, seconds=seconds, program=(program,), prefix=prefix)


def _held_short(plans: Sequence[Plan]) -> list[str]:
    wrong: list[str] = []
    for plan in plans:
        for _ in range(SHORT_TRIES):
            faults = held([plan], bars=SHORT_BARS)
            if not faults:
                break
        wrong += faults
    return wrong


def held(plans: Sequence[Plan], *, bars: Bars | None = None) -> list[str]:
    """Run them one after the other, print the table, and list the bars that failed."""
    rows: list[Row] = []
    failed: dict[str, list[str]] = {}
    try:
        for plan in plans:
            print(f"{plan.name}: {_what(plan)}", flush=True)
            row = _run(plan)
            rows.append(row)
            own = Bars(memory=measure.ALL_MEMORY_MOST) if plan.name == ALL else Bars()
            failed[plan.name] = measure.wrong(row, bars or own)
            print(f"  {measure.line(row, has_failed=bool(failed[plan.name]))}", flush=True)
            for line in (*failed[plan.name], *(f"note: {note}" for note in row.notes)):
                print(f"    {line}", flush=True)
    finally:
        prepared.forget()
    print("\n" + measure.table(rows, failed), flush=True)
    return [line for lines in failed.values() for line in lines]


def _run(plan: Plan) -> Row:
    try:
        return full_disk.run(plan.program) if plan.name == full_disk.NAME else stage.run(plan)
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:  # a run that could not be made is no good run
        return measure.not_run(plan.name, f"{type(error).__name__}: {error}")


def _what(plan: Plan) -> str:
    if plan.name == full_disk.NAME:
        return full_disk.WHAT
    if plan.name in ATTACKS:
        return str(ATTACKS[plan.name].__doc__)
    return f"{', '.join(plan.attacks) or 'no attack'}, {plan.seconds:.0f} s"


def _attacks(name: str) -> tuple[str, ...]:
    if name == ALL:
        return tuple(each for each in ATTACKS if each not in ALONE)
    return (name,) if name in ATTACKS else ()


def _end(*_: object) -> None:
    """A check that is told to end ends what it started, too."""
    sys.exit(143)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
