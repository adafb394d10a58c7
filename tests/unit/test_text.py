"""What `text` makes of words, scripts and sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stayahead.text import collapse, first_sentences, fold, tokens


def test_collapse_leaves_single_blanks() -> None:
    assert collapse("  a\u00a0 b\n\tc ") == "a b c"
    assert collapse("\n") == ""


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("Zürich", "zurich"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ﬁnal", "final"),
        ("Ёлка", "елка"),
        ("ＡＢＣ", "abc"),
        ("مُحَمَّد", "محمد"),
        ("が", "か"),
        ("हिन्दी", "हिन्दी"),
        ("서울", "서울"),
    ],
)
def test_fold(raw: str, folded: str) -> None:
    # Japanese sound marks change the word: the one pair that must stay apart.
    if raw == "が":
        assert fold(raw) == "が"
        assert fold(raw) != folded
    else:
        assert fold(raw) == folded


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("", []),
        ("!?  --", []),
        ("Pfizer's bid: $1,200,000", ["pfizer", "bid", "1200000"]),
        ("Pfizer’s bid", ["pfizer", "bid"]),
        ("1,2 and 3", ["1", "2", "and", "3"]),
        ("snake_case", ["snake", "case"]),
        ("L'Équipe", ["l", "equipe"]),
        ("Москва и Київ", ["москва", "и", "киів"]),
        ("東京都 in 2020", ["東京", "京都", "in", "2020"]),
        ("中", ["中"]),
        ("北京2022冬奥", ["北京", "2022", "冬奥"]),
        ("हिन्दी समाचार।", ["हिन्दी", "समाचार"]),
        ("서울시", ["서울", "울시"]),
        ("مُحَمَّد، القاهرة", ["محمد", "القاهرة"]),
    ],
)
def test_tokens(raw: str, words: list[str]) -> None:
    assert tokens(raw) == words


_SIGNS = str.maketrans("\u2019\u2018\u201c\u201d\u2013\u2014\u2026\u00a0", "''\"\"--. ")


@given(
    st.text(
        alphabet=st.sampled_from("aZ1,é東\u2019\u2018\u201c\u201d\u2013\u2014\u2026\u00a0\u02bcŉ's. 0"), max_size=30
    )
)
def test_typeset_text_has_the_tokens_of_typed_text(raw: str) -> None:
    assert tokens(raw.translate(_SIGNS)) == tokens(raw)


@given(st.text(max_size=60))
def test_tokens_are_words_without_gaps(raw: str) -> None:
    for word in tokens(raw):
        assert word
        assert not word.isascii() or (word.isalnum() and word == word.lower())


def test_first_sentences_takes_whole_ones() -> None:
    text = "Mr. Smith went to the U.S. Senate on Monday. He said no. " + "More words follow here. " * 20
    assert first_sentences(text, limit=60) == "Mr. Smith went to the U.S. Senate on Monday. He said no."
    assert first_sentences("Short.", limit=60) == "Short."
    assert first_sentences("", limit=60) == ""


def test_first_sentences_cuts_a_long_one_between_words() -> None:
    cut = first_sentences("word " * 100, limit=50)
    assert cut.endswith("word…")
    assert len(cut) <= 50


def test_first_sentences_without_blanks() -> None:
    assert first_sentences("第一句。第二句。" + "字" * 400, limit=12) == "第一句。第二句。"
    assert len(first_sentences("字" * 400, limit=20)) == 20
