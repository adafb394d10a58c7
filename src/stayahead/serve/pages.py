"""Answers people with pages: each endpoint reads the store, off the event loop, and draws a template."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from stayahead.analyze import read_query
from stayahead.errors import UnknownStory
from stayahead.model import (
    REASONS,
    Article,
    BlockKind,
    Counts,
    GoneStory,
    MovedStory,
    Position,
    SearchPage,
    SourceHealth,
    StoryRow,
    SummarySentence,
)
from stayahead.newsroom.policy import FRONT_STORIES
from stayahead.serve import formatting, parameters, serialize
from stayahead.serve.amendments import read_corrections
from stayahead.serve.facts import story_facts
from stayahead.serve.site import Site, site_of
from stayahead.serve.story_names import names_by_type, read_names
from stayahead.serve.validators import HTML, answer_and_keep, answer_at_once
from stayahead.serve.versions import VersionView, read_versions
from stayahead.serve.views import ARTICLES_ASKED, origins_view, story_view
from stayahead.stories.corrections import Correction
from stayahead.stories.summary import REPORTS_ASKED, summarize

LATEST_STORIES = 60
SEARCH_HITS = 30
ARTICLES_SHOWN = 200
RULINGS_SHOWN = 5
"""A story's articles on one page: 100 kB of it."""
TEASER_MOST = 300
VERSIONS_SHOWN = 10


async def front(request: Request) -> Response:
    """`/`: stories by weight.

    304 while nothing changed; without a story it says what it waits for.
    """
    site = site_of(request)
    now, position = site.clock.now(), await site.position()
    etag = site.etag(position, now, "front")
    if fresh := answer_at_once(request, site, etag, HTML):
        return fresh
    rows, sentences = await site.read(partial(_front, site, now))
    health: Sequence[SourceHealth] = ()
    if not rows:
        health = await site.read(partial(site.pages.health, now))
        etag = ""  # what an empty page says changes without an update
    values = {"rows": rows, "sentences": sentences, "sources": len(health), "no_network": no_network(health)}
    return await _page(site, "front.html", etag, now=now, position=position, topics="front", **values)


def _front(site: Site, now: datetime) -> tuple[Sequence[StoryRow], Sequence[SummarySentence]]:
    """The rows of the front page, and the summary of the first."""
    rows = site.pages.front(now, limit=FRONT_STORIES)
    head = rows[0].head if rows else None
    return rows, summarize(head, site.pages.reports(head.id, limit=REPORTS_ASKED)) if head else ()


async def latest(request: Request) -> Response:
    """`/latest?before=NUMBER`: stories by their last update, 60 at a time.

    304 while nothing changed; 400 when `before` is no update number.
    """
    site = site_of(request)
    before = parameters.whole_number(request, "before", default=0, most=10**15)
    now, position = site.clock.now(), await site.position()
    etag = site.etag(position, now, "latest", before)
    if fresh := answer_at_once(request, site, etag, HTML):
        return fresh
    rows = await site.read(partial(site.pages.latest, limit=LATEST_STORIES, before=before or None))
    older = rows[-1].number if len(rows) == LATEST_STORIES else 0
    topics = "" if before else "front"
    return await _page(
        site, "latest.html", etag, now=now, position=position, topics=topics, rows=rows, older=older, before=before
    )


async def story(request: Request) -> Response:
    """`/story/ID?before=PLACE`: a story with its summary, reports, copies and links; its articles 200 at a time.

    304 while nothing changed; 301 to the story that took it in; 400 when `before` is no place; 410 with its title when
    every article has left; 404 for an id never given.
    """
    site, story_id = site_of(request), parameters.path_id(request)
    before = parameters.place(request)
    now, position = site.clock.now(), await site.position()
    may_read = site.may_read(request)
    may_rule = site.may_rule(request)
    etag = site.etag(position, now, "story", story_id, before, may_read, may_rule)
    if fresh := answer_at_once(request, site, etag, HTML):
        return fresh
    try:
        answer = await site.read(partial(site.pages.story, story_id, limit=ARTICLES_SHOWN, before=before))
    except UnknownStory as error:
        raise HTTPException(404, "There is no story of that name, and there never was.") from error
    if isinstance(answer, MovedStory):
        return RedirectResponse(site.link(f"/story/{answer.id}"), 301, {"cache-control": "no-cache"})
    if isinstance(answer, GoneStory):
        html = await site.render("gone.html", now=now, position=position, topics="", story=answer)
        return HTMLResponse(html, 410, {"cache-control": "no-cache"})
    view = await site.draw(partial(story_view, answer, is_newest=before is None))
    corrected: tuple[Correction, ...] = ()
    if before is None and any(each.revision for each in answer.articles):
        corrected, _ = await site.differences.run(partial(read_corrections, site.pages, answer, site.amendments))
    topics = f"story:{story_id}" if before is None else ""
    rulings = await site.read(partial(site.log.rulings, story_id, limit=RULINGS_SHOWN))
    values = {"view": view, "may_read": may_read, "may_rule": may_rule, "reasons": REASONS}
    witnesses = await site.read(partial(site.claims.witnesses, story_id, limit=ARTICLES_ASKED)) if topics else ()
    voices = await site.draw(partial(origins_view, witnesses, origins=answer.head.parts.origins))
    claimed = await site.read(partial(site.claims.claims, story_id, limit=ARTICLES_ASKED)) if topics else ()
    quotes = (await site.quotes_of(story_id, answer.number)).ledger if topics else ()
    lay_out = partial(
        story_facts,
        claimed,
        quotes=quotes,
        origins=voices.origin_of,
        may_read=may_read,
        is_whole=view.is_whole,
    )
    values |= {"voices": voices, "facts": await site.draw(lay_out), "corrections": corrected, "rulings": rulings}
    names = await site.read(partial(read_names, site.claims, story_id)) if topics else ()
    values |= {"names": names_by_type(names)}
    return await _page(site, "story.html", etag, now=now, position=position, topics=topics, **values)


async def article(request: Request) -> Response:
    """`/article/ID`: the text as we read it, for whom the option full_text says; else a teaser and the link.

    404 when there is no such article, or its text is no longer kept; 410 when it was removed.
    """
    site, article_id = site_of(request), parameters.path_id(request)
    value = await site.read(partial(site.pages.article, article_id))
    if value is None:
        await refuse_gone(site, article_id)
        raise HTTPException(404, "There is no such article, or its text is no longer kept.")
    now, position = site.clock.now(), await site.position()
    may_read = site.may_read(request)
    versions: Sequence[VersionView] = ()
    if value.revision:
        read = partial(read_versions, site.pages, article_id, limit=VERSIONS_SHOWN, may_read=may_read)
        versions = (await site.differences.run(read)).views
    html = await site.render(
        "article.html",
        now=now,
        position=position,
        topics="",
        article=value,
        full=may_read,
        teaser=teaser(value),
        versions=versions,
    )
    return HTMLResponse(html, headers={"cache-control": "no-store", "x-robots-tag": "noindex"})


async def refuse_gone(site: Site, article_id: str) -> None:
    """Say of an article that was removed only that, and of which class the reason is.

    Raises:
        HTTPException: 410.
    """
    gone = await site.read(partial(site.pages.gone_article, article_id))
    if gone is not None:
        raise HTTPException(410, f"This article was removed: {REASONS.get(gone.reason, gone.reason)}.")


def teaser(value: Article) -> str:
    """The first two sentences, at most 300 characters: all that others see of a text."""
    text = next((block.text for block in value.page.blocks if block.kind is BlockKind.PARAGRAPH), "")
    first = formatting.sentence(text)
    second = formatting.sentence(text[len(first) :].lstrip())
    both = f"{first} {second}".strip()
    return both if len(both) <= TEASER_MOST else both[: TEASER_MOST - 1].rstrip() + "…"


async def search(request: Request) -> Response:
    """`/search?q=WORDS&before=TIME`: articles that hold what is asked for, newest first.

    400 when `q` is too long or `before` is no time with its zone.
    """
    site, query = site_of(request), parameters.query(request)
    before = parameters.time_or_place(request, "before")
    now, position = site.clock.now(), await site.position()
    may_read = site.may_read(request)
    etag = site.etag(position, now, "search", query, before, may_read)
    if fresh := answer_at_once(request, site, etag, HTML):
        return fresh
    asked = read_query(query)
    page: SearchPage | None = None
    older = ""
    if query:
        page = await site.read(partial(site.pages.search, query, limit=SEARCH_HITS, before=before))
        older = older_hits(site.link("/search"), page, q=query)
    return await _page(
        site,
        "search.html",
        etag,
        now=now,
        position=position,
        topics="",
        query=query,
        notes=asked.notes,
        looks_for_words=bool(asked.all_of),
        page=page,
        may_read=may_read,
        older=older,
    )


async def sources(request: Request) -> Response:
    """`/sources`: which source fails, since when, why, and what to do.

    Whole urls and refusals are told to the owner only.
    """
    site = site_of(request)
    now, position = site.clock.now(), await site.position()
    health, counts = await site.read(partial(_health, site, now))
    is_whole = site.may_read_addresses(request)
    every_s = site.settings.poll_every_s

    def make() -> list[serialize.Json]:
        return [
            serialize.source(each, whole_url=is_whole)
            | {"why_later": formatting.why_later(each.watched.state, poll_every_s=every_s)}
            for each in health
        ]

    rows = await site.draw(make)
    html = await site.render(
        "sources.html",
        now=now,
        position=position,
        topics="",
        rows=rows,
        counts=counts,
        failing=sum(row["state"] in {"failing", "gone"} for row in rows),
        no_network=no_network(health),
    )
    return HTMLResponse(html, headers={"cache-control": "no-store"})


async def robots(request: Request) -> Response:
    """`/robots.txt`: robots may read stories; texts and searches are not theirs.

    It reads nothing and always answers.
    """
    link = site_of(request).link
    lines = [
        "User-agent: *",
        *(f"Disallow: {link(path)}" for path in ("/article/", "/search", "/name/", "/live", "/v1/", "/owner")),
    ]
    return PlainTextResponse("\n".join(lines) + "\n", headers={"cache-control": "public, max-age=3600"})


async def static(request: Request) -> Response:
    """`/static/DIGEST/NAME`: kept for ever under its digest.

    404 for a name that is not there; under another digest it is answered, but not to be kept.
    """
    assets = site_of(request).assets
    return _file(request, request.path_params["name"], is_lasting=request.path_params["digest"] == assets.digest)


async def favicon(request: Request) -> Response:
    """`/favicon.ico`: the drawing of `/static/DIGEST/favicon.svg`.

    The same for everyone; it names no digest.
    """
    return _file(request, "favicon.svg", is_lasting=False)


def _file(request: Request, name: str, *, is_lasting: bool) -> Response:
    assets = site_of(request).assets
    asset = assets.files.get(name)
    if asset is None:
        raise HTTPException(404, "There is no such file.")
    etag = f'"{assets.digest}"'
    lifetime = "public, max-age=31536000, immutable" if is_lasting else "no-cache"
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"etag": etag, "cache-control": lifetime})
    media_type, content = asset
    return Response(content, media_type=media_type, headers={"etag": etag, "cache-control": lifetime})


def no_network(health: Sequence[SourceHealth]) -> bool:
    """Was every source asked in vain, without one answer of any kind? Then it is not the sources' fault."""
    states = [each.watched.state for each in health if each.watched.state.last_polled_at]
    return bool(states) and all(state.failures and not state.status and not state.last_ok_at for state in states)


def older_hits(path: str, page: SearchPage, **asked: str | int) -> str:
    """Where the next page of hits is; empty when there is none."""
    if page.before is None:
        return ""
    return f"{path}?{urlencode({**{name: value for name, value in asked.items() if value}, 'before': page.before})}"


def _health(site: Site, now: datetime) -> tuple[Sequence[SourceHealth], Counts]:
    return site.pages.health(now), site.pages.counts()


async def _page(
    site: Site, template: str, etag: str, *, now: datetime, position: Position, topics: str, **values: object
) -> Response:
    html = await site.render(template, now=now, position=position, topics=topics, **values)
    if not etag:
        return HTMLResponse(html, headers={"cache-control": "no-store"})
    return answer_and_keep(site, etag, html, HTML)
