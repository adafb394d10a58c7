"""What every attack is: hosts that serve something hostile, readers that ask something hostile, or both."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar

from soak.hostile.wire import Visit, item, rss

Ask = Callable[[str], dict[str, Any]]
"""The API's answer to a path; empty when there is none."""


class Attack:
    """A source of 20 new links a poll on one host, each with a page; subclasses change what is hostile in it."""

    name: ClassVar[str]
    hosts_count: ClassVar[int] = 1
    """How many sites, each of a registrable domain of its own, and each watched."""
    per_poll: ClassVar[int] = 20
    lies_in: ClassVar[str] = "page"
    """What of it must be asked for that the service has met it: `page`, `feed` or `robots`."""
    files: ClassVar[int] = 0
    """File descriptors that the service may open; 0: what the system gives."""
    copies: ClassVar[int] = 0
    """Articles of one text that the database holds before the run."""

    def __init__(self) -> None:
        self.asked = 0
        self._polls: dict[str, int] = {}

    @property
    def hosts(self) -> tuple[str, ...]:
        """Its names; `world` finds the attack by them."""
        return tuple(f"{self.name}{number}.test" for number in range(self.hosts_count))

    def feeds(self, port: int) -> list[str]:
        """What the owner watches, not knowing."""
        return [f"http://{host}:{port}/feed" for host in self.hosts]

    def exceptions(self, port: int) -> list[str]:
        """The loopback addresses that must be allowed for it."""
        return [f"{host}:{port}" for host in self.hosts]

    async def answer(self, visit: Visit) -> None:
        """What its sites say."""
        kind = {"/feed": "feed", "/robots.txt": "robots"}.get(visit.path.partition("?")[0], "page")
        self.asked += kind == self.lies_in
        if kind == "feed":
            number = self._polls.get(visit.host, 0)
            self._polls[visit.host] = number + 1
            await self.feed(visit, number)
        else:
            await (self.robots if kind == "robots" else self.page)(visit)

    async def robots(self, visit: Visit) -> None:
        await visit.not_found()

    async def feed(self, visit: Visit, poll: int) -> None:
        numbers = range(poll * self.per_poll, (poll + 1) * self.per_poll)
        items = (item(self.link(visit, n), self.title(n), self.extra(n)) for n in numbers)
        await visit.answer(rss(visit.host, "".join(items)), "application/rss+xml")

    def link(self, visit: Visit, number: int) -> str:
        return f"http://{visit.host}:{visit.port}/{number}"

    def title(self, number: int) -> str:
        return f"Report {number} of {self.name} on matter {number * 7919 % 1009}"

    def extra(self, number: int) -> str:
        """More elements of an entry."""
        return ""

    async def page(self, visit: Visit) -> None:
        await visit.answer(document(f"<p>{self.title(0)}</p>"))

    async def read(self, port: int) -> None:
        """Ask the service, as a hostile reader, until cancelled."""

    def wrong(self, ask: Ask) -> list[str]:
        """What the API says at the end and must not say."""
        return []


def document(body: str, head: str = "", title: str = "A report") -> bytes:
    """A page with that in its article."""
    return (
        f"<html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{body}</article></body></html>"
    ).encode()


async def for_ever(pause_s: float) -> None:
    """Keep what was opened open."""
    while True:
        await asyncio.sleep(pause_s)
