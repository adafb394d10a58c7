"""Gives a new installation feeds to watch, and says who their publishers are: the rows of `starter.tsv`.

One row a feed, facts only. `domain` is the registrable domain of the *articles*, which is who speaks; the feed may
live elsewhere. `domains.tsv` has further domains of some, `owners.tsv` who owns newspapers and stations that the list
need not have: what two of one house report is no confirmation. Which feeds belong in the list, and which not:
docs/decisions/0071-starter-sources.md.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources

from stayahead.model import Feed, Publisher, PublisherKind
from stayahead.urls import registrable

__all__ = ["starter_domains", "starter_feeds", "starter_owners", "starter_publishers"]


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
def starter_domains() -> Mapping[str, str]:
    """Further domains of the list's publishers, each with the domain by which its publisher is known."""
    # A feed's own domain speaks for the articles of its row: the list says so.
    own = {registrable(row["url"]): row["domain"] for row in _rows()}
    further = {name: row["domain"] for row in _rows("domains.tsv") for name in row["further"].split(",")}
    return {name: domain for name, domain in (own | further).items() if name != domain}


@cache
def starter_owners() -> Mapping[str, str]:
    """Domain → the house that owns it, as far as we know one that owns several."""
    return {row["domain"]: row["owner"] for row in _rows("owners.tsv")}


@cache
def _rows(name: str = "starter.tsv") -> tuple[Mapping[str, str], ...]:
    text = resources.files("stayahead.newsroom.starter").joinpath(name).read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
