"""The engine: what each input changes, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from stayahead.errors import RulingError
from stayahead.model import (
    Expired,
    Joined,
    Merged,
    Opened,
    PublisherKind,
    Removal,
    Removed,
    Revised,
    Ruled,
    Ruling,
    Split,
    Tick,
    Update,
)
from stayahead.stories import StoryEngine
from stayahead.stories.weights import EXPIRE_AFTER, HEADLINE_CHARS, RESCUE_AFTER
from tests.story_inputs import BUDGET, QUAKE, START, arrival, article, at, revision

QUAKE_TITLES = (
    "Strong earthquake shakes coast of Ardania",
    "Earthquake in Ardania: houses down in Velm",
    "Velm earthquake: Ardania coast shaken, road cut",
    "Ardania earthquake shakes Velm harbour",
)


def _quake(engine: StoryEngine, count: int = 3) -> str:
    """Let that many headlines about one event arrive; the story's id."""
    for place, title in enumerate(QUAKE_TITLES[:count]):
        engine.add(arrival(f"q{place}", title, minutes=place), at(place))
    story = engine.story_of("q0")
    assert story is not None
    assert len(engine.articles_of(story)) == count
    return story


def _kinds(updates: tuple[Update, ...]) -> list[str]:
    return [update.kind for update in updates]


def test_first_article_opens_a_story_named_after_it() -> None:
    engine = StoryEngine()
    (update,) = engine.add(arrival("q0", QUAKE_TITLES[0], country="AR"), START)
    assert (update.number, update.at, update.change) == (1, START, Opened(article_id="q0"))
    head = update.story
    assert (head.id, head.headline, head.lead_id, head.language) == ("q0", QUAKE_TITLES[0], "q0", "en")
    assert (head.state, head.opened_at, head.parts.articles, head.parts.origins) == ("live", START, 1, 1)
    assert (head.parts.pace, head.parts.countries) == (1.0, ("AR",))


def test_like_article_joins_and_unlike_one_opens() -> None:
    engine = StoryEngine()
    story = _quake(engine, 2)
    (update,) = engine.add(arrival("b0", "Parliament of Borland passes budget", minutes=2), at(2))
    assert isinstance(update.change, Opened)
    assert (engine.story_of("b0"), engine.story_of("q1")) == ("b0", story)
    assert engine.number == 3


def test_same_article_twice_is_no_update() -> None:
    engine = StoryEngine()
    engine.add(arrival("q0", QUAKE_TITLES[0]), START)
    assert engine.add(arrival("q0", QUAKE_TITLES[1]), at(1)) == ()
    assert engine.number == 1


def test_article_without_words_opens_a_story() -> None:
    engine = StoryEngine()
    assert _kinds(engine.add(arrival("n0", ""), START)) == ["opened"]
    assert _kinds(engine.add(arrival("n1", "?!"), at(1))) == ["opened"]


def test_copy_joins_its_original_and_does_not_move_the_centroid() -> None:
    engine = StoryEngine()
    engine.add(arrival("q0", QUAKE_TITLES[0], QUAKE), START)
    engine.add(arrival("q1", QUAKE_TITLES[1], "Helicopters flew to Ardania after the earthquake.", minutes=1), at(1))
    before = engine.head("q0")
    (update,) = engine.add(arrival("c0", "Something wholly different", QUAKE + " More soon.", minutes=2), at(2))
    assert update.change == Joined(article_id="c0", copy_of="q0", is_origin=False, similarity=1.0)
    (again,) = engine.add(arrival("c1", "Yet another title", QUAKE, minutes=3), at(3))
    assert isinstance(again.change, Joined)
    assert again.change.copy_of == "q0"
    assert before is not None
    assert again.story.parts.origins == before.parts.origins
    assert again.story.parts.pace == before.parts.pace
    assert again.story.parts.latest_at == before.parts.latest_at
    assert again.story.parts.articles == before.parts.articles + 2


def test_one_agency_is_one_origin() -> None:
    engine = StoryEngine()
    texts = ("VELM (AP) — {} now", "Velm (AP) - {} and more", "{} from our reporter")
    for place, text in enumerate(texts):
        engine.add(arrival(f"q{place}", QUAKE_TITLES[place], text.format(QUAKE_TITLES[place])), at(place))
    head = engine.head("q0")
    assert head is not None
    assert (head.parts.articles, head.parts.origins, head.parts.publishers) == (3, 2, 3)


def test_one_domain_or_owner_is_one_origin() -> None:
    engine = StoryEngine()
    engine.add(arrival("q0", QUAKE_TITLES[0], domain="one.example", owner="Group"), START)
    engine.add(arrival("q1", QUAKE_TITLES[1], domain="one.example"), at(1))
    engine.add(arrival("q2", QUAKE_TITLES[2], domain="two.example", owner="group"), at(2))
    (update,) = engine.add(arrival("q3", QUAKE_TITLES[3], domain="three.example"), at(3))
    assert isinstance(update.change, Joined)
    assert update.change.is_origin
    assert (update.story.parts.origins, update.story.parts.publishers) == (2, 3)


def test_backfill_has_no_pace_and_keeps_its_own_time() -> None:
    engine = StoryEngine()
    (update,) = engine.add(arrival("q0", QUAKE_TITLES[0], backfill=True, placed_at=at(-600)), START)
    parts = update.story.parts
    assert (parts.pace, parts.pace_at, parts.latest_at, parts.first_at) == (0.0, None, at(-600), at(-600))
    assert update.story.opened_at == START


def test_article_placed_far_from_a_story_does_not_join_it() -> None:
    engine = StoryEngine()
    _quake(engine, 3)
    old = arrival("old", QUAKE_TITLES[3], backfill=True, placed_at=at(-60 * 24 * 9), minutes=5)
    assert _kinds(engine.add(old, at(5))) == ["opened"]


def test_revision_changes_text_and_headline() -> None:
    engine = StoryEngine()
    _quake(engine, 1)
    (update,) = engine.add(revision("q0", "Strong earthquake hits Ardania coast", QUAKE), at(9))
    assert update.change == Revised(article_id="q0", revision=1)
    assert update.story.headline == "Strong earthquake hits Ardania coast"
    assert engine.add(revision("q0", "An older text", number=1), at(10)) == ()
    assert engine.add(revision("zz", "Of nobody"), at(10)) == ()


def test_revision_moves_an_article_only_while_it_is_alone() -> None:
    engine = StoryEngine()
    story = _quake(engine, 3)
    engine.add(arrival("x0", "Live updates", minutes=4), at(4))
    updates = engine.add(revision("x0", QUAKE_TITLES[3], QUAKE), at(5))
    assert _kinds(updates) == ["revised", "merged"]
    assert (engine.story_of("x0"), engine.resolve("x0")) == (story, story)
    assert _kinds(engine.add(revision("x0", "Parliament of Borland", BUDGET, number=2), at(6))) == ["revised"]
    assert engine.story_of("x0") == story


def test_revision_to_a_copy_joins_the_original() -> None:
    engine = StoryEngine()
    engine.add(arrival("q0", QUAKE_TITLES[0], QUAKE), START)
    engine.add(arrival("x0", "Breaking", minutes=1), at(1))
    updates = engine.add(revision("x0", "Breaking", QUAKE), at(2))
    assert _kinds(updates) == ["revised", "merged"]
    assert isinstance(updates[0].change, Revised)
    assert updates[0].change.copy_of == "q0"
    assert (updates[1].story.id, updates[1].story.parts.origins) == ("q0", 1)


def test_revision_within_the_story_may_show_a_copy() -> None:
    engine = StoryEngine()
    engine.add(arrival("q0", QUAKE_TITLES[0], QUAKE), START)
    engine.add(arrival("q1", QUAKE_TITLES[1], minutes=1), at(1))
    (update,) = engine.add(revision("q1", QUAKE_TITLES[1], QUAKE), at(2))
    assert update.change == Revised(article_id="q1", revision=1, copy_of="q0", is_origin=False)
    assert update.story.parts.origins == 1


def test_removal_counts_anew_and_empties() -> None:
    engine = StoryEngine()
    story = _quake(engine, 2)
    (update,) = engine.add(Removal(article_id="q0", reason="taken_down"), at(5))
    assert update.change == Removed(article_id="q0", reason="taken_down")
    assert (update.story.id, update.story.lead_id, update.story.parts.articles) == (story, "q1", 1)
    (last,) = engine.add(Removal(article_id="q1", reason="source_removed"), at(6))
    assert (last.story.state, engine.head(story), engine.live_stories) == ("empty", None, 0)
    assert engine.add(Removal(article_id="q1", reason="expired"), at(7)) == ()


def test_name_of_an_empty_story_is_not_given_again() -> None:
    engine = StoryEngine()
    engine.add(arrival("q0", QUAKE_TITLES[0]), START)
    engine.add(Removal(article_id="q0", reason="taken_down"), at(1))
    (update,) = engine.add(arrival("q0", QUAKE_TITLES[0]), at(2))
    assert update.story.id == "q0-2"


def test_copies_of_a_removed_original_stay_one_origin() -> None:
    engine = StoryEngine()
    for place in range(5):
        engine.add(arrival(f"c{place}", QUAKE_TITLES[0], QUAKE, minutes=place), at(place))
    update, *marks = engine.add(Removal(article_id="c0", reason="taken_down"), at(9))
    assert [mark.change for mark in marks] == [
        Revised(article_id="c1", revision=0, is_origin=True),
        *(Revised(article_id=f"c{n}", revision=0, copy_of="c1", is_origin=False) for n in (2, 3, 4)),
    ]
    assert (update.story.parts.articles, update.story.parts.origins) == (4, 1)
    (joined,) = engine.add(arrival("c9", "Another title", QUAKE, minutes=10), at(10))
    assert isinstance(joined.change, Joined)
    assert joined.change.copy_of == "c1"


def test_owner_joins_two_stories() -> None:
    engine = StoryEngine()
    story = _quake(engine, 2)
    engine.add(arrival("b0", "Parliament of Borland passes budget", minutes=3), at(3))
    ruled, update = engine.add(Ruling(verb="join", story_id="b0", other_id=story), at(4))
    assert ruled.change == Ruled(verb="join", other_id="b0", article_ids=("b0",))
    assert update.change == Merged(other_id="b0")
    assert (update.story.id, engine.resolve("b0"), engine.story_of("b0")) == (story, story, story)


def test_owner_splits_and_no_merge_undoes_it() -> None:
    engine = StoryEngine()
    story = _quake(engine, 4)
    ruled, update = engine.add(Ruling(verb="split", story_id=story, article_ids=("q2",)), at(5))
    assert ruled.change == Ruled(verb="split", other_id="q2", article_ids=("q2",))
    assert isinstance(update.change, Split)
    assert (update.change.new_id, update.change.article_ids) == ("q2", ("q2",))
    assert engine.articles_of(story) == ("q0", "q1", "q3")
    assert _kinds(engine.add(revision("q2", QUAKE_TITLES[3]), at(6))) == ["revised"]
    for silence in RESCUE_AFTER:
        assert engine.add(Tick(), at(6) + silence) == ()
    assert engine.story_of("q2") == "q2"
    _, joined = engine.add(Ruling(verb="join", story_id="q2", other_id=story), at(900))
    assert joined.change == Merged(other_id="q2")


def test_after_a_split_the_part_with_more_origins_keeps_the_id() -> None:
    engine = StoryEngine()
    story = _quake(engine, 4)
    _, update = engine.add(Ruling(verb="split", story_id=story, article_ids=("q1", "q2", "q3")), at(5))
    assert isinstance(update.change, Split)
    assert engine.articles_of(story) == ("q1", "q2", "q3")
    assert update.change.article_ids == ("q0",)
    # The founder's name is taken by the part that stayed, so it opens the second story of its name.
    assert update.change.new_id == "q0-2"
    assert engine.story_of("q0") == "q0-2"


def test_joined_and_split_again_and_again_every_id_answers() -> None:
    engine = StoryEngine()
    engine.add(arrival("q0", QUAKE_TITLES[0]), START)
    engine.add(arrival("b0", "Parliament of Borland passes budget", minutes=1), at(1))
    given = {"q0", "b0"}
    for turn in range(3):
        other = engine.story_of("b0") or ""
        engine.add(Ruling(verb="join", story_id="q0", other_id=other), at(2 + turn))
        assert {engine.resolve(name) for name in given} == {"q0"}
        _, split = engine.add(Ruling(verb="split", story_id="q0", article_ids=("b0",)), at(2.5 + turn))
        assert isinstance(split.change, Split)
        assert split.change.new_id == f"b0-{turn + 2}"
        assert split.change.new_id not in given
        given.add(split.change.new_id)
        assert engine.articles_of("q0") == ("q0",)


def test_endless_title_is_cut() -> None:
    (update,) = StoryEngine().add(arrival("q0", "word " * 100_000), START)
    assert len(update.story.headline) == HEADLINE_CHARS


def test_owner_pins_and_hides() -> None:
    engine = StoryEngine()
    story = _quake(engine, 2)
    (pinned,) = engine.add(Ruling(verb="pin", story_id=story), at(5))
    assert (pinned.change, pinned.story.pinned) == (Ruled(verb="pin"), True)
    assert engine.add(Ruling(verb="pin", story_id=story), at(6)) == ()
    (hidden,) = engine.add(Ruling(verb="hide", story_id=story), at(7))
    assert (hidden.story.pinned, hidden.story.hidden) == (True, True)
    engine.add(Ruling(verb="unhide", story_id=story), at(8))
    (shown,) = engine.add(Ruling(verb="unpin", story_id=story), at(9))
    assert (shown.story.pinned, shown.story.hidden) == (False, False)


@pytest.mark.parametrize(
    "ruling",
    [
        Ruling(verb="pin", story_id="nobody"),
        Ruling(verb="join", story_id="q0", other_id="nobody"),
        Ruling(verb="join", story_id="q0", other_id="q0"),
        Ruling(verb="split", story_id="q0"),
        Ruling(verb="split", story_id="q0", article_ids=("q0", "q1")),
        Ruling(verb="split", story_id="q0", article_ids=("stranger",)),
    ],
)
def test_ruling_that_makes_no_sense(ruling: Ruling) -> None:
    engine = StoryEngine()
    _quake(engine, 2)
    with pytest.raises(RulingError):
        engine.add(ruling, at(5))
    assert engine.number == 2


def test_silent_story_sleeps_and_is_forgotten_unless_pinned() -> None:
    engine = StoryEngine()
    story = _quake(engine, 2)
    engine.add(arrival("b0", "Parliament of Borland passes budget"), at(3))
    engine.add(Ruling(verb="pin", story_id="b0"), at(3))
    assert engine.add(Tick(), at(1) + EXPIRE_AFTER / 2) == ()
    (update,) = engine.add(Tick(), at(3) + EXPIRE_AFTER)
    assert (update.change, update.story.id, update.story.state) == (Expired(), story, "asleep")
    assert (engine.story_of("q0"), engine.story_of("b0"), engine.live_stories) == (None, "b0", 1)


def test_small_silent_story_is_taken_in_by_a_larger_one() -> None:
    engine = StoryEngine()
    engine.add(arrival("s0", "Harbour master of Velm tells of his lucky fishing fleet"), START)
    for place in range(12):
        where = "Velm harbour" if place > 2 else "many villages"
        title = f"Ardania earthquake destroys houses, road cut, {where}"
        engine.add(arrival(f"q{place}", title, minutes=place + 1), at(place + 1))
    assert engine.articles_of("s0") == ("s0",)
    (update,) = engine.add(Tick(), START + RESCUE_AFTER[0])
    assert isinstance(update.change, Merged)
    assert (update.story.id, update.story.headline) == ("s0", engine.head("s0").headline)  # type: ignore[union-attr]
    assert engine.story_of("q5") == "s0"


def test_clock_that_runs_back_does_not_turn_time_back() -> None:
    engine = StoryEngine()
    engine.add(arrival("q0", QUAKE_TITLES[0]), at(60))
    (update,) = engine.add(arrival("b0", "Parliament of Borland"), at(0))
    assert update.at == at(60)


def test_apply_wants_updates_in_order_and_their_evidence() -> None:
    engine, other = StoryEngine(), StoryEngine()
    made, signals = article("q0", QUAKE_TITLES[0])
    updates = engine.add(arrival("q0", QUAKE_TITLES[0]), START)
    with pytest.raises(ValueError, match="needs article q0"):
        other.apply(updates)
    other.apply(updates, article=made, signals=signals)
    with pytest.raises(ValueError, match="does not follow"):
        other.apply(updates, article=made, signals=signals)
    assert other.head("q0") == engine.head("q0")


def test_resolve_gives_back_what_it_does_not_know() -> None:
    assert StoryEngine().resolve("whatever") == "whatever"


def test_old_news_sleeps_at_the_next_tick() -> None:
    engine = StoryEngine()
    engine.add(arrival("b0", "Parliament of Borland passes budget"), START)
    old = START - EXPIRE_AFTER - timedelta(hours=1)
    engine.add(arrival("q0", QUAKE_TITLES[0], backfill=True, placed_at=old), START)
    engine.add(revision("q0", QUAKE_TITLES[0], QUAKE, backfill=True, placed_at=old), at(0.5))
    kept = StoryEngine.restore(engine.snapshot())
    (update,) = engine.add(Tick(), at(1))
    assert (update.kind, update.story.id, update.story.state) == ("expired", "q0", "asleep")
    assert (engine.story_of("q0"), engine.story_of("b0")) == (None, "b0")
    assert kept.add(Tick(), at(1)) == (update,)


def test_old_news_does_not_keep_a_story_awake() -> None:
    engine = StoryEngine()
    story = _quake(engine)
    late = EXPIRE_AFTER / timedelta(minutes=1) - 60
    old = START - timedelta(hours=3)
    engine.add(arrival("q9", QUAKE_TITLES[3], backfill=True, placed_at=old, minutes=late), at(late))
    assert engine.story_of("q9") == story
    assert _kinds(engine.add(Tick(), at(late + 63))) == ["expired"]


def test_agency_is_the_original_of_what_we_met_before_it() -> None:
    engine = StoryEngine()
    engine.add(arrival("r0", "Houses fall in Velm", QUAKE + " Our reporter"), START)
    engine.add(arrival("r1", "Quake in Velm", QUAKE + " Read more."), at(1))
    own = arrival("w0", QUAKE_TITLES[0], QUAKE, domain="wire.example", kind=PublisherKind.AGENCY, minutes=2)
    follower = StoryEngine.restore(engine.snapshot())
    updates = engine.add(own, at(2))
    assert [update.change for update in updates] == [
        Joined(article_id="w0", is_origin=True, similarity=1.0),
        Revised(article_id="r0", revision=0, copy_of="w0", is_origin=False),
        Revised(article_id="r1", revision=0, copy_of="w0", is_origin=False),
    ]
    head = updates[-1].story
    assert (head.parts.articles, head.parts.origins, head.lead_id) == (3, 1, "w0")
    assert engine.head("r0") == head
    for update in updates:
        follower.apply((update,), own.article, own.signals)
    late = arrival("r2", "Again", QUAKE + " Updated.", minutes=3)
    assert follower.add(late, at(3)) == engine.add(late, at(3))
    assert engine.add(arrival("r3", "Once more", QUAKE, minutes=4), at(4))[0].change == Joined(
        article_id="r3", copy_of="w0", is_origin=False, similarity=1.0
    )


def test_agency_does_not_take_over_what_credits_another() -> None:
    engine = StoryEngine()
    engine.add(arrival("r0", "Houses fall in Velm", QUAKE, author="Reuters"), START)
    (update,) = engine.add(
        arrival("w0", QUAKE_TITLES[0], QUAKE, kind=PublisherKind.AGENCY, domain="wire.example", minutes=2), at(2)
    )
    assert update.change == Joined(article_id="w0", copy_of="r0", is_origin=False, similarity=1.0)


def test_split_off_copy_is_told_to_be_an_original() -> None:
    engine = StoryEngine()
    engine.add(arrival("c0", QUAKE_TITLES[0], QUAKE), START)
    engine.add(arrival("q1", QUAKE_TITLES[1], minutes=1), at(1))
    engine.add(arrival("c1", QUAKE_TITLES[0], QUAKE, minutes=2), at(2))
    _, split, mark = engine.add(Ruling(verb="split", story_id="c0", article_ids=("c1",)), at(3))
    assert split.kind == "split"
    assert (mark.story.id, mark.change) == ("c1", Revised(article_id="c1", revision=0))


def test_where_another_speaks_in_a_new_text_its_story_is_counted_anew() -> None:
    engine = StoryEngine()
    engine.add(arrival("q0", QUAKE_TITLES[0], QUAKE, domain="planet.example", country="XX"), START)
    engine.add(arrival("q1", QUAKE_TITLES[1], QUAKE + " Read more.", minutes=1), at(1))  # a copy of it
    updates = engine.add(arrival("q2", QUAKE_TITLES[2], "Houses have fallen in Velm.", minutes=2), at(2))
    assert updates[-1].story.parts.origins == 2
    first = engine.snapshot()
    follower = StoryEngine.restore(first)
    # The site itself speaks now: of the feed that told of it first nothing is left, and its copy is one of the site's.
    own = revision("q0", QUAKE_TITLES[0], "The ministry counts houses in Velm.", domain="site.example", country="NO")
    updates = engine.add(own, at(3))
    head = updates[-1].story
    assert (head.parts.articles, head.parts.origins, head.parts.publishers) == (3, 2, 3)
    assert head.parts.countries == ("NO",)
    for update in updates:
        follower.apply((update,), own.article, own.signals)
    assert follower.head("q0") == engine.head("q0")
    late = arrival("q3", QUAKE_TITLES[3], minutes=4, domain="planet.example")
    assert follower.add(late, at(4)) == engine.add(late, at(4))
    second = engine.snapshot()
    rows = {row.key: row for each in (first, second) for row in each.rows}
    restored = StoryEngine.restore(replace(second, rows=tuple(row for row in rows.values() if row.value is not None)))
    again = arrival("q4", QUAKE_TITLES[0], minutes=5, domain="site.example")
    told = engine.add(again, at(5))
    assert restored.add(again, at(5)) == told
    assert told[-1].story.parts.origins == 3  # the site that spoke is one of them already, the feed came as one anew
