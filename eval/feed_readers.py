"""Reads the core fields of a feed with our parser and with other libraries, under the same names."""

from __future__ import annotations

import calendar
import warnings
from collections.abc import Callable, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from stayahead.errors import ParseError
from stayahead.model import Entry, ParsedFeed
from stayahead.parse import parse_feed

Fields = Callable[[str], object]
"""A field's value by its name: `feed.title`, `feed.link`, `0.title`, `0.link`, `0.id`, `0.author`, `0.body`, `0.time`
(seconds since 1970: the publication's, else the update's)."""


def ours(body: bytes) -> Fields:
    """The fields as our parser reads them."""
    try:
        parsed = parse_feed(body)
    except ParseError:
        parsed = ParsedFeed()

    def field(name: str) -> object:
        place, _, part = name.partition(".")
        if place == "feed":
            return {"title": parsed.title, "link": parsed.url}[part]
        entry = parsed.entries[int(place)] if int(place) < len(parsed.entries) else Entry()
        if part == "time":
            at = entry.published or entry.updated
            return None if at is None else int(at.timestamp())
        return {"title": entry.title, "link": entry.url, "id": entry.id, "author": entry.author, "body": entry.html}[
            part
        ]

    return field


def feedparser(body: bytes) -> Fields:
    """The fields as feedparser reads them."""
    import feedparser as library

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed = library.parse(BytesIO(body))

    def seconds(entry: Mapping[str, Any]) -> object:
        at = entry.get("published_parsed") or entry.get("updated_parsed")
        return None if at is None else calendar.timegm(at)

    return _fields(parsed, seconds)


def fastfeedparser(body: bytes) -> Fields:
    """The fields as fastfeedparser reads them."""
    import fastfeedparser as library

    def seconds(entry: Mapping[str, Any]) -> object:
        at = entry.get("published") or entry.get("updated")
        return None if not at else int(datetime.fromisoformat(at).timestamp())

    return _fields(library.parse(body), seconds)


READERS: dict[str, Callable[[bytes], Fields]] = {
    "ours": ours,
    "feedparser": feedparser,
    "fastfeedparser": fastfeedparser,
}


def _fields(parsed: Mapping[str, Any], seconds: Callable[[Mapping[str, Any]], object]) -> Fields:
    """Both libraries name their fields alike."""

    def field(name: str) -> object:
        place, _, part = name.partition(".")
        entries = parsed["entries"]
        if place == "feed":
            return parsed["feed"].get(part)
        entry = entries[int(place)] if int(place) < len(entries) else {}
        if part == "time":
            return seconds(entry)
        if part == "body":
            contents = entry.get("content") or [{}]
            return contents[0].get("value") or entry.get("summary") or entry.get("description")
        return entry.get(part)

    return field
