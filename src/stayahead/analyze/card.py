"""The card of an article: what lists show of it and what the search finds it by, chosen once for every store.

Its words are most of the work, so a worker makes it. Author and picture may have changed by the time the article goes
out (another feed's byline, the picture of an earlier reading): `card_at` takes them from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import zip_longest

from stayahead.model import Article, ArticleCard, BlockKind, Entry, Page
from stayahead.text import collapse, first_sentences, is_unspaced, tokens

LEDE_FROM = 900
"""Characters of text that may hold the first sentences."""
SEARCHED_CHARS = 50_000
"""Characters of an article that the search knows: to cut so many into words takes 11 ms."""


def card_of(page: Page, entry: Entry) -> ArticleCard:
    """The card of an article: what its page says, and where that is silent, its entry."""
    return card_with(tokens(f"{entry.title or page.title}\n{page.text}"[:SEARCHED_CHARS]), page, entry)


def card_with(words: Iterable[str], page: Page, entry: Entry) -> ArticleCard:
    """The same, for whom cut title and text into words already."""
    return ArticleCard(
        lede=lede_of(page)[0],
        author=_author_of(page, entry),
        image=_image_of(page, entry),
        language=page.language,
        words=" ".join(dict.fromkeys(_with_ends(list(words)))),
    )


def _with_ends(words: list[str]) -> Iterator[str]:
    """The words, and the last character of each run of bigrams: a single ideograph begins none of them there."""
    for word, following in zip_longest(words, words[1:], fillvalue=""):
        yield word
        if len(word) == len("AB") and is_unspaced(word) and following[:1] != word[1]:
            yield word[1]


def card_at(card: ArticleCard, article: Article) -> ArticleCard:
    """The card with author and picture of the article as it goes out."""
    author, image = _author_of(article.page, article.entry), _image_of(article.page, article.entry)
    return card if (author, image) == (card.author, card.image) else replace(card, author=author, image=image)


def lede_of(page: Page) -> tuple[str, dict[int, int]]:
    """Its first sentences, of paragraphs only; and where each of those paragraphs, by its place, begins in them."""
    paragraphs: list[str] = []
    starts: dict[int, int] = {}
    length = at = 0
    for place, block in enumerate(page.blocks):
        if block.kind is BlockKind.PARAGRAPH:
            text = collapse(block.text)
            paragraphs.append(block.text)
            if text:
                starts[place] = at
                at += len(text) + 1
            length += len(block.text)
            if length >= LEDE_FROM:
                break
    return first_sentences(collapse(" ".join(paragraphs)[:LEDE_FROM])), starts


def _author_of(page: Page, entry: Entry) -> str:
    return entry.author or ", ".join(page.authors)


def _image_of(page: Page, entry: Entry) -> str:
    """The page's, else the first one that goes with the entry."""
    return page.image or next((media.url for media in entry.media if media.media_type.startswith("image/")), "")
