"""Attacks in the text of feeds and pages: what is dear to read, large once read, or refused by a bug."""

from __future__ import annotations

from soak.hostile.attacks.attack import Ask, Attack, document
from soak.hostile.wire import Visit, item, rss

FAMILIES = (
    "!", "! ", " ", "\n", "a", "1", "1 ", "_", "(", "<", "&#", "&amp;", "/index.html", "abon", "sept", "1 comment ",
    "by ", "12 dead, ", "posted by \n", "</AxAAA", '\\"', "a@a", "Reuters (", "http://", "社", "one hundred ",
)  # fmt: skip
"""Pieces on whose repetition patterns of ours were once worse than linear, or could be."""


class PageBombs(Attack):
    """Pages with 60,000 characters of what a pattern may stumble over, in paragraph, head, JSON-LD and names."""

    name = "page-bombs"
    per_poll = 26

    async def page(self, visit: Visit) -> None:
        digits = visit.path.strip("/")
        piece = FAMILIES[int(digits) % len(FAMILIES)] if digits.isdigit() else "!"
        text = piece * (60_000 // len(piece))
        head = f'<meta name="author" content="{text}"><script type="application/ld+json">{text}</script>'
        await visit.answer(
            document(
                f'<p class="byline">{text}</p><div class="{text}" id="{text}"><p>{text}</p></div>', head, text[:900]
            )
        )


class FeedBombs(Attack):
    """Entries whose title, text, date, author and category hold 20,000 characters of the same."""

    name = "feed-bombs"
    lies_in = "feed"
    per_poll = len(FAMILIES)
    hosts_count = 3

    def extra(self, number: int) -> str:
        piece = FAMILIES[number % len(FAMILIES)].replace("&", "&amp;").replace("<", "&lt;")
        text = piece * (20_000 // len(piece))
        names = ("description", "pubDate", "author", "category", "content:encoded")
        return "".join(f"<{name}>{text}</{name}>" for name in names)


class Rebased(Attack):
    """One feed with 300,000 relative links under a base of 980 characters: 300 MB once they are absolute."""

    name = "rebased-links"
    lies_in = "feed"

    async def feed(self, visit: Visit, poll: int) -> None:
        links = "&lt;a href='x'/>" * 15_000
        base = f"http://{visit.host}:{visit.port}/".ljust(979, "b") + "/"
        items = "".join(
            f'<item xml:base="{base}"><title>Report {poll}-{n}</title><link>{poll}-{n}</link>'
            f"<description>{links}</description></item>"
            for n in range(20)
        )
        await visit.answer(rss(visit.host, items), "application/rss+xml")


class XmlBase(Attack):
    """Relative bases on feed, channel and each of 1,000 entries, each joined to the one above, over 200 links each."""

    name = "xml-base"
    lies_in = "feed"

    async def feed(self, visit: Visit, poll: int) -> None:
        links = "&lt;a href='x'/>" * 200
        items = "".join(
            f'<item xml:base="{n}{"c" * 300}/"><title>Report {poll}-{n}</title><link>{poll}-{n}</link>'
            f"<description>{links}</description></item>"
            for n in range(1_000)
        )
        body = f'<rss xml:base="{"a" * 300}/"><channel xml:base="{"b" * 300}/"><title>t</title>{items}</channel></rss>'
        await visit.answer(body.encode(), "application/rss+xml")


class Next(Attack):
    """A feed each of whose pages holds 500 entries and names a next one."""

    name = "endless-next"
    lies_in = "feed"

    async def feed(self, visit: Visit, poll: int) -> None:  # each page of it, not each poll
        number = int(visit.path.partition("?")[2] or 0)
        entries = "".join(
            f"<entry><id>{number}-{n}</id><title>{self.title(number * 500 + n)}</title>"
            f"<link href='http://{visit.host}:{visit.port}/{number}-{n}'/></entry>"
            for n in range(500)
        )
        link = f"<link rel='next' href='http://{visit.host}:{visit.port}/feed?{number + 1}'/>"
        body = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>{link}{entries}</feed>'
        await visit.answer(body.encode(), "application/atom+xml")


class Dear(Attack):
    """Pages by the hundred from one source, each of which takes a worker .4 s and more: 40 s of work every 5 s."""

    name = "dear-pages"
    per_poll = 100
    _body = document(
        "".join(
            f"<p>On day {n} the bridge of Paris was closed to {n * 7 % 89} of the {n * 31 % 997} people, said Ann "
            f'Bell{n % 83}, the mayor of London. "It fell," said Mr Holt; {n % 90} people were killed, it seems.</p>'
            for n in range(19_000)
        )
    )

    async def page(self, visit: Visit) -> None:
        await visit.answer(self._body)


class Numbers(Attack):
    """104 numbers in a row on every page, and a Thai date that is no day; each is an article all the same."""

    name = "numbers"
    lies_in = "feed"

    def extra(self, number: int) -> str:
        return "<pubDate>29 กุมภาพันธ์ 2568</pubDate>"

    async def page(self, visit: Visit) -> None:
        row = " ".join(["123"] * 104)
        await visit.answer(document(f"<p>The dead: {row}.</p><p>{row} people were killed on Monday.</p>"))

    def wrong(self, ask: Ask) -> list[str]:
        return [] if ask(f"/v1/search?q={self.name}&limit=1").get("hits") else ["not one of its entries is an article"]


class Revised(Attack):
    """1,000 entries whose text counts its views, so that every poll finds each of them revised."""

    name = "revised"
    lies_in = "feed"

    async def feed(self, visit: Visit, poll: int) -> None:
        items = "".join(
            item(
                self.link(visit, n),
                self.title(n),
                f"<description>{'It fell on Monday, and nobody knows why. ' * 8} {poll * 17 + n} views</description>",
            )
            for n in range(1_000)
        )
        await visit.answer(rss(visit.host, items), "application/rss+xml")
