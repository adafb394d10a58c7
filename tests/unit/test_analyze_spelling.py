"""Spelling: what transcriptions disagree about is levelled, what tells names apart is kept."""

from __future__ import annotations

import pytest

from stayahead.analyze.spelling import spelling_key, without_ending


@pytest.mark.parametrize(
    "names",
    [
        "Ahmed Ahmad",
        "Mohammed Muhammad Mohamed",
        "Kuznetsov Kuznezow",
        "Shevchenko Schewtschenko Шевченко",
        "Kovalchuk Kowalchuk Ковальчук",
        "Medvedev Medwedew",
        "Zhirinovsky Schirinowski Жириновский Жириновского",
        "Байден Байдена Байденом",
        "Шольц Шольца Шольцем",
        "Philip Filip",
        "Phillip Philip",
        "Çelik Celik",
        "Nguyễn Nguyen",
        "Chávez Chavez",
    ],
)
def test_transcriptions_of_one_name_meet(names: str) -> None:
    assert len({spelling_key(name) for name in names.split()}) == 1


@pytest.mark.parametrize(
    "names", ["Macron Merkel Meloni Milei Modi", "Kim Kem Kam", "Putin Patin Potin", "Blair Blur", "Иванов Ивашов"]
)
def test_names_apart_stay_apart(names: str) -> None:
    assert len({spelling_key(name) for name in names.split()}) == len(names.split())


@pytest.mark.parametrize(
    ("katakana", "latin"),
    [
        ("プーチン", "Putin"),
        ("トランプ", "Trump"),
        ("マクロン", "Macron"),
        ("オバマ", "Obama"),
        ("キャメロン", "Cameron"),
    ],
)
def test_katakana_meets_the_latin_name(katakana: str, latin: str) -> None:
    assert spelling_key(katakana) == spelling_key(latin)


@pytest.mark.parametrize("name", ["習近平", "محمد", "ירושלים"])
def test_other_scripts_are_left_as_they_are(name: str) -> None:
    assert spelling_key(name) == name


def test_short_names_keep_their_vowels_and_long_ones_lose_them() -> None:
    assert spelling_key("Moon") != spelling_key("Min")
    assert spelling_key("Netanyahu") == spelling_key("Netanyaho")
    assert spelling_key("Obama") != spelling_key("Bama")
    assert spelling_key("") == ""


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("путиным", "путин"),
        ("киева", "киев"),
        ("украинского", "украинск"),
        ("дома", "дома"),  # too short to lose an ending
        ("ии", "ии"),
        ("paris", "paris"),
        ("", ""),
    ],
)
def test_cyrillic_words_lose_the_ending_of_their_case(word: str, stem: str) -> None:
    assert without_ending(word) == stem
