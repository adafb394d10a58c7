"""Credits: an agency counts where newsrooms credit it, and nowhere else."""

from __future__ import annotations

import pytest

from stayahead.analyze import agency_of
from stayahead.analyze.credits import find_credits
from stayahead.model import Block, BlockKind, CreditedSource, Entry, Page

REST = " ".join(["The council met on Tuesday and put off its decision once more."] * 10)


def page(text: str, *authors: str) -> Page:
    return Page(blocks=(Block(kind=BlockKind.PARAGRAPH, text=text),), authors=authors)


def credited(text: str) -> tuple[str, ...]:
    return find_credits(page(text), Entry()).rests_on


@pytest.mark.parametrize(
    ("dateline", "agencies"),
    [
        ("PARIS, May 4 (AFP) – ", ("afp",)),
        ("WASHINGTON (Reuters) -", ("reuters",)),
        ("MADRID, 4 may (EFE).- ", ("efe",)),
        ("МОСКВА, 4 мая (Интерфакс) — ", ("interfax",)),
        ("北京（新华社）", ("xinhua",)),
        ("共同通信：", ("kyodo",)),
        ("(PTI) ", ("pti",)),
        ("[Yonhap] ", ("yonhap",)),
        ("AP - ", ("ap",)),
        ("Is it true? (AP) ", ()),  # a second sentence is no dateline
        ("Apple (Cupertino) ", ()),
        ("The minister, whom nobody had seen for more than a week since the vote in parliament, told (AP) ", ()),
    ],
)
def test_a_dateline_credits_at_the_very_start(dateline: str, agencies: tuple[str, ...]) -> None:
    assert credited(dateline + REST) == agencies
    assert credited(f"{REST} {dateline}{REST}") == ()


@pytest.mark.parametrize(
    ("line", "agencies"),
    [
        ("© AFP", ("afp",)),
        ("Copyright 2026 The Associated Press", ("ap",)),
        ("Source: dpa", ("dpa",)),
        ("Quelle: dpa", ("dpa",)),
        ("Fuente: EFE", ("efe",)),
        ("With AFP and Reuters", ("afp",)),
        ("The minister told Reuters that all was well.", ()),
        ("Source: a person who knows", ()),
    ],
)
def test_a_line_of_credit_counts_at_the_very_end(line: str, agencies: tuple[str, ...]) -> None:
    assert credited(f"{REST} {line}") == agencies
    assert credited(f"{REST} {line} {REST}") == ()


@pytest.mark.parametrize(
    ("byline", "agencies"),
    [
        ("Reuters Staff", ("reuters",)),
        ("Jane Doe (AP)", ("ap",)),
        ("AFP/dpa", ("afp", "dpa")),
        ("The Canadian Press", ("canadian press",)),
        ("Patricia Apa-Meyer", ("apa",)),
        ("Apaches", ()),
        ("", ()),
    ],
)
def test_a_byline_credits_with_a_word_of_its_own(byline: str, agencies: tuple[str, ...]) -> None:
    assert find_credits(page(REST, byline), Entry()).rests_on == agencies
    assert find_credits(page(REST), Entry(author=byline)).rests_on == agencies
    assert find_credits(page(REST), Entry(source=CreditedSource(title=byline))).rests_on == agencies


def test_credits_of_all_places_are_told_once_and_sorted() -> None:
    entry = Entry(author="Reuters", source=CreditedSource(title="Agence France-Presse"))
    assert find_credits(page(f"LONDON (Reuters) - {REST} © dpa", "AFP"), entry).rests_on == ("afp", "dpa", "reuters")
    assert find_credits(Page(), Entry()).rests_on == ()


@pytest.mark.parametrize(
    ("name", "agency"),
    [("The Associated Press", "ap"), (" AFP ", "afp"), ("新华社", "xinhua"), ("AFP Factuel", ""), ("", "")],
)
def test_a_publisher_is_an_agency_by_its_whole_name(name: str, agency: str) -> None:
    assert agency_of(name) == agency
