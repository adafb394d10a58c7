"""Analyze: a page and the entry that led to it go in; the signals that a machine makes of them come out."""

from __future__ import annotations

from stayahead.analyze.card import card_of
from stayahead.analyze.credits import agency_of, find_credits
from stayahead.analyze.encoder import Encoder
from stayahead.analyze.fingerprint import fingerprint, near_copies
from stayahead.analyze.shared_keys import PLACE, find_shared_keys
from stayahead.analyze.slug import slug_words
from stayahead.analyze.terms import find_terms
from stayahead.model import Entry, Page, Signals
from stayahead.text import tokens

__all__ = ["PLACE", "Encoder", "agency_of", "analyze", "card_of", "near_copies"]

_MAX_TITLE_CHARS = 1_000
_MAX_TEXT_CHARS = 40_000
"""Far past the longest reports; what follows (transcripts, lists) says nothing new about the event."""


def analyze(page: Page, entry: Entry, *, encoder: Encoder | None = None) -> Signals:
    """The signals of an article; pure, and the same for the same text always.

    Args:
        page: what it says.
        entry: what the source says of it.
        encoder: gives it a vector, where it was trained on the language; None: there are no vectors.
    """
    headline = (entry.title or page.title)[:_MAX_TITLE_CHARS]
    title = tokens(headline)
    text = page.text[:_MAX_TEXT_CHARS]
    body = tokens(text)
    hashes, shingles = fingerprint(body)
    vector = encoder.encode(headline, text) if encoder is not None and encoder.reads(page.language) else b""
    return Signals(
        language=page.language,
        terms=find_terms(title, body, language=page.language, address=slug_words(entry.url or page.url)),
        fingerprint=hashes,
        shingles=shingles,
        shared_keys=find_shared_keys(headline, text, language=page.language),
        credits=find_credits(page, entry),
        vector=vector,
        vector_model=encoder.model if encoder is not None and vector else "",
    )
