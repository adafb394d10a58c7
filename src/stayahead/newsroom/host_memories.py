"""Remembers what the pages of each host taught, so that its next page is read without the furniture of the last ones.

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
class _Remembered:
    """A host that was met lately."""

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
        self._recent: OrderedDict[str, _Remembered] = OrderedDict()
        self._changed: dict[str, tuple[int, bytes]] = {}

    def is_near(self, host: str) -> bool:
        """Its memory can be had without asking the store."""
        with self._turn:
            return host in self._recent

    def memory(self, host: str) -> HostMemory:
        """What the host's next page is read with; may ask the store."""
        with self._turn:
            return self._near(host).memory

    def fold(self, observation: Observation) -> None:
        """Take in one reading."""
        with self._turn:
            near = self._near(observation.host)
            record = fold(_unpacked(near.packed, observation.host), observation)
            near.packed = _encoder.encode(record)
            self._changed[observation.host] = (record.number, near.packed)
            if record.number <= WELL_KNOWN or record.number % DERIVE_EVERY == 0:
                near.memory = memory_of(record)

    def changed(self, now: datetime) -> tuple[HostRow, ...]:
        """The rows of the hosts that were folded since this was last asked."""
        with self._turn:
            changed, self._changed = self._changed, {}  # a commit that fails ends the desk, so nothing is put back
        return tuple(
            HostRow(host=host, number=number, at=now, record=packed) for host, (number, packed) in changed.items()
        )

    def _near(self, host: str) -> _Remembered:
        near = self._recent.get(host)
        if near is None:
            # What was folded and not yet stored comes first: the store has an older record, or none.
            waiting = self._changed.get(host)
            record = _unpacked(waiting[1] if waiting else self._stored(host) or b"", host)
            near = self._recent[host] = _Remembered(_encoder.encode(record), memory_of(record))
            if len(self._recent) > HOSTS_MAX:
                self._recent.popitem(last=False)
        self._recent.move_to_end(host)
        return near


def _unpacked(packed: bytes, host: str) -> HostRecord:
    """The record; a new one where there is none, or none that this version can read: it is soon learnt again."""
    try:
        return _decoder.decode(packed) if packed else HostRecord(host=host)
    except msgspec.DecodeError:
        return HostRecord(host=host)
