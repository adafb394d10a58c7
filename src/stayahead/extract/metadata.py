"""Metadata: the tree of a page goes in; the facts that it states about itself come out.

Sources in order of trust, for each fact: JSON-LD of an article type, OpenGraph and other meta elements, microdata,
then what the page shows (h1, time, byline).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from stayahead.extract import jsonld
from stayahead.extract.bylines import authors_of
from stayahead.extract.shown import shown_byline, shown_date
from stayahead.extract.titles import best_title
from stayahead.language import code
from stayahead.text import collapse
from stayahead.urls import absolute
from stayahead.when import parse_date

MAX_METAS = 400
MAX_SHOWN = 40
"""Elements of a kind (time, byline) that are looked at."""

_PUBLISHED = (
    "article:published_time", "og:published_time", "datepublished", "date", "pubdate", "publishdate", "publish_date",
    "publish-date", "dc.date", "dc.date.issued", "dcterms.date", "dcterms.created", "dc.date.created", "sailthru.date",
    "parsely-pub-date", "cxenseparse:recs:publishtime", "article.published", "published_at", "published-date",
    "published_time", "date.release", "datecreated", "originalpublicationdate", "article:published",
)  # fmt: skip
_UPDATED = (
    "article:modified_time", "og:updated_time", "datemodified", "lastmod", "last-modified", "dcterms.modified",
    "dc.date.modified", "article.updated", "updated_time", "article:modified", "revised",
)  # fmt: skip
_AUTHOR = (
    "author", "article:author", "dc.creator", "dcterms.creator", "byl", "parsely-author", "sailthru.author",
    "og:author", "authors", "cxenseparse:author", "twitter:creator:name",
)  # fmt: skip
_IMAGE = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src", "thumbnail", "image")
_BYLINE_MARK = re.compile(
    r"(?:^|[\s_-])(?:byline\w*|authors?|author-?name|writer|posted-by|entry-author|post-author|by-?author"
    r"|c-byline\S*|auteur|autor)(?:$|[\s_-]|__)"
)
_NOT_BYLINE = re.compile(r"comment|bio|box|avatar|image|img|related|social|follow")
_LISTINGS = frozenset(("collectionpage", "searchresultspage", "itemlist"))
_URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-]([01]?\d)[/-]([0-3]?\d)(?=[/_-]|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a page states about itself; empty where it states nothing."""

    title: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    canonical: str = ""
    language: str = ""
    image: str = ""
    base: str = ""
    """What its links are relative to."""
    types: frozenset[str] = frozenset()
    """schema.org types named anywhere, lower case."""
    main_types: frozenset[str] = frozenset()
    """Those of the article that it describes, or of all things when it describes none."""
    og_type: str = ""
    is_locked: bool = False
    """It says that it is not free to read."""
    is_listing: bool = False
    """It says that it is a page of a site, of a section or of search results."""


def facts_of(root: etree._Element, *, url: str) -> Facts:
    """The facts of a page that came from `url`."""
    metas = _metas(root)
    things = jsonld.things_of(_scripts(root))
    types = frozenset(t for thing in things for t in jsonld.types_of(thing))
    article = _article(things)
    base = absolute(url, _first_attribute(root, "base", "href")) or url
    named = (absolute(base, link) for link in (_canonical(root), metas.get("og:url", "")) if link)
    og_type = metas.get("og:type", "").lower()
    headline = jsonld.text_of(article.get("headline"))
    return Facts(
        title=best_title(root, claims=(headline, metas.get("og:title", ""), metas.get("twitter:title", ""))),
        authors=_authors(root, article, things, metas),
        published=_published(root, article, things, metas, url),
        updated=_first_date([jsonld.text_of(article.get("dateModified")), *(metas.get(n, "") for n in _UPDATED)]),
        canonical=next(filter(None, named), ""),
        language=_language(root, article, metas),
        image=_image(article, metas, base),
        base=base,
        types=types,
        main_types=frozenset(jsonld.types_of(article)) if article else types,
        og_type=og_type,
        is_locked=_is_locked(article, metas),
        is_listing=not article and (og_type == "website" or bool(types & _LISTINGS)),
    )


def _language(root: etree._Element, article: jsonld.Thing, metas: dict[str, str]) -> str:
    claims = (root.get("lang"), metas.get("og:locale"), metas.get("content-language"))
    stated = (code(claim) for claim in (*claims, jsonld.text_of(article.get("inLanguage"))) if claim)
    return next(filter(None, stated), "")


def _metas(root: etree._Element) -> dict[str, str]:
    """The first content of each meta element, by its lower-case name, property or itemprop."""
    found: dict[str, str] = {}
    for number, meta in enumerate(root.iter("meta")):
        if number >= MAX_METAS:
            break
        content = collapse(html.unescape((meta.get("content") or "")[:4000]))
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (meta.get(attribute) or "")[:100].strip().lower()
            if name and content:
                found.setdefault(name, content)
    return found


def _scripts(root: etree._Element) -> Iterator[str]:
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            yield script.text


def _article(things: list[jsonld.Thing]) -> jsonld.Thing:
    """The thing that the page is about: the first of an article type that has a headline or a date."""
    ranked = [t for t in things if jsonld.ARTICLE_TYPES.intersection(jsonld.types_of(t))]
    for thing in ranked:
        if "videoobject" not in jsonld.types_of(thing) and (thing.get("datePublished") or thing.get("headline")):
            return thing
    return ranked[0] if ranked else {}


def _authors(
    root: etree._Element, article: jsonld.Thing, things: list[jsonld.Thing], metas: dict[str, str]
) -> tuple[str, ...]:
    names = {str(t.get("@id")): jsonld.text_of(t) for t in things if t.get("@id") and t.get("name")}
    stated = _listed(article.get("author") or article.get("creator"))
    people = [v for v in stated if not (isinstance(v, dict) and "organization" in jsonld.types_of(v))]
    return (
        authors_of(_resolved(v, names) for v in people)
        or authors_of(metas[name] for name in _AUTHOR if name in metas)
        or authors_of(_shown_authors(root))
        or authors_of(_resolved(v, names) for v in stated)
        or authors_of([shown_byline(root)])
    )


def _resolved(value: object, people: dict[str, str]) -> str:
    if isinstance(value, dict) and not value.get("name"):
        return people.get(str(value.get("@id")), "")
    return jsonld.text_of(value)


def _listed(value: object) -> list[object]:
    if isinstance(value, dict) and isinstance(value.get("name"), list):
        return list(value["name"])
    return value if isinstance(value, list) else [value]


def _shown_authors(root: etree._Element) -> Iterable[str]:
    """Microdata and links first, then elements whose name says byline."""
    groups: tuple[list[str], list[str]] = ([], [])
    looked = 0
    for element in root.iter("a", "span", "div", "p", "address", "li", "h3", "h4", "h5", "strong", "cite"):
        get = element.get
        mark = f"{get('class') or ''} {get('id') or ''}"[:200].lower()
        is_stated = "author" in (get("rel") or "").split() or "author" in (get("itemprop") or "").split()
        if not is_stated and (not mark.strip() or not _BYLINE_MARK.search(mark) or _NOT_BYLINE.search(mark)):
            continue
        looked += 1
        text = _shown(element)
        if 3 < len(text) < 100:
            groups[0 if is_stated else 1].append(text)
        if looked >= MAX_SHOWN or len(groups[0]) >= 3:
            break
    return groups[0][:3] or groups[1][:1]


def _shown(element: etree._Element) -> str:
    pieces: list[str] = []
    size = 0
    for piece in element.itertext():
        pieces.append(str(piece))
        size += len(piece)
        if size > 400:
            break
    return collapse(" ".join(pieces))


def _published(
    root: etree._Element, article: jsonld.Thing, things: list[jsonld.Thing], metas: dict[str, str], url: str
) -> datetime | None:
    stated = [jsonld.text_of(article.get("datePublished")), *(metas.get(name, "") for name in _PUBLISHED)]
    stated.append(jsonld.text_of(article.get("dateCreated")) or jsonld.text_of(article.get("uploadDate")))
    stated += [jsonld.text_of(thing.get("datePublished")) for thing in things]
    return _first_date(stated) or _first_date(_shown_dates(root)) or _date_in(url) or _first_date([shown_date(root)])


def _shown_dates(root: etree._Element) -> list[str]:
    """Microdata first, then `time` elements; the page's own stand above those of its comments and teasers."""
    stated: list[str] = []
    shown: list[str] = []
    for number, element in enumerate(root.iter("time", "abbr", "span", "meta", "div", "p")):
        if number > 5000 or len(shown) >= 3:
            break
        get = element.get
        if "datePublished" in (get("itemprop") or "").split():
            stated.append(get("datetime") or get("content") or get("title") or _shown(element))
        elif element.tag == "time":
            shown.append(get("datetime") or _shown(element))
    return stated[:3] + shown


def _date_in(url: str) -> datetime | None:
    match = _URL_DATE.search(url)
    return parse_date("-".join(match.groups())) if match else None


def _first_date(claims: Iterable[str]) -> datetime | None:
    for claim in claims:
        at = parse_date(claim) if claim else None
        if at is not None:
            return at
    return None


def _image(article: jsonld.Thing, metas: dict[str, str], base: str) -> str:
    claims = [
        *(metas.get(name, "") for name in _IMAGE),
        jsonld.url_of(article.get("image")),
        jsonld.url_of(article.get("thumbnailUrl")),
    ]
    return next((url for claim in claims if claim and (url := absolute(base, claim))), "")


def _canonical(root: etree._Element) -> str:
    for link in root.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            return link.get("href") or ""
    return ""


def _first_attribute(root: etree._Element, tag: str, name: str) -> str:
    element = next(root.iter(tag), None)
    return (element.get(name) or "") if element is not None else ""


def _is_locked(article: jsonld.Thing, metas: dict[str, str]) -> bool:
    free = article.get("isAccessibleForFree")
    said = str(free).rsplit("/", 1)[-1].lower() if free is not None else ""
    return said == "false" or metas.get("article:content_tier", "").lower() in ("locked", "metered")
