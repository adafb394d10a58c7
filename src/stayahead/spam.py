"""Spam: a text goes in; what speaks for its being spam comes out.

One judge for all texts: paragraphs and comments of the pages that we read, one day the comments of our own readers. It
knows three marks, each measured on real paragraphs (docs/decisions/0021): words repeated without end, a pile of
promotional phrases, and links without a text around them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from stayahead.language.lexicon import either
from stayahead.text import tokens

MIN_WORDS = 12
"""Shorter texts repeat themselves by chance (chants, refrains, tables)."""
MAX_DISTINCT_SHARE = 0.35
"""Distinct words per word below which a text of `MIN_WORDS` or more is suspect …"""
MAX_DISTINCT_PAIRS = 0.5
"""… and is spam when its pairs of neighbours repeat as well (distinct pairs per pair)."""
JUDGED_WORDS = 400
"""Words that are looked at: in longer texts the share of distinct words falls by itself."""
JUDGED_CHARS = 2_000
"""The same for promotional phrases: an advertisement says them soon."""
PROMOTIONAL_PHRASES = 3
"""Different promotional phrases that make a text an advertisement."""
MAX_LINK_SHARE = 0.6
"""Characters inside links per character, in a text of some length."""
MIN_LINKED_CHARS = 40

_PHRASES = re.compile(rf"\b(?:{either('spam.phrases')})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What speaks for a text's being spam; a text of which nothing does is not spam."""

    is_repetitive: bool = False
    is_promotional: bool = False
    is_link_heavy: bool = False

    @property
    def is_spam(self) -> bool:
        """At least one of the marks holds."""
        return self.is_repetitive or self.is_promotional or self.is_link_heavy

    @property
    def reasons(self) -> tuple[str, ...]:
        """The marks that hold, in words for the owner."""
        said = (
            (self.is_repetitive, "repeats the same words"),
            (self.is_promotional, "is made of promotional phrases"),
            (self.is_link_heavy, "consists of links"),
        )
        return tuple(words for holds, words in said if holds)


def judge(text: str, *, link_chars: int = 0) -> Judgement:
    """Judge a text; `link_chars`: how many of its characters stand inside links.

    >>> judge("cheap pills " * 20).reasons
    ('repeats the same words',)
    >>> judge("The council met on Tuesday and put the vote off until June.").is_spam
    False
    """
    return Judgement(
        is_repetitive=is_repetitive(text),
        is_promotional=is_promotional(text),
        is_link_heavy=link_chars >= MIN_LINKED_CHARS and link_chars > MAX_LINK_SHARE * len(text),
    )


def is_repetitive(text: str) -> bool:
    """The same few words, and the same pairs of them, again and again."""
    if len(text) < 2 * MIN_WORDS - 1 and text.isascii():
        return False
    rough = text.split(None, JUDGED_WORDS)[:JUDGED_WORDS]
    if len(rough) >= MIN_WORDS and len(set(rough)) > 0.6 * len(rough):
        return False  # the cheap test: real prose has .6 to 1 distinct words per word
    cut: Callable[[str], list[str]] = tokens
    words = cut(text[: JUDGED_WORDS * 12])[:JUDGED_WORDS]
    if len(words) < MIN_WORDS or len(set(words)) >= MAX_DISTINCT_SHARE * len(words):
        return False
    pairs = list(pairwise(words))
    return len(set(pairs)) < MAX_DISTINCT_PAIRS * len(pairs)


def is_promotional(text: str) -> bool:
    """At least `PROMOTIONAL_PHRASES` different phrases of advertisements."""
    if len(text) < 40:
        return False
    found = set(_PHRASES.findall(text[:JUDGED_CHARS].lower().replace("’", "'")))
    return len(found) >= PROMOTIONAL_PHRASES
