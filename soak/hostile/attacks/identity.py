"""A source that speaks for others."""

from __future__ import annotations

import random

from soak.hostile.attacks.attack import Ask, Attack
from soak.hostile.wire import Visit, item, rss

FAMOUS = (
    "reuters.com", "bbc.co.uk", "apnews.com", "aljazeera.com", "lemonde.fr", "spiegel.de", "elpais.com", "abc.net.au",
    "nytimes.com", "theguardian.com", "cbc.ca", "nhk.or.jp",
)  # fmt: skip
WORDS = (
    "bridge", "Kelvar", "collapse", "rescue", "dozens", "missing", "officer", "Monday", "river", "pier", "divers",
    "ferry", "mayor", "Ann", "Holt",
)  # fmt: skip
WORD = "zqimpersonation"


class Impersonation(Attack):
    """One feed puts one report under the addresses of twelve well-known papers; it must count as one origin."""

    name = "impersonation"
    lies_in = "feed"

    async def feed(self, visit: Visit, poll: int) -> None:
        story = poll // 4
        items = "".join(
            item(f"https://www.{domain}/world/{story}-bridge", *_report(n, story)) for n, domain in enumerate(FAMOUS)
        )
        await visit.answer(rss(visit.host, items), "application/rss+xml")

    def wrong(self, ask: Ask) -> list[str]:
        ids = {hit["story"]["id"] for hit in ask(f"/v1/search?q={WORD}&limit=30").get("hits", [])}
        stories = (ask(f"/v1/stories/{each}").get("story") for each in sorted(ids))
        origins = max((story["origins"] for story in stories if story), default=0)  # without one: merged meanwhile
        return [f"one feed made a story of {origins} origins"] if origins > 1 else []


def _report(number: int, story: int) -> tuple[str, str]:
    """Headline and text in an order of its own, so that it is no copy of the others but the same story."""
    chance = random.Random(f"{story} {number}")
    sentences = (" ".join(chance.sample(WORDS, len(WORDS))) for _ in range(4))
    headline = f"{WORD} {' '.join(chance.sample(WORDS, 6))}"
    return headline, f"<description>{'. '.join(sentences)}.</description>"
