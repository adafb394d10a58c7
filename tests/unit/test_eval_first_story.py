"""First-story detection: the cost by hand, and that novelty falls where something like it came before."""

from __future__ import annotations

import pytest

from eval.first_story import detection, novelties


def test_the_least_cost_over_all_thresholds() -> None:
    # At .8: one of two first stories missed, none of four alarmed; at .5: none missed, one of four alarmed.
    found = [(True, 0.9), (True, 0.5), (False, 0.5), (False, 0.3), (False, 0.2), (False, 0.1)]
    least = detection(found)
    assert (least.items, least.first) == (6, 2)
    assert least.cost == pytest.approx(0.5)
    assert (least.threshold, least.missed, least.false_alarms) == (0.9, 0.5, 0.0)


def test_items_of_one_novelty_are_told_alike_and_no_cost_is_above_saying_no() -> None:
    assert detection([(True, 0.5), (False, 0.5)]).cost == 1.0
    assert detection([(False, 0.9), (True, 0.5)]).cost == 1.0
    assert detection([(True, 0.9), (False, 0.5)]).cost == 0.0


def _line(number: int, day: int, title: str, story: str) -> dict[str, str]:
    at = f"2014-03-{day}T10:{number:02}:00Z"
    return {
        "id": f"{day}-{number}",
        "arrival": at,
        "title": title,
        "url": "",
        "host": f"h{number}.example",
        "story": story,
    }


def test_a_second_report_is_less_new_and_a_reset_forgets_it() -> None:
    lines = [
        _line(1, 10, "Earthquake hits coast of Calverra near Almena", "q"),
        _line(2, 10, "Strong earthquake off Calverra coast near Almena", "q"),
        _line(3, 10, "Parliament votes on a cap for rents in Norhaven", "r"),
        _line(1, 11, "Strong earthquake off Calverra coast near Almena", "q"),
    ]
    kept = list(novelties(lines, reset=False))
    assert [is_first for is_first, _ in kept] == [True, False, True, True]
    assert [value for _, value in kept][:3] == [1.0, pytest.approx(0.4, abs=0.35), 1.0]
    assert kept[3][1] < 0.5
    assert list(novelties(lines, reset=True))[3] == (True, 1.0)
