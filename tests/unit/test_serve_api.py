"""The API: every answer has the shape that openapi.json promises, every error is JSON, cursors page on without gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from starlette.applications import Starlette

from stayahead.config import Settings
from stayahead.model import Batch, Findings, Merged, Reanalysis, Split
from stayahead.serve.app import _routes
from stayahead.store import SqliteStore
from tests.serve_requests import OWNER, ask, site
from tests.serve_stories import NOW, add_revised, forget_updates, head_of, join, story_of, tell, world

Json = dict[str, Any]
_TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "number": (int, float),
    "null": type(None),
}


@pytest.fixture
def pages() -> Iterator[SqliteStore]:
    with world() as store:
        yield store


@pytest.fixture
def app(pages: SqliteStore) -> Starlette:
    return site(pages)


def check(value: Any, schema: Json, document: Json, where: str = "answer") -> None:
    """The part of JSON Schema that our document uses."""
    while "$ref" in schema:
        target: Json = document
        for name in schema["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        schema = target
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert any(isinstance(value, _TYPES[kind]) for kind in kinds), f"{where}: {value!r} is none of {kinds}"
    if "enum" in schema:
        assert value in schema["enum"], where
    if schema.get("format") == "date-time" and value is not None:
        assert datetime.fromisoformat(value).tzinfo is not None, where
    _check_parts(value, schema, document, where)


def _check_parts(value: Any, schema: Json, document: Json, where: str) -> None:
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        assert set(schema.get("required", ())) <= set(value), where
        if schema.get("additionalProperties") is False:
            assert set(value) <= set(properties), where
        for name, part in properties.items():
            if name in value:
                check(value[name], part, document, f"{where}.{name}")
    if isinstance(value, list) and "items" in schema:
        for index, each in enumerate(value):
            check(each, schema["items"], document, f"{where}[{index}]")


def conforms(app: Starlette, path: str, template: str) -> Json:
    """The answer, after it was found to be what the document says of it."""
    document = ask(app, "/v1/openapi.json").json()
    answer = ask(app, path)
    described = document["paths"][template]["get"]["responses"][str(answer.status_code)]
    if "$ref" in described:
        described = document["components"]["responses"][described["$ref"].rpartition("/")[2]]
    assert answer.headers["content-type"] == "application/json"
    check(answer.json(), described["content"]["application/json"]["schema"], document)
    return dict(answer.json())


def test_the_document_names_every_route_of_the_api(app: Starlette) -> None:
    described = set(ask(app, "/v1/openapi.json").json()["paths"])
    routes = {getattr(route, "path", "") for route in _routes()}
    assert described == {path for path in routes if path.startswith("/v1")}


def test_every_reference_leads_somewhere_and_every_part_is_used(app: Starlette) -> None:
    answer = ask(app, "/v1/openapi.json")
    references = set(re.findall(r'"#/components/([a-z]+/[A-Za-z]+)"', answer.text))
    parts = answer.json()["components"]
    keys = parts.pop("securitySchemes")
    assert references == {f"{kind}/{name}" for kind, named in parts.items() for name in named}
    operations = [way for path in answer.json()["paths"].values() for way in path.values()]
    assert {name for way in operations for each in way.get("security", ()) for name in each} == set(keys)


def test_answers_have_the_shape_that_was_promised(pages: SqliteStore, app: Starlette) -> None:
    story, other = (row.head for row in pages.front(NOW, limit=2))
    article = add_revised(pages, "Nine are missing.", "Eight are missing, police said.")
    number = pages.position().update
    part = story_of(pages, other.id).articles[0]
    new_head = head_of([part], part, story_id="partedpartedpart")
    tell(pages, (story, Merged(other_id=other.id)), (story, Split(new_head=new_head, article_ids=(part.id,))))
    paths = {
        "/v1": "/v1",
        "/v1/openapi.json": "/v1/openapi.json",
        "/v1/stories": "/v1/stories",
        "/v1/stories?order=latest&limit=3": "/v1/stories",
        "/v1/stories?order=other": "/v1/stories",
        f"/v1/stories/{story.id}": "/v1/stories/{id}",
        "/v1/stories/neverheardofthat": "/v1/stories/{id}",
        "/v1/stories/gonegonegone2345": "/v1/stories/{id}",
        f"/v1/stories/{story.id}/claims": "/v1/stories/{id}/claims",
        f"/v1/stories/{article}/claims?kind=casualties&limit=1": "/v1/stories/{id}/claims",
        f"/v1/stories/{article}/claims?kind=rumours": "/v1/stories/{id}/claims",
        "/v1/stories/neverheardofthat/claims": "/v1/stories/{id}/claims",
        "/v1/stories/gonegonegone2345/claims": "/v1/stories/{id}/claims",
        f"/v1/stories/{story.id}/origins": "/v1/stories/{id}/origins",
        f"/v1/stories/{story.id}/origins?limit=0": "/v1/stories/{id}/origins",
        "/v1/stories/neverheardofthat/origins": "/v1/stories/{id}/origins",
        "/v1/stories/gonegonegone2345/origins": "/v1/stories/{id}/origins",
        f"/v1/stories/{story.id}/quotes": "/v1/stories/{id}/quotes",
        f"/v1/stories/{article}/quotes?limit=0": "/v1/stories/{id}/quotes",
        f"/v1/stories/{article}/quotes?before=none": "/v1/stories/{id}/quotes",
        "/v1/stories/neverheardofthat/quotes": "/v1/stories/{id}/quotes",
        "/v1/stories/gonegonegone2345/quotes": "/v1/stories/{id}/quotes",
        f"/v1/stories/{story.id}/figures": "/v1/stories/{id}/figures",
        f"/v1/stories/{article}/figures?limit=1": "/v1/stories/{id}/figures",
        f"/v1/stories/{article}/figures?limit=0": "/v1/stories/{id}/figures",
        "/v1/stories/neverheardofthat/figures": "/v1/stories/{id}/figures",
        "/v1/stories/gonegonegone2345/figures": "/v1/stories/{id}/figures",
        f"/v1/articles/{article}/revisions": "/v1/articles/{id}/revisions",
        f"/v1/articles/{article}/revisions?limit=0": "/v1/articles/{id}/revisions",
        "/v1/articles/neverheardofthat/revisions": "/v1/articles/{id}/revisions",
        "/v1/updates?limit=500": "/v1/updates",
        f"/v1/updates?after=k7f2-{number}": "/v1/updates",
        "/v1/updates?after=other-3": "/v1/updates",
        "/v1/updates?after=3": "/v1/updates",
        "/v1/sources": "/v1/sources",
        "/v1/search?q=ferry&language=en": "/v1/search",
        "/v1/search?q=": "/v1/search",
        "/v1/search?q=a&language=english": "/v1/search",
    }
    for path, template in paths.items():
        assert conforms(app, path, template)
    kinds = [update["kind"] for update in conforms(app, f"/v1/updates?after=k7f2-{number}", "/v1/updates")["updates"]]
    assert kinds == ["merged", "split"]


def claims_of(app: Starlette, story_id: str, asked: str = "") -> Json:
    return conforms(app, f"/v1/stories/{story_id}/claims{asked}", "/v1/stories/{id}/claims")


def test_claims_lead_to_their_sentences_and_the_ledger_to_them(pages: SqliteStore, app: Starlette) -> None:
    text = "Divers searched the deck.\nNine are missing, and two people were killed. It was dark."
    story = add_revised(pages, "Ten are missing.", text, titles=["Ferry aground", "Nine missing off Port Wenn"])
    told = claims_of(app, story, "?kind=casualties")
    assert [
        (each["block"], each["value"]["slot"], each["value"]["count"], each["text"]) for each in told["claims"]
    ] == [
        (-1, "missing", 9, "Nine missing off Port Wenn"),
        (1, "missing", 9, "Nine are missing, and two people were killed."),
        (1, "dead", 2, "Nine are missing, and two people were killed."),
    ]
    assert {(each["article_id"], each["revision"], each["kind"]) for each in told["claims"]} == {
        (story, 1, "casualties")
    }
    ledger = told["ledgers"]["casualties"]
    assert {slot: [line["count"] for line in lines] for slot, lines in ledger.items()} == {
        "dead": [2],
        "missing": [9, 9],
    }
    places = {(each["article_id"], each["block"], each["start"], each["end"]) for each in told["claims"]}
    for line in (*ledger["dead"], *ledger["missing"]):
        assert (line["article_id"], line["block"], line["start"], line["end"]) in places
    assert (told["not_analysed"], told["more"], told["full_text"]) == ([], False, True)


def test_who_may_not_read_a_text_is_told_where_a_claim_stands(pages: SqliteStore) -> None:
    story = add_revised(pages, "Nine are missing.", titles=["Two dead"])
    told = claims_of(site(pages, settings=Settings(full_text="nobody")), story, "?kind=casualties")
    assert [(each["start"], each["end"], each["text"]) for each in told["claims"]] == [
        (0, 8, "Two dead"),
        (0, 17, None),
    ]
    assert told["full_text"] is False


def test_claims_of_few_articles_say_that_there_are_more(pages: SqliteStore, app: Starlette) -> None:
    story = pages.front(NOW, limit=1)[0].head
    assert claims_of(app, story.id, "?limit=1")["more"]
    assert not claims_of(app, story.id, "?limit=200")["more"]
    every = claims_of(app, story.id, "?limit=200")["claims"]
    counts = claims_of(app, story.id, "?limit=200&kind=casualties")["claims"]
    assert counts == [each for each in every if each["kind"] == "casualties"]
    assert len(counts) < len(every)
    assert ask(app, f"/v1/stories/{story.id}/claims?kind=rumours").status_code == 400


def test_figures_are_told_slot_by_slot_with_their_places(pages: SqliteStore, app: Starlette) -> None:
    text = "At least two people were killed in Paris, police said. It cost $5 million."
    story = add_revised(pages, text, titles=["Ferry aground"])
    told = conforms(app, f"/v1/stories/{story}/figures", "/v1/stories/{id}/figures")
    slots = {each["slot"]: each for each in told["figures"]}
    assert list(slots) == ["dead", "money"]
    assert (slots["dead"]["low"], slots["dead"]["high"], slots["money"]["low"]) == (2, 2, None)
    (line,) = slots["dead"]["lines"]
    assert line == slots["dead"]["latest"]
    assert [line[name] for name in ("hedge", "place", "cited", "article_id", "is_leading")] == [
        "at least",
        "Paris",
        "police",
        story,
        True,
    ]
    assert text[line["start"] : line["end"]] == "At least two people were killed in Paris, police said."
    assert (told["not_analysed"], told["more"], told["full_text"]) == ([], False, True)


def test_who_may_not_read_a_text_is_told_numbers_and_no_word_of_it(pages: SqliteStore) -> None:
    story = add_revised(pages, "Two people were killed in Paris, police said.", titles=["Nine missing in Paris"])
    closed = site(pages, settings=Settings(full_text="nobody"))
    slots = {each["slot"]: each for each in ask(closed, f"/v1/stories/{story}/figures").json()["figures"]}
    assert [slots["dead"]["latest"][name] for name in ("low", "place", "cited")] == [2, "", ""]
    assert slots["missing"]["latest"]["place"] == "Paris"
    values = [each["value"] for each in claims_of(closed, story, "?kind=figures")["claims"]]
    assert [(each["slot"], each["place"]) for each in values] == [("missing", "Paris"), ("dead", "")]


def test_figures_of_a_story_that_was_taken_in_are_found(pages: SqliteStore, app: Starlette) -> None:
    story, other = (row.head for row in pages.front(NOW, limit=2))
    tell(pages, (story, Merged(other_id=other.id)))
    answer = ask(app, f"/v1/stories/{other.id}/figures")
    assert (answer.status_code, answer.headers["location"].endswith(f"/v1/stories/{story.id}/figures")) == (301, True)


def test_an_article_that_was_not_analysed_is_listed(pages: SqliteStore, app: Starlette) -> None:
    story = add_revised(pages, "Nine are missing.")
    pages.commit(
        Batch(
            findings=Findings(reanalyses=(Reanalysis(article_id=story, revision=0, versions="x=1", statements=None),))
        )
    )
    told = claims_of(app, story)
    assert (told["claims"], told["not_analysed"]) == ([], [story])


def test_claims_of_a_story_that_moved_or_went_are_elsewhere_or_gone(pages: SqliteStore, app: Starlette) -> None:
    moved = ask(app, "/v1/stories/mergedaway234567/claims")
    assert moved.status_code == 301
    assert moved.headers["location"] == f"/v1/stories/{pages.front(NOW, limit=1)[0].head.id}/claims"
    gone = ask(app, "/v1/stories/gonegonegone2345/claims")
    assert (gone.status_code, gone.json()["error"]["headline"]) == (410, "A story that was taken down")
    assert ask(app, "/v1/stories/neverheardofthat/claims").status_code == 404


SAID = (
    "“Nobody is left on the deck,” said captain Ann Lee. “We looked everywhere.”\n"
    "Lee called it “a very long night” for all."
)


def quotes_of(app: Starlette, story_id: str, asked: str = "") -> Json:
    return conforms(app, f"/v1/stories/{story_id}/quotes{asked}", "/v1/stories/{id}/quotes")


def test_quotes_lead_to_their_words_and_come_in_pages(pages: SqliteStore, app: Starlette) -> None:
    story = add_revised(pages, SAID)
    told = quotes_of(app, story)
    assert (told["count"], told["next"], told["more"], told["not_analysed"]) == (3, None, False, [])
    assert {each["speaker"] for each in told["quotes"]} == {"Ann Lee"}
    for each in told["quotes"]:
        (telling,) = each["tellings"]
        block = SAID.splitlines()[telling["block"]]
        assert block[telling["start"] : telling["end"]] == telling["words"] == each["words"]
    seen: list[Json] = []
    address: str | None = f"/v1/stories/{story}/quotes?limit=2"
    while address:
        page = conforms(app, address, "/v1/stories/{id}/quotes")
        seen += page["quotes"]
        address = page["next"]
    assert seen == told["quotes"]
    assert ask(app, f"/v1/stories/{story}/quotes?before=gone").status_code == 400


def test_quotes_come_among_the_claims(pages: SqliteStore, app: Starlette) -> None:
    story = add_revised(pages, SAID)
    told = claims_of(app, story, "?kind=quotes")["claims"]
    assert [(each["value"]["mention"], each["value"]["words"] == each["text"]) for each in told] == [
        ("Ann Lee", True),
        ("Ann Lee", True),
        ("Lee", True),
    ]


def test_who_may_not_read_a_text_is_told_who_spoke_and_no_words(pages: SqliteStore) -> None:
    story = add_revised(pages, SAID)
    closed = site(pages, settings=Settings(full_text="nobody"))
    for answer in (quotes_of(closed, story), claims_of(closed, story, "?kind=quotes")):
        assert answer["full_text"] is False
        assert "looked everywhere" not in str(answer)
        assert "long night" not in str(answer)
    assert {each["speaker"] for each in quotes_of(closed, story)["quotes"]} == {"Ann Lee"}


def test_quotes_of_a_story_that_moved_or_went_are_elsewhere_or_gone(pages: SqliteStore, app: Starlette) -> None:
    moved = ask(app, "/v1/stories/mergedaway234567/quotes")
    assert moved.status_code == 301
    assert moved.headers["location"] == f"/v1/stories/{pages.front(NOW, limit=1)[0].head.id}/quotes"
    assert ask(app, "/v1/stories/gonegonegone2345/quotes").status_code == 410
    assert ask(app, "/v1/stories/neverheardofthat/quotes").status_code == 404


def test_an_alias_moves_and_a_gone_story_keeps_its_headline(pages: SqliteStore, app: Starlette) -> None:
    moved = ask(app, "/v1/stories/mergedaway234567")
    assert moved.status_code == 301
    assert moved.headers["location"] == f"/v1/stories/{pages.front(NOW, limit=1)[0].head.id}"
    gone = ask(app, "/v1/stories/gonegonegone2345")
    assert (gone.status_code, gone.json()["error"]["headline"]) == (410, "A story that was taken down")


def test_updates_page_on_by_cursor_without_gap_or_repetition(pages: SqliteStore, app: Starlette) -> None:
    numbers, cursor, more = [], "k7f2-0", True
    while more:
        answer = ask(app, f"/v1/updates?after={cursor}&limit=17").json()
        numbers += [update["number"] for update in answer["updates"]]
        cursor, more = answer["cursor"], answer["more"]
    assert numbers == list(range(1, pages.position().update + 1))
    join(pages, pages.front(NOW, limit=1)[0].head.id)
    assert len(ask(app, f"/v1/updates?after={cursor}").json()["updates"]) == 1


def test_a_cursor_no_longer_kept_is_gone_with_the_way_to_the_current_state(pages: SqliteStore, app: Starlette) -> None:
    forget_updates(pages)
    for cursor in ("k7f2-3", "other-3", f"k7f2-{pages.position().update + 1}"):
        answer = ask(app, f"/v1/updates?after={cursor}")
        assert answer.status_code == 410
        error = answer.json()["error"]
        assert (error["code"], error["current"]) == ("cursor_gone", "/v1/stories")
        assert error["cursor"] == f"k7f2-{pages.position().update}"


def test_stories_page_on_in_both_orders(app: Starlette) -> None:
    for order in ("front", "latest"):
        seen, path = [], f"/v1/stories?order={order}&limit=5"
        while path:
            answer = ask(app, path).json()
            seen += [story["id"] for story in answer["stories"]]
            path = answer["next"]
        assert len(seen) == len(set(seen)) == 22


def test_a_story_s_articles_page_on_without_gap_or_repetition(pages: SqliteStore, app: Starlette) -> None:
    whole = max(
        (story_of(pages, row.head.id) for row in pages.front(NOW, limit=20)), key=lambda each: len(each.articles)
    )
    path = f"/v1/stories/{whole.head.id}?limit=4"
    seen: list[str] = []
    while path:
        answer = ask(app, path)
        body = answer.json()
        seen = [each["id"] for each in body["story"]["article_list"]] + seen
        assert body["story"]["summary"] == ask(app, f"/v1/stories/{whole.head.id}").json()["story"]["summary"]
        path = body["next"]
        assert answer.headers.get("link", "") == (f'<{path}>; rel="next"' if path else "")
        assert ask(app, str(answer.url)).headers.get("link") == answer.headers.get("link"), "kept with its link"
    assert seen == [each.id for each in whole.articles]
    assert len(seen) > 12


def test_programs_are_told_that_nothing_changed(pages: SqliteStore, app: Starlette) -> None:
    story_id = pages.front(NOW, limit=1)[0].head.id
    for path in (f"/v1/stories/{story_id}", "/v1/stories?limit=5"):
        etag = ask(app, path).headers["etag"]
        again = ask(app, path, headers={"if-none-match": etag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
        assert ask(app, path, headers={"if-none-match": 'W/"other"'}).status_code == 200
        join(pages, story_id)
        assert ask(app, path, headers={"if-none-match": etag}).status_code == 200


def test_lists_name_their_next_page_in_a_header_too(app: Starlette) -> None:
    for path in ("/v1/stories?limit=5", "/v1/search?q=ferry&limit=5", "/v1/updates?limit=5"):
        answer = ask(app, path)
        [address] = re.findall(r'<([^>]+)>; rel="next"', answer.headers["link"])
        assert address == answer.json().get("next", address)
        assert ask(app, address).status_code == 200


def test_an_answer_about_long_versions_ends_early_and_goes_on(pages: SqliteStore, app: Starlette) -> None:
    long = "Nine people are still missing, the coastguard said on Sunday. " * 6_000
    article_id = add_revised(pages, *(f"{long}{number}" for number in range(5)))
    path, seen = f"/v1/articles/{article_id}/revisions", []
    while path:
        body = ask(app, path).json()
        assert len(body["revisions"]) <= 2
        seen += [each["revision"] for each in body["revisions"]]
        path = body["next"]
    assert seen == [4, 3, 2, 1, 0]


def test_search_pages_on(app: Starlette) -> None:
    seen, path = [], "/v1/search?q=ferry&limit=5"
    while path:
        answer = ask(app, path).json()
        seen += [hit["article"]["id"] for hit in answer["hits"]]
        path = answer["next"]
    assert len(seen) == len(set(seen))
    assert len(seen) == 23


def test_answers_hold_no_less_than_sign(app: Starlette) -> None:
    answer = ask(app, "/v1/search?q=%3Cscript%3E")
    assert "<" not in answer.text
    assert answer.json()["query"] == "<script>"


@pytest.mark.parametrize(
    "path",
    ["/v1/stories?limit=0", "/v1/stories?limit=201", "/v1/stories?limit=x", "/v1/stories?offset=-1",
     "/v1/updates?limit=501", "/v1/updates?after=%00", "/v1/search?q=%00", "/v1/stories?limit=%C2%B2",
     "/v1/search?q=a&before=soon"],
)  # fmt: skip
def test_wrong_parameters_are_named(app: Starlette, path: str) -> None:
    answer = ask(app, path)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad_request"
    assert "'" in answer.json()["error"]["message"]


def test_errors_of_the_api_are_json(app: Starlette) -> None:
    assert ask(app, "/v1/nope").json()["error"]["code"] == "not_found"
    refused = ask(app, "/v1/stories", method="POST", headers=OWNER, content="{}")
    assert refused.json()["error"]["code"] == "method_not_allowed"


def test_health_and_metrics(pages: SqliteStore, app: Starlette) -> None:
    assert ask(app, "/healthz").json() == {"status": "ok", "epoch": "k7f2", "update": pages.position().update}
    text = ask(app, "/metrics").text
    for line in ("stayahead_feeds 24", "stayahead_feeds_failing 2", "stayahead_stories_live 22", "stayahead_queue 2"):
        assert f"\n{line}\n" in f"\n{text}"
    for line in text.splitlines():
        assert re.fullmatch(r"# (HELP|TYPE) stayahead_\w+ .+|stayahead_\w+ [0-9.e+]+", line)


def test_a_story_says_what_its_place_is_made_of(app: Starlette) -> None:
    stories = ask(app, "/v1/stories?limit=3").json()["stories"]
    for row in stories:
        score = ask(app, row["href"]).json()["story"]["score"]
        assert score["score"] == pytest.approx(
            (score["origins"] + score["countries"] + score["pace"]) * score["recency"], rel=1e-3
        )


def test_revisions_page_on_and_their_pieces_make_both_texts(pages: SqliteStore, app: Starlette) -> None:
    texts = [
        "Nine are missing.",
        "Eight are missing, police said.",
        "Eight are missing, police said.\nA ninth was found.",
    ]
    article = add_revised(pages, *texts, titles=["Nine missing", "Eight missing", "Eight missing"])
    first = ask(app, f"/v1/articles/{article}/revisions?limit=2").json()
    rest = ask(app, first["next"]).json()
    items = first["revisions"] + rest["revisions"]
    assert (rest["next"], [each["revision"] for each in items]) == (None, [2, 1, 0])
    older, newer = (
        "".join(piece["text"] for piece in items[1]["changes"] if piece["kind"] != kind)
        for kind in ("added", "removed")
    )
    assert (older, newer) == (texts[0], texts[1])
    assert (items[1]["words_removed"], items[1]["words_added"]) == (1, 3)
    assert [piece["text"] for piece in items[1]["title_changes"]] == ["Nine", "Eight", " missing"]
    assert (items[0]["title_changes"], items[0]["words_added"], items[2]["changes"]) == ([], 4, [])


def test_who_may_not_read_a_text_gets_no_difference_of_it(pages: SqliteStore) -> None:
    article = add_revised(pages, "Nine are missing.", "Eight are missing.", titles=["Nine missing", "Eight missing"])
    answer = ask(site(pages, settings=Settings(full_text="nobody")), f"/v1/articles/{article}/revisions")
    body = answer.json()
    assert (body["full_text"], len(body["revisions"])) == (False, 2)
    assert body["revisions"][0]["changes"] == []
    assert body["revisions"][0]["words_added"] == 0
    assert "are missing" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
