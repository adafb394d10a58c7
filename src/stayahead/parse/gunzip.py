"""Unpacks gzip files step by step within caps, so that `sitemap.xml.gz` or an archive cannot be a bomb.

A file inside an answer and an archive on disk so cost no more than a body that was compressed for the wire (`codings`).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

MAGIC = b"\x1f\x8b"
"""How gzip begins (RFC 1952, 2.3.1)."""

MAX_RATIO = 200.0
"""Bytes out per byte in, past the first megabyte: the same as `fetch_max_ratio` allows on the wire."""

RATIO_FREE_BYTES = 1_000_000
STEP_BYTES = 65_536
INPUT_BYTES = 16_384
"""As much is given to zlib at once: at the end of each member it copies what is left."""

FREE_MEMBERS = 1_000
BYTES_A_MEMBER = 100
"""Past the first thousand, members must hold so much on average: a member costs 5 µs, and an empty one 20 bytes."""


def are_mostly_empty(members: int, bytes_out: int) -> bool:
    """Whether a body has so many members with so little in them that only their number costs anything."""
    return members > FREE_MEMBERS + bytes_out // BYTES_A_MEMBER


class BadGzip(ValueError):
    """Broken, cut short, or past a cap; the message is a clause without a full stop."""


def slices(body: bytes, *, size: int = STEP_BYTES) -> Iterator[bytes]:
    """A body in steps, as a stream gives it."""
    for start in range(0, len(body), size):
        yield body[start : start + size]


def gunzip(chunks: Iterable[bytes], *, max_bytes: int | None = None) -> Iterator[bytes]:
    """The uncompressed bytes of any number of gzip members (RFC 1952), at most `STEP_BYTES` at a time.

    Padding after the last member is ignored, as gzip does.

    Raises:
        BadGzip: at the step at which it is broken, ends too early, passes `max_bytes` or the ratio, or is mostly
            empty members.
    """
    stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
    bytes_in = bytes_out = members = 0
    for piece_in in chain.from_iterable(slices(chunk, size=INPUT_BYTES) for chunk in chunks):
        rest = piece_in
        while rest:
            if stream.eof:
                if not rest.startswith(MAGIC[:1]):
                    return
                members += 1
                if are_mostly_empty(members, bytes_out):
                    raise BadGzip(f"the gzip has {members:,} members with next to nothing in them")
                stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
            piece = _step(stream, rest)
            remainder = stream.unused_data if stream.eof else stream.unconsumed_tail
            bytes_in += len(rest) - len(remainder)
            bytes_out += len(piece)
            _check(bytes_in, bytes_out, max_bytes)
            yield piece
            rest = remainder
    while not stream.eof and (piece := _step(stream, b"")):  # a full step may have left output inside
        bytes_out += len(piece)
        _check(bytes_in, bytes_out, max_bytes)
        yield piece
    if not stream.eof:
        raise BadGzip("the gzip is cut short")


def _step(stream: zlib._Decompress, rest: bytes) -> bytes:
    try:
        return stream.decompress(rest, STEP_BYTES)
    except zlib.error as error:
        raise BadGzip(f"the gzip is broken ({error})") from error


def _check(bytes_in: int, bytes_out: int, max_bytes: int | None) -> None:
    if max_bytes is not None and bytes_out > max_bytes:
        raise BadGzip(f"the gzip holds more than {max_bytes:,} bytes")
    if bytes_out > RATIO_FREE_BYTES and bytes_out > MAX_RATIO * bytes_in:
        raise BadGzip(f"the gzip is compressed more than {MAX_RATIO:.0f} times")
