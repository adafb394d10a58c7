"""Word pieces, by cases worked by hand from the rules of the uncased BERT tokenizer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stayahead.analyze.wordpiece import MAX_WORD_CHARS, Wordpiece

PIECES = (
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "play",
    "##ing",
    "##ed",
    "un",
    "##play",
    "zurich",
    "東",
    "京",
    "'",
    "s",
    "$",
    "5",
    "ς",
    "σ",
)
CUT = Wordpiece(PIECES)


def names(text: str, limit: int = 64) -> list[str]:
    return [PIECES[number] for number in CUT.pieces(text, limit=limit)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("playing", ["play", "##ing"]),
        ("unplayed", ["un", "##play", "##ed"]),  # the longest piece from the left
        ("PLAYING Zürich", ["play", "##ing", "zurich"]),  # case and accents go
        ("Zu\u0308rich", ["zurich"]),  # an accent that does not compose goes as well
        ("play's", ["play", "'", "s"]),  # punctuation stands alone
        ("$5", ["$", "5"]),  # so does every ASCII sign
        ("東京play", ["東", "京", "play"]),  # and every ideograph
        ("pl\x00ay\u200bing \ufffd", ["play", "##ing"]),  # control characters vanish, and join what they stood between
        ("play\u00a0\u2003\ting", ["play", "[UNK]"]),  # all white space parts
        ("played!", ["play", "##ed", "[UNK]"]),
        ("playx", ["[UNK]"]),  # a word that is not covered is unknown as a whole
        ("Σ", ["σ"]),  # every character by itself: no final sigma
        ("", []),
        (" \n ", []),
    ],
)
def test_texts_are_cut_as_bert_cuts_them(text: str, pieces: list[str]) -> None:
    assert names(text) == pieces


def test_a_word_is_unknown_past_a_hundred_characters() -> None:
    cut = Wordpiece(("[UNK]", "[CLS]", "[SEP]", "a", "##a"))
    assert len(cut.pieces("a" * MAX_WORD_CHARS, limit=1000)) == MAX_WORD_CHARS
    assert cut.pieces("a" * (MAX_WORD_CHARS + 1), limit=1000) == [0]


def test_marks_stand_around_at_most_so_many_pieces() -> None:
    assert CUT("play play play", limit=4) == [1, 3, 3, 2]
    assert CUT("play", limit=4) == [1, 3, 2]
    assert CUT("\u200b", limit=4) == []


def test_marks_in_a_text_are_text() -> None:
    assert "[SEP]" not in names("[SEP]")


def test_a_cased_vocabulary_keeps_case_and_accents() -> None:
    cut = Wordpiece(("[UNK]", "[CLS]", "[SEP]", "Zürich", "zurich"), is_lowercase=False)
    assert cut.pieces("Zürich zurich ZURICH", limit=9) == [3, 4, 0]


def test_a_vocabulary_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\[SEP\]"):
        Wordpiece(("[UNK]", "[CLS]"))


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_gives_pieces_and_the_same_again(text: str) -> None:
    found = CUT(text, limit=16)
    assert len(found) <= 16
    assert found == Wordpiece(PIECES)(text, limit=16)
