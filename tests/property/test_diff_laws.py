"""Laws of the difference: it makes either text from the other, and is in one form."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from stayahead.extract import PieceKind, diff

WORDS = st.sampled_from(["a", "b", "cc", " ", " ", "\n", "\n\n", ".", ", ", "九", "é", "1,2", "\u2028", "\ud800"])
TEXTS = st.one_of(st.lists(WORDS, max_size=40).map("".join), st.text(max_size=60))
ORDER = (PieceKind.REMOVED, PieceKind.ADDED)


@given(TEXTS, TEXTS)
def test_a_difference_makes_either_text_and_is_in_one_form(old: str, new: str) -> None:
    pieces = diff(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind is not PieceKind.ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.kind is not PieceKind.REMOVED) == new
    assert all(piece.text for piece in pieces)
    for one, following in pairwise(pieces):
        kinds = (one.kind, following.kind)
        assert kinds == ORDER or PieceKind.KEPT in kinds
        assert one.kind is not following.kind


@given(TEXTS)
def test_equal_texts_do_not_differ(text: str) -> None:
    assert all(piece.kind is PieceKind.KEPT for piece in diff(text, text))


@given(TEXTS, TEXTS)
def test_the_way_back_is_as_true(old: str, new: str) -> None:
    back = diff(new, old)
    assert "".join(piece.text for piece in back if piece.kind is not PieceKind.REMOVED) == old
