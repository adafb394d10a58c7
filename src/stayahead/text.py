"""Cuts plain text into words and sentences, and brings it into the form in which texts are compared.

Search, signals and copy detection all use `tokens`, so that an index and the queries to it are cut alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from stayahead.language.lexicon import either

__all__ = [
    "UNSPACED",
    "collapse",
    "first_sentences",
    "fold",
    "is_unspaced",
    "parted_headline",
    "sentence_ends",
    "sentence_spans",
    "sentences",
    "tokens",
    "word_places",
]

# What writers leave out at will: joiners, Latin/Greek/Cyrillic accents, Hebrew points, Arabic vowel signs and the
# tatweel. Vowel signs of Indic scripts and Japanese sound marks change the word and stay.
_DROPPED = "\u200c\u200d\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670"
# Scripts written without blanks between words (Thai, Lao, Burmese, Khmer, Han, Kana) and Hangul, whose particles stick
# to the word: their runs are cut into bigrams.
UNSPACED = (
    "\u0e01-\u0e4e\u0e81-\u0ece\u1000-\u1049\u1780-\u17d3\u1100-\u11ff\u3005\u3041-\u3096\u3099\u309a\u309d\u309e"
    "\u30a1-\u30fa\u30fc-\u30fe\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003fffd"
)
# Marks inside words that Python's \w leaves out: signs of the Indic scripts and of Tibetan, and Latin ones that do not
# compose.
_MARKS = (
    "\u200c\u200d\u0300-\u036f\u0900-\u0963\u0980-\u09fe\u0a01-\u0a7f\u0a81-\u0aff\u0b01-\u0b7f\u0b82-\u0dff"
    "\u0f18-\u0fbc"
)

_ACCENTS = re.compile(f"[{_DROPPED}]+")
# Both begin with what is searched for and look back from there: a look back at every character costs ten times as much.
_POSSESSIVE = re.compile(r"'s\b(?<=[^\W\d_]'s)")
_GROUPED = re.compile(r",(?<=\d,)(?=\d{3}(?!\d))")
_ASCII_GAPS = {code: " " for code in range(128) if not chr(code).isalnum()}
_WORD = re.compile(f"[{UNSPACED}]+|(?:[^\\W_{UNSPACED}]|[{_MARKS}])+")
_PLACE = re.compile(rf"\d{{1,3}}(?:,\d{{3}})++(?!\d)|{_WORD.pattern}")
_IS_UNSPACED = re.compile(f"[{UNSPACED}]")
_TYPED = {
    "\u2019": "'",
    "\u2018": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2013": "-",
    "\u2014": "-",
    "\u2026": ".",
    "\u00a0": " ",
}
"""Typographic quotes, dashes, dots and blanks by their ASCII forms. No token holds any of them, and with them replaced
most English text is ASCII and cut in half the time."""
_STOPS = r"[.!?\u2026\u0964\u061f\u06d4]"
# A run of full stops is tried at its first one only: begun at each, 60,000 `!` took half a minute.
_SENTENCE_END = re.compile(
    rf"{_STOPS}(?<!{_STOPS}.){_STOPS}*+[\"'\u201d\u2019»)\]]*+\s++|[。！？]++[」』”’）]*+\s*+", re.DOTALL
)
_ABBREVIATION = re.compile(rf"(?:\b(?:{either('sentences.abbreviations')})|\b[^\W\d_])\.$", re.IGNORECASE)
"""Words whose full stop ends no sentence; a single letter's does not either."""
_ORDINAL = re.compile(r"\b\d{1,2}\.$")
_AFTER_ORDINAL = re.compile(rf"(?:{either('sentences.after_ordinal')})\b", re.IGNORECASE)
"""Words after an ordinal that is written with a full stop, as in German: "am 22. November"."""
_LOOK_BACK = 12
"""Characters before an end in which an abbreviation is looked for."""


def collapse(s: str) -> str:
    """The text with every run of white space as one blank, and none at the ends."""
    return " ".join(s.split())


def fold(s: str) -> str:
    """The text in the form in which it is compared: NFKC, case folded, accents stripped (Unicode TR15, TR21)."""
    if s.isascii():
        return s.lower()
    s = unicodedata.normalize("NFKC", s).casefold()
    if s.isascii():
        return s
    s = _ACCENTS.sub("", unicodedata.normalize("NFD", s))
    return unicodedata.normalize("NFC", s)


def tokens(s: str) -> list[str]:
    """Folded words of letters and digits, in order; runs of scripts without blanks as overlapping bigrams.

    An English possessive is dropped, thousands are one number:

    >>> tokens("Pfizer's 1,200 Jobs in Zürich")
    ['pfizer', '1200', 'jobs', 'in', 'zurich']
    >>> tokens("東京都 2020")
    ['東京', '京都', '2020']
    """
    if not s.isascii():
        for typographic, typed in _TYPED.items():
            s = s.replace(typographic, typed)
    s = fold(s)
    if not s.isascii():
        s = s.replace("\u02bc", "'")  # folding can bring it forth
    if "'" in s:
        s = _POSSESSIVE.sub("", s)
    if "," in s:
        s = _GROUPED.sub("", s)
    if s.isascii():
        return s.translate(_ASCII_GAPS).split()  # a fifth of what a pattern takes
    words: list[str] = _WORD.findall(s)
    if _IS_UNSPACED.search(s) is None:
        return words
    cut: list[str] = []
    for word in words:
        if len(word) > 1 and _IS_UNSPACED.match(word):
            cut += map("".join, pairwise(word))
        else:
            cut.append(word)
    return cut


def is_unspaced(s: str) -> bool:
    """Whether it begins in a script that is written without blanks, whose runs `tokens` cuts into bigrams."""
    return _IS_UNSPACED.match(s) is not None


def word_places(s: str) -> Iterator[tuple[int, int]]:
    """Where the words stand that `tokens` makes of a text; a run of a script without blanks is one place.

    >>> list(word_places("1,200 Jobs"))
    [(0, 5), (6, 10)]
    """
    return (match.span() for match in _PLACE.finditer(s))


def sentences(s: str) -> list[str]:
    """The sentences of a collapsed text, in order; what follows the last full stop is the last one.

    >>> sentences("Dr. Weber came on May 3. “We go,” he said. 他走了。")
    ['Dr. Weber came on May 3.', '“We go,” he said.', '他走了。']
    """
    return [s[start:end] for start, end in sentence_spans(s)]


def sentence_spans(s: str) -> Iterator[tuple[int, int]]:
    """Where each sentence of a text begins and ends, without the white space around it."""
    start = 0
    for stop in (*sentence_ends(s, limit=len(s)), len(s)):
        piece = s[start:stop]
        begin, end = stop - len(piece.lstrip()), start + len(piece.rstrip())
        if begin < end:
            yield begin, end
        start = stop


def first_sentences(s: str, *, limit: int = 300) -> str:
    """The first whole sentences that fit into `limit` characters; when not even one does, its words and an ellipsis."""
    s = collapse(s[: 8 * limit + 200])
    if len(s) <= limit:
        return s
    end = max(sentence_ends(s, limit=limit), default=0)
    if end:
        return s[:end]
    cut = s[: limit - 1]
    blank = cut.rfind(" ")
    # A text without blanks (CJK, or one endless word) is cut where it is.
    return (cut[:blank] if blank > limit // 2 else cut).rstrip(" ,;:-") + "…"


def sentence_ends(s: str, *, limit: int) -> Iterator[int]:
    """Where the sentences of a collapsed text end that end at or before `limit`, in order; not its own end."""
    for match in _SENTENCE_END.finditer(s, 0, limit + 2):
        stop = match.start() + len(match[0].rstrip())
        if stop > limit:
            return
        # A small letter goes on with the sentence: “Where to?” he asked.
        if s[match.end() : match.end() + 1].islower() or _ABBREVIATION.search(s, max(0, stop - _LOOK_BACK), stop):
            continue
        if not (_ORDINAL.search(s, max(0, stop - _LOOK_BACK), stop) and _AFTER_ORDINAL.match(s, match.end())):
            yield stop


_CHAINED = (
    "UPDATE|WRAP-?UP|TOPWRAP|ROUND-?UP|RPT|REPEAT|REFILE|CORRECTED|CORRECTION|BRIEF|L(?:EAD|D|d)(?:-W(?:RITETHRU|ritethru))?"
    "|WDH|KORREKTUR"
)
"""What agencies call the next report of a chain, and one sent again: codes, the same in all languages."""
_FORMS = (
    "ADVISORY|ALERT|ANALYSIS|COLUMN|EIL(?:MELDUNG)?|EXCLUSIVE|EXPLAINER|FACTBOX|FLASH|INSIGHT|INTERVIEW|PREVIEW|SNAPSHOT"
    "|TIMELINE|URGENT"
)
_FORMS_JOINED = (
    "BUZZ|DIARY|FEATURE|GRAPHIC|HIGHLIGHTS|INSTANT VIEW|NEWSMAKER|POLL|PROFILE|Q&A|SCENARIOS|TABLE|TAKE A LOOK"
)
"""Those that are words of a headline as well, so that only the hyphen of an agency makes codes of them."""
_NUMBER = r"(?:\d{1,2}(?:ST|ND|RD|TH|st|nd|rd|th) )?"
_OF_CHAIN = rf"{_NUMBER}(?:{_CHAINED})(?: ?\(OFFICIAL\)|[ -]?\d{{1,2}})?"
_JOINED = r"(?:[-\u2013](?=\S)| [-\u2013\u2014] | ?: ?|/(?=\S))"
_WIRE = re.compile(
    rf"(?:(?:{_OF_CHAIN}{_JOINED}|(?:{_FORMS})(?:-(?=\S)|: )|(?:{_FORMS_JOINED})-(?=\S)){{1,3}}"
    rf"|\({_NUMBER}(?:{_CHAINED}|URGENT)(?: ?\d{{1,2}})?\) ?)"
)
_WIRE_ENDS = " -\u2013\u2014:/()"


def parted_headline(headline: str) -> tuple[str, str]:
    """What an agency put before a headline, and the headline: the first is a fact about the article, no words of it.

    >>> parted_headline("RPT-UPDATE 2-Oil rises as storm nears")
    ('RPT-UPDATE 2', 'Oil rises as storm nears')
    """
    # A code is written in capitals, behind a number at most: the cheap test, since most headlines have none.
    first = headline[:1]
    may_begin = first == "(" or first.isdecimal() or headline[:2].isupper()
    found = _WIRE.match(headline) if may_begin else None
    if found is None:
        return "", headline
    code, words = found.group(), headline[found.end() :].strip()
    # Where all is in capitals, a code looks as any other word does: BRIEF-CASE STOLEN.
    is_plain = any(letter.isalpha() and not letter.isupper() for letter in words)
    if not words or not (is_plain or any(sign.isdecimal() for sign in code)):
        return "", headline
    return code.strip(_WIRE_ENDS), words
