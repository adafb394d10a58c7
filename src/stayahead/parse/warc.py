"""Reads the HTML pages out of a WARC file (1.0, 1.1; ISO 28500), the format of news crawls such as CC-NEWS.

A record is read whole only if it may be a page and is no larger than the cap; all others are skipped, so memory is
bounded by one record. Some crawlers store a body as it came over the wire, others decoded under the old headers: a
coding is undone only where the bytes agree with the header. Why a reader of our own: docs/decisions/0018.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import Message

from stayahead.errors import ArchiveError
from stayahead.parse.codings import Body, BrokenBody, OverCap
from stayahead.parse.gunzip import MAGIC, MAX_RATIO, slices
from stayahead.urls import absolute
from stayahead.when import parse_date

MAX_PAGE_BYTES = 8_000_000
"""Largest record, and largest page in one when decompressed: what `fetch_max_bytes` allows by default."""

MAX_HEAD_BYTES = 65_536
"""Largest header of a record."""

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r?\n")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[!?A-Za-z/]")
"""How a page begins that is not compressed (any more), whatever its headers say."""
_HEAD_BYTES = 1024
"""A body that cannot be decoded but has a `<` among these was stored decoded."""
_BLANK = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcPage:
    """A page as a crawler met it; or, with a `problem`, why it cannot be read."""

    record: int
    """Number of its record in the file, the first being 1."""
    url: str
    at: datetime | None
    """When it was fetched."""
    body: bytes = b""
    charset: str = ""
    """What Content-Type declared, or empty."""
    problem: str = ""


def read_pages(chunks: Iterable[bytes], *, name: str) -> Iterator[WarcPage]:
    """The pages that were answered with status 200, read lazily.

    Args:
        chunks: the file in pieces, decompressed.
        name: its name, for the errors.

    Raises:
        ArchiveError: at the first record that is broken or cut short; with file, record and remedy.
    """
    reader = _Reader(chunks)
    number = 0
    while (line := _first_line(reader)) is not None:
        number += 1
        if not line.startswith(b"WARC/"):
            raise _wrong(name, number, "what stands here is no WARC record")
        head = _head(reader)
        # `int` would take "+5", "1_0" and digits of other scripts, and a number of any length.
        length = head.get("content-length", "").strip() if head is not None else ""
        if head is None or not (length.isascii() and length.isdecimal() and len(length) < 16):
            raise _wrong(name, number, "its header is broken")
        size = int(length)
        url = absolute("", head.get("warc-target-uri", "").strip(" <>"))
        is_answer = head.get("warc-type", "").strip().lower() == "response" and bool(url)
        block = reader.take(size) if is_answer and size <= MAX_PAGE_BYTES else None
        if (block is None and reader.skip(size) < size) or (block is not None and len(block) < size):
            raise _wrong(name, number, "the file ends inside it")
        if is_answer:
            yield from _page(block, record=number, url=url, at=parse_date(head.get("warc-date", "")))


def _wrong(name: str, number: int, what: str) -> ArchiveError:
    return ArchiveError(f"{name}, record {number}: {what}; make or fetch the file again")


class _Reader:
    """Lines and blocks of a stream of chunks."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = bytearray()

    def _more(self) -> bool:
        chunk = next(self._chunks, None)
        self._rest += chunk or b""
        return chunk is not None

    def line(self) -> bytes | None:
        """A line without its end, cut at `MAX_HEAD_BYTES`; None at the end."""
        start = 0
        while (end := self._rest.find(b"\n", start)) < 0 and len(self._rest) < MAX_HEAD_BYTES:
            start = len(self._rest)
            if not self._more():
                break
        if not self._rest:
            return None
        line = self.take(end + 1 if 0 <= end < MAX_HEAD_BYTES else min(len(self._rest), MAX_HEAD_BYTES))
        return line.rstrip(b"\r\n")

    def take(self, size: int) -> bytes:
        """The next `size` bytes; fewer at the end of the file."""
        while len(self._rest) < size and self._more():
            pass
        block = bytes(self._rest[:size])
        del self._rest[:size]
        return block

    def skip(self, size: int) -> int:
        """Skip `size` bytes and say how many there were."""
        skipped = 0
        while skipped < size and (self._rest or self._more()):
            step = min(size - skipped, len(self._rest))
            del self._rest[:step]
            skipped += step
        return skipped


def _first_line(reader: _Reader) -> bytes | None:
    """The line that begins a record, past the empty ones that end the record before."""
    line = reader.line()
    while line is not None and not line:
        line = reader.line()
    return line


def _head(reader: _Reader) -> dict[str, str] | None:
    """The fields of a record's header, names in lower case; None when it does not end."""
    fields: dict[str, str] = {}
    size = 0
    while line := reader.line():
        size += len(line)
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
        if size > MAX_HEAD_BYTES:
            return None
    return fields if line is not None else None


def _page(block: bytes | None, *, record: int, url: str, at: datetime | None) -> Iterator[WarcPage]:
    """The page in the HTTP answer of a record; nothing when it holds none."""
    if block is None:
        yield WarcPage(record=record, url=url, at=at, problem=f"larger than {MAX_PAGE_BYTES:,} bytes")
        return
    end = _BLANK.search(block, 0, MAX_HEAD_BYTES)
    lines = block[: end.start()].decode("latin-1").splitlines() if end else []
    status = lines[0].split(maxsplit=2)[1:2] if lines and lines[0].startswith("HTTP/") else []
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    kind, charset = _content_type(fields.get("content-type", ""))
    if end is None or status != ["200"] or kind not in _HTML:
        return
    try:
        body = _decoded(block[end.end() :], fields)
    except (BrokenBody, OverCap) as error:
        yield WarcPage(record=record, url=url, at=at, problem=str(error))
        return
    yield WarcPage(record=record, url=url, at=at, body=body, charset=charset)


def _content_type(value: str) -> tuple[str, str]:
    header = Message()
    header["content-type"] = value[:200]
    charset = header.get_param("charset")
    return (header.get_content_type() if value else ""), charset if isinstance(charset, str) else ""


def _decoded(body: bytes, fields: Mapping[str, str]) -> bytes:
    """The body without its transfer and content codings, each undone only where the bytes are coded.

    Raises:
        BrokenBody: a coding is broken or unknown.
        OverCap: the page is past the caps.
    """
    if "chunked" in fields.get("transfer-encoding", "").lower() and _CHUNK.match(body):
        body = _unchunked(body)
    # In reverse, as they were applied (RFC 9110, 8.4). gzip is recognised by its magic number whatever the header says;
    # br and deflate have none, so a failure counts only where the body does not look like markup.
    codings = [name.strip() for name in fields.get("content-encoding", "").split(",")]
    for coding in reversed(codings):
        is_gzip = body.startswith(MAGIC)
        if not is_gzip and _MARKUP.match(body):
            break
        try:
            body = _undone(body, "gzip" if is_gzip else coding)
        except BrokenBody:
            if is_gzip or b"<" not in body[:_HEAD_BYTES]:
                raise
    return body


def _undone(body: bytes, coding: str) -> bytes:
    undone = Body(coding, max_bytes=MAX_PAGE_BYTES, max_ratio=MAX_RATIO)
    for piece in slices(body):
        undone.add(piece)
    undone.finish()
    return undone.data


def _unchunked(body: bytes) -> bytes:
    """The data of the chunks (RFC 9112, 7.1), as far as they go."""
    pieces: list[bytes] = []
    at = 0
    while chunk := _CHUNK.match(body, at):
        size = int(chunk[1], 16)
        pieces.append(body[chunk.end() : chunk.end() + size])
        at = chunk.end() + size
        at += 2 if body.startswith(b"\r\n", at) else 1
        if not size:
            break
    return b"".join(pieces)
