"""The inverted index finds the live articles that share rare terms with a text, without looking at all the others.

What a query reads is a pure function of the set of live entries, so an index rebuilt from a snapshot answers exactly
as the one that it replaces.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort

from stayahead.stories.vectors import Packed, Vector
from stayahead.stories.weights import POSTINGS_BUDGET, POSTINGS_READ

_WEIGHT_BITS = 13
_WEIGHT = (1 << _WEIGHT_BITS) - 1
"""Mask of a weight, which is at most `UNIT`, 4,096."""


class TermIndex:
    """Term → articles that hold it, with their weights, oldest first.

    A posting is one integer, the article's number above its weight: most terms stand in one article only, which then
    costs no list; the others have a machine word each.
    """

    def __init__(self) -> None:
        self._postings: dict[str, int | array[int]] = {}
        self._terms: dict[str, str] = {}
        """Each term of the index by itself, so that all vectors hold the same string."""

    def put(self, seq: int, vector: Packed) -> None:
        """Enter an article by its number; the higher, the newer. Its terms are shared with those entered before."""
        postings = self._postings
        one_of = self._terms.setdefault
        # One string for all articles that hold a term (docs/decisions/0035).
        vector.terms = tuple([one_of(term, term) for term in vector.terms])
        for term, weight in vector.items():
            # The number above the weight: entries in order are articles in order of arrival.
            entry = seq << _WEIGHT_BITS | weight
            posting = postings.get(term)
            if posting is None:
                postings[term] = entry
            elif isinstance(posting, int):
                postings[term] = array("Q", sorted((posting, entry)))
            elif entry > posting[-1]:
                posting.append(entry)
            else:  # an article that was known before: revised, or moved by a merge or split
                insort(posting, entry)

    def share(self, vector: Packed) -> None:
        """Let a vector that is not entered hold the same strings as those that are: a copy has its original's terms."""
        one_of = self._terms.get
        vector.terms = tuple([one_of(term, term) for term in vector.terms])

    def drop(self, seq: int, vector: Packed) -> None:
        """Take out an article that was put with that vector."""
        # By number and weight, so that an article must be taken out with the vector that it was put with.
        postings = self._postings
        for term, weight in vector.items():
            posting = postings[term]
            if not isinstance(posting, int):
                del posting[bisect_left(posting, seq << _WEIGHT_BITS | weight)]
                if posting:
                    continue
            del postings[term]
            del self._terms[term]

    def near(self, vector: Vector) -> dict[int, int]:
        """Articles that share terms with the vector, and their dot products over the terms read.

        Terms are read heaviest first, the newest articles of each, until the budget is spent.
        """
        products: dict[int, int] = {}
        postings = self._postings
        shift, mask = _WEIGHT_BITS, _WEIGHT
        budget = POSTINGS_BUDGET
        for term, weight in sorted(vector.items(), key=_heaviest_first):
            posting = postings.get(term)
            if posting is None:
                continue
            # The newest: news is about today's events, and a common word would bring back the whole window.
            entries = (posting,) if isinstance(posting, int) else posting[-POSTINGS_READ:]
            for entry in entries:
                seq = entry >> shift
                if seq in products:  # a tenth faster than to ask for a sum that may not be there
                    products[seq] += weight * (entry & mask)
                else:
                    products[seq] = weight * (entry & mask)
            # What is left are light terms, which would change a product little and bring in what shares nothing else.
            budget -= len(entries)
            if budget <= 0:
                break
        return products


def _heaviest_first(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]
