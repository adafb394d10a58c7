"""When too much is live: who floods gives way, who does not keeps all, the bound holds, a restart changes nothing."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from stayahead.model import Expired, Ruling, Tick
from stayahead.stories import StoryEngine
from stayahead.stories.crowding import fair_level
from tests.story_inputs import arrival, at


def _word(of: str) -> str:
    """A word that nothing else has."""
    return "q" + "".join("bcdfghjklmnpqrtv"[byte % 16] for byte in sha256(of.encode()).digest()[:12])


def crowded(most: int, counts: dict[str, int]) -> StoryEngine:
    """An engine in which each article is a story of its own, one a minute, the publishers by turns."""
    engine = StoryEngine()
    engine.live_most = most
    minute = 0
    for n in range(max(counts.values())):
        for place, (domain, count) in enumerate(counts.items()):
            if n < count:
                title = " ".join(_word(f"{domain} {n} {each}") for each in range(6))
                engine.add(arrival(f"{place}-{n:03}", title, minutes=minute, domain=domain), at(minute))
                minute += 1
    return engine


def live(engine: StoryEngine, domain_place: int, count: int) -> list[int]:
    return [n for n in range(count) if engine.story_of(f"{domain_place}-{n:03}") is not None]


def test_who_floods_gives_way_to_the_level_at_which_all_fit_and_who_does_not_keeps_all() -> None:
    engine = crowded(100, {"flood.example": 200, "other.example": 90, "small.example": 20})
    assert engine.live_stories == 310
    updates = engine.add(Tick(), at(600))
    assert {type(update.change) for update in updates} == {Expired}
    assert engine.live_stories == 100
    # The newest of those who gave way are awake, and all of the one who has few.
    assert live(engine, 0, 200) == list(range(160, 200))
    assert live(engine, 1, 90) == list(range(50, 90))
    assert live(engine, 2, 20) == list(range(20))
    assert engine.add(Tick(), at(601)) == ()


def test_without_a_bound_or_below_it_nothing_sleeps_early() -> None:
    for most in (0, 60):
        assert crowded(most, {"flood.example": 40, "small.example": 20}).add(Tick(), at(100)) == ()


def test_what_several_tell_or_the_owner_pinned_stays() -> None:
    engine = crowded(10, {"flood.example": 60, "small.example": 1})
    pinned, shared = engine.story_of("0-000"), engine.story_of("0-001")
    assert pinned is not None
    assert shared is not None
    engine.add(Ruling(verb="pin", story_id=pinned), at(100))
    other = engine.story_of("1-000")
    assert other is not None
    engine.add(Ruling(verb="join", story_id=shared, other_id=other), at(101))
    engine.add(Tick(), at(110))
    assert engine.story_of("0-000") is not None
    assert engine.story_of("0-001") is not None
    assert engine.story_of("0-002") is None


def test_a_restored_engine_lets_the_same_sleep() -> None:
    engine = crowded(30, {"flood.example": 80, "small.example": 5})
    restored = StoryEngine.restore(engine.snapshot())
    restored.live_most = 30
    now = at(100) + timedelta(seconds=1)
    assert restored.decide(Tick(), now) == engine.decide(Tick(), now) != ()


def test_at_the_level_all_fit_and_one_more_would_not() -> None:
    for counts in ([1, 3, 50, 90], [10, 10, 10], [5], [0, 0, 7], [100, 1, 1, 1, 1]):
        for most in range(sum(counts)):
            level = fair_level(counts, most)
            assert sum(min(count, level) for count in counts) <= most
            assert sum(min(count, level + 1) for count in counts) > most
