"""Reads the labelled html pages of the evaluation data.

`scrapinghub` are 181 news pages; `wcxb` holds 420 article pages and 60 forum pages, split in halves by the first bit of
BLAKE2b over the file's name. Tune on half a only; half b is opened once, when an issue ends.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One page with its labels."""

    name: str
    kind: str
    """`news` (scrapinghub), `article` or `forum` (wcxb)."""
    url: str
    body: bytes
    text: str
    title: str = ""
    author: str = ""
    date: str = ""
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One reader's result on a page."""

    text: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    comments: tuple[str, ...] = ()


def in_half(name: str) -> str:
    """The half of wcxb that a file is in, `a` or `b`."""
    return "b" if hashlib.blake2b(name.encode()).digest()[0] & 0x80 else "a"


def news(data: Path) -> Iterator[Sample]:
    """The scrapinghub pages."""
    folder = data / "pages" / "scrapinghub"
    truth = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    for name in sorted(truth):
        body = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        yield Sample(name=name, kind="news", url=truth[name]["url"], body=body, text=truth[name]["articleBody"])


def web(data: Path, half: str) -> Iterator[Sample]:
    """One half of the wcxb pages."""
    folder = data / "pages" / "wcxb"
    for path in sorted((folder / "ground-truth").glob("*.json")):
        if half and in_half(path.stem) != half:
            continue
        label = json.loads(path.read_text("utf-8"))
        said = label["ground_truth"]
        yield Sample(
            name=path.stem,
            kind=label["_internal"]["page_type"]["primary"],
            url=label["url"],
            body=gzip.decompress((folder / "html" / f"{path.stem}.html.gz").read_bytes()),
            text=said["main_content"],
            title=said.get("title") or "",
            author=said.get("author") or "",
            date=(said.get("publish_date") or "")[:10],
            wanted=tuple(said.get("with") or ()),
            unwanted=tuple(said.get("without") or ()),
        )
