"""Who and what stories speak of: the names of a story, and for each name the stories and quotes that bear it.

A name has no index of its own. The search finds articles with its words in a row; a story counts where its reports
bear the name as a name (`stories/name_list`), so that `the storm` is nobody. All of it is bounded: so many hits, so
many stories, so many reports of each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from unicodedata import normalize
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stayahead.analyze import NAMES, NAMES_CHARS
from stayahead.errors import UnknownStory
from stayahead.model import ArticleClaims, NameType, Story, StoryHead
from stayahead.ports import Claims, Pages
from stayahead.serve import formatting, parameters, serialize
from stayahead.serve.api import told, told_to_all
from stayahead.serve.claims import ARTICLES_MOST, elsewhere
from stayahead.serve.cursors import Cursor
from stayahead.serve.quotes import quote_line
from stayahead.serve.site import Site, site_of
from stayahead.serve.validators import HTML, JSON, answer_and_keep, answer_at_once
from stayahead.stories.name_list import NAMES_MOST, NameLine, NameList, key_of, line_of, name_list
from stayahead.stories.quote_ledger import QuoteLine, quote_ledger
from stayahead.text import collapse, tokens

STORIES_LEAST = 3
"""Stories that bear a name before it has a page."""
STORIES_MOST = 24
"""Stories looked at for one page, the newest that the search finds."""
REPORTS_MOST = 40
"""Of each story its newest reports, for names and quotes."""
HITS_MOST = 100
SEARCHES_MOST = 3
"""Pages of hits read for one name: a story of hundreds of reports fills the first alone."""
QUOTES_MOST = 40
_NO_CACHE = {"cache-control": "no-cache"}
_QUOTES = dict.fromkeys(map(ord, '"“”„«»「」'), " ")
"""They would end the phrase that is searched for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedStory:
    """A story that bears a name."""

    head: StoryHead
    articles: int
    """How many of the reports that were looked at name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePage:
    """What the stories here tell of a name."""

    text: str
    """As most stories write it."""
    what: NameType
    stories: tuple[NamedStory, ...]
    """The newest first."""
    quotes: tuple[tuple[StoryHead, QuoteLine], ...]
    """What is said by who bears it, the newest first."""
    more: bool
    """The search had more to look at."""


# ── a story's names ──────────────────────────────────────────────────────────────────────────────────────────────────


async def names_of_story(request: Request) -> Response:
    """`/v1/stories/ID/names?limit=`: who and what the story's newest 200 articles name, those in most of them first.

    301 where the story merged; 410 when every article has left; 404 for an id never given; 400 for another limit.
    """
    site, story_id = site_of(request), parameters.path_id(request)
    limit = parameters.whole_number(request, "limit", default=50, least=1, most=NAMES_MOST)
    position = await site.position()
    articles = await site.read(partial(site.claims.claims, story_id, kind=NAMES, limit=ARTICLES_MOST + 1))
    if not articles and (answer := await elsewhere(site, story_id, "names")):
        return answer
    names = await site.draw(lambda: name_list(articles[:ARTICLES_MOST]))

    def make() -> serialize.Json:
        return {
            "cursor": str(Cursor(position.epoch, position.update)),
            "id": story_id,
            "names": [_line(line, site) for line in names[:limit]],
            "count": len(names),
            "not_analysed": [each.article.id for each in articles if not each.is_analysed],
            "more": len(articles) > ARTICLES_MOST,
        }

    return await told(site, make)


def _line(line: NameLine, site: Site) -> serialize.Json:
    return {
        "text": line.text,
        "what": line.what,
        "articles": line.articles,
        "forms": list(line.forms),
        "href": site.link(f"/v1/names/{quote(line.text, safe='')}"),
    }


# ── a name's stories ─────────────────────────────────────────────────────────────────────────────────────────────────


async def name(request: Request) -> Response:
    """`/name/NAME`: the stories whose reports bear a name, and what is quoted of who bears it, the newest first.

    304 while nothing changed; 302 to a search for its words where fewer than three stories bear it, hidden ones not
    counted; 404 for what can be no name.
    """
    site, asked = site_of(request), _asked(request)
    now, position, may_read = site.clock.now(), await site.position(), site.may_read(request)
    etag = site.etag(position, now, "name", asked, may_read)
    if fresh := answer_at_once(request, site, etag, HTML):
        return fresh
    page = await _page(site, asked)
    if page is None:
        # A story links every name that it has: who follows one finds at least the articles.
        return RedirectResponse(site.link("/search?" + urlencode({"q": f'"{asked}"'})), 302, _NO_CACHE)
    values = {"name": page, "may_read": may_read}
    html = await site.render("name.html", now=now, position=position, topics="", **values)
    return answer_and_keep(site, etag, html, HTML)


async def name_data(request: Request) -> Response:
    """`/v1/names/NAME`: the stories whose reports bear a name, and what is quoted of who bears it, the newest first.

    304 while nothing changed; 404 for a name that fewer than three stories bear, hidden ones not counted. Who may not
    read texts is told who spoke where, and not the words.
    """
    site, asked = site_of(request), _asked(request)
    now, position, may_read = site.clock.now(), await site.position(), site.may_read(request)
    etag = site.etag(position, now, "v1/name", asked, may_read)
    if fresh := answer_at_once(request, site, etag, JSON):
        return fresh
    page = await _page(site, asked)
    if page is None:
        raise HTTPException(404, f"Fewer than {STORIES_LEAST} stories here bear that name; /v1/search finds articles.")

    def make() -> serialize.Json:
        return {
            "cursor": str(Cursor(position.epoch, position.update)),
            "name": page.text,
            "what": page.what,
            "stories": [
                {"story": serialize.head(each.head, site.link), "articles": each.articles} for each in page.stories
            ],
            "quotes": [
                {"story_id": head.id, "quote": quote_line(line, may_read=may_read)} for head, line in page.quotes
            ],
            "full_text": may_read,
            "more": page.more,
        }

    return await told_to_all(site, etag, make)


def _asked(request: Request) -> str:
    """The name in the path, composed and without what could disguise it; what can be none is not found."""
    text = collapse(formatting.plain(normalize("NFC", str(request.path_params["name"])).translate(_QUOTES)))
    if not tokens(text) or len(text) > NAMES_CHARS or not key_of(text):
        raise HTTPException(404, "That is no name that a story could bear.")
    return text


async def _page(site: Site, asked: str) -> NamePage | None:
    # One at a time: a name that everybody bears costs the reading of some hundred texts.
    return await site.differences.run(partial(read_name, site.pages, site.claims, asked))


def read_name(pages: Pages, claims: Claims, asked: str) -> NamePage | None:
    """What the stories here tell of a name; None where fewer than three bear it."""
    is_last, ids = _candidates(pages, asked)
    stories: list[NamedStory] = []
    quotes: list[tuple[StoryHead, QuoteLine]] = []
    spellings: Counter[str] = Counter()
    votes: Counter[NameType] = Counter()
    for story_id in ids:
        head = _shown(pages, story_id)
        if head is None:
            continue
        reports = claims.claims(story_id, limit=REPORTS_MOST)
        line = _borne(name_list(reports), asked)
        if line is None:
            continue
        stories.append(NamedStory(head=head, articles=line.articles))
        spellings[line.text] += 1
        votes[line.what] += bool(line.what)
        quotes += ((head, each) for each in _said(reports, line))
    if len(stories) < STORIES_LEAST:
        return None
    what = max(votes, key=lambda each: (votes[each], each)) if votes.total() else ""
    return NamePage(
        text=min(spellings, key=lambda text: (-spellings[text], text)),
        what=what,
        stories=tuple(sorted(stories, key=lambda each: (each.head.parts.latest_at, each.head.id), reverse=True)),
        quotes=tuple(sorted(quotes, key=_place, reverse=True)[:QUOTES_MOST]),
        more=not is_last or len(ids) == STORIES_MOST,
    )


def _place(said: tuple[StoryHead, QuoteLine]) -> tuple[datetime, str]:
    return said[1].tellings[0].article.placed_at, said[1].id


def _candidates(pages: Pages, asked: str) -> tuple[bool, list[str]]:
    """Whether the search has no more, and the stories of its newest hits."""
    ids: dict[str, None] = {}
    before: datetime | int | None = None
    for _ in range(SEARCHES_MOST):
        found = pages.search(f'"{asked}"', limit=HITS_MOST, before=before)
        ids |= dict.fromkeys(hit.story_id for hit in found.hits)
        before = found.before
        if before is None or len(ids) >= STORIES_MOST:
            break
    return before is None, list(ids)[:STORIES_MOST]


def _shown(pages: Pages, story_id: str) -> StoryHead | None:
    """The story, unless it moved, went or is hidden."""
    try:
        story = pages.story(story_id, limit=0)
    except UnknownStory:
        return None
    return story.head if isinstance(story, Story) and not story.head.hidden else None


def _borne(names: NameList, asked: str) -> NameLine | None:
    """The name as the story bears it. One word is only itself: the `Lee` of two stories may be two people."""
    line = line_of(names, asked)
    key = key_of(asked)
    return line if line is not None and (" " in key or key_of(line.text) == key) else None


def _said(reports: Sequence[ArticleClaims], line: NameLine) -> Iterator[QuoteLine]:
    keys = line.keys
    return (each for each in quote_ledger(reports) if each.speaker and key_of(each.speaker) in keys)
