"""Keeps places at the door: no stranger's open or half-sent connection takes what others or we ourselves need.

Every connection is a file descriptor, and so is every database connection, request and worker of ours. Uvicorn bounds
requests; a connection that asks nothing, or never ends its question, it would hold for ever. When all places are taken,
the connection that has asked nothing for the longest goes: whoever floods the door with silent connections drives out
their own, and who asks at once is served (docs/decisions/0131).
"""

from __future__ import annotations

import asyncio
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

REQUEST_WAIT_S = 15.0
"""For the whole head of a request, from its connection or from its first byte on: a slow phone needs two seconds."""
BACKLOG = 100
"""Connections taken at once, before the first of them is judged; fewer than descriptors kept for ourselves."""
CONNECTIONS_MOST = 6_000
"""Readers of the live stream (5,000) and those who ask."""
OWN_FILES = 256
"""Descriptors kept for ourselves: 64 requests, as many name lookups, some 30 readers of the database, workers."""


def places(files: int) -> int:
    """Connections that there may be when the process may open so many files; half of them where they are very few."""
    return min(CONNECTIONS_MOST, max(files - OWN_FILES, files // 2, 2))


class BoundedProtocol(H11Protocol):
    """Closes a connection whose request does not come, and the most silent one when a place is wanted.

    `limit` and `silent` are set by `bounded` for all connections of one server.
    """

    limit: int
    silent: dict[BoundedProtocol, None]
    """Connections that are asking nothing whole, the longest silent first."""
    request_wait_s = REQUEST_WAIT_S

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._late: asyncio.TimerHandle | None = None
        self._has_place = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Take a place, or that of the most silent one, or none."""
        if len(self.connections) >= self.limit:
            if not self.silent:
                transport.abort()
                return
            next(iter(self.silent)).leave()
        self._has_place = True
        super().connection_made(transport)
        self._watch()

    def leave(self) -> None:
        """Give the place to another, now."""
        self._relax()
        self.connections.discard(self)  # the system tells us of the end a moment later
        self.transport.abort()  # not closed: who sends no question may not read our goodbye either

    def data_received(self, data: bytes) -> None:
        """Go on reading; the time for the head of a request runs from its first byte and is not renewed."""
        super().data_received(data)
        if self._is_answering():
            self._relax()
        elif self._late is None:
            self._watch()

    def on_response_complete(self) -> None:
        """From here uvicorn's keep-alive limit counts, until the next byte comes; the place is another's if wanted."""
        super().on_response_complete()
        self._relax()
        self.silent[self] = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self._relax()
        if self._has_place:
            super().connection_lost(exc)

    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # before the first request there is none
        return cycle is not None and not cycle.response_complete

    def _watch(self) -> None:
        self.silent[self] = None
        self._late = self.loop.call_later(self.request_wait_s, self._end)

    def _relax(self) -> None:
        self.silent.pop(self, None)
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _end(self) -> None:
        if not self._is_answering() and not self.transport.is_closing():
            self.leave()


def bounded(config: uvicorn.Config, connections: int) -> uvicorn.Config:
    """The same server with so many places."""
    config.http = type("Bounded", (BoundedProtocol,), {"limit": connections, "silent": {}})
    config.limit_concurrency = connections + 1  # past ours; uvicorn's own would count the silent against all others
    config.backlog = min(BACKLOG, connections)
    return config
