"""The scorer against the definitions."""

from __future__ import annotations

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stayahead.stories.scorer import score

items = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4), st.integers(0, 4)), max_size=40)


def by_hand(listed: list[tuple[int, int, int]]) -> tuple[float, ...]:
    """Every item compared with every other of its group."""
    precision = recall = 0.0
    both = joined = wanted = 0
    for group, gold, cluster in listed:
        peers = [(g, c) for other, g, c in listed if other == group]
        same_gold = sum(1 for g, _ in peers if g == gold)
        same_cluster = sum(1 for _, c in peers if c == cluster)
        hits = sum(1 for g, c in peers if g == gold and c == cluster)
        precision += hits / same_cluster
        recall += hits / same_gold
        both, joined, wanted = both + hits - 1, joined + same_cluster - 1, wanted + same_gold - 1
    total = len(listed)
    bcubed = (100 * precision / total, 100 * recall / total) if total else (0.0, 0.0)
    pairs = (100 * both / joined if joined else 100.0, 100 * both / wanted if wanted else 100.0)
    means = [2 * p * r / (p + r) if p + r else 0.0 for p, r in (bcubed, pairs)]
    return (total, *bcubed, means[0], *pairs, means[1])


@given(items)
def test_fast_and_by_hand_agree(listed: list[tuple[int, int, int]]) -> None:
    assert astuple(score(listed)) == pytest.approx(by_hand(listed))


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
