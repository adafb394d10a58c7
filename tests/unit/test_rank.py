"""Rank: what weighs how much, and that the order never depends on the time it is asked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import isfinite

from hypothesis import given
from hypothesis import strategies as st

from stayahead.model import ScoreParts
from stayahead.stories.rank import explain, importance, importance_key, score
from tests.story_inputs import START, at

ONE = ScoreParts(articles=1, origins=1, publishers=1, first_at=START, latest_at=START)

parts = st.builds(
    ScoreParts,
    articles=st.integers(1, 5000),
    origins=st.integers(1, 500),
    publishers=st.integers(1, 500),
    countries=st.lists(st.sampled_from(["DE", "FR", "GB", "US"]), unique=True).map(lambda c: tuple(sorted(c))),
    pace=st.floats(0, 100),
    first_at=st.just(START),
    latest_at=st.integers(0, 5000).map(at),
)


def test_origins_count_and_articles_do_not() -> None:
    reprinted = replace(ONE, articles=40, publishers=40)
    reported = replace(ONE, articles=3, origins=3, publishers=3)
    assert importance(reprinted) == importance(ONE)
    assert importance(reported) > importance(reprinted)


def test_countries_and_pace_add() -> None:
    assert importance(replace(ONE, countries=("DE", "FR"))) > importance(replace(ONE, countries=("DE",)))
    assert importance(replace(ONE, pace=3.0)) > importance(ONE)


def test_score_halves_with_age() -> None:
    later = score(ONE, at(8 * 60))
    assert abs(score(ONE, START) / later - 2) < 1e-9


def test_explained_parts_make_the_score() -> None:
    some = replace(ONE, origins=7, countries=("DE", "FR"), pace=2.5)
    told = explain(some, at(90))
    assert abs((told["origins"] + told["countries"] + told["pace"]) * told["recency"] - told["score"]) < 1e-9
    assert told["score"] == score(some, at(90))


@given(parts, st.integers(-50, 50))
def test_no_clock_is_too_wrong_to_explain_a_rank(some: ScoreParts, years: int) -> None:
    told = explain(some, START + timedelta(days=365 * years))
    assert all(isfinite(value) and value >= 0 for value in told.values())


@given(parts, parts, st.integers(0, 10_000))
def test_key_orders_as_the_score_does(a: ScoreParts, b: ScoreParts, minutes: int) -> None:
    now = START + timedelta(minutes=minutes)
    gap = importance_key(a) - importance_key(b)
    if abs(gap) > 1e-6:
        assert (score(a, now) > score(b, now)) == (gap > 0)
