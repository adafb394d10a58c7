"""`parse` and `read` show as JSON what we read of one feed, file or address, for whoever wonders why."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

import msgspec

from stayahead.analyze import find_statements
from stayahead.cli.terminal import plain_json
from stayahead.config import config_file, load
from stayahead.errors import ExtractError
from stayahead.extract import read_page
from stayahead.fetch import HttpFetcher
from stayahead.model import Figure, Quote, Statement
from stayahead.newsroom.clock import WallClock
from stayahead.parse import parse_feed
from stayahead.ports import Request


def parse(arguments: argparse.Namespace) -> int:
    """Print what a feed file says."""
    body = arguments.file.read_bytes()
    _print(parse_feed(body, url=arguments.url or arguments.file.absolute().as_uri()))
    return 0


def read(arguments: argparse.Namespace) -> int:
    """Print what a page says."""
    if arguments.page.startswith(("http://", "https://")):
        url, body = asyncio.run(_fetch(arguments.page))
    else:
        url, body = arguments.url, Path(arguments.page).read_bytes()
    try:
        page = read_page(body, url=url)
    except ExtractError as error:
        raise ExtractError(url or arguments.page, error.what, remedy=error.remedy) from error
    found = find_statements(page.title, page).text
    _print(
        {
            **msgspec.to_builtins(page),
            "text": page.text,
            "quotes": [_quote(each, each.value) for each in found if isinstance(each.value, Quote)],
            "figures": [_figure(each) for each in found if isinstance(each.value, Figure)],
        }
    )
    return 0


def _quote(statement: Statement, value: Quote) -> dict[str, object]:
    """What somebody says on the page, with its place in the text."""
    return {
        "text": value.words,
        "speaker": value.speaker,
        "mention": value.mention,
        "role": value.role,
        "cue": value.cue,
        "rule": value.rule,
        "block": statement.block,
        "start": statement.start,
        "end": statement.end,
    }


def _figure(statement: Statement) -> dict[str, object]:
    """What a sentence states in a figure, with its place; block -1 is the headline."""
    place = {"block": statement.block, "start": statement.start, "end": statement.end}
    return {**msgspec.to_builtins(statement.value), **place}


async def _fetch(url: str) -> tuple[str, bytes]:
    fetcher = HttpFetcher(load(config_file()), WallClock())
    try:
        fetched = await fetcher.fetch(Request(url=url, obey_robots=True))
        return fetched.url, fetched.body
    finally:
        await fetcher.close()


def _print(value: object) -> None:
    text = msgspec.json.format(msgspec.json.encode(value), indent=2)
    sys.stdout.write(plain_json(text.decode("utf-8")) + "\n")
