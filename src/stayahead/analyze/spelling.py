"""Gives a name one key in all languages, however each of them spells it.

Cyrillic and katakana are put into Latin letters (scripts whose names are told by capitals or by the script itself), and
what transcriptions disagree about is levelled: c/k, s/z, v/w, l/r, y/j/i, doubled letters, and vowels where enough is
left.
"""

from __future__ import annotations

import re

from stayahead.language.lexicon import either
from stayahead.text import fold

MIN_CONSONANTS = 4
"""Least consonants of a key without vowels: with fewer too many names would share it, and vowels stay."""
MIN_STEM = 4
"""Letters that a word keeps when its ending is taken off."""

_CYRILLIC = {
    **dict(zip("абвгдезийклмнопрстуфхыэіґ", "abvgdezijklmnoprstufhyeig", strict=True)),
    "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ь": "", "ю": "iu", "я": "ia", "ё": "e",
    "є": "ie", "ї": "i", "ў": "u", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "ђ": "d", "џ": "dz",
}  # fmt: skip
_TO_LATIN = str.maketrans(_CYRILLIC)
_IS_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_ENDING = re.compile(rf"(?:{either('writing.endings')})$")
_KANA = dict(
    zip(
        "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポヴ",
        "a i u e o ka ki ku ke ko sa shi su se so ta ti tsu te to na ni nu ne no ha hi fu he ho ma mi mu me mo"  # noqa: SIM905 - sounds in a row
        " ya yu yo ra ri ru re ro wa o n ga gi gu ge go za ji zu ze zo da ji zu de do ba bi bu be bo pa pi pu pe po"
        " v".split(),
        strict=True,
    )
)
_SMALL = dict(zip("ァィゥェォャュョッー", ("a", "i", "u", "e", "o", "ya", "yu", "yo", "", ""), strict=True))
_IS_KANA = re.compile(r"[\u30a1-\u30fa\u30fc]")
_LEVELLED = (
    (re.compile(r"sch|sh|tch|tsch|ch|zh|tz|ts|ck|ph|th|kh|gh|x"), {
        "sch": "s", "sh": "s", "tch": "c", "tsch": "c", "ch": "c", "zh": "s", "tz": "s", "ts": "s", "ck": "k",
        "ph": "f", "th": "t", "kh": "h", "gh": "g", "x": "ks",
    }),
    (re.compile(r"[cqzwyjl]"), {"c": "k", "q": "k", "z": "s", "w": "v", "y": "i", "j": "i", "l": "r"}),
)  # fmt: skip
_BEFORE_LIPS = re.compile(r"n(?=[bp])")
_DOUBLED = re.compile(r"(.)\1+")
_VOWEL = re.compile(r"(?<!^)[aeiou]")


def spelling_key(name: str) -> str:
    """The key of a name: in Latin letters, levelled; empty when nothing is left.

    >>> spelling_key("Zelensky"), spelling_key("Selenskyj"), spelling_key("Зеленского"), spelling_key("ゼレンスキー")
    ('srnsk', 'srnsk', 'srnsk', 'srnsk')
    >>> spelling_key("Putin"), spelling_key("Путина"), spelling_key("プーチン")
    ('putin', 'putin', 'putin')
    """
    folded = fold(name)
    if _IS_CYRILLIC.search(folded):
        folded = without_ending(folded).translate(_TO_LATIN)
    elif _IS_KANA.search(folded):
        folded = _romanised(folded)
    # We know no transcription of other scripts; their names meet within their language.
    if not folded.isascii():
        return folded
    for pattern, level in _LEVELLED:
        folded = pattern.sub(lambda match, level=level: level[match.group()], folded)  # type: ignore[misc]  # bound at once
    folded = _DOUBLED.sub(r"\1", folded)
    skeleton = _VOWEL.sub("", folded)
    return skeleton if len(skeleton) >= MIN_CONSONANTS else folded


def without_ending(word: str) -> str:
    """A folded Cyrillic word without the ending of its case; others as they are.

    >>> without_ending("украине"), without_ending("украина"), without_ending("paris")
    ('украин', 'украин', 'paris')
    """
    if len(word) <= MIN_STEM or not "\u0400" <= word[0] <= "\u04ff":
        return word
    ending = _ENDING.search(word, MIN_STEM)
    return word[: ending.start()] if ending else word


def _romanised(word: str) -> str:
    sounds: list[str] = []
    for sign in word:
        if sign in _SMALL:
            if sounds and sign not in "ッー":
                sounds[-1] = sounds[-1].rstrip("aeiou")
            sounds.append(_SMALL[sign])
        else:
            sounds.append(_KANA.get(sign, ""))
    return _BEFORE_LIPS.sub("m", "".join(sounds))
