"""Copies: an article's fingerprint goes in; the live article that it copies, or that copies it, comes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stayahead.analyze import near_copies
from stayahead.analyze.fingerprint import MIN_COMMON, shares
from stayahead.stories.weights import COPY_POSTINGS

_CHECKED = 8
"""Candidates with the most hashes in common that are compared in full."""


class CopyIndex:
    """Shingle hash → articles that hold it: one representative of each group of copies."""

    def __init__(self) -> None:
        # Most hashes stand in one article only: the id alone then takes a third of the memory of a list with it.
        self._postings: dict[int, str | list[str]] = {}

    def put(self, article_id: str, fingerprint: Sequence[int]) -> None:
        """Enter a representative."""
        postings = self._postings
        for value in fingerprint:
            posting = postings.get(value)
            if posting is None:
                postings[value] = article_id
            elif isinstance(posting, str):
                postings[value] = [posting, article_id]
            else:
                posting.append(article_id)

    def drop(self, article_id: str, fingerprint: Sequence[int]) -> None:
        """Take out an article that was put with that fingerprint."""
        postings = self._postings
        for value in fingerprint:
            posting = postings.get(value)
            if isinstance(posting, list):
                posting.remove(article_id)
                if not posting:
                    del postings[value]
            elif posting == article_id:
                del postings[value]

    def find(
        self,
        fingerprint: Sequence[int],
        shingles: int,
        *,
        look_up: Callable[[str], tuple[Sequence[int], int, int] | None],
    ) -> str:
        """The representative with the largest share in common, the older one on a tie; empty when there is no copy.

        Args:
            fingerprint: of the article asked about.
            shingles: how many it has.
            look_up: fingerprint, shingles and age rank of a candidate; None: not to be considered.
        """
        common: dict[str, int] = {}
        get = self._postings.get
        for value in fingerprint:
            posting = get(value)
            if posting is None:
                continue
            if isinstance(posting, str):
                common[posting] = common.get(posting, 0) + 1
            elif len(posting) <= COPY_POSTINGS:
                for article_id in posting:
                    common[article_id] = common.get(article_id, 0) + 1
        likely = sorted([(-n, article_id) for article_id, n in common.items() if n >= MIN_COMMON])[:_CHECKED]
        best = (0.0, 0, "")
        for _, article_id in likely:
            known = look_up(article_id)
            if known is None or not near_copies(fingerprint, shingles, known[0], known[1]):
                continue
            share = round(max(shares(fingerprint, shingles, known[0], known[1])), 6)
            best = min(best, (-share, known[2], article_id))
        return best[2]
