"""What changed in a story since a reader last looked, for the page and the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from stayahead.model import ArticleClaims, Joined, Merged, Opened, Story, Update
from stayahead.serve import parameters, serialize
from stayahead.serve.amendments import read_corrections
from stayahead.serve.api import answer, told
from stayahead.serve.claims import elsewhere
from stayahead.serve.corrections import correction_line
from stayahead.serve.cursors import Cursor, parse_cursor
from stayahead.serve.site import Site, site_of
from stayahead.serve.withheld import without_words
from stayahead.stories.since import Changes, News, NewSentence, Report, changes

ARTICLES_MOST = 200
"""Newest articles of the story whose claims are laid side by side."""
TEXTS_MOST = 60
"""Newest of them whose texts are read for new sentences."""
CHARS_MOST = 1_000_000
UPDATES_MOST = 2_000
"""Updates of one story that one answer goes through; with more since then it says that it is not complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What changed, and whether that is all."""

    changes: Changes
    is_complete: bool
    """The log reaches back to that number, and all of the story was read."""


async def story_changes(request: Request) -> Response:
    """`/v1/stories/ID/changes?since=CURSOR`: what is new in the story since that cursor, new facts first.

    301 where the story merged; 404 for an id never given; 410 when every article has left, and for a cursor of another
    database: read the story and go on from its cursor; 400 without a cursor. Who may not read full texts is told no
    sentences of them.
    """
    site, story_id = site_of(request), parameters.path_id(request)
    since = parse_cursor(request.query_params.get("since", ""))
    if since is None:
        raise HTTPException(400, "'since' must be a cursor as answers carry it: epoch-number.")
    position = await site.position()
    if other := await elsewhere(site, story_id, f"changes?since={since}"):
        return other
    cursor = str(Cursor(position.epoch, position.update))
    if since.epoch != position.epoch or since.number > position.update:
        message = "What changed since that cursor is not known here: read the story and go on from its cursor."
        return answer(
            serialize.error("cursor_gone", message, current=site.link(f"/v1/stories/{story_id}"), cursor=cursor), 410
        )
    may_read = site.may_read(request)
    found = await site.differences.run(partial(read_changes, site, story_id, after=since.number, may_read=may_read))

    def make() -> serialize.Json:
        return {"cursor": cursor, "id": story_id, **_json(found, may_read=may_read), "full_text": may_read}

    return await told(site, make)


def read_changes(site: Site, story_id: str, *, after: int, may_read: bool) -> Since:
    """What changed in a story after that update.

    Raises:
        UnknownStory: the id was never given.
    """
    story = site.pages.story(story_id, limit=ARTICLES_MOST)
    if not isinstance(story, Story):
        return Since(changes=Changes(), is_complete=True)
    updates = site.log.updates_of(story_id, after=after, limit=UPDATES_MOST)
    then = site.log.last_update_of(story_id, upto=after)
    seen = _arrived(updates) | _came_along(site, updates)
    claimed = {each.article.id: each for each in site.claims.claims(story_id, limit=ARTICLES_MOST)}
    corrected, _ = read_corrections(site.pages, story, site.amendments)
    found = changes(
        _reports(site, story, new=seen, claimed=claimed, may_read=may_read),
        updates=updates,
        head=story.head,
        headline_before="" if then is None else then.story.headline,
        corrected=[each for each in corrected if then is not None and each.amended.read_at > then.at],
        quotes=site.quotes.of(story_id, story.number).ledger,
    )
    is_known = then is not None or (bool(updates) and isinstance(updates[0].change, Opened))
    is_complete = is_known and story.older is None and len(updates) < UPDATES_MOST
    return Since(changes=found, is_complete=is_complete)


def _arrived(updates: Sequence[Update]) -> set[str]:
    """The articles that came in those updates."""
    return {each.change.article_id for each in updates if isinstance(each.change, Opened | Joined)}


def _came_along(site: Site, updates: Sequence[Update]) -> set[str]:
    """The articles of stories that merged into it in those updates: new to who read this story alone."""
    merged = [each.change.other_id for each in updates if isinstance(each.change, Merged)]
    return {
        article_id
        for other in merged
        for article_id in _arrived(site.log.updates_of(other, after=0, limit=UPDATES_MOST))
    }


def _reports(
    site: Site, story: Story, *, new: set[str], claimed: dict[str, ArticleClaims], may_read: bool
) -> list[Report]:
    """The articles of the story with what they claim, the newest with their texts."""
    reports: list[Report] = []
    left = CHARS_MOST
    for place, article in enumerate(reversed(story.articles)):
        stored = site.pages.article(article.id) if may_read and place < TEXTS_MOST and left > 0 else None
        page = None if stored is None else stored.page
        left -= 0 if page is None else len(page.text)
        claims = claimed[article.id].claims if article.id in claimed else ()
        reports.append(Report(article=article, is_new=article.id in new, claims=claims, page=page))
    return reports


def _json(found: Since, *, may_read: bool) -> serialize.Json:
    told_of = found.changes
    return {
        "news": [_news(each, may_read=may_read) for each in told_of.news],
        "sentences": [_sentence(each) for each in told_of.sentences],
        "reports": told_of.reports,
        "copies": told_of.copies,
        "complete": found.is_complete,
    }


def _news(value: News, *, may_read: bool) -> serialize.Json:
    claim = value.claim
    line: serialize.Json = {
        "kind": value.kind,
        "at": value.at,
        "article_id": "" if value.article is None else value.article.id,
        "publisher": "" if value.article is None else value.article.publisher.name,
        "before": value.before,
        "after": value.after,
        "also": value.also,
    }
    if claim is not None:
        stands = claim.statement if may_read else without_words(claim.statement)
        line |= {"value": stands.value, "block": stands.block, "start": stands.start, "end": stands.end}
    if value.correction is not None:
        line["correction"] = correction_line(value.correction, may_read=may_read)
    return line


def _sentence(value: NewSentence) -> serialize.Json:
    return {
        "text": value.text,
        "article_id": value.article.id,
        "url": value.article.url,
        "publisher": value.article.publisher.name,
        "block": value.block,
        "start": value.start,
        "end": value.end,
    }
