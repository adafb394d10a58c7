"""Reads JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) as the same `ParsedFeed` as all other feeds.

Nothing in it is trusted to have the right type: a member of another kind counts as missing, and the rest is read.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping

from stayahead.errors import ParseError
from stayahead.model import Entry, FeedPart, Media, ParsedFeed
from stayahead.parse.constructs import at_home, plain_person, plain_text
from stayahead.parse.entries import MAX_AUTHORS, MAX_CATEGORIES, MAX_MEDIA, Dates
from stayahead.parse.newest import newest
from stayahead.text import collapse, parted_headline
from stayahead.urls import absolute

_SURROGATES = re.compile("[\ud800-\udfff]")

Json = Mapping[str, object]


def parse(text: str, *, url: str, max_entries: int) -> ParsedFeed:
    """The feed in a JSON document.

    Raises:
        ParseError: it is no JSON, or JSON without a list of items.
    """
    try:
        # Not strict: writers leave raw line ends inside strings.
        document: object = json.loads(text.lstrip("\ufeff \t\r\n\0"), strict=False)
    except (ValueError, RecursionError) as error:
        what = "the answer is broken JSON" if isinstance(error, ValueError) else "the answer is JSON nested without end"
        raise ParseError(url, what, remedy="wait for the next poll, or correct the feed's address") from error
    feed = _mapping(document)
    if not isinstance(feed.get("items"), list):
        raise ParseError(
            url, "the answer is JSON without a list of items, not a feed", remedy="correct the feed's address"
        )
    home = absolute(url, _text(feed, "home_page_url"))
    base = absolute(url, _text(feed, "feed_url")) or url
    author = _authors(feed)
    dates = Dates()
    listed = [item for each in _list(feed, "items") if (item := _mapping(each))]
    items = newest(listed, lambda item: dates.read(_text(item, "date_published")), most=max_entries)
    return ParsedFeed(
        title=plain_text(_text(feed, "title")),
        url=home,
        language=_text(feed, "language").lower()[:35],
        self_url=absolute(url, _text(feed, "feed_url")),
        hub_url=next(
            (hub_url for hub in _mappings(feed, "hubs") if (hub_url := absolute(base, _text(hub, "url")))), ""
        ),
        more=(FeedPart(url=next_url),) if (next_url := absolute(base, _text(feed, "next_url"))) else (),
        entries=tuple(_entry(item, base=at_home(base, home), author=author, dates=dates) for item in items),
    )


def _entry(item: Json, *, base: str, author: str, dates: Dates) -> Entry:
    # `Entry.html` is HTML for every format, so plain text is escaped into it.
    content = _text(item, "content_html") or html.escape(_text(item, "content_text"), quote=False)
    summary = html.escape(_text(item, "summary"), quote=False)
    entry_id = _text(item, "id").strip()
    wire, title = parted_headline(plain_text(_text(item, "title"), is_said_plain=True))
    addresses = (_text(item, "url"), _text(item, "external_url"), entry_id if "://" in entry_id else "")
    return Entry(
        id=entry_id,
        url=next((url for href in addresses if (url := absolute(base, href))), ""),
        title=title,
        wire=wire,
        published=dates.read(_text(item, "date_published")),
        updated=dates.read(_text(item, "date_modified")),
        author=_authors(item) or author,
        html=content or summary,
        html_is_content=bool(content),
        summary=summary if content else "",
        categories=tuple(dict.fromkeys(collapse(tag)[:200] for tag in _texts(item, "tags") if tag.strip()))[
            :MAX_CATEGORIES
        ],
        media=_media(item, base),
    )


def _authors(holder: Json) -> str:
    stated = holder.get("authors") or holder.get("author")  # 1.1, else 1.0; writers state lists, objects and names
    people = stated[:MAX_AUTHORS] if isinstance(stated, list) else [stated]
    names = (plain_person(_text({"name": who}, "name")) or _name(_mapping(who)) for who in people)
    return ", ".join(dict.fromkeys(name for name in names if name))


def _name(who: Json) -> str:
    return plain_person(_text(who, "name")) or _text(who, "url")


def _media(item: Json, base: str) -> tuple[Media, ...]:
    media: dict[str, Media] = {}
    for name in ("image", "banner_image"):
        url = absolute(base, _text(item, name))
        if url:
            media.setdefault(url, Media(url=url, media_type="image"))
    for attachment in _mappings(item, "attachments")[:MAX_MEDIA]:
        url = absolute(base, _text(attachment, "url"))
        if url:
            media.setdefault(url, Media(url=url, media_type=_text(attachment, "mime_type").lower()))
    return tuple(media.values())[:MAX_MEDIA]


def _text(holder: Json, name: str) -> str:
    """A member as text; numbers count (JSON Feed 1.1 asks for that with ids), other kinds do not."""
    value = holder.get(name)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    return _SURROGATES.sub("\ufffd", value) if isinstance(value, str) else ""


def _mapping(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _list(holder: Json, name: str) -> list[object]:
    value = holder.get(name)
    return value if isinstance(value, list) else []


def _mappings(holder: Json, name: str) -> list[Json]:
    return [value for value in _list(holder, name) if isinstance(value, dict)]


def _texts(holder: Json, name: str) -> Iterable[str]:
    return [_SURROGATES.sub("\ufffd", value) for value in _list(holder, name) if isinstance(value, str)]
