"""Pages that were made to hurt: each gives a page or an ExtractError, for work that is counted, not timed."""

import cProfile
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from bench.hostile_pages import hostile_pages, page, repeatable
from stayahead.errors import ExtractError
from stayahead.extract import read_page

PAGES = hostile_pages(size=8_000)
PIECES = repeatable()
URL = "https://pages.example/x"
CALLS_PER_KB = 5_000
"""Function calls that 1 kB of malice may cost; measured: at most 4,200, for paragraphs of one letter."""


def calls_of(work: Callable[[], object]) -> int:
    """How many functions are called; the same on every machine."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


def lines_of(work: Callable[[], object]) -> int:
    """How many lines run: a loop that calls nothing counts as well."""
    count = 0

    def trace(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def read(body: bytes) -> object:
    try:
        return read_page(body, url=URL)
    except ExtractError as error:
        return error


@pytest.mark.parametrize("name", PAGES)
def test_it_is_read_or_refused_in_bounded_work(name: str) -> None:
    body = PAGES[name]
    read(page("<h1>Ferry line</h1><time>12 Languages are loaded once</time>"))
    assert calls_of(lambda: read(body)) <= CALLS_PER_KB * (len(body) / 1000 + 10)


@pytest.mark.parametrize("name", PIECES)
def test_twice_the_malice_is_at_most_twice_the_work(name: str) -> None:
    times = 4_000 // len(PIECES[name])
    once, twice = (page(PIECES[name] * (times * factor)) for factor in (1, 2))
    read(once)
    assert lines_of(lambda: read(twice)) <= 2.2 * lines_of(lambda: read(once)) + 200


def test_there_are_as_many_kinds_as_promised() -> None:
    assert len(PAGES) >= 100
    assert len(hostile_pages()["nested div"]) >= 100_000
