"""Gives a new installation feeds to watch, and says who their publishers are: the rows of `starter.tsv`.

One row a feed, facts only. `domain` is the registrable domain of the *articles*, which is who speaks; the feed may
live elsewhere. Which feeds belong in the list, and which not: docs/decisions/0071-starter-sources.md.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources

from stayahead.model import Feed, Publisher, PublisherKind

__all__ = ["starter_feeds", "starter_publishers"]


def starter_feeds() -> tuple[Feed, ...]:
    """Every feed of the list, in its order."""
    return tuple(
        Feed(url=row["url"], title=row["title"], sections=tuple(row["sections"].split(","))) for row in _rows()
    )


def starter_publishers() -> tuple[Publisher, ...]:
    """Every publisher of the list once, in the order of its first feed."""
    publishers: dict[str, Publisher] = {}
    for row in _rows():
        publisher = Publisher(
            domain=row["domain"],
            name=row["publisher"],
            owner=row["owner"],
            country=row["country"],
            language=row["language"],
            kind=PublisherKind(row["kind"]),
        )
        publishers.setdefault(publisher.domain, publisher)
    return tuple(publishers.values())


@cache
def _rows() -> tuple[Mapping[str, str], ...]:
    text = resources.files("stayahead.newsroom.starter").joinpath("starter.tsv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
