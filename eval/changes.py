"""Changes: updates go in as they are told; how often articles changed their story after they were shown comes out.

A reader who looks at a live page sees an article under the story of that moment. A merge or a split changes the story
of articles that were shown already: the sooner, and the seldomer, the better.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import quantiles

from stayahead.model import Joined, Merged, Opened, Removed, Split, Update


class StoryChanges:
    """Follows every article from story to story."""

    def __init__(self) -> None:
        self._articles: dict[str, list[str]] = {}
        self._shown_at: dict[str, datetime] = {}
        self._changes: dict[str, int] = {}
        self._delays: list[timedelta] = []

    def follow(self, update: Update) -> None:
        """Take the next update."""
        change = update.change
        here = self._articles.setdefault(update.story.id, [])
        if isinstance(change, Opened | Joined):
            here.append(change.article_id)
            self._shown_at[change.article_id] = update.at
        elif isinstance(change, Merged):
            moved = self._articles.pop(change.other_id, [])
            here.extend(moved)
            self._note(moved, update.at)
        elif isinstance(change, Split):
            leaving = set(change.article_ids)
            self._articles[update.story.id] = [each for each in here if each not in leaving]
            self._articles[change.new_id] = list(change.article_ids)
            self._note(change.article_ids, update.at)
        elif isinstance(change, Removed) and change.article_id in here:
            here.remove(change.article_id)

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
