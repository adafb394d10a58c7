"""Coalescing: one line per story, every update counted once, merges and splits told to all whom they concern."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from stayahead.model import Merged, Split, Update
from stayahead.serve.changes import Flush, coalesce
from stayahead.serve.cursors import Cursor, parse_cursor
from stayahead.store import SqliteStore
from tests.serve_requests import read_event
from tests.serve_stories import NOW, join, story_of, world


@pytest.fixture
def pages() -> Iterator[SqliteStore]:
    with world() as store:
        yield store


def _ids(pages: SqliteStore) -> list[str]:
    return [row.head.id for row in pages.front(NOW, limit=3)]


def _next(pages: SqliteStore, story_id: str) -> Update:
    return join(pages, story_id)[0]


def test_cursor_goes_to_the_wire_and_back() -> None:
    assert parse_cursor(str(Cursor("k7f2", 12))) == Cursor("k7f2", 12)
    assert parse_cursor("with-dash-7") == Cursor("with-dash", 7)


def test_what_is_no_cursor_is_none() -> None:
    for text in ("", "12", "-12", "k7f2-", "k7f2-x", "k7f2-1 2", "k7f2-" + "9" * 40, "a b-1", "k\n-1"):
        assert parse_cursor(text) is None


def test_updates_of_one_story_become_one_line_that_counts_them(pages: SqliteStore) -> None:
    first, second, _ = _ids(pages)
    updates = [_next(pages, first), _next(pages, second), _next(pages, first)]
    changes = coalesce(updates)
    assert list(changes) == [second, first]
    assert changes[first].kinds == {"joined": 2}
    assert (changes[first].first, changes[first].number) == (updates[0].number, updates[2].number)


def test_a_line_holds_no_line_break_whatever_the_headline_holds(pages: SqliteStore) -> None:
    update = _next(pages, _ids(pages)[0])
    head = replace(update.story, headline="one\ntwo\r\n\ndata: forged\u2028three")
    line = coalesce([replace(update, story=head)])[head.id].line()
    assert b"\n" not in line
    assert b"\r" not in line
    assert json.loads(line)["headline"] == head.headline


def test_a_merge_names_the_story_that_moved(pages: SqliteStore) -> None:
    first, second, _ = _ids(pages)
    update = replace(_next(pages, first), change=Merged(other_id=second))
    flush = Flush("k7f2", [update], NOW)
    assert flush.merged == {second: first}
    [line] = read_event(flush.lines.frame({first: None}).decode()).stories
    assert line["merged"] == [second]
    assert line["kinds"] == {"merged": 1}


def test_a_split_tells_of_both_stories(pages: SqliteStore) -> None:
    first, second, _ = _ids(pages)
    new_head = replace(story_of(pages, second).head, id="newstorynewstory")
    update = replace(_next(pages, first), change=Split(new_head=new_head, article_ids=("a",)))
    lines = {
        line["id"]: line for line in read_event(Flush("e", [update], NOW).lines.frame({"front": None}).decode()).stories
    }
    assert lines[first]["split"] == ["newstorynewstory"]
    assert lines["newstorynewstory"]["split_from"] == first
    assert lines["newstorynewstory"]["kinds"] == {}


def test_a_frame_is_made_once_for_all_readers_of_the_same_stories(pages: SqliteStore) -> None:
    first, second, third = _ids(pages)
    flush = Flush("k7f2", [_next(pages, first), _next(pages, second)], NOW)
    assert flush.lines.frame({first: None}) is flush.lines.frame({third: None, first: None})
    assert flush.lines.frame({"front": None}) is flush.lines.frame({first: None, second: None})
    assert flush.lines.frame({third: None}) == b""


def test_after_leaves_out_what_was_told(pages: SqliteStore) -> None:
    first, second, _ = _ids(pages)
    updates = [_next(pages, first), _next(pages, second)]
    flush = Flush("k7f2", updates, NOW)
    assert flush.after(updates[0].number - 1) is flush
    rest = flush.after(updates[0].number)
    assert rest is not None
    assert list(rest.lines.story_ids) == [second]
    assert flush.after(updates[1].number) is None
