"""How often articles change their story after they were shown, counted on updates written by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eval.changes import StoryChanges
from stayahead.model import Change, Joined, Merged, Opened, ScoreParts, Split, StoryHead, Update
from tests.story_inputs import START


def _head(story_id: str) -> StoryHead:
    parts = ScoreParts(first_at=START, latest_at=START)
    return StoryHead(id=story_id, headline="", lead_id="", opened_at=START, parts=parts)


def _told(*steps: tuple[int, str, Change]) -> dict[str, float]:
    changes = StoryChanges()
    for number, (minutes, story_id, change) in enumerate(steps, 1):
        at = START + timedelta(minutes=minutes)
        changes.follow(Update(number=number, at=at, story=_head(story_id), change=change))
    return changes.figures()


def test_nothing_changes_while_articles_only_come() -> None:
    figures = _told((0, "a", Opened(article_id="a")), (1, "a", Joined(article_id="b")))
    assert figures["changed_once"] == figures["changed_again"] == 0


def test_a_merge_changes_only_the_articles_of_the_story_that_goes() -> None:
    figures = _told(
        (0, "a", Opened(article_id="a")),
        (0, "b", Opened(article_id="b")),
        (10, "b", Joined(article_id="c")),
        (30, "a", Merged(other_id="b")),
        (40, "a", Joined(article_id="d")),
    )
    assert figures["changed_once"] == 50
    assert figures["changed_again"] == 0
    assert figures["delay_p50"] == pytest.approx(25)


def test_a_split_that_a_merge_takes_back_changes_twice() -> None:
    figures = _told(
        (0, "a", Opened(article_id="a")),
        (0, "a", Joined(article_id="b")),
        (10, "a", Split(new_head=_head("b"), article_ids=("b",))),
        (20, "a", Merged(other_id="b")),
    )
    assert figures["changed_once"] == 50
    assert figures["changed_again"] == 50
    assert figures["delay_p50"] == pytest.approx(15)
