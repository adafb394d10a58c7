"""What of a robots.txt is read: the rules for all and for us, however many others it names."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from protego import Protego

from stayahead.fetch.guard import canonical
from stayahead.fetch.robots import Robots
from stayahead.fetch.robots_group import MAX_RULE_CHARS, MAX_RULES, MAX_WILDCARDS, our_group
from stayahead.newsroom.clock import ReplayClock
from tests.newsroom_world import SetClock

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
AGENT = "stayahead/0.1 (self-hosted news reader)"


def allows(rules: str, path: str) -> bool:
    return Protego.parse(our_group(rules, AGENT)).can_fetch(f"https://paper.example{path}", AGENT)


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /a", "/a/b", False),
        ("User-agent: *\nDisallow: /a", "/b", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /\nAllow: /news/", "/news/1", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x", True),
        ("User-agent: Googlebot\nDisallow: /", "/a", True),
        ("User-agent: Googlebot\nUser-agent: *\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: StayAhead\nDisallow: /a", "/b", True),
        ("User-agent: *\nDisallow:\n\nuser-agent : STAYAHEAD # us\nDisallow: /a", "/a", False),
        ("User-agent: Ahead\nDisallow: /a", "/a", True),
        ("User-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("User-agent: *\rDisallow: /a\r", "/a", False),
        ("<html>User-agent: nothing here</html>", "/a", True),
        ("User-agent:\nDisallow: /a", "/a", True),
    ],
)
def test_rules_for_all_and_for_us_count(rules: str, path: str, expected: bool) -> None:
    assert allows(rules, path) is expected


def test_all_other_agents_are_left_out() -> None:
    rules = "".join(f"User-agent: bot{number}\n" for number in range(20_000)) + "Disallow: /a\n"
    assert our_group(rules, AGENT) == ""
    assert our_group(rules + "User-agent: *\nDisallow: /b\n", AGENT) == "User-agent: *\nDisallow: /b"


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_agents_of_our_group_do_not_multiply_its_rules(end: str) -> None:
    agents = [f"User-agent: {AGENT[first:last]}" for first in range(1, 10) for last in range(20, 39)]
    rules = [f"Disallow: /{number}" for number in range(10_000)]
    kept = our_group(end.join([*agents, "User-agent: *", *rules]), AGENT).splitlines()
    assert kept == ["User-agent: *", *rules[:MAX_RULES]]


@pytest.mark.parametrize("blank", [" ", "\t", "\r", "\n", "\u2028", "*", "#", ":"])
def test_a_long_run_in_a_line_costs_no_more_than_its_length(blank: str) -> None:
    for text in (f"User-agent:{blank * 400_000}\r", f"User-agent: *\nDisallow: /{blank * 400_000}$"):
        started = time.process_time()
        allows(text, "/a")
        assert time.process_time() - started < 2.0  # 6,000 blanks never ended


@pytest.mark.parametrize("rule", ["/" + "a" * MAX_RULE_CHARS, "/*a" * (MAX_WILDCARDS + 1)])
def test_a_rule_past_its_bounds_is_none(rule: str) -> None:
    assert our_group(f"User-agent: *\nDisallow: {rule}\nAllow: /b", AGENT) == "User-agent: *\nAllow: /b"


def test_a_comment_after_an_agent_is_no_part_of_its_name() -> None:
    assert our_group("User-agent: * # everyone", AGENT) == "User-agent: *"


def test_the_rules_of_all_sites_are_remembered_within_a_budget() -> None:
    asked: list[str] = []
    body = b"User-agent: *\n" + b"".join(b"Disallow: /%d\n" % number for number in range(MAX_RULES))

    async def get(url: str, on_behalf_of: str) -> bytes:
        assert on_behalf_of == ""
        asked.append(url)
        return body

    async def ask() -> None:
        robots = Robots(get, ReplayClock(NOON), agent=AGENT)
        targets = [canonical(f"https://paper{number}.example/a") for number in range(20)]
        for target in (*targets, targets[-1]):
            await robots.delay_s(target, url=target.url)
        assert len(asked) == 20, "the last is remembered"
        await robots.delay_s(targets[0], url="")
        assert len(asked) == 21, "the first was forgotten: twenty such files are past the budget"

    asyncio.run(ask())


def test_rules_that_were_read_under_a_clock_ahead_are_not_kept_until_its_time_comes() -> None:
    machine = SetClock(elapsed_s=40.0)  # it has just booted: its clock is believed
    asked: list[str] = []

    async def get(url: str, on_behalf_of: str) -> bytes:
        asked.append(url)
        return b"User-agent: *\nDisallow: /a"

    async def ask() -> None:
        robots = Robots(get, machine.wall_clock(), agent=AGENT)
        target = canonical("https://paper.example/b")
        machine.set_by(days=365)
        await robots.delay_s(target, url=target.url)
        machine.set_by(days=-365)
        await robots.delay_s(target, url=target.url)
        machine.pass_s(timedelta(hours=23).total_seconds())
        await robots.delay_s(target, url=target.url)

    asyncio.run(ask())
    assert len(asked) == 2
