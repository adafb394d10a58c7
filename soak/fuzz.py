"""Fuzzes `parse_feed` and `read_page` with mutations of real feeds and pages.

Any bytes give a value or a typed error, in little time, and values keep the promises of the property tests.
"""

from __future__ import annotations

import gzip
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests" / "data"
SEED_BYTES = 10_000
REAL_SEEDS = 40
"""How many shared feeds and shared pages are seeds beside our own cases, evenly picked by name."""


def run(data: Path, *, inputs: int) -> list[str]:
    """Try that many inputs, half of them feeds, on two cores; list what went wrong."""
    folder = Path(tempfile.mkdtemp(prefix="stayahead-fuzz-"))
    running = {kind: _start(kind, inputs // 2, folder / kind, _seeds(kind, data)) for kind in ("feeds", "pages")}
    return [line for kind, process in running.items() for line in _outcome(kind, process, folder / kind)]


def _start(kind: str, inputs: int, folder: Path, seeds: list[bytes]) -> subprocess.Popen[bytes]:
    folder.mkdir()
    for number, seed in enumerate(seeds):
        (folder / f"{number:03}.seed").write_bytes(seed)
    command = [sys.executable, "-m", "soak.fuzz_target", kind, str(inputs), str(folder)]
    with (folder / "output.txt").open("wb") as output:
        return subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output)


def _outcome(kind: str, process: subprocess.Popen[bytes], folder: Path) -> list[str]:
    process.wait()
    result = folder / "result.json"
    if not result.exists():  # it hung, or died: the fuzzer left the input as an artifact
        last = (folder / "output.txt").read_text("utf-8", "replace")[-2000:]
        return [f"{kind}: ended with exit code {process.returncode}, see {folder}\n{last}"]
    report: dict[str, Any] = msgspec.json.decode(result.read_bytes())
    for outcome, times in sorted(report["outcomes"].items()):
        print(f"  {kind}: {outcome}: {times}")
    tried = sum(report["outcomes"].values())
    print(f"  {kind}: {tried / report['seconds']:.0f} inputs/s, the slowest {report['worst_ms']:.0f} ms of CPU")
    return [f"{kind}: {failure}" for failure in report["wrong"].values()]


def _seeds(kind: str, data: Path) -> list[bytes]:
    folders = {"feeds": ("feeds", "sitemaps"), "pages": ("pages",)}[kind]
    own = [path for name in folders for path in sorted((TESTS / name).iterdir()) if path.is_file()]
    real = sorted((data / {"feeds": "feeds/files", "pages": "pages/scrapinghub/html"}[kind]).iterdir())
    picked = real[:: max(1, len(real) // REAL_SEEDS)]
    bodies = [path.read_bytes() for path in own] + [gzip.decompress(path.read_bytes()) for path in picked]
    return [_middle(body) for body in bodies]


def _middle(body: bytes) -> bytes:
    """The start of a long document and a stretch of its middle: the start of a page is scripts."""
    if len(body) <= SEED_BYTES:
        return body
    half = SEED_BYTES // 2
    return body[:half] + body[len(body) // 2 : len(body) // 2 + half]
