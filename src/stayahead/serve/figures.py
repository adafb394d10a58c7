"""A story's figures as JSON: for each slot the range now, the latest, who says which, what rose and what disagrees."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from stayahead.model import Figure
from stayahead.serve import parameters
from stayahead.serve.api import told
from stayahead.serve.claims import ARTICLES_MOST, elsewhere
from stayahead.serve.cursors import Cursor
from stayahead.serve.serialize import Json
from stayahead.serve.site import site_of
from stayahead.serve.withheld import for_everybody
from stayahead.stories.figures import FigureLine, SlotFigures, figure_ledger

KIND = "figures"
LINES_MOST = 100
"""Lines of one slot in an answer, the newest."""


async def figures(request: Request) -> Response:
    """`/v1/stories/ID/figures?limit=`: what the story's newest articles say in figures, slot by slot, each line with
    the place of its sentence, and who is at odds with whom; `not_analysed` lists articles of which it is not known.

    301 where it merged; 410 when every article has left; 404 for an id never given; 400 for another limit. Who may not
    read a text is told the numbers, and no word of it.
    """
    site, story_id = site_of(request), parameters.path_id(request)
    limit = parameters.whole_number(request, "limit", default=50, least=1, most=ARTICLES_MOST)
    position = await site.position()
    found = await site.read(partial(site.claims.claims, story_id, kind=KIND, limit=limit + 1))
    if not found and (other := await elsewhere(site, story_id, KIND)):
        return other
    may_read = site.may_read(request)
    articles = found[:limit] if may_read else [for_everybody(each) for each in found[:limit]]
    cursor = str(Cursor(position.epoch, position.update))

    def make() -> Json:
        ledger = figure_ledger(articles)
        return {
            "cursor": cursor,
            "id": story_id,
            "full_text": may_read,
            "figures": [slot_figures(ledger[slot]) for slot in sorted(ledger)],
            "not_analysed": [each.article.id for each in articles if not each.is_analysed],
            "more": len(found) > limit,
        }

    return await told(site, make)


def slot_figures(value: SlotFigures) -> Json:
    """One slot."""
    return {
        "slot": value.slot,
        "low": value.low,
        "high": value.high,
        "latest": None if value.latest is None else _line(value.latest),
        "lines": [_line(line) for line in value.lines[:LINES_MOST]],
        "lines_in_all": len(value.lines),
        "revisions": [
            {"before": _line(each.before), "line": _line(each.line), "is_increase": each.is_increase}
            for each in value.revisions
        ],
        "conflicts": [{"one": _line(each.one), "other": _line(each.other)} for each in value.conflicts],
    }


def _line(value: FigureLine) -> Json:
    article, stands = value.article, value.claim.statement
    return {
        **_numbers(value.figure),
        "is_leading": value.is_leading,
        "article_id": article.id,
        "publisher": article.publisher.name,
        "origin": value.origin,
        "placed_at": article.placed_at,
        "block": stands.block,
        "start": stands.start,
        "end": stands.end,
    }


def _numbers(value: Figure) -> Json:
    return {
        "low": value.low,
        "high": value.high,
        "hedge": value.hedge,
        "unit": value.unit,
        "is_increment": value.is_increment,
        "place": value.place,
        "as_of": value.as_of,
        "cited": value.cited,
    }
