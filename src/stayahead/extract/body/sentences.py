"""Tells sentences and pointers among the short pieces of a page from names, dates and labels."""

from __future__ import annotations

import re

from stayahead.extract.body.outline import Run

MAX_LINK_SHARE = 0.6
"""A run with more of its characters in links is a pointer elsewhere."""
MAX_SENTENCE_CHARS = 200
"""Longest text that is asked whether it is a sentence: longer ones are."""
MIN_UNSPACED_CHARS = 3
"""Fewest letters of a sentence that is written without blanks."""

SENTENCE_END = re.compile(r"[.!?…。！？।؟۔][»”’\"')\]」』]*\s*$")
"""How a sentence ends."""
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_AROUND_WORDS = " .,;:!?…»«“”„‘’\"'()[]—–-¿¡"
_BETWEEN = frozenset(
    (
        "of", "the", "for", "and", "in", "at", "to", "on", "by", "as", "de", "la", "le", "les", "du", "des", "der",
        "die", "das", "dem", "von", "und", "y", "e", "el", "del", "di", "da", "il", "van",
    )
)  # fmt: skip
"""Words that stand between names, in bylines as in sentences."""


def is_pointer(run: Run) -> bool:
    """Whether most of a run is a link: it points to another page."""
    return run.link_chars > MAX_LINK_SHARE * len(run.text)


def is_sentence(text: str) -> bool:
    """Whether a short text is a sentence, not a name, a date or a label: it ends, and its words are no names.

    "By noon on Tuesday the queue was gone." begins as a byline does, "It was raining." is as short as one.
    """
    if len(text) > MAX_SENTENCE_CHARS or not SENTENCE_END.search(text):
        return len(text) > MAX_SENTENCE_CHARS
    words = [word.strip(_AROUND_WORDS) for word in text.split()]
    said = [w for w in words if w and w[0].isalpha() and not w[0].isupper() and "." not in w and w not in _BETWEEN]
    if any(_UNSPACED.search(word) for word in said):  # written without blanks
        return sum(map(len, said)) >= MIN_UNSPACED_CHARS
    return len(said) >= (1 if len(words) > 1 and words[0][:1].isalpha() else 3)
