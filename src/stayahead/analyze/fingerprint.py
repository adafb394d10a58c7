"""Fingerprints tell near copies by a few hashes, so that a reprint is known without comparing whole texts.

Shingles of five words are hashed and kept by value (Manber 1994, "Finding similar files"; Broder 1997, "On the
resemblance and containment of documents"): the same shingle is kept in every text that is sampled as finely, so the
share of one text that stands in another can be read from the samples alone.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from collections.abc import Sequence
from hashlib import blake2b

SHINGLE_WORDS = 5
MIN_SHINGLES = 16
"""Least shingles of a text with a fingerprint; one of under 20 words is too short to tell a copy from a coincidence."""
KEPT = 40
"""Hashes that a long text keeps in the mean, up to twice as many; never fewer than `LEAST`."""
LEAST = 32
"""Least hashes that any text with a fingerprint keeps, if it has so many shingles."""

NEAR_SHARE = 0.6
"""Least share of one of two near copies that stands in the other."""
FAR_SHARE = 0.15
"""Least share of the other that stands in it: a round-up that holds one short report whole is no copy of it."""
MIN_COMMON = 6
"""Least hashes in common from which a share is believed."""


def fingerprint(words: Sequence[str]) -> tuple[tuple[int, ...], int]:
    """Sampled 63-bit shingle hashes, ascending, and how many distinct shingles the text has.

    >>> fingerprint(["too", "short"])
    ((), 0)
    """
    if len(words) < SHINGLE_WORDS + MIN_SHINGLES - 1:
        return (), 0
    encoded = [word.encode("utf-8", "surrogatepass") for word in words]
    line = b" ".join(encoded)
    starts = [0]
    at = 0
    for word in encoded:
        at += len(word) + 1
        starts.append(at)
    crc = zlib.crc32
    shingles = {
        crc(piece): piece for piece in [line[a : b - 1] for a, b in zip(starts, starts[SHINGLE_WORDS:], strict=False)]
    }
    count = len(shingles)
    if count < MIN_SHINGLES:
        return (), count
    ordered = sorted(shingles)
    # The smallest are kept: a shingle that two texts share is in both samples wherever their ranges overlap. The high
    # half of a hash is the checksum that it was sampled by, the low half tells apart shingles with one checksum.
    kept = ordered[: max(LEAST, bisect_left(ordered, 1 << (32 - level(count))))]
    return tuple((value << 31) | _low(shingles[value]) for value in kept), count


def level(shingles: int) -> int:
    """How often the range of hashes kept was halved for a text with that many shingles."""
    return max(0, (shingles // KEPT).bit_length() - 1)


def shares(a: Sequence[int], a_shingles: int, b: Sequence[int], b_shingles: int) -> tuple[float, float]:
    """The share of text `a` that stands in `b`, and of `b` that stands in `a`; (0, 0) when too little is in common."""
    # Compared in the range that both were sampled in: above it the longer text has kept nothing.
    limit = 1 << (63 - max(level(a_shingles), level(b_shingles)))
    kept_a = a[: bisect_left(a, limit)]
    kept_b = b[: bisect_left(b, limit)]
    common = len(set(kept_a).intersection(kept_b))
    if common < MIN_COMMON:
        return 0.0, 0.0
    return common / len(kept_a), common / len(kept_b)


def near_copies(a: Sequence[int], a_shingles: int, b: Sequence[int], b_shingles: int) -> bool:
    """Whether one text is mostly made of the other; symmetric."""
    share_a, share_b = shares(a, a_shingles, b, b_shingles)
    return max(share_a, share_b) >= NEAR_SHARE and min(share_a, share_b) >= FAR_SHARE


def _low(piece: bytes) -> int:
    return int.from_bytes(blake2b(piece, digest_size=4).digest()) >> 1
