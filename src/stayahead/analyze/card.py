"""The card of an article: what lists show of it and what the search finds it by, chosen once for every store."""

from __future__ import annotations

from stayahead.model import Article, ArticleCard, BlockKind, Page, Signals
from stayahead.text import collapse, first_sentences, tokens

LEDE_FROM = 900
"""Characters of text that may hold the first sentences."""
SEARCHED_CHARS = 50_000
"""Characters of an article that the search knows: to cut so many into words takes 11 ms."""


def card_of(article: Article, signals: Signals) -> ArticleCard:
    """The card of an article at this revision: what its page says, and where that is silent, its entry or signals."""
    return ArticleCard(
        lede=_lede_of(article.page),
        author=article.entry.author or ", ".join(article.page.authors),
        image=article.page.image or _image_of(article),
        language=article.page.language or signals.language,
        words=" ".join(dict.fromkeys(tokens(f"{article.title}\n{article.page.text}"[:SEARCHED_CHARS]))),
    )


def _lede_of(page: Page) -> str:
    """Its first sentences: of the paragraphs, when there are any."""
    paragraphs: list[str] = []
    length = 0
    for block in page.blocks:
        if block.kind is BlockKind.PARAGRAPH:
            paragraphs.append(block.text)
            length += len(block.text)
            if length >= LEDE_FROM:
                break
    return first_sentences(collapse(" ".join(paragraphs)[:LEDE_FROM]))


def _image_of(article: Article) -> str:
    """The first one that goes with the entry."""
    return next((media.url for media in article.entry.media if media.media_type.startswith("image/")), "")
