from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from stayahead.model import ArticleCard, Batch, Evidence, Opened, Signals, Update
from tests.contract.store_parts import T0, Teller, article, head, minutes
from tests.stores import Store


def _found(store: Store, query: str, **how: object) -> list[str]:
    page = store.search(query, limit=50, **how)  # type: ignore[arg-type]  # fields by name
    return [hit.article.id for hit in page.hits]


def _fill(store: Store) -> None:
    teller = Teller(store)
    teller.open("flood", article("flood", "Flood in Zürich", "The river rose by 1,200 mm.", at=T0))
    teller.open("de", article("de", "Hochwasser in Zürich", "Der Fluss stieg.", at=T0 + minutes(1), language="de"))
    teller.open("ja", article("ja", "東京都で洪水", "川が増水した。", at=T0 + minutes(2), language="ja"))
    teller.open("old", article("old", "Flood of 1999", "A flood long ago.", at=datetime(1999, 5, 1, tzinfo=UTC)))


def test_search_wants_all_words_newest_first(store: Store) -> None:
    _fill(store)
    assert _found(store, "flood") == ["flood", "old"]
    assert _found(store, "FLOOD zurich") == ["flood"]
    assert _found(store, "zürich") == ["de", "flood"]
    assert _found(store, "1200 river") == ["flood"]
    assert _found(store, "flood drought") == []
    assert _found(store, "東京都") == ["ja"]
    assert _found(store, "zürich", language="de") == ["de"]
    assert _found(store, "zürich", language="ja") == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        '"',
        "'",
        "*",
        "AND",
        "OR NOT",
        "NEAR(",
        "title:",
        "a AND",
        '"flood',
        "^flood",
        "-",
        "\x00",
        "(",
        "🌊",
        "\ue000en",
        "flood\x00",
        "--",
        "{a b}:c",
        "''",
        "flood*",
    ],
)
def test_no_query_is_an_error(store: Store, query: str) -> None:
    _fill(store)
    page = store.search(query, limit=5)
    assert page.is_last


def test_a_query_without_words_finds_nothing(store: Store) -> None:
    _fill(store)
    for query in ("", '"', "(*)", "\ue000en"):
        assert _found(store, query) == []
        assert _found(store, query, language="en") == []


def test_operators_are_words(store: Store) -> None:
    teller = Teller(store)
    teller.open("a", article("a", "Now and then", "Not near."))
    assert _found(store, "NOT near AND then") == ["a"]
    assert _found(store, "now OR never") == []


def test_search_pages_on_by_time_and_loses_nothing(store: Store) -> None:
    teller = Teller(store)
    whens = [T0 + minutes(n // 3) - timedelta(days=40 * (n % 2)) for n in range(30)]
    for n, at in enumerate(whens):
        teller.open(f"a{n:02}", article(f"a{n:02}", "Same words", at=at))
    seen: list[str] = []
    before: datetime | None = None
    for _ in range(40):
        page = store.search("same words", limit=4, before=before)
        seen += [hit.article.id for hit in page.hits]
        if page.is_last:
            break
        before = page.hits[-1].article.placed_at
    assert len(seen) == 30
    assert len(set(seen)) == 30
    assert seen == sorted(seen, key=lambda id_: (whens[int(id_[1:])], int(id_[1:])), reverse=True)


def test_what_is_found_and_shown_is_what_the_card_says(store: Store) -> None:
    given = article("a", "Title", "Text of the article.", language="en")
    card = ArticleCard(lede="Lede.", author="Author", image="https://x.example/i", language="fr", words="needle hay")
    item = Evidence(article=given, signals=Signals(language="de"), card=card)
    update = Update(number=1, at=T0, story=head("a"), change=Opened(article_id="a"))
    store.commit(Batch(evidence=(item,), updates=(update,)))
    assert _found(store, "hay needle") == ["a"]
    assert _found(store, "hay", language="fr") == ["a"]
    assert _found(store, "hay", language="en") == _found(store, "article") == []
    (shown,) = store.reports("a", limit=9)
    assert (shown.lede, shown.author, shown.image, shown.language) == (card.lede, card.author, card.image, "fr")
    assert (shown.title, store.article("a")) == ("Title", given)


def test_a_hit_names_its_story(store: Store) -> None:
    teller = Teller(store)
    teller.open("a")
    teller.join("a", article("b", "Needle"))
    (hit,) = store.search("needle", limit=1).hits
    assert (hit.article.id, hit.story_id, hit.story_headline) == ("b", "a", "Story a")


def test_a_revision_is_found_by_its_new_words_only(store: Store) -> None:
    teller = Teller(store)
    teller.open("a", article("a", "Before", "earlier"))
    teller.revise("a", article("a", "After", "later", revision=1))
    assert _found(store, "earlier") == []
    assert _found(store, "before") == []
    assert _found(store, "after later") == ["a"]


def test_the_limit_ends_a_page(store: Store) -> None:
    _fill(store)
    page = store.search("flood", limit=1)
    assert [hit.article.id for hit in page.hits] == ["flood"]
    assert not page.is_last
    assert store.search("flood", limit=2).is_last
    assert store.search("flood", limit=0).hits == ()
