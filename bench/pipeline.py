"""Measures articles per second over the whole way: fetched over real HTTP, read, grouped, committed, published.

Html pages and entries that carry their whole text run beside each other, so that the ratio is what fetching and reading
pages costs.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench import site
from bench.ingest import Ingestion, ingest
from stayahead.config import Settings


def run(data: Path) -> dict[str, float]:
    """Articles/s from pages and from full-text entries, the commit's latency, and how soon a page read is published:
    with everything at once, and with one host's feed of 20 pages alone.
    """
    with site.running(data) as pages:
        from_pages = _ingest(pages, pages.feeds())
        from_entries = _ingest(pages, pages.feeds("full.xml"))
        alone = _ingest(pages, pages.feeds()[:1])
    pages_per_s = from_pages.articles / from_pages.seconds
    entries_per_s = from_entries.articles / from_entries.seconds
    return {
        "articles": from_pages.articles,
        "pages_per_s": pages_per_s,
        "full_text_entries_per_s": entries_per_s,
        "ratio": entries_per_s / pages_per_s,
        "fetched_to_published_p50_ms": from_pages.wait_ms(0.5),
        "fetched_to_published_p95_ms": from_pages.wait_ms(0.95),
        "quiet_fetched_to_published_p50_ms": alone.wait_ms(0.5),
        "quiet_fetched_to_published_p95_ms": alone.wait_ms(0.95),
        "commit_ms_mean": 1000 * from_pages.stats.commit_seconds / from_pages.stats.commits,
        "commit_ms_max": 1000 * from_pages.stats.longest_commit_s,
        "decide_us_per_article": 1e6 * from_pages.stats.decide_seconds / max(1, from_pages.articles),
    }


def _ingest(pages: site.Site, feeds: Sequence[str]) -> Ingestion:
    settings = Settings(workers=2, page_wait_s=600.0)
    with tempfile.TemporaryDirectory(prefix="stayahead-bench-") as folder:
        return asyncio.run(ingest(pages, Path(folder), feeds, settings))
