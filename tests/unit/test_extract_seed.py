"""Pages in the shape of the seed: an article, a slogan signed by a reader, "Post Comment", link spam."""

import json
from pathlib import Path

import pytest

from stayahead.extract import read_page
from stayahead.model import BlockKind, PageKind

PAGES = Path(__file__).parents[1] / "data" / "pages"
SHAPES = sorted(path.name for path in PAGES.glob("seed_*.*"))
WANTED = json.loads((PAGES / "seed.json").read_text("utf-8"))


def test_there_are_at_least_six_shapes() -> None:
    assert len(SHAPES) >= 6


@pytest.mark.parametrize("shape", SHAPES)
def test_the_article_and_nothing_else(shape: str) -> None:
    page = read_page((PAGES / shape).read_text("utf-8"), url="https://courier.example/ferry")
    assert page.title == WANTED["title"]
    assert [block.text for block in page.blocks] == WANTED["paragraphs"]
    assert {block.kind for block in page.blocks} == {BlockKind.PARAGRAPH}
    assert page.kind is PageKind.ARTICLE
    assert page.language == "en"


@pytest.mark.parametrize("shape", SHAPES)
def test_the_comments_come_apart_spam_included(shape: str) -> None:
    page = read_page((PAGES / shape).read_bytes())
    assert WANTED["comment"] in page.comments
    spam = [text for text in page.comments if "lucky reels" in text]
    assert spam
    assert not any("lucky reels" in block.text for block in page.blocks)
