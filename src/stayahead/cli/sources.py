"""`sources` says and changes which feeds are watched, also beside a running service, which notices by itself."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from stayahead.cli.find_feed import Choice, find_feed
from stayahead.cli.owner import remove_articles_of
from stayahead.cli.settings import open_store, put_starters, settings_of
from stayahead.cli.terminal import say
from stayahead.config import Settings
from stayahead.errors import FetchError, ParseError, SettingsError
from stayahead.fetch import HttpFetcher
from stayahead.model import Feed, WatchedFeed
from stayahead.newsroom import prepare
from stayahead.newsroom.clock import WallClock
from stayahead.newsroom.speakers import Speakers
from stayahead.newsroom.starter import starter_domains
from stayahead.newsroom.workers import WorkerPool
from stayahead.parse import opml
from stayahead.parse.discovery import Clue
from stayahead.parse.opml import SourceList, web_address
from stayahead.ports import Request
from stayahead.urls import without_logins

SKIPPED_SHOWN = 20
"""Lines that name what was left out of a list."""


def add(arguments: argparse.Namespace) -> int:
    """Watch the feed at an address, or the best one of the page there; one that cannot be read only by `--force`."""
    url, *others = _addresses(arguments.url)
    if not url:
        raise SettingsError(
            f"{arguments.url}: no http(s) address; give the address of a feed, such as https://host/feed.xml"
        )
    choice = None if arguments.no_fetch else _look_up((url, *others), arguments)
    feed = Feed(
        url=choice.feed.url if choice else url,
        title=arguments.title,
        sections=tuple(arguments.section),
        domains=_domains(choice.feed.url if choice else url, arguments.site, choice),
    )
    with open_store(arguments) as store:
        starters = 0 if arguments.no_starter else put_starters(store, WallClock())
        before = next((each.feed for each in store.feeds() if each.feed.url == feed.url), None)
        store.add_feeds((feed,), WallClock().now())
    say(f"{feed.url}: " + (f"was watched already; {_renewed(before, feed)}" if before else "watched from now on"))
    if feed.domains:
        say(f"  speaks for {', '.join(feed.domains)}")
    if starters:
        say(f"  with the {starters} sources of the starter list, as this database is new (--no-starter: without)")
    if choice:
        _tell(choice)
    return 0


def _renewed(before: Feed, feed: Feed) -> str:
    """What adding a watched feed once more changes of it; what is not said stays."""
    old, new = "/".join(before.sections), "/".join(feed.sections)
    pairs = (("title", before.title, feed.title), ("section", old, new))
    changes = [f"{name} {was or 'none'!r} is now {now!r}" for name, was, now in pairs if now and now != was]
    return "; ".join(changes) or "title and section stay"


def _domains(feed_url: str, site: str, choice: Choice | None) -> tuple[str, ...]:
    """For whom the feed speaks beside its own domain: its page named it, or the owner says so.

    Raises:
        SettingsError: what the owner says is no address.
    """
    address = next(iter(_addresses(site)), "") if site else ""
    if site and not address:
        raise SettingsError(f"{site}: no http(s) address; give that of the site, such as https://host/")
    speakers = Speakers(domains=starter_domains())
    named = (address, choice.named_by if choice else "")
    domains = dict.fromkeys(map(speakers.domain, named))
    return tuple(domain for domain in domains if domain not in {"", speakers.domain(feed_url)})


def _addresses(text: str) -> tuple[str, ...]:
    """The address that somebody wrote; without a scheme https, then http; the first is empty when it is none."""
    bare = text.strip()
    if bare[:7].lower() == "feed://":
        bare = bare[7:]
    if "://" in bare:
        return (web_address(bare),)
    return tuple(web_address(f"{scheme}://{bare}") for scheme in ("https", "http"))


def _look_up(urls: Sequence[str], arguments: argparse.Namespace) -> Choice | None:
    """What is at the first address that answers; None, with a note, where none does and `--force` is given.

    Raises:
        FetchError: none answers; of the first one.
        ParseError: what answers is no feed, and leads to none.
    """

    async def ask() -> Choice:
        first: FetchError | None = None
        settings = settings_of(arguments)
        fetcher = HttpFetcher(settings, WallClock())
        try:
            async with _worker(settings) as worker:
                for url in urls:
                    try:
                        return await find_feed(url, fetcher, worker)
                    except FetchError as error:
                        first = first or error
        finally:
            await fetcher.close()
        raise first or FetchError(urls[0], "nobody answers")

    try:
        return asyncio.run(ask())
    except (FetchError, ParseError) as error:
        if arguments.force:
            say(f"stayahead: {error} (watched all the same: it is asked again and again)", to_errors=True)
            return None
        if isinstance(error, FetchError):
            error.remedy = "; ".join(filter(None, (error.remedy, "not watched; --force watches it all the same")))
        raise


def _tell(choice: Choice) -> None:
    """What was chosen and why, and what else there is."""
    feed = choice.feed
    reason = f"; {feed.clue}" if feed.clue else ""
    if feed.clue is Clue.GUESSED and urlsplit(feed.url).path.count("/") == 1:
        reason += ", found at the site's root"
    say(f"  {feed.title or 'without a title'}, {_count(feed.entries)}{reason}")
    for other in choice.others:
        say(f"  also there: {other.url} ({other.title or 'without a title'}, {_count(other.entries)})")
    for candidate in choice.untried:
        say(f"  perhaps too: {candidate.url}" + (f" ({candidate.title})" if candidate.title else ""))


def _count(entries: int) -> str:
    return "1 entry" if entries == 1 else f"{entries} entries"


def remove(arguments: argparse.Namespace) -> int:
    """Stop watching a feed, and remove what it alone brought if that is asked."""
    with open_store(arguments) as store:
        # As `add` was given it, as `add` would have understood it, and as the list shows it.
        ways = {arguments.url, *_addresses(arguments.url)}
        urls = [each.feed.url for each in store.feeds() if not ways.isdisjoint({each.feed.url, _shown(each)})]
        was_there = sum(map(store.remove_feed, urls)) > 0
    if arguments.articles:
        count = sum(remove_articles_of(arguments, url) for url in sorted(set(urls) or ways))
        say(f"{arguments.url}: {_counted(count)} removed that no other source brought")
        if count and not was_there:
            return 0
    if not was_there:
        say(f"stayahead: {arguments.url}: not watched; see `stayahead sources list`", to_errors=True)
        return 3
    say(f"{arguments.url}: no longer watched" + ("" if arguments.articles else "; its articles stay"))
    return 0


def _counted(articles: int) -> str:
    return "1 article" if articles == 1 else f"{articles} articles"


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
            waiting = f"{state.waiting} new entries wait (option intake_per_hour)" if state.waiting else ""
            notes = "; ".join(filter(None, (state.error, *state.part_errors, moved, waiting)))
            say("\t".join((word, watched.feed.url, title, "/".join(watched.feed.sections), notes)))
    return 0


def bring_in(arguments: argparse.Namespace) -> int:
    """Watch every feed of a list, and name what in it is none."""
    name = arguments.file
    found = asyncio.run(_read_list(name, arguments))
    with open_store(arguments) as store:
        names = {each.feed.url: each.feed.title for each in store.feeds()}
        # A list says what another program calls a feed: no reason to rename one that has a name here.
        feeds = [replace(feed, title=names.get(feed.url) or feed.title) for feed in found.feeds]
        new = store.add_feeds(feeds, WallClock().now())
    say(f"{name}: {len(found.feeds)} feeds, {new} of them new" + (", these left out:" if found.skipped else ""))
    for reason in found.skipped[:SKIPPED_SHOWN]:
        say(f"  {reason}")
    if len(found.skipped) > SKIPPED_SHOWN:
        say(f"  and {len(found.skipped) - SKIPPED_SHOWN:,} more")
    return 0


async def _read_list(name: str, arguments: argparse.Namespace) -> SourceList:
    """The list at an address or in a file, read in a worker as all is that may come from strangers."""
    settings = settings_of(arguments)
    if name.lower().startswith(("http://", "https://")):
        fetcher = HttpFetcher(settings, WallClock())
        try:
            body = (await fetcher.fetch(Request(url=name))).body
        finally:
            await fetcher.close()
    else:
        body = await asyncio.to_thread(Path(name).read_bytes)
    async with _worker(settings) as worker:
        return await worker.run(prepare.read_sources, body, name, url=name)


def _worker(settings: Settings) -> WorkerPool:
    return WorkerPool(1, cpu_s=settings.worker_cpu_s, memory_bytes=settings.worker_memory_bytes)


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
