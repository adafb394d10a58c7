"""What a story's reports corrected, who says so, and who still tells what was told before."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from stayahead.analyze.amendment import FactChange
from stayahead.model import Story, StoryArticle
from stayahead.ports import Pages
from stayahead.serve import parameters
from stayahead.serve.api import told
from stayahead.serve.claims import elsewhere
from stayahead.serve.cursors import Cursor
from stayahead.serve.serialize import Json
from stayahead.serve.site import site_of
from stayahead.stories.corrections import Correction, History, corrections

ARTICLES_MOST = 200
"""Newest articles of a story that are looked through."""
VERSIONS_MOST = 6
"""Newest versions of an article that are compared, each with the one before it."""
CHARS_MOST = 2_000_000
"""Characters of texts that are read for one answer; what is older is left out, and the answer says so."""


async def story_corrections(request: Request) -> Response:
    """`/v1/stories/ID/corrections`: which reports changed a figure, a name or a quote, or took themselves back.

    301 where the story merged; 410 when every article has left; 404 for an id never given. Who may not read full texts
    is told that a report was corrected and how gravely, and nothing of its words.
    """
    site, story_id = site_of(request), parameters.path_id(request)
    position = await site.position()
    if other := await elsewhere(site, story_id, "corrections"):
        return other
    found, is_all = await site.differences.run(partial(read_corrections, site.pages, story_id))
    may_read = site.may_read(request)
    cursor = str(Cursor(position.epoch, position.update))

    def make() -> Json:
        lines = [correction_line(each, may_read=may_read) for each in found]
        return {"cursor": cursor, "id": story_id, "corrections": lines, "full_text": may_read, "complete": is_all}

    return await told(site, make)


def read_corrections(pages: Pages, story_id: str) -> tuple[tuple[Correction, ...], bool]:
    """The corrections among the story's newest articles, the newest first, and whether all of its texts were read."""
    story = pages.story(story_id, limit=ARTICLES_MOST)
    if not isinstance(story, Story):
        return (), True
    left = CHARS_MOST
    histories: list[History] = []
    texts: dict[StoryArticle, str] = {}
    for article in reversed(story.articles):
        if left <= 0:
            break
        versions = pages.versions(article.id, limit=VERSIONS_MOST if article.revision else 1)
        left -= sum(len(each.article.page.text) for each in versions)
        if versions:
            texts[article] = versions[0].article.page.text
        if len(versions) > 1:
            histories.append(History(article=article, versions=versions))
    return corrections(histories, others=texts), left > 0 and story.older is None


def correction_line(value: Correction, *, may_read: bool) -> Json:
    """A correction as the API tells it; its words only to who may read full texts."""
    changed = value.amendment
    return {
        "article_id": value.article.id,
        "publisher": value.article.publisher.name,
        "revision": value.revision,
        "read_at": value.read_at,
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
