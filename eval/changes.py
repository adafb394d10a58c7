"""Counts how often articles change their story after readers have seen them in another.

A reader who looks at a live page sees an article under the story of that moment. A merge or a split changes the story
of articles that were shown already: the sooner, and the seldomer, the better.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import quantiles

from stayahead.model import Update
from stayahead.stories.effects import effects


class StoryChanges:
    """Follows every article from story to story."""

    def __init__(self) -> None:
        self._articles: dict[str, list[str]] = {}
        self._shown_at: dict[str, datetime] = {}
        self._changes: dict[str, int] = {}
        self._delays: list[timedelta] = []

    def follow(self, update: Update) -> None:
        """Take the next update."""
        told = effects(update)
        here = self._articles.setdefault(update.story.id, [])
        if (placed := told.placed) is not None:
            if placed.story_id is None and placed.article_id in here:
                here.remove(placed.article_id)
            elif placed.story_id is not None and placed.article_id not in self._shown_at:
                here.append(placed.article_id)
                self._shown_at[placed.article_id] = update.at
        if told.aliased is not None:
            moved = self._articles.pop(told.aliased.alias, [])
            here.extend(moved)
            self._note(moved, update.at)
        if told.moved is not None:
            leaving = set(told.moved.article_ids)
            self._articles[update.story.id] = [each for each in here if each not in leaving]
            self._articles[told.moved.story_id] = list(told.moved.article_ids)
            self._note(told.moved.article_ids, update.at)

    def figures(self) -> dict[str, float]:
        """Shares of all articles in percent, delays in minutes since the article was shown."""
        shown = len(self._shown_at) or 1
        minutes = sorted(delay.total_seconds() / 60 for delay in self._delays)
        tenths = quantiles(minutes, n=10) if len(minutes) > 1 else [0.0] * 9
        return {
            "changed_once": 100 * len(self._changes) / shown,
            "changed_again": 100 * sum(n > 1 for n in self._changes.values()) / shown,
            "delay_p10": tenths[0],
            "delay_p50": tenths[4],
            "delay_p90": tenths[8],
        }

    def _note(self, moved: list[str] | tuple[str, ...], at: datetime) -> None:
        for article_id in moved:
            self._changes[article_id] = self._changes.get(article_id, 0) + 1
            self._delays.append(at - self._shown_at[article_id])
