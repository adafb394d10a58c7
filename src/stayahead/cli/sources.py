"""`sources` says and changes which feeds are watched, also beside a running service, which notices by itself."""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import replace

from stayahead.cli.find_feed import Choice, find_feed
from stayahead.cli.settings import open_store, put_starters, settings_of
from stayahead.cli.terminal import say
from stayahead.errors import FetchError, SettingsError
from stayahead.fetch import HttpFetcher
from stayahead.model import Feed, WatchedFeed
from stayahead.newsroom.clock import WallClock
from stayahead.parse import opml
from stayahead.urls import absolute, without_logins


def add(arguments: argparse.Namespace) -> int:
    """Watch the feed at an address, or the best one of the page there; one that does not answer all the same."""
    url = _address(arguments.url)
    if not url:
        raise SettingsError(
            f"{arguments.url}: no http(s) address; give the address of a feed, such as https://host/feed.xml"
        )
    choice = None if arguments.no_fetch else _look_up(url, arguments)
    feed = Feed(url=choice.feed.url if choice else url, title=arguments.title, sections=tuple(arguments.section))
    with open_store(arguments) as store:
        starters = 0 if arguments.no_starter else put_starters(store, WallClock())
        new = store.add_feeds((feed,), WallClock().now())
    say(f"{feed.url}: {'watched from now on' if new else 'was watched already; title and sections renewed'}")
    if starters:
        say(f"  with the {starters} sources of the starter list, as this database is new (--no-starter: without)")
    if choice:
        _tell(choice)
    return 0


def _address(text: str) -> str:
    """The address that somebody wrote, with or without its scheme; empty when it is none."""
    address = text if "://" in text else f"https://{text}"
    return absolute(address, address, keep_login=True)


def _look_up(url: str, arguments: argparse.Namespace) -> Choice | None:
    """What is there; None, with a note, when nobody answers.

    Raises:
        ParseError: what answers is no feed, and leads to none.
    """

    async def ask() -> Choice:
        fetcher = HttpFetcher(settings_of(arguments), WallClock())
        try:
            return await find_feed(url, fetcher)
        finally:
            await fetcher.close()

    try:
        return asyncio.run(ask())
    except FetchError as error:
        say(f"stayahead: {error} (watched all the same: it is asked again and again)", to_errors=True)
        return None


def _tell(choice: Choice) -> None:
    """What was chosen and why, and what else there is."""
    feed = choice.feed
    reason = f"; {feed.clue}" if feed.clue else ""
    say(f"  {feed.title or 'without a title'}, {_count(feed.entries)}{reason}")
    for other in choice.others:
        say(f"  also there: {other.url} ({other.title or 'without a title'}, {_count(other.entries)})")
    for candidate in choice.untried:
        say(f"  perhaps too: {candidate.url}" + (f" ({candidate.title})" if candidate.title else ""))


def _count(entries: int) -> str:
    return "1 entry" if entries == 1 else f"{entries} entries"


def remove(arguments: argparse.Namespace) -> int:
    """Stop watching a feed."""
    with open_store(arguments) as store:
        # As `add` was given it, as `add` would have understood it, and as the list shows it.
        ways = {arguments.url, _address(arguments.url)}
        urls = [each.feed.url for each in store.feeds() if not ways.isdisjoint({each.feed.url, _shown(each)})]
        was_there = sum(map(store.remove_feed, urls)) > 0
    if not was_there:
        say(f"stayahead: {arguments.url}: not watched; see `stayahead sources list`", to_errors=True)
        return 3
    say(f"{arguments.url}: no longer watched; its articles stay")
    return 0


def _shown(watched: WatchedFeed) -> str:
    return without_logins(watched.feed.url)


def show(arguments: argparse.Namespace) -> int:
    """List the feeds, failing ones with their reason."""
    with open_store(arguments) as store:
        for watched in store.feeds():
            state = watched.state
            word = "gone" if state.gone else "failing" if state.error else "ok" if state.last_ok_at else "new"
            title = watched.feed.title or state.title
            moved = f"moved to {state.moved_to}" if state.moved_to else ""
            notes = "; ".join(filter(None, (state.error, *state.part_errors, moved)))
            say("\t".join((word, watched.feed.url, title, "/".join(watched.feed.sections), notes)))
    return 0


def bring_in(arguments: argparse.Namespace) -> int:
    """Watch every feed of an OPML file."""
    feeds = opml.read(arguments.file.read_bytes(), url=str(arguments.file))
    with open_store(arguments) as store:
        new = store.add_feeds(feeds, WallClock().now())
    say(f"{arguments.file}: {len(feeds)} feeds, {new} of them new")
    return 0


def export(arguments: argparse.Namespace) -> int:
    """Write the feeds as OPML."""
    with open_store(arguments) as store:
        feeds = [watched.feed for watched in store.feeds()]
    if not arguments.with_logins:
        feeds = [replace(feed, url=without_logins(feed.url)) for feed in feeds]
    body = opml.write(feeds)
    if arguments.out is None:
        sys.stdout.buffer.write(body)
    else:
        arguments.out.write_bytes(body)
    return 0
