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

NEAR_SHARE = 0.5
"""Least share of one of two near copies that stands in the other."""
LONG_SHARE = 0.4
"""The same where what they have in common is long: a text of which every tenth word was changed keeps half its shingles
(docs/decisions/0163)."""
LONG_SHINGLES = 50
"""Shingles in common from which `LONG_SHARE` is enough; two short reports that quote one message have fewer."""
FAR_SHARE = 0.15
"""Least share of the other that stands in it: a round-up that holds one short report whole is no copy of it."""
MIN_COMMON = 6
"""Least hashes in common from which a share is believed."""
OWN_SHARE = 0.5
"""Share of a text that stands not in what it carries, from which it is a report of its own."""
OWN_SHINGLES = 40
"""Least shingles that are its own then: three sentences. A new head and a line of credit are no report."""


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
    # The smallest are kept: a shingle that two texts share is in both samples wherever their ranges overlap. The high
    # half of a hash is the checksum that it was sampled by, the low half tells apart shingles with one checksum.
    limit = 1 << (32 - level(count))
    kept = sorted([value for value in shingles if value < limit])
    if len(kept) < LEAST:
        kept = sorted(shingles)[:LEAST]
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
    """Whether one text is mostly made of the other, or they have a long passage in common; symmetric."""
    share_a, share_b = shares(a, a_shingles, b, b_shingles)
    if min(share_a, share_b) < FAR_SHARE:
        return False
    most = max(share_a, share_b)
    return most >= NEAR_SHARE or (
        most >= LONG_SHARE and max(share_a * a_shingles, share_b * b_shingles) >= LONG_SHINGLES
    )


def adds_its_own(a: Sequence[int], a_shingles: int, b: Sequence[int], b_shingles: int) -> bool:
    """Whether text `a`, a near copy of `b`, holds so much beside it that it is a report of its own."""
    own = 1.0 - shares(a, a_shingles, b, b_shingles)[0]
    return own >= OWN_SHARE and own * a_shingles >= OWN_SHINGLES


def _low(piece: bytes) -> int:
    return int.from_bytes(blake2b(piece, digest_size=4).digest()) >> 1
