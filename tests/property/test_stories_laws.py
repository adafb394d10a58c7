"""The engine's laws, on any run of inputs."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from stayahead.analyze.fingerprint import fingerprint, near_copies
from stayahead.errors import RulingError
from stayahead.model import (
    Arrival,
    Evidence,
    Input,
    Joined,
    LiveArticleRecord,
    LiveMembership,
    LiveStoryRecord,
    Merged,
    Opened,
    PublisherKind,
    Removal,
    Revised,
    Revision,
    Ruling,
    Snapshot,
    SnapshotRow,
    Split,
    StoryHead,
    Tick,
    Update,
)
from stayahead.stories import StoryEngine
from stayahead.stories.effects import Aliased, Placed, effects
from stayahead.stories.products import Arrays, Lists, arithmetic
from stayahead.stories.snapshot_rows import FORMAT
from tests.examples import examples
from tests.story_inputs import BUDGET, QUAKE, arrival, at, revision

# Few words, so that articles meet, part and meet again.
_WORDS = ["quake", "velm", "ardania", "harbour", "budget", "borland", "vote", "court", "storm", "coast"]
titles = st.lists(st.sampled_from(_WORDS), max_size=5).map(" ".join)
texts = st.sampled_from(["", "", QUAKE, QUAKE + " And more is to come.", BUDGET, "(AP) - Short."])
ids = st.integers(0, 30).map(lambda n: f"art{n:02d}")
steps = st.sampled_from([0.0, 1.0, 30.0, 200.0, 3000.0])
domains = st.sampled_from(["", "one.example", "two.example"])
kinds = st.sampled_from([PublisherKind.UNKNOWN, PublisherKind.UNKNOWN, PublisherKind.AGENCY])
vectors = st.sampled_from([(b"", ""), (b"\x40\x10\xf0", "m1"), (b"\x3f\x20\xe0", "m1"), (b"\x01\x02\x03", "m2")])
owners = st.sampled_from(["", "", "Group"])


@st.composite
def arrivals(draw: st.DrawFn) -> Arrival:
    made = arrival(
        draw(ids),
        draw(titles),
        draw(texts),
        domain=draw(domains),
        owner=draw(owners),
        kind=draw(kinds),
        backfill=draw(st.booleans()),
    )
    vector, model = draw(vectors)
    return replace(made, signals=replace(made.signals, vector=vector, vector_model=model))


@st.composite
def revisions(draw: st.DrawFn) -> Revision:
    return revision(draw(ids), draw(titles), draw(texts), number=draw(st.integers(1, 3)), domain=draw(domains))


rulings = st.builds(
    Ruling,
    verb=st.sampled_from(["join", "split", "pin", "unpin", "hide", "unhide"]),
    story_id=ids,
    other_id=ids,
    article_ids=st.lists(ids, max_size=4).map(tuple),
)
removals = st.builds(Removal, article_id=ids, reason=st.just("taken_down"))
inputs: st.SearchStrategy[Input] = st.one_of(
    arrivals(), arrivals(), arrivals(), revisions(), removals, rulings, st.just(Tick())
)
runs = st.lists(st.tuples(inputs, steps), max_size=40)


class Kept:
    """The rows of a store that keeps an engine's snapshots."""

    def __init__(self) -> None:
        self.rows: dict[str, bytes] = {}
        self.number = 0

    def keep(self, snapshot: Snapshot) -> None:
        for row in snapshot.rows:
            if row.value is None:
                self.rows.pop(row.key, None)
            else:
                self.rows[row.key] = row.value
        self.number = snapshot.number

    def whole(self) -> Snapshot:
        rows = tuple(SnapshotRow(key=key, value=value) for key, value in self.rows.items())
        return Snapshot(format=FORMAT, number=self.number, rows=rows)


def _run(engine: StoryEngine, run: Sequence[tuple[Input, float]], start: float = 0) -> list[Update]:
    updates: list[Update] = []
    minute = start
    for an_input, step in run:
        minute += step
        updates += _add(engine, an_input, minute)
    return updates


def _add(engine: StoryEngine, an_input: Input, minute: float) -> tuple[Update, ...]:
    try:
        return engine.add(an_input, at(minute))
    except RulingError:
        return ()


def _known(engine: StoryEngine) -> dict[str, object]:
    """Everything that can be asked of it."""
    articles = {f"art{n:02d}": engine.story_of(f"art{n:02d}") for n in range(31)}
    stories = {story: (engine.head(story), engine.articles_of(story)) for story in articles.values() if story}
    return {"number": engine.number, "articles": articles, "stories": stories}


def _evidence(an_input: Input) -> dict[str, object]:
    if isinstance(an_input, Arrival | Revision):
        return {"article": an_input.article, "signals": an_input.signals}
    return {}


@examples(60)
@given(runs, runs)
def test_restored_engine_goes_on_as_the_saved_one(
    before: list[tuple[Input, float]], after: list[tuple[Input, float]]
) -> None:
    engine = StoryEngine()
    kept = Kept()
    minute = 0.0
    for place, (an_input, step) in enumerate(before):
        minute += step
        _add(engine, an_input, minute)
        if place % 3 == 0:
            kept.keep(engine.snapshot())
    kept.keep(engine.snapshot())
    restored = StoryEngine.restore(kept.whole())
    assert _known(restored) == _known(engine)
    assert _run(restored, after, minute) == _run(engine, after, minute)
    assert _known(restored) == _known(engine)
    kept.keep(restored.snapshot())
    assert _known(StoryEngine.restore(kept.whole())) == _known(engine)


@examples(60)
@given(runs, runs, runs)
def test_snapshot_and_tail_equal_the_whole(
    before: list[tuple[Input, float]], tail: list[tuple[Input, float]], after: list[tuple[Input, float]]
) -> None:
    engine = StoryEngine()
    _run(engine, before)
    minute = sum(step for _, step in before)
    recovered = StoryEngine.restore(engine.snapshot())
    for an_input, step in tail:
        minute += step
        updates = _add(engine, an_input, minute)
        recovered.apply(updates, **_evidence(an_input))  # type: ignore[arg-type]  # article and signals, or nothing
    assert _known(recovered) == _known(engine)
    assert _run(recovered, after, minute) == _run(engine, after, minute)


@examples(60)
@given(runs)
def test_updates_alone_rebuild_the_state_one_by_one(run: list[tuple[Input, float]]) -> None:
    engine, follower = StoryEngine(), StoryEngine()
    minute = 0.0
    for an_input, step in run:
        minute += step
        for update in _add(engine, an_input, minute):
            follower.apply((update,), **_evidence(an_input))  # type: ignore[arg-type]  # as above
    assert _known(follower) == _known(engine)


class Shown:
    """What a store knows of stories: nothing but the effects of the updates that it was told, and the evidence."""

    def __init__(self) -> None:
        self.heads: dict[str, tuple[StoryHead, Update]] = {}
        self.placed: dict[str, Placed] = {}
        self.story_of: dict[str, str] = {}
        self.aliases: dict[str, str] = {}
        self.apart: dict[str, dict[str, None]] = {}
        self.evidence: dict[str, Evidence] = {}
        self.names: dict[str, int] = {}
        self.slept: dict[str, None] = {}
        """Articles of stories that slept and were taken up again: they count, but their signals are gone."""

    def take(self, update: Update, an_input: Input) -> None:
        moved = effects(update)
        for head in moved.heads:
            if head.id not in self.heads:
                base = head.id.partition("-")[0]
                self.names[base] = self.names.get(base, 0) + 1
            if head.state == "live" and head.id in self.heads and self.heads[head.id][0].state == "asleep":
                self.slept |= dict.fromkeys(id_ for id_, story in self.story_of.items() if story == head.id)
            self.heads[head.id] = head, update
        if (placed := moved.placed) is not None:
            self.placed[placed.article_id] = placed
            self.story_of.pop(placed.article_id, None)
            if placed.story_id is not None:
                self.story_of[placed.article_id] = placed.story_id
        if isinstance(an_input, Arrival | Revision):
            self.evidence[an_input.article.id] = Evidence(article=an_input.article, signals=an_input.signals)
        if moved.moved is not None:
            self.story_of |= dict.fromkeys(moved.moved.article_ids, moved.moved.story_id)
            self._part(moved.moved.from_id, moved.moved.story_id)
        if moved.aliased is not None:
            self._alias(moved.aliased)

    def is_asleep(self, article_id: str, engine: StoryEngine) -> bool:
        """The article is in a story, but the engine does not hold it."""
        return article_id in self.story_of and engine.story_of(article_id) is None

    def _part(self, one: str, other: str) -> None:
        self.apart.setdefault(one, {})[other] = None
        self.apart.setdefault(other, {})[one] = None

    def _alias(self, aliased: Aliased) -> None:
        old, new = aliased.alias, aliased.story_id
        del self.heads[old]
        self.story_of = {id_: new if story == old else story for id_, story in self.story_of.items()}
        self.aliases = {alias: new if story == old else story for alias, story in self.aliases.items()} | {old: new}
        for other in self.apart.pop(old, {}):
            self.apart[other].pop(old, None)
            if other != new:
                self._part(new, other)

    def live(self, engine: StoryEngine) -> LiveMembership:
        """The live stories, as a store would tell an engine that is to be rebuilt."""
        heads = {id_: told for id_, told in self.heads.items() if told[0].state == "live"}
        records = [
            LiveStoryRecord(
                head=head,
                number=update.number,
                updated_at=update.at,
                alias_ids=tuple(alias for alias, story in self.aliases.items() if story == head.id),
                apart=tuple(self.apart.get(head.id, ())),
            )
            for head, update in heads.values()
        ]
        return LiveMembership(
            number=engine.number,
            at=engine.at,
            stories=tuple(sorted(records, key=lambda record: (record.head.opened_at, record.head.id))),
            articles=lambda: map(self._record, [id_ for id_, story in self.story_of.items() if story in heads]),
            names={id_: self.names.get(id_, 0) for id_, placed in self.placed.items() if placed.story_id is None},
        )

    def _record(self, article_id: str) -> LiveArticleRecord:
        return LiveArticleRecord(
            story_id=self.story_of[article_id],
            evidence=self.evidence[article_id],
            has_signals=article_id not in self.slept,
            copy_of=self.placed[article_id].copy_of,
            founded=self.names.get(article_id, 0),
        )


@examples(100)
@given(runs, runs)
def test_effects_alone_tell_which_story_each_article_is_in(
    run: list[tuple[Input, float]], after: list[tuple[Input, float]]
) -> None:
    engine, shown = StoryEngine(), Shown()
    minute = 0.0
    for an_input, step in run:
        minute += step
        if isinstance(an_input, Arrival) and shown.is_asleep(an_input.article.id, engine):
            continue  # the loop never sends an article again whose story sleeps: the store knows its entry
        for update in _add(engine, an_input, minute):
            shown.take(update, an_input)
    for article_id in (f"art{n:02d}" for n in range(31)):
        story = engine.story_of(article_id)
        if story is not None:
            assert shown.story_of[article_id] == story
            head = engine.head(story)
            assert head == shown.heads[story][0]
    rebuilt = StoryEngine.rebuild(shown.live(engine))
    _agree(rebuilt, engine)
    restored = StoryEngine.restore(rebuilt.snapshot())
    assert _known(restored) == _known(rebuilt)
    assert _run(restored, after, minute) == _run(rebuilt, after, minute)


def _agree(rebuilt: StoryEngine, engine: StoryEngine) -> None:
    """A rebuilt engine holds the same articles in the same stories, under the same heads but for pace and origins."""
    assert rebuilt.number == engine.number
    for article in (f"art{n:02d}" for n in range(31)):
        story = engine.story_of(article)
        assert rebuilt.story_of(article) == story
        if story is not None:
            assert sorted(rebuilt.articles_of(story)) == sorted(engine.articles_of(story))
            one, other = rebuilt.head(story), engine.head(story)
            assert one is not None
            assert other is not None
            assert _face(one) == _face(other)


def _face(head: StoryHead) -> tuple[object, ...]:
    return head.headline, head.lead_id, head.language, head.opened_at, head.pinned, head.hidden, head.parts.articles


@examples(60)
@given(runs, inputs)
def test_deciding_changes_nothing(run: list[tuple[Input, float]], an_input: Input) -> None:
    engine, twin = StoryEngine(), StoryEngine()
    _run(engine, run)
    _run(twin, run)
    minute = sum(step for _, step in run) + 45
    try:
        first = engine.decide(an_input, at(minute))
    except RulingError:
        first = ()
    assert _known(engine) == _known(twin)
    assert engine.snapshot() == twin.snapshot()
    assert _add(engine, an_input, minute) == first


@given(
    st.sampled_from([QUAKE, BUDGET]),
    st.integers(0, 60),
    st.integers(0, 60),
    st.lists(st.sampled_from(_WORDS), max_size=60),
)
def test_near_copy_is_symmetric(text: str, skip: int, drop: int, own: list[str]) -> None:
    words = text.split()
    a = fingerprint(words)
    b = fingerprint(words[skip : len(words) - drop] + own)
    assert near_copies(*a, *b) == near_copies(*b, *a)


class Stories(RuleBasedStateMachine):
    """Any inputs in any order: nothing is lost, nothing is in two places, no id means two things."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = StoryEngine()
        self.minute = 0.0
        self.held: set[str] = set()
        self.asleep: set[str] = set()
        self.given: set[str] = set()
        self.merged: dict[str, str] = {}
        self.copy_of: dict[str, str] = {}

    def _feed(self, an_input: Input, step: float = 1.0) -> None:
        self.minute += step
        before = self.engine.number
        updates = _add(self.engine, an_input, self.minute)
        assert [update.number for update in updates] == list(range(before + 1, before + 1 + len(updates)))
        last = {update.story.id: update for update in updates}
        for update in updates:
            self._note(update)
        for story_id, update in last.items():
            if update.story.state == "live" and self.engine.resolve(story_id) == story_id:
                assert self.engine.head(story_id) == update.story

    def _note(self, update: Update) -> None:
        change = update.change
        if isinstance(change, Opened | Split):
            new = update.story.id if isinstance(change, Opened) else change.new_id
            assert new not in self.given, "an id named two stories"
            self.given.add(new)
        if isinstance(change, Opened):
            self.copy_of[change.article_id] = ""
        if isinstance(change, Joined | Revised):
            self.copy_of[change.article_id] = change.copy_of
        if isinstance(change, Merged):
            self.merged[change.other_id] = update.story.id

    @rule(an_input=arrivals(), step=steps)
    def arrive(self, an_input: Arrival, step: float) -> None:
        # The loop never sends an article again whose story sleeps: the store knows its entry.
        if an_input.article.id not in self.asleep:
            self._feed(an_input, min(step, 200.0))
            self.held.add(an_input.article.id)

    @rule(an_input=revisions())
    def revise(self, an_input: Revision) -> None:
        self._feed(an_input)

    @rule(article_id=ids)
    def remove(self, article_id: str) -> None:
        self._feed(Removal(article_id=article_id, reason="taken_down"))
        self.held.discard(article_id)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def join(self, data: st.DataObject) -> None:
        pair = st.sampled_from(sorted(self.held))
        one, other = self.engine.story_of(data.draw(pair)), self.engine.story_of(data.draw(pair))
        self._feed(Ruling(verb="join", story_id=one or "", other_id=other or ""))
        if one and other:
            assert self.engine.resolve(one) == self.engine.resolve(other)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        story = self.engine.story_of(data.draw(st.sampled_from(sorted(self.held)))) or ""
        articles = self.engine.articles_of(story)
        leaving = data.draw(st.lists(st.sampled_from(articles), unique=True, max_size=3)) if articles else []
        self._feed(Ruling(verb="split", story_id=story, article_ids=tuple(leaving)))

    @rule(ruling=rulings)
    def rule_anything(self, ruling: Ruling) -> None:
        self._feed(ruling)

    @rule(step=steps)
    def tick(self, step: float) -> None:
        self._feed(Tick(), step)
        gone = {article_id for article_id in self.held if self.engine.story_of(article_id) is None}
        self.asleep |= gone
        self.held -= gone

    @invariant()
    def every_article_is_in_exactly_one_story(self) -> None:
        stories = {self.engine.story_of(article_id) for article_id in self.held}
        assert None not in stories
        listed = [article for story in sorted(s for s in stories if s) for article in self.engine.articles_of(story)]
        assert sorted(listed) == sorted(self.held)
        assert len(stories) == self.engine.live_stories

    @invariant()
    def what_is_copied_is_an_original_of_the_same_story(self) -> None:
        for article_id, original_id in self.copy_of.items():
            if original_id and article_id in self.held:
                assert self.engine.story_of(original_id) == self.engine.story_of(article_id)
                assert not self.copy_of[original_id]

    @invariant()
    def every_id_still_answers(self) -> None:
        for alias, story in self.merged.items():
            target = self.engine.resolve(alias)
            # Of a story that sleeps or is empty, the store answers; the engine gives the id back.
            assert target in {alias, self.engine.resolve(story)}
            if self.engine.head(story) is not None:
                assert target == self.engine.resolve(story)


TestStories = Stories.TestCase
TestStories.settings = settings(examples(60), stateful_step_count=30, suppress_health_check=[HealthCheck.too_slow])

_PROGRAM = """
import sys
from tests.property.test_stories_laws import fixed_run
print(fixed_run())
"""


def fixed_run() -> str:
    """A digest of the updates of one long run, the same on every machine."""
    engine = StoryEngine()
    updates: list[Update] = []
    for n in range(300):
        words = " ".join(_WORDS[(n * k + k) % len(_WORDS)] for k in range(1, 5))
        text = (QUAKE, BUDGET, "")[n % 3] + f" Number {n % 7}."
        updates += engine.add(arrival(f"art{n}", f"{words} {n % 11}", text, country="DE" if n % 2 else "FR"), at(n))
        updates += engine.add(Tick(), at(n + 0.5))
    rows = b"".join(row.key.encode() + (row.value or b"") for row in engine.snapshot().rows)
    return hashlib.sha256(msgspec.json.encode(updates) + rows).hexdigest()


def test_same_updates_under_any_hash_seed() -> None:
    root = Path(__file__).parents[2]
    digests = {fixed_run()}
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}"}
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True, env=environment, timeout=60
        )
        digests.add(done.stdout.strip())
    assert len(digests) == 1


_VECTORS = st.integers(1, 40).flatmap(lambda size: st.lists(st.binary(min_size=size, max_size=size), min_size=2))


@given(_VECTORS, st.lists(st.sampled_from([1, -1]), min_size=1, max_size=20))
def test_sums_and_products_are_the_same_with_and_without_numpy(vectors: list[bytes], signs: list[int]) -> None:
    lists, arrays = Lists(), Arrays()
    one, same = lists.of(vectors[0]), arrays.of(vectors[0])
    for place, sign in enumerate(signs):
        more = vectors[place % len(vectors)]
        one, same = lists.plus(one, lists.of(more), sign), arrays.plus(same, arrays.of(more), sign)
    assert one == same.tolist()
    assert lists.product(one, one) == arrays.product(same, same)
    assert lists.products(one, vectors) == arrays.products(same, vectors)
    assert arrays.products(same, []) == []


@examples(20)
@given(st.lists(arrivals(), max_size=20))
def test_decisions_are_the_same_with_and_without_numpy(inputs: list[Arrival]) -> None:
    def decided() -> list[tuple[Update, ...]]:
        engine = StoryEngine()
        return [engine.add(each, at(place)) for place, each in enumerate(inputs)]

    assert isinstance(arithmetic(), Arrays)
    by_numpy = decided()
    with patch("stayahead.stories.dense.arithmetic", Lists):
        assert decided() == by_numpy
