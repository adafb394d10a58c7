"""Finds in a robots.txt the one group that is ours, so that the parser meets nothing that a stranger made long.

Protego stores each rule once per agent of its group (1,200 agents and 1,200 rules in one group took 2.3 s), and half a
megabyte has room for twenty times as many of each. Lines are cut and told apart here without regular expressions, in
time that grows with the text (docs/decisions/0130).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

MAX_RULES = 2_000
"""How many rules of our group count; news sites have some hundreds."""
MAX_RULE_CHARS = 1_000
"""A longer rule is none: the urls of pages are shorter."""
MAX_WILDCARDS = 1_000
"""How many stars they may have together: each is a search through the url, and 1,000 take 5 ms at worst."""

_AGENT, _OTHER = "User-agent", "Other"
_FIELDS = {
    **dict.fromkeys(("user-agent", "useragent", "user agent"), _AGENT),
    "allow": "Allow",
    **dict.fromkeys(("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"), "Disallow"),
    **dict.fromkeys(("crawl-delay", "crawl delay"), "Crawl-delay"),
    **dict.fromkeys(("request-rate", "request rate", "visit-time", "visit time"), _OTHER),
    **dict.fromkeys(("sitemap", "sitemaps", "site-map", "host"), ""),
}
"""How writers spell the fields. Others than those that we obey still end the list of a group's agents, but what is said
for the whole site does not."""
_LONGEST_FIELD = max(map(len, _FIELDS))


class _Line(NamedTuple):
    field: str
    value: str


def our_group(text: str, agent: str) -> str:
    r"""The rules for us in plain lines, under the name of everybody; empty when none are for us.

    As in protego, the agent counts whose name is the longest that begins a word of ours, all groups that name it are
    one, and without any it is the group for all (`*`).

    Args:
        text: the robots.txt.
        agent: our User-Agent in lower case.

    >>> our_group("User-agent: a\rDisallow: /\r\nuser agent *\nDisallow : /b # why", "stayahead")
    'User-agent: *\nDisallow: /b'
    """
    lines = [line for line in map(_line, text.splitlines()) if line is not None]
    names = {_name(line.value) for line in lines if line.field == _AGENT}
    ours = max(sorted(names), key=lambda name: _fit(name, agent), default="")
    return "\n".join([f"{_AGENT}: *", *_rules_of(ours, lines)]) if _fit(ours, agent) else ""


def _line(text: str) -> _Line | None:
    """Field and value, as leniently as protego reads them; None when the line says nothing about a group."""
    text = text.partition("#")[0].strip()
    field, colon, value = text.partition(":")
    known = _field(field)
    if colon and (known is not None or not value or value[0].isspace()):
        return _stated(_OTHER if known is None else known, value)
    for words in (1, 2):  # the colon may have been left out
        parts = text.split(None, words)
        known = _field(" ".join(parts[:words]))
        if known is not None:
            return _stated(known, "".join(parts[words:]))
    return _stated(_OTHER, value) if colon else None


def _field(text: str) -> str | None:
    text = text.strip()
    return _FIELDS.get(text.lower()) if len(text) <= _LONGEST_FIELD else None


def _stated(field: str, value: str) -> _Line | None:
    return _Line(field, value.strip()) if field else None


def _name(value: str) -> str:
    """An agent's name as it is compared; "*" is everybody, and elsewhere a star means nothing."""
    return value if value == "*" else value.replace("*", "").lower()


def _fit(name: str, agent: str) -> int:
    """How well a name is ours: its length where it begins a word of our agent, 1 for everybody, 0 for another's."""
    if name == "*":
        return 1
    at = agent.find(name) if name else -1
    while at > 0 and (agent[at - 1].isalnum() or agent[at - 1] in "-_"):
        at = agent.find(name, at + 1)
    return 0 if at < 0 else len(name)


def _rules_of(ours: str, lines: list[_Line]) -> Iterator[str]:
    """The rules of all groups that name this agent, as many as are bounded."""
    rules_left, wildcards_left = MAX_RULES, MAX_WILDCARDS
    for field, value in _all_rules_of(ours, lines):
        wildcards = value.count("*")
        if rules_left and wildcards <= wildcards_left and len(value) <= MAX_RULE_CHARS:
            rules_left -= 1
            wildcards_left -= wildcards
            yield f"{field}: {value}"


def _all_rules_of(ours: str, lines: list[_Line]) -> Iterator[_Line]:
    is_ours = has_rules = False
    for line in lines:
        if line.field == _AGENT:
            is_ours = (is_ours and not has_rules) or _name(line.value) == ours
            has_rules = False
            continue
        has_rules = True
        if is_ours and line.value and line.field != _OTHER:
            yield line
