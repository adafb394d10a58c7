"""Has the C library give back what is freed, where it would keep it for a use that never comes.

glibc makes an arena for each of a process' first threads (eight a core), and once a large block was freed it takes
blocks of that size from the arenas, too. Bodies of megabytes come and go here on a dozen threads, between small things
that stay: after three minutes of all attacks at once 420 MB had been taken from the system, of which 147 were in use.
With two arenas, and every block of 256 kB on a mapping of its own, it was 120 (docs/decisions/0146). Python's own small
objects are elsewhere.
"""

from __future__ import annotations

import ctypes

ARENAS = 2
"""One for the main thread, one for all others: they wait for each other at Python's lock anyway."""
MAPPED_FROM = 1024 * 1024
"""Bytes from which a block is a mapping of its own, which goes back to the system as it is freed. Most bodies are
smaller: a mapping costs its pages anew each time, .3 ms a megabyte."""
KEPT_AT_END = 1_000_000
"""Bytes at the end of an arena that may stay unused; less would grow and shrink it all the time."""
# Numbers of the settings in glibc's malloc.h.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8


def give_back_freed() -> bool:
    """Set it for this process, before its threads begin; False where the C library is another one, and has its ways."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    wishes = ((_ARENA_MAX, ARENAS), (_MMAP_THRESHOLD, MAPPED_FROM), (_TRIM_THRESHOLD, KEPT_AT_END))
    done = [mallopt(ctypes.c_int(name), ctypes.c_int(value)) for name, value in wishes]  # each, whatever the others say
    return all(done)
