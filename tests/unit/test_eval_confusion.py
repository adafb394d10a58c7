"""The confusion study: what counts as one error, and a file of labels that says nothing but verdicts."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from eval.confusion import LABELS, labels, links, pairs_of
from eval.mixture import Pair, in_order, pair_of
from stayahead.stories import Row

_ID = re.compile(r"(?:[fhtu]\d+|[pq]\d+[ab]|n[0-9a-f]{10}|w\d{4})")
NEAR = {("a", "c"): 0.4, ("a", "d"): 0.2, ("b", "c"): 0.3, ("c", "e"): 0.1}


def _likeness(pair: Pair) -> float:
    return NEAR.get(pair, 0.0)


def test_a_story_of_three_events_is_two_wrong_joins_by_their_nearest_pairs() -> None:
    story = dict.fromkeys("abcde", "s")
    events = {"a": "1", "b": "1", "c": "2", "d": "2", "e": "3"}
    assert list(links(story, events, _likeness)) == [("a", "c"), ("c", "e")]


def test_a_story_of_one_event_is_no_error() -> None:
    assert list(links({"a": "s", "b": "s"}, {"a": "1", "b": "1"}, _likeness)) == []


def test_articles_without_a_label_are_passed_over() -> None:
    assert list(links({"a": "s", "b": "s"}, {"a": "1"}, _likeness)) == []


def test_pairs_are_those_inside_a_story_whatever_the_order() -> None:
    assert pairs_of({"b": "s", "a": "s", "c": "t"}) == {("a", "b")}
    assert pair_of("b", "a") == ("a", "b")


def test_an_order_is_a_permutation_that_its_number_decides() -> None:
    rows = [Row(id=f"f{n}", title="", arrival=datetime(2022, 10, 1, tzinfo=UTC)) for n in range(20)]
    first, again, other = ([row.id for row in in_order(rows, order)] for order in (0, 0, 1))
    assert first == again != other
    assert sorted(first) == sorted(other) == sorted(row.id for row in rows)
    arrivals = [row.arrival for row in in_order(rows, 0)]
    assert arrivals == sorted(set(arrivals))


def test_labels_name_articles_by_place_the_smaller_first() -> None:
    for one, other in (label.pair for label in labels()):
        assert _ID.fullmatch(one)
        assert _ID.fullmatch(other)
        assert one < other


def test_every_pair_was_read_once() -> None:
    read = labels()
    assert len({label.pair for label in read}) == len(read) == len(LABELS.read_text("utf-8").splitlines()) - 1
    wrong = [label for label in read if (label.drawn == "join") != label.is_same]
    assert {label.cause for label in read if label not in wrong} <= {"labeller", "-"}
    assert not {label.cause for label in wrong} & {"labeller", "-"}
