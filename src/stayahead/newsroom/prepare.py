"""Does the heavy work on what strangers sent: reads feeds and pages, and makes drafts of articles. Pure.

The worker processes call these functions by name; `warm_up` tells a process once which model gives articles their
vectors, and without it there are none. Nothing here asks store or clock, so many may run at once. A draft is everything
about an article that does not depend on other articles: its page (from the feed's own text or from the site), its
signals, card and statements.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import msgspec

from stayahead.analyze import Encoder, analyze_whole, find_statements, packed, unpacked
from stayahead.analyze.correction_notes import is_withdrawal
from stayahead.charset import decode
from stayahead.encoders import load
from stayahead.errors import ExtractError, ParseError
from stayahead.extract import HostMemory, Observation, carries_article, observe_page, read_entry
from stayahead.model import ArticleCard, Entry, Fetched, Page, PageKind, ParsedFeed, Signals, Statements
from stayahead.parse import identify, opml, parse_feed
from stayahead.parse.discovery import Candidate, Clue, feeds_of
from stayahead.parse.gunzip import MAGIC, BadGzip, gunzip, slices
from stayahead.parse.opml import SourceList
from stayahead.parse.tree import is_page
from stayahead.urls import carried, normalise

LIST_BYTES = 64_000_000
"""Longest list of sources, unpacked."""
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One article before it has a place: what its text is, and what a machine makes of it."""

    page: Page
    signals: Signals
    card: ArticleCard
    statements: Statements
    is_whole: bool
    """The text is the whole article: its page need not be fetched."""
    is_from_page: bool = False
    """The text is the site's page's, not the feed's."""
    observation: Observation | None = None
    """What the host's memory may learn from the page."""
    names_feed: bool = False
    """The page names the feed that led to it as its site's own."""
    failures: tuple[str, ...] = ()
    """Parts of the analysis that failed and are empty, each with its exception: bugs of ours."""

    def __reduce__(self) -> tuple[object, ...]:
        """Packed on its way between processes: some 180 small values, each of which pickle sets field by field."""
        statements = self.statements.versions, packed(self.statements.text), packed(self.statements.row)
        parts = (
            self.page,
            self.signals,
            self.card,
            statements,
            self.is_whole,
            self.is_from_page,
            self.observation,
            self.names_feed,
            self.failures,
        )
        try:
            return _rebuild_packed, (_encoder.encode(parts),)
        except UnicodeEncodeError:  # a lone surrogate, which only pickle carries
            return _rebuild, parts


_PackedStatements: TypeAlias = tuple[str, bytes, bytes]
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(
    tuple[Page, Signals, ArticleCard, _PackedStatements, bool, bool, Observation | None, bool, tuple[str, ...]]
)


def _rebuild_packed(parts: bytes) -> Draft:
    return _rebuild(*_decoder.decode(parts))


def _rebuild(
    page: Page,
    signals: Signals,
    card: ArticleCard,
    statements: _PackedStatements,
    is_whole: bool,  # noqa: FBT001 - pickle gives places, not names
    is_from_page: bool,  # noqa: FBT001
    observation: Observation | None,
    names_feed: bool,  # noqa: FBT001
    failures: tuple[str, ...],
) -> Draft:
    analyzers, text, row = statements
    return Draft(
        page=page,
        signals=signals,
        card=card,
        statements=Statements(versions=analyzers, text=unpacked(text), row=unpacked(row)),
        is_whole=is_whole,
        is_from_page=is_from_page,
        observation=observation,
        names_feed=names_feed,
        failures=failures,
    )


_encoder_here: Encoder | None = None
"""This process's own: a model is loaded once and used for as long as the process lives."""


def warm_up(model: str = "") -> None:
    """Load a model directory (empty: none), before a process prepares anything.

    Raises:
        ModelError: it cannot be loaded.
    """
    global _encoder_here  # noqa: PLW0603 - tasks carry inputs, not models
    _encoder_here = load(Path(model)) if model else None


def vector_model() -> str:
    """The short hash of the model that this process loaded; empty when it has none."""
    return "" if _encoder_here is None else _encoder_here.model


def draft_of(
    page: Page,
    entry: Entry,
    *,
    is_whole: bool = True,
    is_from_page: bool = False,
    observation: Observation | None = None,
    encoder: Encoder | None = None,
) -> Draft:
    """Make the draft of a page under what its entry says."""
    signals, card, statements, failures = analyze_whole(page, entry, encoder=encoder)
    return Draft(
        page=page,
        signals=signals,
        card=card,
        statements=statements,
        is_whole=is_whole,
        is_from_page=is_from_page,
        observation=observation,
        failures=failures,
    )


def parse(fetched: Fetched, feed_url: str = "") -> ParsedFeed:
    """Read the feed, and say by what each entry is known again where it is watched, under `feed_url`.

    Raises:
        ParseError: the bytes hold no feed.
    """
    declared = f"{fetched.media_type}; charset={fetched.charset}" if fetched.charset else fetched.media_type
    parsed = parse_feed(fetched.body, url=fetched.url, media_type=declared or None)
    return replace(parsed, identities=identify(parsed.entries, feed_url=feed_url or fetched.url))


def candidates(fetched: Fetched, robots: bytes) -> tuple[Candidate, ...]:
    """The addresses that may be feeds of the page's site."""
    return feeds_of(fetched.body, url=fetched.url, robots=robots)


def shows_page(fetched: Fetched) -> bool:
    """Whether the answer is a web page, whatever it says it is."""
    return fetched.media_type in _PAGE_TYPES or is_page(decode(fetched.body[:65_536]))


def read_sources(body: bytes, name: str) -> SourceList:
    """The feeds that a list names: OPML, or addresses, one a line; either packed.

    Raises:
        ParseError: it is neither.
    """
    if body.startswith(MAGIC):
        try:
            body = b"".join(gunzip(slices(body), max_bytes=LIST_BYTES))
        except BadGzip as error:
            raise ParseError(name, str(error)) from error
    try:
        return opml.read_list(body, url=name)
    except ParseError:
        return opml.read_addresses(body, url=name)


def draft_entries(entries: tuple[Entry, ...]) -> tuple[Draft, ...]:
    """Make drafts of what the feed itself says of each entry."""
    return tuple(draft_entry(entry) for entry in entries)


def draft_entry(entry: Entry) -> Draft:
    """Make the draft of what the feed itself says of the entry."""
    page = read_entry(entry, url=entry.url)
    return draft_of(page, entry, is_whole=carries_article(entry, page), encoder=_encoder_here)


def draft_page(fetched: Fetched, entry: Entry, memory: HostMemory | None = None, led_by: str = "") -> Draft:
    """Make the draft of the fetched page, or of the feed's text where the page has less.

    Args:
        fetched: the page.
        entry: what the feed says of it.
        memory: what earlier pages of its host taught.
        led_by: a feed of another site that led to it; the page must then say all by itself, whose feed that is, too.

    Raises:
        ExtractError: the page holds nothing to read.
    """
    page, observation = observe_page(_body(fetched), url=fetched.url, memory=memory)
    from_feed = read_entry(entry, url=entry.url)
    is_less = _has_less(page, from_feed)
    if is_less:
        page = replace(page, blocks=from_feed.blocks, confidence=from_feed.confidence)
    if not page.image:
        page = replace(page, image=from_feed.image)
    draft = draft_of(page, entry, is_from_page=not is_less, observation=observation, encoder=_encoder_here)
    if not led_by:
        return draft
    if not (page.title and page.text):
        raise ExtractError(fetched.url, "the page has no headline or no text of its own")
    return replace(draft, names_feed=_names(led_by, fetched))


def draft_renamed(page: Page, entry: Entry) -> Draft:
    """Make the draft of a page that we have, under what the feed says of it now."""
    return draft_of(page, entry, is_from_page=True, encoder=_encoder_here)


def analyze_again(texts: tuple[tuple[str, Page], ...]) -> tuple[Statements, ...]:
    """What articles that are stored state, each under its headline, for the analyzers of today."""
    return tuple(find_statements(title, page) for title, page in texts)


def _names(feed_url: str, fetched: Fetched) -> bool:
    """Whether the page names that feed as one of its site (`link rel="alternate"`)."""
    if carried(feed_url) != feed_url:  # it would pass for the feed whose address it carries
        return False
    own = normalise(feed_url)
    named = feeds_of(_body(fetched), url=fetched.url)
    return any(each.clue is Clue.NAMED and normalise(each.url) == own for each in named)


def _has_less(page: Page, from_feed: Page) -> bool:
    """A shell or paywall with less text than the feed gave, or any page with less than half: it is likely misread.

    Not one that only takes the report back: what its feed still tells is what was taken back.
    """
    if is_withdrawal(page):
        return False
    if page.kind in (PageKind.SHELL, PageKind.PAYWALL):
        return len(page.text) < len(from_feed.text)
    return 2 * len(page.text) < len(from_feed.text)


def _body(fetched: Fetched) -> str | bytes:
    """The bytes, decoded here only when the wire declared a charset that the page itself may not know."""
    if not fetched.charset:
        return fetched.body
    return decode(fetched.body, declared=fetched.charset)
