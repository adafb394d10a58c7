"""Keys, one kind at a time: names inside sentences, numbers that tell a story, places; each as heavy as it is often."""

from __future__ import annotations

from math import log

import pytest

from stayahead.analyze.shared_keys import find_shared_keys
from stayahead.analyze.spelling import spelling_key


def keys(text: str, language: str = "en", *, title: str = "", kind: str = "") -> dict[str, float]:
    found = find_shared_keys(title, text, language=language)
    return {key.text: key.weight for key in found if key.text.startswith(kind)}


def names(text: str, language: str = "en") -> set[str]:
    return {key.removeprefix("w:") for key in keys(text, language, kind="w:")}


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("in Paris and Paris and Paris", "c:", "c:Europe/Paris"),
        ("about 4,500, or 4500, or 4.500", "n:", "n:4500"),
        ("of Quillon and Quillon and Quillon", "w:", f"w:{spelling_key('Quillon')}"),
        ("of Quillon-Quillon and Quillon", "w:", f"w:{spelling_key('Quillon')}"),
    ],
)
def test_a_key_weighs_by_how_often_it_stands(text: str, kind: str, key: str) -> None:
    assert keys(text, kind=kind) == {key: round(1 + log(3), 4)}
    assert keys(text, title=text, kind=kind)[key] == round(1 + log(6), 4)


def test_a_place_is_no_name_too_and_a_short_word_no_name() -> None:
    assert keys("the envoy of France met in Paris") == {"c:FR": 1.0, "c:Europe/Paris": 1.0}
    assert names("the envoy of Ng and of Xi") == set()
    assert names("where The And Of stand in capitals") == set()


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Quillon spoke. Varrick left! Tessaly came? Ormond won", []),  # what opens a sentence may be any word
        ("Heard: Quillon; Varrick – Tessaly — Ormond", []),
        ("he said “Quillon lost” and (Varrick won", []),
        ("first\nQuillon", []),
        ("it was Quillon, and Varrick's friend, and his-Tessaly", ["Quillon", "Varrick"]),
        ("the mayor Anne-Marie Quillon", ["Anne", "Marie", "Quillon"]),
        ("McQuillon and d’Orval and iQuillon", []),
        ("by McQuillon of Ékolo", ["McQuillon", "Ékolo"]),
    ],
)
def test_a_name_is_capitalised_where_no_other_word_is(text: str, people: list[str]) -> None:
    assert names(text) == {spelling_key(name) for name in people}


def test_scripts_without_capitals_show_names_in_latin_letters_and_katakana() -> None:
    assert names("マクロン大統領とBidenは", "ja") == {spelling_key("マクロン"), spelling_key("Biden")}
    assert names("الرئيس Macron وصل", "ar") == {spelling_key("Macron")}
    assert names("ザ 12 km", "ja") == set()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("31 or 32", ["32"]),
        ("1899, 1900, 2026, 2100 and 2101", ["1899", "2101"]),
        ("2,026 houses", []),  # as a year, whatever stands between
        ("12 thousand", ["12000"]),
        ("12 people, 3.5 percent", []),
        ("0.5 billion", ["500000000"]),
        ("B52, 45-year-old, 1.2.3.45", ["45"]),
        ("45.256 and 1,234,567", ["1234567", "45256"]),
        ("33million", ["33000000"]),
        ("the 33 Millers", ["33"]),
    ],
)
def test_numbers_that_tell_a_story(text: str, numbers: list[str]) -> None:
    assert sorted(keys(text, kind="n:")) == sorted(f"n:{number}" for number in numbers)


def test_what_stands_far_down_a_text_is_not_read() -> None:
    near, far = "of Quillon " + "x " * 2000, "x " * 2600 + "of Quillon"
    assert names(near) == {spelling_key("Quillon")}
    assert names(far) == set()
    assert keys(far, title="of Quillon", kind="w:") == {f"w:{spelling_key('Quillon')}": 1.0}
