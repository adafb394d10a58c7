"""Polls every feed file and page of the evaluation data over real HTTP, and the seed's page.

Each source must end well or with a stored error that names it; none may stop the others; nothing may be left half read.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from pathlib import Path

import msgspec

from bench import site
from bench.ingest import ingest
from soak.service import command
from stayahead.config import Settings
from stayahead.store import SqliteStore


def run(data: Path) -> list[str]:
    """Poll all of it, and list what is wrong."""
    cases = len(list((data / "feeds" / "files").glob("*.gz")))
    with tempfile.TemporaryDirectory(prefix="stayahead-real-") as name, site.running(data) as pages:
        hosts = pages.hosts
        urls = [*pages.feeds(), *(f"http://{hosts[n % len(hosts)]}:{pages.port}/case/{n}" for n in range(cases))]
        result = asyncio.run(ingest(pages, Path(name), urls, Settings(workers=2, page_wait_s=30.0)))
        wrong = []
        with SqliteStore.open(Path(name) / "stayahead.db") as store:
            wrong += [f"check: {line}" for line in store.check()]
            states = [watched.state for watched in store.feeds()]
            wanted_urls = store.wanted(limit=1000)
        failing = Counter(state.error.partition(":")[0][:70] for state in states if state.error)
        unexpected = [f"{state.url}: {state.error}" for state in states if "unexpected" in state.error]
        silent = [state.url for state in states if not state.error and state.last_ok_at is None]
        print(
            f"{len(states)} feeds, {sum(failing.values())} failing; {result.articles} articles, {result.seconds:.1f} s"
        )
        for reason, times in failing.most_common(8):
            print(f"  {times} x {reason}")
        wrong += unexpected + [f"{url}: neither read nor failed" for url in silent]
        untried = [record.id for record in wanted_urls if not record.tries]
        print(f"{len(wanted_urls)} pages on hosts that cannot be reached are wanted again later")
        if untried:
            wrong.append(f"{len(untried)} pages are wanted and were never asked for")
        if result.articles < 600:
            wrong.append(f"only {result.articles} articles of 661 pages")
    return wrong + _seed(data.parent / "seed" / "page.txt")


def _seed(path: Path) -> list[str]:
    if not path.exists():
        return [f"{path}: not there"]
    result = command("read", path)
    if result.returncode:
        return [f"read {path}: {result.stderr}"]
    page = msgspec.json.decode(result.stdout)
    text = "\n".join(block["text"] for block in page["blocks"])
    spam = [word for word in ("situs toto", "Post Comment", "ibounion", "go-to platform") if word in text]
    lines = [line.strip() for line in path.read_text("utf-8").split("Post Comment")[0].splitlines() if line.strip()]
    article = [line for line in lines[1:] if not line.startswith("ibounion")]
    lost = [line[:50] for line in article if line not in text]
    print(f"seed page: title {page['title']!r}, {len(page['blocks'])} blocks, {len(page['comments'])} comments cut")
    return [f"the seed page keeps {word!r}" for word in spam] + [f"the seed page lost {line!r}" for line in lost]
