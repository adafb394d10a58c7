"""A story's quotes laid together: what each person said, who carries it, and where reports do not agree."""

from __future__ import annotations

from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from stayahead.analyze import QUOTES
from stayahead.serve import parameters, serialize
from stayahead.serve.api import told
from stayahead.serve.claims import ARTICLES_MOST, elsewhere
from stayahead.serve.cursors import Cursor
from stayahead.serve.site import site_of
from stayahead.stories.quote_ledger import QuoteLedger, QuoteLine, QuoteTelling, quote_ledger

LINES_MOST = 200
TELLINGS_MOST = 50
"""Articles listed under one quote; the rest are counted."""


async def quotes(request: Request) -> Response:
    """`/v1/stories/ID/quotes?limit=&before=QUOTE`: the quotes of the story's newest 200 articles, the newest first.

    Each has who carries it, what else its words are, and other speakers. `next` is the address of older ones, null at
    the end. 301 where the story merged; 410 when every article has left; 404 for an id never given; 400 for another
    limit, or a quote that is no longer there. Who may not read texts is told who spoke where, and not the words.
    """
    site, story_id = site_of(request), parameters.path_id(request)
    limit = parameters.whole_number(request, "limit", default=50, least=1, most=LINES_MOST)
    position = await site.position()
    articles = await site.read(partial(site.claims.claims, story_id, kind=QUOTES, limit=ARTICLES_MOST + 1))
    if not articles and (answer := await elsewhere(site, story_id, "quotes")):
        return answer
    ledger = await site.draw(lambda: quote_ledger(articles[:ARTICLES_MOST]))
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
            "not_analysed": [each.article.id for each in articles if not each.is_analysed],
            "full_text": may_read,
            "more": len(articles) > ARTICLES_MOST,
            "next": next_page,
        }

    return await told(site, make, next_page=next_page)


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
