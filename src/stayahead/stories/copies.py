"""The copy index finds the live article that a new one copies, by the shingles that they have in common.

A copy joins its original's story without being matched, and is no origin of its own: however many newspapers reprint an
agency, one report confirms the event.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections.abc import Callable, Sequence

from stayahead.analyze import near_copies
from stayahead.analyze.fingerprint import MIN_COMMON, shares
from stayahead.stories.weights import COPY_POSTINGS

_CHECKED = 8
"""Most candidates that are compared in full: those with the most hashes in common."""
_SHELF_BITS = 14
_SHELF = (1 << _SHELF_BITS) - 1
_CHECK = (1 << 24) - 1
_SEQ_BITS = 40
_SEQ = (1 << _SEQ_BITS) - 1


class CopyIndex:
    """Shingle hash → articles that hold it: one representative of each group of copies.

    A posting is one machine word: 24 bits of the hash above the 40 bits of the article's number. Postings stand
    sorted on 16,384 shelves, chosen by 14 further bits: 9 bytes a hash where a dictionary takes a hundred. Two hashes
    that agree in 38 bits are taken for one; whoever is found by them is compared in full.
    """

    def __init__(self) -> None:
        self._shelves: dict[int, array[int]] = {}

    def put(self, seq: int, fingerprint: Sequence[int]) -> None:
        """Enter a representative by its number, which is above 0."""
        shelves = self._shelves
        for value in fingerprint:
            posting = (value >> _SHELF_BITS & _CHECK) << _SEQ_BITS | seq
            # The low bits choose the shelf: by the high ones hashes are sampled, and those kept are all small.
            shelf = shelves.get(value & _SHELF)
            if shelf is None:
                shelves[value & _SHELF] = array("Q", (posting,))
            else:
                insort(shelf, posting)

    def drop(self, seq: int, fingerprint: Sequence[int]) -> None:
        """Take out an article that was put with that fingerprint."""
        for value in fingerprint:
            posting = (value >> _SHELF_BITS & _CHECK) << _SEQ_BITS | seq
            shelf = self._shelves[value & _SHELF]
            # Two hashes of an article may be one posting by their 38 bits: then it stands there twice, and one goes.
            del shelf[bisect_left(shelf, posting)]
            if not shelf:
                del self._shelves[value & _SHELF]

    def find(
        self,
        fingerprint: Sequence[int],
        shingles: int,
        *,
        look_up: Callable[[int], tuple[Sequence[int], int] | None],
    ) -> int:
        """The representative with the largest share in common, the older one on a tie; 0 when there is no copy.

        Args:
            fingerprint: the article's.
            shingles: how many it has.
            look_up: fingerprint and shingles of a candidate; None for one that is not to be considered.
        """
        common: dict[int, int] = {}
        for value in fingerprint:
            shelf = self._shelves.get(value & _SHELF)
            if shelf is None:
                continue
            # Postings of one hash lie side by side, for its bits are the high ones: from `least` up to the highest
            # number that an article can have.
            least = (value >> _SHELF_BITS & _CHECK) << _SEQ_BITS
            start = at = bisect_left(shelf, least)
            end = min(len(shelf), start + COPY_POSTINGS + 1)
            while at < end and shelf[at] <= least | _SEQ:
                at += 1
            # What is printed under every article of a site (its notices, its author's page) shows no copying.
            if at - start <= COPY_POSTINGS:
                for posting in shelf[start:at]:
                    seq = posting & _SEQ
                    common[seq] = common.get(seq, 0) + 1
        # Hashes in common are only a sample of the shingles: who is likely by it is compared by share.
        likely = sorted([(-n, seq) for seq, n in common.items() if n >= MIN_COMMON])[:_CHECKED]
        best = (0.0, 0)
        for _, seq in likely:
            candidate = look_up(seq)
            if candidate is None or not near_copies(fingerprint, shingles, *candidate):
                continue
            share = round(max(shares(fingerprint, shingles, *candidate)), 6)
            best = min(best, (-share, seq))
        return best[1]
