"""What a story's reports corrected, who says so, and who still tells what was told before."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from stayahead.analyze.amendment import FactChange
from stayahead.model import Story
from stayahead.serve import parameters
from stayahead.serve.amendments import ARTICLES_MOST, read_corrections
from stayahead.serve.api import told
from stayahead.serve.claims import elsewhere
from stayahead.serve.cursors import Cursor
from stayahead.serve.serialize import Json
from stayahead.serve.site import site_of
from stayahead.stories.corrections import Correction


async def story_corrections(request: Request) -> Response:
    """`/v1/stories/ID/corrections`: which reports changed a figure, a name or a quote, or took themselves back.

    301 where the story merged; 410 when every article has left; 404 for an id never given. Who may not read full texts
    is told that a report was corrected and how gravely, and nothing of its words.
    """
    site, story_id = site_of(request), parameters.path_id(request)
    position = await site.position()
    if other := await elsewhere(site, story_id, "corrections"):
        return other
    story = await site.read(partial(site.pages.story, story_id, limit=ARTICLES_MOST))
    found: tuple[Correction, ...] = ()
    is_all = True
    if isinstance(story, Story):
        found, is_all = await site.differences.run(partial(read_corrections, site.pages, story, site.amendments))
    may_read = site.may_read(request)
    cursor = str(Cursor(position.epoch, position.update))

    def make() -> Json:
        lines = [correction_line(each, may_read=may_read) for each in found]
        return {"cursor": cursor, "id": story_id, "corrections": lines, "full_text": may_read, "complete": is_all}

    return await told(site, make)


def correction_line(value: Correction, *, may_read: bool) -> Json:
    """A correction as the API tells it; its words only to who may read full texts."""
    amended = value.amended
    changed = amended.amendment
    return {
        "article_id": amended.article.id,
        "publisher": amended.article.publisher.name,
        "revision": amended.revision,
        "read_at": amended.read_at,
        "severity": changed.severity.value,
        "note": changed.note or "",
        "facts": [_fact(each) for each in changed.facts] if may_read else [],
        "still_carried_by": [
            {"article_id": each.id, "publisher": each.publisher.name} for each in value.still_carried_by
        ],
    }


def _fact(value: FactChange) -> Json:
    return {
        "what": value.what,
        "before": value.before,
        "after": value.after,
        "stood_in": value.stood_in,
        "stands_in": value.stands_in,
    }
