"""Cuts a text into the runs of words with capitals in which its names stand, with the words before and behind each.

One walk, without looking back: what a run costs is its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from stayahead.analyze.name_words import NameWords

RUN_WORDS = 9
"""Words of the longest run: more in a row are a headline, or shouting."""
AGE_DIGITS = 3
_WORD = re.compile(r"[^\W_][\w'’&\u0300-\u036f]*(?:[-.][^\W_][\w'’&\u0300-\u036f]*)*\.?|[^\w\s]")
_OPENS = frozenset('.!?…:•|“”"«»—–')
_ENDS_OWN = "'s", "’s"
_APOSTROPHES = "'’"


class Run(NamedTuple):
    """Words with capitals in a row."""

    words: tuple[str, ...]
    """Without the ends of possession, and without a full stop that ends the sentence."""
    spans: tuple[tuple[int, int], ...]
    """Where each stands in the text."""
    opens: bool
    """It begins a sentence, so that the first capital says nothing."""
    before: str
    """The word before it in the same sentence, in lower case; empty: there is none."""
    far_before: str
    """The word before that."""
    behind: str
    """The word or sign behind it; empty where the run is owned or ends the sentence."""
    far_behind: str
    is_owned: bool


class _Words(NamedTuple):
    texts: list[str]
    found: list[re.Match[str]]


def runs(text: str, words: NameWords, *, small: set[str]) -> Iterator[Run]:
    """The runs of a paragraph; words in small letters that it passes are added to `small`."""
    found = list(_WORD.finditer(text))
    cut = _Words([match[0] for match in found], found)
    small.update(filter(str.islower, cut.texts))
    behind = 0
    for at in [place for place, word in enumerate(cut.texts) if word[0].isupper()]:
        if at < behind:
            continue
        last = _last(cut, at, words)
        behind = last + 1
        if last - at < RUN_WORDS:
            before = cut.texts[at - 1] if at else "."
            yield _run(cut, at, last, words, opens=before in _OPENS or _stops(before, words))


def _stops(word: str, words: NameWords) -> bool:
    """Whether a word ends its sentence with its own full stop."""
    if word[-1] != "." or len(word) == 1:
        return word == "."
    bare = word[:-1]
    is_short = (len(bare) == 1 and bare.isupper()) or "." in bare or bare.lower() in words.short_forms
    return not is_short


def _is_owned(word: str) -> bool:
    return word.endswith(_ENDS_OWN) or word[-1] in _APOSTROPHES


def _last(cut: _Words, first: int, words: NameWords) -> int:
    """The last word of the run that begins at `first`."""
    texts, last = cut.texts, first
    may_join = False
    while last + 1 < len(texts):
        low = texts[last].lower()
        may_join = may_join or low in words.bodies or low in words.sites
        if _is_owned(texts[last]) and not _is_body(texts[last + 1], words):
            return last
        if _stops(texts[last], words) or not _adjoins(cut, last):
            return last
        following = texts[last + 1]
        if following[0].isupper():
            last += 1
            continue
        is_joint = following in words.particles or (may_join and following in words.joins)
        if not (is_joint and last + 2 < len(texts) and _adjoins(cut, last + 1) and texts[last + 2][0].isupper()):
            return last
        last += 2
    return last


def _is_body(word: str, words: NameWords) -> bool:
    """Whether a possession goes on as the name of a body: `Sheriff's Office`."""
    return word[0].isupper() and word.lower().rstrip(".") in words.bodies


def _adjoins(cut: _Words, at: int) -> bool:
    """Whether nothing but a blank stands between a word and the next."""
    return cut.found[at].end() + 1 == cut.found[at + 1].start()


def _run(cut: _Words, first: int, last: int, words: NameWords, *, opens: bool) -> Run:
    texts = cut.texts[first : last + 1]
    spans = [match.span() for match in cut.found[first : last + 1]]
    start = spans[-1][0]
    is_owned = _is_owned(texts[-1])
    ends = _stops(texts[-1], words)
    bare = texts[-1]
    if is_owned:
        bare = bare.removesuffix("'s").removesuffix("’s").rstrip(_APOSTROPHES)
    elif bare[-1] == "." and not (len(bare) == 2 or "." in bare[:-1]):
        bare = bare[:-1]
    texts[-1], spans[-1] = bare, (start, start + len(bare))

    def word_at(at: int) -> str:
        return cut.texts[at] if 0 <= at < len(cut.texts) else ""

    return Run(
        words=tuple(texts),
        spans=tuple(spans),
        opens=opens,
        before="" if opens else word_at(first - 1).lower(),
        far_before="" if opens else word_at(first - 2).lower(),
        behind="" if is_owned or ends else word_at(last + 1).rstrip("."),
        far_behind="" if is_owned or ends else word_at(last + 2),
        is_owned=is_owned,
    )
