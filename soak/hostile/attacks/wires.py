"""Attacks below the text: robots.txt, headers, interim answers, gzip, and answers that do not end."""

from __future__ import annotations

import asyncio
import gzip

from soak.hostile.attacks.attack import Attack, document
from soak.hostile.wire import Visit, head

EMPTY_MEMBER = gzip.compress(b"", mtime=0)


class RobotsBlanks(Attack):
    """A robots.txt of 6 kB: one agent line of 6,000 blanks that ends in a bare CR."""

    name = "robots-blanks"
    lies_in = "robots"
    hosts_count = 10

    async def robots(self, visit: Visit) -> None:
        await visit.answer(b"User-agent:" + b" " * 6_000 + b"\rx\n", "text/plain")


class RobotsRules(Attack):
    """A robots.txt of 142 kB: thousands of agents, then thousands of rules, with CRLF; on 20 hosts."""

    name = "robots-rules"
    lies_in = "robots"
    hosts_count = 20
    _agents = "".join(f"User-agent: a{n}\r\n" for n in range(4_000))
    _body = (_agents + "User-agent: *\r\n" + "".join(f"Disallow: /{n}\r\n" for n in range(4_000))).encode()

    async def robots(self, visit: Visit) -> None:
        await visit.answer(self._body, "text/plain")


class Semicolons(Attack):
    """A Content-Type of 31,500 semicolons on every page."""

    name = "semicolons"
    per_poll = 100

    async def page(self, visit: Visit) -> None:
        await visit.answer(document("<p>It fell.</p>"), "text/html" + ";" * 31_500)


class Interim(Attack):
    """Answers of 1xx without end, from four hosts."""

    name = "interim"
    hosts_count = 4

    async def page(self, visit: Visit) -> None:
        while True:
            await visit.say(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 500)
            await asyncio.sleep(0)


class Members(Attack):
    """Pages of 350,000 empty gzip members (7 MB of wire, no byte of text)."""

    name = "members"
    _body = EMPTY_MEMBER * 350_000

    async def page(self, visit: Visit) -> None:
        await visit.say(
            head(content_type="text/html", content_encoding="gzip", content_length=str(len(self._body))) + self._body
        )


class IndexPages(Attack):
    """Links of 360 times `/index.html`, in feed and page."""

    name = "index-urls"
    per_poll = 500

    def link(self, visit: Visit, number: int) -> str:
        return f"http://{visit.host}:{visit.port}/{number}" + "/index.html" * 360 + "x"

    async def page(self, visit: Visit) -> None:
        links = f'<p><a href="/{"index.html/" * 360}">It</a> fell.</p>' * 200
        await visit.answer(document(links))


class Big(Attack):
    """Pages of 8 MB from 64 hosts at once."""

    name = "big-pages"
    hosts_count = 64
    per_poll = 4
    _body = document("<p>It fell on Monday, and nobody knows why.</p>\n" * 165_000)

    async def page(self, visit: Visit) -> None:
        await visit.answer(self._body[:7_990_000])


class SlowPages(Attack):
    """Pages by the hundred, a byte a second, from 60 hosts of one owner, each with a feed of its own."""

    name = "slow-pages"

    @property
    def hosts(self) -> tuple[str, ...]:
        # Each feed stands where its pages stand: an exception holds for the source on that very pair alone.
        return tuple(f"h{number}.{self.name}0.test" for number in range(60))

    async def page(self, visit: Visit) -> None:
        visit.is_last = True
        await visit.say(head(content_type="text/html", content_length="100000"))
        await visit.slowly(b"<p>" * 30_000)


class SlowRobots(SlowPages):
    """Every robots.txt a byte a second, from 60 hosts of one owner, each with a feed of its own."""

    name = "slow-robots"
    lies_in = "robots"

    async def robots(self, visit: Visit) -> None:
        await super().page(visit)


class SlowNames(Attack):
    """Links on hosts by the hundred whose name takes 30 s to be found unknown."""

    name = "slow-names"
    lies_in = "feed"
    per_poll = 200

    def link(self, visit: Visit, number: int) -> str:
        return f"http://n{number}.slow.test:{visit.port}/{number}"
