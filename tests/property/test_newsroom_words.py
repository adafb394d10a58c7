"""A law: in whatever order headlines and pages change and are read, engine, store and story page say the same words of
an article at the end, the newest ones, and none that was taken in is lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

from hypothesis import example, given
from hypothesis import strategies as st

from stayahead.fetch import CannedFetcher
from stayahead.model import Article, Fetched, Revised, Story
from stayahead.newsroom.budget import Budget
from stayahead.newsroom.intake import Answer, PageJob, poll, take_in
from stayahead.newsroom.page_reading import PageReading
from stayahead.newsroom.page_rereading import PageRereading
from stayahead.newsroom.recovery import recover
from stayahead.newsroom.toolbox import InlinePreparer
from stayahead.ports import Request
from tests.examples import examples
from tests.newsroom_world import FEED, LONG, World, feed, item, page, world

T = TypeVar("T")
URL = "https://paper.example/news/1"
STEPS = ("rename", "retext", "poll", "push", "look", "refill", "open first", "open last")


class Gates:
    """Answers of servers and workers that the test lets through in an order of its own."""

    def __init__(self) -> None:
        self.waiting: list[asyncio.Future[None]] = []
        self.are_open = False

    async def wait(self) -> None:
        if not self.are_open:
            gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.waiting.append(gate)
            await gate

    def open(self, place: int) -> None:
        if self.waiting:
            gate = self.waiting.pop(place)
            if not gate.done():
                gate.set_result(None)


class Press(CannedFetcher):
    """One outlet with one article, whose headline and page change; what was asked for comes as it was then."""

    def __init__(self, gates: Gates) -> None:
        super().__init__({})
        self.gates, self.headline, self.text = gates, 0, 0

    def feed(self) -> Fetched:
        return feed(item(1, title=f"Headline {self.headline} of Harrowgate"))

    def page(self) -> Fetched:
        return page(1, text=f"{LONG} Text {self.text} of the bridge.", title="What the page calls it")

    async def fetch(self, request: Request) -> Fetched:
        answer = self.feed() if request.url == FEED else self.page()
        await self.gates.wait()
        return answer


class GatedPreparer(InlinePreparer):
    """Workers that take their time."""

    def __init__(self, gates: Gates) -> None:
        self.gates = gates

    async def run(self, function: Callable[..., T], *args: object, url: str, **share: Any) -> T:
        await self.gates.wait()
        return await super().run(function, *args, url=url, **share)


class Newsroom:
    """Everything that changes words, each started when the test says so."""

    def __init__(self, made: World, press: Press) -> None:
        self.made, self.press, self.gates = made, press, press.gates
        made.toolbox.preparer = GatedPreparer(self.gates)
        self.reading = PageReading(made.toolbox, page_wait_s=0.02)
        self.rereading = PageRereading(made.toolbox, self.reading, Budget(share=99.0, host_gap=timedelta(seconds=1)))
        self.tasks: set[asyncio.Task[None]] = set()
        self.is_polling = False
        self.taken_in: set[str] = set()
        """Headlines of answers that were taken in while the article was out."""

    def article(self) -> Article | None:
        opened = [update.change for update in self.made.ears.updates if update.kind == "opened"]
        return self.made.store.article(getattr(opened[0], "article_id", "")) if opened else None

    async def do(self, step: str) -> None:
        match step:
            case "rename":
                self.press.headline += 1
            case "retext":
                self.press.text += 1
            case "poll" if not self.is_polling:
                self.start(self.poll())
            case "push":
                self.start(self.push())
            case "look":
                self.made.clock.advance(minutes=16)
                await self.rereading.look()
            case "refill":
                await self.reading.refill()
            case "open first":
                self.gates.open(0)
            case "open last":
                self.gates.open(-1)
        await asyncio.sleep(0.001)

    def start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def poll(self) -> None:
        self.is_polling = True
        headline, is_out = self.headline(), self.article() is not None
        try:
            self.took(await poll(self.made.watched(), self.made.toolbox, self.made.timetable, has_room=lambda: True))
        finally:
            self.is_polling = False
        if is_out:
            self.taken_in.add(headline)

    async def push(self) -> None:
        headline, is_out = self.headline(), self.article() is not None
        answer = Answer(watched=self.made.watched(), fetched=self.press.feed(), is_asked=False)
        self.took(await take_in(answer, self.made.toolbox, self.made.timetable, has_room=lambda: True))
        if is_out:
            self.taken_in.add(headline)

    def headline(self) -> str:
        return f"Headline {self.press.headline} of Harrowgate"

    def took(self, jobs: list[PageJob]) -> None:
        for job in jobs:
            self.reading.start(job)

    async def read_the_last_words(self) -> None:
        """With nothing else going on."""
        for step in ("rename", "retext", "poll", "refill", "look", "look"):
            await self.do(step)
            await self.rest()

    async def rest(self) -> None:
        """Let everything under way end."""
        self.gates.are_open = True
        async with asyncio.timeout(20):
            while self.tasks or self.reading.busy or self.rereading.busy:
                self.gates.open(0)
                await asyncio.sleep(0.001)


async def play(steps: list[str]) -> None:
    press = Press(Gates())
    async with world(press) as made:
        newsroom = Newsroom(made, press)
        for step in steps:
            await newsroom.do(step)
        await newsroom.rest()
        if (stored := newsroom.article()) is not None:
            all_agree(newsroom, stored)
        await newsroom.read_the_last_words()
        stored = newsroom.article()
        assert stored is not None
        all_agree(newsroom, stored)
        assert stored.title == newsroom.headline()
        assert f"Text {press.text} of the bridge" in stored.page.text
        assert made.store.check() == []


def all_agree(newsroom: Newsroom, stored: Article) -> None:
    made = newsroom.made
    (update,) = (update for update in made.ears.updates if update.kind == "opened")
    for engine in (made.toolbox.desk._engine, recover(made.store)):
        member = engine._state.members[stored.id]
        assert (member.title, member.revision) == (stored.title, stored.revision)
        head = engine.head(update.story.id)
        assert head is not None
        assert head.headline == stored.title
    story = made.store.story(update.story.id)
    assert isinstance(story, Story)
    (row,) = story.articles
    assert (row.title, row.revision, story.head.headline) == (stored.title, stored.revision, stored.title)
    versions = [version.article for version in made.store.versions(stored.id, limit=99)]
    assert [version.revision for version in versions] == list(range(stored.revision, -1, -1))
    revised = [update.change.revision for update in made.ears.updates if isinstance(update.change, Revised)]
    assert revised == list(range(1, stored.revision + 1))
    assert newsroom.taken_in <= {version.title for version in versions}


OUT = ["poll", "open first", "open first", "open first", "open first", "open first"]
"""The article is out, with its page's text."""


@examples(60)
@given(st.lists(st.sampled_from(STEPS), max_size=25))
@example([*OUT, "rename", "retext", "look", "poll", *["open first"] * 8])
@example([*OUT, "rename", "retext", "look", "poll", *["open last"] * 8])
@example(["poll", "open first", "rename", "poll", "open last", "open last", "open last", "open first"])
def test_engine_store_and_page_say_the_same_newest_words(steps: list[str]) -> None:
    asyncio.run(play(steps))
