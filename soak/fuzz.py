"""Fuzz: mutated feeds and pages into `parse_feed` and `read_page`; any bytes give a value or a typed error."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from stayahead import parse_feed, read_page
from stayahead.errors import SourceError

SEED = 20261122
SLOW_S = 1.0
"""CPU seconds for one small input that would be a hang in the making."""
TESTS = Path(__file__).resolve().parents[1] / "tests" / "data"
TOKENS = (
    *(b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?xml ", b'"', b"\x00", b"\xff\xfe", b"\xef\xbb\xbf"),
    *(b"&#x0;", b"&#1114112;", b"&nbsp;", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<script>", b"</", b"\xf0\x9f\x98", b"{"),
    *(b"<item>", b"<entry>", b"<table>", b"<p>" * 50, b"<b>" * 200, b" " * 500, b"<a href=javascript:1>", b"[[[["),
)


def run(*, inputs: int) -> list[str]:
    """Try that many inputs, and list what went wrong."""
    chance = random.Random(SEED)
    wrong: list[str] = []
    tallies: Counter[str] = Counter()
    for name, read, seeds in (
        ("feeds", parse_feed, _seeds("feeds") + _seeds("sitemaps")),
        ("pages", read_page, _seeds("pages")),
    ):
        for _ in range(inputs // 2):
            body = _mutated(chance, seeds)
            outcome = _tried(read, body)
            tallies[f"{name}: {outcome.partition('!')[0]}"] += 1
            if "!" in outcome and len(wrong) < 20:
                wrong.append(f"{name}: {outcome} on {body[:80]!r}… ({len(body)} bytes)")
    for outcome, times in sorted(tallies.items()):
        print(f"  {outcome}: {times}")
    return wrong


def _tried(read: Callable[..., object], body: bytes) -> str:
    started = time.process_time()
    try:
        read(body, url="https://fuzz.example/x")
        outcome = "read"
    except SourceError:
        outcome = "refused with a typed error"
    except Exception as error:  # what this check is for
        return f"raised! {type(error).__name__}: {error}"
    seconds = time.process_time() - started
    return f"slow! {seconds:.1f} s" if seconds > SLOW_S else outcome


def _seeds(kind: str) -> list[bytes]:
    files = sorted(path for path in (TESTS / kind).rglob("*") if path.suffix in (".xml", ".html", ".json", ".txt"))
    return [path.read_bytes()[:20_000] for path in files]


def _mutated(chance: random.Random, seeds: list[bytes]) -> bytes:
    body = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, 8)):
        at = chance.randint(0, len(body))
        move = chance.random()
        if move < 0.35:
            body[at:at] = chance.choice(TOKENS)
        elif move < 0.55:
            del body[at : at + chance.randint(1, 200)]
        elif move < 0.75 and body:
            body[min(at, len(body) - 1)] = chance.randrange(256)
        elif move < 0.9:
            other = chance.choice(seeds)
            start = chance.randint(0, len(other))
            body[at:at] = other[start : start + chance.randint(1, 500)]
        else:
            body[at:at] = body[at : at + chance.randint(1, 300)] * chance.randint(2, 20)
    return bytes(body[:60_000])
