"""Draws the feeds and pages of the demo's outlets, each in a markup of its own.

Each outlet's page is a Jinja template of its own in `data/pages/`, each form of feed one in `data/feeds/`: they are
meant to look like what publishers really send, with navigation, share bars, cookie texts, planted links and all.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from stayahead.demo.script import Line, Outlet, Piece, Version
from stayahead.model import BlockKind

MEDIA_TYPES = {
    "rss2": "application/rss+xml",
    "rss1": "application/rdf+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}
_TAGS = {
    BlockKind.PARAGRAPH: "p",
    BlockKind.HEADING: "h2",
    BlockKind.LIST_ITEM: "li",
    BlockKind.QUOTATION: "blockquote",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A piece in its present version, with its url and times, as templates need it."""

    url: str
    piece: Piece
    version: Version
    published: datetime
    updated: datetime

    @property
    def body(self) -> Markup:
        """The note and the blocks as HTML."""
        note = Markup('<p class="note">{}</p>\n').format(self.version.note) if self.version.note else Markup("")
        return note + Markup("\n").join(_html(self.version.lines))

    @property
    def is_revised(self) -> bool:
        """Whether it was changed after it was published."""
        return self.updated != self.published


def _html(lines: Sequence[Line]) -> list[Markup]:
    parts: list[Markup] = []
    in_list = False
    for line in lines:
        is_item = line.kind is BlockKind.LIST_ITEM
        if is_item != in_list:
            parts.append(Markup("<ul>") if is_item else Markup("</ul>"))
            in_list = is_item
        tag = Markup(_TAGS[line.kind])  # noqa: S704 - one of the four constants above
        parts.append(Markup("<{}>{}</{}>").format(tag, _runs(line), tag))
    return [*parts, Markup("</ul>")] if in_list else parts


def _runs(line: Line) -> Markup:
    linked = (Markup('<a href="{}">{}</a>').format(url, words) if url else escape(words) for words, url in line.runs)
    return Markup("").join(linked)


def _json_ld(item: Item, outlet: Outlet) -> Markup:
    """Metadata for search engines, as some outlets add it; `<` is escaped, so that a text cannot end the element."""
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": item.version.title,
        "description": item.version.summary,
        "url": item.url,
        "mainEntityOfPage": item.url,
        "datePublished": item.published.isoformat(),
        "dateModified": item.updated.isoformat(),
        "author": [{"@type": "Person", "name": name} for name in item.piece.author.split(" and ")],
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name},
        "inLanguage": outlet.language,
    }
    text = json.dumps(facts, ensure_ascii=False, indent=1).replace("<", "\\u003c")
    return Markup(text)  # noqa: S704 - escaped on the line above


_TEMPLATES = Environment(
    loader=PackageLoader("stayahead.demo", "data"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters["rfc822"] = lambda at: format_datetime(at, usegmt=True)
_TEMPLATES.globals["json_ld"] = _json_ld


def feed(outlet: Outlet, items: Sequence[Item], *, site: str, changed: datetime) -> bytes:
    """The outlet's feed with these items, in its form and charset; `site` is its address without a final slash."""
    if outlet.feed == "json":
        return _json_feed(outlet, items, site=site)
    template = _TEMPLATES.get_template(f"feeds/{outlet.feed}.xml")
    text = template.render(outlet=outlet, items=items, site=site, changed=changed)
    return text.encode(outlet.charset, "xmlcharrefreplace")


def _json_feed(outlet: Outlet, items: Sequence[Item], *, site: str) -> bytes:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "description": outlet.tagline,
        "home_page_url": f"{site}/",
        "feed_url": f"{site}{outlet.feed_path}",
        "language": outlet.language,
        "items": [
            {
                "id": item.url,
                "url": item.url,
                "title": item.version.title,
                "summary": item.version.summary,
                "content_html": str(item.body),
                "date_published": item.published.isoformat(),
                "date_modified": item.updated.isoformat(),
                "authors": [{"name": item.piece.author}],
                "tags": [item.piece.section],
            }
            for item in items
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def page(outlet: Outlet, item: Item, related: Sequence[Item], *, site: str) -> bytes:
    """The page of one item, with links to the related ones around it."""
    template = _TEMPLATES.get_template(f"pages/{outlet.slug}.html")
    text = template.render(outlet=outlet, item=item, related=related, site=site)
    return text.encode(outlet.charset, "xmlcharrefreplace")


def front(outlet: Outlet, items: Sequence[Item], *, site: str) -> bytes:
    """The outlet's own front page: a list of headlines."""
    template = _TEMPLATES.get_template("pages/front.html")
    text = template.render(outlet=outlet, items=items, site=site, media_type=MEDIA_TYPES[outlet.feed])
    return text.encode(outlet.charset, "xmlcharrefreplace")
