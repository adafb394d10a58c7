"""Reads answers off a connection as HTTP frames them, at most so many interim ones, or as far as the server says.

aiohttp's own protocol, made stricter in one thing and, for servers whose Content-Length is wrong, laxer in another.
"""

from __future__ import annotations

import asyncio
import functools
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler

from stayahead.parse.codings import BrokenBody

INTERIM_MOST = 10
"""Answers of the 100s that may come before the one that counts (RFC 9110, 15.2, sets no limit)."""
HEAD_PIECE_BYTES = 4_096
HEAD_MOST_BYTES = 1_000_000
"""Past this the head of an answer is left to aiohttp, which refuses it by its own limits."""

_HEAD_END = b"\r\n\r\n"


class Framed(ResponseHandler):
    """A connection whose answers end where HTTP says."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._interim = 0
        self._is_body = False

    def set_response_params(self, **options: Any) -> None:
        """Begin with the next answer; called by aiohttp."""
        self._interim, self._is_body = 0, False
        super().set_response_params(**options)

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        # Heads in small pieces: a quarter of a megabyte of interim answers takes the parser 0.1 s at once. Nothing at
        # all is aiohttp's word to go on with what it holds.
        at = 0
        while at == 0 or at < len(data):
            if self._interim > INTERIM_MOST:
                return
            size = len(data) if self._is_body else HEAD_PIECE_BYTES
            super().data_received(data[at : at + size])
            at += max(size, 1)

    def feed_data(self, data: Any, size: int = 0) -> None:
        """Take one answer's head; called by aiohttp's parser."""
        # Here, as they come: whoever waits for the last one would read interim answers as long as they are sent.
        code = data[0].code
        self._is_body = code >= 200
        self._interim += not self._is_body
        if self._interim <= INTERIM_MOST:
            super().feed_data(data, size)
        elif self._interim == INTERIM_MOST + 1:
            self.set_exception(BrokenBody(f"more than {INTERIM_MOST} interim answers, and none that counts"))
            if self.transport is not None:
                self.transport.close()


class Unframed(Framed):
    """A connection for one answer that ends where the server hangs up, whatever its Content-Length says."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._head: bytearray | None = bytearray()

    def data_received(self, data: bytes) -> None:
        """Take what came, without the length where it is still the head."""
        if self._head is None:
            super().data_received(data)
            return
        looked = max(len(self._head) - len(_HEAD_END), 0)
        self._head += data
        while (end := self._head.find(_HEAD_END, looked)) >= 0:
            end += len(_HEAD_END)
            head, self._head = bytes(self._head[:end]), self._head[end:]
            looked = 0
            super().data_received(_without_length(head))
            if head[9:10] != b"1":  # an interim answer is followed by another head
                break
        else:
            if len(self._head) <= HEAD_MOST_BYTES:
                return
        rest, self._head = bytes(self._head), None
        if rest:
            super().data_received(rest)


def _without_length(head: bytes) -> bytes:
    return b"\r\n".join(line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length"))


class Connector(aiohttp.TCPConnector):
    """A connector whose connections are of that kind.

    Args:
        handler: `Framed` or `Unframed`.
        options: those of aiohttp's.
    """

    def __init__(self, handler: type[Framed], **options: Any) -> None:
        super().__init__(**options)
        make: type[ResponseHandler] = handler
        self._factory = functools.partial(make, loop=self._loop)
