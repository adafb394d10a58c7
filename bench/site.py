"""Serves the pages of the evaluation data, and feeds that list them, over real HTTP from a process of its own.

It listens on many loopback addresses, so that a fetcher which asks each host one thing at a time can still be busy.
`python -m bench.site --data DIR` prints its port and serves until its standard input closes.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from aiohttp import web

from eval import corpus

SYLLABLES = (
    "ba",
    "cor",
    "del",
    "fen",
    "gri",
    "hol",
    "ju",
    "kat",
    "lim",
    "mor",
    "nes",
    "pol",
    "rin",
    "sta",
    "tur",
    "vel",
)
PER_FEED = 20
"""How many pages one host's feed lists."""


@dataclass(frozen=True, slots=True)
class Site:
    """A running site: its port and its hosts, each with `/feed.xml` (links) and `/full.xml` (whole articles)."""

    port: int
    hosts: tuple[str, ...]

    def feeds(self, name: str = "feed.xml") -> tuple[str, ...]:
        """The address of that feed on each host."""
        return tuple(f"http://{host}:{self.port}/{name}" for host in self.hosts)

    @property
    def exceptions(self) -> frozenset[str]:
        """The host:port pairs that a guarded fetcher must be told of."""
        return frozenset(f"{host}:{self.port}" for host in self.hosts)


def hosts_for(pages: int) -> tuple[str, ...]:
    """As many loopback hosts as so many pages need."""
    return tuple(f"127.0.1.{number + 1}" for number in range(-(-pages // PER_FEED)))


def page_files(data: Path) -> list[Path]:
    """The pages, articles only, in the order of their names."""
    files = sorted((data / "pages" / "scrapinghub" / "html").glob("*.html.gz"))
    return files + sorted((data / "pages" / "wcxb" / "html").glob("*.html.gz"))


@contextlib.contextmanager
def running(data: Path, *, window: int = PER_FEED, last: int = PER_FEED) -> Iterator[Site]:
    """Start the site in a process of its own; end it afterwards.

    `window`: how many pages a feed shows at a time; `last`: how many in all, each poll moving on by half a window.
    """
    command = [sys.executable, "-m", "bench.site", "--data", str(data), "--window", str(window), "--last", str(last)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield Site(int(process.stdout.readline()), hosts_for(len(page_files(data))))
        finally:
            process.stdin.close()
            process.wait(timeout=10)


def _feed(host: str, port: int, indexes: range, texts: list[str] | None) -> bytes:
    items = []
    for index in indexes:
        content = ""
        if texts is not None:
            paragraphs = "".join(f"<p>{escape(part)}</p>" for part in texts[index].split("\n") if part.strip())
            content = f"<content:encoded>{escape(paragraphs)}</content:encoded>"
        items.append(
            f"<item><title>Page {index} of {host}</title><link>http://{host}:{port}/{index}</link>{content}</item>"
        )
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{host}</title><link>http://{host}:{port}/</link>{''.join(items)}</channel></rss>"
    ).encode()


def _many(path: str, port: int) -> bytes:
    """A feed of 20 whole short articles, of a site of its own by their links."""
    number = int(path.removeprefix("many/").removesuffix(".xml"))
    name = f"paper{number}.example"
    chance = random.Random(number)
    words = [f"{chance.choice(SYLLABLES)}{chance.choice(SYLLABLES)}{chance.choice(SYLLABLES)}" for _ in range(400)]
    items = []
    for index in range(PER_FEED):
        title = " ".join(chance.sample(words, 8)).capitalize()
        body = "".join(f"<p>{' '.join(chance.sample(words, 60))}.</p>" for _ in range(5))
        items.append(
            f"<item><title>{title}</title><link>http://{name}/{index}</link>"
            f"<content:encoded>{escape(body)}</content:encoded></item>"
        )
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{name}</title><link>http://{name}:{port}/</link>{''.join(items)}</channel></rss>"
    ).encode()


class _Answers:
    def __init__(self, data: Path, *, window: int, last: int) -> None:
        self.port = 0
        self._window, self._last = window, last
        self._polls: Counter[str] = Counter()
        bodies = [gzip.decompress(path.read_bytes()) for path in page_files(data)]
        self.hosts = hosts_for(len(bodies))
        self._bodies = {
            host: bodies[number * PER_FEED : (number + 1) * PER_FEED] for number, host in enumerate(self.hosts)
        }
        self._feed_files = sorted((data / "feeds" / "files").glob("*.gz"))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        host = request.host.partition(":")[0]
        bodies = self._bodies.get(host)
        path = request.path.strip("/")
        if bodies is None or path == "robots.txt":
            raise web.HTTPNotFound
        if path == "feed.xml":
            pages = len(bodies) if self._last <= PER_FEED else self._last
            return web.Response(body=self._window_of(host, pages), content_type="application/rss+xml")
        if path == "full.xml":
            return web.Response(body=self._full(host, bodies), content_type="application/rss+xml")
        if path.startswith("many/"):
            return web.Response(body=_many(path, self.port), content_type="application/rss+xml")
        if path.startswith("case/") and path[5:].isdigit() and int(path[5:]) < len(self._feed_files):
            body = gzip.decompress(self._feed_files[int(path[5:])].read_bytes())
            return web.Response(body=body, content_type="application/xml")
        if path.isdigit() and int(path) < max(len(bodies), self._last):
            return web.Response(body=bodies[int(path) % len(bodies)], content_type="text/html")
        raise web.HTTPNotFound

    def _window_of(self, host: str, pages: int) -> bytes:
        """The feed of this poll: with a window, each poll moves on and never lists again what has left it."""
        start = 0 if self._window >= pages else self._polls[host] * (self._window // 2)
        self._polls[host] += 1
        return _feed(host, self.port, range(start, min(start + self._window, pages)), None)

    def _full(self, host: str, bodies: list[bytes]) -> bytes:
        texts = []
        for index in range(len(bodies)):
            words = " ".join(f"{host} report {index} paragraph {n} says number {n * 7 % 97}" for n in range(8))
            texts.append("\n".join(f"{words} and closes section {part} of its account." for part in range(6)))
        return _feed(host, self.port, range(len(bodies)), texts)


async def _serve(data: Path, window: int, last: int) -> None:
    answers = _Answers(data, window=window, last=last)
    app = web.Application()
    app.router.add_get("/{path:.*}", answers.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    for host in answers.hosts:
        await web.TCPSite(runner, host, answers.port).start()
        answers.port = answers.port or runner.addresses[0][1]
    print(answers.port, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    parser = corpus.parser(__doc__)
    parser.add_argument("--window", type=int, default=PER_FEED, help="pages that a feed shows at a time")
    parser.add_argument("--last", type=int, default=PER_FEED, help="pages that a feed shows in all, polls moving on")
    options = parser.parse_args()
    corpus.require(options.data, "pages")
    asyncio.run(_serve(options.data, options.window, options.last))
