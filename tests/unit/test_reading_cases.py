"""Feeds and pages in the shape of public bug reports, each with the values that are right (`tests/data/reading`).

A case is an input, NAME.xml, NAME.json or NAME.html, and NAME.expect.json: its kind, its address, and right values by
key. A value is the exact one, or says what of it there must be: {"has": [...], "lacks": [...], "any": [...]}.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from stayahead import parse_feed, read_page
from stayahead.extract.entry import read_entry
from stayahead.model import BlockKind, Page, ParsedFeed
from stayahead.parse import identify

FOLDER = Path(__file__).parents[1] / "data" / "reading"
NAMES = sorted(path.name.removesuffix(".expect.json") for path in FOLDER.glob("*.expect.json"))
OF_BLOCKS = ("text", "blocks", "paras", "links", "images")


def of_blocks(page: Page, key: str) -> object:
    if key == "text":
        return page.text
    if key == "blocks":
        return [[block.kind.value, block.text] for block in page.blocks]
    if key == "paras":
        return [block.text for block in page.blocks if block.kind is not BlockKind.IMAGE]
    if key == "links":
        return [link.url for block in page.blocks for link in block.links]
    return [block.url for block in page.blocks if block.kind is BlockKind.IMAGE]


def of_page(page: Page, key: str) -> object:
    if key == "authors":
        return list(page.authors)
    if key == "kind":
        return page.kind.value
    return of_blocks(page, key) if key in OF_BLOCKS else plain(getattr(page, key))


def of_feed(feed: ParsedFeed, key: str, url: str) -> object:
    if key == "n":
        return len(feed.entries)
    if key == "distinct":
        return len({identity.id for identity in identify(feed.entries, feed_url=url)})
    head, _, field = key.partition(".")
    if not head.isdigit():
        return plain(getattr(feed, key))
    entry = feed.entries[int(head)]
    if field == "media":
        return [media.url for media in entry.media]
    return of_blocks(read_entry(entry, url=url), field) if field in OF_BLOCKS else plain(getattr(entry, field))


def plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def is_right(got: object, want: Any) -> bool:
    if isinstance(want, dict) and set(want) <= {"has", "lacks", "any"}:
        text = got if isinstance(got, str) else json.dumps(got, ensure_ascii=False)
        return (
            all(piece in text for piece in want.get("has", []))
            and not any(piece in text for piece in want.get("lacks", []))
            and ("any" not in want or got in want["any"])
        )
    return bool(got == want)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_read_as_a_reader_would(name: str) -> None:
    case = json.loads((FOLDER / f"{name}.expect.json").read_text("utf-8"))
    body = next(path for path in FOLDER.glob(f"{name}.*") if not path.name.endswith(".expect.json")).read_bytes()
    if case["kind"] == "page":
        page = read_page(body, url=case["url"])
        read = {key: of_page(page, key) for key in case["expect"]}
    else:
        feed = parse_feed(body, url=case["url"], media_type=case["media_type"])
        read = {key: of_feed(feed, key, case["url"]) for key in case["expect"]}
    wrong = {key: read[key] for key, want in case["expect"].items() if not is_right(read[key], want)}
    assert not wrong
