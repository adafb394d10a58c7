"""Puts the site together: which address leads to which endpoint, what stands before them all, how errors look."""

from __future__ import annotations

from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from stayahead.config import Settings, site_address
from stayahead.errors import StoreError
from stayahead.model import Position
from stayahead.ports import Claims, Clock, Door, Pages, Polls, StoryLog
from stayahead.serve import api, monitoring, serialize, sessions
from stayahead.serve import pages as html
from stayahead.serve.amendments import Amendments
from stayahead.serve.claims import claims as claims_of_story
from stayahead.serve.corrections import story_corrections
from stayahead.serve.delivery import Delivery
from stayahead.serve.door import removal, restoration, rulings, source_poll, source_removal
from stayahead.serve.figures import figures as figures_of_story
from stayahead.serve.kept_bytes import KeptBytes
from stayahead.serve.keys import Keys
from stayahead.serve.links import Link, SubPath, require_no_route
from stayahead.serve.live import LiveHub
from stayahead.serve.named import name, name_data, names_of_story
from stayahead.serve.origins import origins as origins_of_story
from stayahead.serve.peers import IsOurs, is_our_users
from stayahead.serve.quote_ledgers import QuoteLedgers
from stayahead.serve.quotes import quotes
from stayahead.serve.read_threads import ReadThreads, SharedRead
from stayahead.serve.shield import SECURITY_HEADERS, Shield
from stayahead.serve.since import story_changes
from stayahead.serve.site import (
    ANSWERS_KEPT_BYTES,
    DRAWS_AT_ONCE,
    MONITORS_AT_ONCE,
    DeskState,
    Site,
    Status,
    load_assets,
    load_templates,
    site_of,
)
from stayahead.serve.stream import live
from stayahead.serve.turns import Turns
from stayahead.serve.writes import READING

_TITLES = {
    400: "That cannot be asked",
    404: "Not found",
    405: "Not that way",
    410: "Gone",
    500: "Our mistake",
    503: "Not just now",
}
_CODES = {
    400: "bad_request",
    403: "not_owner",
    404: "not_found",
    405: "method_not_allowed",
    409: "refused",
    410: "gone",
    422: "bad_request",
    429: "too_many",
    500: "internal",
    503: "unavailable",
}


def create_app(
    pages: Pages,
    *,
    claims: Claims,
    log: StoryLog,
    settings: Settings,
    clock: Clock,
    hub: LiveHub,
    status: Status | None = None,
    desk: DeskState | None = None,
    door: Door | None = None,
    polls: Polls | None = None,
    token: str = "",
    keys: Keys | None = None,
    is_ours: IsOurs = is_our_users,
) -> Starlette:
    """The whole site.

    Args:
        pages: what readers read; called from threads.
        claims: what articles claim, in the same way.
        log: what became of single stories, in the same way.
        settings: site_name, host, public_url, host_names, trusted_proxies and full_text are used.
        clock: says `now` for the front page and the times on every page.
        hub: the live stream, to which the loop publishes.
        status: gauges of the running service for `/metrics`, by name.
        desk: how the desk does, for `/readyz`; None: none is at work.
        door: where the owner's word goes; None: it is taken nowhere.
        polls: where sources are asked at once; None: nowhere.
        token: of the owner's programs, without which they change nothing.
        keys: of the owner's browsers; None: none is theirs.
        is_ours: whose a connection from this machine is.
    """
    assets, threads, routes = load_assets(), ReadThreads(), _routes()
    link = Link(require_address(settings))

    async def has_session(value: str) -> bool:
        return keys is not None and await threads.run(partial(keys.has_session, value))

    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(SubPath, prefix=link.prefix),
            Middleware(Turns),
            # Before all else: what it turns away costs nothing more.
            Middleware(Shield, settings=settings, token=token, has_session=has_session, is_ours=is_ours),
            Middleware(Delivery),
        ],
        exception_handlers={
            HTTPException: _refused,
            StoreError: _store_failed,
            TimeoutError: _store_failed,
            Exception: _failed,
        },
    )
    app.router.redirect_slashes = False  # it would lead to the host and scheme that a proxy asked for
    app.state.site = Site(
        pages=pages,
        claims=claims,
        log=log,
        settings=settings,
        clock=clock,
        hub=hub,
        status=status or dict,
        desk=desk or (lambda: None),
        threads=threads,
        positions=SharedRead(threads, pages.position),
        draws=ReadThreads(DRAWS_AT_ONCE),
        differences=ReadThreads(1),
        amendments=Amendments(),
        quotes=QuoteLedgers(claims, clock),
        monitors=ReadThreads(MONITORS_AT_ONCE),
        answers=KeptBytes(ANSWERS_KEPT_BYTES),
        door=door,
        polls=polls,
        keys=keys,
        templates=load_templates(settings, assets, link),
        assets=assets,
        link=link,
    )
    return app


def require_address(settings: Settings) -> str:
    """The path below which the site lies.

    Raises:
        SettingsError: `public_url` is no address, or its path begins as one of our own.
    """
    prefix = site_address(settings).prefix
    require_no_route(prefix, (route.path for route in _routes() if isinstance(route, Route)))
    return prefix


def _routes() -> list[BaseRoute]:
    return [
        Route("/", html.front),
        Route("/latest", html.latest),
        Route("/story/{id}", html.story),
        Route("/article/{id}", html.article),
        Route("/search", html.search),
        Route("/name/{name}", name),
        Route("/sources", html.sources),
        Route("/owner", sessions.page),
        Route("/live", live),
        Route("/static/{digest}/{name}", html.static),
        Route("/favicon.ico", html.favicon),
        Route("/robots.txt", html.robots),
        Route("/healthz", monitoring.healthz),
        Route("/readyz", monitoring.readyz),
        Route("/metrics", monitoring.metrics),
        Route("/v1", api.index),
        Route("/v1/openapi.json", api.openapi),
        Route("/v1/stories", api.stories),
        Route("/v1/stories/{id}", api.story),
        Route("/v1/stories/{id}/claims", claims_of_story),
        Route("/v1/stories/{id}/origins", origins_of_story),
        Route("/v1/stories/{id}/quotes", quotes),
        Route("/v1/stories/{id}/names", names_of_story),
        Route("/v1/stories/{id}/figures", figures_of_story),
        Route("/v1/stories/{id}/corrections", story_corrections),
        Route("/v1/stories/{id}/changes", story_changes),
        Route("/v1/articles/{id}/revisions", api.revisions),
        Route("/v1/articles/{id}/removal", removal, methods=["POST"]),
        Route("/v1/articles/{id}/removal", restoration, methods=["DELETE"]),
        Route("/v1/rulings", rulings, methods=["POST"]),
        Route("/v1/updates", api.updates),
        Route("/v1/sources", api.sources),
        Route("/v1/sources/removal", source_removal, methods=["POST"]),
        Route("/v1/sources/poll", source_poll, methods=["POST"]),
        Route("/v1/search", api.search),
        Route("/v1/names/{name}", name_data),
        Route("/v1/owner/session", sessions.open_session, methods=["POST"]),
        Route("/v1/owner/session", sessions.close_session, methods=["DELETE"]),
    ]


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for nothing else
    if error.status_code == 404 and (tidied := _tidied(request)):
        return RedirectResponse(tidied, 308, {"cache-control": "no-cache"})
    return await _error(request, error.status_code, error.detail, headers=dict(error.headers or {}))


def _tidied(request: Request) -> str:
    """Where an address leads that ends with one stroke too many, or the site's path with one too few; else empty."""
    path: str = request.scope["path"]
    if request.method not in READING or (path and not path.endswith("/")):
        return ""
    return site_of(request).link.tidied(path, request.url.query)


async def _store_failed(request: Request, error: Exception) -> Response:
    message = "The database does not answer. Try again in a minute; the service's log says why."
    return await _error(request, 503, message, headers={"retry-after": "30"})


async def _failed(request: Request, error: Exception) -> Response:
    """Outside of every middleware: the headers are set here."""
    message = "Something went wrong here, not with you. The service's log says what."
    return await _error(request, 500, message, headers=dict(SECURITY_HEADERS))


async def _error(request: Request, status: int, message: str, *, headers: dict[str, str]) -> Response:
    headers["cache-control"] = "no-store"
    path: str = request.scope["path"]
    if path == "/v1" or path.startswith(("/v1/", "/live", "/healthz", "/readyz", "/metrics")):
        return api.JsonResponse(serialize.error(_CODES.get(status, f"http_{status}"), message), status, headers)
    site = site_of(request)
    text = await site.render(
        "message.html",
        now=site.clock.now(),
        position=Position(epoch=""),
        topics="",
        title=_TITLES.get(status, "Sorry"),
        message=message,
    )
    return HTMLResponse(text, status, headers)
