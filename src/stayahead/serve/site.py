"""Holds what answering a request needs, in one value that the application carries, and the answers told last."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar, cast

import jinja2
from starlette.requests import Request

from stayahead.config import Settings
from stayahead.model import DeskHealth, Position
from stayahead.ports import Claims, Clock, Door, Pages, Polls, StoryLog
from stayahead.serve import figure_views, formatting, versions, views
from stayahead.serve.amendments import Amendments
from stayahead.serve.callers import caller_of
from stayahead.serve.kept_bytes import KeptBytes
from stayahead.serve.keys import Keys
from stayahead.serve.links import Link
from stayahead.serve.live import LiveHub
from stayahead.serve.quote_ledgers import QuoteLedgers, StoryQuotes
from stayahead.serve.read_threads import ReadThreads, SharedRead

_T = TypeVar("_T")
_HERE = Path(__file__).parent

ANSWERS_KEPT_BYTES = 16 * 1024**2
"""Pages and JSON as they were told last; a front page has 60 kB."""
DRAWS_AT_ONCE = 2
"""Pages drawn, and answers encoded or compressed, at the same time: more gain nothing on two cores."""
MONITORS_AT_ONCE = 2
"""Reads for monitors, which wait behind no reader."""

Status = Callable[[], Mapping[str, float]]
DeskState = Callable[[], DeskHealth | None]
"""How the desk does; None where none is at work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """The static files, read once; the digest of them all is part of their path, so they never go stale."""

    digest: str
    files: Mapping[str, tuple[str, bytes]]
    """Media type and content by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What every endpoint works with."""

    pages: Pages
    claims: Claims
    log: StoryLog
    settings: Settings
    clock: Clock
    hub: LiveHub
    status: Status
    desk: DeskState
    threads: ReadThreads
    """For readers."""
    positions: SharedRead[Position]
    draws: ReadThreads
    """For making pages and answers of what was read."""
    differences: ReadThreads
    """For comparing versions of a text and laying quotes together, one at a time: some cost seconds."""
    amendments: Amendments
    """What versions changed in those before them, as far as anybody asked."""
    quotes: QuoteLedgers
    """The quotes of stories that were asked for last."""
    monitors: ReadThreads
    """For who asks how we are."""
    door: Door | None
    """None: nobody takes the owner's word here."""
    polls: Polls | None
    """None: no source is asked from here."""
    keys: Keys | None
    """None: no browser is the owner's."""
    templates: jinja2.Environment
    assets: Assets
    link: Link
    """Makes every link to a page of ours."""
    answers: KeptBytes
    """What was drawn last, by validator: when something happens, everyone asks for the same."""

    async def read(self, call: Callable[[], _T]) -> _T:
        """A blocking read of the store, off the event loop."""
        return await self.threads.run(call)

    async def quotes_of(self, story_id: str, number: int) -> StoryQuotes:
        """The quotes of a story as it was after that update of its own, laid together; made where they are not kept."""
        quotes = self.quotes.kept(story_id, number)
        if quotes is None:
            quotes = await self.differences.run(lambda: self.quotes.of(story_id, number))
        return quotes

    async def position(self) -> Position:
        """How far the store reaches."""
        return await self.positions.get()

    async def draw(self, call: Callable[[], _T]) -> _T:
        """The making of an answer, off the event loop."""
        return await self.draws.run(call)

    async def render(self, template: str, **values: object) -> bytes:
        """A page; drawn off the event loop, as a long story takes milliseconds."""
        return await self.draw(lambda: self.templates.get_template(template).render(**values).encode())

    def may_read(self, request: Request) -> bool:
        """May this reader see full texts here?"""
        allowed = self.settings.full_text
        return allowed == "everyone" or (allowed == "owner" and caller_of(request.scope).is_owner)

    def may_rule(self, request: Request) -> bool:
        """May this browser rule from a page? Being at this machine is not enough to change anything (0125)."""
        return self.door is not None and bool(caller_of(request.scope).session)

    def may_read_addresses(self, request: Request) -> bool:
        """Whether this reader is told whole urls of feeds and addresses of this network.

        Where nobody reads full texts here, loopback is a proxy's and no owner's; a session is the owner's anywhere.
        """
        caller = caller_of(request.scope)
        return bool(caller.session) or (self.settings.full_text != "nobody" and caller.is_owner)

    def etag(self, position: Position, now: datetime, *parts: object) -> str:
        """A weak validator: the update number, the five minutes that relative things may lag, and the variant."""
        window = int(now.timestamp()) // 300
        text = "|".join(str(part) for part in (position.epoch, position.update, window, self.assets.digest, *parts))
        return f'W/"{hashlib.blake2b(text.encode(), digest_size=9).hexdigest()}"'


def site_of(request: Request) -> Site:
    """The site that the application carries."""
    return cast("Site", request.app.state.site)


def load_assets() -> Assets:
    """Every file under static/."""
    mimetypes.add_type("text/javascript", ".js")
    files: dict[str, tuple[str, bytes]] = {}
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted((_HERE / "static").iterdir()):
        content = path.read_bytes()
        files[path.name] = (mimetypes.guess_type(path.name)[0] or "application/octet-stream", content)
        digest.update(path.name.encode() + b"\0" + content)
    for path in sorted((_HERE / "templates").iterdir()):
        digest.update(path.read_bytes())
    return Assets(digest=digest.hexdigest(), files=files)


def load_templates(settings: Settings, assets: Assets, link: Link) -> jinja2.Environment:
    """The templates: everything escaped, an unknown name is an error."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(formatting.FILTERS)
    environment.globals.update(
        site_name=formatting.plain(settings.site_name),
        link=link,
        static=link(f"/static/{assets.digest}"),
        kicker=formatting.kicker,
        pace_points=formatting.pace_points,
        pace_words=formatting.pace_words,
        spans=views.spans,
        value_words=figure_views.value_words,
        excerpt=versions.excerpt,
    )
    return environment
