"""The scorer of the evaluation against the definitions."""

from __future__ import annotations

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.scorer import score, score_by_hand

items = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4), st.integers(0, 4)), max_size=40)


@given(items)
def test_fast_and_by_hand_agree(listed: list[tuple[int, int, int]]) -> None:
    assert astuple(score(listed)) == pytest.approx(astuple(score_by_hand(listed)))


def test_known_values() -> None:
    found = score([("d", "a", 1), ("d", "a", 1), ("d", "a", 2), ("d", "b", 2)])
    assert found.bcubed_precision == pytest.approx(75.0)
    assert found.bcubed_recall == pytest.approx(100 * (2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert found.pair_precision == 50.0
    assert found.pair_recall == pytest.approx(100 / 3)


def test_groups_do_not_mix() -> None:
    apart = score([("monday", "a", 1), ("tuesday", "a", 2)])
    assert apart.bcubed_f1 == 100.0
    assert score([]).items == 0
