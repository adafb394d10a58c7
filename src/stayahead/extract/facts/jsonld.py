"""Reads what a page's JSON-LD describes, whatever nonsense its scripts hold.

Vocabulary: schema.org. What a script says is a claim like any other: it serves for facts, never blindly for the text.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from stayahead.extract.markup import sound

MAX_CHARS = 1_000_000
MAX_THINGS = 2_000
"""Most objects looked at, over all scripts of a page."""

ARTICLE_TYPES = frozenset(
    [
        "article",
        "newsarticle",
        "blogposting",
        "reportagenewsarticle",
        "analysisnewsarticle",
        "opinionnewsarticle",
        "backgroundnewsarticle",
        "reviewnewsarticle",
        "advertisercontentarticle",
        "liveblogposting",
        "techarticle",
        "scholarlyarticle",
        "report",
        "socialmediaposting",
        "discussionforumposting",
        "medicalwebpage",
        "recipe",
        "review",
        "videoobject",
        "qapage",
    ]
)
_OPENINGS, _CLOSINGS = ("<![CDATA[", "<!--"), ("]]>", "-->")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")

Thing = dict[str, Any]


def things_of(scripts: Iterable[str]) -> list[Thing]:
    """Every object in the scripts, outer before inner, in document order."""
    things: list[Thing] = []
    for script in scripts:
        things += _objects(_loaded(script), MAX_THINGS - len(things))
        if len(things) >= MAX_THINGS:
            break
    return things


def types_of(thing: Thing) -> tuple[str, ...]:
    """Its schema.org types, lower case, without address."""
    return tuple(t.rsplit("/", 1)[-1].lower() for t in _strings(thing.get("@type")))


def text_of(value: object) -> str:
    """A claim as plain text: itself, or its `name`, `@value` or `url`; the first of several."""
    for _ in range(5):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = value.get("name") or value.get("@value") or value.get("url") or value.get("@id") or ""
        else:
            break
    return sound(html.unescape(value).strip()) if isinstance(value, str) else ""


def url_of(value: object) -> str:
    """The address in a claim: itself, or its `url`, `contentUrl` or `@id`; the first of several."""
    for _ in range(5):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = value.get("url") or value.get("contentUrl") or value.get("@id") or ""
        else:
            break
    return value.strip() if isinstance(value, str) else ""


def _loaded(script: str) -> object:
    script = _unwrapped(script[:MAX_CHARS])
    # The second try repairs the commonest mistake; it could change a string, so it is not the first.
    for text in (script, _TRAILING_COMMA.sub(r"\1", script)):
        try:
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _unwrapped(script: str) -> str:
    """The script without the comment or CDATA section, and its `//`, that keep it from old readers."""
    text = script.strip()
    start = text.removeprefix("//").lstrip()
    for opening in _OPENINGS:
        if start.startswith(opening):
            text = start.removeprefix(opening)
    end = text.removesuffix(";").rstrip()
    for closing in _CLOSINGS:
        if end.endswith(closing):
            text = end.removesuffix(closing).rstrip().removesuffix("//")
    return text


def _objects(value: object, limit: int) -> Iterator[Thing]:
    # A stack and not recursion: JSON may be nested as deep as the decoder's own limit.
    waiting: list[object] = [value]
    while waiting and limit > 0:
        item = waiting.pop()
        if isinstance(item, dict):
            limit -= 1
            yield item
            waiting += [v for v in reversed(list(item.values())) if isinstance(v, (dict, list))]
        elif isinstance(item, list):
            waiting += [v for v in reversed(item[:MAX_THINGS]) if isinstance(v, (dict, list))]


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []
