"""Entries: a feed's html as blocks, and when it is the whole article."""

from datetime import UTC, datetime

import pytest

from stayahead.extract import carries_article, read_entry
from stayahead.extract.body.blocks import MAX_LINK_CHARS
from stayahead.model import BlockKind, Entry, Media

SENTENCE = "The council of Port Ellery will put its long delayed ferry line to a public vote in June, its mayor said. "
PARAGRAPH = f"<p>{SENTENCE * 3}</p>"
URL = "https://courier.example/ferry"


def entry(html: str, *, is_content: bool = True, summary: str = "") -> Entry:
    return Entry(url=URL, title="Ferry line", html=html, html_is_content=is_content, summary=summary)


def carries(html: str, *, is_content: bool = True, summary: str = "") -> bool:
    asked = entry(html, is_content=is_content, summary=summary)
    return carries_article(asked, read_entry(asked))


def test_blocks_links_and_facts() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    page = read_entry(
        Entry(
            url=URL,
            title="  Ferry \n line ",
            published=at,
            author="By Ann Lee",
            media=(Media(url="https://img.example/t.jpg", width=90), Media(url="https://img.example/l.jpg", width=900)),
            html='<h2>The vote</h2><p>Read <a href="/vote">the  plan</a> or <a href="javascript:x()">this</a>.</p>'
            "<blockquote>Enough.</blockquote><ul><li>One fact of the line</li></ul>",
        )
    )
    assert page.title == "Ferry line"
    assert (page.published, page.authors, page.image) == (at, ("Ann Lee",), "https://img.example/l.jpg")
    assert [b.kind for b in page.blocks] == [
        BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.QUOTATION, BlockKind.LIST_ITEM,
    ]  # fmt: skip
    block = page.blocks[1]
    assert block.text == "Read the plan or this."
    assert [(block.text[s.start : s.end], s.url) for s in block.links] == [("the plan", "https://courier.example/vote")]


def test_furniture_of_feeds_is_dropped() -> None:
    page = read_entry(
        entry(
            PARAGRAPH
            + '<img src="https://pixel.wp.com/b.gif?x=1" width="1" height="1"><img src="https://feeds.feedburner.com/~r/x">'
            '<p><a href="https://www.facebook.com/sharer.php?u=x">Facebook</a></p>'
            '<p>The post <a href="/ferry">Ferry line</a> appeared first on <a href="/">Ellery Courier</a>.</p>'
        )
    )
    assert [b.text for b in page.blocks] == [(SENTENCE * 3).strip()]


def test_plain_text_in_an_entry() -> None:
    page = read_entry(entry("First part.\n\nSecond  part."))
    assert [b.text for b in page.blocks] == ["First part.", "Second part."]


def test_an_empty_entry_gives_an_empty_page() -> None:
    page = read_entry(Entry(title="Ferry line"))
    assert page.blocks == ()
    assert page.title == "Ferry line"
    assert not carries_article(Entry(title="Ferry line"), page)


def test_a_whole_article() -> None:
    assert carries(PARAGRAPH * 4)
    assert carries(PARAGRAPH * 4, summary=SENTENCE)


@pytest.mark.parametrize(
    "end",
    ["<p>And then …</p>", "<p>And then [&#8230;]</p>", '<p><a href="/x">Continue reading</a></p>', "<p>Read more</p>",
     "<p>And then <a href='/x'>weiterlesen</a></p>", "<p>And then...</p>"],
)  # fmt: skip
def test_a_text_that_is_cut_is_not_the_article(end: str) -> None:
    assert not carries(PARAGRAPH * 4 + end)


def test_short_texts_and_single_paragraphs_are_not_the_article() -> None:
    assert not carries(PARAGRAPH)
    assert not carries(f"<p>{SENTENCE * 20}</p>")


def test_a_summary_must_be_longer_to_be_believed() -> None:
    assert not carries(PARAGRAPH * 4, is_content=False)
    assert carries(PARAGRAPH * 9, is_content=False)


def test_content_that_only_repeats_the_summary_is_not_the_article() -> None:
    assert not carries(PARAGRAPH * 4, summary=PARAGRAPH * 4)


@pytest.mark.parametrize(
    ("media", "image"),
    [
        ((Media(url="https://cdn.example/9.mp3", media_type="audio/mpeg"),), ""),
        ((Media(url="https://cdn.example/9.mp3?a=1"), Media(url="https://img.example/9")), "https://img.example/9"),
        (
            (
                Media(url="https://cdn.example/v/1", media_type="video/mp4", width=640),
                Media(url="https://img.example/1.jpg", media_type="image"),
            ),
            "https://img.example/1.jpg",
        ),
    ],
)
def test_episodes_and_films_keep_their_picture(media: tuple[Media, ...], image: str) -> None:
    assert read_entry(Entry(url=URL, title="Ferry line", media=media)).image == image


def test_addresses_of_links_find_room_for_so_many_characters_and_their_words_stay() -> None:
    url = f"https://paper.example/{'x' * 3_900}/a"
    words = " ".join(f'<a href="b{number}">word{number}</a>' for number in range(1_000))
    page = read_entry(Entry(id="1", url=url, title="t", html=f"<p>{words}</p>"), url=url)
    assert "word999" in page.text
    links = [link for block in page.blocks for link in block.links]
    assert links[0].url.endswith("/b0")
    assert sum(len(link.url) for link in links) < MAX_LINK_CHARS + 4_096
