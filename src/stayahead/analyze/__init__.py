"""Makes of an article what a machine can: the signals that decide about it, its card, and what its sentences state."""

from __future__ import annotations

from typing import NamedTuple

from stayahead.analyze.attempts import Attempts
from stayahead.analyze.card import card_at, card_of, card_with
from stayahead.analyze.credits import Credits, agency_of, find_credits, is_agency, site_key
from stayahead.analyze.encoder import Encoder
from stayahead.analyze.fingerprint import adds_its_own, fingerprint, near_copies
from stayahead.analyze.names import KIND as NAMES
from stayahead.analyze.names import NAME_CHARS as NAMES_CHARS
from stayahead.analyze.outlets import is_same_outlet, outlet_key
from stayahead.analyze.prose import MAX_TEXT_CHARS, MAX_TITLE_CHARS
from stayahead.analyze.quotes import KIND as QUOTES
from stayahead.analyze.search_query import SearchQuery, read_query
from stayahead.analyze.shared_keys import PLACE, find_shared_keys
from stayahead.analyze.slug import slug_words
from stayahead.analyze.statements import find_statements, packed, unpacked, versions
from stayahead.analyze.terms import find_terms
from stayahead.model import ArticleCard, Entry, Page, Signals, Statements, Term
from stayahead.text import tokens

__all__ = [
    "NAMES",
    "NAMES_CHARS",
    "PLACE",
    "QUOTES",
    "Analysis",
    "Encoder",
    "SearchQuery",
    "adds_its_own",
    "agency_of",
    "analyze",
    "analyze_whole",
    "card_at",
    "card_of",
    "find_statements",
    "is_agency",
    "is_same_outlet",
    "near_copies",
    "outlet_key",
    "packed",
    "read_query",
    "site_key",
    "unpacked",
    "versions",
]


class Analysis(NamedTuple):
    """All that a machine makes of an article."""

    signals: Signals
    card: ArticleCard
    statements: Statements
    failures: tuple[str, ...] = ()
    """What failed, and so is empty here: one line for each part, with its exception."""


class _Words(NamedTuple):
    """Headline and text, as far as signals look, and cut into words."""

    headline: str
    title: list[str]
    text: str
    body: list[str]


def analyze(page: Page, entry: Entry, *, encoder: Encoder | None = None) -> Signals:
    """The signals of an article; pure, and the same for the same text always.

    Args:
        page: what it says.
        entry: what the source says of it.
        encoder: gives it a vector, where it was trained on the language; None: there are no vectors.

    Raises:
        Exception: a part of it failed: the first such error.
    """
    attempts = Attempts()
    signals = _signals(_words(page, entry), page, entry, encoder=encoder, attempts=attempts)
    for error in attempts.errors.values():
        raise error
    return signals


def analyze_whole(page: Page, entry: Entry, *, encoder: Encoder | None = None) -> Analysis:
    """The same with its card and statements; its words are cut once, and a part that fails is left empty and named."""
    attempts = Attempts()
    words = _words(page, entry)
    title = entry.title or page.title
    is_all = len(title) <= MAX_TITLE_CHARS and len(words.text) < MAX_TEXT_CHARS
    card = card_with((*words.title, *words.body), page, entry) if is_all else card_of(page, entry)
    return Analysis(
        signals=_signals(words, page, entry, encoder=encoder, attempts=attempts),
        card=card,
        statements=attempts.result(
            "statements",
            lambda: find_statements(title, page, words=card.words),
            otherwise=Statements(versions=versions()),
        ),
        failures=attempts.failures,
    )


def _words(page: Page, entry: Entry) -> _Words:
    headline = (entry.title or page.title)[:MAX_TITLE_CHARS]
    text = page.text[:MAX_TEXT_CHARS]
    return _Words(headline, tokens(headline), text, tokens(text))


def _signals(words: _Words, page: Page, entry: Entry, *, encoder: Encoder | None, attempts: Attempts) -> Signals:
    headline, title, text, body = words
    language, nothing = page.language, tuple[Term, ...]()
    hashes, shingles = fingerprint(body)

    def terms() -> tuple[Term, ...]:
        return find_terms(title, body, language=language, address=slug_words(entry.url or page.url))

    def vector_by(encoder: Encoder | None) -> bytes:
        return encoder.encode(headline, text) if encoder is not None and encoder.reads(language) else b""

    credit = attempts.result("credits", lambda: find_credits(page, entry), otherwise=Credits((), ()))
    vector = attempts.result("vector", lambda: vector_by(encoder), otherwise=b"")
    return Signals(
        language=language,
        terms=attempts.result("terms", terms, otherwise=nothing),
        fingerprint=hashes,
        shingles=shingles,
        shared_keys=attempts.result(
            "shared_keys", lambda: find_shared_keys(headline, text, language=language), otherwise=nothing
        ),
        credits=credit.rests_on,
        carried=credit.carries,
        has_reported=credit.has_reported,
        vector=vector,
        vector_model=encoder.model if encoder is not None and vector else "",
    )
