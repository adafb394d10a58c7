"""The background: what a text is compared with before a story may claim it."""

from __future__ import annotations

import pytest

from stayahead.model import Arrival, Tick
from stayahead.stories import Row, StoryEngine, arrival_of
from stayahead.stories.background import Surroundings, mixed, text_share
from stayahead.stories.match import Match, matches
from stayahead.stories.members import Member
from stayahead.stories.snapshot import read_rows
from stayahead.stories.weights import (
    BACKGROUND_LEAST,
    BACKGROUND_PASSED,
    BACKGROUND_STORIES,
    TEXT_FROM,
    TEXT_FULL,
)
from tests.story_inputs import at


def _near(*similarities: float) -> list[tuple[float, int, str]]:
    """The nearest articles, each in a story of its own: s0, s1 …"""
    return [(-similarity, number, f"s{number}") for number, similarity in enumerate(similarities)]


def test_the_background_is_of_the_stories_beside_it_but_the_nearest() -> None:
    similarities = [0.5 - 0.03 * n for n in range(12)]
    around = Surroundings(_near(*similarities), None)
    for place in range(len(similarities)):
        others = [each for number, each in enumerate(similarities) if number != place]
        others = others[BACKGROUND_PASSED : BACKGROUND_PASSED + BACKGROUND_STORIES]
        assert around.background(f"s{place}") == pytest.approx(sum(others) / BACKGROUND_STORIES)


def test_a_story_is_named_by_its_nearest_article_only() -> None:
    several = [*_near(0.5, 0.4, 0.3), (-0.2, 7, "s1"), (-0.1, 8, "s2")]
    assert Surroundings(several, None).background("s0") == Surroundings(_near(0.5, 0.4, 0.3), None).background("s0")


def test_what_is_missing_is_no_silence() -> None:
    assert Surroundings(_near(0.5), None).background("s0") == pytest.approx(BACKGROUND_LEAST)


def test_between_headline_and_article_both_rules_speak() -> None:
    assert [text_share(terms) for terms in (0, TEXT_FROM, TEXT_FULL, 1000)] == [0, 0, 1, 1]
    assert mixed(0.2, 0.6, text_share((TEXT_FROM + TEXT_FULL) / 2)) == pytest.approx(0.4)


PLACES = (
    "Velm",
    "Almena",
    "Brackwater",
    "Norhaven",
    "Carrowick",
    "Castellane",
    "Selden",
    "Ambel",
    "Calverra",
    "Ostmere",
)
SUBJECT = (
    "police officer suspect gunman shooting victim hospital wounded witness detective evening apartment street "
    "investigation neighbour custody"
)
OTHER = (
    "orchestra symphony conductor violin concert audience rehearsal composer festival overture soloist theatre ticket "
    "applause season premiere"
)
OWN = "bridge school mayor harbour market river station church library stadium ferry garden hotel tower bakery"


def _report(number: int, subject: str, minutes: int) -> Arrival:
    """A report of an event of its own: a few words of its subject, and a few of its event."""
    words = subject.split()
    place = PLACES[number % 10].lower()
    own = [f"{place}{word}" for word in OWN.split()]
    chosen = [word for at_place, word in enumerate(words) if (at_place + number) % 3]
    text = ". ".join((" ".join(chosen), " ".join(own)))
    row = Row(id=f"{subject[:3]}{number}", title=PLACES[number % 10], text=text, language="en", arrival=at(minutes))
    return arrival_of(row)


def _best(subjects: list[str]) -> Match:
    """The best match of a further report of shooting 0's street, after those reports."""
    engine = StoryEngine()
    for number, subject in enumerate(subjects):
        made = _report(number, subject, number)
        engine.add(made, made.article.seen_at)
    state = read_rows(engine.snapshot())
    newcomer = _report(10, SUBJECT, 30)
    signals = newcomer.signals
    member = Member(newcomer.article, signals, state.rarity.vector(signals), state.rarity.shared_keys(signals))
    return next(match for match in matches(state, member) if match.story.id == f"{SUBJECT[:3]}0")


def test_the_more_events_of_its_subject_there_are_the_more_a_story_has_to_show() -> None:
    mixed_stream = _best([SUBJECT] + [OTHER] * 8)
    one_topic = _best([SUBJECT] * 9)
    assert one_topic.background > mixed_stream.background
    assert one_topic.score < mixed_stream.score


def test_a_headline_has_no_background() -> None:
    engine = StoryEngine()
    for number, title in enumerate(("Quake shakes Ardania coast", "Ardania quake kills three on the coast")):
        row = Row(id=f"h{number}", title=title, language="en", arrival=at(number))
        engine.add(arrival_of(row), row.arrival)
    state = read_rows(engine.snapshot())
    (member, *_) = state.members.values()
    assert [match.background for match in matches(state, member)] == [0.0] * len(state.stories)


def _stories_after(*rows: tuple[str, str, int], silence: int) -> list[set[str]]:
    """Which of those texts (id, words, minute) are together once nothing has come for so many minutes."""
    engine = StoryEngine()
    for name, words, minute in rows:
        made = arrival_of(Row(id=name, title=name, text=words, language="en", arrival=at(minute)))
        engine.add(made, made.article.seen_at)
    last = rows[-1][2]
    for minute in range(last, last + silence + 1):
        engine.add(Tick(), at(minute))
    stories: dict[str | None, set[str]] = {}
    for name, _, _ in rows:
        stories.setdefault(engine.story_of(name), set()).add(name)
    return sorted(stories.values(), key=min)


SHARED = "harbour ferry capsized captain lifeboat "
ONE, TWO = (" ".join(f"{word}{number}" for word in [*OWN.split(), "quay", "pier"]) for number in range(2))


def test_two_texts_alone_each_the_nearest_of_the_other_are_one_story_after_a_silence() -> None:
    rows = (("a", SHARED + ONE, 0), ("b", SHARED + TWO, 1))
    assert _stories_after(*rows, silence=60) == [{"a"}, {"b"}]
    assert _stories_after(*rows, silence=95) == [{"a", "b"}]


def test_what_has_company_is_no_twin() -> None:
    # The second and third are one story from the start, so that the first is offered to nobody.
    rows = (("a", SHARED + ONE, 0), ("b", SHARED + TWO, 1), ("c", SHARED + TWO, 2))
    assert _stories_after(*rows, silence=95) == [{"a"}, {"b", "c"}]
