"""Keeps places at the door: no stranger's open or half-sent connection takes what we need for ourselves.

Every connection is a file descriptor, and so is every database connection, request and worker of ours. Uvicorn bounds
requests; a connection that asks nothing, or never ends its question, it would hold for ever.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

REQUEST_WAIT_S = 15.0
"""For the whole head of a request, from its connection or from its first byte on: a slow phone needs two seconds."""
CONNECTIONS_MOST = 6_000
"""Readers of the live stream (5,000) and those who ask."""
OWN_FILES = 256
"""Descriptors kept for ourselves: 64 requests, as many name lookups, some 30 readers of the database, workers."""


@dataclass(frozen=True, slots=True)
class Places:
    """How many connections there may be at once."""

    connections: int

    @property
    def requests(self) -> int:
        """Connections past which a request is answered 503: a few above are let in, to be told so."""
        return max(1, self.connections - self.connections // 20)


def places(files: int) -> Places:
    """The places when the process may open so many files; half of them where they are very few."""
    return Places(min(CONNECTIONS_MOST, max(files - OWN_FILES, files // 2, 2)))


class BoundedProtocol(H11Protocol):
    """Closes a connection that has no place, and one whose request does not come.

    `limit` is set by `bounded`; None: as many as come.
    """

    limit: int | None = None
    request_wait_s = REQUEST_WAIT_S

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._late: asyncio.TimerHandle | None = None
        self._has_place = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Take a place, or close."""
        if self.limit is not None and len(self.connections) >= self.limit:
            self.transport = transport
            transport.abort()
            return
        self._has_place = True
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Go on reading; the time for the head of a request runs from its first byte and is not renewed."""
        super().data_received(data)
        if self._is_answering():
            self._relax()
        elif self._late is None:
            self._watch()

    def on_response_complete(self) -> None:
        """From here uvicorn's keep-alive limit counts, until the next byte comes."""
        super().on_response_complete()
        self._relax()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self._relax()
        if self._has_place:
            super().connection_lost(exc)

    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # before the first request there is none
        return cycle is not None and not cycle.response_complete

    def _watch(self) -> None:
        self._late = self.loop.call_later(self.request_wait_s, self._end)

    def _relax(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _end(self) -> None:
        self._late = None
        if not self._is_answering() and not self.transport.is_closing():
            self.transport.abort()  # not closed: who sends no question may not read our goodbye either


def bounded(config: uvicorn.Config, at_most: Places) -> uvicorn.Config:
    """The same server with bounded places."""
    config.http = type("Bounded", (BoundedProtocol,), {"limit": at_most.connections})
    config.limit_concurrency = at_most.requests
    return config
