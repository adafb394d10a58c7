"""A story's quotes laid together: what each person said, who carries it, and where reports do not agree."""

from __future__ import annotations

from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from stayahead.model import Story
from stayahead.serve import parameters, serialize
from stayahead.serve.api import told
from stayahead.serve.claims import elsewhere
from stayahead.serve.cursors import Cursor
from stayahead.serve.quote_ledgers import StoryQuotes
from stayahead.serve.site import Site, site_of
from stayahead.stories.quote_ledger import QuoteLedger, QuoteLine, QuoteTelling

LINES_MOST = 200
TELLINGS_MOST = 50
"""Articles listed under one quote; the rest are counted."""


async def quotes(request: Request) -> Response:
    """`/v1/stories/ID/quotes?limit=&before=QUOTE`: newest 2,000 quotes of the newest 200 articles, newest first.

    Each has who carries it, what else its words are, and other speakers. `next` is the address of older ones, null at
    the end. 301 where the story merged; 410 when every article has left; 404 for an id never given; 400 for another
    limit, or a quote that is no longer there. Who may not read texts is told who spoke where, and not the words.
    """
    site, story_id = site_of(request), parameters.path_id(request)
    limit = parameters.whole_number(request, "limit", default=50, least=1, most=LINES_MOST)
    position = await site.position()
    if other := await elsewhere(site, story_id, "quotes"):
        return other
    quoted = await ledger_of(site, story_id)
    ledger = quoted.ledger
    start = _start(ledger, request.query_params.get("before", ""))
    lines = ledger[start : start + limit]
    may_read = site.may_read(request)
    older = f"/v1/stories/{story_id}/quotes?limit={limit}&before={lines[-1].id}" if start + limit < len(ledger) else ""
    next_page = site.link(older) if older else None

    def make() -> serialize.Json:
        return {
            "cursor": str(Cursor(position.epoch, position.update)),
            "id": story_id,
            "quotes": [quote_line(line, may_read=may_read) for line in lines],
            "count": len(ledger),
            "not_analysed": list(quoted.not_analysed),
            "full_text": may_read,
            "more": not quoted.is_all,
            "next": next_page,
        }

    return await told(site, make, next_page=next_page)


async def ledger_of(site: Site, story_id: str) -> StoryQuotes:
    """The quotes of a story laid together, with nothing in it where the story is not there."""
    story = await site.read(partial(site.pages.story, story_id, limit=0))
    if not isinstance(story, Story):
        return StoryQuotes()
    return await site.quotes_of(story_id, story.number)


def _start(ledger: QuoteLedger, before: str) -> int:
    if not before:
        return 0
    place = next((at for at, line in enumerate(ledger) if line.id == before), None)
    if place is None:
        raise HTTPException(400, "'before' names no quote that is still there; read from the newest on.")
    return place + 1


def quote_line(line: QuoteLine, *, may_read: bool) -> serialize.Json:
    """A quote with who carries it; its words only for who may read texts."""
    return {
        "id": line.id,
        "words": line.words if may_read else None,
        "speaker": line.speaker,
        "role": line.role,
        "language": line.language,
        "first_at": line.tellings[0].article.placed_at,
        "tellings": [_telling(each, may_read=may_read) for each in line.tellings[:TELLINGS_MOST]],
        "articles": len({each.article.id for each in line.tellings}),
        "other_words": list(line.other_words) if may_read else [],
        "differs": bool(line.other_words),
        "speakers": list(line.speakers),
        "possibly": list(line.possibly),
    }


def _telling(telling: QuoteTelling, *, may_read: bool) -> serialize.Json:
    stands, quote = telling.claim.statement, telling.quote
    return {
        **serialize.quote(quote, may_read=may_read),
        "article_id": telling.article.id,
        "revision": telling.claim.revision,
        "url": telling.article.url,
        "publisher": telling.article.publisher.name,
        "placed_at": telling.article.placed_at,
        "block": stands.block,
        "start": stands.start,
        "end": stands.end,
    }
