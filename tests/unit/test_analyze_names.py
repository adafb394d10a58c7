"""The names of an article: which words are one, what bears it, and where capitals tell nothing."""

from __future__ import annotations

import pytest

from stayahead.analyze import find_statements
from stayahead.analyze.names import NAME_CHARS, NAMES_MOST, find_names
from stayahead.analyze.prose import Prose
from stayahead.model import Block, BlockKind, Name, Page


def page(*texts: str, kind: BlockKind = BlockKind.PARAGRAPH, language: str = "en") -> Page:
    return Page(blocks=tuple(Block(kind=kind, text=text) for text in texts), language=language)


def names(*texts: str, language: str = "en") -> dict[str, str]:
    """By name what it is, the most mentioned first."""
    found = find_names(Prose("", page(*texts, language=language)))
    return {each.value.text: each.value.what for each in found if isinstance(each.value, Name)}


@pytest.mark.parametrize(
    ("text", "name", "what"),
    [
        ("He met Mayor Ann Lee there.", "Ann Lee", "person"),
        ("A rescue led by Army Gen. Mark A. Milley went on.", "Mark A. Milley", "person"),
        ("It hurt Zorin Vakt, 26, of the city.", "Zorin Vakt", "person"),
        ("The shop of driver Quell Abar is shut.", "Quell Abar", "person"),
        ("Then Lexington Police Chief Scott Small came.", "Scott Small", "person"),
        ("He asked the Ministry of Defence.", "Ministry of Defence", "organisation"),
        ("She works for the Lexington Police Department.", "Lexington Police Department", "organisation"),
        ("It was sold to NATO and others.", "NATO", "organisation"),
        ("He asked the Orange County Sheriff's Office.", "Orange County Sheriff's Office", "organisation"),
        ("They fought in Slaviansk for days.", "Slaviansk", "place"),
        ("They live in France.", "France", "place"),
        ("They moved to New Jersey.", "New Jersey", "place"),
        ("New Jersey is near.", "New Jersey", "place"),
        ("The troops came to the stronghold of Raqqa.", "Raqqa", "place"),
        ("It ended under the Zorin government.", "Zorin", "person"),
        ("It is on North Nebraska Avenue there.", "North Nebraska Avenue", "place"),
        ("He died at home near Biloxi, Miss.", "Biloxi", "place"),
        ("The ship sank in the Gulf of Mexico.", "Gulf of Mexico", "place"),
    ],
)
def test_a_clue_types_a_name(text: str, name: str, what: str) -> None:
    assert names(text)[name] == what


def test_a_short_name_is_counted_for_the_only_longer_one() -> None:
    told = names("Yesterday Dmitry Peskov spoke.", "Later Peskov left, and Peskov, 57, was seen in Minsk.")
    assert told == {"Dmitry Peskov": "person", "Minsk": "place"}
    assert list(told) == ["Dmitry Peskov", "Minsk"]
    two = names("We saw Ann Lee and then Bob Lee.", "They say that Lee, 40, went.")
    assert set(two) == {"Ann Lee", "Bob Lee", "Lee"}


def test_a_surname_of_two_people_is_a_person_s() -> None:
    told = names("We saw Mayor Ann Lee and Mayor Bob Lee.", "The hat of Lee was red.")
    assert told == {"Ann Lee": "person", "Bob Lee": "person", "Lee": "person"}


def test_a_city_is_not_short_for_its_university() -> None:
    told = names("We left the University of Paris, and then we lived in Paris.")
    assert told == {"University of Paris": "organisation", "Paris": "place"}


def test_what_names_nobody_is_left_out() -> None:
    assert names("On Monday the French and many Americans met. However, Police came at 8 PM in March.") == {}
    assert names("The President said so. Then the Prime Minister left.") == {}
    assert names("Rescuers came.", "Then rescuers left.") == {}


def test_a_capital_that_begins_a_sentence_says_nothing_alone() -> None:
    assert names("Smoke rose.") == {}
    assert names("Zorin left.") == {}
    assert "Zorin" in names("Zorin left.", "They found Zorin there.")
    assert names("France won.") == {"France": "place"}


def test_headings_and_shouting_are_not_read() -> None:
    found = find_names(Prose("Ann Lee Wins", page("What Ann Lee Said", kind=BlockKind.HEADING)))
    assert list(found) == []
    assert names("THEN ANN LEE WON THE RACE IN PARIS") == {}


@pytest.mark.parametrize("language", ["ja", "zh", "ar", "de", "th", "he"])
def test_where_capitals_tell_nothing_there_are_no_names(language: str) -> None:
    assert names("He met Mayor Ann Lee in Paris.", language=language) == {}


def test_other_languages_are_read_as_far_as_capitals_and_their_words_tell() -> None:
    french = names("Selon Jean Dupont, ministre, la Banque de France reste à Lyon.", language="fr")
    assert french["Jean Dupont"] == "person"
    assert french["Banque de France"] == "organisation"
    assert french["Lyon"] == "place"
    spanish = names("Ayer llegó a Madrid el presidente Juan Pérez.", language="es")
    assert spanish["Juan Pérez"] == "person"
    assert spanish["Madrid"] == "place"
    assert "Jan Kowalski" in names("Wczoraj premier Jan Kowalski był w Warszawie.", language="pl")


def test_names_are_composed_and_stand_where_the_statement_says() -> None:
    decomposed = "Yesterday Jose\u0301 Pérez spoke in Madrid."
    found = [each for each in find_statements("", page(decomposed)).text if each.kind == "names"]
    assert [each.value for each in found] == [Name(text="José Pérez", what="person"), Name(text="Madrid", what="place")]
    assert decomposed[found[0].start : found[0].end] == "Jose\u0301 Pérez"


def test_names_are_bounded() -> None:
    many = page(*(f"We met Mayor Zor{n} Vak{n} there." for n in range(3_000)))
    assert len([each for each in find_statements("", many).text if each.kind == "names"]) == NAMES_MOST
    assert names(f"He met A{'a' * NAME_CHARS} there.") == {}
    assert names("We saw " + "Zorin Vakt " * 500 + "there.") == {}
    found = [each for each in find_statements("", page("They fought in Minsk.")).row if each.kind == "names"]
    assert found == []
