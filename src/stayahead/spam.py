"""Judges whether a text is spam, and says why: one judge for the pages that we read and for comments.

It knows three marks, each measured on real paragraphs, of which it may lose at most 2 in 10,000 (docs/decisions/0021):
the same words again and again, a pile of promotional phrases, and links with hardly a text around them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from stayahead.language.lexicon import by_letter, either
from stayahead.text import tokens

MIN_WORDS = 12
"""Fewest words to judge repetition by: shorter texts repeat themselves by chance (chants, refrains, tables)."""
MAX_DISTINCT_SHARE = 0.35
"""A text with fewer distinct words per word than this is suspect."""
MAX_DISTINCT_PAIRS = 0.5
"""A suspect text is spam when it has fewer distinct pairs of neighbours per pair than this: in a table the words repeat
but not the pairs."""
JUDGED_WORDS = 400
"""How many words are looked at: in longer texts the share of distinct words falls by itself."""
JUDGED_CHARS = 2_000
"""How far promotional phrases are looked for: an advertisement comes to them soon."""
PROMOTIONAL_PHRASES = 3
"""So many different promotional phrases make an advertisement; one or two are ordinary in reports on business."""
MAX_LINK_SHARE = 0.6
"""Largest share of characters inside links."""
MIN_LINKED_CHARS = 40
"""Fewest characters inside links to judge by."""

_PHRASES = re.compile(rf"\b(?:{by_letter(either('spam.phrases'))})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The marks of spam that a text bears; one is enough."""

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
        marks = (
            (self.is_repetitive, "repeats the same words"),
            (self.is_promotional, "is made of promotional phrases"),
            (self.is_link_heavy, "consists of links"),
        )
        return tuple(words for holds, words in marks if holds)


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
    """Whether a text is the same few words, and the same pairs of them, again and again."""
    if len(text) < 2 * MIN_WORDS - 1 and text.isascii():  # too short for so many words; CJK has no blanks between them
        return False
    rough_words = text.split(None, JUDGED_WORDS)[:JUDGED_WORDS]
    if len(rough_words) >= MIN_WORDS and len(set(rough_words)) > 0.6 * len(rough_words):
        return False  # the cheap test: real prose has .6 to 1 distinct words per word
    cut: Callable[[str], list[str]] = tokens
    words = cut(text[: JUDGED_WORDS * 12])[:JUDGED_WORDS]
    if len(words) < MIN_WORDS or len(set(words)) >= MAX_DISTINCT_SHARE * len(words):
        return False
    pairs = list(pairwise(words))
    return len(set(pairs)) < MAX_DISTINCT_PAIRS * len(pairs)


def is_promotional(text: str) -> bool:
    """Whether a text has at least `PROMOTIONAL_PHRASES` different phrases of advertisements."""
    if len(text) < 40:
        return False
    phrases = set(_PHRASES.findall(text[:JUDGED_CHARS].lower().replace("’", "'")))
    return len(phrases) >= PROMOTIONAL_PHRASES
