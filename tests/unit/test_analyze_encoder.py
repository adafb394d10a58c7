"""What an encoder asks its model for, and which articles get a vector."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from stayahead.analyze import Encoder, analyze
from stayahead.analyze.encoder import MAX_CHARS
from stayahead.model import Block, BlockKind, Entry, Page


class _Model:
    """Numbers are lengths of words; a vector is the numbers, as bytes."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.asked = 0

    def cut(self, text: str, *, limit: int) -> list[int]:
        self.texts.append(text)
        return [min(len(word), 255) for word in text.split()][:limit]

    def vector(self, numbers: Sequence[int]) -> bytes:
        self.asked += 1
        return bytes(numbers)


def _encoder(model: _Model, **given: object) -> Encoder:
    settings: dict[str, object] = {"tokens": 4} | given
    return Encoder("0011aabb", cut=model.cut, vector=model.vector, **settings)  # type: ignore[arg-type]  # of the test


def _page(text: str, language: str = "en") -> Page:
    return Page(title="Dam repair", blocks=(Block(kind=BlockKind.PARAGRAPH, text=text),), language=language)


def test_title_and_first_words_are_looked_at() -> None:
    model = _Model()
    assert _encoder(model, prefix="query: ").encode("Dam repair", "put off until June") == bytes([6, 3, 6, 3])
    assert model.texts == ["query: Dam repair\nput off until June"]


def test_the_same_opening_costs_a_look_up() -> None:
    model = _Model()
    encoder = _encoder(model)
    first = encoder.encode("Dam repair", "put off until June, the council says")
    assert encoder.encode("Dam repair", "put off until the next summer") == first
    assert model.asked == 1


def test_nothing_to_read_gives_no_vector() -> None:
    model = _Model()
    assert _encoder(model).encode(" ", "\n") == b""
    assert model.asked == 0


def test_a_megabyte_is_not_cut_into_pieces() -> None:
    model = _Model()
    _encoder(model).encode("t" * 1_000_000, "x" * 1_000_000)
    assert len(model.texts[0]) == 2 * MAX_CHARS + 1


def test_signals_say_which_model_made_the_vector() -> None:
    encoder = _encoder(_Model())
    signals = analyze(_page("put off"), Entry(title="The dam"), encoder=encoder)
    assert (signals.vector, signals.vector_model) == (bytes([3, 3, 3, 3]), "0011aabb")
    assert analyze(Page(), Entry(), encoder=encoder).vector_model == ""


@pytest.mark.parametrize(("language", "is_read"), [("en", True), ("", True), ("zh", False)])
def test_a_language_that_it_was_not_trained_on_gets_no_vector(language: str, *, is_read: bool) -> None:
    encoder = _encoder(_Model(), languages=("en",))
    assert bool(analyze(_page("put off", language), Entry(), encoder=encoder).vector) is is_read
    assert _encoder(_Model()).reads(language)
