"""Cuts a paragraph around its quotations into words and sentences, in which the rules of attribution are written.

A quotation is one word, `QUOTED`, whatever it holds: no rule sees into it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stayahead.analyze.quotation_marks import Quotation
from stayahead.analyze.speech_words import SpeechWords, has_capital

QUOTED = "\x00"
"""The word that stands for a quotation."""
CLAUSE_WORDS = 40
"""Words of a clause behind a quotation up to its verb, its insertions included."""
_WORD = re.compile(r"[^\W_][\w'’&]*(?:[-./][^\W_][\w'’&]*)*\.?|[,;:.!?()\[\]…—–―-]")
_ENDS = frozenset(".!?…")
_OWNS = "'s", "’s", "s'", "s’"


@dataclass(slots=True)
class Passage:
    """A paragraph as words, in its text and in small letters, with the sentences that they make."""

    block: int
    text: str
    quotations: Sequence[Quotation]
    words: list[str]
    low: list[str]
    starts: list[int]
    ends: list[int]
    sentences: list[tuple[int, int]]
    """[first, behind the last) of the words."""
    quoted_at: dict[int, int]
    """For each `QUOTED` the number of its quotation."""

    def part(self, first: int, last: int) -> str:
        """The text from the first word to the last, both included."""
        return self.text[self.starts[first] : self.ends[last]]

    def is_name(self, at: int) -> bool:
        """Whether a word has a capital and is no one's possession."""
        word = self.words[at]
        return has_capital(word) and not word.endswith(_OWNS)


def cut(block: int, text: str, quotations: Sequence[Quotation], words: SpeechWords) -> Passage:
    """Cut a paragraph."""
    passage = Passage(block, text, quotations, [], [], [], [], [], {})
    at = 0
    for number, each in enumerate(quotations):
        _take(passage, at, each.outer_start, words)
        passage.quoted_at[len(passage.words)] = number
        _add(passage, QUOTED, each.outer_start, each.outer_end)
        at = each.outer_end
    _take(passage, at, len(text), words)
    passage.low = [word.lower() for word in passage.words]
    _cut_sentences(passage)
    return passage


def _take(passage: Passage, start: int, end: int, words: SpeechWords) -> None:
    for match in _WORD.finditer(passage.text, start, end):
        word = match[0]
        if word[-1] == "." and len(word) > 1 and not _is_abbreviation(word, words):
            _add(passage, word[:-1], match.start(), match.end() - 1)
            _add(passage, ".", match.end() - 1, match.end())
        else:
            _add(passage, word, match.start(), match.end())


def _is_abbreviation(word: str, words: SpeechWords) -> bool:
    bare = word[:-1]
    return (len(bare) == 1 and bare.isupper()) or "." in bare or bare.lower() in words.short_forms


def _add(passage: Passage, word: str, start: int, end: int) -> None:
    passage.words.append(word)
    passage.starts.append(start)
    passage.ends.append(end)


def _cut_sentences(passage: Passage) -> None:
    first = 0
    count = len(passage.words)
    for at, word in enumerate(passage.words):
        if word in _ENDS or (word == QUOTED and _ends_with(passage, at)):
            following = passage.words[at + 1] if at + 1 < count else ""
            if word != QUOTED and following == QUOTED and first == at:
                continue
            if not following or following == QUOTED or following[0].isupper() or following[0].isdecimal():
                passage.sentences.append((first, at + 1))
                first = at + 1
    if first < count:
        passage.sentences.append((first, count))


def _ends_with(passage: Passage, at: int) -> bool:
    """Whether a quotation ends a sentence: by its own full stop."""
    quotation = passage.quotations[passage.quoted_at[at]]
    last = passage.text[quotation.end - 1]
    if last not in ".!?…" and not (last in "'’" and passage.text[quotation.end - 2] in ".!?"):
        return False
    # “Why?” Clinton said: a question or a cry is not the end where a short clause follows.
    return last == "." or not _goes_on(passage, at)


def _goes_on(passage: Passage, at: int) -> bool:
    behind = passage.text[passage.ends[at] : passage.ends[at] + 1]
    return behind == " " and at + 1 < len(passage.words) and passage.words[at + 1] not in (QUOTED, *_ENDS)


def clause_start(passage: Passage, at: int, first: int) -> int:
    """Behind the last quotation or semicolon before a verb, and not too far from it."""
    place = at
    first = max(first, at - CLAUSE_WORDS)
    while place > first and passage.words[place - 1] not in (QUOTED, ";", ":"):
        place -= 1
    return place
