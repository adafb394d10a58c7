"""Intervals and comparisons of the evaluations against cases whose answers are known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.bootstrap import Figure, Row, compare

SHARE = Figure(name="share", columns=("right",))
KEPT = Figure(name="kept", columns=("right",), is_lower_better=True)
F1 = Figure(name="f1", columns=("precision", "recall"))


def rows(*values: float) -> list[Row]:
    return [{"right": (value, 1.0)} for value in values]


def test_the_value_is_that_of_all_items() -> None:
    found = compare(SHARE, [{"right": (1.0, 4.0)}, {"right": (3.0, 4.0)}, {"other": (9.0, 9.0)}], {})
    assert found.ours.value == 0.5
    assert (found.best, found.verdict) == ("", "")


def test_an_interval_has_the_width_of_the_normal_one() -> None:
    found = compare(SHARE, rows(*[1.0] * 50, *[0.0] * 50), {})
    assert found.ours.low == pytest.approx(0.5 - 1.96 * 0.05, abs=0.011)
    assert found.ours.high == pytest.approx(0.5 + 1.96 * 0.05, abs=0.011)


def test_a_small_gain_on_every_page_is_ahead_though_the_intervals_overlap() -> None:
    base = [index / 100 for index in range(100)]
    found = compare(SHARE, rows(*(value + 0.01 for value in base)), {"theirs": rows(*base)})
    assert found.gains["theirs"].low == pytest.approx(0.01)
    assert found.ours.low < found.others["theirs"] < found.ours.high
    assert found.verdict == "ahead of"


def test_a_gain_on_one_page_is_no_gain() -> None:
    found = compare(SHARE, rows(1.0, *[0.5] * 29), {"theirs": rows(*[0.5] * 30)})
    assert found.gains["theirs"].value > 0
    assert found.verdict == "level with"


def test_the_best_other_is_the_one_compared_with() -> None:
    others = {"good": rows(*[0.9] * 10), "bad": rows(*[0.1] * 10)}
    found = compare(SHARE, rows(*[0.5] * 10), others)
    assert (found.best, found.verdict) == ("good", "behind")
    found = compare(KEPT, rows(*[0.05] * 10), others)
    assert (found.best, found.verdict) == ("bad", "ahead of")
    assert found.gains["bad"].value == pytest.approx(0.05)


def test_f1_is_of_the_averages() -> None:
    ours: list[Row] = [{"precision": (1.0, 1.0), "recall": (0.5, 1.0)}, {"precision": (0.0, 0.0), "recall": (0.0, 1.0)}]
    assert compare(F1, ours, {}).ours.value == pytest.approx(2 * 1.0 * 0.25 / 1.25)


def test_who_has_not_the_column_is_left_out() -> None:
    found = compare(SHARE, rows(1.0, 0.0), {"textual": [{}, {}]})
    assert found.others == {}


def test_unlike_numbers_of_items_are_an_error() -> None:
    with pytest.raises(ValueError, match="theirs read 1 items, not 2"):
        compare(SHARE, rows(1.0, 0.0), {"theirs": rows(1.0)})
    with pytest.raises(ValueError, match="no item"):
        compare(F1, rows(1.0), {})


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_a_value_lies_in_the_range_of_its_items_and_readers_alike_are_level(values: list[float]) -> None:
    found = compare(SHARE, rows(*values), {"same": rows(*values)})
    assert min(values) - 1e-9 <= found.ours.low <= found.ours.high <= max(values) + 1e-9
    assert (found.gains["same"].low, found.gains["same"].high, found.verdict) == (0.0, 0.0, "level with")
