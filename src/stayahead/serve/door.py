"""Takes the owner's word as JSON: rulings and removals, answered with their updates, and sources to be asked now.

Who may knock, and in which form, the shield has judged before (`writes`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Annotated, Literal

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from stayahead.errors import DeskStopped, RulingError, UnknownArticle, UnknownSource, UnknownStory
from stayahead.model import RemovalReason, Ruling, RulingVerb, Update
from stayahead.ports import Door
from stayahead.serve import parameters, serialize
from stayahead.serve.api import answer
from stayahead.serve.bodies import read_body
from stayahead.serve.cursors import Cursor
from stayahead.serve.site import Site, site_of

WAIT_S = 30.0
"""For the desk; it may be busy, and just now starting."""
SPLIT_MOST = 2_000
"""Articles that one split names."""

POLL_WAIT_S = 25.0
"""For the servers asked: one request may take 20 s."""

_Id = Annotated[str, msgspec.Meta(pattern=f"^{parameters.ID}$")]


class RulingBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `/v1/rulings`."""

    verb: RulingVerb | Literal["undo"]
    story_id: _Id
    other_id: _Id | None = None
    article_ids: Annotated[tuple[_Id, ...], msgspec.Meta(max_length=SPLIT_MOST)] = ()


class RemovalBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `/v1/articles/ID/removal`."""

    reason: RemovalReason
    now: bool = False


class SourceRemovalBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `/v1/sources/removal`."""

    url: Annotated[str, msgspec.Meta(min_length=1, max_length=4_096)]


class NothingAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A body that says nothing."""


class PollBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `/v1/sources/poll`."""

    url: Annotated[str, msgspec.Meta(min_length=1, max_length=4_096)] | None


async def rulings(request: Request) -> Response:
    """`/v1/rulings`: the owner pins, unpins, hides, unhides, joins or splits a story, or takes the last ruling back.

    The body is `{"verb", "story_id"}`, with `other_id` to join and `article_ids` to split; `undo` is a verb, too. 409
    when it cannot be done, 404 for an id never given, 403 for who is not the owner, 400, 411, 413, 415, 422 for a body
    that is not right.
    """
    body = await read_body(request, RulingBody)
    has_other, has_articles = body.other_id is not None, bool(body.article_ids)
    if body.verb == "split" and not has_articles:
        raise HTTPException(422, "'split' needs 'article_ids': at least one article of the story, to leave it.")
    if has_other != (body.verb == "join") or has_articles != (body.verb == "split"):
        raise HTTPException(422, "'other_id' goes with 'join', 'article_ids' with 'split', and with no other verb.")
    site, door = site_of(request), _door(request)
    if body.verb == "undo":
        return await _answer(site, door.undo(body.story_id))
    ruling = Ruling(verb=body.verb, story_id=body.story_id, other_id=body.other_id or "", article_ids=body.article_ids)
    return await _answer(site, door.rule(ruling))


async def removal(request: Request) -> Response:
    """`/v1/articles/ID/removal`: the owner removes an article and all its words; for 30 days that can be taken back.

    The body is `{"reason"}`: `taken_down`, `source_removed`, `expired`, `legal`, `privacy` or `mistake`; with `"now":
    true` what it said is erased at once. 404 for an article that was never stored, 403 for who is not the owner, 400,
    411, 413, 415, 422 for a body that is not right.
    """
    body = await read_body(request, RemovalBody)
    removing = _door(request).remove(parameters.path_id(request), body.reason, now=body.now)
    return await _answer(site_of(request), removing)


async def source_removal(request: Request) -> Response:
    """`/v1/sources/removal`: the owner removes articles that no other source brought, some hundreds a request.

    The body is `{"url"}`, the feed's address as it is, or was, watched; watched it stays. Ask again until there are no
    `updates`. 403 for who is not the owner, 400, 411, 413, 415, 422 for a body that is not right.
    """
    body = await read_body(request, SourceRemovalBody)
    return await _answer(site_of(request), _door(request).remove_source(body.url))


async def restoration(request: Request) -> Response:
    """`/v1/articles/ID/removal`: the owner takes a removal back, and the article arrives once more, as it was.

    The body is `{}`. 409 when what it said is erased: after 30 days, or at once where that was asked. 404 for an
    article that was never stored, 403 for who is not the owner, 400, 411, 413, 415, 422 for a body that is not right.
    """
    await read_body(request, NothingAsked)
    return await _answer(site_of(request), _door(request).restore(parameters.path_id(request)))


async def source_poll(request: Request) -> Response:
    """`/v1/sources/poll`: the owner has a source asked now, or all of them, and hears what came of it.

    The body is `{"url"}`, null for all. What has not answered after 25 s is `asked`, and is taken in when it does. 404
    for an address that is not watched, 403 for who is not the owner, 400, 411, 413, 415, 422 for a body that is not
    right, 503 where no newsroom is at work.
    """
    body = await read_body(request, PollBody)
    polls = site_of(request).polls
    if polls is None:
        raise HTTPException(503, "No source can be asked here: no newsroom is at work.")
    try:
        polled = await polls.poll_now(body.url, wait_s=POLL_WAIT_S)
    except UnknownSource as error:
        raise HTTPException(404, str(error)) from error
    except DeskStopped as error:
        raise HTTPException(503, str(error)) from error
    return answer({"sources": [serialize.polled(each) for each in polled]})


def _door(request: Request) -> Door:
    door = site_of(request).door
    if door is None:
        raise HTTPException(503, "Nothing can be ruled about here: no desk is at work.")
    return door


async def _answer(site: Site, work: Awaitable[Sequence[Update]]) -> Response:
    try:
        # Not known whether it is done, when this ends: the desk goes on with what it has taken.
        async with asyncio.timeout(WAIT_S):
            updates = await work
    except RulingError as error:
        raise HTTPException(409, str(error)) from error
    except (UnknownStory, UnknownArticle) as error:
        raise HTTPException(404, str(error)) from error
    except DeskStopped as error:
        raise HTTPException(503, str(error)) from error
    except TimeoutError as error:
        message = "The desk is busy and may still do it; look at the story before you ask again."
        raise HTTPException(503, message) from error
    position = await site.position()
    items = [serialize.update(each, position.epoch, to=site.link) for each in updates]
    return answer({"cursor": str(Cursor(position.epoch, position.update)), "updates": items})
