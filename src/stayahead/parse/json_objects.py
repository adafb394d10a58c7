"""Cuts a JSON file that is too large to be read whole into its objects: an array of articles, or one after another.

It counts braces outside strings and decodes nothing; what is no JSON is passed on as it stands, for the caller's
decoder to refuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_MARK = re.compile(rb'\\.|["{}]', re.DOTALL)
_BETWEEN = re.compile(rb"(?:\xef\xbb\xbf)?[\s,\[\]]*")
_SHOWN = 200
"""Bytes of stray text between objects that are passed on, enough for an error's message."""


def json_objects(chunks: Iterable[bytes], *, most: int) -> Iterator[bytes]:
    """The objects, in order; the last one is cut where the file ends, or where it has grown longer than `most` bytes.

    >>> list(json_objects([b'[{"a": "}', b'"}, {"b": {}}]'], most=100))
    [b'{"a": "}"}', b'{"b": {}}']
    """
    scanner = _Scanner()
    for chunk in chunks:
        yield from scanner.feed(chunk)
        if scanner.size > most:
            break
    yield from scanner.rest()


class _Scanner:
    """Where in the file we are: how deep in braces, and whether inside a string."""

    def __init__(self) -> None:
        self._depth = 0
        self._is_string = False
        self._carried = b""
        """A backslash at the end of a chunk: what it escapes comes with the next chunk."""
        self._pieces: list[bytes] = []
        self.size = 0
        """Bytes of the object that is not complete yet."""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The objects that end in this chunk."""
        data = self._carried + chunk
        # An odd run of backslashes at the end leaves one that escapes the next chunk's first byte, perhaps a quote.
        slashes = len(data) - len(data.rstrip(b"\\"))
        self._carried = b"\\" if slashes % 2 else b""
        data = data.removesuffix(self._carried)
        start = 0
        for mark in _MARK.finditer(data):
            if mark[0] == b'"':
                self._is_string = not self._is_string
            elif self._is_string:
                continue
            elif mark[0] == b"{":
                if not self._depth:
                    yield from self._between(data[start : mark.start()])
                    start = mark.start()
                self._depth += 1
            elif mark[0] == b"}" and self._depth:
                self._depth -= 1
                if not self._depth:
                    yield self._whole(data[start : mark.end()])
                    start = mark.end()
        self._pieces.append(data[start:])
        self.size += len(data) - start

    def rest(self) -> Iterator[bytes]:
        """What is left at the end of the file."""
        remainder = self._whole(self._carried)
        if self._depth:
            yield remainder
        else:
            yield from self._between(remainder)

    def _whole(self, last: bytes) -> bytes:
        whole = b"".join([*self._pieces, last])
        self._pieces.clear()
        self.size = 0
        return whole

    def _between(self, data: bytes) -> Iterator[bytes]:
        data = self._whole(data)
        if not _BETWEEN.fullmatch(data):
            yield data.strip()[:_SHOWN]
