"""Answers programs under /v1, in JSON: `serialize` has the shapes, openapi.json describes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import cast

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stayahead.analyze import read_query
from stayahead.errors import UnknownStory
from stayahead.model import GoneStory, MovedStory
from stayahead.serve import parameters, serialize
from stayahead.serve.cursors import Cursor, parse_cursor, place_text
from stayahead.serve.pages import older_hits, refuse_gone
from stayahead.serve.site import Site, site_of
from stayahead.serve.validators import JSON, answer_and_keep, answer_at_once
from stayahead.serve.versions import read_versions

STORIES_MOST = 200
UPDATES_MOST = 500
ARTICLES_TOLD = 200
"""A story's articles in one answer, where no limit is asked for: 130 kB of it."""
ARTICLES_MOST = 500
HITS_SHOWN = 30
HITS_MOST = 100
REVISIONS_MOST = 20
OFFSET_MOST = 10_000
_ORDERS = ("front", "latest")


class JsonResponse(Response):
    """Any JSON-ready value that is small enough to be encoded where we are."""

    media_type = JSON

    def render(self, content: object) -> bytes:
        """The bytes."""
        return encoded(content)


def encoded(content: object) -> bytes:
    """A value as JSON; `<` is escaped, so that the text is harmless wherever it is pasted."""
    return msgspec.json.encode(content).replace(b"<", b"\\u003c")


def answer(content: object, status: int = 200) -> Response:
    """A small value that may change with the next update."""
    return JsonResponse(content, status, {"cache-control": "no-cache"})


async def told(site: Site, make: Callable[[], object], *, next_page: str | None = None) -> Response:
    """What is made, on a thread, for this reader alone: kept by nobody."""
    body = await site.draw(lambda: encoded(make()))
    link = {"link": f'<{next_page}>; rel="next"'} if next_page else {}
    return Response(body, media_type=JSON, headers={"cache-control": "no-store", **link})


async def told_to_all(
    site: Site, etag: str, make: Callable[[], serialize.Json], *, next_page: str | None = None
) -> Response:
    """What is made, on a thread, and kept for who asks the same; with the address of the next page beside it."""
    body = await site.draw(lambda: encoded(make()))
    return answer_and_keep(site, etag, body, JSON, next_page=next_page or "")


@cache
def description() -> serialize.Json:
    """The OpenAPI document."""
    return cast("serialize.Json", json.loads((Path(__file__).parent / "openapi.json").read_text("utf-8")))


async def index(request: Request) -> Response:
    """`/v1`: where to go from here.

    It reads nothing and always answers.
    """
    site = site_of(request)
    paths = ("/v1/stories", "/v1/updates", "/v1/sources", "/v1/search?q=", "/v1/openapi.json", "/live?topics=front")
    return answer({"name": site.settings.site_name, "version": "v1", "links": [site.link(path) for path in paths]})


async def openapi(request: Request) -> Response:
    """`/v1/openapi.json`: the API described whole, as an OpenAPI 3.1 document.

    It reads nothing and always answers.
    """
    return answer({**description(), "servers": [{"url": site_of(request).link("/")}]})


async def stories(request: Request) -> Response:
    """`/v1/stories?order=front|latest&limit=&offset=&before=`: stories by weight, paged by `offset`, or by their
    last update, paged by `before`.

    400 for another order, or numbers out of bounds; `next` is the address of the next page, null at the end.
    """
    site = site_of(request)
    order = request.query_params.get("order", "front")
    if order not in _ORDERS:
        raise HTTPException(400, f"'order' must be one of {', '.join(_ORDERS)}.")
    limit = parameters.whole_number(request, "limit", default=50, least=1, most=STORIES_MOST)
    offset = parameters.whole_number(request, "offset", default=0, most=OFFSET_MOST)
    before = parameters.whole_number(request, "before", default=0, most=10**15)
    now, position = site.clock.now(), await site.position()
    etag = site.etag(position, now, "v1/stories", order, limit, offset, before)
    if fresh := answer_at_once(request, site, etag, JSON):
        return fresh
    if order == "front":
        rows = await site.read(partial(site.pages.front, now, limit=limit, offset=offset))
        more = f"/v1/stories?order=front&limit={limit}&offset={offset + limit}"
    else:
        rows = await site.read(partial(site.pages.latest, limit=limit, before=before or None))
        more = f"/v1/stories?order=latest&limit={limit}&before={rows[-1].number if rows else 0}"
    next_page = site.link(more) if len(rows) == limit else None
    cursor = str(Cursor(position.epoch, position.update))

    def make() -> serialize.Json:
        return {"cursor": cursor, "stories": [serialize.row(row, site.link) for row in rows], "next": next_page}

    return await told_to_all(site, etag, make, next_page=next_page)


async def story(request: Request) -> Response:
    """`/v1/stories/ID?limit=&before=PLACE`: one story with its newest articles, and a `summary`: sentences of its
    reports, each with its source.

    `next` is the address of the page of older articles, null at the end. 304 while nothing changed; 301 where it
    merged; 400 for another limit or place; 410 with id and headline when every article has left; 404 for an id never
    given.
    """
    site, story_id = site_of(request), parameters.path_id(request)
    limit = parameters.whole_number(request, "limit", default=ARTICLES_TOLD, least=1, most=ARTICLES_MOST)
    before = parameters.place(request)
    now, position = site.clock.now(), await site.position()
    etag = site.etag(position, now, "v1/story", story_id, limit, before)
    if fresh := answer_at_once(request, site, etag, JSON):
        return fresh
    try:
        result = await site.read(partial(site.pages.story, story_id, limit=limit, before=before))
    except UnknownStory as error:
        raise HTTPException(404, "There is no story of that id, and there never was.") from error
    if isinstance(result, MovedStory):
        return RedirectResponse(site.link(f"/v1/stories/{result.id}"), 301, {"cache-control": "no-cache"})
    if isinstance(result, GoneStory):
        return answer(serialize.gone(result), 410)
    older = result.older
    more = f"/v1/stories/{story_id}?limit={limit}&before={place_text(older)}" if older else ""
    next_page = site.link(more) if more else None
    cursor = str(Cursor(position.epoch, position.update))

    def make() -> serialize.Json:
        return {"cursor": cursor, "story": serialize.story(result, now, to=site.link), "next": next_page}

    return await told_to_all(site, etag, make, next_page=next_page)


async def updates(request: Request) -> Response:
    """`/v1/updates?after=CURSOR&limit=`: what changed since, oldest first; every answer names the next cursor.

    400 when `after` is no cursor; 410 when what came after it is no longer known: read the current state and go on from
    its cursor.
    """
    site = site_of(request)
    limit = parameters.whole_number(request, "limit", default=100, least=1, most=UPDATES_MOST)
    text = request.query_params.get("after", "")
    position = await site.position()
    after = parse_cursor(text) if text else Cursor(position.epoch, 0)
    if after is None:
        raise HTTPException(400, "'after' must be a cursor as answers carry it: epoch-number.")
    page = None
    if after.epoch == position.epoch and after.number <= position.update:
        page = await site.read(partial(site.pages.updates, after=after.number, limit=limit))
    if page is None:
        cursor = str(Cursor(position.epoch, position.update))
        message = "Updates since that cursor are not known here: read the current state and go on from its cursor."
        return answer(serialize.error("cursor_gone", message, current=site.link("/v1/stories"), cursor=cursor), 410)
    known, more = page, len(page) == limit
    last = str(Cursor(position.epoch, known[-1].number if known else after.number))

    def make() -> serialize.Json:
        items = [serialize.update(each, position.epoch, to=site.link) for each in known]
        return {"cursor": last, "updates": items, "more": more}

    next_page = site.link(f"/v1/updates?limit={limit}&after={last}") if more else None
    return await told(site, make, next_page=next_page)


async def sources(request: Request) -> Response:
    """`/v1/sources`: every watched feed and how it does.

    Whole urls are told to the owner only.
    """
    site = site_of(request)
    health = await site.read(partial(site.pages.health, site.clock.now()))
    is_whole = site.may_read_addresses(request)
    return await told(site, lambda: {"sources": [serialize.source(each, whole_url=is_whole) for each in health]})


async def search(request: Request) -> Response:
    """`/v1/search?q=WORDS&before=TIME&limit=&language=`: articles that hold what is asked for, newest first.

    400 without a word, or when `before`, `limit` or `language` is off.
    """
    site, words = site_of(request), parameters.query(request)
    if not words:
        raise HTTPException(400, "'q' must hold at least one word.")
    before = parameters.time_or_place(request, "before")
    limit = parameters.whole_number(request, "limit", default=HITS_SHOWN, least=1, most=HITS_MOST)
    language = request.query_params.get("language", "")
    if language and not (language.isascii() and language.isalpha() and len(language) == 2):
        raise HTTPException(400, "'language' must be an ISO 639-1 code such as 'en'.")
    read = partial(site.pages.search, words, limit=limit, before=before, language=language.lower())
    page = await site.read(read)
    asked = limit if limit != HITS_SHOWN else 0
    more = older_hits(site.link("/v1/search"), page, q=words, limit=asked, language=language)
    may_read = site.may_read(request)

    def make() -> serialize.Json:
        return {
            "query": words,
            "notes": list(read_query(words).notes),
            "words": sorted(page.words),
            "beginnings": list(page.beginnings),
            "hits": [serialize.hit(hit, site.link, may_read=may_read) for hit in page.hits],
            "next": more or None,
        }

    return await told(site, make, next_page=more)


async def revisions(request: Request) -> Response:
    """`/v1/articles/ID/revisions?limit=&before=`: every kept version of an article, newest first, with a word-level
    difference to the one before it.

    404 when there is no such article, 410 when it was removed; who may not read a text is told when it changed, and
    nothing of what. An answer ends early where the texts are long.
    """
    site, article_id = site_of(request), parameters.path_id(request)
    limit = parameters.whole_number(request, "limit", default=10, least=1, most=REVISIONS_MOST)
    before = parameters.whole_number(request, "before", default=0, most=10**9)
    may_read = site.may_read(request)

    read = partial(read_versions, site.pages, article_id, limit=limit, before=before or None, may_read=may_read)
    shown = await site.differences.run(read)
    if not shown.views and await site.read(partial(site.pages.article, article_id)) is None:
        await refuse_gone(site, article_id)
        raise HTTPException(404, "There is no such article, or it is no longer kept.")
    last = shown.views[-1].revision if shown.views else 0
    here = site.link(f"/v1/articles/{article_id}/revisions")
    more = f"{here}?limit={limit}&before={last}" if shown.has_more else None

    def make() -> serialize.Json:
        items = [serialize.revision(view) for view in shown.views]
        return {"id": article_id, "full_text": may_read, "revisions": items, "next": more}

    return await told(site, make, next_page=more)
