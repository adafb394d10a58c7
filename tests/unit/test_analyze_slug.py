"""The words of an address: those of its headline, and nothing of ids, sections, queries and file names."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from stayahead.analyze.slug import slug_words

SITE = "https://press.example"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/2026/05/Man-bites_dog+in+Velm,twice.html", "man bites dog in velm twice"),
        ("/one-two-three-four/five-six-seven-eight-nine", "five six seven eight nine"),
        ("/five-six-seven-eight-nine/one-two-three-four", "five six seven eight nine"),
        ("/news/dam-holds-says-board/", "dam holds says board"),
        ("/dam-holds-says-board.html?from=a-b-c-d-e-f", "dam holds says board"),
        ("/dam-holds-says-board#comments-of-our-dear-readers", "dam holds says board"),
        ("/dam-holds-says-board-2026-12345678", "dam holds says board 2026"),
        ("/dam-holds-says-board-a1b2c3-0f9e8d7c", "dam holds says board"),
        ("/dam-holds-says-donaudampfschifffahrtsgesellschaft", "dam holds says"),
        (f"/{quote('плотина-цела-говорит-совет')}", "плотина цела говорит совет"),
        ("/Überflutung-im-Tal-gebannt", "uberflutung im tal gebannt"),
    ],
)
def test_the_part_with_most_words_is_the_headline(path: str, words: str) -> None:
    assert slug_words(SITE + path) == words.split()


@pytest.mark.parametrize(
    "url",
    [
        f"{SITE}/world/middle-east-news",  # three words are a section
        f"{SITE}/12345678",
        f"{SITE}/?title=dam-holds-says-board",
        "https://the-daily-press-of-velm.example/",  # the host is no headline
        "https://the-daily-press-of-velm.example",
        "dam-holds-says-board",
        "",
    ],
)
def test_an_address_that_says_nothing_gives_nothing(url: str) -> None:
    assert slug_words(url) == []


def test_an_endless_address_costs_no_more_than_a_long_one() -> None:
    assert len(slug_words(f"{SITE}/" + "word-" * 100_000)) <= 200
