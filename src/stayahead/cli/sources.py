"""`sources`: which feeds are watched. Works beside a running service, which takes up the change by itself."""

from __future__ import annotations

import argparse
import sys

from stayahead.cli.place import open_store
from stayahead.errors import SettingsError
from stayahead.model import Feed
from stayahead.newsroom.clock import WallClock
from stayahead.parse import opml
from stayahead.urls import absolute


def add(given: argparse.Namespace) -> int:
    """Watch a feed."""
    url = absolute(given.url, given.url)
    if not url:
        raise SettingsError(
            f"{given.url}: no http(s) address; give the address of a feed, such as https://host/feed.xml"
        )
    with open_store(given) as store:
        new = store.add_feeds((Feed(url=url, title=given.title, sections=tuple(given.section)),), WallClock().now())
    print(f"{url}: {'watched from now on' if new else 'was watched already; title and sections renewed'}")
    return 0


def remove(given: argparse.Namespace) -> int:
    """Stop watching a feed."""
    with open_store(given) as store:
        was_there = store.remove_feed(given.url)
    if not was_there:
        print(f"stayahead: {given.url}: not watched; see `stayahead sources list`", file=sys.stderr)
        return 3
    print(f"{given.url}: no longer watched; its articles stay")
    return 0


def show(given: argparse.Namespace) -> int:
    """List the feeds, failing ones with their reason."""
    with open_store(given) as store:
        for watched in store.feeds():
            state = watched.state
            word = "gone" if state.gone else "failing" if state.error else "ok" if state.last_ok_at else "new"
            title = watched.feed.title or state.title
            print("\t".join((word, watched.feed.url, title, "/".join(watched.feed.sections), state.error)))
    return 0


def bring_in(given: argparse.Namespace) -> int:
    """Watch every feed of an OPML file."""
    feeds = opml.read(given.file.read_bytes(), url=str(given.file))
    with open_store(given) as store:
        new = store.add_feeds(feeds, WallClock().now())
    print(f"{given.file}: {len(feeds)} feeds, {new} of them new")
    return 0


def export(given: argparse.Namespace) -> int:
    """Write the feeds as OPML."""
    with open_store(given) as store:
        body = opml.write([watched.feed for watched in store.feeds()])
    if given.out is None:
        sys.stdout.buffer.write(body)
    else:
        given.out.write_bytes(body)
    return 0
