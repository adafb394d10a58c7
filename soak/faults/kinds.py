"""The faults, each a function that does its harm to a running world, undoes it, and says in a word what it did."""

from __future__ import annotations

import contextlib
import os
import random
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path

from soak.faults.press import DAMAGES, NETWORKS
from soak.faults.world import World

Fault = Callable[[World, random.Random], str]

ENDS_S = 12.0
"""The desk commits every ten seconds even when nothing comes: by then a full disk has shown."""
CLOCK_JUMPS_S = (-400 * 86_400, -40 * 86_400, -3_600, -180, 180, 3_600, 40 * 86_400, 400 * 86_400)


def kill_service(world: World, chance: random.Random) -> str:
    """Kill -9 of the main process; its workers must end by themselves."""
    world.service.kill()
    return "kill -9 of the service"


def kill_worker(world: World, chance: random.Random) -> str:
    """Kill -9 of one worker, with whatever it reads."""
    workers = world.workers()
    if not workers:
        return "no worker to kill"
    with contextlib.suppress(ProcessLookupError):
        os.kill(chance.choice(workers), signal.SIGKILL)
    return "kill -9 of a worker"


def kill_all(world: World, chance: random.Random) -> str:
    """Kill -9 of everything at once, as when the power goes."""
    os.killpg(world.service.process.pid, signal.SIGKILL)
    world.service.process.wait()
    return "kill -9 of everything"


def stop(world: World, chance: random.Random) -> str:
    """An orderly stop."""
    code = world.service.stop()
    if code not in (0, 130):
        world.fail(f"an orderly stop ended with exit code {code}")
    return "stop and start"


def freeze(world: World, chance: random.Random) -> str:
    """The whole process sleeps for a moment."""
    seconds = chance.uniform(0.5, 2.0)
    world.service.process.send_signal(signal.SIGSTOP)
    time.sleep(seconds)
    world.service.process.send_signal(signal.SIGCONT)
    return f"frozen for {seconds:.1f} s"


def files_cannot_grow(world: World, chance: random.Random) -> str:
    """No file of the service may grow past so many bytes: database, its log, and the log of the service alike."""
    size = chance.choice((0, 8_192, 100_000))
    pid = world.service.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, before[1]))
    ended = _wait_for_end(world)
    if not ended:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
    return f"files may not grow past {size} bytes ({'it ended' if ended else 'it went on'})"


def disk_full(world: World, chance: random.Random) -> str:
    """The file system of the database is filled to the last byte, and freed."""
    if world.disk is None:
        return files_cannot_grow(world, chance)
    filler = world.disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(bytes(1 << 16)):
            pass
    with contextlib.suppress(OSError), filler.open("ab", buffering=0) as file:
        while file.write(b"0"):
            pass
    ended = _wait_for_end(world)
    if ended and chance.random() < 0.3:
        world.start_on_full_disk()
    filler.unlink()
    return f"disk full ({'it ended' if ended else 'it went on'})"


def _wait_for_end(world: World) -> bool:
    """Whether the service ended by itself, and then as it must: a line that names the file, and an exit code."""
    until = time.monotonic() + ENDS_S
    while time.monotonic() < until and world.service.process.poll() is None:
        time.sleep(0.05)
    code = world.service.process.poll()
    if code is None:
        return False
    if code != 1:
        world.fail(f"with a full disk it ended with exit code {code}")
    return True


def clock_jump(world: World, chance: random.Random) -> str:
    """The wall clock jumps, and after some seconds back."""
    by = chance.choice(CLOCK_JUMPS_S)
    world.set_clock(by)
    time.sleep(chance.uniform(0.5, 3.0))
    word = ""
    if chance.random() < 0.3:
        world.service.kill()
        world.start()
        time.sleep(chance.uniform(0.5, 2.0))
        word = ", with a restart under it"
    world.set_clock(0)
    return f"clock {by:+} s{word}"


def network(world: World, chance: random.Random) -> str:
    """Nobody is reached for a while."""
    way = chance.choice(NETWORKS)
    world.press.set_network(way)
    time.sleep(chance.uniform(0.5, 3.0))
    world.press.set_network("up")
    return f"network: {way}"


def damaged_answers(world: World, chance: random.Random) -> str:
    """Every answer is damaged for a while."""
    world.press.damage = way = chance.choice(DAMAGES)
    time.sleep(chance.uniform(1.0, 3.0))
    world.press.damage = ""
    return f"answers: {way}"


def log_removed(world: World, chance: random.Random) -> str:
    """Somebody removes the database's log under the running service: it must save what it has, and end."""
    Path(f"{world.path}-wal").unlink()
    if not _wait_for_end(world):
        world.fail("its database's log was removed, and it went on")
        world.service.kill()
    return "database's log removed"


KINDS: tuple[tuple[Fault, int], ...] = (
    (kill_service, 5),
    (kill_worker, 5),
    (kill_all, 2),
    (stop, 1),
    (freeze, 1),
    (files_cannot_grow, 2),
    (disk_full, 2),
    (clock_jump, 5),
    (network, 4),
    (damaged_answers, 6),
    (log_removed, 1),
)
"""Each with its weight."""


def draw(chance: random.Random, count: int) -> list[Fault]:
    """So many faults: each kind once, as far as there is room, the others by weight, in random order."""
    each = [fault for fault, _ in KINDS][:count]
    more = chance.choices([fault for fault, _ in KINDS], [weight for _, weight in KINDS], k=count - len(each))
    faults = each + more
    chance.shuffle(faults)
    return faults
