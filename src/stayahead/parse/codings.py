"""Decompresses the body of an answer as it streams in, so that a decompression bomb is stopped at the cap.

gzip, deflate, br and zstd (RFC 9110 section 8.4; RFC 1950-1952, 7932, 8878) are decoded in steps of bounded output, so
a bomb costs one step more than the cap and not all the memory there is. Why not the HTTP client's own decompression:
docs/decisions/0051.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Protocol

import brotli
import zstandard

from stayahead.parse.gunzip import INPUT_BYTES, are_mostly_empty, slices

ACCEPT_ENCODING = "gzip, br, zstd, deflate"

_STEP_BYTES = 65_536
# A block of zstd says up to 128 KiB in 4 bytes and its decoder knows no limit of output: fed 128 bytes at a time, one
# step makes at most 4 MiB, at 24 ms for 7.5 MB of text (64 bytes: 40 ms, 64 KiB: 8 ms; 2026-11, one core).
_ZSTD_STEP_BYTES = 128
_ZSTD_WINDOW_BYTES = 1 << 23  # RFC 8878, section 3.1.1.1.2: what every decoder should support; RFC 9659 asks it of us
_RATIO_FREE_BYTES = 1_000_000
_FRAMING_BYTES = 65_536  # by so much a compressed body may be larger than what is in it
# Not all of these are codings (RFC 9110 section 8.4.1), but servers send them with plain bodies.
_PLAIN = frozenset({"", "identity", "none", "binary", "utf-8", "utf8"})


class BrokenBody(Exception):
    """The body is not what its Content-Encoding names, or ends too early."""


class OverCap(Exception):
    """The body is larger, or better compressed, than the caps allow."""


class OverRatio(OverCap):
    """It is better compressed than any text: no size at which it could be cut makes it one."""


class _Decoder(Protocol):
    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Decoded pieces, each of bounded size."""
        ...

    def finish(self) -> None:
        """Raise `BrokenBody` when the stream is not whole."""
        ...

    @property
    def members(self) -> int:
        """How many complete streams the body had so far, one after the other."""
        ...


class _Zlib:
    """gzip with any number of members; deflate with or without its zlib wrapper, as servers send both."""

    def __init__(self, *, wrapped: bool) -> None:
        self._bits = zlib.MAX_WBITS | 16 if wrapped else 0
        self._stream = zlib.decompressobj(self._bits) if wrapped else None
        self._has_input = False
        self._members = 0

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        for piece in slices(chunk, size=INPUT_BYTES):
            yield from self._feed(piece)

    def _feed(self, chunk: bytes) -> Iterator[bytes]:
        while chunk:
            if self._stream is None:
                # `deflate` means the zlib format (RFC 1950), but some servers send raw deflate. A zlib header has
                # method 8 in the low half of its first byte; a raw stream hardly ever begins so.
                self._bits = zlib.MAX_WBITS if chunk[0] & 0x0F == 8 else -zlib.MAX_WBITS
                self._stream = zlib.decompressobj(self._bits)
            elif self._stream.eof:
                if not self._begins_member(chunk):
                    return
                self._members += 1
                self._stream = zlib.decompressobj(self._bits)
            self._has_input = True
            yield from self._drain(self._stream, chunk)
            chunk = self._stream.unused_data

    @staticmethod
    def _drain(stream: zlib._Decompress, chunk: bytes) -> Iterator[bytes]:
        """All the output of a chunk, step by step."""
        piece = stream.decompress(chunk, _STEP_BYTES)
        yield piece
        # An empty tail does not mean that all output is out: a full step may leave some inside zlib.
        while not stream.eof and (stream.unconsumed_tail or len(piece) == _STEP_BYTES):
            piece = stream.decompress(stream.unconsumed_tail, _STEP_BYTES)
            yield piece

    def _begins_member(self, chunk: bytes) -> bool:
        """Whether another gzip member follows; anything else after the end is padding, which gzip ignores as well."""
        return self._bits > zlib.MAX_WBITS and chunk[:1] == b"\x1f"

    def finish(self) -> None:
        # No input at all is an empty body, which servers send under any coding; it is not a stream cut short.
        if self._has_input and self._stream is not None and not self._stream.eof:
            raise BrokenBody("the compressed body ends too early")

    @property
    def members(self) -> int:
        return self._members


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._has_input = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        self._has_input = True
        piece = self._stream.process(chunk, output_buffer_limit=_STEP_BYTES)
        yield piece
        # `can_accept_more_data()` is true while output is still held back: only an empty piece shows there is none.
        while not self._stream.is_finished() and (piece or not self._stream.can_accept_more_data()):
            piece = self._stream.process(b"", output_buffer_limit=_STEP_BYTES)
            yield piece

    def finish(self) -> None:
        if self._has_input and not self._stream.is_finished():
            raise BrokenBody("the compressed body ends too early")

    @property
    def members(self) -> int:
        return 0


class _Zstd:
    """zstd with any number of frames."""

    def __init__(self) -> None:
        self._context = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES)
        self._stream = self._context.decompressobj()
        self._has_input = False
        self._members = 0

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        for start in range(0, len(chunk), _ZSTD_STEP_BYTES):
            rest = chunk[start : start + _ZSTD_STEP_BYTES]
            while rest:
                if self._stream.eof:
                    self._members += 1
                    self._stream = self._context.decompressobj()
                self._has_input = True
                yield self._stream.decompress(rest)
                rest = self._stream.unused_data if self._stream.eof else b""

    def finish(self) -> None:
        if self._has_input and not self._stream.eof:
            raise BrokenBody("the compressed body ends too early")

    @property
    def members(self) -> int:
        return self._members


def _decoder_of(content_encoding: str) -> _Decoder | None:
    """The decoder for a Content-Encoding; None when the body is plain."""
    names = [name.strip().lower() for name in content_encoding.split(",")]
    names = [name for name in names if name not in _PLAIN]
    if len(names) > 1:
        # One stage can fill the next with endless padding that never shows in the output: no cap would see it.
        raise BrokenBody(f"the body is compressed {len(names)} times over")
    return _decoder(names[0]) if names else None


def _decoder(name: str) -> _Decoder:
    match name:
        case "gzip" | "x-gzip":
            return _Zlib(wrapped=True)
        case "deflate":
            return _Zlib(wrapped=False)
        case "br":
            return _Brotli()
        case "zstd":
            return _Zstd()
    raise BrokenBody(f"the body has a compression that we do not know ({name[:20]!r})")


class Body:
    """One answer's body as it arrives, decoded within the caps.

    Args:
        content_encoding: the header's value.
        max_bytes: cap of the decoded size.
        max_ratio: cap of decoded ÷ received, past the first megabyte.

    Raises:
        BrokenBody: a coding that we do not know.
    """

    def __init__(self, content_encoding: str, *, max_bytes: int, max_ratio: float) -> None:
        self._decoder = _decoder_of(content_encoding)
        self._max_bytes = max_bytes
        self._max_ratio = max_ratio
        self._data = BytesIO()  # `getvalue` hands out what it holds, without a second copy
        self._size = 0
        self.received = 0

    def add(self, chunk: bytes) -> None:
        """Take the next chunk off the wire.

        Raises:
            OverCap: the caps are passed; what fits is kept.
            BrokenBody: it cannot be decoded.
        """
        for _ in self.steps(chunk):
            pass

    def steps(self, chunk: bytes) -> Iterator[int]:
        """Take the next chunk off the wire piece by piece: how much each is going to take, before it is kept.

        Raises: as `add`.
        """
        self.received += len(chunk)
        if self._decoder and self.received > self._max_bytes + _FRAMING_BYTES:
            # Padding and empty frames cost wire and time without ever reaching the output.
            raise OverCap(f"larger than {self._max_bytes} bytes even compressed")
        try:
            for piece in self._decoder.feed(chunk) if self._decoder else (chunk,):
                yield min(len(piece), self._max_bytes - self._size)
                self._keep(piece)
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            raise BrokenBody(f"the compressed body is broken ({error})") from error

    def announce(self, length: int) -> None:
        """Refuse the body by its Content-Length alone, where that is past the cap.

        Raises:
            OverCap: it will be past the caps; nothing need be read.
        """
        if length > self._max_bytes + (_FRAMING_BYTES if self._decoder else 0):
            raise OverCap(f"larger than {self._max_bytes} bytes (it says {length})")

    def _keep(self, piece: bytes) -> None:
        room = self._max_bytes - self._size
        self._size += self._data.write(piece[:room])  # kept up to the cap: a page cut off there can still be read
        if len(piece) > room:
            raise OverCap(f"larger than {self._max_bytes} bytes (stopped after {self.received} bytes received)")
        if self._decoder and are_mostly_empty(self._decoder.members, self._size):
            raise BrokenBody(f"the body has {self._decoder.members:,} compressed members with next to nothing in them")
        limit = max(_RATIO_FREE_BYTES, self._max_ratio * self.received)
        if self._decoder and self._size > limit:
            raise OverRatio(
                f"compressed more than {self._max_ratio:g} times (stopped after {self.received} bytes received)"
            )

    def finish(self) -> None:
        """The wire has no more.

        Raises:
            BrokenBody: the compressed stream is not whole.
        """
        if self._decoder:
            self._decoder.finish()

    @property
    def data(self) -> bytes:
        """What was decoded so far."""
        return self._data.getvalue()

    @property
    def size(self) -> int:
        """How many bytes that is."""
        return self._size

    @property
    def is_compressed(self) -> bool:
        """Whether a stream around the text tells where it ends."""
        return self._decoder is not None

    def ends(self, *, size: int) -> tuple[bytes, bytes]:
        """The first and the last bytes of what was decoded so far."""
        with self._data.getbuffer() as data:
            return bytes(data[:size]), bytes(data[-size:])
