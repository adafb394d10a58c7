"""Signals: terms, credits, and what `analyze` puts together."""

from __future__ import annotations

import pytest

from stayahead.analyze import agency_of, analyze
from stayahead.analyze.credits import find_credits
from stayahead.analyze.slug import slug_words
from stayahead.analyze.stopwords import stopwords
from stayahead.analyze.terms import MAX_TERMS, find_terms
from stayahead.model import Block, BlockKind, CreditedSource, Entry, Page
from tests.story_inputs import QUAKE


def _page(text: str, *, title: str = "", authors: tuple[str, ...] = ()) -> Page:
    return Page(title=title, blocks=(Block(kind=BlockKind.PARAGRAPH, text=text),), authors=authors, language="en")


def test_title_words_weigh_more_and_stop_words_nothing() -> None:
    terms = find_terms(["the", "earthquake"], ["the", "earthquake", "and", "harbour"], language="en")
    assert [term.text for term in terms] == ["earthquak", "harbour"]
    assert terms[0].weight > terms[1].weight


def test_terms_are_distinct_ordered_and_bounded() -> None:
    terms = find_terms([], [f"word{i}" for i in range(500)] * 2, language="en")
    assert len(terms) == MAX_TERMS
    assert len({term.text for term in terms}) == MAX_TERMS
    assert list(terms) == sorted(terms, key=lambda term: (-term.weight, term.text))


@pytest.mark.parametrize(
    ("language", "words", "stem"),
    [
        ("en", ("kills", "killed", "killing"), "kill"),
        ("", ("banks", "bank"), "bank"),
        ("de", ("wahlen", "wahl"), "wahl"),
        ("es", ("elecciones", "eleccion"), "eleccion"),
        ("ru", ("россиискии", "россииская"), "россииск"),
        ("zh", ("東京",), "東京"),
    ],
)
def test_forms_of_a_word_are_one_term(language: str, words: tuple[str, ...], stem: str) -> None:
    assert {term.text for word in words for term in find_terms([word], [], language=language)} == {stem}


def test_the_address_gives_what_a_cut_headline_leaves_out() -> None:
    page = Page(title="Earthquake shakes ...", language="en")
    entry = Entry(url="https://press.example/world/earthquake-shakes-velm-harbour-town-20931774.html")
    found = {term.text: term.weight for term in analyze(page, entry).terms}
    assert set(found) == {"earthquak", "shake", "velm", "harbour", "town"}
    assert found["velm"] < found["shake"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://press.example",
        "https://press.example/world/20931774",
        "https://press.example/a-b/c-d?q=one-two-three-four",
        "https://press.example/" + "-".join(["f0e1d2c3b4"] * 5),
    ],
)
def test_an_address_without_words_gives_none(url: str) -> None:
    assert [word for word in slug_words(url) if len(word) > 1] == []


def test_stop_words_are_folded_and_by_language() -> None:
    assert "uber" in stopwords("de")
    assert "the" in stopwords("")
    assert stopwords("xx") == frozenset()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("LONDON (AP) — The bank said on Monday.", ("ap",)),
        ("(Reuters) - Shares fell on Monday.", ("reuters",)),
        ("BERLIN, 4. Mai (dpa) – Der Minister sagte.", ("dpa",)),
        ("新华社北京5月4日电 记者从会议获悉。", ("xinhua",)),
        ("Shares fell. A minister told Reuters that all was well.", ()),
        ("The happy man mapped the area (applause).", ()),
        ("Shares fell on Monday. © 2026 AFP", ("afp",)),
        ("", ()),
    ],
)
def test_credits_in_the_text(text: str, found: tuple[str, ...]) -> None:
    assert find_credits(_page(text), Entry()).rests_on == found


def test_credits_in_bylines_and_source() -> None:
    assert find_credits(_page("Text."), Entry(author="By JANE DOE, Associated Press")).rests_on == ("ap",)
    assert find_credits(_page("Text.", authors=("Reuters",)), Entry()).rests_on == ("reuters",)
    assert find_credits(_page("Text."), Entry(source=CreditedSource(title="Agence France-Presse"))).rests_on == ("afp",)
    assert find_credits(_page("Text."), Entry(author="Our reporter and AFP, dpa")).rests_on == ("afp", "dpa")
    assert find_credits(_page("Text."), Entry(author="Pat Apfel")).rests_on == ()


def test_agency_of() -> None:
    assert agency_of("Reuters") == "reuters"
    assert agency_of("The Daily Reuters Fan") == ""


def test_analyze_puts_it_together() -> None:
    page = _page(f"VELM (AP) — {QUAKE}", title="Earthquake shakes Velm")
    signals = analyze(page, Entry())
    assert signals.language == "en"
    assert {"earthquak", "velm"} <= {term.text for term in signals.terms[:5]}
    assert signals.credits == ("ap",)
    assert signals.shingles > 0
    assert analyze(page, Entry()) == signals


def test_analyze_of_nothing() -> None:
    signals = analyze(Page(), Entry())
    assert (signals.terms, signals.fingerprint, signals.shingles, signals.credits) == ((), (), 0, ())


def test_analyze_takes_the_entry_title_before_the_page_title() -> None:
    signals = analyze(Page(title="Site name"), Entry(title="Volcano erupts"))
    assert [term.text for term in signals.terms] == ["erupt", "volcano"]
