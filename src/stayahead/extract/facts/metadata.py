"""Collects the facts that a page states about itself, each from the source that deserves most trust.

Sources in order of trust, for each fact: JSON-LD of an article type, OpenGraph and other meta elements, microdata,
then what the page shows (h1, time, byline).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from stayahead.extract.facts import jsonld, microdata
from stayahead.extract.facts.authorship import authors_in, names_of_house
from stayahead.extract.facts.dating import published_at, updated_at
from stayahead.extract.facts.heading import around
from stayahead.extract.facts.titles import headline_of
from stayahead.extract.landmarks import Landmarks
from stayahead.language import code
from stayahead.text import collapse
from stayahead.urls import absolute, host

MAX_METAS = 400
MAX_DOCUMENT_CHARS = 400

_IMAGE = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src", "thumbnail", "image")
_FRONTS = re.compile(r"/?(?:(?:index|home|default)(?:\.\w+)?|[a-z]{2}(?:[-_][a-z]{2})?)?/?", re.IGNORECASE)
_TEMPLATE = re.compile(r"[{}<>]|%7[bd]|\[\[|\]\]|(?:\A|/)\[|%%|(?:\A|/)(?:undefined|null|none)/?\Z", re.IGNORECASE)
_LISTINGS = frozenset(("collectionpage", "searchresultspage", "itemlist"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts that a page states about itself; empty where it states nothing."""

    title: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    canonical: str = ""
    language: str = ""
    image: str = ""
    base: str = ""
    """The address that its links are resolved against."""
    types: frozenset[str] = frozenset()
    """schema.org types named anywhere, lower case."""
    all_types: frozenset[str] = frozenset()
    """The same, with those that its microdata names."""
    main_types: frozenset[str] = frozenset()
    """The types of the article that it describes, or of all things when it describes none."""
    has_article: bool = False
    """Whether its JSON-LD or OpenGraph describes an article."""
    og_type: str = ""
    is_locked: bool = False
    """Whether it declares itself not free to read."""
    document: str = ""
    """What its `title` element says."""
    times: int = 0
    """How many `time` elements it has."""
    is_listing: bool = False
    """Whether it declares itself a page of a site, of a section or of search results."""


def facts_of(root: etree._Element, *, url: str, landmarks: Landmarks | None = None) -> Facts:
    """The facts of a page that came from `url`; `landmarks`: its own, if they are known."""
    landmarks = landmarks or Landmarks(root)
    metas = _metas(landmarks)
    things = jsonld.things_of(_scripts(landmarks))
    types = frozenset(t for thing in things for t in jsonld.types_of(thing))
    article = _article(things)
    base = absolute(url, _base(landmarks)) or url
    claims = (_canonical(landmarks), metas.get("og:url", ""))
    canonicals = (canonical for claim in claims if (canonical := _own_address(claim, base=base, url=url)))
    og_type = metas.get("og:type", "").lower()
    headline = jsonld.text_of(article.get("headline"))
    marked_things = microdata.things_of(root)
    marked = _article(marked_things)
    title, element = headline_of(
        landmarks,
        claims=(
            headline, metas.get("og:title", ""), metas.get("twitter:title", ""), jsonld.text_of(marked.get("headline"))
        ),
        houses=[name for name in names_of_house(article, metas) if name],
    )  # fmt: skip
    pieces = around(root, element)
    return Facts(
        title=title,
        authors=authors_in(root, element, pieces, article=article, things=things, marked=marked, metas=metas),
        published=published_at(
            landmarks, element, pieces, article=article, things=things, marked=marked, metas=metas, url=url
        ),
        updated=updated_at(article, marked, metas),
        canonical=next(canonicals, ""),
        language=_language(root, article, metas),
        image=_image(article, metas, base),
        base=base,
        types=types,
        all_types=types.union(*(jsonld.types_of(thing) for thing in marked_things)),
        main_types=frozenset(jsonld.types_of(article)) if article else types,
        has_article=bool(article) or og_type == "article",
        og_type=og_type,
        document=_document(landmarks),
        times=len(landmarks.of("time")),
        is_locked=_is_locked(article, metas),
        is_listing=not article and (og_type == "website" or bool(types & _LISTINGS)),
    )


def _language(root: etree._Element, article: jsonld.Thing, metas: dict[str, str]) -> str:
    # Only a hint: `page` lets the words decide.
    claims = (root.get("lang"), metas.get("og:locale"), metas.get("content-language"))
    stated = (code(claim) for claim in (*claims, jsonld.text_of(article.get("inLanguage"))) if claim)
    return next(filter(None, stated), "")


def _metas(landmarks: Landmarks) -> dict[str, str]:
    """The first content of each meta element, by its lower-case name, property or itemprop."""
    contents: dict[str, str] = {}
    for meta in landmarks.of("meta")[:MAX_METAS]:
        content = collapse(html.unescape((meta.get("content") or "")[:4000]))
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (meta.get(attribute) or "")[:100].strip().lower()
            if name and content:
                contents.setdefault(name, content)
    return contents


def _scripts(landmarks: Landmarks) -> Iterator[str]:
    for script in landmarks.of("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            yield script.text


def _article(things: list[jsonld.Thing]) -> jsonld.Thing:
    """The thing that the page is about: the first of an article type that has a headline or a date."""
    ranked = [t for t in things if jsonld.ARTICLE_TYPES.intersection(jsonld.types_of(t)) and not _is_review(t)]
    # A video at an article's top is described beside the article, often first, and with a date of its own.
    for thing in ranked:
        if "videoobject" not in jsonld.types_of(thing) and (thing.get("datePublished") or thing.get("headline")):
            return thing
    return ranked[0] if ranked else {}


def _is_review(thing: jsonld.Thing) -> bool:
    """Whether a thing is a customer's review of a product on the page: it has neither headline nor date of its own."""
    return jsonld.types_of(thing) == ("review",) and not (thing.get("headline") or thing.get("datePublished"))


def _image(article: jsonld.Thing, metas: dict[str, str], base: str) -> str:
    claims = [
        *(metas.get(name, "") for name in _IMAGE),
        jsonld.url_of(article.get("image")),
        jsonld.url_of(article.get("thumbnailUrl")),
    ]
    return next((url for claim in claims if claim and (url := absolute(base, claim))), "")


def _canonical(landmarks: Landmarks) -> str:
    for link in landmarks.of("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            return link.get("href") or ""
    return ""


def _own_address(claim: str, *, base: str, url: str) -> str:
    """A claimed address of the page, absolute; empty where it cannot be the page's own.

    Templates give a front page's address on every page, or what they should have put in its place.
    """
    if not claim or _TEMPLATE.search(claim[:2000]):
        return ""
    place = host(url)
    if place and claim[: len(place) + 1].lower() == f"{place}/":  # the scheme left out
        claim = f"https://{claim}"
    address = absolute(base, claim)
    if url and is_front(address) and not is_front(url):
        return ""
    return address


def is_front(url: str) -> bool:
    """Whether an address is a site's front page."""
    place, _, query = url.partition("#")[0].partition("?")
    path = place.partition("://")[2].partition("/")[2]
    return not query and _FRONTS.fullmatch(path) is not None


def _base(landmarks: Landmarks) -> str:
    element = landmarks.first("base")
    return (element.get("href") or "") if element is not None else ""


def _document(landmarks: Landmarks) -> str:
    element = landmarks.first("title")
    return ((element.text or "") if element is not None else "").strip()[:MAX_DOCUMENT_CHARS]


def _is_locked(article: jsonld.Thing, metas: dict[str, str]) -> bool:
    free = article.get("isAccessibleForFree")
    value = str(free).rsplit("/", 1)[-1].lower() if free is not None else ""
    return value == "false" or metas.get("article:content_tier", "").lower() in ("locked", "metered")
