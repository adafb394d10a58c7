"""Background is how near a text is to stories that are not its own: by how far a story beats that, a text is judged.

A headline shares few words with anything, so that whoever shares some is most likely of the event: there the votes of
the nearest decide (`match`). A whole article shares words with all that is of its subject: shootings, summits, ties of
a cup. How much it shares by the subject alone is told by the stories beside the one in question, and that is what a
similarity has to beat. In a stream of one topic the background is high, in a mixed one low; no threshold has to know
which (docs/decisions/0155).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log

from stayahead.stories.weights import (
    BACKGROUND_LEAST,
    BACKGROUND_PASSED,
    BACKGROUND_STORIES,
    BACKGROUND_WEIGHT,
    TEXT_FROM,
    TEXT_FULL,
    TEXT_HELD,
    TEXT_KEYS,
    TEXT_NEAREST,
    TEXT_SIZE,
    VOTE_PRIOR,
)


def text_share(terms: float) -> float:
    """How much of a text there is to judge: 0 for a headline, 1 for an article, between them by the number of terms.

    >>> text_share(8), text_share(17), text_share(42)
    (0.0, 0.5, 1.0)
    """
    return min(max((terms - TEXT_FROM) / (TEXT_FULL - TEXT_FROM), 0.0), 1.0)


class Surroundings:
    """The stories around a text: how near each comes, and what the others say about any one of them."""

    __slots__ = ("_backgrounds", "_held", "_likeness", "_nearest", "_ranked")

    def __init__(self, nearest: Sequence[tuple[float, int, str]], likeness: Callable[[str], float] | None) -> None:
        """The stories of some articles.

        Args:
            nearest: the nearest articles, as (minus similarity, order of arrival, story), nearest first.
            likeness: of the text's shared keys to those of a story's nearest articles; None where they do not count.
        """
        self._likeness = likeness
        self._nearest: dict[str, float] = {}
        held: dict[str, float] = {}
        total = VOTE_PRIOR
        for minus_similarity, _, story_id in nearest:
            self._nearest.setdefault(story_id, -minus_similarity)
            # Squared, as in a vote: one that says the same outweighs several that share a name.
            vote = minus_similarity * minus_similarity
            held[story_id] = held.get(story_id, 0.0) + vote
            total += vote
        self._held = {story_id: vote / total for story_id, vote in held.items()}
        # In order of nearness: a story is named first by its nearest article.
        self._ranked = list(self._nearest)
        self._backgrounds: dict[int, float] = {}

    def background(self, story_id: str) -> float:
        """How near the stories beside that one come."""
        # All but the first few have the same stories before them: those are reckoned once.
        place = min(self._ranked.index(story_id), BACKGROUND_PASSED + BACKGROUND_STORIES)
        known = self._backgrounds.get(place)
        if known is None:
            # The nearest of the others may be a fragment of the same event, which says nothing about the subject.
            others = [
                self._nearest[each] for each in self._ranked[: place + BACKGROUND_STORIES + BACKGROUND_PASSED + 1]
            ]
            del others[place : place + 1]
            others = others[BACKGROUND_PASSED : BACKGROUND_PASSED + BACKGROUND_STORIES]
            missing = BACKGROUND_STORIES - len(others)
            known = self._backgrounds[place] = (sum(others) + missing * BACKGROUND_LEAST) / BACKGROUND_STORIES
        return known

    def score(self, story_id: str, similarity: float, articles: int, *, asked: float) -> float:
        """By how far a story beats its background, and what is asked besides.

        Args:
            story_id: one of those that the nearest articles are in.
            similarity: to its centroid.
            articles: how many it has. A centroid of many is near to everything.
            asked: what it has to beat the background by.
        """
        near = (
            (1 - TEXT_NEAREST) * similarity + TEXT_NEAREST * self._nearest[story_id] + TEXT_HELD * self._held[story_id]
        )
        score = near - BACKGROUND_WEIGHT * self.background(story_id) - TEXT_SIZE * log(articles) - asked
        # A likeness is at most 1, and dear: where it could not help, it is not asked for.
        if self._likeness is not None and score >= -TEXT_KEYS:
            score += TEXT_KEYS * self._likeness(story_id)
        return score


def mixed(headline: float, text: float, share: float) -> float:
    """A score by both rules, or a threshold of both, by how much of a text there is."""
    return headline + share * (text - headline)
