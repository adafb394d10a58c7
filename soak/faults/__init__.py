"""Does to a running service what machines, networks and people do, fault after fault, and looks each time what is left.

A scripted press prints numbered articles, a reader follows `/live` with its last event id, and after each fault
nothing acknowledged may be lost or doubled, `check` must be clean, and the stream must have gone on without a gap.
What the faults do not cover: a disk that lies about what it has written, a power cut that loses what was not synced
(kill -9 keeps the system's buffers), and, without root, a disk that is really full (files that cannot grow stand in).
"""

from __future__ import annotations

import random
import time
from collections import Counter

from soak.crash import free_port
from soak.faults import kinds, verdict
from soak.faults.press import Press
from soak.faults.world import World, faketime, made

SEED = 20261127
PUBLISH_EVERY_S = 0.5
END_WITHIN_S = 120.0
BEGINS_WITHIN_S = 60.0


def run(*, faults: int, seed: int = SEED) -> list[str]:
    """Do so many faults; what is wrong."""
    chance = random.Random(seed)
    press = Press(seed, PUBLISH_EVERY_S)
    with press.running(), made(press, free_port()) as world:
        clock = "libfaketime" if faketime() else "soak.faults.shifted (no libfaketime here)"
        disk = "a small file system" if world.disk else "files that cannot grow (a real one takes root)"
        print(f"seed {seed}, {faults} faults; clock: {clock}; full disk: {disk}", flush=True)
        world.start()
        world.reader.start()
        if not _has_begun(world):
            return [f"nothing was told within {BEGINS_WITHIN_S:.0f} s: {world.post_mortem()}"]
        wrong = _faults(world, kinds.draw(chance, faults), chance)
        press.stop_publishing()
        world.heal()
        wrong += [f"in the end: {line}" for line in verdict.at_the_end(world, END_WITHIN_S)]
        world.end()
        return wrong


def _has_begun(world: World) -> bool:
    """Wait until the reader was told something: a fault before that loses nothing."""
    until = time.monotonic() + BEGINS_WITHIN_S
    while time.monotonic() < until and not world.reader.numbers:
        time.sleep(0.1)
    return bool(world.reader.numbers)


def _faults(world: World, faults: list[kinds.Fault], chance: random.Random) -> list[str]:
    known, wrong, began = verdict.Known(), list[str](), time.monotonic()
    counts: Counter[str] = Counter()
    for number, fault in enumerate(faults, start=1):
        time.sleep(chance.uniform(0.1, 0.8))
        said = fault(world, chance)
        lines = verdict.after_fault(world, known) + world.wrong
        world.wrong = []
        world.heal()
        counts[fault.__name__] += 1
        print(
            f"{time.monotonic() - began:6.1f} s  {number:3} {said}: {'; '.join(lines) or 'ok'}"
            f" ({len(known.articles)} of {world.press.published()} articles, update {len(known.updates)})",
            flush=True,
        )
        wrong += [f"fault {number} ({said}): {line}" for line in lines]
        if len(wrong) > 20:
            break
    each = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    print(f"{sum(counts.values())} faults in {time.monotonic() - began:.0f} s, {world.starts} starts: {each}")
    return wrong
