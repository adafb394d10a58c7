"""What languages share: places, numbers, names."""

from __future__ import annotations

import pytest

from stayahead.analyze.places import places_in
from stayahead.analyze.shared_keys import MAX_CHARS, MAX_KEYS, find_shared_keys
from stayahead.analyze.spelling import spelling_key


def _keys(title: str, text: str = "", *, language: str) -> set[str]:
    return {key.text for key in find_shared_keys(title, text, language=language)}


@pytest.mark.parametrize(
    "names",
    [
        "Zelensky Zelenskyy Zelenski Selenskyj Зеленский Зеленского Зеленським ゼレンスキー",
        "Putin Путин Путиным Путіна プーチン",
        "Trump Трамп Трампа トランプ",
        "Macron Макрон Макроном マクロン",
        "Netanyahu Нетаньяху",
        "Scholz Шольц Шольца",
        "Erdogan Erdoğan Эрдоган Эрдогана",
    ],
)
def test_a_name_is_one_in_every_spelling(names: str) -> None:
    assert len({spelling_key(name) for name in names.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Meloni", "Milei"), ("Sunak", "Scholz"), ("Putin", "Biden"), ("Li", "Lee")]
)
def test_names_that_differ_stay_apart(one: str, other: str) -> None:
    assert spelling_key(one) != spelling_key(other)


@pytest.mark.parametrize(
    ("language", "text", "places"),
    [
        ("en", "Talks between Ukraine and the United States open in New York", {"UA", "US", "America/New_York"}),
        ("en", "British ministers met in Paris", {"GB", "Europe/Paris"}),
        ("es", "Ucrania y Estados Unidos hablan en París", {"UA", "US", "Europe/Paris"}),
        ("fr", "Les États-Unis et l’Allemagne à Genève", {"US", "DE"}),
        ("de", "Die Vereinigten Staaten und Frankreich", {"US", "FR"}),
        ("pt", "Estados Unidos e Alemanha", {"US", "DE"}),
        ("it", "Gli Stati Uniti e la Francia a Parigi", {"US", "FR", "Europe/Paris"}),
        ("ru", "В России и на Украине, в Париже", {"RU", "UA", "Europe/Paris"}),
        ("uk", "В Україні та Франції", {"UA", "FR"}),
        ("ar", "أوكرانيا", {"UA"}),
        ("zh", "美国与乌克兰在巴黎会谈", {"US", "UA", "Europe/Paris"}),
        ("zh", "美國與烏克蘭", {"US", "UA"}),
        ("ja", "ウクライナとアメリカ合衆国、パリで会談", {"UA", "US", "Europe/Paris"}),
        ("id", "Ukraina dan Amerika Serikat", {"UA", "US"}),
        ("xx", "Ukraine", set()),
    ],
)
def test_places_by_their_names(language: str, text: str, places: set[str]) -> None:
    assert places <= set(places_in(text, language=language))
    assert len(set(places_in(text, language=language))) <= len(places) + 1


def test_longer_names_win() -> None:
    assert list(places_in("South Korea and North Korea", language="en")) == ["KR", "KP"]
    assert list(places_in("多米尼加共和国", language="zh")) == ["DO"]


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("en", "1,300 people", "1300"),
        ("de", "1.300 Menschen", "1300"),
        ("fr", "1 300 personnes", "1300"),
        ("en", "33 million people", "33000000"),
        ("zh", "3300万人", "33000000"),
        ("ru", "33 млн человек", "33000000"),
        ("es", "33 millones de personas", "33000000"),
        ("en", "$4.5 billion", "4500000000"),
        ("de", "4,5 Milliarden Euro", "4500000000"),
        ("zh", "45亿元", "4500000000"),
        ("en", "magnitude 45.25", "45.25"),
    ],
)
def test_numbers_in_one_notation(language: str, text: str, number: str) -> None:
    assert f"n:{number}" in _keys("", text, language=language)


@pytest.mark.parametrize("text", ["in 2026", "31 March", "12 dead", "B52 bombers"])
def test_years_days_and_small_counts_are_no_keys(text: str) -> None:
    assert not [key for key in _keys("", text, language="en") if key.startswith("n:")]


def test_names_are_capitalised_inside_a_sentence() -> None:
    keys = _keys("", "Yesterday the minister Quillon spoke. Nobody heard him.", language="en")
    assert f"w:{spelling_key('Quillon')}" in keys
    assert f"w:{spelling_key('Yesterday')}" not in keys
    assert f"w:{spelling_key('Nobody')}" not in keys


def test_latin_names_in_other_scripts() -> None:
    assert f"w:{spelling_key('Singtel')}" in _keys("新加坡电信（Singtel）在澳大利亚", language="zh")


def test_keys_are_bounded_and_heaviest_first() -> None:
    many = " ".join(f"the Name{chr(97 + n % 26)}{chr(97 + n // 26)}x" for n in range(400))
    keys = find_shared_keys("", many, language="en")
    assert len(keys) == MAX_KEYS
    assert find_shared_keys("", "a" * MAX_CHARS + " of Quillon", language="en") == ()
    weights = [key.weight for key in find_shared_keys("", "of Quillon, of Quillon and of Varr", language="en")]
    assert weights == sorted(weights, reverse=True)


@pytest.mark.parametrize("text", ["", "\x00\ud800", "9" * 5000, "," * 5000, "А" * 5000, "ー" * 5000, "1.1.1.1,1"])
def test_any_text_gives_keys_or_none(text: str) -> None:
    assert isinstance(find_shared_keys(text, text, language="ru"), tuple)
    assert isinstance(find_shared_keys(text, text, language="ja"), tuple)


def test_a_row_of_numbers_is_none_however_long() -> None:
    row = " ".join(["123"] * 104)
    keys = {term.text for term in find_shared_keys("Results", f"{row} and 4,500 votes", language="en")}
    assert keys == {"n:4500"}
