"""Dense vectors in the match: sums, shares, and that they decide only among themselves."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from stayahead.model import Arrival, Joined, Opened
from stayahead.stories import StoryEngine
from stayahead.stories.dense import NO_VECTORS, add_sums, article_sum, mix
from stayahead.stories.products import Lists, arithmetic
from stayahead.stories.weights import (
    DENSE_OFFSET,
    DENSE_OFFSET_STATIC,
    DENSE_WEIGHT,
    DENSE_WEIGHT_STATIC,
    STATIC_DIMENSIONS,
)
from tests.story_inputs import arrival, at

EAST = bytes([100, 0, 0, 0])
NORTH = bytes([0, 100, 0, 0])
WEST = bytes([156, 0, 0, 0])  # -100


def _dense(made: Arrival, vector: bytes, model: str = "m") -> Arrival:
    return replace(made, signals=replace(made.signals, vector=vector, vector_model=model))


def test_sum_does_not_depend_on_order_and_takes_back_what_it_took() -> None:
    east, north = article_sum(EAST, "m"), article_sum(NORTH, "m")
    both = add_sums(add_sums(NO_VECTORS, east), north)
    assert list(both["m"].total) == list(add_sums(add_sums(NO_VECTORS, north), east)["m"].total) == [100, 100, 0, 0]
    assert list(add_sums(both, north, -1)["m"].total) == [100, 0, 0, 0]
    assert add_sums(add_sums(both, north, -1), east, -1) == {}


def test_share_of_the_dense_similarity() -> None:
    east = article_sum(EAST, "m")
    assert mix(0.4, east, east) == pytest.approx((1 - DENSE_WEIGHT) * 0.4 + DENSE_WEIGHT * (1 - DENSE_OFFSET))
    assert mix(0.4, east, article_sum(NORTH, "m")) == pytest.approx((1 - DENSE_WEIGHT) * 0.4)
    assert mix(0.4, east, article_sum(WEST, "m")) == mix(0.4, east, article_sum(NORTH, "m"))


def test_static_vectors_have_a_share_of_their_own() -> None:
    static = article_sum(bytes([16] * STATIC_DIMENSIONS), "s")
    assert mix(0.4, static, static) == pytest.approx(
        (1 - DENSE_WEIGHT_STATIC) * 0.4 + DENSE_WEIGHT_STATIC * (1 - DENSE_OFFSET_STATIC)
    )


def test_without_a_vector_of_the_same_model_words_decide_alone() -> None:
    east = article_sum(EAST, "m")
    assert mix(0.4, east, NO_VECTORS) == 0.4
    assert mix(0.4, east, article_sum(EAST, "other")) == 0.4


def test_of_two_models_in_common_the_order_of_coming_does_not_choose() -> None:
    east, north = article_sum(EAST, "m"), article_sum(NORTH, "n")
    one, other = add_sums(east, north), add_sums(north, east)
    third = add_sums(article_sum(EAST, "m"), article_sum(EAST, "n"))
    assert mix(0.4, one, third) == mix(0.4, other, third)


def test_vectors_tell_apart_what_words_do_not_and_join_what_they_hardly_do() -> None:
    first = arrival("a", "Storm floods harbour road")
    same = arrival("b", "Ferries wait as harbour closes", minutes=1)

    def outcome(vector: bytes) -> type:
        engine = StoryEngine()
        engine.add(_dense(first, EAST), at(0))
        return type(engine.add(_dense(same, vector), at(1))[0].change)

    assert outcome(EAST) is Joined
    assert outcome(WEST) is Opened


def test_restored_engine_holds_the_vectors() -> None:
    engine = StoryEngine()
    for n, vector in enumerate((EAST, EAST, EAST)):
        engine.add(_dense(arrival(f"a{n}", "Storm floods harbour road", minutes=n), vector), at(n))
    again = StoryEngine.restore(engine.snapshot())
    later = _dense(arrival("z", "Harbour road closed", minutes=5), EAST)
    assert again.decide(later, at(5)) == engine.decide(later, at(5))


def test_without_numpy_the_sums_are_made_in_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert isinstance(arithmetic.__wrapped__(), Lists)
