"""Feeds that were read by rules 1 of identity go on by rules 2: no article is doubled, and none comes as news.

`tests/data/upgrade/identity_433d1fb.db.zst` was made by commit 433d1fb: each of `identity_kinds` polled three times,
ten minutes apart. It made one article of six entries, or eighteen.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import zstandard

from stayahead.fetch import CannedFetcher
from stayahead.model import Joined, Opened
from stayahead.newsroom.intake import poll
from stayahead.store import SqliteStore
from tests.identity_kinds import KINDS, NOON, feed_of, site_of
from tests.newsroom_world import World, answer, world_on

DATA = Path(__file__).parents[1] / "data" / "upgrade" / "identity_433d1fb.db.zst"
ENTRIES = 6
KINDS_THEN = list(KINDS.items())[:10]
"""Those that are in the file; others came later."""


async def poll_all(made: World, at: int) -> Counter[str]:
    """Poll each kind once; the new articles of each, by the kind's name."""
    before = len(made.ears.updates)
    for place, (name, kind) in enumerate(KINDS_THEN):
        url = f"{site_of(place)}/feed.xml"
        body = feed_of(place, kind, at, range(ENTRIES))
        made.toolbox.fetcher = CannedFetcher({url: answer(url, body, media_type="application/rss+xml")})
        (watched,) = (each for each in made.store.feeds() if each.feed.url == url)
        assert await poll(watched, made.toolbox, made.timetable, has_room=lambda: True) == [], name
    made.clock.advance(minutes=10)
    names = {f"{site_of(place)}/feed.xml": name for place, (name, _) in enumerate(KINDS_THEN)}
    new: Counter[str] = Counter()
    for update in made.ears.updates[before:]:
        if isinstance(update.change, Opened | Joined):
            article = made.store.article(update.change.article_id)
            assert article is not None
            assert article.backfill, "it was listed before the upgrade: it is no news now"
            new[names[article.feed_url]] += 1
        else:
            assert update.kind != "revised"
    return new


def test_no_listed_entry_is_doubled_and_each_comes_to_be_an_article(tmp_path: Path) -> None:
    path = tmp_path / "stayahead.db"
    path.write_bytes(zstandard.ZstdDecompressor().decompress(DATA.read_bytes()))

    async def play() -> None:
        with closing(SqliteStore.open(path)) as store:
            before = Counter(article.split("/")[2] for article in _feeds_of_articles(store))
            assert set(before.values()) == {1, 3 * ENTRIES}
            async with world_on(store, CannedFetcher({}), first_poll_done=False) as made:
                made.clock.time = NOON + timedelta(minutes=30)
                new = await poll_all(made, 3)
                # Of those that were one article, the other five; of those that were eighteen, none.
                assert new == dict.fromkeys(list(KINDS)[:4], ENTRIES - 1)
                assert await poll_all(made, 4) == {}
                assert store.check() == []

    asyncio.run(play())


def _feeds_of_articles(store: SqliteStore) -> list[str]:
    return [str(line["feed_url"]) for line in store.export() if line["type"] == "article"]
