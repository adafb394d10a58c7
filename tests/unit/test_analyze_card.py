from __future__ import annotations

import pickle
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from stayahead.analyze import card_of
from stayahead.analyze.card import SEARCHED_CHARS
from stayahead.model import Article, Block, BlockKind, Entry, Media, Page, Publisher, Signals
from stayahead.store import rows
from stayahead.text import tokens
from tests.story_inputs import at

ENGLISH = Signals(language="en")


def _article(page: Page, entry: Entry | None = None) -> Article:
    return Article(
        id="a",
        url="https://gazette.example/a",
        publisher=Publisher(domain="gazette.example", name="The Gazette"),
        feed_url="https://gazette.example/feed",
        entry=entry or Entry(title="Flood in Zürich"),
        page=page,
        seen_at=at(0),
        placed_at=at(0),
    )


def _paragraphs(*texts: str) -> tuple[Block, ...]:
    return tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in texts)


def test_the_page_goes_before_the_entry_and_the_signals() -> None:
    page = Page(
        language="de", image="https://gazette.example/a.jpg", authors=("Ann", "Bob"), blocks=_paragraphs("Text.")
    )
    media = (
        Media(url="https://x.example/a.mp3", media_type="audio/mpeg"),
        Media(url="https://x.example/a.png", media_type="image/png"),
    )
    entry = Entry(title="Flood", author="A. Writer", media=media)
    card = card_of(_article(page, entry), ENGLISH)
    assert (card.author, card.image, card.language) == ("A. Writer", "https://gazette.example/a.jpg", "de")
    silent = _article(replace(page, language="", image=""), replace(entry, author=""))
    card = card_of(silent, ENGLISH)
    assert (card.author, card.image, card.language) == ("Ann, Bob", "https://x.example/a.png", "en")
    card = card_of(_article(Page()), Signals())
    assert (card.lede, card.author, card.image, card.language) == ("", "", "", "")


def test_the_lede_is_of_paragraphs_only() -> None:
    blocks = (
        Block(kind=BlockKind.HEADING, text="A heading."),
        Block(kind=BlockKind.IMAGE, text="An image."),
        *_paragraphs("First\nsentence.", "Second."),
    )
    assert card_of(_article(Page(blocks=blocks)), ENGLISH).lede == "First sentence. Second."


def test_the_search_knows_each_word_of_title_and_text_once() -> None:
    card = card_of(_article(Page(blocks=_paragraphs("The flood rose.", "東京都 FLOOD"))), ENGLISH)
    assert card.words == "flood in zurich the rose 東京 京都"


def test_an_endless_text_is_searched_by_its_beginning() -> None:
    text = "beginning " + "filler " * SEARCHED_CHARS + "end"
    words = card_of(_article(Page(blocks=_paragraphs(text))), ENGLISH).words.split()
    assert "filler" in words
    assert "end" not in words


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
def test_what_cannot_be_written_is_no_part_of_a_word(text: str) -> None:
    """The store writes a broken text's card without making it anew: the words are those of the mended text."""
    article = _article(Page(blocks=_paragraphs(text)))
    mended = card_of(rows.scrubbed(article), ENGLISH)
    assert rows.scrubbed(card_of(article, ENGLISH)).words == mended.words


@given(st.text(max_size=80), st.text(max_size=80))
def test_words_are_divided_by_single_blanks(title: str, text: str) -> None:
    words = card_of(_article(Page(blocks=_paragraphs(text)), Entry(title=title)), ENGLISH).words
    assert words.split(" ") == (list(dict.fromkeys(tokens(f"{title}\n{text}"))) or [""])


def test_a_card_is_cheap_to_hand_over() -> None:
    text = " ".join(f"word{number}" for number in range(400))
    card = card_of(_article(Page(blocks=_paragraphs(text))), ENGLISH)
    sent = pickle.dumps(card)
    assert pickle.loads(sent) == card
    assert len(sent) < len(card.words) + len(card.lede) + 300
