"""Decides who wrote an article where the source of its page and what it shows disagree.

What stands beside the headline is what the publisher tells its readers: it beats what is only stated in the source
(there, often, the editor who typed it in, or the house). See docs/decisions/0025.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lxml import etree

from stayahead.extract.facts import jsonld
from stayahead.extract.facts.bylines import MAX_AUTHORS, authors_of
from stayahead.extract.facts.heading import Piece
from stayahead.extract.facts.jsonld import Thing
from stayahead.extract.facts.shown import authors_below, authors_near
from stayahead.text import tokens

_META = (
    "author", "article:author", "dc.creator", "dcterms.creator", "byl", "parsely-author", "sailthru.author",
    "og:author", "authors", "cxenseparse:author", "twitter:creator:name",
)  # fmt: skip
_HOUSE = ("og:site_name", "application-name", "al:iphone:app_name", "dc.publisher", "publisher")


def authors_in(
    root: etree._Element,
    headline: etree._Element | None,
    pieces: Sequence[Piece],
    *,
    article: Thing,
    things: Sequence[Thing],
    marked: Thing,
    metas: dict[str, str],
) -> tuple[str, ...]:
    """The authors of a page: people first, the house itself only where nobody else is named.

    Args:
        root: the page's tree.
        headline: the element that holds its headline, if known.
        pieces: the short texts around it.
        article: the article as its JSON-LD describes it.
        things: all that its JSON-LD describes, for people named by reference.
        marked: the article as its microdata describes it.
        metas: its meta elements.
    """
    names = {
        str(t["@id"]): jsonld.text_of(t) for t in things if t.get("@id") and (t.get("name") or jsonld.full_name(t))
    }
    house = {frozenset(tokens(name)) for name in names_of_house(article, metas)}
    claims = (
        [_resolved(v, names) for v in _people(article)],
        [metas[name] for name in _META if name in metas],
        [jsonld.text_of(v) for v in _people(marked)],
    )
    stated_names = next(filter(None, (_without(house, authors_of(claim)) for claim in claims)), ())
    shown_names = _without(house, authors_near([piece for piece in pieces if not piece.is_before]))
    # Each next source is weaker: names above the headline may be a section editor's, those far below a teaser's. The
    # house itself comes last, first as stated and then as shown.
    if people := _agreed(stated_names, shown_names):
        return people
    near = authors_near(pieces)
    if people := _without(house, near):
        return people
    below = authors_below(root, headline)
    return (
        _without(house, below)
        or next(filter(None, (authors_of(claim) for claim in claims)), ())
        or authors_of(_resolved(v, names) for v in _as_list(article.get("author") or article.get("creator")))
        or near
        or below
    )


def _agreed(stated_names: tuple[str, ...], shown_names: tuple[str, ...]) -> tuple[str, ...]:
    """The shown names; the stated ones where they are the same people and no fewer, or the shown ones are handles."""
    if not shown_names or not stated_names:
        return shown_names or stated_names
    if not any(" " in name for name in shown_names):
        return stated_names
    mine, other = [set(tokens(name)) for name in stated_names], [set(tokens(name)) for name in shown_names]
    # "Lee" and "Ann Lee" are one person: one name's words within the other's.
    is_same = any(one <= two or two <= one for one in mine for two in other)
    return stated_names if is_same and len(stated_names) >= len(shown_names) else shown_names


def _without(house: set[frozenset[str]], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if frozenset(tokens(name)) not in house)


def names_of_house(article: Thing, metas: dict[str, str]) -> Iterable[str]:
    """What the site calls itself."""
    yield from (metas[name] for name in _HOUSE if name in metas)
    yield jsonld.text_of(article.get("publisher"))


def _people(article: Thing) -> list[object]:
    stated = _as_list(article.get("author") or article.get("creator"))
    return [v for v in stated if not (isinstance(v, dict) and "organization" in jsonld.types_of(v))]


def _resolved(value: object, people: dict[str, str]) -> str:
    if isinstance(value, dict) and not value.get("name"):
        return people.get(str(value.get("@id"))) or jsonld.full_name(value)
    return jsonld.text_of(value)


def _as_list(value: object) -> list[object]:
    if isinstance(value, dict) and isinstance(value.get("name"), list):
        value = value["name"]
    return value[: 2 * MAX_AUTHORS] if isinstance(value, list) else [value]
