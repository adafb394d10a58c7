from __future__ import annotations

import pickle
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from stayahead.analyze import analyze_whole, card_at, card_of
from stayahead.analyze.card import SEARCHED_CHARS
from stayahead.analyze.prose import MAX_TEXT_CHARS, MAX_TITLE_CHARS
from stayahead.model import Article, ArticleCard, Block, BlockKind, Entry, Media, Page, Publisher
from stayahead.store import rows
from stayahead.text import tokens
from tests.story_inputs import at

FLOOD = Entry(title="Flood in Zürich")


def _card(*texts: str, entry: Entry = FLOOD) -> ArticleCard:
    return card_of(Page(blocks=_paragraphs(*texts), language="en"), entry)


def _article(page: Page, entry: Entry = FLOOD) -> Article:
    return Article(
        id="a",
        url="https://gazette.example/a",
        publisher=Publisher(domain="gazette.example", name="The Gazette"),
        feed_url="https://gazette.example/feed",
        entry=entry,
        page=page,
        seen_at=at(0),
        placed_at=at(0),
    )


def _paragraphs(*texts: str) -> tuple[Block, ...]:
    return tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in texts)


def test_the_page_goes_before_the_entry() -> None:
    page = Page(
        language="de", image="https://gazette.example/a.jpg", authors=("Ann", "Bob"), blocks=_paragraphs("Text.")
    )
    media = (
        Media(url="https://x.example/a.mp3", media_type="audio/mpeg"),
        Media(url="https://x.example/a.png", media_type="image/png"),
    )
    entry = Entry(title="Flood", author="A. Writer", media=media)
    card = card_of(page, entry)
    assert (card.author, card.image, card.language) == ("A. Writer", "https://gazette.example/a.jpg", "de")
    card = card_of(replace(page, language="", image=""), replace(entry, author=""))
    assert (card.author, card.image, card.language) == ("Ann, Bob", "https://x.example/a.png", "")
    card = card_of(Page(), FLOOD)
    assert (card.lede, card.author, card.image, card.language) == ("", "", "", "")


def test_author_and_picture_are_those_of_the_article_as_it_goes_out() -> None:
    page = Page(blocks=_paragraphs("Text."), language="en")
    made = card_of(page, replace(FLOOD, author="writer@gazette.example (A. Writer)"))
    out = _article(replace(page, image="https://gazette.example/before.jpg"), replace(FLOOD, author="A. Writer"))
    assert card_at(made, out) == card_of(out.page, out.entry)
    assert card_at(card_of(out.page, out.entry), out) == card_of(out.page, out.entry)


def test_the_lede_is_of_paragraphs_only() -> None:
    blocks = (
        Block(kind=BlockKind.HEADING, text="A heading."),
        Block(kind=BlockKind.IMAGE, text="An image."),
        *_paragraphs("First\nsentence.", "Second."),
    )
    assert card_of(Page(blocks=blocks), FLOOD).lede == "First sentence. Second."


def test_the_search_knows_each_word_of_title_and_text_once() -> None:
    assert _card("The flood rose.", "東京都 FLOOD").words == "flood in zurich the rose 東京 京都 都"


def test_an_endless_text_is_searched_by_its_beginning() -> None:
    words = _card("beginning " + "filler " * SEARCHED_CHARS + "end").words.split()
    assert "filler" in words
    assert "end" not in words


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
def test_what_cannot_be_written_is_no_part_of_a_word(text: str) -> None:
    """The store writes a broken text's card without making it anew: the words are those of the mended text."""
    mended = rows.without_surrogates(_article(Page(blocks=_paragraphs(text))))
    assert rows.without_surrogates(_card(text)).words == card_of(mended.page, mended.entry).words


@given(st.text(max_size=80), st.text(max_size=80))
def test_words_are_divided_by_single_blanks(title: str, text: str) -> None:
    words = _card(text, entry=Entry(title=title)).words
    assert words.split(" ") == (list(dict.fromkeys(tokens(f"{title}\n{text}"))) or [""])


@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from((0, MAX_TITLE_CHARS)), st.booleans())
def test_a_card_made_with_the_signals_is_the_same_card(title: str, text: str, more: int, is_long: bool) -> None:
    entry = Entry(title=title + "ab " * more, author="A. Writer")
    page = Page(blocks=_paragraphs(text + "cd " * (MAX_TEXT_CHARS // 2 if is_long else 0)), language="en")
    assert analyze_whole(page, entry).card == card_of(page, entry)


def test_a_card_is_cheap_to_hand_over() -> None:
    card = _card(" ".join(f"word{number}" for number in range(400)))
    sent = pickle.dumps(card)
    assert pickle.loads(sent) == card
    assert len(sent) < len(card.words) + len(card.lede) + 300
