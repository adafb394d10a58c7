"""The names of a story and the pages of names: what bears them, where they are told, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote, unquote

import pytest
from starlette.applications import Starlette

from stayahead.config import Settings
from stayahead.model import Block, BlockKind, Removed, Revised
from stayahead.serve.named import QUOTES_MOST, STORIES_MOST
from stayahead.store import SqliteStore
from tests.serve_requests import Html, ask, site
from tests.serve_stories import NOW, PUBLISHERS, add_revised, add_story, head_of, story_article, story_of, tell
from tests.stores import fresh_store
from tests.unit.test_serve_api import Json, conforms

TEXTS = (
    "Yesterday minister Dmitry Peskov spoke in Minsk. “We will not accept it,” Peskov said.",
    "A letter by Dmitry Peskov came to NATO. “Nobody has asked us about the bridge,” said Dmitry Peskov.",
    "There was Dmitry Peskov, 57, with others of the Bank of England.",
)


@pytest.fixture
def pages() -> Iterator[SqliteStore]:
    with fresh_store() as store:
        yield store


@pytest.fixture
def app(pages: SqliteStore) -> Starlette:
    return site(pages)


def story(pages: SqliteStore, text: str, number: int) -> str:
    """A story of one report with that text."""
    one = story_article(f"Report number {number}", PUBLISHERS[1], NOW - timedelta(hours=number + 1))
    return add_story(pages, [one], one, key=1.0, more=(Block(kind=BlockKind.PARAGRAPH, text=text),))


def stories(pages: SqliteStore, texts: tuple[str, ...] = TEXTS) -> list[str]:
    return [story(pages, text, number) for number, text in enumerate(texts)]


def name_of(app: Starlette, name: str) -> Json:
    return conforms(app, f"/v1/names/{quote(name, safe='')}", "/v1/names/{name}")


def test_a_story_tells_whom_it_names(pages: SqliteStore, app: Starlette) -> None:
    first, second, _ = stories(pages)
    told = conforms(app, f"/v1/stories/{first}/names", "/v1/stories/{id}/names")
    assert {each["text"]: each["what"] for each in told["names"]} == {"Dmitry Peskov": "person", "Minsk": "place"}
    assert (told["count"], told["not_analysed"], told["more"]) == (2, [], False)
    assert len(conforms(app, f"/v1/stories/{second}/names?limit=1", "/v1/stories/{id}/names")["names"]) == 1
    assert ask(app, f"/v1/stories/{second}/names?limit=0").status_code == 400
    assert ask(app, "/v1/stories/neverheardofthat/names").status_code == 404
    claims = conforms(app, f"/v1/stories/{first}/claims?kind=names", "/v1/stories/{id}/claims")["claims"]
    assert {each["text"] for each in claims} == {"Dmitry Peskov", "Minsk"}


def test_a_name_of_three_stories_has_a_page_with_its_stories_and_quotes(pages: SqliteStore, app: Starlette) -> None:
    ids = stories(pages)
    told = name_of(app, "dmitry peskov")
    assert (told["name"], told["what"], told["more"]) == ("Dmitry Peskov", "person", False)
    assert [each["story"]["id"] for each in told["stories"]] == ids
    assert [(each["story_id"], each["quote"]["words"]) for each in told["quotes"]] == [
        (ids[0], "We will not accept it,"),
        (ids[1], "Nobody has asked us about the bridge,"),
    ]
    document = Html(ask(app, "/name/Dmitry%20Peskov").text)
    links = [each.get("href") for each in document("//ol[@data-stories]//h2/a")]
    assert links == [f"/story/{each}" for each in ids]
    assert len(document("//ol[@data-quotes]/li")) == 2


def test_a_story_s_page_links_its_names(pages: SqliteStore, app: Starlette) -> None:
    first, *_ = stories(pages)
    document = Html(ask(app, f"/story/{first}").text)
    links = [unquote(each.get("href")) for each in document("//dl[@data-names]//a")]
    assert links == ["/name/Dmitry Peskov", "/name/Minsk"]
    assert [each.text_content() for each in document("//dl[@data-names]/dt")] == ["People", "Places"]
    assert ask(app, links[0]).status_code == 200


def test_what_fewer_than_three_stories_bear_has_no_page(pages: SqliteStore, app: Starlette) -> None:
    stories(pages)
    answer = ask(app, "/name/Minsk")
    assert (answer.status_code, answer.headers["location"]) == (302, "/search?q=%22Minsk%22")
    refused = ask(app, "/v1/names/Minsk")
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "not_found")
    assert "Fewer than 3 stories" in refused.json()["error"]["message"]


def test_words_that_are_no_name_have_no_page(pages: SqliteStore, app: Starlette) -> None:
    stories(pages, ("They said that a storm was near.",) * 4)
    assert ask(app, "/v1/search?q=%22a+storm%22").json()["hits"]
    assert ask(app, "/v1/names/a%20storm").status_code == 404


def test_one_word_is_only_itself(pages: SqliteStore, app: Starlette) -> None:
    stories(pages, ("They saw Mayor Ann Lee. Then Lee left.", "We met Mayor Bob Lee. Then Lee left.") * 2)
    assert ask(app, "/v1/names/Lee").status_code == 404


def test_hidden_and_removed_stories_are_left_out(pages: SqliteStore, app: Starlette) -> None:
    ids = stories(pages, (*TEXTS, *TEXTS[:2]))
    assert len(name_of(app, "Dmitry Peskov")["stories"]) == 5
    hidden = story_of(pages, ids[0])
    change = Revised(article_id=hidden.articles[0].id, revision=0)
    tell(pages, (replace(hidden.head, hidden=True), change))
    told = name_of(app, "Dmitry Peskov")
    assert ids[0] not in {each["story"]["id"] for each in told["stories"]}
    assert ids[0] not in {each["story_id"] for each in told["quotes"]}
    for gone in ids[1:3]:
        removed = story_of(pages, gone)
        tell(pages, (removed.head, Removed(article_id=removed.articles[0].id, reason="taken_down")))
    assert ask(app, "/v1/names/Dmitry%20Peskov").status_code == 404
    assert ask(app, "/name/Dmitry%20Peskov").status_code == 302


def test_who_may_not_read_texts_is_told_who_spoke_and_no_words(pages: SqliteStore) -> None:
    stories(pages)
    closed = site(pages, settings=Settings(full_text="nobody"))
    told = name_of(closed, "Dmitry Peskov")
    assert told["full_text"] is False
    assert [each["quote"]["words"] for each in told["quotes"]] == [None, None]
    page = ask(closed, "/name/Dmitry%20Peskov").text
    assert "not accept" not in page
    assert "Report number 0" in page


def test_names_of_strangers_are_escaped_and_bounded(pages: SqliteStore, app: Starlette) -> None:
    stories(pages)
    for evil in ('"><script>alert(1)</script>', "' OR 1=1 --", "Dmitry\u202ePeskov\u0000", "%2e%2e", "(Ann NEAR Lee)*"):
        answer = ask(app, f"/name/{quote(evil, safe='')}")
        assert answer.status_code in {200, 302, 404}
        assert "<script>alert" not in answer.text
    for no_name in ("x" * 81, "\u202e", "…", "“”", "-"):
        for start in ("/name/", "/v1/names/"):
            assert ask(app, start + quote(no_name, safe="")).status_code == 404
    disguised = ask(app, "/v1/names/" + quote("Dmitry\u202e “Peskov”", safe=""))
    assert disguised.json()["name"] == "Dmitry Peskov"


def test_a_name_that_everybody_bears_is_bounded(pages: SqliteStore, app: Starlette) -> None:
    said = " ".join(f"“We will count to {n} on that bridge,” said Dmitry Peskov." for n in range(QUOTES_MOST))
    stories(pages, (said,) * (STORIES_MOST + 4))
    told = name_of(app, "Dmitry Peskov")
    assert len(told["stories"]) == STORIES_MOST
    assert len(told["quotes"]) == QUOTES_MOST
    assert told["more"] is True


def test_a_page_is_answered_from_what_was_told_while_nothing_changed(pages: SqliteStore, app: Starlette) -> None:
    stories(pages)
    for path in ("/name/Dmitry%20Peskov", "/v1/names/Dmitry%20Peskov"):
        tag = ask(app, path).headers["etag"]
        assert ask(app, path, headers={"if-none-match": tag}).status_code == 304
    add_revised(pages, "It rains.")
    assert ask(app, "/name/Dmitry%20Peskov", headers={"if-none-match": tag}).status_code == 200


def test_reports_type_a_name_together(pages: SqliteStore, app: Starlette) -> None:
    rows = [story_article(f"Report {n}", PUBLISHERS[n], NOW - timedelta(hours=n + 1)) for n in range(3)]
    rows = [replace(row, lede=text) for row, text in zip(rows, ("We saw Zorin there.", *TEXTS[:2]), strict=True)]
    rows[0] = replace(rows[0], lede="We saw Peskov there.")
    add_story(pages, rows, rows[0], key=1.0)
    told = conforms(app, f"/v1/stories/{head_of(rows, rows[0]).id}/names", "/v1/stories/{id}/names")["names"]
    assert (told[0]["text"], told[0]["what"], told[0]["articles"]) == ("Dmitry Peskov", "person", 3)
    assert told[0]["forms"] == ["Peskov"]
