from __future__ import annotations

from stayahead.model import ArticleCard
from stayahead.store import search


def test_what_is_indexed_is_the_words_and_a_mark_of_the_language() -> None:
    assert search.document(ArticleCard(words="flood in zurich", language="en")) == "flood in zurich \ue000en"
    assert search.document(ArticleCard(words="flood")) == "flood"
    assert search.document(ArticleCard(language="en")) == "\ue000en"
    assert search.document(ArticleCard()) == ""
