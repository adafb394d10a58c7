"""A database that an earlier version wrote goes on under this one: nothing is lost, and every id answers as before.

`tests/data/upgrade/` holds one made by commit 433d1fb: the demo's afternoon, then stories that were split, joined,
pinned and hidden, an article that was taken down, two days in which the rest fell asleep, a snapshot, updates after it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import msgspec
import pytest
import zstandard

from stayahead.analyze import find_statements
from stayahead.fetch import CannedFetcher
from stayahead.model import Batch, GoneStory, LoggedInput, MovedStory, Story, Tick
from stayahead.newsroom.loop import Newsroom
from stayahead.newsroom.recovery import Recovery, recovery_from
from stayahead.store import SqliteStore
from tests.newsroom_world import FEED, feed, world_on

DATA = Path(__file__).parents[1] / "data" / "upgrade"


class Told(msgspec.Struct):
    """What the version that wrote the file said of it."""

    number: int
    updates: int
    stories: dict[str, tuple[str, str, str, list[str]]]
    """Id → kind of answer, id that it leads to, headline, articles."""
    front: list[str]
    live: dict[str, list[str]]
    apart: tuple[str, str]


@pytest.fixture
def told() -> Told:
    return msgspec.json.decode((DATA / "433d1fb.json").read_bytes(), type=Told)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "stayahead.db"
    path.write_bytes(zstandard.ZstdDecompressor().decompress((DATA / "433d1fb.db.zst").read_bytes()))
    return path


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore.open(path)) as store:
        yield store


def test_every_id_answers_as_before(store: SqliteStore, told: Told) -> None:
    for story_id, (kind, leads_to, headline, articles) in told.stories.items():
        answer = store.story(story_id)
        assert type(answer).__name__ == kind
        if isinstance(answer, Story):
            assert (answer.head.id, answer.head.headline) == (leads_to, headline)
            assert [article.id for article in answer.articles] == articles
            assert answer.head.parts.articles == len(articles)
        elif isinstance(answer, MovedStory | GoneStory):
            assert answer.id == leads_to
    assert {kind for kind, *_ in told.stories.values()} == {"Story", "MovedStory", "GoneStory"}


def test_the_journal_can_be_read_to_its_end(store: SqliteStore, told: Told) -> None:
    updates = store.updates(after=0, limit=10 * told.updates) or ()
    assert [update.number for update in updates] == list(range(1, told.number + 1))
    kinds = {update.kind for update in updates}
    assert kinds >= {"opened", "joined", "revised", "removed", "merged", "split", "ruled", "expired"}
    assert store.check() == []
    lines = list(store.export())
    assert {str(line["id"]) for line in lines if line["type"] == "story"} == told.stories.keys()
    merged = {line["id"]: line["moved_to"] for line in lines if line.get("state") == "merged"}
    assert merged == {id_: leads_to for id_, (kind, leads_to, *_) in told.stories.items() if kind == "MovedStory"}


def test_the_front_page_is_the_same(store: SqliteStore, told: Told) -> None:
    now = recovery_from(store).engine.at
    assert [row.head.id for row in store.front(now, limit=50)] == told.front


def test_the_snapshot_of_the_version_before_is_read(store: SqliteStore, told: Told) -> None:
    way = recovery_from(store)
    assert (way.way, way.why) == ("snapshot", "")
    assert way.updates > 0, "the file was to have updates after its snapshot"
    _holds(way, told)
    # What was split stays apart: only a snapshot of that version knows of it.
    one, other = told.apart
    assert way.engine.resolve(one) != way.engine.resolve(other)


def test_without_a_snapshot_the_live_stories_are_enough(store: SqliteStore, path: Path, told: Told) -> None:
    with closing(apsw.Connection(str(path))) as db:
        db.execute("UPDATE meta SET value = 99 WHERE key = 'snapshot_format'")
    way = recovery_from(store)
    assert way.way == "live stories"
    assert "format 99" in way.why
    _holds(way, told)


def test_what_languages_share_is_read_under_its_name_of_then(store: SqliteStore, path: Path) -> None:
    with closing(apsw.Connection(str(path))) as db:
        blobs = db.execute(
            "SELECT a.id, g.signals FROM signals g JOIN articles a ON a.n = g.n AND a.revision = g.revision"
        )
        unpack = zstandard.ZstdDecompressor().decompress
        written = {id_: msgspec.msgpack.decode(unpack(data))["keys"] for id_, data in blobs}
    live = [article for article in store.live().articles() if article.has_signals]
    for article in live:
        shared = [{"text": key.text, "weight": key.weight} for key in article.evidence.signals.shared_keys]
        assert shared == written[article.evidence.article.id]
    assert any(article.evidence.signals.shared_keys for article in live)


def test_it_goes_on_in_the_format_of_this_version(store: SqliteStore, told: Told) -> None:
    engine = recovery_from(store).engine
    number = store.position().input + 1
    updates = engine.add(Tick(), engine.at)
    line = LoggedInput(number=number, at=engine.at, input=Tick())
    store.commit(Batch(inputs=(line,), updates=updates, snapshot=engine.snapshot()))
    again = recovery_from(store)
    assert (again.way, again.updates) == ("snapshot", 0)
    _holds(again, told)
    assert again.engine.snapshot().is_whole is False


def test_live_stories_are_analysed_after_the_start_and_those_asleep_say_that_they_were_not(
    store: SqliteStore, told: Told
) -> None:
    def analysed(story_id: str) -> set[bool]:
        return {each.is_analysed for each in store.claims(story_id, limit=99)}

    async def start() -> None:
        async with world_on(store, CannedFetcher({FEED: feed()}), first_poll_done=False, at_work=False) as made:
            clock = made.clock
            clock.time = recovery_from(store).engine.at
            newsroom = Newsroom(made.toolbox, made.timetable, polls_at_once=1, page_wait_s=1, look_every_s=0.01)
            running = asyncio.create_task(newsroom.run())
            async with asyncio.timeout(20):
                while not newsroom.reanalyzing.is_done:
                    await asyncio.sleep(0.01)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    stories = {id_ for id_, (kind, leads_to, *_) in told.stories.items() if kind == "Story" and leads_to == id_}
    asleep = stories - told.live.keys()
    assert {each for id_ in stories for each in analysed(id_)} == {False}
    asyncio.run(start())
    assert {each for id_ in told.live for each in analysed(id_)} == {True}
    assert {each for id_ in asleep for each in analysed(id_)} == {False}
    for each in (each for id_ in told.live for each in store.claims(id_, limit=99)):
        article = store.article(each.article.id)
        assert article is not None
        assert {claim.statement for claim in each.claims} == {*find_statements(article.title, article.page).text}
    assert store.check() == []


@pytest.mark.parametrize("kind", ["a", "z", "d", "g"])
def test_a_snapshot_that_lost_a_row_is_not_believed(store: SqliteStore, path: Path, told: Told, kind: str) -> None:
    engine = recovery_from(store).engine
    line = LoggedInput(number=store.position().input + 1, at=engine.at, input=Tick())
    store.commit(Batch(inputs=(line,), updates=engine.add(Tick(), engine.at), snapshot=engine.snapshot()))
    with closing(apsw.Connection(str(path))) as db:
        key = db.execute("SELECT min(key) FROM snapshot_rows WHERE substr(key, 1, 1) = ?", (kind,)).get
        db.execute("DELETE FROM snapshot_rows WHERE key = ?", (key,))
    recovery = recovery_from(store)
    assert (recovery.way, recovery.updates) == ("live stories", 0)
    assert "damaged" in recovery.why
    _holds(recovery, told)


def _holds(way: Recovery, told: Told) -> None:
    assert way.engine.number == told.number
    assert way.engine.live_stories == len(told.live)
    for story_id, articles in told.live.items():
        assert sorted(way.engine.articles_of(story_id)) == sorted(articles)
        head = way.engine.head(story_id)
        assert head is not None
        assert head.headline == told.stories[story_id][2]
