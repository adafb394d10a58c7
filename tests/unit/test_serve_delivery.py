"""Delivery: what is compressed, where, what is kept of it, and that streams pass as they are."""

from __future__ import annotations

import asyncio
import gzip
import threading

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from stayahead.serve.delivery import AT_ONCE_MOST, COMPRESSED_FROM, PORTION, Delivery
from stayahead.serve.kept_bytes import KeptBytes


async def _sized(request: Request) -> Response:
    size = int(request.path_params["size"])
    kind = request.query_params.get("kind", "text/html")
    return Response(b"news " * (size // 5), media_type=kind, headers={"etag": 'W/"1"'})


async def _stream(request: Request) -> Response:
    async def parts() -> object:
        for _ in range(3):
            yield b"data: news\n\n" * 200

    return StreamingResponse(parts(), media_type="text/event-stream")  # type: ignore[arg-type]  # bytes, in turn


def ask(path: str, *, times: int = 1, gzipped: bool = True, method: str = "GET") -> httpx.Response:
    """The last of so many answers to the same question."""
    app = Delivery(Starlette(routes=[Route("/stream", _stream), Route("/{size}", _sized)]))

    async def send() -> httpx.Response:
        headers = {"accept-encoding": "gzip" if gzipped else "identity"}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as http:
            answers = [await http.request(method, path, headers=headers) for _ in range(times)]
        return answers[-1]

    return asyncio.run(send())


@pytest.mark.parametrize("size", [COMPRESSED_FROM, AT_ONCE_MOST + 5, 3 * PORTION])
def test_texts_are_compressed_for_who_takes_it(size: int) -> None:
    answer = ask(f"/{size}")
    assert answer.content == b"news " * (size // 5)
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < size / 5
    assert answer.headers["vary"] == "Accept-Encoding"
    plain = ask(f"/{size}", gzipped=False)
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == "Accept-Encoding"
    assert plain.content == answer.content


@pytest.mark.parametrize("path", ["/500", "/50000?kind=image/png", "/stream"])
def test_small_answers_pictures_and_streams_pass_as_they_are(path: str) -> None:
    answer = ask(path)
    assert "content-encoding" not in answer.headers
    assert len(answer.content) >= 500


def test_large_answers_are_compressed_on_a_thread_once(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[str] = []
    compress = gzip.compress

    def watched(data: bytes, level: int, *, mtime: float) -> bytes:
        threads.append(threading.current_thread().name)
        return compress(data, level, mtime=mtime)

    monkeypatch.setattr(gzip, "compress", watched)
    ask("/500000", times=3)
    assert len(threads) == 1
    assert threads[0] != threading.main_thread().name
    ask("/5000", times=3)
    assert threads[1:] == [threading.main_thread().name] * 3


def test_head_is_told_the_length_and_nothing_of_the_body() -> None:
    answer = ask("/500000", method="HEAD", gzipped=False)
    assert answer.headers["content-length"] == "500000"


def test_what_is_kept_is_bounded_by_bytes_and_the_longest_unasked_goes_first() -> None:
    kept = KeptBytes(80)
    for key in range(8):
        kept.put(key, b"x" * 10)
    assert kept.get(0) == b"x" * 10
    kept.put(8, b"y" * 10)
    assert (kept.size, kept.get(1), kept.get(0)) == (80, None, b"x" * 10)
    kept.put(0, b"z" * 4)
    assert (kept.size, kept.get(0)) == (74, b"z" * 4)
    kept.put("large", b"x" * 11)
    assert (kept.size, kept.get("large")) == (74, None)
