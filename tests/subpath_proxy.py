"""A reverse proxy of our own for tests: one host with a path for the news and nothing else, and a crawler of it."""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urljoin, urlsplit

import lxml.html

OUTSIDE = "outside of the path"
"""What the proxy answers for every address that is not the news'."""
_CARRIED = {"accept", "cookie", "content-type", "content-length", "origin", "last-event-id"}
_HOP = {"connection", "transfer-encoding", "keep-alive"}


@contextmanager
def proxied(port: int, prefix: str, *, strips: bool, host: str) -> Iterator[int]:
    """The port of a proxy that hands on what lies below the prefix, with or without it, under that Host."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path != prefix and not self.path.startswith(prefix + "/"):
                self._answer(404, {}, OUTSIDE.encode())
                return
            path = (self.path[len(prefix) :] or "/") if strips else self.path
            upstream = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            sent = {name: value for name, value in self.headers.items() if name.lower() in _CARRIED}
            length = int(self.headers.get("content-length", "0"))
            with closing(upstream):
                upstream.request(self.command, path, self.rfile.read(length) or None, {**sent, "Host": host})
                answer = upstream.getresponse()
                if "event-stream" in answer.headers.get("content-type", ""):
                    self._stream(answer)
                    return
                self._answer(answer.status, dict(answer.headers.items()), answer.read())

        do_POST = do_DELETE = do_GET  # noqa: N815 - as the library names them

        def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in {*_HOP, "content-length"}:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _stream(self, answer: http.client.HTTPResponse) -> None:
            self.send_response(answer.status)
            self.send_header("content-type", answer.headers["content-type"])
            self.send_header("connection", "close")
            self.end_headers()
            while piece := answer.read1(4096):
                self.wfile.write(piece)
                self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library names it
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Walk:
    """What a crawler met."""

    answers: dict[str, int] = field(default_factory=dict)
    """Status by address asked, in order."""
    escaped: list[str] = field(default_factory=list)
    """Links that lead to our host and out of the path."""
    bodies: dict[str, str] = field(default_factory=dict)

    def kinds(self, prefix: str) -> set[str]:
        """The first part of each path that was asked, below the prefix."""
        return {urlsplit(url).path[len(prefix) :].split("/")[1] for url in self.answers}


def walk(origin: str, prefix: str, *, pages_most: int = 200, starts: tuple[str, ...] = ("/",), host: str = "") -> Walk:
    """Follow every link of every page, script, style and JSON answer, from the front page on, within the host.

    Where the proxy serves several names, `host` is the one that is asked for.
    """
    seen, waiting = Walk(), [f"{origin}{prefix}{start}" for start in starts]
    port = urlsplit(origin).port
    known = set(waiting)
    while waiting and len(seen.answers) < pages_most:
        url = waiting.pop(0)
        parts = urlsplit(url)
        if not parts.path.startswith(f"{prefix}/") and parts.path != prefix:
            seen.escaped.append(url)
            continue
        if parts.path == f"{prefix}/live":
            continue  # a stream has no end
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
            connection.request("GET", path, headers={"Host": host} if host else {})
            answer = connection.getresponse()
            body = answer.read().decode(errors="replace")
        seen.answers[url], seen.bodies[url] = answer.status, body
        targets = [answer.headers["location"]] if "location" in answer.headers else []
        targets += _links(answer.headers.get("content-type", ""), body)
        for target in targets:
            absolute = urljoin(url, target).partition("#")[0]
            if absolute.startswith(f"{origin}/") and absolute not in known:
                known.add(absolute)
                waiting.append(absolute)
    return seen


def _links(kind: str, body: str) -> list[str]:
    if "text/html" in kind and body:
        links = lxml.html.fromstring(body).xpath("//@href | //@src | //@action | //@data-session")
        assert isinstance(links, list)
        return [str(each) for each in links]
    if "json" in kind:
        return list(_addresses(json.loads(body)))
    if "javascript" in kind:
        imported = re.findall(r"""(?:from|import)\s*\(?\s*['"]([^'"]+)['"]""", body)
        return imported + re.findall(r"""['"`](/[a-z][^'"`]*)""", body)
    if "text/plain" in kind:
        return re.findall(r"^Disallow: (\S+)", body, re.MULTILINE)
    return re.findall(r"url\(['\"]?([^'\")]+)", body) if "css" in kind else []


def _addresses(value: object) -> Iterator[str]:
    """Every address of the host in a JSON answer; paths of the API's description lie below its `servers`."""
    if isinstance(value, dict):
        for key, below in value.items():
            if key != "paths":
                yield from _addresses(below)
    elif isinstance(value, list):
        for below in value:
            yield from _addresses(below)
    elif isinstance(value, str) and re.fullmatch(r"/[\w/?=&.:%+-]*", value):
        yield value
