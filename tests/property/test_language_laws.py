"""Laws of telling languages: any text and any claim give a code or nothing, and the same however it is laid out."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from stayahead.language import code, detect
from tests.examples import examples

WORDS = [
    "der",
    "und",
    "über",
    "the",
    "of",
    "vote",
    "не",
    "їде",
    "国会",
    "駅前で",
    "서울",
    "nón",
    "não",
    "que",
    "yang",
    "42",
]
texts = st.text(max_size=120) | st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join)
tags = st.sampled_from(["", "de", "en-GB", "zh_TW", "x-klingon"]) | st.text(max_size=8)


@examples(60)
@given(texts, tags)
def test_any_text_has_a_code_or_none(text: str, tag: str) -> None:
    language = detect(text, hint=tag)
    assert re.fullmatch(r"([a-z]{2,3})?", language)
    assert detect(text, hint=tag) == language
    assert re.fullmatch(r"([a-z]{2})?", code(tag))


@examples(60)
@given(texts, st.sampled_from([" ", "  ", "\n", "\t \n"]))
def test_how_a_text_is_laid_out_says_nothing(text: str, gap: str) -> None:
    laid_out = gap + gap.join(text.split()) + gap
    assert detect(laid_out) == detect(" ".join(text.split()))
    assert detect(unicodedata.normalize("NFD", laid_out)) == detect(unicodedata.normalize("NFC", laid_out))
