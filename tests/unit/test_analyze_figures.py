"""The figures of a sentence: what is counted, how surely, where, by whose word, and what is no figure at all."""

from __future__ import annotations

import pytest

from stayahead.analyze import find_statements
from stayahead.analyze.figures import SENTENCE_MOST, figures, find_figures
from stayahead.analyze.prose import Prose
from stayahead.analyze.statements import STATEMENTS_MOST
from stayahead.model import Block, BlockKind, Figure, Page

Short = tuple[str, int | float, int | float | None]


def page(*texts: str, language: str = "en") -> Page:
    return Page(blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in texts), language=language)


def short(sentence: str) -> list[Short]:
    return [(each.slot, each.low, each.high) for each in figures(sentence)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        # before what has become of them
        ("At least 17 people were killed when a bus fell into a river.", [("dead", 17, None)]),
        ("Three people, including two children, were injured.", [("injured", 3, None)]),
        ("32 Hurt as Train Derails, Climbs Escalator", [("injured", 32, None)]),
        ("Six other men were wounded on Tuesday.", [("injured", 6, None)]),
        ("The storm left three women and two men dead.", [("dead", 5, None)]),
        ("19 people are reported injured and another 12 are missing.", [("injured", 19, None), ("missing", 12, None)]),
        ("Two suspects are in custody.", [("arrested", 2, None)]),
        ("Sixty miners were rescued overnight.", [("rescued", 60, None)]),
        ("Four others suffered burns and 3 were taken to a hospital.", [("injured", 4, None), ("injured", 3, None)]),
        # behind what was done
        ("A gunman opened fire, killing 27 and wounding two policemen.", [("dead", 27, None), ("injured", 2, None)]),
        ("Police arrested 210 people in Delhi.", [("arrested", 210, None)]),
        ("The flood forced the evacuation of about 200 patients.", [("displaced", 200, None)]),
        ("Two gunmen killed 12 people.", [("dead", 12, None)]),
        # a noun, a toll
        ("26 cases and 11 deaths were counted.", [("dead", 11, None)]),
        ("The death toll rose from 31 to 41.", [("dead", 41, None)]),
        ("Death toll in Nepal quake passes 5,000", [("dead", 5000, None)]),
        ("The number of missing rose to 84.", [("missing", 84, None)]),
        # ranges and words
        ("Between 20 and 30 people were killed.", [("dead", 20, 30)]),
        ("Some 20-30 people were killed.", [("dead", 20, 30)]),
        ("They killed between 20-30 people and hurt between 5 and 9.", [("dead", 20, 30), ("injured", 5, 9)]),
        ("A 7.2-magnitude earthquake cost $33.2 billion.", [("magnitude", 7.2, None), ("money", 33_200_000_000, None)]),
        ("Two hundred and twelve villagers died.", [("dead", 212, None)]),
        ("Tens of thousands of residents were evacuated.", [("displaced", 20_000, None)]),
        # amounts
        ("It paid $1.2 bil. and C$18,000 to C$22,000.", [("money", 1.2e9, None), ("money", 18_000, 22_000)]),
        ("A loan of 15-20 bln USD and 5 million euros", [("money", 15e9, 20e9), ("money", 5e6, None)]),
        ("Rates fell from 8.1 to 7.8 percent, by 5-30%.", [("percent", 7.8, None), ("percent", 5, 30)]),
        ("A magnitude-7.5 quake and an 8.2 earthquake", [("magnitude", 7.5, None), ("magnitude", 8.2, None)]),
        ("Senators voted 67-32 for it, the bishops by a vote of 168 to 55.", [("votes", 67, 32), ("votes", 168, 55)]),
        ("A 4-0 defeat at home", [("score", 4, 0)]),
    ],
)  # fmt: skip
def test_a_figure_is_read(sentence: str, expected: list[Short]) -> None:
    assert short(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Mickey Rooney dies at 93",
        "A 27-year-old man is dead, and Anna Lee, 34, was hurt.",
        "Eight-year-old killed on May 14, 2013",
        "Missing Malaysia Airlines Flight 370",
        "Mt. Gox finds 200000 missing bitcoins",
        "He was arrested twice in 2012.",
        "The storm killed 12 cows and hurt 3 dogs.",
        "The flood could displace 3,000 people.",
        "Season 4, Episode 16: who died",
        "Police were called to the 1100 block at 4 a.m. after he fled.",
        "One in 25 patients were hurt.",
        'I would "100 Percent" do it',
        "They were not hurt: none of 12 people died.",
        "The 2-1/2 month lead was lost.",
        "The 1989-90 season was won.",
        "Some 1,500 people are waiting to be evacuated.",
        "12 of the victims were injured.",
        "1 on the die is a six.",
        "It changed the lives of 600,000 people.",
    ],
)
def test_what_is_no_figure_is_none(sentence: str) -> None:
    assert short(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "hedge"),
    [
        ("At least 12 people died.", "at least"),
        ("No fewer than twelve people died.", "at least"),
        ("Nearly 11,000 people died.", "about"),
        ("The toll surpasses 100.", "more than"),
        ("As many as 10 people were killed.", "up to"),
        ("Dozens were killed.", "dozens"),
        ("It cost more than US$5 million.", "more than"),
        ("Unemployment fell below 7 percent.", "less than"),
        ("12 people died.", ""),
    ],
)
def test_a_hedge_is_kept(sentence: str, hedge: str) -> None:
    (figure,) = figures(sentence)
    assert figure.hedge == hedge


def test_an_increment_is_no_total() -> None:
    assert [each.is_increment for each in figures("Another 3 people died, raising the toll to 41.")] == [True, False]
    assert [each.is_increment for each in figures("Three more were arrested.")] == [True]
    assert [each.is_increment for each in figures("19 were injured and another 12 are missing.")] == [False, False]


@pytest.mark.parametrize(
    ("sentence", "place"),
    [
        ("A bombing in northern Mali killed 12 people.", "northern Mali"),
        ("Twelve people were killed in Paris and three were hurt.", "Paris"),
        ("In Sweden 12 people died, and in Norway three were killed.", "Sweden"),
        ("Saudi Arabia reports eight more deaths.", "Saudi Arabia"),
        ("The Tokyo Electric Power Company said three people were hurt.", ""),
        ("The country took in 12 Syrian refugees.", ""),
    ],
)
def test_the_place_is_as_written_and_nearest(sentence: str, place: str) -> None:
    assert figures(sentence)[0].place == place


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("Twelve people died, police said on Friday.", "police"),
        ("At least 12 died, according to Haiti's Civil Protection Office.", "Haiti's Civil Protection Office"),
        ("Officials say about 12 people died.", "Officials"),
        ("He said two people were killed.", "He"),
        ("Pollution kills 7 million people: WHO", "WHO"),
        ("Prosecutor: 10 people unaccounted for in fire", "Prosecutor"),
        ("The court will hear of reports of 26 deaths.", ""),
        ("Police found 6 people dead.", ""),
    ],
)
def test_who_is_cited_is_as_written(sentence: str, cited: str) -> None:
    assert figures(sentence)[0].cited == cited


def test_the_time_of_a_figure_is_as_written() -> None:
    assert figures("As of late Saturday, 10 suspects were arrested.")[0].as_of == "As of late Saturday"
    assert figures("The quake of 2010 killed 12 people; in 2012 it was worse.")[0].as_of == "in 2012"
    assert figures("Twelve died.")[0].as_of == ""


def test_other_languages_have_the_dead_the_injured_and_the_missing() -> None:
    found = find_figures(Prose("", page("地震造成死亡人数升至31人，12人受伤。", language="zh")))
    assert [each.value for each in found] == [Figure(slot="dead", low=31), Figure(slot="injured", low=12)]
    assert figures("12 muertos", language="es") == ()


def test_a_table_of_figures_is_cut_off() -> None:
    table = page("".join(f"Item {n} costs ${n}.50. " for n in range(10_000)))
    assert len([each for each in find_statements("", table).text if each.kind == "figures"]) == STATEMENTS_MOST
    assert len(figures("; ".join(f"${n} for it" for n in range(1, 100)))) == SENTENCE_MOST


def test_a_statement_leads_to_its_sentence() -> None:
    text = "Rain fell. Twelve people died in Paris, police said."
    (found,) = (each for each in find_statements("Rain", page(text)).text if each.kind == "figures")
    assert text[found.start : found.end] == "Twelve people died in Paris, police said."
    assert found.value == Figure(slot="dead", low=12, place="Paris", cited="police")
