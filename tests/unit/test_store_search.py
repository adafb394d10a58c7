from __future__ import annotations

import apsw
from hypothesis import given
from hypothesis import strategies as st

from stayahead.model import ArticleCard
from stayahead.store import search
from stayahead.text import tokens


def test_an_expression_holds_every_word_once() -> None:
    assert search.expression("Flood flood RIVER") == '"flood" AND "river"'
    assert search.expression("flood", "en") == '"flood" AND "\ue000en"'
    assert search.expression("", "en") == ""


def test_only_so_many_words_count() -> None:
    query = " ".join(f"w{n}" for n in range(500))
    assert len(search.words(query)) == search.QUERY_TOKENS_MAX


def test_what_is_indexed_is_the_words_and_a_mark_of_the_language() -> None:
    assert search.document(ArticleCard(words="flood in zurich", language="en")) == "flood in zurich \ue000en"
    assert search.document(ArticleCard(words="flood")) == "flood"
    assert search.document(ArticleCard(language="en")) == "\ue000en"
    assert search.document(ArticleCard()) == ""


def _table() -> apsw.Connection:
    db = apsw.Connection(":memory:")
    db.execute(search.SQL["create"].format(month=1))
    return db


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40), st.text(max_size=5))
def test_no_query_breaks_the_index_and_a_text_is_found_by_itself(text: str, language: str) -> None:
    db = _table()
    document = " ".join([*tokens(text), search.LANGUAGE_MARK + "en"])
    db.execute(search.SQL["put"].format(month=1), (7, document))
    match = search.expression(text)
    find = "SELECT rowid FROM search_1 WHERE search_1 MATCH ?"
    if match:
        assert db.execute(find, (match,)).get == 7
        db.execute(find, (search.expression(text, language.encode("utf-8", "replace").decode()),)).fetchall()
    db.close()
