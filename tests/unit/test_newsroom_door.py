"""The owner's door over a desk at work: rulings and their undo, stories asleep, removals that govern every reading."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, replace
from datetime import timedelta

import apsw
import httpx
import pytest
import zstandard
from starlette.routing import Route

from stayahead.config import Settings
from stayahead.errors import RulingError, UnknownArticle, UnknownStory
from stayahead.fetch import CannedFetcher
from stayahead.model import (
    SAME_ARTICLE,
    EntryState,
    Feed,
    FeedList,
    Findings,
    Forgotten,
    GoneArticle,
    GoneStory,
    MovedStory,
    RemovalReason,
    Removed,
    Retention,
    Ruled,
    Ruling,
    Story,
    Update,
)
from stayahead.newsroom import door as door_module
from stayahead.newsroom.delivery import Delivery
from stayahead.newsroom.desk import Desk
from stayahead.newsroom.door import OwnersDoor
from stayahead.newsroom.page_reading import PageReading
from stayahead.newsroom.recovery import recover, recovery_from
from stayahead.serve import LiveHub, create_app
from stayahead.store import SqliteStore
from stayahead.urls import article_id
from tests.contract.store_parts import record
from tests.newsroom_world import FEED, World, feed, item, page, whole, world
from tests.serve_requests import OWNER, TOKEN

BRIDGE = "The harbour bridge of Harrowgate is closed for repairs"
ELECTION = "Recount ordered in the mayoral election of Borland, judges say"
RECOUNT = (
    "Judges in Borland ordered a recount of all votes for mayor on Tuesday, after the two candidates were found to be "
    "eleven ballots apart and a box from the eastern ward had been counted twice by mistake."
)

STORM = (
    "Waves of nine metres broke over the moles of Velm during the night; ferries stay tied up, and fishermen were told "
    "to leave the quay while cranes are lashed down and the lighthouse crew is taken ashore by helicopter."
)


@dataclass(slots=True)
class House:
    """A newsroom with a door."""

    made: World
    door: OwnersDoor

    @property
    def store(self) -> SqliteStore:
        return self.made.store

    async def take(self, *items: str) -> None:
        """A poll that brings these."""
        self.made.toolbox.fetcher = CannedFetcher({FEED: feed(*items)})
        await self.made.poll()
        self.made.clock.advance(minutes=10)

    async def sleep(self) -> None:
        """Two days in which nothing comes."""
        self.made.clock.advance(hours=73)
        await self.made.toolbox.desk.submit(Delivery(at=self.made.clock.now()))

    def story(self, story_id: str) -> Story:
        found = self.store.story(story_id)
        assert isinstance(found, Story)
        return found

    def story_of(self, number: int, path: str = "news") -> str:
        """The story that the report of this number is in."""
        return self.store.story_of(article_id(f"https://paper.example/{path}/{number}")) or ""

    def told(self, after: int = 0) -> list[Update]:
        return list(self.store.updates(after=after, limit=500) or ())


@asynccontextmanager
async def house() -> AsyncIterator[House]:
    async with world(CannedFetcher({})) as made:
        yield House(made, OwnersDoor(made.toolbox.desk, made.store, made.clock))


async def _two_stories(here: House) -> tuple[str, str]:
    await here.take(
        item(1, title=BRIDGE, text=whole(1)),
        item(2, title="Bridge in Harrowgate closed until autumn", text=whole(2)),
        item(3, title=ELECTION, text=whole(3, text=RECOUNT)),
    )
    bridge, election = here.story_of(1), here.story_of(3)
    assert here.story_of(2) == bridge != election
    return bridge, election


# ── rulings and undo ─────────────────────────────────────────────────────────────────────────────────────────────


def test_pin_hide_and_their_undo_step_by_step() -> None:
    async def play() -> None:
        async with house() as here:
            story_id, _ = await _two_stories(here)
            (pinned,) = await here.door.rule(Ruling(verb="pin", story_id=story_id))
            (hidden,) = await here.door.rule(Ruling(verb="hide", story_id=story_id))
            assert await here.door.rule(Ruling(verb="hide", story_id=story_id)) == ()
            (shown,) = await here.door.undo(story_id)
            assert (shown.change, shown.story.hidden) == (Ruled(verb="unhide", undoes=hidden.number), False)
            (unpinned,) = await here.door.undo(story_id)
            assert (unpinned.change, unpinned.story.pinned) == (Ruled(verb="unpin", undoes=pinned.number), False)
            with pytest.raises(RulingError, match="nothing to undo"):
                await here.door.undo(story_id)
            assert here.made.ears.updates[-4:] == [pinned, hidden, shown, unpinned]

    asyncio.run(play())


def test_a_join_undone_gives_both_stories_back_as_they_were() -> None:
    async def play() -> None:
        async with house() as here:
            bridge, election = await _two_stories(here)
            await here.door.rule(Ruling(verb="hide", story_id=bridge))
            before = here.story(bridge), here.story(election)
            ruled, merged = await here.door.rule(Ruling(verb="join", story_id=election, other_id=bridge))
            survivor = merged.story.id
            assert {ruled.kind, merged.kind} == {"ruled", "merged"}
            taken = ({bridge, election} - {survivor}).pop()
            assert taken == bridge, "the feed's last entry was taken in first"
            assert here.store.story(taken) == MovedStory(id=survivor)
            # The id that was taken in leads to the story, so it may be named as well.
            undone, split, *_ = await here.door.undo(taken)
            assert isinstance(undone.change, Ruled)
            assert undone.change.undoes == ruled.number
            parts = here.story(survivor), here.story(f"{taken}-2")
            was = {story.head.id: story for story in before}
            for part, old in zip(parts, (was[survivor], was[taken]), strict=True):
                assert {each.id for each in part.articles} == {each.id for each in old.articles}
                assert (part.head.hidden, part.head.pinned) == (old.head.hidden, old.head.pinned)
                assert (part.head.headline, part.head.parts.articles) == (old.head.headline, old.head.parts.articles)
            assert here.store.story(taken) == MovedStory(id=survivor), "an id that led somewhere leads there for ever"
            assert split.kind == "split"
            with pytest.raises(RulingError, match="nothing to undo"):  # that the other was hidden is not this one's
                await here.door.undo(survivor)
            assert here.store.check() == []

    asyncio.run(play())


def test_rulings_go_on_with_what_a_join_undone_gives_back() -> None:
    async def play() -> None:
        async with house() as here:
            bridge, election = await _two_stories(here)
            await here.take(item(7, title="Storm closes the harbour of Velm", text=whole(7, text=STORM)))
            storm = here.story_of(7)
            joined, merged = await here.door.rule(Ruling(verb="join", story_id=bridge, other_id=election))
            keeper = merged.story.id
            (pinned,) = await here.door.rule(Ruling(verb="pin", story_id=storm))
            (hidden,) = await here.door.rule(Ruling(verb="hide", story_id=storm))
            back = storm
            # Joined and taken back twice: it bears a third name by then.
            for _ in range(2):
                await here.door.rule(Ruling(verb="join", story_id=keeper, other_id=back))
                undone, *_ = await here.door.undo(keeper)
                back = undone.change.other_id if isinstance(undone.change, Ruled) else ""
            assert back == f"{storm}-3"
            assert (here.story(back).head.pinned, here.story(back).head.hidden) == (True, True)
            for number, verb in ((hidden.number, "unhide"), (pinned.number, "unpin")):
                (told,) = await here.door.undo(back)
                assert (told.change, told.story.id) == (Ruled(verb=verb, undoes=number), back)
            with pytest.raises(RulingError, match="nothing to undo"):
                await here.door.undo(back)
            # What it was joined with has its own, and no other.
            (undone, *_) = await here.door.undo(keeper)
            assert undone.change.undoes == joined.number if isinstance(undone.change, Ruled) else False
            assert here.store.check() == []

    asyncio.run(play())


def test_a_split_undone_is_one_story_again() -> None:
    async def play() -> None:
        async with house() as here:
            bridge, _ = await _two_stories(here)
            articles = {each.id for each in here.story(bridge).articles}
            leaving = min(articles - {here.story(bridge).head.lead_id})
            ruled, split, *_ = await here.door.rule(Ruling(verb="split", story_id=bridge, article_ids=(leaving,)))
            assert isinstance(ruled.change, Ruled)
            undone, merged = await here.door.undo(bridge)
            assert (undone.kind, merged.kind, split.kind) == ("ruled", "merged", "split")
            assert {each.id for each in here.story(bridge).articles} == articles
            assert here.store.story(ruled.change.other_id) == MovedStory(id=bridge)
            assert here.store.check() == []

    asyncio.run(play())


def test_an_undo_joins_nothing_that_was_not_split() -> None:
    async def play() -> None:
        async with house() as here:
            bridge, election = await _two_stories(here)
            leaving = here.story(bridge).articles[-1].id
            ruled, *_ = await here.door.rule(Ruling(verb="split", story_id=bridge, article_ids=(leaving,)))
            assert isinstance(ruled.change, Ruled)
            await here.door.rule(Ruling(verb="join", story_id=election, other_id=ruled.change.other_id))
            (passed,) = await here.door.undo(bridge)
            assert passed.change == Ruled(verb="pass", undoes=ruled.number)
            assert passed.story == here.story(bridge).head
            with pytest.raises(RulingError, match="nothing to undo"):
                await here.door.undo(bridge)
            assert here.store.check() == []

    asyncio.run(play())


def test_a_ruling_that_cannot_be_taken_back_does_not_stand_before_the_others() -> None:
    async def play() -> None:
        async with house() as here:
            bridge, election = await _two_stories(here)
            (pinned,) = await here.door.rule(Ruling(verb="pin", story_id=bridge))
            leaving = here.story(bridge).articles[-1].id
            split, *_ = await here.door.rule(Ruling(verb="split", story_id=bridge, article_ids=(leaving,)))
            survivor = split.story.id
            made = split.change.other_id if isinstance(split.change, Ruled) else ""
            joined, *_ = await here.door.rule(Ruling(verb="join", story_id=survivor, other_id=election))
            survivor = joined.story.id
            await here.door.remove(here.story(made).articles[0].id, "legal")
            came = {each.id for each in here.story(survivor).articles if each.title == ELECTION}
            for id_ in came:
                await here.door.remove(id_, "legal")
            undone = [(await here.door.undo(survivor))[0].change for _ in range(3)]
            assert undone == [
                Ruled(verb="pass", undoes=joined.number),
                Ruled(verb="pass", undoes=split.number),
                Ruled(verb="unpin", undoes=pinned.number),
            ]
            assert not here.story(survivor).head.pinned
            assert here.store.check() == []

    asyncio.run(play())


def test_what_is_not_there_is_told_apart_from_what_cannot_be_done() -> None:
    async def play() -> None:
        async with house() as here:
            bridge, election = await _two_stories(here)
            for ruling in (
                Ruling(verb="pin", story_id="neverneverneverr"),
                Ruling(verb="join", story_id=bridge, other_id="neverneverneverr"),
            ):
                with pytest.raises(UnknownStory):
                    await here.door.rule(ruling)
            with pytest.raises(UnknownArticle):
                await here.door.remove("neverneverneverr", "legal")
            await here.door.remove(here.story(election).articles[0].id, "legal")
            with pytest.raises(RulingError, match="gone"):
                await here.door.rule(Ruling(verb="pin", story_id=election))

    asyncio.run(play())


# ── asleep ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_story_asleep_is_hidden_from_the_front_page_and_wakes_hidden() -> None:
    async def play() -> None:
        async with house() as here:
            bridge, election = await _two_stories(here)
            await here.sleep()
            assert {here.story(id_).head.state for id_ in (bridge, election)} == {"asleep"}
            for id_ in (bridge, election):
                (hidden,) = await here.door.rule(Ruling(verb="hide", story_id=id_))
                assert (hidden.story.hidden, hidden.story.state) == (True, "asleep")
                assert here.story(id_).head == hidden.story
            then = here.made.clock.now() - timedelta(hours=72)
            assert here.store.front(then, limit=9) == []
            assert here.store.check() == []
            await here.door.undo(election)
            assert [row.head.id for row in here.store.front(then, limit=9)] == [election]
            with pytest.raises(RulingError, match="once a new article has woken it"):
                await here.door.rule(Ruling(verb="join", story_id=bridge, other_id=election))

    asyncio.run(play())


def test_an_article_of_a_story_asleep_is_removed_and_the_rest_stays() -> None:
    async def play() -> None:
        async with house() as here:
            bridge, election = await _two_stories(here)
            await here.sleep()
            lead = here.story(bridge).head.lead_id
            (removed,) = await here.door.remove(lead, "privacy")
            story = here.story(bridge)
            assert story.head == removed.story
            assert [each.id for each in story.articles] == [story.head.lead_id] != [lead]
            assert story.head.headline == story.articles[0].title
            await here.door.remove(story.head.lead_id, "privacy")
            assert here.store.story(bridge) == GoneStory(id=bridge, headline="")
            assert here.story(election).head.parts.articles == 1
            assert here.store.check() == []

    asyncio.run(play())


# ── removal ──────────────────────────────────────────────────────────────────────────────────────────────────────

HEADLINE, NEW_HEADLINE, BODY, NEW_BODY = "quixotrope", "quixotropic", "flumadiddle", "brouhahaish"
SECRETS = (HEADLINE, NEW_HEADLINE, BODY, NEW_BODY, "Slugworthy")


def _secret(number: int, *, title: str = HEADLINE, text: str = BODY) -> str:
    url = f"https://paper.example/Slugworthy/{number}"
    words = whole(number).replace("repairs", f"{text} repairs")
    return item(number, title=f"The {title} bridge of Harrowgate is closed", text=words, link=url)


async def _with_secret(here: House) -> tuple[str, str]:
    """A story whose lead is to be removed, in its second revision; ids of article and story."""
    await here.take(item(5, title=ELECTION, text=whole(5, text=RECOUNT)), _secret(1))
    story = here.story(here.story_of(1, "Slugworthy")).head
    assert HEADLINE in story.headline
    await here.take(item(2, title="Bridge in Harrowgate closed until autumn", text=whole(2)))
    await here.take(_secret(1, title=NEW_HEADLINE, text=NEW_BODY))
    head = here.story(story.id).head
    assert NEW_HEADLINE in head.headline
    assert head.parts.articles == 2
    # Another story took its headline, too: it was joined, and parted again.
    await here.door.rule(Ruling(verb="join", story_id=story.id, other_id=here.story_of(5)))
    await here.door.undo(story.id)
    await here.door.rule(Ruling(verb="pin", story_id=story.id))
    return head.lead_id, (here.store.story_of(head.lead_id) or "")


def _words(found: object) -> set[str]:
    text = str(found).lower()
    return {word for word in SECRETS if word.lower() in text}


def _readings(store: SqliteStore, article_id: str, story_id: str, here: House) -> Iterator[object]:
    """All that any port gives anybody who reads."""
    yield store.article(article_id)
    yield store.versions(article_id, limit=9)
    yield [store.search(word, limit=9) for word in (*SECRETS, "bridge", "Harrowgate")]
    yield store.front(here.made.clock.now(), limit=9)
    yield store.latest(limit=9)
    yield store.reports(story_id, limit=9)
    yield [store.story(each.story.id) for each in here.told()]
    yield here.told()
    yield list(store.export())
    yield store.wanted(limit=9)
    yield store.health(here.made.clock.now())
    yield list(store.inputs(after=0, limit=999))
    yield [logged.evidence for logged in store.tail(after=0)]


def _left_in_file(store: SqliteStore) -> set[str]:
    """Tables in which a word of the article stands; packed values are unpacked.

    Left out: what FTS5 has yet to merge away, and the engine's counts of how often words occur in all articles.
    """
    found: set[str] = set()
    with closing(apsw.Connection(str(store.path), flags=apsw.SQLITE_OPEN_READONLY)) as db:
        for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            for row in db.execute(f'SELECT * FROM "{table}"'):
                is_count = table == "snapshot_rows" and str(row[0]).startswith(("d/", "e/"))
                if not is_count and any(_words(_unpacked(value)) for value in row):
                    found.add(str(table))
    return {table for table in found if not table.startswith("search_")}


def _stories_that_say(store: SqliteStore, words: str) -> set[str]:
    """Those in whose row the words stand, whatever became of them."""
    with closing(apsw.Connection(str(store.path), flags=apsw.SQLITE_OPEN_READONLY)) as db:
        rows = db.execute("SELECT id, headline, head FROM stories").fetchall()
    return {str(row[0]) for row in rows if any(words in str(_unpacked(value)) for value in row)}


def _unpacked(value: object) -> object:
    if not isinstance(value, bytes):
        return value
    with suppress(zstandard.ZstdError):
        value = zstandard.ZstdDecompressor().decompress(value)
    return value.decode("utf-8", "replace")


def test_a_removal_governs_every_reading() -> None:
    async def play() -> None:
        async with house() as here:
            id_, story_id = await _with_secret(here)
            before = [_words(each) for each in _readings(here.store, id_, story_id, here)]
            assert set.union(*before) == set(SECRETS)
            updates = await here.door.remove(id_, "legal")
            assert updates[0].kind == "removed"
            assert _words(updates) == set()
            after = [_words(each) for each in _readings(here.store, id_, story_id, here)]
            assert set.union(*after) == set(), after
            assert here.store.gone_article(id_) == GoneArticle(id=id_, reason="legal")
            assert here.store.check() == []
            assert _left_in_file(here.store) == {"updates", "withheld"}, "their headlines are kept back when read"
            assert await here.door.remove(id_, "legal") == ()
            assert await here.door.remove(id_, "legal", now=True) == ()
            assert _left_in_file(here.store) == {"updates"}
            with pytest.raises(RulingError, match="erased"):
                await here.door.restore(id_)

    asyncio.run(play())


def test_no_page_and_no_answer_gives_what_was_removed() -> None:
    async def play() -> None:
        async with house() as here:
            id_, story_id = await _with_secret(here)
            app = create_app(
                here.store,
                claims=here.store,
                log=here.store,
                settings=Settings(full_text="everyone"),
                clock=here.made.clock,
                hub=LiveHub(here.store, here.made.clock),
                door=here.door,
                token=TOKEN,
            )
            ids = dict.fromkeys((id_, story_id, *(update.story.id for update in here.told())))
            asked = [path for route in app.routes if isinstance(route, Route) for path in _paths(route, ids)]
            transport = httpx.ASGITransport(app, client=("127.0.0.1", 50000))
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8400") as http:
                told = {path: (await http.get(path)).text for path in asked}
                assert {path for path, text in told.items() if _words(text)} >= {
                    "/",
                    f"/story/{story_id}",
                    f"/article/{id_}",
                    f"/v1/articles/{id_}/revisions",
                    "/v1/updates?limit=500",
                    f"/search?q={NEW_BODY}",
                }
                answer = await http.post(f"/v1/articles/{id_}/removal", content='{"reason": "legal"}', headers=OWNER)
                assert answer.status_code == 200
                for path in asked:
                    answer = await http.get(path)
                    text = answer.text.replace(path.rpartition("=")[2], "") if "q=" in path else answer.text
                    assert _words(text) == set(), path
                for path in (f"/article/{id_}", f"/v1/articles/{id_}/revisions"):
                    answer = await http.get(path)
                    assert answer.status_code == 410
                    assert "a law or a court asks for it" in answer.text

    asyncio.run(play())


def _paths(route: Route, ids: dict[str, None]) -> Iterator[str]:
    """Addresses under which a route can be read; the live stream has a test of its own."""
    if "GET" not in (route.methods or ()) or route.path == "/live" or "{name}" in route.path:
        return
    if "{id}" in route.path:
        yield from (route.path.replace("{id}", id_) for id_ in ids)
    elif "search" in route.path:
        yield from (f"{route.path}?q={word}" for word in (*SECRETS, "bridge"))
    else:
        yield route.path + ("?limit=500" if route.path == "/v1/updates" else "")


def test_what_was_removed_does_not_come_back_with_its_feed_nor_under_another_address() -> None:
    async def play() -> None:
        async with house() as here:
            id_, _ = await _with_secret(here)
            await here.door.remove(id_, "mistake")
            number = here.store.position().update
            # The same entry, a changed one, and another page that names the removed one as its own address.
            await here.take(_secret(1, title=NEW_HEADLINE, text=NEW_BODY))
            await here.take(_secret(1, title="once more quixotrope"))
            twin = replace(page(7, canonical="https://paper.example/Slugworthy/1", text=f"A {BODY} bridge is closed."))
            here.made.toolbox.fetcher = CannedFetcher({FEED: feed(item(7)), twin.url: twin})
            (job,) = await here.made.poll()
            reading = PageReading(here.made.toolbox, page_wait_s=5.0)
            reading.start(job)
            while reading.busy:
                await asyncio.sleep(0.01)
            assert here.told(after=number) == []
            assert here.store.wanted(limit=9) == []
            assert _words(list(here.store.export())) == set()
            assert here.store.check() == []

    asyncio.run(play())


def test_what_was_on_its_way_when_it_was_removed_is_not_taken_in() -> None:
    async def play() -> None:
        async with house() as here:
            await here.take(item(5, title=ELECTION, text=whole(5, text=RECOUNT)))
            here.made.toolbox.fetcher = CannedFetcher({FEED: feed(item(1, title=BRIDGE))})
            assert await here.made.poll(has_room=False) == []
            (record,) = here.made.wanted()
            here.made.toolbox.fetcher = CannedFetcher({record.entry.url: page(1, text=f"The {BODY} bridge.")})
            reading = PageReading(here.made.toolbox, page_wait_s=5.0)
            await reading.refill()
            await here.door.remove(record.id, "taken_down", now=True)
            number = here.store.position().update
            while reading.busy:
                await asyncio.sleep(0.01)
            assert here.told(after=number) == []
            assert _left_in_file(here.store) == set()
            assert here.store.known_entries([record.id])[record.id].is_removed
            assert here.store.check() == []

    asyncio.run(play())


@pytest.mark.parametrize("splits_again", [False, True])
def test_a_story_that_was_merged_away_keeps_no_removed_headline(splits_again: bool) -> None:
    async def play() -> None:
        async with house() as here:
            bridge, _ = await _two_stories(here)
            split, *_ = await here.door.rule(
                Ruling(verb="split", story_id=bridge, article_ids=(here.story(bridge).articles[-1].id,))
            )
            assert isinstance(split.change, Ruled)
            (id_,), made = split.change.article_ids, split.change.other_id
            headline = here.story(made).head.headline
            await here.door.undo(bridge)
            if splits_again:  # what it left for the first time leads to the other half now
                await here.door.rule(Ruling(verb="split", story_id=bridge, article_ids=(id_,)))
                assert here.store.story(made) == MovedStory(id=bridge)
                assert here.store.story_of(id_) == f"{made}-2"
            assert _stories_that_say(here.store, headline) >= {made}
            await here.door.remove(id_, "legal")
            assert _stories_that_say(here.store, headline) == set()
            assert here.store.check() == []

    asyncio.run(play())


def test_a_crash_after_a_removal_asks_for_nothing_that_is_gone() -> None:
    async def play() -> None:
        async with house() as here:
            id_, story_id = await _with_secret(here)
            await here.door.remove(id_, "legal")
            way = recovery_from(here.store)
            assert (way.way, way.why) == ("snapshot", "")
            assert way.engine.head(story_id) == here.story(story_id).head
            await here.made.toolbox.desk.stop()
            desk = Desk(recover(here.store), here.store, [], batch_wait_s=0.0)
            desk.start()
            door = OwnersDoor(desk, here.store, here.made.clock)
            (hidden,) = await door.rule(Ruling(verb="hide", story_id=story_id))
            assert here.story(story_id).head == hidden.story
            await desk.stop()

    asyncio.run(play())


def test_what_a_source_alone_brought_is_removed_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door_module, "SOURCE_STEP", 2)

    async def play() -> None:
        async with house() as here:
            texts = (BRIDGE, "Bridge in Harrowgate closed until autumn", ELECTION, "Storm at Velm", "A fair in Borland")
            await here.take(*(item(n, title=title, text=whole(n)) for n, title in enumerate(texts, start=1)))
            ids = [article_id(f"https://paper.example/news/{n}") for n in range(1, 6)]
            # Another source lists the second now; a third had the fourth under another address.
            other = Feed(url="https://other.example/feed")
            here.store.add_feeds([other], here.made.clock.now())
            listed = FeedList(feed_url=other.url, keys=(ids[1],))
            same = record("elsewhere", EntryState.REFUSED, reason=f"{SAME_ARTICLE}{ids[3]}")
            await here.made.toolbox.desk.submit(
                Delivery(at=here.made.clock.now(), findings=Findings(feed_lists=(listed,), entries=(same,)))
            )
            removed: list[str] = []
            while updates := await here.door.remove_source(FEED):
                removed += [each.change.article_id for each in updates if isinstance(each.change, Removed)]
                assert len(removed) <= 2 or len(removed) == 3
            assert set(removed) == {ids[0], ids[2], ids[4]}
            assert here.store.gone_article(ids[0]) == GoneArticle(id=ids[0], reason="source_removed")
            assert [here.store.article(id_) is None for id_ in ids] == [True, False, True, False, True]
            assert await here.door.remove_source("https://nowhere.example/feed") == []
            await here.door.restore(ids[0])
            assert here.store.article(ids[0]) is not None
            assert here.store.check() == []

    asyncio.run(play())


# ── a removal taken back ─────────────────────────────────────────────────────────────────────────────────────────


def _rows_of(store: SqliteStore, article_id: str) -> dict[str, object]:
    """Everything that is stored of an article, all columns of all tables, but for its place, which is found anew."""
    found: dict[str, object] = {}
    place = {"story_id", "copy_of", "is_origin"}
    with closing(apsw.Connection(str(store.path), flags=apsw.SQLITE_OPEN_READONLY)) as db:
        (n,) = db.execute("SELECT n FROM articles WHERE id = ?", (article_id,)).fetchone() or (0,)
        for table in ("articles", "bodies", "signals", "analyses", "page_states"):
            names = [name for _, name, *_ in db.execute("SELECT * FROM pragma_table_info(?)", (table,))]
            stored = db.execute(f"SELECT * FROM {table} WHERE n = ?", (n,)).fetchall()
            found[table] = [{k: v for k, v in zip(names, row, strict=True) if k not in place} for row in stored]
        found["entries"] = db.execute("SELECT * FROM entries WHERE id = ?", (article_id,)).fetchall()
    return found


def _stated(store: SqliteStore, story_id: str) -> dict[str, object]:
    return {each.article.id: (each.claims, each.is_analysed) for each in store.claims(story_id, limit=9)}


def test_what_is_brought_back_is_what_was_there() -> None:
    async def play() -> None:
        async with house() as here:
            id_, story_id = await _with_secret(here)
            rows, versions, claims = (
                _rows_of(here.store, id_),
                here.store.versions(id_, limit=9),
                _stated(here.store, story_id),
            )
            hits = [hit.article.title for hit in here.store.search(NEW_BODY, limit=9).hits]
            assert len(versions) == 2
            assert len(hits) == 1
            await here.door.remove(id_, "mistake")
            here.made.clock.advance(minutes=10)
            number = here.store.position().update
            updates = await here.door.restore(id_)
            assert [(each.kind, each.story.id) for each in updates if each.kind == "joined"] == [("joined", story_id)]
            assert here.told(after=number) == list(updates)
            assert _rows_of(here.store, id_) == rows
            assert here.store.versions(id_, limit=9) == versions
            assert _stated(here.store, story_id) == claims
            assert [hit.article.title for hit in here.store.search(NEW_BODY, limit=9).hits] == hits
            assert not here.store.known_entries([id_])[id_].is_removed
            assert here.store.gone_article(id_) is None
            assert here.store.withheld(id_) is None
            assert here.store.check() == []
            assert await here.door.restore(id_) == (), "it is there"
            # Its feed goes on where it was, and it can be removed once more.
            await here.take(_secret(1, title="third quixotrope"))
            assert len(here.store.versions(id_, limit=9)) == 3
            await here.door.remove(id_, "mistake")
            after = [_words(each) for each in _readings(here.store, id_, story_id, here)]
            assert set.union(*after) == set()
            assert here.store.check() == []

    asyncio.run(play())


def test_an_article_alone_comes_back_as_a_story_of_another_name() -> None:
    async def play() -> None:
        async with house() as here:
            _, election = await _two_stories(here)
            (article,) = here.story(election).articles
            await here.door.remove(article.id, "legal")
            (opened,) = await here.door.restore(article.id)
            assert (opened.kind, opened.story.id) == ("opened", f"{election}-2")
            assert opened.story.headline == ELECTION
            assert here.store.story(election) == GoneStory(id=election, headline="")
            assert here.store.check() == []

    asyncio.run(play())


def test_what_slept_comes_back_with_signals_made_anew() -> None:
    async def play() -> None:
        async with house() as here:
            _, election = await _two_stories(here)
            (article,) = here.story(election).articles
            await here.sleep()
            await here.made.toolbox.desk.stop()  # a last snapshot: what sleeps loses its signals
            here.store.forget(here.made.clock.now(), Retention())
            assert _rows_of(here.store, article.id)["signals"] == []
            desk = Desk(recover(here.store), here.store, [], batch_wait_s=0.0, steady_now=lambda: None)
            desk.start()
            door = OwnersDoor(desk, here.store, here.made.clock)
            await door.remove(article.id, "mistake")
            await door.restore(article.id)
            assert here.store.story_of(article.id)
            restored = here.store.article(article.id)
            assert restored is not None
            assert "eleven ballots" in restored.page.text
            assert here.store.check() == []
            way = recovery_from(here.store)
            assert way.why == ""
            await desk.stop()

    asyncio.run(play())


def test_what_is_withheld_is_erased_after_thirty_days() -> None:
    async def play() -> None:
        async with house() as here:
            id_, _ = await _with_secret(here)
            await here.door.remove(id_, "privacy")
            now = here.made.clock.now()
            here.store.forget(now + timedelta(days=29), Retention())
            assert here.store.withheld(id_) is not None
            here.made.clock.advance(days=31)
            with pytest.raises(RulingError, match="erased"):  # although no pass of forgetting has come yet
                await here.door.restore(id_)
            while here.store.forget(here.made.clock.now(), Retention()) != Forgotten():
                pass
            assert here.store.withheld(id_) is None
            assert "withheld" not in _left_in_file(here.store)
            with pytest.raises(UnknownArticle):
                await here.door.restore("nosuchnosuch")
            assert here.store.check() == []

    asyncio.run(play())


def test_a_wrong_clock_erases_nothing_early_and_keeps_nothing_for_ever() -> None:
    async def play() -> None:
        async with house() as here:
            id_, _ = await _with_secret(here)
            await here.door.remove(id_, "privacy")
            # Dated by a clock far behind: no older than the newsroom that took it down. And one far ahead is bounded.
            real = here.made.clock.now() + timedelta(days=3650)
            here.store.forget(real, Retention(), running_since=real - timedelta(days=1))
            withheld = here.store.withheld(id_)
            assert withheld is not None
            assert withheld.until == real + timedelta(days=29)
            here.store.forget(real - timedelta(days=900), Retention(), running_since=real - timedelta(days=901))
            sooner = here.store.withheld(id_)
            assert sooner is not None
            assert sooner.until == real - timedelta(days=900 - 31)
            here.store.forget(real + timedelta(days=30), Retention(), running_since=real - timedelta(days=1))
            assert here.store.withheld(id_) is None

    asyncio.run(play())


def test_a_crash_after_a_restoration_goes_on_with_the_article() -> None:
    async def play() -> None:
        async with house() as here:
            id_, story_id = await _with_secret(here)
            await here.door.remove(id_, "legal")
            await here.door.restore(id_)
            way = recovery_from(here.store)
            assert (way.way, way.why) == ("snapshot", "")
            assert way.engine.story_of(id_) == story_id
            assert way.engine.head(story_id) == here.story(story_id).head

    asyncio.run(play())


@pytest.mark.parametrize("reason", ["taken_down", "source_removed", "expired", "legal", "privacy", "mistake"])
def test_an_update_of_a_removal_says_its_class_and_no_more(reason: RemovalReason) -> None:
    async def play() -> None:
        async with house() as here:
            _, election = await _two_stories(here)
            (removed,) = await here.door.remove(here.story(election).articles[0].id, reason)
            assert removed.story.headline == ""
            assert (removed.story.state, removed.kind) == ("empty", "removed")
            assert reason in str(removed.change)

    asyncio.run(play())
