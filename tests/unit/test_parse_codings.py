"""Decompression while streaming: every coding, in chunks of every size, broken, truncated and as bombs."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable, Iterable

import brotli
import pytest
import zstandard

from stayahead.parse.codings import Body, BrokenBody, OverCap
from stayahead.parse.gunzip import BadGzip, gunzip

MEGABYTE = 1_000_000
TEXT = b"".join(b"%d of the wire, " % number for number in range(20_000))


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


def brotlied(data: bytes) -> bytes:
    return bytes(brotli.compress(data, quality=5))


def zstded(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


CODINGS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("gzip", gzip.compress),
    ("x-gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", raw_deflate),
    ("br", brotlied),
    ("zstd", zstded),
]


def body_of(coding: str, *, max_bytes: int = 8 * MEGABYTE, max_ratio: float = 200.0) -> Body:
    return Body(coding, max_bytes=max_bytes, max_ratio=max_ratio)


def add_all(body: Body, chunks: Iterable[bytes]) -> None:
    for chunk in chunks:
        body.add(chunk)


def decoded(coding: str, data: bytes, *, step: int = 65_536) -> bytes:
    body = body_of(coding)
    for start in range(0, len(data), step):
        body.add(data[start : start + step])
    body.finish()
    return body.data


@pytest.mark.parametrize(("coding", "compress"), CODINGS)
@pytest.mark.parametrize("step", [1, 7, 1000, 10**9])
def test_every_coding_in_chunks_of_any_size(coding: str, compress: Callable[[bytes], bytes], step: int) -> None:
    text = TEXT if step > 1 else TEXT[:5000]
    assert decoded(coding, compress(text), step=step) == text


@pytest.mark.parametrize(("coding", "compress"), CODINGS)
def test_what_hardly_compresses_comes_whole(coding: str, compress: Callable[[bytes], bytes]) -> None:
    noise = random.Random(7).randbytes(300_000)
    assert decoded(coding, compress(noise)) == noise


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 131_072])
@pytest.mark.parametrize(("coding", "compress"), CODINGS)
def test_output_that_fills_a_step_exactly_is_not_lost(
    coding: str, compress: Callable[[bytes], bytes], size: int
) -> None:
    assert decoded(coding, compress(b"a" * size)) == b"a" * size


@pytest.mark.parametrize("coding", ["", "identity", " Identity ", "none", "UTF-8", "GZIP"])
def test_plain_bodies_and_names_in_any_case(coding: str) -> None:
    data = gzip.compress(TEXT) if coding == "GZIP" else TEXT
    assert decoded(coding, data) == TEXT


def test_several_members_and_frames_are_one_body() -> None:
    assert decoded("gzip", gzip.compress(b"one ") + gzip.compress(b"two")) == b"one two"
    assert decoded("zstd", zstded(b"one ") + zstded(b"two"), step=5) == b"one two"


def test_padding_after_gzip_is_ignored() -> None:
    assert decoded("gzip", gzip.compress(b"one") + b"\0" * 512) == b"one"


@pytest.mark.parametrize(("coding", "compress"), CODINGS)
def test_an_empty_answer_is_empty(coding: str, compress: Callable[[bytes], bytes]) -> None:
    assert decoded(coding, b"") == b""
    assert decoded(coding, compress(b"")) == b""


@pytest.mark.parametrize(("coding", "compress"), CODINGS)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.99])
def test_a_truncated_stream_is_broken(coding: str, compress: Callable[[bytes], bytes], share: float) -> None:
    data = compress(TEXT)
    with pytest.raises(BrokenBody, match="too early"):
        decoded(coding, data[: int(len(data) * share)])


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
def test_what_is_not_compressed_is_broken(coding: str) -> None:
    with pytest.raises(BrokenBody):
        decoded(coding, b"<html>\xff\x00\x13 this page says it is compressed</html>" * 40)


@pytest.mark.parametrize("coding", ["lzma", "compress", "gzip, br", "gzip,gzip", "x" * 500])
def test_unknown_and_stacked_codings_are_broken(coding: str) -> None:
    with pytest.raises(BrokenBody, match="compress"):
        body_of(coding)


@pytest.mark.parametrize(("coding", "compress"), CODINGS)
def test_the_cap_of_bytes_stops_a_bomb_within_one_chunk(coding: str, compress: Callable[[bytes], bytes]) -> None:
    bomb = compress(bytes(60 * MEGABYTE))
    body = body_of(coding, max_bytes=3 * MEGABYTE, max_ratio=1e9)
    with pytest.raises(OverCap, match="larger than 3000000 bytes"):
        add_all(body, (bomb[start : start + 4096] for start in range(0, len(bomb), 4096)))
    assert len(body.data) == 3 * MEGABYTE
    assert body.received <= 8192


@pytest.mark.parametrize(("coding", "compress"), CODINGS)
def test_the_ratio_counts_past_the_first_megabyte(coding: str, compress: Callable[[bytes], bytes]) -> None:
    small = compress(bytes(MEGABYTE - 1))
    body = body_of(coding, max_ratio=100.0)
    body.add(small)
    body.finish()
    body = body_of(coding, max_ratio=100.0)
    with pytest.raises(OverCap, match="more than 100 times"):
        body.add(compress(bytes(8 * MEGABYTE))[:4096])
    assert len(body.data) <= 6 * MEGABYTE  # the megabyte that is free, and one step of zstd


def test_plain_bodies_have_no_ratio() -> None:
    body = body_of("", max_ratio=0.5)
    body.add(bytes(3 * MEGABYTE))
    assert len(body.data) == 3 * MEGABYTE


def test_frames_that_hold_nothing_still_count_what_they_weigh() -> None:
    skippable = b"\x50\x2a\x4d\x18\x00\x10\x00\x00" + bytes(4096)
    body = body_of("zstd", max_bytes=100_000)
    with pytest.raises(OverCap, match="even compressed"):
        add_all(body, [skippable] * 100)
    assert body.data == b""


def test_padding_without_end_still_counts_what_it_weighs() -> None:
    body = body_of("gzip", max_bytes=100_000)
    body.add(gzip.compress(b"one"))
    with pytest.raises(OverCap):
        add_all(body, [bytes(4096)] * 100)


def test_a_zstd_window_that_would_take_too_much_memory_is_broken() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=27)
    stream = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    data = stream.compress(bytes(100)) + stream.flush()
    with pytest.raises(BrokenBody, match="broken"):
        decoded("zstd", data)


@pytest.mark.parametrize(("coding", "compress"), [("gzip", gzip.compress), ("zstd", zstded)])
def test_a_heap_of_empty_members_is_broken_before_it_costs_anything(
    coding: str, compress: Callable[[bytes], bytes]
) -> None:
    empty = compress(b"")
    body = body_of(coding, max_bytes=100 * MEGABYTE)
    with pytest.raises(BrokenBody, match="members"):
        add_all(body, [empty * 3_000] * 300)
    assert body.received <= 2 * 3_000 * len(empty)


@pytest.mark.parametrize(("coding", "compress"), [("gzip", gzip.compress), ("zstd", zstded)])
def test_members_that_hold_something_may_be_many(coding: str, compress: Callable[[bytes], bytes]) -> None:
    members = [compress(TEXT[start : start + 400]) for start in range(0, len(TEXT), 400)]
    assert len(members) > 900
    assert decoded(coding, b"".join(members * 2)) == TEXT * 2


def test_an_archive_of_empty_members_is_refused() -> None:
    with pytest.raises(BadGzip, match="members"):
        list(gunzip([gzip.compress(b"") * 3_000]))
    records = [gzip.compress(TEXT[start : start + 400]) for start in range(0, len(TEXT), 400)] * 4
    assert b"".join(gunzip(records)) == TEXT * 4
