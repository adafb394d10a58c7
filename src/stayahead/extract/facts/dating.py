"""Decides when an article was published where the source of its page and what it shows disagree.

The date that stands beside the headline is the one that the publisher tells its readers; what is stated in the source
says the time of day, and decides where the two agree. See docs/decisions/0025.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice

from lxml import etree

from stayahead.extract.facts import jsonld
from stayahead.extract.facts.heading import MAX_ELEMENTS, Piece, is_elsewhere
from stayahead.extract.facts.jsonld import Thing
from stayahead.extract.facts.shown import date_below, dates_near
from stayahead.extract.landmarks import Landmarks
from stayahead.when import parse_date

MAX_LOCALISED = 1
"""How many claims of a kind `dateparser` may be asked about: some 3 ms each."""
MAX_TIMES = 3
"""How many `time` elements below the headline are tried."""

_PUBLISHED = (
    "article:published_time", "og:published_time", "datepublished", "date", "pubdate", "publishdate", "publish_date",
    "publish-date", "dc.date", "dc.date.issued", "dcterms.date", "dcterms.created", "dc.date.created", "sailthru.date",
    "parsely-pub-date", "cxenseparse:recs:publishtime", "article.published", "published_at", "published-date",
    "published_time", "date.release", "datecreated", "originalpublicationdate", "article:published", "published",
    "dcterms.issued", "dc.issued", "citation_publication_date", "citation_date", "article_date_original", "og:pubdate",
    "article:post_date", "release_date", "displaydate", "ptime", "timestamp", "bt:pubdate", "rnews:datepublished",
)  # fmt: skip
_UPDATED = (
    "article:modified_time", "og:updated_time", "datemodified", "lastmod", "last-modified", "dcterms.modified",
    "dc.date.modified", "article.updated", "updated_time", "article:modified", "revised", "updated", "last_updated",
)  # fmt: skip
_URL_DATE = re.compile(
    r"/((?:19|20)\d\d)[/-]([01]?\d)[/-]([0-3]?\d)(?=[/_-]|$)|[/_-]((?:19|20)\d\d)-?([01]\d)-?([0-3]\d)(?=[/_.-]|$)"
)


def published_at(
    landmarks: Landmarks,
    headline: etree._Element | None,
    pieces: Sequence[Piece],
    *,
    article: Thing,
    things: Sequence[Thing],
    marked: Thing,
    metas: dict[str, str],
    url: str,
) -> datetime | None:
    """When the article was published, as far as its page tells.

    Args: those of `authorship.authors_in`; `landmarks`: the page's headings and times; `url`: where the page came from.
    """
    stated = _stated(article, things, marked, metas)
    changed = updated_at(article, marked, metas)
    in_url = _date_in(url)
    dates = dates_near(pieces)
    own_date = next((d.at for d in dates if not d.is_update and (not d.is_today or _is_same_day(d.at, changed))), None)
    if stated is not None:
        # What is stated has the time of day, so it stands where the url or a shown date agrees on the day. Where they
        # differ the page shows the right one: 14 of the 22 wrong dates on labelled pages were stated ones.
        is_confirmed = (
            own_date is None or _is_same_day(in_url, stated) or any(_is_same_day(d.at, stated) for d in dates)
        )
        return stated if is_confirmed else own_date
    return (
        own_date
        or next((d.at for d in dates if not d.is_update), None)
        or in_url
        or first_of(_times_behind(landmarks, headline))
        or first_of([date_below(landmarks.root, headline)])
        or changed
        or next((d.at for d in dates), None)
    )


def updated_at(article: Thing, marked: Thing, metas: dict[str, str]) -> datetime | None:
    """When the article was last changed, as its page states it."""
    claims = [jsonld.text_of(article.get("dateModified")), *(metas.get(name, "") for name in _UPDATED)]
    return first_of([*claims, jsonld.text_of(marked.get("dateModified"))])


def first_of(claims: Iterable[str]) -> datetime | None:
    """The first claim that is a date; `dateparser` is asked about the first only, when no claim has a cheap form."""
    texts = list(filter(None, claims))
    at = next((at for claim in texts if (at := parse_date(claim, localised=False)) is not None), None)
    return at or next((at for claim in texts[:MAX_LOCALISED] if (at := parse_date(claim)) is not None), None)


def _stated(article: Thing, things: Sequence[Thing], marked: Thing, metas: dict[str, str]) -> datetime | None:
    claims = [jsonld.text_of(article.get("datePublished")), *(metas.get(name, "") for name in _PUBLISHED)]
    claims.append(jsonld.text_of(article.get("dateCreated")) or jsonld.text_of(article.get("uploadDate")))
    claims += [jsonld.text_of(marked.get("datePublished")), jsonld.text_of(marked.get("dateCreated"))]
    return first_of(claims + [jsonld.text_of(thing.get("datePublished")) for thing in things])


def _times_behind(landmarks: Landmarks, headline: etree._Element | None) -> list[str]:
    """What the `time` elements below the headline say, or those of the page where none is known."""
    times: list[str] = []
    has_begun = headline is None
    for element in landmarks.of("h1", "h2", "time")[:MAX_ELEMENTS]:
        has_begun = has_begun or element is headline
        if has_begun and element.tag == "time" and not is_elsewhere(element):
            times.append(element.get("datetime") or "".join(islice(map(str, element.itertext()), 5))[:100])
            if len(times) >= MAX_TIMES:
                break
    return times


def _date_in(url: str) -> datetime | None:
    match = _URL_DATE.search(url)
    return parse_date("-".join(part for part in match.groups() if part)) if match else None


def _is_same_day(one: datetime | None, other: datetime | None) -> bool:
    """Whether two times are on one day: a day apart counts (local date and UTC), and so do day and month swapped."""
    if one is None or other is None:
        return False
    return abs((one.date() - other.date()).days) <= 1 or (one.year, one.month, one.day) == (
        other.year,
        other.day,
        other.month,
    )
