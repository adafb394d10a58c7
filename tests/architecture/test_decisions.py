"""Holds the index of decisions against its pages: numbers, titles, statuses, and the pages that statuses name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DECISIONS = Path(__file__).parents[2] / "docs" / "decisions"
PAGES = sorted(DECISIONS.glob("[0-9]*.md"))
NUMBERS = [page.name[:4] for page in PAGES]
ROW = re.compile(r"\| \[(\d{4})\]\((\S+\.md)\) \| (.+?) \| (.+?) \| (\S.*?) \|")
STATUS = re.compile(r"accepted|accepted; amended by (\d{4}(?:, \d{4})*)|superseded by (\d{4})")


def _head(page: Path) -> tuple[str, str]:
    """The title of a page without its number, and its status."""
    lines = page.read_text("utf-8").splitlines()
    title = re.fullmatch(rf"# {page.name[:4]} (\S.*)", lines[0])
    assert title, f"{page.name}: its first line is not `# {page.name[:4]} Title`"
    assert not lines[1], f"{page.name}: a blank line belongs below its title"
    assert lines[2].startswith("Status: "), f"{page.name}: its third line is not `Status: accepted` or the like"
    return title[1], lines[2].removeprefix("Status: ")


def _index() -> dict[str, tuple[str, str, str]]:
    """File, title and status of each row of the index, by number."""
    text = (DECISIONS / "README.md").read_text("utf-8")
    rows = [ROW.fullmatch(line) for line in text.splitlines() if line.startswith("| [")]
    assert rows
    assert all(rows), "a row of docs/decisions/README.md is not `| [NNNN](FILE) | title | status | what was chosen |`"
    numbers = [row[1] for row in rows if row]
    assert numbers == sorted(set(numbers)), "the rows are not in the order of their numbers, each once"
    return {row[1]: (row[2], row[3], row[4]) for row in rows if row}


def test_numbers_are_unique() -> None:
    assert len(NUMBERS) == len(set(NUMBERS)) >= 70


def test_every_page_is_in_the_index() -> None:
    assert sorted(_index()) == NUMBERS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name[:4])
def test_the_index_has_the_title_and_status_of_the_page(page: Path) -> None:
    assert _index()[page.name[:4]] == (page.name, *_head(page))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name[:4])
def test_a_status_names_other_pages_that_exist(page: Path) -> None:
    _, status = _head(page)
    assert STATUS.fullmatch(status), f"{page.name}: {status!r} is no status; docs/decisions/README.md lists them"
    named = re.findall(r"\d{4}", status)
    assert page.name[:4] not in named
    assert set(named) <= set(NUMBERS)
    assert named == sorted(set(named))
