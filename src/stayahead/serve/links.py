"""Makes every link to a page of ours, so that all of them hold where the site lies below a path of its host.

Routes know nothing of that path. `SubPath` takes it off what is asked, whether or not a proxy has done so before, and
`Link` puts it before whatever leads back to us: in templates, redirects, JSON and cookies (docs/decisions/0140).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from starlette.types import ASGIApp, Receive, Scope, Send

from stayahead.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Link:
    """Makes the link to a path of ours; called by templates as `link('/latest')`."""

    prefix: str = ""
    """The path below which the site lies; empty at the root of its host."""

    def __call__(self, path: str) -> str:
        """The address that a reader's browser asks for."""
        return self.prefix + path

    def tidied(self, path: str, query: str) -> str:
        """The link to the same path without strokes at its end; it can lead to no other host."""
        # Not the path as it came: a browser takes //host and /\host for another site.
        return self("/" + quote(path.strip("/"))) + (f"?{query}" if query else "")


class SubPath:
    """ASGI middleware: takes the path of the site off the path that was asked for."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self.app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on as if the site lay at the root of its host."""
        if scope["type"] == "http" and self._prefix:
            path: str = scope["path"]
            if path == self._prefix or path.startswith(self._prefix + "/"):
                # Nothing is left of `/news`: no route answers to that, and `tidied` leads to `/news/`.
                scope = {**scope, "path": path[len(self._prefix) :]}
        await self.app(scope, receive, send)


def require_no_route(prefix: str, paths: Iterable[str]) -> None:
    """A site below `/story` could not tell its own `/story/ID` from one whose path a proxy has taken off.

    Raises:
        SettingsError: the path of the site begins as one of our own addresses does.
    """
    first = prefix.split("/")[1] if prefix else ""
    if first and first in {path.split("/")[1] for path in paths}:
        raise SettingsError(f"option public_url: /{first} is an address of the pages themselves; choose another path")
