"""What of a robots.txt is read: the rules for all and for us, however many others it names."""

from __future__ import annotations

import pytest
from protego import Protego

from stayahead.fetch.robots import relevant

AGENT = "stayahead/0.1 (self-hosted news reader)"


def allows(rules: str, path: str) -> bool:
    return Protego.parse(relevant(rules, AGENT)).can_fetch(f"https://paper.example{path}", AGENT)


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


def test_all_other_agents_become_one() -> None:
    rules = "".join(f"User-agent: bot{number}\n" for number in range(20_000)) + "Disallow: /a\n"
    kept = relevant(rules, AGENT)
    assert set(kept.splitlines()) == {"User-agent: another", "Disallow: /a"}
    assert allows(rules, "/a") is True
    assert allows(rules + "User-agent: *\nDisallow: /b\n", "/b") is False


def test_a_comment_after_an_agent_is_no_part_of_its_name() -> None:
    assert relevant("User-agent: * # everyone", AGENT) == "User-agent: *"
