"""Asks `feedparser` about a feed in which our own reader found no entry, where that is safe to ask.

It knows odd feeds better than we do but stalls for seconds on hostile ones, so it sees only small, shallow, repaired
texts that hold an entry's tag at all (docs/decisions/0012).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO

from stayahead.model import Entry, ParsedFeed
from stayahead.parse.constructs import plain_text
from stayahead.parse.tree import repair
from stayahead.text import parted_headline
from stayahead.urls import absolute
from stayahead.when import EARLIEST

MAX_CHARS = 200_000
MAX_TAGS = 5_000
MAX_DEPTH = 40
"""Limits of what `feedparser` is shown: it needs seconds for deep or huge markup."""

_ENTRY = re.compile(r"<(?:[A-Za-z][\w.-]{0,30}:)?(?:item|entry)[\s/>]", re.IGNORECASE)
_TAG = re.compile(r"<(/?)[A-Za-z][^<>]{0,2000}>")


def entries_of(text: str, *, url: str, parsed: ParsedFeed) -> ParsedFeed:
    """The feed as `feedparser` reads it; `parsed` unchanged when there is nothing to find or asking would be unsafe."""
    if not _ENTRY.search(text):
        return parsed
    repaired = repair(text)
    if not _is_safe(repaired):
        return parsed
    try:
        import feedparser  # late: 5 MB that most feeds never need

        feedparser_result = feedparser.parse(
            BytesIO(repaired.encode("utf-8", "replace")), response_headers={"content-location": url}
        )
        entries = tuple(_entry(entry, url) for entry in feedparser_result.entries)
    except Exception:
        # A foreign parser on hostile input raises anything, a bare ValueError included: its errors have no common root.
        return parsed
    return ParsedFeed(
        title=parsed.title or plain_text(feedparser_result.feed.get("title", "")), url=parsed.url, entries=entries
    )


def _is_safe(text: str) -> bool:
    """Small, shallow, and without declarations: nothing of what makes its regular expressions run long."""
    if len(text) > MAX_CHARS or text.count("<") > MAX_TAGS or "<!ENTITY" in text:
        return False
    depth = deepest = 0
    for tag in _TAG.finditer(text):
        depth += -1 if tag[1] else 0 if tag[0].endswith("/>") else 1
        deepest = max(deepest, depth)
    return deepest <= MAX_DEPTH


def _entry(item: Mapping[str, object], base: str) -> Entry:
    contents = item.get("content")
    first = contents[0] if isinstance(contents, list) and contents else {}
    content = str(first.get("value", ""))
    summary = str(item.get("summary", ""))
    wire, title = parted_headline(plain_text(str(item.get("title", ""))))
    return Entry(
        id=str(item.get("id", "")),
        url=absolute(base, str(item.get("link", ""))),
        title=title,
        wire=wire,
        published=_time(item.get("published_parsed")),
        updated=_time(item.get("updated_parsed")),
        author=plain_text(str(item.get("author", ""))),
        html=content or summary,
        html_is_content=bool(content),
        summary=summary if content else "",
    )


def _time(parts: object) -> datetime | None:
    if not isinstance(parts, tuple):
        return None
    at = datetime.fromtimestamp(calendar.timegm(parts), UTC)
    return at if at >= EARLIEST else None
