"""HttpFetcher's manners against real servers on loopback: robots.txt, one at a time, limits, cancelling."""

from __future__ import annotations

import asyncio

import pytest

from stayahead.errors import BadAnswer, ConnectFailed, FetchTimeout, HttpStatus, RobotsRefused
from stayahead.fetch import HttpFetcher
from stayahead.ports import Request
from tests.e2e.loopback_fetch import FEED, HOSTS, with_site
from tests.e2e.loopback_site import Site, StillClock, Visit, head, saying, saying_bytes, saying_without_end

RULES = b"User-agent: *\nDisallow: /private\nCrawl-delay: 2\n\nUser-agent: otherbot\nDisallow: /\n"


def page(site: Site, path: str, *, host: str = "paper.test") -> Request:
    return Request(url=site.url(path, host=host), obey_robots=True)


# --- robots.txt ---


def test_robots_txt_is_asked_once_and_obeyed_for_pages_only() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        pages = [fetcher.fetch(page(site, f"/{number}")) for number in range(4)]
        await asyncio.gather(*pages)
        with pytest.raises(RobotsRefused) as caught:
            await fetcher.fetch(page(site, "/private/1"))
        assert caught.value.url == site.url("/private/1")
        await fetcher.fetch(Request(url=site.url("/private/1")))
        assert (site.paths[0], site.paths[-1]) == ("/robots.txt", "/private/1")
        assert sorted(site.paths[1:-1]) == ["/0", "/1", "/2", "/3"]  # while they wait for the delay they keep no place

    paths = [f"/{number}" for number in range(4)]
    with_site({"/robots.txt": saying(RULES), "/private/1": saying(FEED)} | dict.fromkeys(paths, saying(FEED)), use)


def test_rules_for_us_by_name_count_before_those_for_all() -> None:
    rules = b"User-agent: *\nDisallow:\n\nUser-agent: StayAhead\nDisallow: /a\n"

    async def use(site: Site, fetcher: HttpFetcher) -> None:
        with pytest.raises(RobotsRefused):
            await fetcher.fetch(page(site, "/a"))

    with_site({"/robots.txt": saying(rules), "/a": saying(FEED)}, use)


def test_a_crawl_delay_is_kept_within_reason() -> None:
    clock = StillClock()

    async def use(site: Site, fetcher: HttpFetcher) -> None:
        for _ in range(3):
            await fetcher.fetch(page(site, "/"))
        assert clock.slept == [2.0, 2.0, 2.0]
        for _ in range(2):
            await fetcher.fetch(page(site, "/", host="other.test"))
        assert clock.slept == [2.0] * 5
        await fetcher.fetch(Request(url=site.url("/")))
        assert clock.slept == [2.0] * 5

    with_site({"/robots.txt": saying(RULES), "/": saying(FEED)}, use, clock=clock)


def test_a_crawl_delay_without_end_is_ten_seconds() -> None:
    clock = StillClock()

    async def use(site: Site, fetcher: HttpFetcher) -> None:
        await fetcher.fetch(page(site, "/"))
        assert clock.slept == [10.0]

    rules = saying(b"User-agent: *\nCrawl-delay: 86400\n")
    with_site({"/robots.txt": rules, "/": saying(FEED)}, use, clock=clock)


@pytest.mark.parametrize("status", ["404 Not Found", "401 Unauthorized", "403 Forbidden", "410 Gone"])
def test_a_site_without_rules_allows_everything(status: str) -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        assert (await fetcher.fetch(page(site, "/"))).body == FEED

    with_site({"/robots.txt": saying(RULES, status=status), "/": saying(FEED)}, use)


@pytest.mark.parametrize("status", ["500 Oh", "503 Service Unavailable", "429 Too Many Requests"])
def test_a_site_whose_rules_fail_is_left_alone_for_an_hour(status: str) -> None:
    clock = StillClock()

    async def use(site: Site, fetcher: HttpFetcher) -> None:
        for _ in range(2):
            with pytest.raises(RobotsRefused, match="cannot be had"):
                await fetcher.fetch(page(site, "/"))
        clock.pass_s(3601)
        site.routes["/robots.txt"] = saying(RULES)
        await fetcher.fetch(page(site, "/"))
        assert site.paths == ["/robots.txt", "/robots.txt", "/"]

    with_site({"/robots.txt": saying(b"", status=status), "/": saying(FEED)}, use, clock=clock)


def test_rules_are_asked_again_after_a_day() -> None:
    clock = StillClock()

    async def use(site: Site, fetcher: HttpFetcher) -> None:
        await fetcher.fetch(page(site, "/"))
        clock.pass_s(86_000)
        await fetcher.fetch(page(site, "/"))
        clock.pass_s(401)
        await fetcher.fetch(page(site, "/"))
        assert site.paths == ["/robots.txt", "/", "/", "/robots.txt", "/"]

    with_site({"/robots.txt": saying(b""), "/": saying(FEED)}, use, clock=clock)


def test_rules_that_cannot_be_reached_fail_as_the_page_would() -> None:
    async def silent(visit: Visit) -> None:
        await asyncio.sleep(600)

    async def hang_up(visit: Visit) -> None:
        visit.is_last = True

    async def use(site: Site, fetcher: HttpFetcher) -> None:
        with pytest.raises(FetchTimeout, match=r"robots\.txt of paper\.test cannot be had") as caught:
            await fetcher.fetch(page(site, "/"))
        assert caught.value.url == site.url("/")
        site.routes["/robots.txt"] = hang_up
        with pytest.raises(ConnectFailed, match="cannot be had"):
            await fetcher.fetch(page(site, "/", host="other.test"))
        assert "/" not in site.paths

    with_site({"/robots.txt": silent, "/": saying(FEED)}, use, fetch_timeout_s=1.0)


def test_rules_past_half_a_megabyte_are_cut_there() -> None:
    rules = b"User-agent: *\nDisallow: /a\n" + b"# padding\n" * 60_000 + b"Disallow: /b\n"

    async def use(site: Site, fetcher: HttpFetcher) -> None:
        with pytest.raises(RobotsRefused):
            await fetcher.fetch(page(site, "/a"))
        assert (await fetcher.fetch(page(site, "/b"))).body == FEED

    with_site({"/robots.txt": saying(rules), "/a": saying(FEED), "/b": saying(FEED)}, use)


def test_the_rules_of_where_a_redirect_leads_count_too() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        site.routes["/short"] = saying(b"", status="302 Found", Location=site.url("/private", host="other.test"))
        with pytest.raises(RobotsRefused, match=r"other\.test"):
            await fetcher.fetch(page(site, "/short"))
        assert site.paths == ["/robots.txt", "/short", "/robots.txt"]

    with_site({"/robots.txt": saying(RULES), "/private": saying(FEED)}, use, clock=StillClock())


def test_rules_may_be_redirected_and_are_guarded_on_the_way() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        with pytest.raises(RobotsRefused):
            await fetcher.fetch(page(site, "/private"))
        site.routes["/robots.txt"] = saying(b"", status="302 Found", Location="http://127.0.0.1:8080/robots.txt")
        with pytest.raises(RobotsRefused, match="loopback"):
            await fetcher.fetch(page(site, "/private", host="other.test"))
        assert "/private" not in site.paths

    moved = saying(b"", status="301 Moved", Location="/rules.txt")
    with_site({"/robots.txt": moved, "/rules.txt": saying(RULES), "/private": saying(FEED)}, use)


# --- one at a time ---


async def unhurried(visit: Visit) -> None:
    """Let whoever wants to overtake."""
    for _ in range(20):
        await asyncio.sleep(0)
    await visit.answer(FEED)


def test_a_host_sees_one_request_at_a_time_on_one_connection() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        await asyncio.gather(*(fetcher.fetch(Request(url=site.url("/"))) for _ in range(12)))
        assert (len(site.visits), site.most_in_flight, site.connections) == (12, 1, 1)

    with_site({"/": unhurried}, use)


def test_different_hosts_are_asked_at_once() -> None:
    """Each answer waits for the other requests: one after the other they would never end."""
    together = asyncio.Barrier(len(HOSTS))

    async def wait_for_all(visit: Visit) -> None:
        await together.wait()
        await visit.answer(FEED)

    async def use(site: Site, fetcher: HttpFetcher) -> None:
        await asyncio.gather(*(fetcher.fetch(Request(url=site.url("/", host=host))) for host in HOSTS))
        assert site.most_in_flight == len(HOSTS)

    with_site({"/": wait_for_all}, use)


def test_over_all_hosts_no_more_than_the_option_allows() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        requests = [Request(url=site.url("/", host=host)) for host in HOSTS * 4]
        await asyncio.gather(*(fetcher.fetch(request) for request in requests))
        assert (len(site.visits), site.most_in_flight) == (12, 2)

    with_site({"/": unhurried}, use, fetch_at_once=2)


def test_a_queue_of_ours_counts_against_no_time_limit() -> None:
    async def slowly(visit: Visit) -> None:
        await asyncio.sleep(0.2)
        await visit.answer(FEED)

    async def use(site: Site, fetcher: HttpFetcher) -> None:
        answers = await asyncio.gather(*(fetcher.fetch(Request(url=site.url("/"))) for _ in range(10)))
        assert len(answers) == 10

    with_site({"/": slowly}, use, fetch_timeout_s=1.5)


def test_hosts_that_redirect_to_each_other_do_not_wait_for_each_other() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        there = saying(b"", status="302 Found", Location=site.url("/end", host="other.test"))
        back = saying(b"", status="302 Found", Location=site.url("/end", host="paper.test"))
        site.routes |= {"/there": there, "/back": back}
        requests = [
            Request(url=site.url(path, host=host))
            for path, host in [("/there", "paper.test"), ("/back", "other.test")] * 5
        ]
        answers = await asyncio.gather(*(fetcher.fetch(request) for request in requests))
        assert all(answer.body == FEED for answer in answers)

    with_site({"/end": unhurried}, use)


# --- after a bad end ---


def test_a_request_that_is_cancelled_frees_its_host() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        waiting = asyncio.create_task(fetcher.fetch(Request(url=site.url("/drip"))))
        while not site.in_flight:
            await asyncio.sleep(0)
        queued = asyncio.create_task(fetcher.fetch(Request(url=site.url("/"))))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert (await queued).body == FEED
        assert site.connections == 2  # what was left half-read is never used again

    drip = saying_without_end(head(), b".", pause_s=0.01)
    with_site({"/drip": drip, "/": saying(FEED)}, use, fetch_at_once=1)


def test_a_request_that_is_cancelled_in_the_queue_harms_nobody() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        tasks = [asyncio.create_task(fetcher.fetch(Request(url=site.url("/")))) for _ in range(5)]
        await asyncio.sleep(0)
        tasks[2].cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert [isinstance(result, asyncio.CancelledError) for result in results] == [False, False, True, False, False]
        assert len(site.visits) == 4

    with_site({"/": unhurried}, use)


def test_after_every_kind_of_failure_the_host_is_asked_again() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        for path, kind in (("/missing", HttpStatus), ("/broken", BadAnswer), ("/drip", FetchTimeout)):
            with pytest.raises(kind):
                await fetcher.fetch(Request(url=site.url(path)))
            assert (await fetcher.fetch(Request(url=site.url("/")))).body == FEED

    routes = {
        "/": saying(FEED),
        "/broken": saying_bytes(head(Content_Length="500") + FEED[:-1]),
        "/drip": saying_without_end(head(), b".", pause_s=0.01),
    }
    with_site(routes, use, fetch_timeout_s=1.0)


def test_closing_fails_what_is_under_way() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        task = asyncio.create_task(fetcher.fetch(Request(url=site.url("/drip"))))
        while not site.in_flight:
            await asyncio.sleep(0)
        await fetcher.close()
        with pytest.raises((ConnectFailed, BadAnswer)):
            await task

    with_site({"/drip": saying_without_end(head(), b".", pause_s=0.01)}, use)
