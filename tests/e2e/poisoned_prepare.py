"""`newsroom.prepare` as workers run it, but some inputs hang, exhaust memory or kill: what no test can find by luck."""

from __future__ import annotations

import os
import signal
import time

from stayahead.extract import HostMemory
from stayahead.model import Entry, Fetched, ParsedFeed
from stayahead.newsroom import prepare
from stayahead.newsroom.prepare import Draft, draft_entries, draft_entry

__all__ = ["draft_entries", "draft_entry", "draft_page", "parse"]


def parse(fetched: Fetched, feed_url: str = "") -> ParsedFeed:
    _suffer(fetched.body)
    return prepare.parse(fetched, feed_url)


def draft_page(fetched: Fetched, entry: Entry, memory: HostMemory | None, led_by: str) -> Draft:
    _suffer(fetched.body)
    return prepare.draft_page(fetched, entry, memory, led_by)


def _suffer(body: bytes) -> None:
    if b"POISON-SPIN" in body:
        while True:
            pass
    if b"POISON-SLEEP" in body:
        time.sleep(3600)
    if b"POISON-MEMORY" in body:
        held = []
        while True:
            held.append(bytearray(50_000_000))
    if b"POISON-KILL" in body:
        os.kill(os.getpid(), signal.SIGKILL)
