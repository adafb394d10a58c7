"""What threads free goes back to the system, and is not kept in as many arenas as there are threads."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys, threading
from pathlib import Path
from stayahead.newsroom.heap import give_back_freed

if sys.argv[1] == "given back":
    assert give_back_freed()
stays = []
at_once = threading.Barrier(8)

def use():
    bytes(1_500_000)  # freed at once: from now on blocks of this size are kept by default
    bodies = []
    for _ in range(8):
        bodies.append(b"x" * 1_200_000)
        stays.append(b"y" * 600)
    at_once.wait()
    bodies.clear()

threads = [threading.Thread(target=use) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(int(Path("/proc/self/statm").read_text().split()[1]) * 4)
"""


def resident_kb(how: str) -> int:
    done = subprocess.run([sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_freed_bodies_go_back_though_small_things_between_them_stay() -> None:
    assert 2 * resident_kb("given back") < resident_kb("as it is")
