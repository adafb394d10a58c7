"""What the engine gets when the world misbehaves: bounded work, bounded memory, every article in one story."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stayahead.analyze.terms import MAX_TERMS
from stayahead.model import Joined, Merged, Opened
from stayahead.stories import StoryEngine
from stayahead.stories.index import TermIndex
from stayahead.stories.vectors import Packed
from stayahead.stories.weights import (
    HEADLINE_CHARS,
    INDEXED_PER_STORY,
    POSTINGS_BUDGET,
    POSTINGS_READ,
    RESCUE_COUNTS,
    VECTOR_TERMS,
)
from tests.story_inputs import BUDGET, QUAKE, START, arrival, at


def test_the_same_article_many_times_is_one_update() -> None:
    engine = StoryEngine()
    for _ in range(1000):
        engine.add(arrival("a", "Earthquake shakes Velm", QUAKE), at(0))
    assert engine.number == 1


def test_reprints_weigh_as_one_however_many() -> None:
    engine = StoryEngine()
    engine.add(arrival("own", "Earthquake shakes Velm", QUAKE), at(0))
    story = engine._state.stories["own"]
    before = dict(engine._state.centroid(story)[0].items())
    for n in range(40):
        updates = engine.add(arrival(f"copy{n}", "Earthquake shakes Velm", QUAKE, minutes=n), at(n))
        assert isinstance(updates[0].change, Joined)
        assert updates[0].change.copy_of == "own"
    assert engine._state.centroid(story)[0] == before
    assert story.indexed == 1
    assert updates[-1].story.parts.origins == 1
    assert updates[-1].story.parts.articles == 41


def test_a_query_reads_no_more_than_its_budget() -> None:
    index = TermIndex()
    for seq in range(1, 5001):
        index.put(seq, Packed({"flood": 2000, "storm": 2000, "coast": 2000, f"n{seq}": 2000}))
    found = index.near({"flood": 2500, "storm": 2300, "coast": 2200} | {f"n{seq}": 1 for seq in range(1, 5001)})
    assert len(found) <= POSTINGS_BUDGET + POSTINGS_READ


def test_a_flood_of_one_publisher_stays_bounded() -> None:
    engine = StoryEngine()
    for n in range(400):
        engine.add(arrival(f"a{n}", f"Storm floods coast road {n % 3}", domain="one.example"), START)
    state = engine._state
    assert all(story.indexed <= INDEXED_PER_STORY for story in state.stories.values())
    assert sum(len(story.members) for story in state.stories.values()) == 400
    heads = [engine.head(story_id) for story_id in state.stories]
    assert all(head is not None and head.parts.origins == 1 for head in heads)


def test_a_title_of_a_megabyte() -> None:
    engine = StoryEngine()
    made = arrival("a", "earthquake velm ardania " * 40_000)
    assert len(made.signals.terms) <= MAX_TERMS
    engine.add(made, at(0))
    assert len(engine._state.members["a"].title) == HEADLINE_CHARS
    endless = arrival("b", "".join(f"w{n}x " for n in range(200_000)))
    engine.add(endless, at(0))
    assert len(engine._state.members["b"].vector) <= VECTOR_TERMS


@pytest.mark.parametrize("title", ["", "   ", "!!! ???", "\u202e\u0000", "地震 землетрясение earthquake زلزال"])
def test_titles_without_words_or_of_many_scripts(title: str) -> None:
    engine = StoryEngine()
    engine.add(arrival("a", title), at(0))
    engine.add(arrival("b", title, minutes=1), at(1))
    assert {engine.story_of("a"), engine.story_of("b")} <= {"a", "b"}
    assert StoryEngine.restore(engine.snapshot()).story_of("b") == engine.story_of("b")


@pytest.mark.parametrize("days", [-30 * 365, -30, 30, 30 * 365])
def test_claimed_dates_do_not_order_anything(days: int) -> None:
    engine = StoryEngine()
    engine.add(arrival("a", "Earthquake shakes Velm", QUAKE), at(0))
    strange = arrival("b", "Parliament passes budget", BUDGET, placed_at=START + timedelta(days=days))
    assert isinstance(engine.add(strange, at(1))[0].change, Opened)
    later = engine.add(arrival("c", "Velm earthquake: rescue teams arrive in harbour"), at(2))
    assert later[0].story.id == "a"
    assert later[0].at == at(2)


def test_a_small_story_is_offered_after_so_many_arrivals_though_no_time_passed() -> None:
    engine = StoryEngine()
    engine.add(arrival("s0", "Harbour master of Velm tells of his lucky fishing fleet"), START)
    for n in range(12):
        where = "Velm harbour" if n > 2 else "many villages"
        engine.add(arrival(f"q{n}", f"Ardania earthquake destroys houses, road cut, {where}"), START)
    for n in range(RESCUE_COUNTS[0] - 13):
        engine.add(arrival(f"x{n}", f"alpha{n} beta{n} gamma{n}"), START)
    assert engine.articles_of("s0") == ("s0",)
    opened, merged = engine.add(arrival("last", "alpha beta gamma"), START)
    assert isinstance(opened.change, Opened)
    assert isinstance(merged.change, Merged)
    assert engine.story_of("s0") == engine.story_of("q0")
