"""Reads what a page's JSON-LD describes, whatever nonsense its scripts hold.

Vocabulary: schema.org. What a script says is a claim like any other: it serves for facts, never blindly for the text.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from stayahead.extract.facts.mended import values_of
from stayahead.extract.markup import sound

MAX_CHARS = 1_000_000
MAX_MENDED_CHARS = 200_000
"""Longest script, and most characters of all scripts of a page, that are read sign by sign where they are broken."""
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
_BLANKS = "\ufeff\u200b \t\r\n"
_BEFORE = ("//", "/*", "*/", "<![CDATA[", "<!--")
_BEHIND = (";", "//", "/*", "*/", "]]>", "-->")
MAX_WRAPPINGS = 8
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_MARK = re.compile(r'(?<!\\)"')
_AFTER_STRING = re.compile(r'\s*(?::|[}\]]|,\s*["{\[}\]\d\-tfn]|,\s*$|$)')
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')

Thing = dict[str, Any]


def things_of(scripts: Iterable[str]) -> list[Thing]:
    """Every object in the scripts, outer before inner, in document order."""
    things: list[Thing] = []
    room = MAX_MENDED_CHARS
    for script in scripts:
        value = _loaded(script)
        if value is None and "{" in script and len(script) <= room:
            room -= len(script)
            value = values_of(_unescaped(_unwrapped(script)))
        things += _objects(value, MAX_THINGS - len(things))
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
            value = (
                value.get("name")
                or value.get("@value")
                or full_name(value)
                or value.get("url")
                or value.get("@id")
                or ""
            )
        else:
            break
    return sound(html.unescape(value).strip()) if isinstance(value, str) else ""


def full_name(thing: Thing) -> str:
    """The name of a person whose given and family names are stated apart; empty when they are not."""
    parts = (thing.get("givenName"), thing.get("additionalName"), thing.get("familyName"))
    return " ".join(part.strip() for part in parts if isinstance(part, str) and part.strip())


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
    text = _unwrapped(script[:MAX_CHARS])
    # Each repair is one of a mistake that templates make, the commonest first. A repair could change a string, so the
    # text as it stands is the first try.
    for repair in (_as_it_is, _without_trailing_commas, _unescaped, _with_sound_strings):
        text = repair(text)
        try:
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _as_it_is(text: str) -> str:
    return text


def _without_trailing_commas(text: str) -> str:
    return _TRAILING_COMMA.sub(r"\1", text)


def _unescaped(text: str) -> str:
    """The script whose quotation marks were written as references, as if it were text."""
    return html.unescape(text) if "&quot;" in text or "&#34;" in text or "&#x22;" in text else text


def _with_sound_strings(text: str) -> str:
    """The script with the marks inside its strings escaped, as in `"He said "yes" to it"`.

    A quotation mark ends a string where what JSON has behind one follows: a colon, a comma before another mark, or a
    closing bracket. Linear: each piece between two marks is looked at once.
    """
    first, *pieces = _MARK.split(text)
    whole = [first]
    is_inside = False
    for piece in pieces:
        is_mark = not is_inside or _AFTER_STRING.match(piece) is not None
        is_inside = not is_inside if is_mark else is_inside
        whole += ['"' if is_mark else '\\"', _BAD_ESCAPE.sub(r"\\\\", piece) if is_inside else piece]
    return "".join(whole)


def _unwrapped(script: str) -> str:
    """The script without byte order mark, and without the comment or CDATA section that keeps it from old readers."""
    text = script.strip(_BLANKS)
    for _ in range(MAX_WRAPPINGS):
        before = text
        for mark in _BEFORE:
            text = text.removeprefix(mark)
        for mark in _BEHIND:
            text = text.removesuffix(mark)
        text = text.strip(_BLANKS)
        if text == before:
            break
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
