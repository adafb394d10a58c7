"""A story over days: it drifts and splits, sleeps and wakes, follows another and stands beside others."""

from __future__ import annotations

from datetime import timedelta

from stayahead.model import Expired, Joined, Linked, Opened, Removal, Removed, Ruling, Split, Tick, Update
from stayahead.stories import StoryEngine
from stayahead.stories.weights import EXPIRE_AFTER, SLEEP_FOR
from tests.story_inputs import arrival, at

CEREMONY = (
    "Opening ceremony of the Velm games draws a full stadium",
    "Velm games: opening ceremony dazzles the stadium crowd",
    "Stadium fireworks close the opening ceremony of the Velm games",
    "Crowd cheers the opening ceremony at the Velm games stadium",
)
DOPING = (
    "Two rowers suspended in Velm over doping tests",
    "Doping: rowers suspended after tests in Velm",
    "Rowing body confirms doping tests of two suspended rowers",
    "Suspended rowers deny doping, question tests",
)
QUAKE = (
    "Strong earthquake shakes coast of Ardania",
    "Earthquake in Ardania: coast shaken, houses down",
    "Ardania earthquake: strong shaking along the coast",
)
_LATER = (EXPIRE_AFTER + timedelta(hours=2)).total_seconds() / 60


def _chain(engine: StoryEngine) -> str:
    """Two events of one affair in one story, as the owner joined them."""
    for place, title in enumerate(CEREMONY):
        engine.add(arrival(f"c{place}", title, minutes=place), at(place))
    for place, title in enumerate(DOPING, start=10):
        engine.add(arrival(f"d{place}", title, minutes=place), at(place))
    first, other = engine.story_of("c0"), engine.story_of("d10")
    assert first is not None
    assert other is not None
    if first != other:
        engine.add(_join(first, other), at(15))
    assert len(engine.articles_of(first)) == len(CEREMONY) + len(DOPING)
    return first


def _join(story_id: str, other_id: str) -> Ruling:
    return Ruling(verb="join", story_id=story_id, other_id=other_id)


def _quake(engine: StoryEngine) -> str:
    for place, title in enumerate(QUAKE):
        engine.add(arrival(f"q{place}", title, minutes=place), at(place))
    story = engine.story_of("q0")
    assert story is not None
    assert len(engine.articles_of(story)) == len(QUAKE)
    return story


def _asleep(engine: StoryEngine) -> str:
    story = _quake(engine)
    updates = engine.add(Tick(), at(_LATER))
    assert [update.change for update in updates] == [Expired()]
    assert engine.head(story) is None
    return story


def _changes(updates: tuple[Update, ...], kind: type) -> list[Update]:
    return [update for update in updates if isinstance(update.change, kind)]


# ── split ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_chain_of_two_events_splits_when_it_grows() -> None:
    engine = StoryEngine()
    story = _chain(engine)
    updates = engine.add(
        arrival("d20", "Rowers appeal: doping tests were flawed, suspended pair say", minutes=20), at(20)
    )
    (split,) = _changes(updates, Split)
    assert isinstance(split.change, Split)
    parts = [set(engine.articles_of(split.change.new_id)), set(engine.articles_of(split.story.id))]
    ceremony = next(part for part in parts if "c0" in part)
    assert ceremony == {f"c{place}" for place in range(4)}
    assert engine.story_of("d20") != engine.story_of("c0")
    assert engine.story_of("d20") == engine.story_of("d10")
    # Both ids answer, and the part with more origins kept the old one.
    assert story in {engine.story_of("c0"), engine.story_of("d10")}


def test_what_was_split_does_not_merge_again_by_itself() -> None:
    engine = StoryEngine()
    _chain(engine)
    engine.add(arrival("d20", "Rowers appeal: doping tests were flawed, suspended pair say", minutes=20), at(20))
    apart = engine.story_of("c0"), engine.story_of("d10")
    assert apart[0] != apart[1]
    engine.add(arrival("x0", "Velm games: opening ceremony, doping tests of suspended rowers", minutes=30), at(30))
    for minute in range(31, 800, 10):
        engine.add(Tick(), at(minute))
    assert (engine.story_of("c0"), engine.story_of("d10")) == apart


def test_one_event_in_many_words_stays_whole() -> None:
    engine = StoryEngine()
    _quake(engine)
    more = (
        "Ardania coast earthquake: rescue teams search houses",
        "Rescue teams reach Ardania coast after strong earthquake",
        "Earthquake on Ardania coast: houses down, rescue under way",
        "Strong earthquake: Ardania sends rescue teams to the coast",
        "Ardania earthquake toll rises as rescue goes on along coast",
        "Rescue continues on Ardania coast after earthquake",
        "Houses along Ardania coast unsafe after earthquake, rescue teams say",
    )
    found: list[Update] = []
    for place, title in enumerate(more, start=10):
        found += engine.add(arrival(f"q{place}", title, minutes=place), at(place))
    assert not _changes(tuple(found), Split)
    assert engine.live_stories == 1


# ── sleep, wake, follow ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_event_days_later_wakes_its_story() -> None:
    engine = StoryEngine()
    story = _asleep(engine)
    (update,) = engine.add(arrival("q9", "Ardania coast earthquake: strong shaking, houses down"), at(_LATER + 600))
    assert isinstance(update.change, Joined)
    assert (update.story.id, update.story.state) == (story, "live")
    assert (update.story.parts.articles, update.story.parts.origins) == (4, 4)
    # What it was before it slept makes it no weightier today.
    assert update.story.parts.slept_origins == 3
    assert engine.articles_of(story) == ("q9",)
    assert engine.head(story) == update.story


def test_a_woken_story_goes_on_counting_from_what_it_had() -> None:
    engine = StoryEngine()
    story = _asleep(engine)
    engine.add(arrival("q9", "Ardania coast earthquake: strong shaking, houses down"), at(_LATER + 600))
    engine.add(arrival("q10", "Strong earthquake, houses down on Ardania coast"), at(_LATER + 601))
    head = engine.head(story)
    assert head is not None
    assert head.parts.articles == 5
    updates = engine.add(Removal(article_id="q9", reason="taken_down"), at(_LATER + 602))
    assert updates[0].story.parts.articles == 4
    assert engine.head(story) == updates[-1].story


def test_a_woken_story_that_loses_its_new_articles_sleeps_again() -> None:
    engine = StoryEngine()
    story = _asleep(engine)
    engine.add(arrival("q9", "Ardania coast earthquake: strong shaking, houses down"), at(_LATER + 600))
    (update,) = engine.add(Removal(article_id="q9", reason="taken_down"), at(_LATER + 601))
    assert isinstance(update.change, Removed)
    assert (update.story.state, update.story.parts.articles) == ("asleep", 3)
    assert engine.head(story) is None


def test_another_event_of_the_affair_opens_a_story_that_follows() -> None:
    engine = StoryEngine()
    story = _asleep(engine)
    updates = engine.add(
        arrival("n0", "Parliament votes money for repairs on earthquake coast of Ardania"), at(_LATER + 600)
    )
    assert isinstance(updates[0].change, Opened)
    assert [update.change for update in updates[1:]] == [Linked(follows=story)]


def test_a_single_shared_name_is_no_link() -> None:
    engine = StoryEngine()
    _asleep(engine)
    updates = engine.add(arrival("n0", "Ardania wins handball final"), at(_LATER + 600))
    assert [update.kind for update in updates] == ["opened"]


def test_after_two_weeks_nothing_wakes() -> None:
    engine = StoryEngine()
    story = _asleep(engine)
    late = (SLEEP_FOR + timedelta(hours=1)).total_seconds() / 60 + 10
    (update,) = engine.add(arrival("q9", QUAKE[0]), at(late))
    assert isinstance(update.change, Opened)
    assert engine.story_of("q9") != story


def test_old_news_wakes_nobody() -> None:
    engine = StoryEngine()
    _asleep(engine)
    late = arrival("q9", QUAKE[0], backfill=True, placed_at=at(0))
    (update,) = engine.add(late, at(_LATER + 600))
    assert isinstance(update.change, Opened)


def test_a_sleeper_survives_a_restart_and_wakes_with_its_aliases() -> None:
    engine = StoryEngine()
    story = _quake(engine)
    engine.add(arrival("b0", "Parliament of Borland passes budget", minutes=5), at(5))
    engine.add(_join(story, "b0"), at(6))
    engine.add(Tick(), at(_LATER))
    restored = StoryEngine.restore(engine.snapshot())
    wake = arrival("q9", "Ardania coast earthquake: strong shaking, houses down")
    assert restored.add(wake, at(_LATER + 600)) == engine.add(wake, at(_LATER + 600))
    assert restored.resolve("b0") == story


# ── related ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_story_that_doubles_is_told_what_it_stands_beside() -> None:
    engine = StoryEngine()
    story = _quake(engine)
    engine.add(arrival("a0", "Aid convoy leaves for earthquake coast of Ardania with tents and blankets"), at(30))
    aid = engine.story_of("a0")
    if aid == story:
        engine.add(_split_off(story), at(31))
    updates = engine.add(arrival("a1", "Convoy with tents and blankets: aid for Ardania earthquake coast"), at(32))
    told = _changes(updates, Linked)
    assert [update.change for update in told] == [Linked(related=(story,))]
    before = told[0].story.id
    assert before == engine.story_of("a1")


def test_a_link_does_not_break_the_silence() -> None:
    engine = StoryEngine()
    story = _asleep(engine)
    engine.add(arrival("n0", "Parliament votes money for repairs on earthquake coast of Ardania"), at(_LATER + 600))
    again = _LATER + 600 + EXPIRE_AFTER.total_seconds() / 60 + 1
    assert [update.story.id for update in engine.add(Tick(), at(again))] == ["n0"]
    assert engine.head(story) is None


def _split_off(story: str) -> Ruling:
    return Ruling(verb="split", story_id=story, article_ids=("a0",))


# ── across languages ─────────────────────────────────────────────────────────────────────────────────────────────

FLOOD_EN = (
    "Flood in Pakistan kills 1,290, says agency chief Varrenko",
    """The flood in Pakistan has killed 1,290 people and driven 633,000 into camps, the head of the relief agency,
    Oksana Varrenko, said in Islamabad. Help from Turkey and China is on its way, and the Velmex bridge is closed.""",
)
FLOOD_RU = (
    "Наводнение в Пакистане: 1 290 погибших",
    """В Пакистане погибли 1 290 человек, 633 000 находятся в лагерях, сообщила Оксана Варренко. Помощь идёт из Турции
    и Китая.""",
)
OTHER_RU = (
    "В Пакистане выбрали президента",
    "Парламент Пакистана выбрал президента, за него подали 212 голосов. Наблюдатели из Китая следили за подсчётом.",
)
FLOOD_ZH = (
    "巴基斯坦洪水已致1290人死亡",
    "救援机构负责人Oksana Varrenko通报，洪水冲垮Velmex桥梁，来自土耳其、中国的援助物资正在路上。",
)
CAMPS_ZH = (
    "Varrenko：63.3万灾民住进帐篷",
    "Oksana Varrenko昨天称，巴国多省营地爆满，另有1290名遇难者，Velmex通道仍未开放。",
)


def test_one_event_in_two_languages_is_one_story() -> None:
    engine = StoryEngine()
    engine.add(arrival("en0", *FLOOD_EN, minutes=0), at(0))
    (update,) = engine.add(arrival("ru0", *FLOOD_RU, language="ru", minutes=5), at(5))
    assert isinstance(update.change, Joined)
    assert engine.story_of("ru0") == engine.story_of("en0") == "en0"


def test_a_country_in_common_joins_no_languages() -> None:
    engine = StoryEngine()
    engine.add(arrival("en0", *FLOOD_EN, minutes=0), at(0))
    engine.add(arrival("ru0", *OTHER_RU, language="ru", minutes=5), at(5))
    assert engine.story_of("ru0") == "ru0"


def test_a_story_in_two_languages_takes_up_what_words_do_not_find() -> None:
    engine = StoryEngine()
    for minute, (article_id, text, language) in enumerate(
        (("en0", FLOOD_EN, "en"), ("zh0", FLOOD_ZH, "zh"), ("zh1", CAMPS_ZH, "zh"))
    ):
        engine.add(arrival(article_id, *text, language=language, minutes=minute), at(minute))
    assert engine.articles_of("en0") == ("en0", "zh0", "zh1")


def test_words_of_one_language_have_the_say_without_another() -> None:
    engine = StoryEngine()
    engine.add(arrival("zh0", *FLOOD_ZH, language="zh", minutes=0), at(0))
    engine.add(arrival("zh1", *CAMPS_ZH, language="zh", minutes=1), at(1))
    assert engine.story_of("zh1") == "zh1"


def test_an_unknown_language_may_be_the_same_one() -> None:
    engine = StoryEngine()
    engine.add(arrival("en0", *FLOOD_EN, minutes=0), at(0))
    engine.add(arrival("xx0", *FLOOD_RU, language="", minutes=5), at(5))
    assert engine.story_of("xx0") == "xx0"


def test_a_match_across_languages_survives_a_restart() -> None:
    engine = StoryEngine()
    engine.add(arrival("en0", *FLOOD_EN, minutes=0), at(0))
    restored = StoryEngine.restore(engine.snapshot())
    foreign = arrival("ru0", *FLOOD_RU, language="ru", minutes=5)
    assert restored.add(foreign, at(5)) == engine.add(foreign, at(5))
