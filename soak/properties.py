"""Tries the laws of `tests/property` on examples that no run drew before; the seed printed first repeats them."""

from __future__ import annotations

import secrets
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHORT_S = 60.0
LONG_S = 1800.0


def run(*, short: bool, seed: int | None = None) -> list[str]:
    """Try every law on fresh examples, in the long form on twenty times as many; say how to repeat what failed."""
    seed = secrets.randbelow(2**32) if seed is None else seed
    command = words("soak-short" if short else "soak", seed)
    limit_s = SHORT_S if short else LONG_S
    print(f"  seed {seed}", flush=True)
    try:
        code = subprocess.run([sys.executable, *command, "-n", "2"], cwd=ROOT, check=False, timeout=limit_s).returncode
    except subprocess.TimeoutExpired:
        return [f"not done within {limit_s:.0f} s"]
    again = f"once more: .venv/bin/python {' '.join(command)} -k NAME_OF_THE_TEST"
    return [f"seed {seed}: pytest ended with {code}; {again}"] if code else []


def words(profile: str, seed: int) -> list[str]:
    """What Python is told to run the laws on what that seed draws: equal words, equal examples."""
    return ["-m", "pytest", "-q", "tests/property", f"--hypothesis-profile={profile}", f"--hypothesis-seed={seed}"]
