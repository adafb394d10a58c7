"""The owner's word as the engine takes it: told first, taken back exactly, and done to stories asleep as well."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from stayahead.errors import RulingError
from stayahead.model import (
    Joined,
    Merged,
    Publisher,
    Removal,
    Removed,
    Ruled,
    Ruling,
    ScoreParts,
    Split,
    Story,
    StoryArticle,
    StoryHead,
    Tick,
    Update,
    Visibility,
)
from stayahead.stories import StoryEngine
from stayahead.stories.undo import last_ruling, taking_back
from stayahead.stories.weights import EXPIRE_AFTER, RESCUE_AFTER
from stayahead.stories.without import without
from tests.story_inputs import BUDGET as BUDGET_TEXT
from tests.story_inputs import QUAKE as QUAKE_TEXT
from tests.story_inputs import START, arrival, at, revision

QUAKE = (
    "Strong earthquake shakes coast of Ardania",
    "Earthquake in Ardania: coast shaken, houses down",
    "Ardania earthquake: strong shaking along the coast",
)
QUAKE_AGAIN = "Ardania coast earthquake: strong shaking, houses down"
BUDGET = "Parliament of Borland passes budget"
LATER = (EXPIRE_AFTER + timedelta(hours=2)).total_seconds() / 60


def _quake(engine: StoryEngine) -> StoryHead:
    for place, title in enumerate(QUAKE):
        engine.add(arrival(f"q{place}", title, minutes=place, country="GB"), at(place))
    return _head(engine, "q0")


def _asleep(engine: StoryEngine) -> StoryHead:
    """Three articles of one story, asleep; its head, as the store has it."""
    _quake(engine)
    (update,) = engine.add(Tick(), at(LATER))
    assert update.story.state == "asleep"
    return update.story


def _head(engine: StoryEngine, story_id: str) -> StoryHead:
    head = engine.head(story_id)
    assert head is not None
    return head


def _wake(engine: StoryEngine) -> Update:
    (update,) = engine.add(arrival("q9", QUAKE_AGAIN), at(LATER + 600))
    assert isinstance(update.change, Joined)
    return update


def _saved(engine: StoryEngine) -> StoryEngine:
    return StoryEngine.restore(engine.snapshot())


# ── what is told ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_join_is_told_before_it_is_done() -> None:
    engine = StoryEngine()
    story = _quake(engine)
    engine.add(arrival("b0", BUDGET, minutes=4), at(4))
    engine.add(Ruling(verb="hide", story_id="b0"), at(5))
    ruled, merged = engine.add(Ruling(verb="join", story_id="b0", other_id=story.id), at(6))
    assert ruled.change == Ruled(verb="join", other_id="b0", article_ids=("b0",))
    assert ruled.story == story, "the story as it stood before"
    assert merged.change == Merged(other_id="b0")
    assert (merged.story.hidden, merged.story.parts.articles) == (False, 4)


def test_what_is_so_already_is_told_only_where_it_takes_something_back() -> None:
    engine = StoryEngine()
    story = _quake(engine)
    assert engine.add(Ruling(verb="unpin", story_id=story.id), at(4)) == ()
    (told,) = engine.add(Ruling(verb="unpin", story_id=story.id, undoes=7), at(5))
    assert told.change == Ruled(verb="unpin", undoes=7)


# ── hidden stories in merges ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("hides_first", [True, False])
def test_a_story_joined_by_the_owner_is_shown_as_the_one_that_keeps_the_id(hides_first: bool) -> None:
    engine = StoryEngine()
    engine.add(arrival("b0", BUDGET), START)
    for place, title in enumerate(QUAKE, start=1):
        engine.add(arrival(f"q{place}", title, minutes=place), at(place))
    engine.add(Ruling(verb="hide", story_id="b0" if hides_first else "q1"), at(5))
    _, merged = engine.add(Ruling(verb="join", story_id="q1", other_id="b0"), at(6))
    assert (merged.story.id, merged.story.hidden) == ("b0", hides_first)
    # The larger one's headline, but not where the owner hid it.
    assert (merged.story.headline == BUDGET) is not hides_first


@pytest.mark.parametrize("hides_large", [True, False])
def test_a_story_merged_by_the_engine_is_shown_as_the_larger_one(hides_large: bool) -> None:
    engine = StoryEngine()
    small = "Harbour master of Velm tells of his lucky fishing fleet"
    engine.add(arrival("s0", small), START)
    for place in range(12):
        where = "Velm harbour" if place > 2 else "many villages"
        title = f"Ardania earthquake destroys houses, road cut, {where}"
        engine.add(arrival(f"q{place}", title, minutes=place + 1), at(place + 1))
    engine.add(Ruling(verb="hide", story_id="q0" if hides_large else "s0"), at(14))
    (merged,) = [update for minute in (0, 14) for update in engine.add(Tick(), at(minute) + RESCUE_AFTER[0])]
    assert merged.change.other_id == "q0" if isinstance(merged.change, Merged) else False
    assert (merged.story.id, merged.story.hidden) == ("s0", hides_large)
    assert merged.story.headline != small


@pytest.mark.parametrize("hides_first", [True, False])
def test_a_hidden_story_does_not_come_back_with_its_twin(hides_first: bool) -> None:
    engine = StoryEngine()
    engine.add(arrival("q0", QUAKE[0], QUAKE_TEXT), START)
    engine.add(arrival("b0", BUDGET, BUDGET_TEXT, minutes=1), at(1))
    engine.add(Ruling(verb="hide", story_id="q0" if hides_first else "b0"), at(2))
    updates = engine.add(revision("b0", QUAKE[0], QUAKE_TEXT), at(3))
    merged = [update for update in updates if isinstance(update.change, Merged)]
    assert [update.story.hidden for update in merged] == [True]


# ── taking back ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_join_taken_back_leaves_the_id_where_it_was_whatever_came() -> None:
    engine = StoryEngine()
    engine.add(arrival("b0", BUDGET), START)
    engine.add(Ruling(verb="pin", story_id="b0"), at(0.1))
    for place, title in enumerate(QUAKE, start=1):
        engine.add(arrival(f"q{place}", title, minutes=place), at(place))
    engine.add(Ruling(verb="hide", story_id="q1"), at(5))
    ruled, _ = engine.add(Ruling(verb="join", story_id="b0", other_id="q1"), at(6))
    number, before, change = last_ruling([ruled]) or (0, ruled.story, Ruled(verb=""))
    head = _head(engine, "b0")
    assert (head.pinned, head.hidden, head.parts.origins) == (True, False, 4)
    undo = taking_back(change, head, number=number, before=before, other=Visibility(hidden=True))
    told, split, *_ = engine.add(undo, at(7))
    assert told.change == Ruled(verb="split", other_id="q1-2", article_ids=("q1", "q2", "q3"), undoes=ruled.number)
    assert isinstance(split.change, Split)
    assert engine.articles_of("b0") == ("b0",)
    assert (split.story.pinned, split.story.hidden) == (True, False)
    assert (split.change.new_head.pinned, split.change.new_head.hidden) == (False, True)
    assert _head(engine, "q1-2") == split.change.new_head


def test_a_join_is_taken_back_as_far_as_what_came_is_still_there() -> None:
    engine = StoryEngine()
    story = _quake(engine)
    for place in range(2):
        engine.add(arrival(f"b{place}", BUDGET, minutes=4 + place), at(4 + place))
    ruled, _ = engine.add(Ruling(verb="join", story_id=story.id, other_id="b0"), at(6))
    assert isinstance(ruled.change, Ruled)
    undo = taking_back(ruled.change, story, number=ruled.number, before=ruled.story, other=Visibility())
    engine.add(Removal(article_id="b1", reason="taken_down"), at(7))
    engine.decide(undo, at(8))
    engine.add(Removal(article_id="b0", reason="taken_down"), at(8))
    (passed,) = engine.decide(undo, at(9))
    assert (passed.change, passed.story) == (Ruled(verb="pass", undoes=ruled.number), _head(engine, story.id))


def test_a_split_taken_back_is_a_join() -> None:
    engine = StoryEngine()
    story = _quake(engine)
    ruled, _ = engine.add(Ruling(verb="split", story_id=story.id, article_ids=("q2",)), at(4))
    assert isinstance(ruled.change, Ruled)
    undo = taking_back(ruled.change, _head(engine, story.id), number=1, before=ruled.story, other=Visibility())
    told, merged = engine.add(undo, at(5))
    assert told.change == Ruled(verb="join", other_id="q2", article_ids=("q2",), undoes=1)
    assert merged.change == Merged(other_id="q2")
    assert engine.articles_of(story.id) == ("q0", "q1", "q2")


def _told(number: int, verb: str, undoes: int = 0) -> Update:
    head = _quake(StoryEngine())
    return Update(number=number, at=START, story=head, change=Ruled(verb=verb, undoes=undoes))


def test_undo_goes_back_step_by_step() -> None:
    history = [_told(1, "pin"), _told(2, "hide")]
    assert (last_ruling(reversed(history)) or (0,))[0] == 2
    history.append(_told(3, "unhide", undoes=2))
    assert (last_ruling(reversed(history)) or (0,))[0] == 1
    history.append(_told(4, "unpin", undoes=1))
    assert last_ruling(reversed(history)) is None
    history.append(_told(5, "pin"))
    assert (last_ruling(reversed(history)) or (0,))[0] == 5


# ── stories asleep ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_story_asleep_is_hidden_and_pinned_and_wakes_so() -> None:
    engine = StoryEngine()
    head = _asleep(engine)
    (hidden,) = engine.add(Ruling(verb="hide", story_id=head.id, stored=head), at(LATER + 1))
    assert (hidden.change, hidden.story) == (Ruled(verb="hide"), replace(head, hidden=True))
    (pinned,) = engine.add(Ruling(verb="pin", story_id=head.id, stored=hidden.story), at(LATER + 2))
    assert pinned.story == replace(head, hidden=True, pinned=True)
    for woken in (_wake(_saved(engine)), _wake(engine)):
        assert (woken.story.id, woken.story.state) == (head.id, "live")
        assert (woken.story.hidden, woken.story.pinned) == (True, True)


def test_a_story_asleep_that_the_engine_never_kept_can_be_hidden() -> None:
    engine = StoryEngine()
    engine.add(arrival("b0", BUDGET), START)
    (update,) = engine.add(Tick(), at(LATER))
    (hidden,) = engine.add(Ruling(verb="hide", story_id="b0", stored=update.story), at(LATER + 1))
    assert (hidden.story.hidden, hidden.story.state) == (True, "asleep")
    assert engine.live_stories == 0


def test_what_is_stored_does_not_count_for_a_live_story() -> None:
    engine = StoryEngine()
    old = _quake(engine)
    engine.add(Ruling(verb="pin", story_id=old.id), at(4))
    (hidden,) = engine.add(Ruling(verb="hide", story_id=old.id, stored=old), at(5))
    assert (hidden.story.pinned, hidden.story.hidden, hidden.story.state) == (True, True, "live")


def test_a_story_asleep_is_neither_joined_nor_split() -> None:
    engine = StoryEngine()
    head = _asleep(engine)
    engine.add(arrival("b0", BUDGET), at(LATER + 1))
    for ruling in (
        Ruling(verb="join", story_id="b0", other_id=head.id, stored=head),
        Ruling(verb="split", story_id=head.id, article_ids=("q1",), stored=head),
    ):
        with pytest.raises(RulingError, match="once a new article has woken it"):
            engine.decide(ruling, at(LATER + 2))


# ── articles that leave a story asleep ───────────────────────────────────────────────────────────────────────────


def test_an_article_that_leaves_a_story_asleep_takes_with_it_what_would_wake_it() -> None:
    engine = StoryEngine()
    head = _asleep(engine)
    rest = replace(head, headline=QUAKE[1], lead_id="q1", parts=replace(head.parts, articles=2))
    (update,) = engine.add(Removal(article_id="q0", reason="legal", rest=rest), at(LATER + 1))
    assert (update.change, update.story) == (Removed(article_id="q0", reason="legal"), rest)
    for same in (_saved(engine), engine):
        (opened, *_) = same.add(arrival("q9", QUAKE_AGAIN), at(LATER + 600))
        assert opened.story.id == "q9"


def test_an_article_of_the_time_before_a_story_slept_is_counted_out() -> None:
    engine = StoryEngine()
    head = _asleep(engine)
    woken = _wake(engine).story
    assert woken.parts.articles == 4
    rest = replace(head, parts=replace(head.parts, articles=2))
    (update,) = engine.add(Removal(article_id="q1", reason="legal", rest=rest), at(LATER + 601))
    assert update.story == replace(woken, parts=replace(woken.parts, articles=3))
    for same in (_saved(engine), engine):
        assert same.head(head.id) == update.story
        (joined, *_) = same.add(arrival("q10", QUAKE[1], minutes=LATER), at(LATER + 602))
        assert (joined.story.id, joined.story.parts.articles) == (head.id, 4)
        # The last live ones leave: it sleeps again, under a headline of what slept.
        same.add(Removal(article_id="q10", reason="legal", rest=rest), at(LATER + 603))
        (last,) = same.add(Removal(article_id="q9", reason="legal", rest=rest), at(LATER + 604))
        assert (last.story.state, last.story.headline, last.story.lead_id) == ("asleep", rest.headline, rest.lead_id)
        assert last.story.parts.articles == 2


def test_a_woken_story_is_empty_when_all_have_left_it() -> None:
    engine = StoryEngine()
    head = _asleep(engine)
    _wake(engine)
    for article_id in ("q0", "q1", "q2"):
        engine.add(Removal(article_id=article_id, reason="legal", rest=head), at(LATER + 601))
    (last,) = engine.add(Removal(article_id="q9", reason="legal", rest=head), at(LATER + 602))
    assert (last.story.state, last.story.headline) == ("empty", "")
    assert (last.story.parts.articles, last.story.parts.origins, last.story.parts.publishers) == (0, 0, 0)


def test_a_story_without_articles_has_no_words() -> None:
    engine = StoryEngine()
    engine.add(arrival("b0", BUDGET), START)
    (update,) = engine.add(Removal(article_id="b0", reason="privacy"), at(1))
    assert (update.story.state, update.story.headline, update.story.lead_id) == ("empty", "", "b0")
    assert update.story.parts == ScoreParts(first_at=START, latest_at=START)


# ── how a story stands without an article ────────────────────────────────────────────────────────────────────────


def _row(id_: str, *, minutes: float = 0, copy_of: str = "", language: str = "en", domain: str = "") -> StoryArticle:
    publisher = Publisher(domain=domain or f"{id_}.example", name=id_, country="GB")
    return StoryArticle(
        id=id_,
        url=f"https://{id_}.example/",
        title=f"Title of {id_}",
        publisher=publisher,
        placed_at=at(minutes),
        seen_at=at(minutes),
        language=language,
        copy_of=copy_of,
        is_origin=not copy_of,
    )


def _stored(*rows: StoryArticle, lead: str = "a") -> Story:
    head = _quake(StoryEngine())
    parts = replace(head.parts, articles=len(rows), origins=sum(row.is_origin for row in rows))
    head = replace(head, id="a", headline=f"Title of {lead}", lead_id=lead, parts=parts, state="asleep")
    return Story(head=head, number=9, articles=rows)


def test_without_its_lead_a_story_bears_the_newest_report_of_its_language() -> None:
    story = _stored(_row("a"), _row("b", minutes=5), _row("c", minutes=9, language="fr"), _row("d", copy_of="b"))
    head = without(story, "a")
    assert (head.headline, head.lead_id, head.language) == ("Title of b", "b", "en")
    assert (head.parts.articles, head.parts.origins, head.parts.publishers) == (3, 2, 3)
    assert head.parts.first_at == START
    assert without(story, "b").headline == "Title of a"
    assert head.importance_key != story.head.importance_key


def test_the_copies_of_what_left_are_one_origin() -> None:
    rows = _row("a"), _row("b", copy_of="a"), _row("c", copy_of="a"), _row("d"), _row("e")
    head = without(_stored(*rows), "a")
    assert (head.parts.articles, head.parts.origins, head.lead_id) == (4, 3, "e")
    assert without(_stored(*rows), "e").parts.origins == 2


def test_what_a_credit_made_one_origin_does_not_become_two_when_an_article_leaves() -> None:
    rows = _row("a"), replace(_row("b"), is_origin=False), _row("c")
    assert without(_stored(*rows), "c").parts.origins == 2


def test_without_its_only_article_a_story_is_empty_and_has_no_words() -> None:
    story = _stored(_row("a"))
    head = without(story, "a")
    assert (head.state, head.headline) == ("empty", "")
    assert head.parts == ScoreParts(first_at=story.head.parts.first_at, latest_at=story.head.parts.latest_at)
