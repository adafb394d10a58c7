"""A source that speaks for others."""

from __future__ import annotations

from collections.abc import Mapping

from soak.hostile.attacks.attack import Attack
from soak.hostile.wire import Visit, item, rss

FAMOUS = (
    "reuters.com", "bbc.co.uk", "apnews.com", "aljazeera.com", "lemonde.fr", "spiegel.de", "elpais.com", "abc.net.au",
    "nytimes.com", "theguardian.com", "cbc.ca", "nhk.or.jp",
)  # fmt: skip
WORD = "zqimpersonation"


class Impersonation(Attack):
    name = "impersonation"
    what = "One feed puts one report under the addresses of twelve well-known papers; it must count as one origin."

    async def feed(self, visit: Visit, poll: int) -> None:
        body = " ".join(f"The {WORD} bridge over the Kelvar fell on Monday, said officer {n}." for n in range(8))
        items = "".join(
            item(f"https://www.{domain}/world/{poll // 4}-bridge", f"{WORD} bridge falls, dozens missing", _content(body, n))
            for n, domain in enumerate(FAMOUS)
        )
        await visit.answer(rss(visit.host, items), "application/rss+xml")

    def wrong(self, told: Mapping[str, object]) -> list[str]:
        stories = told.get("stories")
        return [
            f"one feed made a story of {story['origins']} origins"
            for story in (stories if isinstance(stories, list) else [])
            if WORD in str(story.get("headline", "")).lower() and int(story.get("origins", 0)) > 1
        ]


def _content(body: str, number: int) -> str:
    """The same report in words of its own, so that it is no copy of the others."""
    words = body.split()
    turned = " ".join(words[number * 7 % len(words) :] + words[: number * 7 % len(words)])
    return f"<description>{turned}</description>"
