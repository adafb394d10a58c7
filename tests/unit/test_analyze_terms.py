"""Terms: how often and where a word stands decides its weight; what is no word of the story weighs nothing."""

from __future__ import annotations

from math import log

import pytest

from stayahead.analyze.terms import ADDRESS_WEIGHT, LEAD_WORDS, MAX_TERMS, find_terms, title_terms


def weights(title: str = "", body: str = "", *, language: str = "en", address: str = "") -> dict[str, float]:
    terms = find_terms(title.split(), body.split(), language=language, address=address.split())
    assert [term.text for term in terms] == [term.text for term in sorted(terms, key=lambda t: (-t.weight, t.text))]
    return {term.text: term.weight for term in terms}


def weight(occurrences: float) -> float:
    return round(1 + log(occurrences), 4)


def test_a_word_weighs_by_where_it_stands() -> None:
    filler = " ".join(f"filler{n}x" for n in range(LEAD_WORDS))
    told = weights("dam", f"velm {filler} lake", address="velm siren")
    assert told["dam"] == weight(2)  # the title
    assert told["velm"] == weight(2)  # the lead; that the address has it too adds nothing
    assert told["lake"] == weight(1)  # past the lead
    assert told["siren"] == weight(ADDRESS_WEIGHT)  # nowhere but in the address
    assert weights("dam", "dam")["dam"] == weight(4)


def test_forms_of_a_word_add_up() -> None:
    assert weights("floods", "flooded flooding") == {"flood": weight(2 + 2 + 2)}
    assert weights("flood", address="flooding") == {"flood": weight(2)}


@pytest.mark.parametrize("word", ["the", "said", "a", "7", "x" * 41])
def test_what_says_nothing_is_no_term(word: str) -> None:
    assert weights(word, f"{word} {word}", address=word) == {}


def test_a_number_of_two_digits_and_a_character_of_chinese_are_terms() -> None:
    assert set(weights("41")) == {"41"}
    assert set(weights("坝", language="zh")) == {"坝"}


def test_stop_words_are_those_of_the_language_and_english_where_it_is_unknown() -> None:
    assert set(weights("die dam", language="de")) == {"dam"}
    assert set(weights("die dam", language="en")) == {"die", "dam"}
    assert set(weights("the dam", language="")) == {"dam"}
    assert set(weights("the dam", language="xx")) == {"the", "dam"}


def test_the_heaviest_are_kept() -> None:
    many = " ".join(f"word{n}x" for n in range(3 * MAX_TERMS))
    told = weights("dam velm", f"{many} siren siren siren")
    assert len(told) == MAX_TERMS
    assert list(told)[:3] == ["siren", "dam", "velm"]


def test_a_title_alone_has_the_terms_that_it_brings() -> None:
    title = ["floods", "cut", "the", "floods", "road", "to", "velm"]
    assert title_terms(title, language="en") == ("flood", "cut", "road", "velm")
    assert set(title_terms(title, language="en")) == {term.text for term in find_terms(title, [], language="en")}
    assert title_terms([], language="en") == ()
