"""Is the process that `soak.fuzz` starts: tries mutated inputs on one reader and notes every failure.

`python -m soak.fuzz_target feeds|pages INPUTS FOLDER`. It is guided by coverage where `atheris` is installed: inputs
that reach new code are mutated further. Half of the mutations are ours (pieces of markup, parts of other seeds), half
are libFuzzer's. Without it ours alone are used, blindly. The seeds are the `*.seed` files of FOLDER; the failures are
left there as `result.json`, each with its input.
"""

from __future__ import annotations

import importlib
import os
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

try:
    import atheris
except ImportError:
    atheris = None

SEED = 20261122
MAX_BYTES = 60_000
SLOW_MS = 250.0
"""Most CPU of one input: five times what 100 kB may cost, since code that is traced for coverage runs at half speed."""
HANG_S = 20
TELL = 20
"""How many different failures are kept."""
TELL_EVERY = 1_000
"""After so many inputs `so-far.json` is written, for whoever waits."""
URL = "https://fuzz.example/x"
TOKENS = (
    *(b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?xml ", b'"', b"\x00", b"\xff\xfe", b"\xef\xbb\xbf"),
    *(b"&#x0;", b"&#1114112;", b"&nbsp;", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<script>", b"</", b"\xf0\x9f\x98", b"{"),
    *(b"<item>", b"<entry>", b"<table>", b"<p>" * 50, b"<b>" * 200, b" " * 500, b"<a href=javascript:1>", b"[[[["),
    *(
        b"<article>",
        b"<h2>Comments</h2>",
        b"<time datetime=2026-02-30>",
        b"<meta property=og:title content=",
        b"<br><br>",
    ),
    *(b"<script type=application/ld+json>{", b'"@graph":[', b'"datePublished":', b"<li>", b"<tr><td>", b"<base href="),
)
Read = Callable[[bytes], object]


@dataclass(slots=True)
class Fuzzed:
    """The results so far."""

    outcomes: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)
    """Each different failure, and the file that holds the input."""
    worst_ms: float = 0.0
    started: float = field(default_factory=time.monotonic)

    def write(self, path: Path) -> None:
        """Leave the results for the process that started us."""
        seconds = time.monotonic() - self.started
        said = {"outcomes": self.outcomes, "wrong": self.wrong, "worst_ms": self.worst_ms, "seconds": seconds}
        path.write_bytes(msgspec.json.encode(said))


def main() -> None:
    """Run to the end; the process ends here, since the fuzzer does not give control back."""
    kind, inputs, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    read, refusal = _loaded(kind)
    seeds = [path.read_bytes() for path in sorted(folder.glob("*.seed"))]
    fuzzed = Fuzzed()

    def one(body: bytes) -> None:
        _try(read, refusal, body, fuzzed, folder)
        tried = fuzzed.outcomes.total()
        if tried % TELL_EVERY == 0:
            fuzzed.write(folder / "so-far.json")
        if tried >= inputs:
            fuzzed.write(folder / "result.json")
            os._exit(0)

    for seed in seeds:
        one(seed)
    chance = random.Random(f"{SEED} {kind}")
    if atheris is None:
        while True:
            one(mutated(chance, chance.choice(seeds), seeds))
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(seeds):
        (corpus / str(number)).write_bytes(seed)

    def mutate(body: bytes, max_size: int, seed: int) -> bytes:
        if seed & 1:
            return bytes(atheris.Mutate(body, max_size))
        return mutated(random.Random(seed), body, seeds)[:max_size]

    options = [f"-max_len={MAX_BYTES}", f"-seed={SEED}", f"-timeout={HANG_S}", "-verbosity=0", "-len_control=0"]
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={folder}/", str(corpus)], one, custom_mutator=mutate)
    atheris.Fuzz()


def _loaded(kind: str) -> tuple[Read, type[Exception]]:
    """The reader, traced for coverage, with the promises that its values must keep; and its typed errors."""
    if atheris is None:
        return _reader(kind)
    with atheris.instrument_imports(include=["stayahead"]):
        return _reader(kind)


def _reader(kind: str) -> tuple[Read, type[Exception]]:
    from stayahead.errors import SourceError
    from stayahead.extract import read_page
    from stayahead.parse import parse_feed

    if kind == "feeds":
        promises = importlib.import_module("tests.property.test_parse_any_bytes").keeps
        return lambda body: promises(parse_feed(body, url=URL)), SourceError
    promises = importlib.import_module("tests.property.test_extract_bytes").check
    return lambda body: promises(read_page(body, url=URL)), SourceError


def _try(read: Read, refusal: type[Exception], body: bytes, fuzzed: Fuzzed, folder: Path) -> None:
    failure = ""
    started = time.process_time()
    try:
        read(body)
        outcome = "read"
    except refusal:
        outcome = "refused with a typed error"
    except Exception as error:  # what this check is for
        outcome = "raised"
        failure = f"raised {type(error).__name__} at {_place(error)}: {str(error)[:100]}"
    cost_ms = (time.process_time() - started) * 1000
    if cost_ms > max(SLOW_MS, fuzzed.worst_ms) and not failure:
        cost_ms = min(cost_ms, _again_ms(read, refusal, body))
        failure = f"took {cost_ms:.0f} ms of CPU" if cost_ms > SLOW_MS else ""
        outcome = "slow" if failure else outcome
    fuzzed.worst_ms = max(fuzzed.worst_ms, cost_ms if outcome != "raised" else 0.0)
    fuzzed.outcomes[outcome] += 1
    if failure and failure.partition(": ")[0] not in fuzzed.wrong and len(fuzzed.wrong) < TELL:
        file = folder / f"wrong-{len(fuzzed.wrong)}.bin"
        file.write_bytes(body)
        fuzzed.wrong[failure.partition(": ")[0]] = f"{failure} ({len(body)} bytes, {file})"


def _again_ms(read: Read, refusal: type[Exception], body: bytes) -> float:
    """The better of two more tries: the input's own cost, not that of other programs."""
    costs = []
    for _ in range(2):
        started = time.process_time()
        with suppress(refusal):
            read(body)
        costs.append((time.process_time() - started) * 1000)
    return min(costs)


def _place(error: Exception) -> str:
    """The place in our own code where it was raised."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "stayahead" in frame.filename]
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"


def mutated(chance: random.Random, body: bytes, seeds: list[bytes]) -> bytes:
    """One to eight small changes."""
    result = bytearray(body)
    for _ in range(chance.randint(1, 8)):
        at = chance.randint(0, len(result))
        move = chance.random()
        if move < 0.35:
            result[at:at] = chance.choice(TOKENS)
        elif move < 0.55:
            del result[at : at + chance.randint(1, 200)]
        elif move < 0.75 and result:
            result[min(at, len(result) - 1)] = chance.randrange(256)
        elif move < 0.9:
            other = chance.choice(seeds)
            start = chance.randint(0, len(other))
            result[at:at] = other[start : start + chance.randint(1, 500)]
        else:
            result[at:at] = result[at : at + chance.randint(1, 300)] * chance.randint(2, 20)
    return bytes(result[:MAX_BYTES])


if __name__ == "__main__":
    main()
