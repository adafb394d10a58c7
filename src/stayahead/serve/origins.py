"""Who of a story speaks for itself, who repeats whom, and who had it first: folded when somebody asks."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from stayahead.model import StoryArticle
from stayahead.serve import parameters, serialize
from stayahead.serve.api import told
from stayahead.serve.claims import elsewhere
from stayahead.serve.cursors import Cursor
from stayahead.serve.site import site_of
from stayahead.stories import first_report as firsts
from stayahead.stories import spread as spreads

ARTICLES_MOST = 500


async def origins(request: Request) -> Response:
    """`/v1/stories/ID/origins?limit=`: who says so independently, who has it from whom and how much of it, who
    published it first and who followed, and the primary documents that are linked.

    301 where it merged; 410 when every article has left; 404 for an id never given; 400 for another limit. With `more`
    it is of the newest articles only.
    """
    site, story_id = site_of(request), parameters.path_id(request)
    limit = parameters.whole_number(request, "limit", default=200, least=1, most=ARTICLES_MOST)
    position = await site.position()
    found = await site.read(partial(site.claims.witnesses, story_id, limit=limit + 1))
    if not found and (answer := await elsewhere(site, story_id, "origins")):
        return answer
    witnesses = found[:limit]
    cursor = str(Cursor(position.epoch, position.update))

    def make() -> serialize.Json:
        spread = spreads.spread(witnesses)
        body = {
            "id": story_id,
            "articles": spread.articles,
            "publishers": spread.publishers,
            "owners": spread.owners,
            "origins": len(spread.origins),
            "sentence": spreads.sentence(spread),
            "origin_list": [_origin(each) for each in spread.origins],
            "ties": [_tie(each) for each in spread.ties],
            "first": _first(firsts.first_report(witnesses, spread)),
        }
        return {"cursor": cursor, **body, "more": len(found) > limit}

    return await told(site, make)


def _origin(value: spreads.Origin) -> serialize.Json:
    return {
        "name": value.name,
        "article_ids": list(value.article_ids),
        "publishers": value.publishers,
        "carried_by": list(value.carried_by),
    }


def _tie(value: spreads.Tie) -> serialize.Json:
    return {
        "kind": value.kind,
        "article_id": value.article_id,
        "source_id": value.source_id or None,
        "source": value.source,
        "share": value.share,
        "share_of_source": value.share_of_source,
    }


def _first(value: firsts.FirstReport | None) -> serialize.Json | None:
    if value is None:
        return None
    return {
        "sentence": firsts.sentence(value),
        "published": {**_named(value.published.article), "at": value.published.at, "trust": value.published.trust},
        "seen": {**_named(value.seen), "at": value.seen.seen_at},
        "chain": [
            {
                "origin": each.origin.name,
                **_named(each.first.article),
                "at": each.first.at,
                "trust": each.first.trust,
                "after_s": round(each.after.total_seconds()),
            }
            for each in value.chain
        ],
        "documents": [
            {
                "kind": each.document.kind,
                "url": each.document.url,
                "article_id": each.article.id,
                "block": each.block,
                "start": each.start,
                "end": each.end,
            }
            for each in value.documents
        ],
    }


def _named(article: StoryArticle) -> serialize.Json:
    return {"article_id": article.id, "publisher": article.publisher.name}
