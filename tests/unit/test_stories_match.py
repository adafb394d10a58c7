"""The match: who is near, and how much each one's word counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stayahead.model import Arrival
from stayahead.stories import StoryEngine, match
from stayahead.stories.members import Member
from stayahead.stories.snapshot import read_rows
from stayahead.stories.state import State
from stayahead.stories.weights import JOIN, LARGE_WEIGHT, NEIGHBOURS, SILENCE_WEIGHT, VOTE_HALVED
from tests.story_inputs import arrival, at


def _state(*arrivals: Arrival) -> State:
    engine = StoryEngine()
    for each in arrivals:
        engine.add(each, each.article.seen_at)
    return read_rows(engine.snapshot())


def _member(state: State, title: str, minutes: float = 60) -> Member:
    made = arrival("new", title, minutes=minutes)
    return Member(made.article, made.signals, state.rarity.vector(made.signals), state.rarity.shared_keys(made.signals))


def test_reprints_under_one_headline_have_one_vote() -> None:
    title = "Strong earthquake shakes coast of Ardania"
    reprints = [arrival(f"r{n}", title, minutes=n) for n in range(9)]
    other = arrival("o", "Earthquake in Ardania: coast shaken, houses down", minutes=10)
    untitled = [arrival(f"u{n}", "", "Strong earthquake, coast of Ardania.", minutes=11) for n in range(2)]
    state = _state(*reprints, other, *untitled)
    near = match.neighbours(state, _member(state, "Ardania: strong earthquake on the coast").vector.unpacked())
    named = [state.by_seq[seq].id for _, seq, _ in near]
    assert sum(each.startswith("r") for each in named) == 1
    assert {"o", "u0", "u1"} <= set(named)


def test_a_story_that_is_left_out_leaves_room_for_others() -> None:
    words = ("houses", "harbour", "rescue", "hospital", "schools", "trains", "road", "bridge", "north", "south")
    same = [arrival(f"s{n}", f"Ardania earthquake coast {a} {b}", minutes=n) for n, (a, b) in enumerate(_pairs(words))]
    state = _state(*same, arrival("o", "Parliament passes budget", minutes=100))
    vector = _member(state, "Ardania earthquake coast houses budget").vector.unpacked()
    large = max(state.stories.values(), key=lambda story: len(story.members))
    assert large.members[0] == "s0"
    assert "o" not in large.members
    assert len(match.neighbours(state, vector)) == NEIGHBOURS
    assert [story_id for _, _, story_id in match.neighbours(state, vector, large.id)] == ["o"]


def _pairs(words: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(a, b) for a in words for b in words if a < b][:40]


def test_votes_fade_with_age() -> None:
    hours = 40
    state = _state(
        arrival("old", "alpha beta gamma"),
        arrival("young", "delta epsilon zeta", minutes=hours * 60),
    )
    newcomer = _member(state, "alpha beta gamma delta epsilon zeta", minutes=hours * 60)
    found = {each.story.id: each for each in match.matches(state, newcomer)}
    old, young = found["old"], found["young"]
    vote = {
        "old": old.score + JOIN - old.similarity + SILENCE_WEIGHT * hours / 24,
        "young": young.score + JOIN - young.similarity,
    }
    faded = 1 / (1 + timedelta(hours=hours) / VOTE_HALVED)
    assert old.similarity == pytest.approx(young.similarity, abs=0.01)
    assert vote["old"] / vote["young"] == pytest.approx(faded**2, rel=0.05)


def test_a_large_story_gains(monkeypatch: pytest.MonkeyPatch) -> None:
    state = _state(*(arrival(f"a{n}", f"Ardania earthquake coast w{n}", minutes=n) for n in range(4)))
    newcomer = _member(state, "Ardania earthquake")
    (small,) = match.matches(state, newcomer)
    monkeypatch.setattr(match, "LARGE_FROM", 4)
    (large,) = match.matches(state, newcomer)
    assert large.score - small.score == pytest.approx(LARGE_WEIGHT)
    assert large.similarity == small.similarity


def test_what_comes_from_the_future_has_a_full_vote() -> None:
    state = _state(arrival("a", "alpha beta gamma", minutes=600))
    early, late = (_member(state, "alpha beta", minutes=minutes) for minutes in (0, 600))
    assert match.matches(state, early) == match.matches(state, late)
    assert early.placed_at == at(0)


@pytest.mark.parametrize(("every", "is_due"), [(64, True), (8, True), (4, True), (2, False)])
def test_large_stories_are_compared_when_they_have_grown_by_a_part(
    monkeypatch: pytest.MonkeyPatch, *, every: int, is_due: bool
) -> None:
    a = [arrival(f"a{n}", f"alpha beta gamma a{n}", minutes=n) for n in range(8)]
    b = [arrival(f"b{n}", f"delta epsilon zeta b{n}", minutes=n) for n in range(5)]
    state = _state(*a, *b)
    newcomer = _member(state, "alpha beta gamma delta epsilon zeta")
    monkeypatch.setattr(match, "MERGE", 0.0)
    monkeypatch.setattr(match, "MERGE_EVERY", every)
    # The smaller has five articles: with `every` 8 each one is due, with 4 each second, with 2 each third.
    story, found = state.stories["a0"], match.matches(state, newcomer)
    assert (len(story.members), len(state.stories["b0"].members)) == (8, 5)
    assert (match.merge_target(state, story, newcomer, found) is not None) == is_due
