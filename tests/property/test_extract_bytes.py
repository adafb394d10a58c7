"""Laws of reading: any bytes give a page or an `ExtractError`, and a page keeps its promises."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stayahead.errors import ExtractError
from stayahead.extract import carries_article, read_entry, read_page
from stayahead.model import Entry, Page
from tests.examples import examples

WORDS = "The council will put its ferry line to a vote in June, the mayor said on Tuesday."
TAGS = [
    *("<p>", "</p>", "<div class='comments'>", "</div>", "<h1>", "</h1>", "<li>", "<a href='//x.example/a'>", "</a>"),
    *("<br>", "<table>", "<tr>", "<td>", "<article>", "</article>", "<script>", "</script>", "<img src=/a.png>"),
    *("<!--", "-->", "<noscript>", "&#0;", "<title>", "</title>", "<time datetime='2026-13-99'>", "\x00", "\ud800"),
    *(
        '<script type=\'application/ld+json\'>{"@type":"Article", "headline": "\\ud800"}</script>',
        "Post Comment",
        "name : " + WORDS,
        " ",
        WORDS,
    ),
]

soup = st.lists(st.sampled_from(TAGS), max_size=60).map("".join)


def check(page: Page) -> None:
    assert 0.0 <= page.confidence <= 1.0
    "\n".join((page.title, page.text, *page.authors, *page.comments)).encode()
    for block in page.blocks:
        assert block.text == " ".join(block.text.split())
        for span in block.links:
            assert 0 <= span.start < span.end <= len(block.text)
            assert span.url.startswith(("http://", "https://"))
        assert block.url == "" or block.url.startswith(("http://", "https://"))
    assert page.url == "" or page.url.startswith(("http://", "https://"))


def read(body: str | bytes) -> None:
    try:
        page = read_page(body, url="https://courier.example/a")
    except ExtractError:
        with pytest.raises(ExtractError, match=r"^https://courier\.example/a: "):
            read_page(body, url="https://courier.example/a")
    else:
        check(page)
        assert page == read_page(body, url="https://courier.example/a")


@examples(150)
@given(st.binary(max_size=400))
def test_any_bytes(body: bytes) -> None:
    read(body)


@examples(150)
@given(soup)
def test_any_soup_of_tags(body: str) -> None:
    read(body)


@examples(100)
@given(soup, st.text(max_size=50), st.booleans())
def test_any_entry(html: str, title: str, is_content: bool) -> None:
    entry = Entry(
        url="https://courier.example/a", title=title, html=html, html_is_content=is_content, summary=html[:20]
    )
    page = read_entry(entry)
    check(page)
    verdict: Callable[[Entry, Page], bool] = carries_article
    assert verdict(entry, page) in (True, False)
