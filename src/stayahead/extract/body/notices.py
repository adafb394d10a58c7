"""Recognises words that a site addresses to its visitor: ask for consent, sell a subscription, check a browser.

What a site says to its visitor is no article: it speaks in the first person of cookies, offers or browsers. One such
sentence may stand in any report; several of different kinds in a short text are the notice itself. So shares of the
text decide, never one phrase, and what stands between quotation marks is somebody else's.
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
MAX_PROSE_OF_CHECK = 250
"""Most characters of paragraphs that say nothing of a check, on a page that is one: two paragraphs are a report."""
MAX_PROSE_TITLED = 1_000
"""The same where the title is the check's own: some explain themselves at length."""
MIN_PROSE_CHARS = 80
"""Shortest paragraph that counts as prose."""
MIN_TITLE_SHARE = 0.7
"""Least share of a check's title, the site's name aside, that its phrase makes up: a headline says more."""
MIN_ABOUT = 2
"""So many paragraphs on the matter that ask for nothing make a text a report on it."""

MIN_REPORT_CHARS = 120
MIN_ASKING_SHARE = 0.2
"""A line of that length sells a subscription where phrases that do make up so much of it; else it reports on one."""

_KINDS = ("consent.uses", "consent.partners", "consent.buttons", "consent.settings", "consent.yours", "consent.aims")
_CONSENT = tuple(re.compile(either(kind)) for kind in _KINDS)  # of text in lower case: twice as fast as to ignore case
_WORDS_OF_CONSENT = union("consent.hints")
"""No request for consent is without one of these: the cheap test."""
MIN_WORDY_SHARE = 0.2
"""Least share of a request's characters in paragraphs with one of these words."""
_PAYWALL = re.compile(either("paywall.phrases"), re.IGNORECASE)
_QUOTED = re.compile('“[^”“]{1,2000}[”“]|„[^“”„]{1,2000}[“”]|«[^»«]{1,2000}»|「[^」「]{1,2000}」|"[^"]{1,2000}"')
_BEFORE_SENTENCE = ".!?:\u2026\u3002|"
"""What stands before the beginning of a sentence; nothing, too, as every text holds the empty one."""
_PARTED = re.compile(r"(?<!\s)\s++[|\u2013\u2014\u00b7•-]\s++|\|")
_QUOTE = re.compile('[“„«「"]')
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
    """The paragraphs that a consent banner has put into an article; none of an article that is about such banners."""
    if not _may_ask("\n".join(paragraphs)):  # as for most articles: at once, not for each paragraph
        return set()
    wordy = [text for text in paragraphs if _may_ask(text)]
    asking = {text for text in wordy if _has_kinds(text, MIN_KINDS_PARAGRAPH)}
    about = [text for text in wordy if text not in asking and len(text) >= MIN_PROSE_CHARS]
    is_about = len(about) >= MIN_ABOUT and sum(map(len, about)) > sum(map(len, asking))
    return set() if is_about else asking


def is_check(title: str, text: str) -> bool:
    """Whether this, all that a page shows, is a check for robots or a demand for JavaScript."""
    if len(text) > MAX_CHECK_CHARS:
        return False
    paragraphs = text.split("\n")
    silent = [paragraph for paragraph in paragraphs if not _CHECK.search(_unquoted(paragraph))]
    prose = sum(len(paragraph) for paragraph in silent if len(paragraph) >= MIN_PROSE_CHARS)
    in_title = _CHECK.search(title)
    if in_title and len(in_title.group()) >= MIN_TITLE_SHARE * _part_around(in_title):
        return prose <= MAX_PROSE_TITLED
    return (len(silent) < len(paragraphs) or in_title is not None) and prose <= MAX_PROSE_OF_CHECK


def _part_around(phrase: re.Match[str]) -> int:
    """How long the part of a title is in which a phrase stands, between the separators of a site's name."""
    title = phrase.string
    starts = [mark.end() for mark in _PARTED.finditer(title, 0, phrase.start())]
    end = _PARTED.search(title, phrase.end())
    return (end.start() if end else len(title)) - (starts[-1] if starts else 0)


def asks_subscription(text: str) -> bool:
    """Whether a text says that the rest is for subscribers."""
    return _PAYWALL.search(text) is not None and any(map(_is_asked, text.split("\n")))


def _is_asked(line: str) -> bool:
    """Whether a line sells a subscription, and is none of a report that only mentions one."""
    phrases = list(_PAYWALL.finditer(line))
    if len(line) < MIN_REPORT_CHARS or not phrases:
        return bool(phrases)
    # A report has the words within a sentence of its own: "… was told that this article is for subscribers only".
    begins = any(line[: phrase.start()].rstrip()[-1:] in _BEFORE_SENTENCE for phrase in phrases)
    return begins and sum(len(phrase[0]) for phrase in phrases) >= MIN_ASKING_SHARE * len(line)


def _unquoted(text: str) -> str:
    """The text without what stands between quotation marks."""
    return _QUOTED.sub(" ", text) if _QUOTE.search(text) else text


def _lower(text: str) -> str:
    return _unquoted(text[:MAX_CHARS]).lower()


def _may_ask(text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in _WORDS_OF_CONSENT)


def _has_kinds(text: str, least: int) -> bool:
    """Whether a text has so many kinds of sentence; it is not searched on when the rest cannot change that."""
    lower = _lower(text)
    missing = least
    for left, pattern in zip(range(len(_CONSENT), 0, -1), _CONSENT, strict=True):
        if not 0 < missing <= left:
            break
        missing -= pattern.search(lower) is not None
    return missing <= 0


def _kinds_in(text: str) -> set[int]:
    lower = _lower(text)
    return {number for number, pattern in enumerate(_CONSENT) if pattern.search(lower)}
