"""Feeds of each kind whose entries are hard to know again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import escape

NOON = datetime(2030, 3, 4, 12, 0, tzinfo=UTC)
LONG = (
    "The council of Harrowgate voted on Monday night to close the old harbour bridge for repairs that will last until "
    "autumn, after engineers found cracks in two of its four piers. Drivers will be sent over the northern bypass."
)

Kind = Callable[[str, int, range], list[str]]
"""The items of a site's feed at its n-th poll, of the entries with these numbers."""


def entry(number: int, *, link: str, guid: str = "", date: str = "its own", title: str = "") -> str:
    """One item; `date`: its own, `one` that all have, that of the poll with this number, or none."""
    stamp = {"its own": NOON + timedelta(minutes=number - 100), "one": NOON}.get(date)
    if date.isdigit():
        stamp = NOON + timedelta(minutes=int(date), seconds=number)
    parts = "".join(f"<p>{LONG} Part {n} of report {number}, told by our own reporter.</p>" for n in range(6))
    return (
        f"<item><title>{title or f'Report number {number} from Harrowgate'}</title><link>{escape(link)}</link>"
        + (f'<guid isPermaLink="false">{guid}</guid>' if guid else "")
        + (f"<pubDate>{stamp:%a, %d %b %Y %H:%M:%S} GMT</pubDate>" if stamp else "")
        + f"<content:encoded>{escape(parts)}</content:encoded></item>"
    )


KINDS: dict[str, Kind] = {
    "fragments": lambda site, _, numbers: [entry(n, link=f"{site}/changelog#v{n}") for n in numbers],
    "fragments without times": lambda site, _, numbers: [entry(n, link=f"{site}/log#v{n}", date="") for n in numbers],
    "one link and date, ids": lambda site, _, numbers: [
        entry(n, link=f"{site}/today", guid=f"tag:{n}", date="one", title="Update") for n in numbers
    ],
    "one link and date": lambda site, _, numbers: [entry(n, link=f"{site}/today", date="one") for n in numbers],
    "tokens, ids": lambda site, at, numbers: [
        entry(n, link=f"{site}/a?n={n}&token={at}{n}", guid=f"tag:{n}") for n in numbers
    ],
    "tokens, ids without times": lambda site, at, numbers: [
        entry(n, link=f"{site}/a?n={n}&token={at}{n}", guid=f"tag:{n}", date="") for n in numbers
    ],
    "tokens": lambda site, at, numbers: [entry(n, link=f"{site}/a?n={n}&token={at}{n}") for n in numbers],
    "a session": lambda site, at, numbers: [entry(n, link=f"{site}/a?n={n}&sess={at}", date="") for n in numbers],
    "relative, with a session": lambda site, at, numbers: [
        entry(n, link=f"s/{at}f/news/{n}", guid=f"tag:{n}") for n in numbers
    ],
    "permalinks beside counted links": lambda site, at, numbers: [
        entry(n, link=f"{site}/click/{at}/{n}", guid=f"{site}/news/{n}", date="") for n in numbers
    ],
    "tokens, ids, a new date each time": lambda site, at, numbers: [
        entry(n, link=f"{site}/a?n={n}&token={at}{n}", guid=f"tag:{48_210 + n}", date=str(at)) for n in numbers
    ],
}


def site_of(place: int) -> str:
    """The site of the kind at that place."""
    return f"https://kind{place}.example"


def feed_of(place: int, kind: Kind, poll: int, numbers: range) -> str:
    """What that site's feed says."""
    items = "".join(kind(site_of(place), poll, numbers))
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Kind {place}</title><link>{site_of(place)}/</link>{items}</channel></rss>"
    )
