"""Preparing: fetched bytes in, parsed feeds and drafts of articles out. Pure, so it may run anywhere, many at once.

The worker processes call these functions by name; `warm_up` tells a process once which model gives articles their
vectors, and without it there are none. A draft is everything about an article that does not depend on
other articles: its page (from the feed's own text or from the site) and its signals.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from stayahead.analyze import Encoder, analyze
from stayahead.encoders import load
from stayahead.extract import HostMemory, Observation, carries_article, observe_page, read_entry
from stayahead.model import Entry, Fetched, Page, PageKind, ParsedFeed, Signals
from stayahead.parse import parse_feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One article before it has a place: what its text is, and what a machine makes of it."""

    page: Page
    signals: Signals
    is_whole: bool
    """The text is the whole article: its page need not be fetched."""
    is_from_page: bool = False
    """The text is the site's page's, not the feed's."""
    observation: Observation | None = None
    """What the host's memory may learn from the page."""

    def __reduce__(self) -> tuple[object, ...]:
        """Packed on its way between processes: some 180 small values, each of which pickle sets field by field."""
        try:
            return _unpacked, (
                _encoder.encode((self.page, self.signals, self.is_whole, self.is_from_page, self.observation)),
            )
        except UnicodeEncodeError:  # a lone surrogate, which only pickle carries
            return _made, (self.page, self.signals, self.is_whole, self.is_from_page, self.observation)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(tuple[Page, Signals, bool, bool, Observation | None])


def _unpacked(packed: bytes) -> Draft:
    return _made(*_decoder.decode(packed))


def _made(
    page: Page,
    signals: Signals,
    is_whole: bool,  # noqa: FBT001 - pickle gives places, not names
    is_from_page: bool,  # noqa: FBT001
    observation: Observation | None,
) -> Draft:
    return Draft(page=page, signals=signals, is_whole=is_whole, is_from_page=is_from_page, observation=observation)


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


def _signals(page: Page, entry: Entry) -> Signals:
    return analyze(page, entry, encoder=_encoder_here)


def parse(fetched: Fetched) -> ParsedFeed:
    """Read the feed.

    Raises:
        ParseError: the bytes hold no feed.
    """
    declared = f"{fetched.media_type}; charset={fetched.charset}" if fetched.charset else fetched.media_type
    return parse_feed(fetched.body, url=fetched.url, media_type=declared or None)


def draft_entries(entries: tuple[Entry, ...]) -> tuple[Draft, ...]:
    """Make drafts of what the feed itself says of each entry."""
    return tuple(draft_entry(entry) for entry in entries)


def draft_entry(entry: Entry) -> Draft:
    """Make the draft of what the feed itself says of the entry."""
    page = read_entry(entry, url=entry.url)
    return Draft(page=page, signals=_signals(page, entry), is_whole=carries_article(entry, page))


def draft_page(fetched: Fetched, entry: Entry, memory: HostMemory | None = None) -> Draft:
    """Make the draft of the fetched page, or of the feed's text where the page has less.

    `memory`: what earlier pages of its host taught.

    Raises:
        ExtractError: the page holds nothing to read.
    """
    page, observation = observe_page(_body(fetched), url=fetched.url, memory=memory)
    said = read_entry(entry, url=entry.url)
    is_less = _has_less(page, said)
    if is_less:
        page = replace(page, blocks=said.blocks, confidence=said.confidence)
    if not page.image:
        page = replace(page, image=said.image)
    return Draft(
        page=page, signals=_signals(page, entry), is_whole=True, is_from_page=not is_less, observation=observation
    )


def draft_renamed(page: Page, entry: Entry) -> Draft:
    """Make the draft of a page that we have, under what the feed says of it now."""
    return Draft(page=page, signals=_signals(page, entry), is_whole=True, is_from_page=True)


def _has_less(page: Page, said: Page) -> bool:
    """A shell or a paywall that shows less text than the feed gave."""
    if page.kind in (PageKind.SHELL, PageKind.PAYWALL):
        return len(page.text) < len(said.text)
    return 2 * len(page.text) < len(said.text)


def _body(fetched: Fetched) -> str | bytes:
    """The bytes, decoded here only when the wire declared a charset that the page itself may not know."""
    if not fetched.charset:
        return fetched.body
    from stayahead.charset import decode  # the one use; most pages declare their charset themselves

    return decode(fetched.body, declared=fetched.charset)
