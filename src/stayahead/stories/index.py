"""Index: a vector goes in; the live articles that share its rare terms, with their dot products, come out.

What a query reads is a pure function of the set of live entries and of the order in which they were put, so an index
rebuilt from a snapshot answers exactly as the one that it replaces.
"""

from __future__ import annotations

from itertools import islice

from stayahead.stories.vectors import Vector
from stayahead.stories.weights import POSTINGS_BUDGET, POSTINGS_READ


class TermIndex:
    """Term → articles that hold it, with their weights, oldest first."""

    def __init__(self) -> None:
        self._postings: dict[str, dict[str, int]] = {}

    def put(self, article_id: str, vector: Vector) -> None:
        """Enter an article; it is the newest now."""
        postings = self._postings
        for term, weight in vector.items():
            posting = postings.get(term)
            if posting is None:
                postings[term] = {article_id: weight}
            else:
                posting[article_id] = weight

    def drop(self, article_id: str, vector: Vector) -> None:
        """Take out an article that was put with that vector."""
        for term in vector:
            posting = self._postings.get(term)
            if posting is not None and posting.pop(article_id, None) is not None and not posting:
                del self._postings[term]

    def near(self, vector: Vector) -> dict[str, int]:
        """Articles that share terms with the vector, and their dot products over the terms read.

        Terms are read heaviest first, the newest articles of each, until the budget is spent.
        """
        found: dict[str, int] = {}
        get = found.get
        budget = POSTINGS_BUDGET
        for term, weight in sorted(vector.items(), key=_heaviest_first):
            posting = self._postings.get(term)
            if posting is None:
                continue
            budget -= len(posting)
            if len(posting) <= POSTINGS_READ:
                for article_id, other in posting.items():
                    found[article_id] = get(article_id, 0) + weight * other
            else:
                budget += len(posting) - POSTINGS_READ
                for article_id, other in islice(reversed(posting.items()), POSTINGS_READ):
                    found[article_id] = get(article_id, 0) + weight * other
            if budget <= 0:
                break
        return found


def _heaviest_first(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]
