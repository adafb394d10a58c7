"""The word-level difference: what readers see, and what hostile texts cost."""

from __future__ import annotations

import pytest

from stayahead.extract import Piece, PieceKind, count_words, diff
from stayahead.extract.diff import CHARS_MAX, STEPS_MAX, _matches, _Steps

MARKS = {PieceKind.KEPT: "", PieceKind.REMOVED: "-", PieceKind.ADDED: "+"}


def told(old: str, new: str) -> list[str]:
    return [MARKS[piece.kind] + piece.text for piece in diff(old, new)]


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("", "", []),
        ("The same.", "The same.", ["The same."]),
        ("", "New.", ["+New."]),
        ("Gone.", "", ["-Gone."]),
        ("The toll rose to 41.", "The toll rose to 59.", ["The toll rose to ", "-41", "+59", "."]),
        ("About 1,200 people", "About 1,250 people", ["About ", "-1,200", "+1,250", " people"]),
        ("the mayor's car", "the mayor’s car", ["the ", "-mayor's", "+mayor’s", " car"]),
        ("He said no.", "He said “no”.", ["He said ", "+“", "no", "+”", "."]),
        ("他说九人下落不明。", "他说七人下落不明。", ["他说", "-九", "+七", "人下落不明。"]),
        ("قال إن تسعة مفقودون", "قال إن سبعة مفقودون", ["قال إن ", "-تسعة", "+سبعة", " مفقودون"]),
        ("One.\n\nTwo.\n\nThree.", "One.\n\nThree.", ["One.\n\n", "-Two.\n\n", "Three."]),
        # A blank between two changed words does not part them.
        ("said on Monday night", "said on Tuesday morning", ["said on ", "-Monday night", "+Tuesday morning"]),
        # A paragraph that moved is removed here and added there; what stayed in order is kept.
        ("A one.\nB two.\nC three.\n", "B two.\nC three.\nA one.\n", ["-A one.\n", "B two.\nC three.\n", "+A one.\n"]),
    ],
)
def test_what_changed(old: str, new: str, pieces: list[str]) -> None:
    assert told(old, new) == pieces


def test_an_edit_in_a_long_article_is_told_as_that_edit() -> None:
    paragraphs = [
        f"Paragraph {n} says that the bridge, {n * 7} metres long, is closed until {n} May." for n in range(200)
    ]
    edited = [*paragraphs]
    edited[50] = edited[50].replace("closed", "open")
    edited.insert(120, "A correction: the bridge was never closed.")
    pieces = diff("\n\n".join(paragraphs), "\n\n".join(edited))
    changes = [(piece.kind, piece.text) for piece in pieces if piece.kind is not PieceKind.KEPT]
    assert changes == [
        (PieceKind.REMOVED, "closed"),
        (PieceKind.ADDED, "open"),
        (PieceKind.ADDED, "A correction: the bridge was never closed.\n\n"),
    ]


def test_words_are_counted_and_marks_are_not() -> None:
    pieces = diff("Nine are missing.", "Eight are missing – police said – on Monday.")
    assert count_words(pieces, PieceKind.REMOVED) == 1
    assert count_words(pieces, PieceKind.ADDED) == 5


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["a", " "] * 20_000, ["b", " ", "a", " "] * 10_000),
        (["a", "b"] * 20_000, ["b", "a"] * 20_000),
        (["a"] * 40_000, ["b"] * 40_000),
        (["a", "b", "c"] * 10_000, ["c", "b", "a"] * 10_000),
    ],
)
def test_hostile_texts_cost_a_bounded_search(old: list[str], new: list[str]) -> None:
    steps = _Steps(STEPS_MAX)
    list(_matches(old, new, steps))
    # One round more than was left, and the runs of equal tokens in it, may end past the bound.
    assert steps.remaining > -len(old) - len(new)


def test_a_passage_past_the_bound_counts_as_replaced_whole() -> None:
    old, new = "a b " * (CHARS_MAX // 4), "b a c " * 100
    assert diff(old, new) == (Piece(PieceKind.REMOVED, old), Piece(PieceKind.ADDED, new))
