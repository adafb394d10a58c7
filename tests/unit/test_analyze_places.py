"""Places: what a text names, as often as it does; names of several words, endings, scripts without blanks."""

from __future__ import annotations

import pytest

from stayahead.analyze.places import is_place, places_in


def named(text: str, language: str) -> list[str]:
    return list(places_in(text, language=language))


def test_a_place_is_told_as_often_as_it_is_named() -> None:
    assert named("Paris, Paris and again PARIS: France waits", "en") == [*["Europe/Paris"] * 3, "FR"]
    assert named("巴黎和巴黎", "zh") == ["Europe/Paris"] * 2


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Guinea-Bissau and Guinea and Papua New Guinea", ["GW", "GN", "PG"]),
        ("Niger and Nigeria", ["NE", "NG"]),
        ("New York, not York", ["America/New_York"]),
        ("South Africa's Johannesburg", ["ZA", "Africa/Johannesburg"]),
        ("British and American envoys met in The Hague", ["GB", "US", "NL"]),
        ("U.K. and UK", ["GB", "GB"]),
    ],
)
def test_of_names_that_begin_alike_the_longest_counts(text: str, places: list[str]) -> None:
    assert named(text, "en") == places


@pytest.mark.parametrize("text", ["", "us and them", "a new republic", "North by northwest", "Nobody knows where"])
def test_words_that_are_parts_of_names_are_no_places(text: str) -> None:
    assert named(text, "en") == []


@pytest.mark.parametrize(
    ("text", "language", "places"),
    [
        ("из России в Китай, в Париже и из Парижа", "ru", ["RU", "CN", "Europe/Paris", "Europe/Paris"]),
        ("переговори з Польщею у Варшаві та в Польщі", "uk", ["PL", "Europe/Warsaw", "PL"]),
        ("Nach Peking und in die Türkei", "de", ["CN", "TR"]),
        ("À Londres, aux États-Unis", "fr", ["Europe/London", "US"]),
    ],
)
def test_places_are_known_in_their_cases_and_with_their_accents(text: str, language: str, places: list[str]) -> None:
    assert named(text, language) == places


@pytest.mark.parametrize(
    ("text", "language", "places"),
    [
        ("南韩和朝鲜在北京", "zh", ["KR", "KP", "CN"]),
        ("ロンドンと東京", "ja", ["Europe/London", "Asia/Tokyo"]),
        ("미국과 프랑스", "ko", ["US", "FR"]),
        ("ประเทศไทยและกรุงลอนดอน", "th", ["TH", "Europe/London"]),
        ("国", "zh", []),
    ],
)
def test_where_words_have_no_gaps_names_are_found_inside(text: str, language: str, places: list[str]) -> None:
    assert named(text, language) == places


def test_malay_is_read_with_the_names_of_indonesian() -> None:
    assert named("Indonesia, Perancis dan Jerman", "ms") == named("Indonesia, Perancis dan Jerman", "id") != []


@pytest.mark.parametrize("language", ["", "xx"])
def test_a_language_without_names_has_no_places(language: str) -> None:
    assert named("Paris", language) == []
    assert not is_place("paris", language=language)


@pytest.mark.parametrize(
    ("word", "language", "is_one"),
    [
        ("paris", "en", True),
        ("new", "en", False),  # only the first word of one
        ("york", "en", False),
        ("украине", "ru", True),
        ("медведев", "ru", False),
        ("美国", "zh", False),  # asked of words with gaps between them only
    ],
)
def test_a_word_alone_is_a_place(word: str, language: str, *, is_one: bool) -> None:
    assert is_place(word, language=language) is is_one
