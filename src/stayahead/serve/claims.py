"""What a story's articles claim, sentence by sentence, and the ledgers that are folded from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stayahead.errors import UnknownStory
from stayahead.model import (
    STATEMENTS,
    TITLE,
    ArticleClaims,
    Claim,
    GoneStory,
    MovedStory,
    StoryAnswer,
)
from stayahead.ports import Pages
from stayahead.serve import parameters, serialize
from stayahead.serve.api import answer, told
from stayahead.serve.cursors import Cursor
from stayahead.serve.site import Site, site_of
from stayahead.serve.withheld import without_words

ARTICLES_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A claim with the words of its sentence, where they are kept and this reader may read them."""

    claim: Claim
    text: str | None


async def claims(request: Request) -> Response:
    """`/v1/stories/ID/claims?kind=&limit=`: what the story's newest articles claim, each claim with its sentence, and
    the ledgers folded from it; `not_analysed` lists articles of which it is not known.

    301 where it merged; 410 when every article has left; 404 for an id never given; 400 for another kind or limit. Who
    may not read a text is told where its sentence stands, and not its words.
    """
    site, story_id = site_of(request), parameters.path_id(request)
    kind = request.query_params.get("kind") or None
    if kind is not None and kind not in STATEMENTS:
        raise HTTPException(400, f"'kind' must be one of {', '.join(STATEMENTS)}.")
    limit = parameters.whole_number(request, "limit", default=50, least=1, most=ARTICLES_MOST)
    position = await site.position()
    found = await site.read(partial(site.claims.claims, story_id, kind=kind, limit=limit + 1))
    if not found and (other := await elsewhere(site, story_id, "claims")):
        return other
    articles = found[:limit]
    may_read = site.may_read(request)
    shown = await site.read(lambda: [each for one in articles for each in shown_claims(one, site.pages, may_read)])
    cursor = str(Cursor(position.epoch, position.update))

    def make() -> serialize.Json:
        body = serialize.claims(story_id, articles, [(each.claim, each.text) for each in shown])
        return {"cursor": cursor, **body, "full_text": may_read, "more": len(found) > limit}

    return await told(site, make)


async def elsewhere(site: Site, story_id: str, reading: str) -> Response | None:
    """What the address of that reading answers where there is no story of that id; None: there is one.

    Raises:
        HTTPException: 404, the id was never given.
    """
    try:
        told: StoryAnswer = await site.read(partial(site.pages.story, story_id, limit=0))
    except UnknownStory as error:
        raise HTTPException(404, "There is no story of that id, and there never was.") from error
    match told:
        case MovedStory():
            return RedirectResponse(site.link(f"/v1/stories/{told.id}/{reading}"), 301, {"cache-control": "no-cache"})
        case GoneStory():
            return answer(serialize.gone(told), 410)
        case _:
            return None


def shown_claims(of: ArticleClaims, pages: Pages, may_read: bool) -> list[Shown]:  # noqa: FBT001 - whether, not how
    """An article's claims; its text is read once, and only where some claim stands in it."""
    article = None
    if may_read and any(claim.statement.block != TITLE for claim in of.claims):
        article = pages.article(of.article.id)
    blocks = article.page.blocks if article is not None and article.revision == of.article.revision else ()
    shown: list[Shown] = []
    for claim in of.claims:
        stands, told_of = claim.statement, claim
        block = of.article.title if stands.block == TITLE else None
        if 0 <= stands.block < len(blocks):
            block = blocks[stands.block].text
        if not may_read and stands.block != TITLE:
            told_of = replace(claim, statement=without_words(stands))
        shown.append(Shown(claim=told_of, text=None if block is None else block[stands.start : stands.end]))
    return shown
