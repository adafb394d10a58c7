from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stayahead.analyze.search_query import (
    FORMS_MAX,
    WORDS_MAX,
    Manner,
    SearchQuery,
    Wanted,
    forms_of,
    found_in,
    holds_phrase,
    read_query,
    root_of,
)
from stayahead.text import tokens


def _any(*words: str) -> Wanted:
    return Wanted(words)


def _exact(*words: str) -> Wanted:
    return Wanted(words, Manner.EXACT)


def _beginning(word: str) -> Wanted:
    return Wanted((word,), Manner.BEGINNING)


@pytest.mark.parametrize(
    ("typed", "all_of", "none_of"),
    [
        ("Flood flood RIVER", [[_any("flood")], [_any("river")]], []),
        ("covid-19", [[_any("covid", "19")]], []),
        ('"Water level" low', [[_exact("water", "level")], [_any("low")]], []),
        ("„Water level“ «low»", [[_exact("water", "level")], [_exact("low")]], []),
        ("ice -snow", [[_any("ice")]], [_any("snow")]),
        ('ice -"snow line"', [[_any("ice")]], [_exact("snow", "line")]),
        ("flood OR storm gale", [[_any("flood"), _any("storm")], [_any("gale")]], []),
        ("flood | storm OR gale", [[_any("flood"), _any("storm"), _any("gale")]], []),
        ("flood AND + storm", [[_any("flood")], [_any("storm")]], []),
        ("king*", [[_beginning("king")]], []),
        ("vice-king*", [[_any("vice")], [_beginning("king")]], []),
        ("火", [[_beginning("火")]], []),
        ("山火", [[_any("山火")]], []),
        ("or flood", [[_any("or")], [_any("flood")]], []),
        ("flood and", [[_any("flood")], [_any("and")]], []),
        ("", [], []),
    ],
)
def test_what_is_typed_is_read_as_people_mean_it(typed: str, all_of: list[list[Wanted]], none_of: list[Wanted]) -> None:
    query = read_query(typed)
    assert query == SearchQuery(tuple(map(tuple, all_of)), tuple(none_of), ())


@pytest.mark.parametrize(
    ("typed", "note", "all_of"),
    [
        ("-snow", "only leaves words out", ()),
        ("(flood", "Brackets", ((_any("flood"),),)),
        ("title:flood", "title: is no field", ((_any("title", "flood"),),)),
        ("k*", "* counts", ((_any("k"),),)),
        ("*ing", "* counts", ((_any("ing"),),)),
        ('"flood', "quotation mark", ((_any("flood"),),)),
        ("flood OR", "OR stands between", ((_any("flood"),),)),
        ("river NOT flood", "-word", ((_any("river"),),)),
        ('river NOT "high flood"', "-word", ((_any("river"),),)),
        ("river NOT", "-word", ((_any("river"),),)),
        ("flood or storm", "OR, in capitals", ((_any("flood"),), (_any("or"),), (_any("storm"),))),
        ("flood and storm", "all words are", ((_any("flood"),), (_any("and"),), (_any("storm"),))),
        ("wom?n", "? stands for no letter", ((_any("wom", "n"),),)),
        ("OR", "OR stands between", ()),
        ("OR flood", "OR stands between", ((_any("flood"),),)),
        ("-", "no word in this", ()),
        ("- -- '", "no word in this", ()),
        ("AND", "no word in this", ()),
    ],
)
def test_what_is_not_understood_is_said(typed: str, note: str, all_of: tuple[tuple[Wanted, ...], ...]) -> None:
    query = read_query(typed)
    assert query.all_of == all_of
    (said,) = query.notes
    assert note in said


@pytest.mark.parametrize("typed", ["river NOT flood", "river -flood", "NOT flood river", "river OR NOT flood"])
def test_not_leaves_out_as_a_minus_does(typed: str) -> None:
    query = read_query(typed)
    assert (query.all_of, query.none_of) == (((_any("river"),),), (_any("flood"),))


def test_not_alone_finds_nothing_and_says_so() -> None:
    assert [note.split()[0] for note in read_query("NOT flood").notes] == ["NOT", "A"]
    assert read_query("NOT flood").none_of == (_any("flood"),)
    assert read_query(" ").notes == ()


def test_only_so_many_words_count_and_it_is_said() -> None:
    query = read_query(" ".join(f"w{n}" for n in range(500)))
    assert len(query.all_of) == WORDS_MAX
    assert query.notes == (f"Only the first {WORDS_MAX} words count.",)


@given(st.text(max_size=80))
def test_any_text_is_a_query_of_words_that_the_index_knows(typed: str) -> None:
    query = read_query(typed)
    words = [word for each in (*query.none_of, *(w for group in query.all_of for w in group)) for word in each.words]
    assert len(words) <= WORDS_MAX
    assert all(tokens(word) == [word] for word in words)
    assert all(each.words for group in query.all_of for each in group)


def test_forms_share_a_stem_in_one_of_the_languages() -> None:
    held = ["flood", "flooded", "flooding", "floor", "floods", "florida"]
    assert forms_of("floods", held, ["en"]) == ["flood", "flooded", "flooding"]
    assert forms_of("floods", held, []) == []
    assert len(forms_of("aaa", [f"aaa{n}" for n in range(500)] + ["aaas"] * 3, ["en"])) < FORMS_MAX


@pytest.mark.parametrize(
    ("word", "root"), [("floods", "flood"), ("cities", "citi"), ("city", "cit"), ("go", ""), ("covid19", "")]
)
def test_the_root_is_what_all_forms_begin_with(word: str, root: str) -> None:
    assert root_of(word, ["en"]) == root


def test_a_phrase_is_words_in_their_order() -> None:
    words = ["the", "king", "of", "the", "king", "charles"]
    assert holds_phrase(words, ("king", "charles"))
    assert holds_phrase(words, ("king",))
    assert not holds_phrase(words, ("charles", "king"))
    assert not holds_phrase(words, ("charles", "the"))


def test_what_was_found_is_marked_in_the_text_as_it_was_written() -> None:
    def marked(text: str, *words: str, beginnings: tuple[str, ...] = ()) -> list[str]:
        return [text[start:end] for start, end in found_in(text, frozenset(words), beginnings)]

    assert marked("Überflutung in Zürich’s Süden", "zurich", "uberflutung") == ["Überflutung", "Zürich"]
    assert marked("1,200 jobs, kingdom", "1200", beginnings=("king",)) == ["1,200", "kingdom"]
    assert marked("加州山火。", "山火") == ["山火"]
    assert marked("東京都で", "東京", "京都") == ["東京都"]
    assert marked("加州山火。火山", beginnings=("火",)) == ["火", "火"]
    assert marked("nothing", "zebra") == []


@given(st.text(max_size=80))
def test_all_words_of_a_text_are_found_in_it_in_order(text: str) -> None:
    places = list(found_in(text, frozenset(tokens(text))))
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(places))
