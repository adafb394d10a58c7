"""Keeps places at the door: no stranger's open, half-sent or unread connection takes what others or we ourselves need.

Every connection is a file descriptor, and so is every database connection, request and worker of ours. Uvicorn bounds
requests; a connection that asks nothing, or never ends its question, it would hold for ever. When all places are taken,
the connection that has asked nothing for the longest goes: whoever floods the door with silent connections drives out
their own, and who asks at once is served (docs/decisions/0131). A reader who takes nothing costs what waits for them:
who does not take a portion of an answer in time is let go (docs/decisions/0139).
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

REQUEST_WAIT_S = 15.0
"""For the whole head of a request, from its connection or from its first byte on: a slow phone needs two seconds."""
PORTION_WAIT_S = 60.0
"""For taking what waits to be sent, 64 kB with us and a third of what the system holds: some 3 kB/s keep the place."""
SEND_BUFFER = 128 * 1024
"""Bytes that the system takes for a connection before it makes us wait (Linux doubles it); by itself it takes 4 MB."""
BACKLOG = 100
"""Connections taken at once, before the first of them is judged; fewer than descriptors kept for ourselves."""
QUEUE = 1_024
"""Connections that the system holds for us until we take them: past it a caller tries again a second later."""
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
    portion_wait_s = PORTION_WAIT_S

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._late: asyncio.TimerHandle | None = None
        self._slow: asyncio.TimerHandle | None = None
        self._has_place = False
        self.app_state = {**self.app_state, "leave": self.leave}  # each request carries it, for `delivery`

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Take a place, or that of the most silent one, or none."""
        if len(self.connections) >= self.limit:
            if not self.silent:
                transport.abort()
                return
            next(iter(self.silent)).leave()
        self._has_place = True
        sock = transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
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
        if self.transport.is_closing():
            self._await_reader()

    def timeout_keep_alive_handler(self) -> None:
        """End a connection on which nothing more is asked; what is still unread has as long as any portion."""
        super().timeout_keep_alive_handler()
        self._await_reader()

    def pause_writing(self) -> None:
        """The reader is slow: from here the time for a portion runs."""
        super().pause_writing()
        self._await_reader()

    def resume_writing(self) -> None:
        """The reader took it; where the connection is closing, the time for the rest goes on."""
        super().resume_writing()
        if not self.transport.is_closing():
            self._trust_reader()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self._relax()
        self._trust_reader()
        if self._has_place:
            super().connection_lost(exc)

    def _should_upgrade(self) -> bool:
        """Never: there are no web sockets, and uvicorn would write two lines of advice for each stranger who asks."""
        return False

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

    def _await_reader(self) -> None:
        if self._slow is None and self.transport.get_write_buffer_size():
            self._slow = self.loop.call_later(self.portion_wait_s, self.leave)

    def _trust_reader(self) -> None:
        if self._slow is not None:
            self._slow.cancel()
            self._slow = None

    def _end(self) -> None:
        if not self._is_answering() and not self.transport.is_closing():
            self.leave()


def bounded(config: uvicorn.Config, connections: int, *, spare_files: int = OWN_FILES) -> uvicorn.Config:
    """The same server with so many places.

    `spare_files`: descriptors beyond these. A burst of callers may have a quarter of them before the first is judged;
    were none left, asyncio would take nobody for a second.
    """
    config.http = type("Bounded", (BoundedProtocol,), {"limit": connections, "silent": {}})
    config.limit_concurrency = connections + 1  # past ours; uvicorn's own would count the silent against all others
    config.backlog = max(1, min(BACKLOG, spare_files // 4))
    return config


def lengthen_queues(listeners: Iterable[socket.socket]) -> None:
    """Let the system hold more callers than are taken at once; for after the start, which sets both to one number."""
    for listener in listeners:
        listener.listen(QUEUE)
