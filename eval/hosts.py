"""Scores how much of a host's furniture our memory cuts, and what real text that costs, on generated sites.

Each site is read in order, every page with the memory of those before it, without memory, and by
trafilatura. Scored are the pages from the `WARM`th on. `python -m eval.hosts` prints what was lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval.hostsites import LAYOUTS, Shown, Site
from stayahead.errors import ExtractError
from stayahead.extract import HostMemory, HostRecord, fold, memory_of, observe_page, read_page

MIXED = range(len(LAYOUTS))
SINGLE = range(len(LAYOUTS), len(LAYOUTS) + 4)
"""Seeds of the sites with many stories, one for each layout, and of the sites that live on one story."""
WARM = 8
MIN_CHARS = 60
"""Shortest block of furniture that is counted: shorter ones are labels."""
READERS = ("memory", "none", "trafilatura")


@dataclass(slots=True)
class Tally:
    """One reader's counts of paragraphs and blocks on its pages, and of those it kept."""

    met: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)

    def add(self, shown: Shown, text: str) -> None:
        """Count one page."""
        said = " ".join(text.split())
        for kind in ("own", "background", "furniture"):
            blocks: tuple[str, ...] = getattr(shown, kind)
            for block in blocks:
                if kind == "furniture" and len(block) < MIN_CHARS:
                    continue
                self.met[kind] += 1
                self.kept[kind] += block in said

    def share(self, kind: str) -> float:
        """The share of the blocks of that kind that were kept."""
        return self.kept[kind] / self.met[kind]

    @property
    def precision(self) -> float:
        """The share of the kept blocks that are the article's."""
        real = self.kept["own"] + self.kept["background"]
        return real / (real + self.kept["furniture"])


def read(seeds: Iterable[int], *, is_single: bool) -> tuple[dict[str, Tally], list[str]]:
    """The tallies by reader, and every real paragraph that the memory lost."""
    tallies = {name: Tally() for name in READERS}
    lost: list[str] = []
    for seed in seeds:
        site = Site(seed, is_single=is_single)
        record = HostRecord(host=site.host)
        memory = HostMemory(host=site.host)
        for number, shown in enumerate(site.pages()):
            text, record = _with_memory(shown, memory, record)
            memory = memory_of(record)
            if number < WARM:
                continue
            bare = read_page(shown.html, url=shown.url).text
            tallies["memory"].add(shown, text)
            tallies["none"].add(shown, bare)
            tallies["trafilatura"].add(shown, _theirs(shown))
            lost += [
                f"{site.layout.__name__} {shown.url}: {block[:80]}"
                for block in (*shown.own, *shown.background)
                if block in " ".join(bare.split()) and block not in " ".join(text.split())
            ]
    return tallies, lost


def _with_memory(shown: Shown, memory: HostMemory, record: HostRecord) -> tuple[str, HostRecord]:
    try:
        page, seen = observe_page(shown.html, url=shown.url, memory=memory)
    except ExtractError:
        return "", record
    return page.text, fold(record, seen) if seen else record


def _theirs(shown: Shown) -> str:
    import trafilatura

    text: Any = trafilatura.extract(shown.html, url=shown.url)
    return text or ""


def run(_data: Path | None = None) -> dict[str, float]:
    """Shares by kind of site and reader, and real paragraphs lost to the memory per 10,000. No data is needed."""
    scores: dict[str, float] = {}
    losses = met = 0
    print(f"{'':<24}{'own kept':>10}{'background':>12}{'furniture':>11}{'precision':>11}")
    for name, seeds in (("mixed", MIXED), ("single", SINGLE)):
        tallies, lost = read(seeds, is_single=name == "single")
        losses += len(lost)
        met += tallies["memory"].met["own"] + tallies["memory"].met["background"]
        for reader, tally in tallies.items():
            own, background, furniture = (tally.share(kind) for kind in ("own", "background", "furniture"))
            row = f"{name}_{reader}"
            print(f"{row:<24}{own:>10.4f}{background:>12.4f}{furniture:>11.4f}{tally.precision:>11.4f}")
            scores[f"{row}_real_kept"] = min(own, background)
            scores[f"{row}_furniture_kept"] = furniture
            scores[f"{row}_precision"] = tally.precision
        print("\n".join(f"lost {line}" for line in lost))
    print(f"of {met} real paragraphs {losses} lost to the memory")
    return scores | {"lost_per_10000": 10_000 * losses / met}


if __name__ == "__main__":
    for score, value in run().items():
        print(f"{score} {value:.4f}")
