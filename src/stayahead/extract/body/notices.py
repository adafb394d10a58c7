"""Recognises words that a site addresses to its visitor: ask for consent, sell a subscription, check a browser.

What a site says to its visitor is no article: it speaks in the first person of cookies, offers or browsers. One such
sentence may stand in any report; several of different kinds in a short text are the notice itself.
"""

from __future__ import annotations

import re

from stayahead.language.lexicon import either, union

MIN_KINDS = 3
"""Fewest kinds of sentence, of the six below, that make a whole text a request for consent."""
MIN_KINDS_PARAGRAPH = 2
"""Fewest that make one paragraph of an article part of a banner."""
MIN_SHARE = 0.5
"""Least share of a text's characters in paragraphs that ask."""
MAX_CHARS = 6_000
"""Longest notice; longer texts are policies, which are articles of their own kind."""
MAX_CHECK_CHARS = 1_500

_KINDS = ("consent.uses", "consent.partners", "consent.buttons", "consent.settings", "consent.yours", "consent.aims")
_CONSENT = tuple(re.compile(either(kind)) for kind in _KINDS)  # of text in lower case: twice as fast as to ignore case
_WORDS_OF_CONSENT = union("consent.hints")
"""No request for consent is without one of these: the cheap test."""
MIN_WORDY_SHARE = 0.2
"""Least share of a request's characters in paragraphs with one of these words."""
_PAYWALL = re.compile(either("paywall.phrases"), re.IGNORECASE)
_CHECK = re.compile(either("checks.phrases"), re.IGNORECASE)


def asks_consent(paragraphs: list[str]) -> bool:
    """Whether these paragraphs, all that a page shows, are a request for consent."""
    size = sum(map(len, paragraphs))
    if not 0 < size <= MAX_CHARS:
        return False
    if sum(len(text) for text in paragraphs if _may_ask(text)) < MIN_WORDY_SHARE * size:
        return False
    # One kind of sentence may stand in any report on privacy; a notice has several of them in most of its text.
    hits = [_kinds_in(text) for text in paragraphs]
    asking = sum(len(text) for text, kinds in zip(paragraphs, hits, strict=True) if kinds)
    return len(set().union(*hits)) >= MIN_KINDS and asking >= MIN_SHARE * size


def consents_in(paragraphs: list[str]) -> set[str]:
    """The paragraphs that a consent banner has put into an article."""
    if not _may_ask("\n".join(paragraphs)):  # as for most articles: at once, not for each paragraph
        return set()
    return {text for text in paragraphs if _may_ask(text) and len(_kinds_in(text)) >= MIN_KINDS_PARAGRAPH}


def is_check(title: str, text: str) -> bool:
    """Whether this, all that a page shows, is a check for robots or a demand for JavaScript."""
    return len(text) <= MAX_CHECK_CHARS and _CHECK.search(f"{title}\n{text}") is not None


def asks_subscription(text: str) -> bool:
    """Whether a text says that the rest is for subscribers."""
    return _PAYWALL.search(text) is not None


def _may_ask(text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in _WORDS_OF_CONSENT)


def _kinds_in(text: str) -> set[int]:
    lower = text[:MAX_CHARS].lower()
    return {number for number, pattern in enumerate(_CONSENT) if pattern.search(lower)}
