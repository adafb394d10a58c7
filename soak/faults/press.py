"""A press on loopback whose whole output is known, and whose network and answers can be made to fail.

Article K belongs to site K modulo `SITES` and is published at a fixed distance after article K - 1. Two thirds of the
sites carry whole texts in their feeds, the others link to pages.
"""

from __future__ import annotations

import contextlib
import gzip
import random
import socket
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from html import escape

from bench.site import SYLLABLES

SITES = 6
WITH_PAGES = 2
"""How many of them link to pages."""
WINDOW = 30
"""Articles that a feed lists. The press prints no more than that before what it has printed is known (`known`)."""

NETWORKS = ("refuse", "reset", "hang")
"""Ways in which nobody is reached."""
DAMAGES = ("cut", "short", "long", "garbage", "packed", "unended")
"""Ways in which an answer is not what was sent; see `_damaged`."""


@dataclass(slots=True)
class Press:
    """The sites. Use `running`.

    Args:
        seed: of the words and the rubbish.
        every_s: real seconds between two articles.
    """

    seed: int
    every_s: float
    port: int = 0
    network: str = "up"
    damage: str = ""
    stopped_at: float | None = None
    known: int = 0
    """Articles 0 to K - 1 are stored: whoever follows the feeds can then miss nothing, however slow the machine."""
    _started: float = field(default_factory=time.monotonic)
    _started_wall: float = field(default_factory=time.time)
    _listeners: list[socket.socket] = field(default_factory=list)
    _damaged: int = 0

    @property
    def hosts(self) -> tuple[str, ...]:
        """The address of each site."""
        return tuple(f"127.0.3.{number + 1}" for number in range(SITES))

    def feeds(self) -> tuple[str, ...]:
        """The url of each feed."""
        return tuple(f"http://{host}:{self.port}/feed.xml" for host in self.hosts)

    def published(self) -> int:
        """How many articles there are by now."""
        until = time.monotonic() if self.stopped_at is None else self.stopped_at
        return min(int((until - self._started) / self.every_s) + 1, self.known + SITES * (WINDOW - 5))

    def stop_publishing(self) -> None:
        """Let no more follow."""
        self.stopped_at = time.monotonic()

    def url(self, number: int) -> str:
        """Where article K stands."""
        return f"http://{self.hosts[number % SITES]}:{self.port}/report-{number:06}-of-the-day.html"

    def is_whole(self, number: int) -> bool:
        """Does its feed carry its whole text?"""
        return number % SITES >= WITH_PAGES

    def title(self, number: int) -> str:
        """Its headline."""
        words = self._words(number)
        return f"{' '.join(words.sample(_VOCABULARY, 7)).capitalize()}"

    def paragraphs(self, number: int) -> list[str]:
        """Its text; the first and the last sentence name it, so that a lost end shows."""
        words = self._words(number)
        words.sample(_VOCABULARY, 7)
        middle = [f"{' '.join(words.choices(_VOCABULARY, k=50)).capitalize()}." for _ in range(5)]
        return [first_words(number), *middle, last_words(number)]

    def _words(self, number: int) -> random.Random:
        return random.Random(f"{self.seed} {number // 3}")  # threes tell of the same, so that stories grow

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Serve for so long."""
        self._listen()
        try:
            yield
        finally:
            self.set_network("refuse")

    def set_network(self, network: str) -> None:
        """From now on sites are reached like that: `up`, or one of `NETWORKS`."""
        self.network = network
        if network == "refuse":
            for listener in self._listeners:
                with contextlib.suppress(OSError):
                    listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts, and only then it is closed
                listener.close()
            self._listeners.clear()
        elif not self._listeners:
            self._listen()

    def _listen(self) -> None:
        for number, host in enumerate(self.hosts):
            listener = _listener(host, self.port)
            self.port = self.port or listener.getsockname()[1]
            self._listeners.append(listener)
            threading.Thread(target=self._accept, args=(listener, number), daemon=True).start()

    def _accept(self, listener: socket.socket, site: int) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection, site), daemon=True).start()

    def _talk(self, connection: socket.socket, site: int) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(10)
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(4096)
                if not piece:
                    return
                head += piece
            network = self.network
            if network == "hang":
                time.sleep(3)
                return
            if network == "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            connection.sendall(self._answer(site, head.split(b" ", 2)[1].decode("ascii", "replace")))

    def _answer(self, site: int, path: str) -> bytes:
        if path == "/feed.xml":
            kind, body = "application/rss+xml", self._feed(site)
        elif path.startswith("/report-") and path[8:14].isdigit():
            kind, body = "text/html; charset=utf-8", self._page(int(path[8:14]))
        else:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        if self.damage:
            self._damaged += 1
            return _damaged(self.damage, kind, body, random.Random(f"{self.seed} {self._damaged}"))
        return _head(kind, f"Content-Length: {len(body)}") + body

    def _feed(self, site: int) -> bytes:
        numbers = range(site, self.published(), SITES)[-WINDOW:]
        items = "".join(self._item(number) for number in reversed(numbers))
        return (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
            'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            f"<title>Paper {site}</title><link>http://{self.hosts[site]}:{self.port}/</link>{items}</channel></rss>"
        ).encode()

    def _item(self, number: int) -> str:
        at = formatdate(self._started_wall + number * self.every_s, usegmt=True)
        said = ""
        if self.is_whole(number):
            text = "".join(f"<p>{part}</p>" for part in self.paragraphs(number))
            said = f"<content:encoded>{escape(text)}</content:encoded>"
        return (
            f"<item><title>{self.title(number)}</title><link>{self.url(number)}</link><pubDate>{at}</pubDate>"
            f"{said}</item>"
        )

    def _page(self, number: int) -> bytes:
        text = "".join(f"<p>{part}</p>" for part in self.paragraphs(number))
        return (
            f"<!doctype html><html lang=en><head><title>{self.title(number)}</title></head><body><article>"
            f"<h1>{self.title(number)}</h1>{text}</article></body></html>"
        ).encode()


def first_words(number: int) -> str:
    """The sentence with which article K begins."""
    return f"This is the beginning of report number {number} of this day, told by our own people."


def last_words(number: int) -> str:
    """The sentence with which article K ends."""
    return f"This is the end of report number {number} of this day, told by our own people."


_VOCABULARY = [f"{first}{second}" for first in SYLLABLES for second in SYLLABLES]


def _listener(host: str, port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(64)
    return listener


def _head(kind: str, *lines: str) -> bytes:
    told = "\r\n".join(("HTTP/1.1 200 OK", f"Content-Type: {kind}", "Connection: close", *lines))
    return f"{told}\r\n\r\n".encode()


def _damaged(way: str, kind: str, body: bytes, chance: random.Random) -> bytes:
    """The answer as a bad line or server would have sent it."""
    cut = body[: chance.randrange(1, len(body))]
    match way:
        case "cut":  # the connection ends in the middle
            return _head(kind, f"Content-Length: {len(body)}") + cut
        case "short":  # the length is too small: what comes is cut, and nothing says so
            return _head(kind, f"Content-Length: {len(cut)}") + body
        case "long":
            return _head(kind, f"Content-Length: {len(body) + 1000}") + body
        case "garbage":
            return _head(kind) + chance.randbytes(chance.randrange(20_000))
        case "packed":  # the packed bytes are damaged in one place
            packed = bytearray(gzip.compress(body))
            packed[chance.randrange(len(packed))] ^= 0xFF
            return _head(kind, "Content-Encoding: gzip", f"Content-Length: {len(packed)}") + bytes(packed)
        case _:  # "unended": chunks without the last one
            return _head(kind, "Transfer-Encoding: chunked") + b"%x\r\n%b\r\n" % (len(cut), cut)
