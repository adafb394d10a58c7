"""What the door answers: the shape that openapi.json promises, a refusal for a person and a program, bounded waits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, get_args

import pytest

from stayahead.errors import DeskStopped, RulingError, UnknownArticle, UnknownStory
from stayahead.model import REASONS, Change, RemovalReason, Ruled, Ruling, RulingVerb, Split, Update
from stayahead.serve import door as endpoints
from stayahead.store import SqliteStore
from tests.serve_requests import OWNER, ask, site
from tests.serve_stories import NOW, head_of, story_of, world
from tests.unit.test_serve_api import check

ID = "abcdefgh23456723"


class Door:
    """Answers, or raises, what the test says; remembers what it heard."""

    def __init__(self, answer: Sequence[Update] | Exception = ()) -> None:
        self.answer = answer
        self.heard: list[object] = []

    async def rule(self, ruling: Ruling) -> Sequence[Update]:
        return self._hear(ruling)

    async def undo(self, story_id: str) -> Sequence[Update]:
        return self._hear(("undo", story_id))

    async def remove(self, article_id: str, reason: RemovalReason, *, now: bool = False) -> Sequence[Update]:
        return self._hear((article_id, reason, "now") if now else (article_id, reason))

    async def remove_source(self, feed_url: str) -> Sequence[Update]:
        return self._hear(("source", feed_url))

    async def restore(self, article_id: str) -> Sequence[Update]:
        return self._hear(("restore", article_id))

    def _hear(self, word: object) -> Sequence[Update]:
        self.heard.append(word)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def pages() -> Iterator[SqliteStore]:
    with world() as store:
        yield store


def _post(
    pages: SqliteStore, door: object, body: object, path: str = "/v1/rulings", *, method: str = "POST"
) -> tuple[int, Any]:
    content = body if isinstance(body, str) else json.dumps(body)
    answer = ask(site(pages, door=door), path, method=method, headers=OWNER, content=content)  # type: ignore[arg-type]  # None, too
    template = path.replace(ID, "{id}")
    document = ask(site(pages), "/v1/openapi.json").json()
    described = document["paths"][template][method.lower()]["responses"][str(answer.status_code)]
    if "$ref" in described:
        described = document["components"]["responses"][described["$ref"].rpartition("/")[2]]
    check(answer.json(), described["content"]["application/json"]["schema"], document)
    return answer.status_code, answer.json()


def test_an_answer_carries_the_updates_as_they_are_told_to_readers(pages: SqliteStore) -> None:
    story = story_of(pages, pages.front(NOW, limit=1)[0].head.id)
    part = story.articles[0]
    new = replace(head_of([part], part), id="partedpartedpart")
    said: tuple[Change, ...] = (
        Ruled(verb="split", other_id=new.id, article_ids=(part.id,)),
        Split(new_head=new, article_ids=(part.id,)),
    )
    updates = [Update(number=n, at=NOW, story=story.head, change=change) for n, change in enumerate(said, start=7)]
    door = Door(updates)
    body = {"verb": "split", "story_id": story.head.id, "article_ids": [part.id]}
    status, answer = _post(pages, door, body)
    assert status == 200
    assert door.heard == [Ruling(verb="split", story_id=story.head.id, article_ids=(part.id,))]
    assert [(each["kind"], each["number"]) for each in answer["updates"]] == [("ruled", 7), ("split", 8)]
    assert answer["updates"][0]["change"] == {
        "verb": "split",
        "other_id": new.id,
        "article_ids": [part.id],
        "undoes": 0,
    }
    assert answer["updates"][1]["change"]["new_id"] == new.id
    assert answer["cursor"] == f"k7f2-{pages.position().update}"


@pytest.mark.parametrize("verb", [*get_args(RulingVerb), "undo"])
def test_every_verb_reaches_the_door(pages: SqliteStore, verb: str) -> None:
    door = Door()
    body: dict[str, object] = {"verb": verb, "story_id": "a"}
    body |= {"other_id": "b"} if verb == "join" else {}
    body |= {"article_ids": ["c"]} if verb == "split" else {}
    assert _post(pages, door, body)[0] == 200
    assert len(door.heard) == 1


@pytest.mark.parametrize("reason", get_args(RemovalReason))
def test_every_reason_reaches_the_door_and_has_words(pages: SqliteStore, reason: str) -> None:
    door = Door()
    assert _post(pages, door, {"reason": reason}, f"/v1/articles/{ID}/removal")[0] == 200
    assert door.heard == [(ID, reason)]
    assert REASONS[reason]
    assert set(REASONS) == set(get_args(RemovalReason))


def test_a_removal_is_for_good_at_once_or_is_taken_back(pages: SqliteStore) -> None:
    door, path = Door(), f"/v1/articles/{ID}/removal"
    assert _post(pages, door, {"reason": "legal", "now": True}, path)[0] == 200
    assert _post(pages, door, {}, path, method="DELETE")[0] == 200
    assert _post(pages, door, {"reason": "legal"}, path, method="DELETE")[0] == 422
    assert door.heard == [(ID, "legal", "now"), ("restore", ID)]
    assert _post(pages, Door(RulingError("erased")), {}, path, method="DELETE")[0] == 409
    assert _post(pages, Door(UnknownArticle("never")), {}, path, method="DELETE")[0] == 404


def test_a_source_goes_through_the_door(pages: SqliteStore) -> None:
    door = Door()
    assert _post(pages, door, {"url": "https://a.example/feed"}, "/v1/sources/removal")[0] == 200
    assert _post(pages, door, {"url": ""}, "/v1/sources/removal")[0] == 422
    assert door.heard == [("source", "https://a.example/feed")]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "[]",
        {"verb": "pin"},
        {"verb": "shout", "story_id": "a"},
        {"verb": "pin", "story_id": 7},
        {"verb": "pin", "story_id": "no id/"},
        {"verb": "pin", "story_id": "a" * 65},
        {"verb": "pin", "story_id": "a", "other_id": "b"},
        {"verb": "undo", "story_id": "a", "article_ids": ["b"]},
        {"verb": "join", "story_id": "a"},
        {"verb": "split", "story_id": "a"},
        {"verb": "split", "story_id": "a", "article_ids": []},
        {"verb": "split", "story_id": "a", "article_ids": ["b"] * (endpoints.SPLIT_MOST + 1)},
        {"verb": "pin", "story_id": "a", "undoes": 3},
        {"verb": "pin", "story_id": "a", "stored": None},
    ],
)
def test_a_body_of_another_shape_is_refused_before_the_door(pages: SqliteStore, body: object) -> None:
    door = Door()
    status, answer = _post(pages, door, body)
    assert (status, answer["error"]["code"]) == (422, "bad_request")
    assert door.heard == []


def test_a_split_of_no_articles_is_told_what_it_lacks(pages: SqliteStore) -> None:
    _, answer = _post(pages, Door(), {"verb": "split", "story_id": "a", "article_ids": []})
    assert answer["error"]["message"].startswith("'split' needs 'article_ids'")


@pytest.mark.parametrize("body", ["", "{", "\x00", "verb=pin&story_id=a", '{"verb": "pin"'])
def test_what_is_no_json_is_refused(pages: SqliteStore, body: str) -> None:
    assert _post(pages, Door(), body)[0] == 400


@pytest.mark.parametrize("body", [{}, {"reason": "because I say so"}, {"reason": "legal", "words": "and so on"}])
def test_a_removal_has_a_reason_of_the_list_and_no_words(pages: SqliteStore, body: object) -> None:
    door = Door()
    assert _post(pages, door, body, f"/v1/articles/{ID}/removal")[0] == 422
    assert door.heard == []


@pytest.mark.parametrize(
    ("raised", "status", "code"),
    [
        (RulingError("story a sleeps"), 409, "refused"),
        (UnknownStory("a: no story has or had this id"), 404, "not_found"),
        (UnknownArticle("a: no article of this id is stored"), 404, "not_found"),
        (DeskStopped("the disk is full; make room"), 503, "unavailable"),
    ],
)
def test_a_refusal_is_told_as_it_was_said(pages: SqliteStore, raised: Exception, status: int, code: str) -> None:
    told, answer = _post(pages, Door(raised), {"verb": "pin", "story_id": "a"})
    assert (told, answer["error"]) == (status, {"code": code, "message": str(raised)})


def test_a_desk_that_does_not_come_to_it_is_waited_for_so_long(
    pages: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Busy(Door):
        async def rule(self, ruling: Ruling) -> Sequence[Update]:
            await asyncio.sleep(60)
            return ()

    monkeypatch.setattr(endpoints, "WAIT_S", 0.01)
    status, answer = _post(pages, Busy(), {"verb": "pin", "story_id": "a"})
    assert status == 503
    assert "may still do it" in answer["error"]["message"]


def test_without_a_desk_nothing_is_ruled(pages: SqliteStore) -> None:
    assert _post(pages, None, {"verb": "pin", "story_id": "a"})[0] == 503


def test_reading_the_door_is_no_way_in(pages: SqliteStore) -> None:
    for path in ("/v1/rulings", f"/v1/articles/{ID}/removal"):
        answer = ask(site(pages, door=Door()), path)
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
