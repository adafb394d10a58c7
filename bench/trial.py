"""Tries readers on hostile documents: what does each one cost, and is it read, refused, or the reader's end?

A reader runs in a process of its own, which the kernel ends when one document takes `LIMIT_S` of CPU; the trial goes on
with the next document. `python -m bench.trial feeds|pages READER FROM` is that process.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from time import process_time

import msgspec

from bench import hostile, hostile_pages
from bench.readers import FEED_READERS, PAGE_READERS
from eval.side_by_side import offline
from stayahead.errors import SourceError

LIMIT_S = 10
"""Most CPU that one document may take before its reader is killed."""
BAR_MS = 50.0
"""CPU that 100 kB may cost a reader that passes."""
ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS: dict[str, Callable[[], dict[str, bytes]]] = {"feeds": hostile.hostile, "pages": hostile_pages.hostile_pages}
READERS: dict[str, Mapping[str, Callable[[bytes], object]]] = {"feeds": FEED_READERS, "pages": PAGE_READERS}


class Verdict(msgspec.Struct, kw_only=True):
    """How a reader fared with one document."""

    name: str
    kilobytes: float
    cost_ms: float = LIMIT_S * 1000.0
    error: str = ""
    """The exception, unless it is a typed refusal of ours or any plain refusal of another's; `killed` or `died`."""

    is_refused: bool = False
    """Whether it was refused with an error that is meant for that."""

    @property
    def per_100_kb_ms(self) -> float:
        """CPU per 100 kB; a smaller document counts as one of that size."""
        return self.cost_ms / max(1.0, self.kilobytes / 100)

    @property
    def is_passed(self) -> bool:
        """Whether it was read or refused within the bar."""
        return not self.error and self.per_100_kb_ms <= BAR_MS


def hold(kind: str, reader: str) -> list[Verdict]:
    """Try one reader on every hostile document of a kind."""
    documents = list(DOCUMENTS[kind]().items())
    verdicts: list[Verdict] = []
    while len(verdicts) < len(documents):
        command = [sys.executable, "-m", "bench.trial", kind, reader, str(len(verdicts))]
        result = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        verdicts += [
            msgspec.json.decode(line[1:], type=Verdict) for line in result.stdout.split(b"\n") if line[:1] == b"\x1e"
        ]
        if len(verdicts) < len(documents):
            name, body = documents[len(verdicts)]
            error = "killed" if -result.returncode in (24, 9) else "died"
            verdicts.append(Verdict(name=name, kilobytes=len(body) / 1000, error=error))
    return verdicts


def show(kind: str, *, ours: str) -> dict[str, float]:
    """Try every reader, print a line for each document and a sum for each reader, and return the figures by name."""
    results = {reader: hold(kind, reader) for reader in READERS[kind]}
    print(f"hostile {kind}: ms of CPU; over {BAR_MS:.0f} ms per 100 kB marked *, killed at {LIMIT_S} s")
    print("".join(f"{reader:>17}" for reader in results) + "   kB")
    for line in zip(*results.values(), strict=True):
        print("".join(f"{_cell(verdict):>17}" for verdict in line) + f" {line[0].kilobytes:>4.0f}  {line[0].name}")
    figures: dict[str, float] = {}
    for reader, verdicts in results.items():
        passes, worst = sum(v.is_passed for v in verdicts), max(v.cost_ms for v in verdicts)
        refused = sum(v.is_refused for v in verdicts)
        print(f"  {reader}: {passes}/{len(verdicts)} passed, {refused} of all refused unread, worst {worst:.0f} ms")
        name = "" if reader == ours else f"{reader}_"
        figures |= {f"{name}hostile_passed": passes, f"{name}hostile_worst_ms": worst}
    return figures | {"hostile_kinds": float(len(results[ours]))}


def _cell(verdict: Verdict) -> str:
    if verdict.error in ("killed", "died"):
        return verdict.error
    return f"{verdict.error} {verdict.cost_ms:.1f}{'' if verdict.is_passed else '*'}".strip()


def _try(read: Callable[[bytes], object], body: bytes, *, is_ours: bool) -> tuple[float, str, bool]:
    """CPU milliseconds, the error if it failed, and whether it was refused."""
    started, error, is_refused = process_time(), "", False
    try:
        read(body)
    except SourceError:
        is_refused = True
    except Exception as raised:
        # Anything untyped from ours is a failure; other libraries refuse by any error but those of their own limits.
        if is_ours or isinstance(raised, RecursionError | MemoryError | AssertionError | ImportError):
            error = type(raised).__name__
        is_refused = not error
    return (process_time() - started) * 1000, error, is_refused


def main() -> None:
    """Run one reader in this process, from the document of that number on."""
    kind, reader, start = sys.argv[1], sys.argv[2], int(sys.argv[3])
    offline()
    read, is_ours = READERS[kind][reader], reader == "stayahead"
    for body in WARM[kind]:
        _try(read, body, is_ours=False)
    for name, body in list(DOCUMENTS[kind]().items())[start:]:
        resource.setrlimit(resource.RLIMIT_CPU, (int(process_time()) + LIMIT_S + 1, resource.RLIM_INFINITY))
        cost_ms, error, is_refused = _try(read, body, is_ours=is_ours)
        if BAR_MS / 2 < cost_ms < LIMIT_S * 300:  # the better of two: what it costs, not what else the machine does
            cost_ms = min(cost_ms, _try(read, body, is_ours=is_ours)[0])
        verdict = Verdict(name=name, kilobytes=len(body) / 1000, cost_ms=cost_ms, error=error, is_refused=is_refused)
        sys.stdout.buffer.write(b"\n\x1e" + msgspec.json.encode(verdict) + b"\n")
        sys.stdout.buffer.flush()


WARM = {
    "feeds": [b"<rss><channel><item><pubDate>12 Languages are loaded once</pubDate></item></channel></rss>"],
    "pages": [
        b"<html><body><article><h1>A title</h1><time>12 Languages are loaded once</time>"
        + b"<p>What loads late is loaded before anything is timed, be it a model or a library.</p>" * 40
        + b"</article></body></html>",
        b"<html><body>" + b"<li><a href='/x'>It is unsure and short</a></li>" * 20 + b"</body></html>",
    ],
}
"""Read before anything is timed, so that late imports are not counted."""


if __name__ == "__main__":
    main()
