"""Cuts off where and by whom a report was written, which says nothing of what happened: its date counts no victims."""

from __future__ import annotations

import re

WIDE = re.compile("[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
"""A sign of the scripts that are written without blanks, Hangul among them."""
MAX_CHARS = 300
"""How far into a text its dateline may reach."""
_DASHED = re.compile(r"(?P<head>[^-–—]{2,70}?(?:-[^-–—\s]+)?)(?:\s+[-–—]{1,2}\s+|\s*[—–]\s*)(?=\S)")
_COLON = re.compile(r"(?P<head>[^:a-z]{5,30}(?:,[^:,.!?]{3,30})?)\s*:\s*(?=\S)")
_CREDITED = re.compile(
    r"(?P<head>[^!?(/]{0,60}?)(?:\([^()]{2,40}\)\s*[-–—:]{1,2}|/[A-Z][\w .-]{1,20}/\.?(?:\s*[-–—])?)\s*(?=\S)"
)
_WIDE_DATELINE = re.compile(
    r"[（(【]?(?:[^，。（）()]{0,10}(?:社|网|網)[^，。（）()]{0,25}?[电電讯訊])(?:[（(][^）)]{0,40}[）)])?[）)】]?\s*"
)


def without_dateline(text: str) -> str:
    """The text from its first word on.

    >>> without_dateline("LONDON, May 4 (Reuters) - Prices rose.")
    'Prices rose.'
    >>> without_dateline("新华社北京5月4日电（记者王五）多地下雨。")
    '多地下雨。'
    """
    wide = _WIDE_DATELINE.match(text, 0, MAX_CHARS)
    if wide and WIDE.search(text[: wide.end()]):
        return text[wide.end() :].lstrip()
    for pattern in (_CREDITED, _DASHED, _COLON):
        found = pattern.match(text, 0, MAX_CHARS)
        if found and _is_place(found["head"], is_alone=pattern is _COLON) and not text[found.end()].islower():
            return text[found.end() :]
    return text


def _is_place(head: str, *, is_alone: bool) -> bool:
    """Does it stand before a text to say where it was written: in capitals, one name alone, a site, or nothing?"""
    words = [word.strip(",.:") for word in head.split()]
    if not words or is_alone:
        return not words or head.partition(",")[0].isupper()
    is_dated = any(word.isdecimal() for word in words)
    if len(words) > 8 or any(word[:1].islower() and not is_dated for word in words):
        return False
    is_site = any(word.lower().endswith((".com", ".co", ".id", ".net")) for word in words)
    return is_site or (len(words[0]) > 2 and words[0].isupper()) or (len(words) == 1 and words[0].istitle())
