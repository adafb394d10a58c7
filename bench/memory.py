"""Measures the memory of the whole service at 1,000 feeds beside 10: PSS, summed over all its processes."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from bench import site
from soak.service import Service, command, metrics, running
from stayahead.model import Feed
from stayahead.parse import opml

FEEDS = 1000
QUIET_S = 5.0


def run(data: Path) -> dict[str, float]:
    """PSS in MB at both sizes once every feed was asked, and per feed."""
    with site.running(data) as pages:
        small, _ = _measure(pages, 10)
        large, articles = _measure(pages, FEEDS)
    return {
        "pss_mb_10_feeds": small,
        "pss_mb_1000_feeds": large,
        "kb_per_feed": 1000 * (large - small) / (FEEDS - 10),
        "articles": articles,
    }


def _measure(pages: site.Site, feeds: int) -> tuple[float, float]:
    hosts = pages.hosts
    urls = [f"http://{hosts[n % len(hosts)]}:{pages.port}/many/{n}.xml" for n in range(feeds)]
    environ = {"STAYAHEAD_FETCH_EXCEPTIONS": ",".join(sorted(pages.exceptions)), "STAYAHEAD_WORKERS": "1"}
    with tempfile.TemporaryDirectory(prefix="stayahead-memory-") as name:
        sources = Path(name) / "sources.opml"
        sources.write_bytes(opml.write(Feed(url=url) for url in urls))
        result = command("sources", "import", sources, "--data", name)
        if result.returncode:
            raise RuntimeError(result.stderr)
        with running(("run", "--data", name, "--port", "0"), environ) as service:
            articles = _quiet(service)
            return _pss_mb(service.process.pid), articles


def _quiet(service: Service) -> float:
    """Wait until no more articles come, and say how many there are."""
    until, last, since = time.monotonic() + 400, -1.0, time.monotonic()
    while time.monotonic() < until:
        now = metrics(service.port)["stayahead_articles"]
        if now != last:
            last, since = now, time.monotonic()
        elif time.monotonic() - since > QUIET_S and now:
            break
        time.sleep(0.5)
    return last


def _pss_mb(pid: int) -> float:
    """PSS of a process and all below it, in MB."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    own = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1000
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return own + sum(_pss_mb(int(child)) for child in children)
