"""Analyze: a page and the entry that led to it go in; the signals that a machine makes of them come out."""

from __future__ import annotations

from stayahead.analyze.credits import agency_of, find_credits
from stayahead.analyze.fingerprint import fingerprint, near_copies
from stayahead.analyze.keys import PLACE, find_keys
from stayahead.analyze.terms import find_terms
from stayahead.model import Entry, Page, Signals
from stayahead.text import tokens

__all__ = ["PLACE", "agency_of", "analyze", "near_copies"]

_MAX_TITLE_CHARS = 1_000
_MAX_TEXT_CHARS = 40_000
"""Far past the longest reports; what follows (transcripts, lists) says nothing new about the event."""


def analyze(page: Page, entry: Entry) -> Signals:
    """The signals of an article; pure, and the same for the same text always."""
    title = tokens((entry.title or page.title)[:_MAX_TITLE_CHARS])
    body = tokens(page.text[:_MAX_TEXT_CHARS])
    hashes, shingles = fingerprint(body)
    return Signals(
        language=page.language,
        terms=find_terms(title, body, language=page.language),
        fingerprint=hashes,
        shingles=shingles,
        keys=find_keys((entry.title or page.title)[:_MAX_TITLE_CHARS], page.text, language=page.language),
        credits=find_credits(page, entry),
    )
