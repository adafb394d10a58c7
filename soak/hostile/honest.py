"""Serves an honest newspaper: a new article every few seconds, each with its page. What it lists depends on time alone.

`python -m soak.hostile.honest` prints its port and the time at which it began, and its polls when its input closes.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from email.utils import formatdate

from soak.hostile.wire import Visit, item, rss, serve

HOST = "honest.test"
EVERY_S = 3.0
"""From one article to the next."""
_LISTED = 30
_LETTERS = "abcdefghiklmnoprstuv"


def word(number: int) -> str:
    """What stands in that article's headline and nowhere else: it is searched by it."""
    chance = random.Random(f"word {number}")
    return "zq" + "".join(chance.choice(_LETTERS) for _ in range(12))


def created_at(number: int, *, began: float) -> float:
    return began + number * EVERY_S


def headline(number: int) -> str:
    chance = random.Random(f"headline {number}")
    return f"{word(number).capitalize()} {' '.join(_made(chance) for _ in range(6))}"


def page(number: int) -> bytes:
    """Its article: five paragraphs of words of its own."""
    chance = random.Random(f"page {number}")
    paragraphs = "".join(f"<p>{' '.join(_made(chance) for _ in range(60)).capitalize()}.</p>" for _ in range(5))
    title = headline(number)
    return (
        f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    ).encode()


def _made(chance: random.Random) -> str:
    return "".join(chance.choice(_LETTERS) for _ in range(7))


async def _main() -> None:
    began = time.monotonic()
    epoch = time.time() - began
    polls: list[float] = []

    async def answer(visit: Visit) -> None:
        now = time.monotonic()
        last = int((now - began) / EVERY_S)
        number = visit.path.strip("/")
        if number == "feed":
            polls.append(now)
            items = "".join(
                item(
                    f"http://{HOST}:{visit.port}/{n}",
                    headline(n),
                    f"<pubDate>{formatdate(epoch + created_at(n, began=began))}</pubDate>",
                )
                for n in range(max(0, last - _LISTED + 1), last + 1)
            )
            await visit.answer(rss(HOST, items), "application/rss+xml")
        elif number.isdigit() and int(number) <= last:
            await visit.answer(page(int(number)))
        else:
            await visit.not_found()

    _, port = await serve(answer)
    print(json.dumps({"port": port, "began": began}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    print(json.dumps({"polls": polls}), flush=True)


if __name__ == "__main__":
    asyncio.run(_main())
