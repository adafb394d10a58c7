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
        ("All 62 on board died, and 3 are feared dead.", [("dead", 62, None), ("dead", 3, None)]),
        ("62 feared dead", [("dead", 62, None)]),
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
    ("sentence", "expected"),
    [
        ("Brazil won 5 World Cups, and Labour won 412 seats.", []),
        ("In 2015 won a seat the last of them.", []),
        ("Arsenal won 3-1.", [("score", 3, 1)]),
        ("The party won 45 percent of the vote.", [("percent", 45, None)]),
        ("It cost 5,000 won, and 2 trillion won in all.", [("money", 5000, None), ("money", 2 * 10**12, None)]),
    ],
)
def test_a_verb_that_is_a_currency_s_name_too_is_money_behind_thousands_alone(
    sentence: str, expected: list[Short]
) -> None:
    assert short(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Police denied that 14 protesters had been killed.",
        "The ministry denied reports that 30 people had died.",
        "He denied killing 3 women.",
        "The minister rejected the opposition's claims that 500 people were killed.",
        "There is no evidence that 200 people were arrested.",
        "It is not true that 50 people were injured.",
        "The company denied that it had paid $5 million.",
        "Initial reports of 12 dead were wrong.",
        "Reports that 12 people had died were later denied.",
        "There were no reports of 12 deaths.",
        "Police foiled a plot to kill 100 people.",
        "He threatened to kill 12 hostages.",
    ],
)
def test_what_is_denied_or_false_or_a_mere_plan_is_no_figure(sentence: str) -> None:
    assert short(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Police denied that 14 people had died, saying that three were hurt.", [("injured", 3, None)]),
        ("Police denied using force after 14 people were killed.", [("dead", 14, None)]),
        ("The judge denied bail to 12 people arrested on Monday.", [("arrested", 12, None)]),
        ("Lawmakers rejected the bill 67-32 in a vote.", [("votes", 67, 32)]),
        ("An attempt to storm the prison left 12 people dead.", [("dead", 12, None)]),
        ("The report said that 12 people died and the mayor was dismissed.", [("dead", 12, None)]),
        ("The firm plans to spend $5 million.", [("money", 5_000_000, None)]),
    ],
)
def test_a_denial_reaches_to_the_end_of_its_clause_and_no_further(sentence: str, expected: list[Short]) -> None:
    assert short(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("An earlier version of this article said that 12 people had died.", []),
        ("Nine people died, raising an earlier death count of 5.", [("dead", 9, None)]),
        ("It was previously reported that 12 people had died.", []),
        ("Police initially said 12 people had died, but raised the toll to 15.", [("dead", 15, None)]),
    ],
)
def test_what_was_told_before_is_no_figure_of_now(sentence: str, expected: list[Short]) -> None:
    assert short(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Three children under 5 were killed.", [("dead", 3, None)]),
        ("Two of the 33 miners were rescued.", []),
        ("Police fined 3 of the 12 arrested.", []),
        ("Half of the 80 injured went home.", []),
        ("The deaths of 12 people shocked the town.", [("dead", 12, None)]),
        ("All 12 missing hikers have been found.", []),
        ("12 previously reported missing were found safe.", []),
        ("Ten missing people were found dead.", [("dead", 10, None)]),
        ("12 missing hikers have not been found.", [("missing", 12, None)]),
    ],
)
def test_a_whole_an_age_and_a_state_that_is_over_count_nobody(sentence: str, expected: list[Short]) -> None:
    assert short(sentence) == expected


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
        ("A quake of 6.1 on the Richter scale hurt 12.", ""),
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
        ("An estimated 3,000 people were displaced.", ""),
        ("The army, which was there, said 3 soldiers died.", ""),
        ("12 people reported injured were from Spain.", ""),
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
