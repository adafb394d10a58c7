"""Rulings as labels: from the door through the export to pairs that the engine's stories are scored on."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec

from eval.rulings import Agreement, Pair, agreement, clustered, pairs, read
from stayahead.model import Ruling
from stayahead.urls import article_id
from tests.newsroom_world import item, whole
from tests.unit.test_newsroom_door import ELECTION, RECOUNT, House, house

BRIDGE = "The harbour bridge of Harrowgate is closed for repairs"


def _id(number: int) -> str:
    return article_id(f"https://paper.example/news/{number}")


async def _ruled(here: House) -> None:
    """A split of two that stands, a join that is taken back, and a join that stands."""
    await here.take(
        item(1, title=BRIDGE, text=whole(1)),
        item(2, title="Bridge in Harrowgate closed until autumn", text=whole(2)),
        item(3, title=ELECTION, text=whole(3, text=RECOUNT)),
    )
    bridge, election = here.story_of(1), here.story_of(3)
    await here.door.rule(Ruling(verb="join", story_id=bridge, other_id=election))
    await here.door.undo(bridge)
    await here.door.rule(Ruling(verb="split", story_id=here.story_of(1), article_ids=(_id(2),)))
    await here.door.rule(Ruling(verb="join", story_id=here.story_of(3), other_id=here.story_of(2)))
    await here.door.rule(Ruling(verb="pin", story_id=here.story_of(1)))


def _written(lines: object, path: Path) -> Path:
    path.write_bytes(b"\n".join(msgspec.json.encode(line) for line in lines))  # type: ignore[attr-defined]  # any list
    return path


def test_what_stands_is_labelled_and_what_was_taken_back_is_not(tmp_path: Path) -> None:
    async def play() -> None:
        async with house() as here:
            await _ruled(here)
            lines = list(here.store.labels())
            assert [line["verb"] for line in lines] == ["split", "join"]
            assert set(pairs(read(_written(lines, tmp_path / "r")))) == {
                Pair(min(_id(1), _id(2)), max(_id(1), _id(2)), is_one_story=False),
                Pair(min(_id(2), _id(3)), max(_id(2), _id(3)), is_one_story=True),
            }
            # Nothing of what was removed is named.
            await here.door.remove(_id(2), "legal")
            assert list(here.store.labels()) == []

    asyncio.run(play())


def test_the_engine_is_asked_about_each_pair(tmp_path: Path) -> None:
    async def play() -> None:
        async with house() as here:
            await _ruled(here)
            labelled = list(pairs(read(_written(list(here.store.labels()), tmp_path / "r"))))
            stories = clustered(read(_written(list(here.store.export()), tmp_path / "a")))
            # Left alone it takes the two bridges for one story, and the election for another: both are ruled otherwise.
            assert agreement(labelled, stories) == Agreement(joined=1, parted=1)
            as_ruled = {_id(number): here.story_of(number) for number in (1, 2, 3)}
            assert agreement(labelled, as_ruled) == Agreement(joined=1, joined_right=1, parted=1, parted_right=1)
            assert agreement(labelled, {}) == Agreement(unknown=2)

    asyncio.run(play())


def test_the_later_of_two_rulings_counts() -> None:
    base = {"type": "ruling", "article_ids": ["a"], "other_article_ids": ["b"]}
    lines = [{**base, "number": 9, "is_one_story": True}, {**base, "number": 3, "is_one_story": False}]
    assert list(pairs(lines)) == [Pair("a", "b", is_one_story=True)]
