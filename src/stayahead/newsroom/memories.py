"""Memories: observations of pages in, in the order of their commits; what each host's next page is read with, out.

The desk's thread folds, the event loop hands out; a lock keeps the two apart. Only the hosts met last are in memory,
packed; the others are read from the store when a page of theirs comes. What changed goes into the store with the
engine's snapshots: a crash loses some seconds of learning, and no article. See docs/decisions/0028.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from stayahead.extract import HostMemory, HostRecord, Observation, fold, memory_of
from stayahead.model import HostRow

HOSTS_MAX = 256
"""Hosts in memory, packed: some 20 kB each (45 at most), 5 MB in all."""
DERIVE_EVERY = 4
"""Readings between two derivations of a host that is well known: one takes 0.5 to 3 ms."""
WELL_KNOWN = 12
"""Readings up to which each one counts."""

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(HostRecord)


@dataclass(slots=True)
class _Known:
    packed: bytes
    memory: HostMemory


class HostMemories:
    """What is known of each host. Safe from any thread.

    Args:
        stored: the packed record of a host from the store, None when there is none.
    """

    def __init__(self, stored: Callable[[str], bytes | None]) -> None:
        self._stored = stored
        self._turn = threading.Lock()
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._changed: dict[str, tuple[int, bytes]] = {}

    def is_near(self, host: str) -> bool:
        """Its memory can be had without asking the store."""
        with self._turn:
            return host in self._known

    def memory(self, host: str) -> HostMemory:
        """What the host's next page is read with; may ask the store."""
        with self._turn:
            return self._near(host).memory

    def fold(self, seen: Observation) -> None:
        """Take in one reading."""
        with self._turn:
            known = self._near(seen.host)
            record = fold(_unpacked(known.packed, seen.host), seen)
            known.packed = _encoder.encode(record)
            self._changed[seen.host] = (record.number, known.packed)
            if record.number <= WELL_KNOWN or record.number % DERIVE_EVERY == 0:
                known.memory = memory_of(record)

    def changed(self, now: datetime) -> tuple[HostRow, ...]:
        """The rows of the hosts that were folded since this was last asked."""
        with self._turn:
            changed, self._changed = self._changed, {}
        return tuple(
            HostRow(host=host, number=number, at=now, record=packed) for host, (number, packed) in changed.items()
        )

    def _near(self, host: str) -> _Known:
        known = self._known.get(host)
        if known is None:
            waiting = self._changed.get(host)
            record = _unpacked(waiting[1] if waiting else self._stored(host) or b"", host)
            known = self._known[host] = _Known(_encoder.encode(record), memory_of(record))
            if len(self._known) > HOSTS_MAX:
                self._known.popitem(last=False)
        self._known.move_to_end(host)
        return known


def _unpacked(packed: bytes, host: str) -> HostRecord:
    """The record; a new one where there is none, or none that this version can read: it is soon learnt again."""
    try:
        return _decoder.decode(packed) if packed else HostRecord(host=host)
    except msgspec.DecodeError:
        return HostRecord(host=host)
