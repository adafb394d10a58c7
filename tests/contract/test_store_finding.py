from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stayahead.model import ArticleCard, Batch, Evidence, Opened, Signals, Update
from stayahead.store import finding
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


def test_a_query_is_read_as_people_type_it(store: Store) -> None:
    teller = Teller(store)
    charles = article("charles", "King Charles visits", "The floods of the Ems are over.", at=T0, language="en")
    kings = article("kings", "Kingdom of snow", "Charles, a king, was flooded in.", at=T0 + minutes(1), language="en")
    teller.open("charles", charles)
    teller.open("kings", kings)
    assert _found(store, "flood") == _found(store, "flooding") == ["kings", "charles"]
    assert _found(store, '"flood"') == []
    assert _found(store, '"floods"') == ["charles"]
    assert _found(store, '"king charles"') == ["charles"]
    assert _found(store, "“King Charles”") == ["charles"]
    assert _found(store, "king charles") == ["kings", "charles"]
    assert _found(store, "king*") == ["kings", "charles"]
    assert _found(store, "kingd*") == ["kings"]
    assert _found(store, "charles -snow") == ["charles"]
    assert _found(store, 'charles -"king charles"') == ["kings"]
    assert _found(store, "snow OR ems") == ["kings", "charles"]
    assert _found(store, '"king charles" OR snow') == ["kings", "charles"]
    assert _found(store, '"king charles" OR "charles king"') == ["charles"]
    assert _found(store, "-snow") == []
    assert _found(store, "floods", language="en") == ["kings", "charles"]


def test_stems_are_those_of_the_languages_that_are_there(store: Store) -> None:
    teller = Teller(store)
    teller.open("de", article("de", "Häuser überflutet", "In den Dörfern.", at=T0, language="de"))
    teller.open("fr", article("fr", "Un journal", "Les villages inondés.", at=T0 + minutes(1), language="fr"))
    assert _found(store, "dorf") == ["de"]
    assert _found(store, "haus") == ["de"]
    assert _found(store, "inonder village journal") == ["fr"]


def test_one_ideograph_is_found_wherever_it_stands(store: Store) -> None:
    teller = Teller(store)
    teller.open("start", article("start", "火山噴火", "遠い。", at=T0, language="ja"))
    teller.open("end", article("end", "加州山火", "遠い。", at=T0 + minutes(1), language="zh"))
    teller.open("none", article("none", "東京都で洪水", "遠い。", at=T0 + minutes(2), language="ja"))
    assert _found(store, "火") == ["end", "start"]
    assert _found(store, '"東京都"') == ["none"]
    assert _found(store, "-火 遠い") == ["none"]


def test_an_article_that_has_the_words_in_its_text_only_says_where(store: Store) -> None:
    teller = Teller(store)
    text = "The council met on Monday to talk about many things that nobody had asked for. " * 6
    teller.open("a", article("a", "Council meets", text + "Then the swans were counted. Nobody left.", at=T0))
    page = store.search("swan", limit=5)
    assert page.hits[0].passage == "Then the swans were counted."
    assert page.words == {"swans"}
    assert store.search("council", limit=5).hits[0].passage == ""


def test_a_phrase_that_few_have_ends_a_page_and_goes_on(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "TEXTS_MAX", 3)
    teller = Teller(store)
    for n in range(10):
        title = "Charles the king" if n else "King Charles"
        teller.open(f"a{n}", article(f"a{n}", title, at=T0 + minutes(n)))
    pages, before = 0, None
    found: list[str] = []
    while pages == 0 or before is not None:
        page = store.search('"king charles"', limit=5, before=before)
        found += [hit.article.id for hit in page.hits]
        assert page.is_last is (page.before is None)
        pages, before = pages + 1, page.before
    assert (found, pages) == (["a0"], 4)


@given(
    typed=st.text(max_size=60) | st.lists(st.sampled_from(['"', "-", "*", "OR", "(", "floods", "火", " "])).map("".join)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_breaks_the_index(store: Store, typed: str) -> None:
    if not store.search("flood", limit=1).hits:
        _fill(store)
    page = store.search(typed.replace("\0", " "), limit=5)
    assert len(page.hits) <= 5


def test_search_pages_on_by_time_and_loses_nothing(store: Store) -> None:
    teller = Teller(store)
    whens = [T0 + minutes(n // 3) - timedelta(days=40 * (n % 2)) for n in range(30)]
    for n, at in enumerate(whens):
        teller.open(f"a{n:02}", article(f"a{n:02}", "Same words", at=at))
    seen: list[str] = []
    before: int | None = None
    for _ in range(40):
        page = store.search("same words", limit=4, before=before)
        seen += [hit.article.id for hit in page.hits]
        assert len(page.hits) <= 4
        if page.is_last:
            break
        before = page.before
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
