"""Who speaks: a feed for its own site, a page for the site that it was read on, and nobody for another."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from stayahead.errors import FetchError, HttpStatus
from stayahead.fetch import CannedFetcher
from stayahead.model import Article, Entry, EntryRecord, EntryState, Feed, Fetched, KnownEntry, Publisher, Story
from stayahead.newsroom.intake import poll
from stayahead.newsroom.page_reading import PageReading
from stayahead.newsroom.recovery import recovery_from
from stayahead.newsroom.speakers import Speakers, are_one
from stayahead.newsroom.starter import starter_domains, starter_feeds, starter_publishers
from stayahead.stories import StoryEngine
from stayahead.urls import article_id
from tests.newsroom_world import (
    FEED,
    LONG,
    NOON,
    Exact,
    SlowPages,
    World,
    answer,
    feed,
    item,
    page,
    whole,
    world,
    world_on,
)
from tests.serve_requests import ask, site
from tests.stores import fresh_store_of

PLANET = "https://planet.example/feed.xml"
URL = "https://paper.example/news/1"
ID = article_id(URL)
FALSE = "Mayor of Harrowgate resigns over the harbour bridge"
FALSE_TEXT = LONG.replace("voted on Monday night to close", "was told in secret to sell")
KNOWN = Speakers(
    publishers={each.domain: each for each in starter_publishers()},
    domains=starter_domains(),
)
Answers = Mapping[str, Fetched | FetchError | Sequence[Fetched | FetchError]]


def record(url: str = URL, *, feed_url: str = PLANET, is_foreign: bool = True) -> EntryRecord:
    entry = Entry(id="guid", url=url, title=FALSE, author="A Planet", html="<p>Words of the feed.</p>")
    return EntryRecord(
        id=article_id(url),
        feed_url=feed_url,
        digest="",
        state=EntryState.PAGE_WANTED,
        seen_at=NOON,
        is_foreign=is_foreign,
        entry=entry,
    )


# ── on values alone ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("feed_url", "url", "is_foreign"),
    [
        ("https://paper.example/feed.xml", "https://news.paper.example/1", False),
        ("https://feeds.bbci.co.uk/news/rss.xml", "https://www.bbc.com/news/1", False),
        ("https://feeds.bbci.co.uk/news/rss.xml", "https://www.bbc.co.uk/news/1", False),
        ("https://www.bbc.co.uk/feed", "https://www.bbc.com/news/1", False),
        ("https://www.guardian.co.uk/rss", "https://www.theguardian.com/1", False),
        ("https://wire.press.localhost/rss", "https://wire.press.localhost/1", False),
        ("https://wire.press.localhost/rss", "https://gazette.press.localhost/1", True),
        ("https://planet.example/feed.xml", "https://www.bbc.com/news/1", True),
        ("https://mallory.github.io/feed.xml", "https://alice.github.io/1", True),
        ("https://mallory.blogspot.com/feeds", "https://alice.blogspot.com/1", True),
        ("https://mallory.wordpress.com/feed", "https://alice.wordpress.com/1", True),
        ("https://alice.substack.com/feed", "https://alice.substack.com/p/1", False),
        ("https://mallory.substack.com/feed", "https://substack.com/p/1", True),
        ("https://feedproxy.google.com/mallory", "https://www.google.com/1", True),
        ("https://feeds.feedburner.com/mallory", "https://feeds.feedburner.com/~r/mallory/1", True),
        ("https://planet.example/feed.xml", "", False),
        ("crawl.warc.gz", "https://www.bbc.com/news/1", False),
    ],
)
def test_a_feed_speaks_for_its_own_publishers_sites(feed_url: str, url: str, *, is_foreign: bool) -> None:
    assert KNOWN.is_foreign(url, feed_url=feed_url) is is_foreign


def test_the_feeds_of_the_starter_list_speak_for_the_sites_that_it_names() -> None:
    publishers = {each.domain for each in starter_publishers()}
    assert {KNOWN.domain(each.url) for each in starter_feeds()} <= publishers
    assert not starter_domains().keys() & publishers  # no publisher is another one's further domain


def test_a_feed_that_was_named_or_whose_answer_is_the_sites_own_speaks_for_it() -> None:
    assert not KNOWN.is_foreign(URL, feed_url=PLANET, proven=("paper.example",))
    assert not KNOWN.is_foreign(URL, feed_url=PLANET, answered_by="https://paper.example/atom")
    assert KNOWN.is_foreign(URL, feed_url=PLANET, answered_by="https://other.example/atom", proven=("third.example",))


def test_the_page_speaks_where_it_was_read_and_nothing_of_the_feed_with_it() -> None:
    voice = KNOWN.voice(record(), page_url=f"{URL}?from=planet")
    assert (voice.publisher.domain, voice.address) == ("paper.example", URL)
    assert voice.entry == Entry(id="guid", url=URL)
    elsewhere = KNOWN.voice(record(), page_url="https://www.bbc.co.uk/news/1")
    assert (elsewhere.publisher.name, elsewhere.address) == ("BBC", "https://www.bbc.co.uk/news/1")


def test_without_the_page_the_feed_passes_it_on_under_its_own_name() -> None:
    voice = KNOWN.voice(record(), page_url="")
    assert voice.publisher == Publisher(domain="planet.example", name="planet.example", passes_on=True)
    known = KNOWN.voice(record(feed_url="https://feeds.npr.org/1001/rss.xml"), page_url="")
    assert (known.publisher.name, known.publisher.country, known.publisher.passes_on) == ("NPR", "US", True)
    assert not are_one(known.publisher, replace(known.publisher, passes_on=False))


def test_the_sites_own_word_goes_before_a_foreign_one_and_never_after_it() -> None:
    own = record(feed_url=FEED, is_foreign=False)
    before = KnownEntry(id=ID, digest="", state=EntryState.READ, feed_url=PLANET, is_foreign=True)
    assert KNOWN.takes_over(own, before)
    assert KNOWN.takes_over(own, replace(before, is_foreign=False))  # stored before anybody asked: its addresses tell
    assert not KNOWN.takes_over(own, replace(before, feed_url="https://paper.example/b.xml", is_foreign=False))
    assert not KNOWN.takes_over(record(), before)
    assert not KNOWN.takes_over(record(), replace(before, feed_url=FEED, is_foreign=False))


CARRIERS = {
    "google.xyz": "http://www.google.xyz/url?q={}",
    "google.com": "https://www.google.com/url?q={}",
    "ampproject.org": "https://mallory-example.cdn.ampproject.org/c/s/{}",
    "bing.com": "http://www.bing.com/news/apiclick.aspx?url={}",
    "facebook.com": "https://l.facebook.com/l.php?u={}",
}
"""Addresses into which another is written, as anybody can write them."""
carriers = pytest.mark.parametrize("carrier", CARRIERS)


def _carrying(carrier: str, url: str) -> str:
    return CARRIERS[carrier].format(url.removeprefix("https://") if carrier == "ampproject.org" else url)


@carriers
def test_who_speaks_is_who_answers_whatever_its_address_carries(carrier: str) -> None:
    assert KNOWN.of(_carrying(carrier, URL)).domain == carrier
    assert KNOWN.voice(record(), page_url=_carrying(carrier, URL)).address != URL
    assert KNOWN.is_foreign(URL, feed_url=_carrying(carrier, FEED))
    assert KNOWN.is_foreign(URL, feed_url=PLANET, answered_by=_carrying(carrier, FEED))
    assert not KNOWN.is_foreign("https://paper.example/", feed_url=FEED)


@carriers
def test_an_entry_is_foreign_by_its_links_host_and_by_what_the_link_carries(carrier: str) -> None:
    twice = _carrying("google.com", _carrying(carrier, URL))
    assert KNOWN.is_foreign(twice, feed_url=FEED)
    assert KNOWN.is_foreign(_carrying("google.com", URL), feed_url="https://sites.google.com/mallory/feed")
    assert KNOWN.is_foreign(_carrying("google.com", "https://planet.example/1"), feed_url=PLANET)


# ── in the newsroom ──────────────────────────────────────────────────────────────────────────────────────────────


async def _poll(made: World, reading: PageReading, url: str) -> None:
    """Ask that feed, and read what it leads to."""
    (watched,) = (each for each in made.store.feeds() if each.feed.url == url)
    if watched.state.last_ok_at is None:  # else all that it brings were back-fill
        watched = replace(watched, state=replace(watched.state, last_ok_at=made.clock.now()))
    for job in await poll(watched, made.toolbox, made.timetable, has_room=lambda: True):
        reading.start(job)
    await _settled(reading)
    made.clock.advance(minutes=10)


async def _settled(reading: PageReading) -> None:
    async with asyncio.timeout(10):
        while reading.busy:
            await asyncio.sleep(0.01)


def _planet(*items: str) -> Fetched:
    return feed(*items, url=PLANET)


def _lie(number: int = 1, *, link: str = "", title: str = FALSE) -> str:
    return item(number, text=whole(number, text=FALSE_TEXT), title=title, link=link)


def _article(made: World) -> Article:
    stored = made.store.article(ID)
    assert stored is not None
    return stored


def _watch_planet(made: World) -> PageReading:
    made.store.add_feeds([Feed(url=PLANET)], made.clock.now())
    return PageReading(made.toolbox, page_wait_s=5)


NONE = HttpStatus(URL, "not there", status=404)


def test_what_stands_on_another_site_is_told_by_its_page_even_where_the_feed_has_the_whole_text() -> None:
    async def play() -> None:
        async with world(CannedFetcher({PLANET: _planet(_lie()), URL: page(1)})) as made:
            await _poll(made, _watch_planet(made), PLANET)
            stored = _article(made)
            assert (stored.title, stored.publisher.domain, stored.via) == (
                "Report number 1 from Harrowgate",
                "paper.example",
                "",
            )
            assert LONG in stored.page.text
            assert "in secret" not in stored.page.text
            assert (stored.entry.title, stored.entry.author, stored.entry.published) == ("", "", None)
            assert made.ears.kinds() == ["opened"]

    asyncio.run(play())


@pytest.mark.parametrize(
    "in_vain",
    [
        HttpStatus(URL, "not there", status=403),
        answer(URL, "<html><head><title>Just a moment</title></head><body></body></html>"),
        answer(URL, f"<html><body><article>{whole(1)}</article></body></html>"),
    ],
    ids=["refused", "without text", "without headline"],
)
def test_where_the_page_says_nothing_the_article_goes_out_via_its_feed(in_vain: Fetched | FetchError) -> None:
    async def play() -> None:
        async with world(CannedFetcher({PLANET: _planet(_lie()), URL: in_vain})) as made:
            await _poll(made, _watch_planet(made), PLANET)
            stored = _article(made)
            assert (stored.title, stored.publisher.domain, stored.via) == (FALSE, "planet.example", "planet.example")
            assert stored.url == URL

    asyncio.run(play())


def test_a_page_that_comes_late_takes_the_word_and_its_feed_is_no_origin_any_more() -> None:
    async def play() -> None:
        fetcher = SlowPages({PLANET: _planet(_lie()), URL: page(1), FEED: feed(item(2, text=whole(1)))})
        with fresh_store_of(Exact) as store:
            async with world_on(store, fetcher) as made:
                made.store.add_feeds([Feed(url=PLANET)], made.clock.now())
                reading = PageReading(made.toolbox, page_wait_s=0.01)
                polling = asyncio.create_task(_poll(made, reading, PLANET))
                async with asyncio.timeout(10):
                    while not made.ears.updates:
                        await asyncio.sleep(0.01)
                assert _article(made).via == "planet.example"
                fetcher.let.set()
                await polling
                stored = _article(made)
                assert (stored.revision, stored.publisher.domain, stored.via) == (1, "paper.example", "")
                assert stored.title == "Report number 1 from Harrowgate"
                assert made.ears.kinds() == ["opened", "revised"]
                head = made.ears.updates[-1].story
                assert (head.parts.origins, head.parts.publishers) == (1, 1)
                earlier = store.article(ID, revision=0)
                assert earlier is not None
                assert earlier.via == "planet.example"  # what recovery applies is what was decided with

    asyncio.run(play())


def test_the_sites_own_feed_takes_over_what_a_foreign_one_said() -> None:
    async def play() -> None:
        lies = [_planet(_lie()), _planet(_lie(title="Mayor of Harrowgate flees")), _planet(_lie(title="Mayor caught"))]
        fetcher = CannedFetcher({PLANET: lies, URL: NONE, FEED: feed(item(1, text=whole(1)))})
        async with world(fetcher) as made:
            reading = _watch_planet(made)
            await _poll(made, reading, PLANET)
            assert _article(made).via == "planet.example"
            await _poll(made, reading, PLANET)
            assert _article(made).title == "Mayor of Harrowgate flees"
            await _poll(made, reading, FEED)
            own = _article(made)
            assert (own.title, own.publisher.domain, own.via, own.feed_url) == (
                "Report number 1 from Harrowgate",
                "paper.example",
                "",
                FEED,
            )
            assert "in secret" not in own.page.text
            await _poll(made, reading, PLANET)
            await _poll(made, reading, FEED)
            assert _article(made) == own
            assert made.store.check() == []

    asyncio.run(play())


def test_the_sites_excerpt_leaves_nothing_of_a_foreign_feeds_whole_text() -> None:
    async def play() -> None:
        fetcher = CannedFetcher({PLANET: _planet(_lie()), URL: NONE, FEED: feed(item(1))})
        async with world(fetcher) as made:
            reading = _watch_planet(made)
            await _poll(made, reading, PLANET)
            await _poll(made, reading, FEED)
            assert (_article(made).via, _article(made).page.text) == ("", "What happened in short.")

    asyncio.run(play())


def test_a_foreign_feed_takes_nothing_from_a_site_that_spoke_first() -> None:
    async def play() -> None:
        fetcher = CannedFetcher({FEED: feed(item(1, text=whole(1))), PLANET: _planet(_lie()), URL: NONE})
        async with world(fetcher) as made:
            reading = _watch_planet(made)
            await _poll(made, reading, FEED)
            own = _article(made)
            await _poll(made, reading, PLANET)
            assert _article(made) == own

    asyncio.run(play())


def test_an_address_that_a_feed_passes_on_under_the_sites_headline_refuses_no_entry_of_the_site() -> None:
    async def play() -> None:
        # Its own entry stands at another form of the address, which its page names as the canonical one.
        second = "https://paper.example/news/2"
        lie = _planet(_lie(title="Report number 2 from Harrowgate"))
        own = feed(item(2))
        fetcher = CannedFetcher({PLANET: lie, URL: NONE, FEED: own, second: page(2, canonical=URL)})
        async with world(fetcher) as made:
            reading = _watch_planet(made)
            await _poll(made, reading, PLANET)
            assert _article(made).via == "planet.example"
            await _poll(made, reading, FEED)
            stored = made.store.article(article_id(second))
            assert stored is not None
            assert (stored.publisher.domain, stored.title) == ("paper.example", "Report number 2 from Harrowgate")

    asyncio.run(play())


def test_a_page_that_names_the_feed_proves_it_once_and_for_a_restart() -> None:
    async def play() -> None:
        linked = f'<link rel="alternate" type="application/rss+xml" href="{PLANET}"></head>'
        fetched = page(1)
        naming = replace(fetched, body=fetched.body.replace(b"</head>", linked.encode()))
        later = _planet(_lie(), item(2, text=whole(2), title="As the feed has it"))
        fetcher = CannedFetcher({PLANET: [_planet(_lie()), later], URL: naming})
        async with world(fetcher) as made:
            reading = _watch_planet(made)
            await _poll(made, reading, PLANET)
            assert _article(made).via == ""
            (watched,) = (each for each in made.store.feeds() if each.feed.url == PLANET)
            assert watched.feed.domains == ("paper.example",)
            await _poll(made, reading, PLANET)
            second = made.store.article(article_id("https://paper.example/news/2"))
            assert second is not None
            assert (second.title, second.publisher.domain, second.via) == ("As the feed has it", "paper.example", "")
            assert made.store.remove_feed(PLANET)
            made.store.add_feeds([Feed(url=PLANET)], made.clock.now())
            assert [each.feed.domains for each in made.store.feeds()] == [(), ()]

    asyncio.run(play())


def test_a_redirect_to_the_site_counts_for_that_answer_and_for_no_later_one() -> None:
    async def play() -> None:
        led = replace(_planet(item(1, text=whole(1))), url=FEED)
        fetcher = CannedFetcher(
            {PLANET: [led, _planet(_lie(2))], "https://paper.example/news/2": HttpStatus(URL, "not there", status=404)}
        )
        async with world(fetcher) as made:
            reading = _watch_planet(made)
            await _poll(made, reading, PLANET)
            assert (_article(made).via, _article(made).title) == ("", "Report number 1 from Harrowgate")
            await _poll(made, reading, PLANET)
            second = made.store.article(article_id("https://paper.example/news/2"))
            assert second is not None
            assert second.via == "planet.example"

    asyncio.run(play())


def test_a_counted_link_is_spoken_by_the_page_that_it_leads_to() -> None:
    async def play() -> None:
        link = "https://feeds.feedburner.com/~r/paper/1"
        led = replace(page(1), request_url=link)
        fetcher = CannedFetcher({PLANET: _planet(_lie(link=link)), link: led})
        async with world(fetcher) as made:
            await _poll(made, _watch_planet(made), PLANET)
            stored = made.store.article(article_id(link))
            assert stored is not None
            assert (stored.publisher.domain, stored.url, stored.via) == ("paper.example", URL, "")

    asyncio.run(play())


def test_one_feed_under_twelve_famous_domains_is_one_origin() -> None:
    async def play() -> None:
        famous = [each.domain for each in starter_publishers()][:12]
        links = [f"https://{domain}/news/{number}" for number, domain in enumerate(famous)]
        lies = _planet(*(_lie(link=link) for link in links))
        fetcher = CannedFetcher({PLANET: lies, **{link: HttpStatus(link, "not there", status=404) for link in links}})
        async with world(fetcher) as made:
            made.toolbox.speakers = KNOWN
            await _poll(made, _watch_planet(made), PLANET)
            heads = {update.story.id: update.story for update in made.ears.updates}
            (row,) = made.store.front(made.clock.now(), limit=10)
            parts = row.head.parts
            assert len(heads) == 1
            assert (parts.articles, parts.origins, parts.publishers, parts.countries) == (12, 1, 1, ())
            story = made.store.story(row.head.id)
            assert isinstance(story, Story)
            assert {each.via for each in story.articles} == {"planet.example"}
            app = site(made.store, now=made.clock.now())
            told = (await asyncio.to_thread(ask, app, f"/v1/stories/{row.head.id}")).json()["story"]
            assert (told["origins"], told["countries"]) == (1, [])
            assert {each["via"] for each in told["article_list"]} == {"planet.example"}
            assert {each["publisher"]["domain"] for each in told["article_list"]} == {"planet.example"}
            shown = (await asyncio.to_thread(ask, app, f"/story/{row.head.id}")).text
            assert "via planet.example" in shown
            assert not [each.name for each in starter_publishers()[:12] if f"<bdi>{each.name}" in shown]
            read = (await asyncio.to_thread(ask, app, f"/article/{row.lead.id}")).text
            assert "words of planet.example, a feed of another site" in read

    asyncio.run(play())


def test_what_was_decided_via_a_feed_is_recovered_as_it_was_decided() -> None:
    async def play() -> None:
        fetcher = CannedFetcher(
            {
                PLANET: [_planet(_lie()), _planet(_lie())],
                URL: [NONE, page(1)],
                FEED: feed(_lie(2, title="Mayor of Harrowgate resigns over harbour bridge, council says")),
            }
        )
        with fresh_store_of(Exact) as store:
            async with world_on(store, fetcher) as made:
                reading = _watch_planet(made)
                await _poll(made, reading, PLANET)
                await _poll(made, reading, FEED)
                (before,) = made.store.front(made.clock.now(), limit=10)
                assert before.head.parts.articles == 2
                assert before.head.parts.origins == 1  # a copy of what the feed passed on
                fetcher_again = CannedFetcher({PLANET: _planet(_lie(title="Mayor of Harrowgate gone")), URL: page(1)})
                made.toolbox.fetcher = fetcher_again
                await _poll(made, reading, PLANET)
                assert _article(made).publisher.domain == "paper.example"
                # From the first update on, without any snapshot: each revision with the publisher of its day.
                recovery = recovery_from(store)
                assert recovery.way == "beginning"
                for row in made.store.front(made.clock.now(), limit=10):
                    assert recovery.engine.head(row.head.id) == row.head
                    assert row.head.parts.publishers == 1
                anew = StoryEngine.rebuild(store.live())
                for row in made.store.front(made.clock.now(), limit=10):
                    assert anew.head(row.head.id) == row.head

    asyncio.run(play())


def test_after_a_restart_it_is_still_known_whose_page_is_wanted() -> None:
    async def play() -> None:
        fetcher = CannedFetcher({PLANET: _planet(_lie()), URL: page(1)})
        with fresh_store_of(Exact) as store:
            async with world_on(store, fetcher) as made:
                made.store.add_feeds([Feed(url=PLANET)], made.clock.now())
                (watched,) = (each for each in store.feeds() if each.feed.url == PLANET)
                assert await poll(watched, made.toolbox, made.timetable, has_room=lambda: False) == []
                assert _article(made).via == "planet.example"
            async with world_on(store, fetcher, first_poll_done=False) as made:
                reading = PageReading(made.toolbox, page_wait_s=5)
                await reading.refill()
                await _settled(reading)
                assert (_article(made).via, _article(made).title) == ("", "Report number 1 from Harrowgate")

    asyncio.run(play())


def test_a_page_that_was_read_elsewhere_claims_no_address_of_the_site_that_led_there() -> None:
    async def play() -> None:
        # An open redirect of the site, to a page that calls the site's own address its canonical one.
        link = "https://paper.example/away?to=evil"
        evil = replace(page(1, canonical=URL, title=FALSE), request_url=link, url="https://evil.example/1")
        fetcher = CannedFetcher({PLANET: _planet(_lie(link=link)), link: evil, FEED: feed(item(1, text=whole(1)))})
        async with world(fetcher) as made:
            reading = _watch_planet(made)
            await _poll(made, reading, PLANET)
            stored = made.store.article(article_id(link))
            assert stored is not None
            assert (stored.publisher.domain, stored.url) == ("evil.example", "https://evil.example/1")
            assert made.store.known_entries([article_id(URL)]) == {}
            await _poll(made, reading, FEED)
            assert (_article(made).publisher.domain, _article(made).id) == ("paper.example", ID)

    asyncio.run(play())


def test_what_was_read_elsewhere_does_not_stay_under_the_sites_own_headline() -> None:
    async def play() -> None:
        evil = replace(page(1, text=FALSE_TEXT, title=FALSE), request_url=URL, url="https://evil.example/1")
        gone = HttpStatus(URL, "not there", status=404)
        fetcher = CannedFetcher({PLANET: _planet(_lie()), URL: [evil, gone], FEED: feed(item(1))})
        async with world(fetcher) as made:
            reading = _watch_planet(made)
            await _poll(made, reading, PLANET)
            assert (_article(made).publisher.domain, _article(made).url) == ("evil.example", "https://evil.example/1")
            await _poll(made, reading, FEED)
            own = _article(made)
            assert (own.publisher.domain, own.url, own.title) == (
                "paper.example",
                URL,
                "Report number 1 from Harrowgate",
            )
            assert own.page.text == "What happened in short."

    asyncio.run(play())


@pytest.mark.parametrize("is_whole", [True, False])
def test_a_site_that_speaks_while_its_page_is_on_its_way_for_another_feed_goes_out_as_itself(*, is_whole: bool) -> None:
    async def play() -> None:
        own = feed(item(1, text=whole(1) if is_whole else "", title="As the paper has it"))
        fetcher = SlowPages({PLANET: _planet(_lie()), FEED: own, URL: page(1)})
        async with world(fetcher) as made:
            made.store.add_feeds([Feed(url=PLANET)], made.clock.now())
            reading = PageReading(made.toolbox, page_wait_s=60)
            polls = [asyncio.create_task(_poll(made, reading, PLANET))]
            while not reading.busy:
                await asyncio.sleep(0.01)
            polls.append(asyncio.create_task(_poll(made, reading, FEED)))
            await asyncio.sleep(0.1)
            fetcher.let.set()
            await asyncio.gather(*polls)
            assert (_article(made).title, _article(made).via) == ("As the paper has it", "")
            assert (_article(made).feed_url, _article(made).publisher.domain) == (FEED, "paper.example")
            assert not made.wanted()

    asyncio.run(play())


def test_a_feed_that_calls_a_sites_news_old_does_not_bury_it() -> None:
    async def play() -> None:
        stale = "Mon, 04 Feb 2030 12:00:00 GMT"
        fresh = page(1)
        dated = b'<meta property="article:published_time" content="2030-03-04T11:00:00Z"></head>'
        lie = item(1, published=stale)
        fetcher = CannedFetcher({PLANET: _planet(lie), URL: replace(fresh, body=fresh.body.replace(b"</head>", dated))})
        async with world(fetcher) as made:
            await _poll(made, _watch_planet(made), PLANET)
            stored = _article(made)
            assert (stored.backfill, stored.placed_at) == (False, stored.seen_at)

    asyncio.run(play())


# ── attacks: an address into which another is written ────────────────────────────────────────────────────────────


@carriers
def test_an_entry_that_is_led_to_an_address_carrying_a_sites_is_not_the_sites_word(carrier: str) -> None:
    async def play() -> None:
        link = "https://planet.example/1"
        end = _carrying(carrier, URL)
        evil = replace(page(1, canonical=URL, title=FALSE), request_url=link, url=end)
        linked = f'<link rel="alternate" type="application/rss+xml" href="{PLANET}"></head>'
        evil = replace(evil, body=evil.body.replace(b"</head>", linked.encode()))
        fetcher = CannedFetcher({PLANET: _planet(_lie(link=link)), link: evil, FEED: feed(item(1, text=whole(1)))})
        async with world(fetcher) as made:
            reading = _watch_planet(made)
            await _poll(made, reading, PLANET)
            stored = made.store.article(article_id(link))
            assert stored is not None
            assert stored.publisher.domain == "planet.example"
            assert URL not in {stored.url, stored.entry.url}
            assert made.store.known_entries([ID]) == {}
            (watched,) = (each for each in made.store.feeds() if each.feed.url == PLANET)
            assert "paper.example" not in watched.feed.domains
            await _poll(made, reading, FEED)
            assert (_article(made).publisher.domain, _article(made).id) == ("paper.example", ID)

    asyncio.run(play())


@carriers
def test_a_foreign_entry_that_is_led_there_speaks_as_whoever_answers(carrier: str) -> None:
    async def play() -> None:
        link = "https://other.example/1"
        evil = replace(page(1, canonical=URL, title=FALSE), request_url=link, url=_carrying(carrier, URL))
        linked = f'<link rel="alternate" type="application/rss+xml" href="{PLANET}"></head>'
        evil = replace(evil, body=evil.body.replace(b"</head>", linked.encode()))
        later = _planet(_lie(link=link), _lie())
        fetcher = CannedFetcher({PLANET: [_planet(_lie(link=link)), later], link: evil, URL: NONE})
        async with world(fetcher) as made:
            reading = _watch_planet(made)
            await _poll(made, reading, PLANET)
            stored = made.store.article(article_id(link))
            assert stored is not None
            assert stored.publisher.domain == carrier
            (watched,) = (each for each in made.store.feeds() if each.feed.url == PLANET)
            assert watched.feed.domains == (carrier,)
            await _poll(made, reading, PLANET)
            assert _article(made).via == "planet.example"

    asyncio.run(play())


@carriers
def test_a_feed_that_is_led_to_an_address_carrying_a_sites_is_not_the_sites_feed(carrier: str) -> None:
    async def play() -> None:
        led = replace(_planet(_lie()), url=_carrying(carrier, FEED))
        async with world(CannedFetcher({PLANET: led, URL: NONE})) as made:
            await _poll(made, _watch_planet(made), PLANET)
            assert (_article(made).via, _article(made).publisher.domain) == ("planet.example", "planet.example")

    asyncio.run(play())
