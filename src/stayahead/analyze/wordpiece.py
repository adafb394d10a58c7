"""Cuts texts into the pieces that models of the BERT kind were trained on.

The rules are those of the uncased tokenizer of Devlin et al. 2018 ("BERT", section 3) in its later, faster form, where
every character is changed by itself: control characters go, ideographs stand alone, accents and case are dropped,
punctuation is cut off, and each word is covered by the longest pieces that the vocabulary has, from the left.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

CLS, SEP, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
MAX_WORD_CHARS = 100
"""Characters beyond which a word is unknown as a whole."""

_CACHED_WORDS = 1 << 15
_CACHED_CHARS = 1 << 14
_CONTROL = frozenset({"Cc", "Cf", "Co", "Cs"})
_IDEOGRAPHS = (
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0x2F800, 0x2FA1F),
)


class _Characters(dict[int, str]):
    """What each character becomes, for `str.translate`; filled as characters are met."""

    def __init__(self, *, is_lowercase: bool) -> None:
        super().__init__()
        self._is_lowercase = is_lowercase

    def __missing__(self, code: int) -> str:
        replacement = self._replacement(chr(code))
        if len(self) < _CACHED_CHARS:
            self[code] = replacement
        return replacement

    def _replacement(self, character: str) -> str:
        category = unicodedata.category(character)
        if character in "\t\n\r" or category[0] == "Z":
            return " "
        if category in _CONTROL or character == "\ufffd":
            return ""
        plain = character
        if self._is_lowercase:
            decomposed = unicodedata.normalize("NFD", character)
            plain = "".join(each.lower() for each in decomposed if unicodedata.category(each) != "Mn")
        if any(first <= ord(character) <= last for first, last in _IDEOGRAPHS):
            return f" {plain} "
        return "".join(f" {each} " if _is_punctuation(each) else each for each in plain)


class Wordpiece:
    """Cuts texts by one vocabulary.

    Args:
        pieces: the vocabulary, in the order of its numbers; pieces that continue a word begin with `##`.
        is_lowercase: case and accents are dropped, as for models called uncased.

    Raises:
        ValueError: the vocabulary lacks `[UNK]`, `[CLS]` or `[SEP]`.
    """

    def __init__(self, pieces: Iterable[str], *, is_lowercase: bool = True) -> None:
        self._numbers = {piece: number for number, piece in enumerate(pieces)}
        for special in (UNKNOWN, CLS, SEP):
            if special not in self._numbers:
                raise ValueError(f"the vocabulary has no {special}")
        self._unknown = (self._numbers[UNKNOWN],)
        self._ends = (self._numbers[CLS], self._numbers[SEP])
        self._longest = max(map(len, self._numbers))
        self._characters = _Characters(is_lowercase=is_lowercase)
        self._cut = lru_cache(_CACHED_WORDS)(self._cut_word)

    def __call__(self, text: str, *, limit: int) -> list[int]:
        """At most `limit` numbers, the signs of beginning and end among them; none for a text without pieces."""
        first, last = self._ends
        numbers = self.pieces(text, limit=limit - 2)
        return [first, *numbers, last] if numbers else []

    def pieces(self, text: str, *, limit: int) -> list[int]:
        """The first numbers of the text alone."""
        words = text.translate(self._characters).split(" ")
        return list(islice((piece for word in words if word for piece in self._cut(word)), limit))

    def _cut_word(self, word: str) -> tuple[int, ...]:
        if len(word) > MAX_WORD_CHARS:
            return self._unknown
        numbers: list[int] = []
        start, prefix = 0, ""
        while start < len(word):
            for end in range(min(len(word), start + self._longest), start, -1):
                number = self._numbers.get(prefix + word[start:end])
                if number is not None:
                    break
            else:
                return self._unknown
            numbers.append(number)
            start, prefix = end, "##"
        return tuple(numbers)


def _is_punctuation(character: str) -> bool:
    if character.isascii():
        return character.isprintable() and not character.isalnum() and character != " "
    return unicodedata.category(character)[0] == "P"
