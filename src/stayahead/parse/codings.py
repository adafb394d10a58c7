"""Decompression: coded chunks of a body go in, its bytes come out, never more than the caps at a time.

gzip, deflate, br and zstd (RFC 9110 section 8.4; RFC 1950-1952, 7932, 8878) are decoded while they stream, in steps of
bounded output, so that a decompression bomb is stopped within one step of the cap and not after it filled the memory.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli
import zstandard

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
    """The body is not what its Content-Encoding says, or ends too early."""


class OverCap(Exception):
    """The body is larger, or better compressed, than the caps allow."""


class _Decoder(Protocol):
    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Decoded pieces, each of bounded size."""
        ...

    def finish(self) -> None:
        """Raise `BrokenBody` when the stream is not whole."""
        ...


class _Zlib:
    """gzip with any number of members; deflate with or without its zlib wrapper, as servers send both."""

    def __init__(self, *, wrapped: bool) -> None:
        self._bits = zlib.MAX_WBITS | 16 if wrapped else 0
        self._stream = zlib.decompressobj(self._bits) if wrapped else None
        self._seen = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        while chunk:
            if self._stream is None:
                # RFC 1950: method 8 in the low half of the first byte; a raw stream may not begin so in practice.
                self._bits = zlib.MAX_WBITS if chunk[0] & 0x0F == 8 else -zlib.MAX_WBITS
                self._stream = zlib.decompressobj(self._bits)
            elif self._stream.eof:
                if not self._begins_member(chunk):
                    return
                self._stream = zlib.decompressobj(self._bits)
            self._seen = True
            yield from self._drain(self._stream, chunk)
            chunk = self._stream.unused_data

    @staticmethod
    def _drain(stream: zlib._Decompress, chunk: bytes) -> Iterator[bytes]:
        """All that the chunk gives; a full step may leave output inside even when no input is left."""
        piece = stream.decompress(chunk, _STEP_BYTES)
        yield piece
        while not stream.eof and (stream.unconsumed_tail or len(piece) == _STEP_BYTES):
            piece = stream.decompress(stream.unconsumed_tail, _STEP_BYTES)
            yield piece

    def _begins_member(self, chunk: bytes) -> bool:
        """Another gzip member follows; anything else after the end is padding, which gzip ignores as well."""
        return self._bits > zlib.MAX_WBITS and chunk[:1] == b"\x1f"

    def finish(self) -> None:
        if self._seen and self._stream is not None and not self._stream.eof:
            raise BrokenBody("the compressed body ends too early")


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._seen = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        self._seen = True
        piece = self._stream.process(chunk, output_buffer_limit=_STEP_BYTES)
        yield piece
        # It can be ready for more input and still hold output back: only an empty piece says that there is none.
        while not self._stream.is_finished() and (piece or not self._stream.can_accept_more_data()):
            piece = self._stream.process(b"", output_buffer_limit=_STEP_BYTES)
            yield piece

    def finish(self) -> None:
        if self._seen and not self._stream.is_finished():
            raise BrokenBody("the compressed body ends too early")


class _Zstd:
    """zstd with any number of frames."""

    def __init__(self) -> None:
        self._context = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES)
        self._stream = self._context.decompressobj()
        self._seen = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        for start in range(0, len(chunk), _ZSTD_STEP_BYTES):
            rest = chunk[start : start + _ZSTD_STEP_BYTES]
            while rest:
                if self._stream.eof:
                    self._stream = self._context.decompressobj()
                self._seen = True
                yield self._stream.decompress(rest)
                rest = self._stream.unused_data if self._stream.eof else b""

    def finish(self) -> None:
        if self._seen and not self._stream.eof:
            raise BrokenBody("the compressed body ends too early")


def _decoder_of(content_encoding: str) -> _Decoder | None:
    """The decoder of a Content-Encoding; None when the body is plain."""
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
    """One answer's body as it arrives.

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
        self._data = bytearray()
        self.received = 0

    def add(self, chunk: bytes) -> None:
        """Take the next chunk off the wire.

        Raises:
            OverCap: the caps are passed; what fits is kept.
            BrokenBody: it cannot be decoded.
        """
        self.received += len(chunk)
        if self._decoder and self.received > self._max_bytes + _FRAMING_BYTES:
            # Padding and empty frames cost wire and time without ever reaching the output.
            raise OverCap(f"larger than {self._max_bytes} bytes even compressed")
        try:
            for piece in self._decoder.feed(chunk) if self._decoder else (chunk,):
                self._keep(piece)
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            raise BrokenBody(f"the compressed body is broken ({error})") from error

    def announce(self, length: int) -> None:
        """Take note of the length that the answer says it has.

        Raises:
            OverCap: it will be past the caps; nothing need be read.
        """
        if length > self._max_bytes + (_FRAMING_BYTES if self._decoder else 0):
            raise OverCap(f"larger than {self._max_bytes} bytes (it says {length})")

    def _keep(self, piece: bytes) -> None:
        room = self._max_bytes - len(self._data)
        self._data += piece[:room]
        if len(piece) > room:
            raise OverCap(f"larger than {self._max_bytes} bytes (stopped after {self.received} bytes received)")
        limit = max(_RATIO_FREE_BYTES, self._max_ratio * self.received)
        if self._decoder and len(self._data) > limit:
            raise OverCap(
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
        return bytes(self._data)
