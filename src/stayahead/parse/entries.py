"""Reads one item of RSS or entry of Atom as an `Entry`, whatever dialects are mixed in it.

Each field is looked for under all the names that some dialect has for it, the surest name first: feeds mix RSS, Atom,
Dublin Core and Media RSS freely, and a name's meaning hardly differs between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lxml.etree import _Element as Element

from stayahead.model import CreditedSource, Entry, Media
from stayahead.parse.constructs import Room, base_of, markup, own_base, person, plain, rebase_inside, rebased
from stayahead.parse.names import name_of, name_of_tag
from stayahead.text import collapse, parted_headline
from stayahead.urls import absolute, host
from stayahead.when import parse_date

MAX_AUTHORS = 12
MAX_CATEGORIES = 40
MAX_MEDIA = 20
MAX_LINKS = 200
"""More of each than any reader would be shown; what comes after is not read."""

UNREADABLE_DATES = 4
"""After so many in one feed `dateparser` is no longer asked: at 3 ms each a thousand would cost a worker's 2 s."""

_PUBLISHED = ("pubdate", "published", "issued", "dcterms:issued", "dc:date", "dcterms:created", "created")
_UPDATED = ("updated", "modified", "dcterms:modified", "dcterms:date", "lastmod", "lastbuilddate")
_AUTHORS = ("author", "dc:creator", "dc:author", "dcterms:creator", "itunes:author")
_SERVICE = re.compile(r"//(?:www\.)?(?:feeds?|rss|syndication)[\w-]{0,9}\.|/~r/", re.IGNORECASE)
_TITLES = ("title", "dc:title", "dcterms:title", "media:title", "itunes:title")
_CONTENTS = ("content:encoded", "content", "xhtml:body", "body", "fullitem")
_SUMMARIES = (
    "description", "summary", "abstract", "dc:description", "dcterms:abstract", "itunes:summary", "media:description",
    "itunes:subtitle",
)  # fmt: skip

_PAGE_TYPES = frozenset({"", "text/html", "application/xhtml+xml", "html", "text"})

_GROUPS = frozenset({"media:group", "media:content"})

Fields = dict[str, list[Element]]


class Dates:
    """Reads the dates of one feed, and stops asking `dateparser` after `UNREADABLE_DATES` failures."""

    def __init__(self) -> None:
        self._unreadable = 0

    def read(self, text: str) -> datetime | None:
        """The time that the text means, or None."""
        if not text or text.isspace():
            return None
        at = parse_date(text, localised=self._unreadable < UNREADABLE_DATES)
        if at is None:
            self._unreadable += 1
        return at


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What an entry inherits from its document."""

    url: str
    core: str
    """The namespace that the root uses for the format itself, where it is none that we know."""
    has_bases: bool
    """Whether `xml:base` occurs at all; looking for it at each entry's ancestors is not free."""
    author: str
    """Atom: the feed's author, which an entry without one inherits (RFC 4287, 4.2.1)."""
    dates: Dates
    room: Room
    """What rebasing its links may still add to the feed."""
    away_from: str = ""
    """The host that delivers the feed, where it is not its site's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The links of a feed or an entry, absolute, each list in document order."""

    written: tuple[str, ...]
    """RSS: the text of `link`."""
    alternates: tuple[str, ...]
    """Atom: pages first, other media types after them."""
    by_relation: dict[str, str]
    """Atom: the first of every other relation."""
    enclosures: tuple[Media, ...]


_NO_LINKS = Links(written=(), alternates=(), by_relation={}, enclosures=())


def fields_of(element: Element, core: str) -> Fields:
    """The children by our names; those of a `media:group` or `media:content` count as the element's own.

    A group's description speaks of the entry (films); that of an image is its caption and is left out.
    """
    fields: Fields = {}
    for child in element:
        name = name_of_tag(str(child.tag), core)
        if name in _GROUPS:
            for inner in child.iterdescendants():
                inner_name = name_of(inner, core=core)
                if inner_name != "media:description" or (name == "media:group" and inner.getparent() is child):
                    fields.setdefault(inner_name, []).append(inner)
        if name != "media:description":
            fields.setdefault(name, []).append(child)
    return fields


def read_entry(element: Element, surroundings: Surroundings) -> Entry:
    """The entry that an `item` or `entry` element holds."""
    fields = fields_of(element, surroundings.core)
    base = base_of(element, surroundings.url) if surroundings.has_bases else surroundings.url
    links = links_of(fields, base, has_bases=surroundings.has_bases)
    entry_id = _id(element, fields)
    html, summary, is_content = _bodies(fields, surroundings)
    wire, title = parted_headline(first_plain(fields, _TITLES))
    url = _url(element, fields, links, entry_id, base)
    if surroundings.away_from and _is_counted(url, surroundings.away_from):
        # What the text links to stands on the site, and not beside the service's own address of the entry.
        html = rebased(html, surroundings.url, surroundings.room)
    return Entry(
        id=entry_id,
        url=url,
        title=title,
        wire=wire,
        published=_date(fields, _PUBLISHED, surroundings.dates),
        updated=_date(fields, _UPDATED, surroundings.dates) or _last_changed(element, surroundings.dates),
        author=_authors(fields) or _source_authors(fields) or surroundings.author,
        html=html,
        html_is_content=is_content,
        summary=summary,
        categories=_categories(fields),
        source=_source(fields, base),
        media=_media(fields, links, base),
    )


def _is_counted(url: str, service: str) -> bool:
    """Whether an entry's address is missing, or one at which a service that delivers feeds counts the clicks."""
    return not url or (host(url) == service and _SERVICE.search(url[:200]) is not None)


def time_of(element: Element, core: str, dates: Dates) -> datetime | None:
    """When an entry says that it appeared, without reading the rest of it."""
    fields = fields_of(element, core)
    return _date(fields, _PUBLISHED, dates) or _date(fields, _UPDATED, dates)


def first_plain(fields: Fields, names: Iterable[str]) -> str:
    """The words of the first element of those names that has any."""
    for name in names:
        for element in fields.get(name, ()):
            if words := plain(element):
                return words
    return ""


def links_of(fields: Fields, base: str, *, has_bases: bool = False) -> Links:
    """All `link` elements of a feed or an entry, sorted by what they are; `has_bases`: some may have a base each."""
    if "link" not in fields:
        return _NO_LINKS
    written: list[str] = []
    pages: list[str] = []
    others: list[str] = []
    enclosures: list[Media] = []
    by_relation: dict[str, str] = {}
    for element in fields["link"][:MAX_LINKS]:
        href = element.get("href")
        relation = element.get("rel", "").strip().lower().rpartition("/")[2]
        at = own_base(element, base) if has_bases else base
        url = absolute(at, _mended(element.text or "") if href is None else href)
        if not url:
            continue
        media_type = element.get("type", "").strip().lower()
        # An Atom link may leave out `rel` (it means alternate), so `href` alone does not tell; after an RSS link it is
        # a second RSS link written in Atom's way.
        if not relation and (href is None or written):
            written.append(url)
        elif relation in {"", "alternate"}:
            (pages if media_type in _PAGE_TYPES else others).append(url)
        elif relation == "enclosure":
            enclosures.append(Media(url=url, media_type=media_type))
        else:
            by_relation.setdefault(relation, url)
    return Links(
        written=tuple(written),
        alternates=tuple(pages + others),
        by_relation=by_relation,
        enclosures=tuple(enclosures),
    )


def _mended(address: str) -> str:
    """An RSS address with the two usual mistakes put right: escaped twice, scheme left out."""
    address = address.strip().replace("&amp;", "&")
    return f"https://{address}" if address.lower().startswith("www.") else address


def _each(fields: Fields, names: Iterable[str]) -> list[Element]:
    elements: list[Element] = []
    for name in names:
        if name in fields:
            elements += fields[name]
    return elements


def _id(element: Element, fields: Fields) -> str:
    for guid in _each(fields, ("guid", "id")):
        if text := collapse(guid.text or ""):
            return text
    about = next((value for key, value in element.items() if str(key).endswith("}about")), "")
    return str(about).strip()


def _url(element: Element, fields: Fields, links: Links, entry_id: str, base: str) -> str:
    """The page of the entry: a link first, then an id that is an address, then a player; an enclosure is no page."""
    original = first_plain(fields, ("feedburner:origlink",))  # the article behind FeedBurner's counted link
    urls = (absolute(base, original) if original else "", *links.written[-1:], *links.alternates)
    if url := next(filter(None, urls), ""):
        return url
    # RSS 2.0: a guid is a permalink unless `isPermaLink="false"`. Writers leave that out with ids that are no address,
    # hence the test for "://".
    guid = next(iter(fields.get("guid", ())), None)
    permalink = entry_id if guid is None or guid.get("isPermaLink", "true").strip().lower() != "false" else ""
    players = (player.get("url", "") for player in fields.get("media:player", ()))
    for href in (written_in(element, "href"), permalink if "://" in permalink else "", *players):
        url = absolute(base, href)
        if url:
            return url
    return ""


def written_in(element: Element, name: str) -> str:
    """An attribute of the element, its name in lower or upper case (Microsoft's Channel Definition Format shouts)."""
    return element.get(name) or element.get(name.upper()) or ""


def _last_changed(element: Element, dates: Dates) -> datetime | None:
    return dates.read(written_in(element, "lastmod")) if element.keys() else None


def _date(fields: Fields, names: Iterable[str], dates: Dates) -> datetime | None:
    for element in _each(fields, names):
        at = dates.read(element.text or "")
        if at is not None:
            return at
    return None


def _authors(fields: Fields) -> str:
    # Of one name only: `author` and `dc:creator` beside each other mostly name the same people in two ways.
    for name in _AUTHORS:
        if name not in fields:
            continue
        people = [person(element) for element in fields[name][:MAX_AUTHORS]]
        names = ", ".join(dict.fromkeys(who for who in people if who))
        if names:
            return names
    return ""


def _source_authors(fields: Fields) -> str:
    """The authors of the feed that an Atom entry was taken from: they come before the feed's own (RFC 4287, 4.2.1)."""
    sources = fields.get("source", ())
    return next((names for element in sources if (names := _authors(fields_of(element, "")))), "")


def _bodies(fields: Fields, surroundings: Surroundings) -> tuple[str, str, bool]:
    """The content, else the summary; the summary beside it; whether the first is content."""
    # Atom's `content src=…` stands elsewhere (RFC 4287, 4.1.3.2): its text is at best a label.
    content = _first_body([each for each in _each(fields, _CONTENTS) if not each.get("src")], surroundings)
    summary = _first_body(_each(fields, _SUMMARIES), surroundings)
    return (content, summary, True) if content else (summary, "", False)


def _first_body(elements: list[Element], surroundings: Surroundings) -> str:
    for element in elements:
        if html := _body(element, surroundings):
            return html
    return ""


def _body(element: Element, surroundings: Surroundings) -> str:
    """The HTML of an element, its links made absolute where it has another base than its document."""
    if not surroundings.has_bases:
        return markup(element)
    base = base_of(element, surroundings.url)
    if len(element):
        rebase_inside(element, base, surroundings.room)
    html = markup(element)
    return rebased(html, base, surroundings.room) if base != surroundings.url else html


def _categories(fields: Fields) -> tuple[str, ...]:
    categories: dict[str, None] = {}
    for element in _each(fields, ("category", "dc:subject")):
        label = element.get("label") or element.get("term")
        words = collapse(label) if label else plain(element)
        if words:
            categories.setdefault(words[:200])
    for element in fields.get("media:keywords", ()):
        for word in (element.text or "")[:4000].split(","):
            if word.strip():
                categories.setdefault(collapse(word)[:200])
    return tuple(categories)[:MAX_CATEGORIES]


def _source(fields: Fields, base: str) -> CreditedSource | None:
    for element in _each(fields, ("source", "dc:source")):
        inner = fields_of(element, "")
        title = first_plain(inner, ("title",)) if inner else plain(element)
        links = links_of(inner, base)
        addresses = (
            element.get("url", ""),
            *links.alternates,
            *links.written,
            links.by_relation.get("self", ""),
            title,
        )
        url = next((url for href in addresses if "://" in href and (url := absolute(base, href))), "")
        if title or url:
            return CreditedSource(title=title, url=url)
    return None


def _media(fields: Fields, links: Links, base: str) -> tuple[Media, ...]:
    media: dict[str, Media] = {}
    for medium in links.enclosures[:MAX_MEDIA]:
        media.setdefault(medium.url, medium)
    for element in _each(fields, ("enclosure", "media:content", "media:thumbnail", "itunes:image", "image")):
        if len(media) >= MAX_MEDIA:
            break
        attached = _medium(element, base)
        if attached is not None:
            media.setdefault(attached.url, attached)
    return tuple(media.values())


def _medium(element: Element, base: str) -> Media | None:
    href = element.get("url") or element.get("href") or ""
    inner = next((child for child in element if name_of(child) == "url"), None)
    url = absolute(base, href or ((inner.text if inner is not None else element.text) or ""))
    if not url:
        return None
    kind = element.get("type", "").strip().lower()
    # `thumbnail` and `image` can be nothing else; only `content` and `enclosure` may be a film or a sound.
    if not kind and (element.get("medium") == "image" or not str(element.tag).endswith(("content", "enclosure"))):
        kind = "image"
    return Media(url=url, media_type=kind, width=_pixels(element.get("width")), height=_pixels(element.get("height")))


def _pixels(value: str | None) -> int:
    digits = (value or "").strip().removesuffix("px")
    return int(digits) if digits.isdecimal() and len(digits) < 6 else 0
