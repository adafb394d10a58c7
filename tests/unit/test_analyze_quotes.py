"""Direct quotes: what is one, who says it as written, who that is, and what is left in doubt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stayahead.analyze.cast import Cast
from stayahead.analyze.prose import MAX_TEXT_CHARS, Prose
from stayahead.analyze.quotation_marks import LONGEST, find_quotations
from stayahead.analyze.quotes import find_quotes
from stayahead.analyze.speech_words import speech_words
from stayahead.analyze.statements import QUOTES_MOST, find_statements
from stayahead.extract import read_page
from stayahead.model import Block, BlockKind, Page, Quote

PAGES = Path(__file__).parents[1] / "data" / "pages"


def page(*texts: str, language: str = "en") -> Page:
    return Page(language=language, blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in texts))


def quotes(*texts: str, language: str = "en") -> list[Quote]:
    found = [each.value for each in find_quotes(Prose("", page(*texts, language=language)))]
    return [each for each in found if isinstance(each, Quote)]


def said(*texts: str, language: str = "en") -> list[tuple[str, str, str]]:
    """The words, who is mentioned and who that is, of each quote."""
    return [(each.words, each.mention, each.speaker) for each in quotes(*texts, language=language)]


# ── marks ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("language", "text", "inside"),
    [
        ("en", "“We go,” he said. “Now.”", ["We go,", "Now."]),
        ("en", '"We go," he said. "Now."', ["We go,", "Now."]),
        ("en", "''We go,'' he said.", ["We go,"]),
        ("en", '"We go,” he said.', ["We go,"]),
        ("en", "“He called it ‘a shame’ twice,” she said.", ["He called it ‘a shame’ twice,"]),
        ("en", "“He said “a shame” twice,” she said.", ["He said “a shame"]),
        ("en", "‘We’re off to the dogs’ home,’ he said.", ["We’re off to the dogs’ home,"]),
        ("en", "'We're done,' he said.", ["We're done,"]),
        ("en", 'In the \'90s it was "a joke" to all.', ["a joke"]),
        ("en", 'It is 6\'2" tall and 5" wide.', []),
        ("en", "She began: “We have never", ["We have never"]),
        ("en", "Rock ’n’ roll, and the dogs’ bowl.", []),
        ("de", "„Wir gehen“, sagte er. „Jetzt.“", ["Wir gehen", "Jetzt."]),
        ("de", "»Wir gehen«, sagte er.", ["Wir gehen"]),
        ("fr", "« Nous partons », dit-il. «Oui.»", ["Nous partons", "Oui."]),
        ("es", "«Nos vamos», dijo. “Sí”.", ["Nos vamos", "Sí"]),
        ("ja", "「行く」と言った。", ["行く"]),
    ],
)
def test_what_stands_in_marks(language: str, text: str, inside: list[str]) -> None:
    assert [text[each.start : each.end] for each in find_quotations(text, language)] == inside


@given(st.text(alphabet="“”\"'‘’«»„ab .,", max_size=60), st.sampled_from(["en", "de", "fr", "es", "pl"]))
def test_quotations_stand_in_order_and_apart(text: str, language: str) -> None:
    at = 0
    for each in find_quotations(text, language):
        assert at <= each.outer_start < each.start < each.end <= each.outer_end <= len(text)
        at = each.outer_end


# ── who says so ──────────────────────────────────────────────────────────────────────────────────────────────────

WE = "We will open the bridge in May,"


@pytest.mark.parametrize(
    ("text", "mention", "role", "cue", "rule"),
    [
        (f"“{WE}” Ann Lee said.", "Ann Lee", "", "said", "behind"),
        (f"“{WE}” said Ann Lee, the mayor.", "Ann Lee", "the mayor", "said", "behind"),
        (f"“{WE}” Mayor Ann Lee told reporters.", "Ann Lee", "Mayor", "told", "behind"),
        (f"“{WE}” Kremlin spokesperson Ann Lee said.", "Ann Lee", "Kremlin spokesperson", "said", "behind"),
        (f"“{WE}” Ann Lee, a host of the show, said.", "Ann Lee", "a host of the show", "said", "behind"),
        (f"“{WE}” Rep. Ann Lee (D-Wis.) said Friday.", "Ann Lee", "Rep.", "said", "behind"),
        (f"“{WE}” the head of the agency, Ann Lee, said.", "Ann Lee", "the head of the agency", "said", "behind"),
        (f"“{WE}” a spokesman for Boeing said.", "a spokesman for Boeing", "", "said", "behind"),
        (f"“{WE}” police said.", "police", "", "said", "behind"),
        (f"“{WE}” according to Ann Lee.", "Ann Lee", "", "according", "behind"),
        (f"Ann Lee said, “{WE}” and left.", "Ann Lee", "", "said", "before"),
        (f"Ann Lee, who leads the city, said: “{WE}”", "Ann Lee", "who leads the city", "said", "before"),
        ("Ann Lee said on Monday that it was “a very long wait” for all.", "Ann Lee", "", "said", "inside"),
        ("Ann Lee outlined a plan and vowed to “open the bridge in May.”", "Ann Lee", "", "vowed", "inside"),
        ("Ann Lee attacked Tom Roe over it, saying, “He never came.”", "Ann Lee", "", "saying", "before"),
        ("On Monday, Ann Lee condemned it as “a very long wait”.", "Ann Lee", "", "condemned", "inside"),
        ("Lee’s spokeswoman Eve Ray said: “We wait for all.”", "Eve Ray", "Lee’s spokeswoman", "said", "before"),
    ],
)
def test_who_is_said_to_say_it(text: str, mention: str, role: str, cue: str, rule: str) -> None:
    (quote,) = quotes(text)
    assert (quote.mention, quote.role, quote.cue, quote.rule) == (mention, role, cue, rule)


@pytest.mark.parametrize(
    "clause",
    [
        "Blake denied saying",
        "Blake denied having said",
        "Blake denied that she said:",
        "Blake never said",
        "Blake did not say",
        "Blake didn’t say",
        "Blake has not yet said",
        "Blake refused to say",
        "Blake is accused of saying",
        "Blake is alleged to have said",
        "Tom Roe accused Blake of saying",
        "There is no evidence that Blake said",
        "Critics say Blake would say",
        "If Blake says",
        "The claim that Blake said",
        "Blake was falsely quoted as saying",
        "Blake was misquoted as saying",
    ],
)
def test_what_somebody_did_not_say_is_nobody_s(clause: str) -> None:
    assert said("Karen Blake came.", f"{clause} “{WE}” in Leeds. “So it is for us all.”") == [
        (WE, "", ""),
        ("So it is for us all.", "", ""),
    ]
    assert said(f"{clause}:", f"“{WE}”")[0][1:] == ("", "")


@pytest.mark.parametrize("clause", ["Blake never said", "Blake denied saying", "Blake would never say"])
def test_a_clause_behind_a_quote_may_take_it_back(clause: str) -> None:
    assert said("Karen Blake came.", f"“{WE}” {clause}.") == [(WE, "", "")]


@pytest.mark.parametrize(
    "clause",
    [
        "Blake denied the report, saying",
        "Blake denied it and said:",
        "Blake denied it:",
        "Asked if that is so, Blake said:",
        "Blake could not confirm the report but said:",
    ],
)
def test_who_denies_something_else_still_speaks(clause: str) -> None:
    assert said("Karen Blake came.", f"{clause} “{WE}”") == [(WE, "Blake", "Karen Blake")]


def test_a_denial_in_the_clause_before_takes_nothing_back() -> None:
    assert said("Karen Blake denied it and she said: “We never went there.”")[0][1:] == ("she", "Karen Blake")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Olaf Weber hat nie gesagt: „Wir gehen heute nach Hause.“"),
        ("fr", "Jean Dupont n’a jamais déclaré : « Nous partons ce soir à la mer. »"),
        ("es", "Pedro Ruiz nunca dijo: “Nos vamos hoy a la playa”."),
    ],
)
def test_what_was_not_said_in_other_languages(language: str, text: str) -> None:
    assert [speaker for _, _, speaker in said(text, language=language)] in ([], [""])


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        (f"Reuters quoted Ann Lee as saying: “{WE}”", "Ann Lee"),
        (f"“{WE}” Reuters quoted Ann Lee as saying.", "Ann Lee"),
        (f"Tass cited a spokesman as saying “{WE}”", "a spokesman"),
        (f"Ann Lee was quoted as saying: “{WE}”", "Ann Lee"),
        (f"Ann Lee was quoted by Reuters as saying: “{WE}”", "Ann Lee"),
    ],
)
def test_whoever_is_quoted_speaks_and_not_who_quotes(text: str, mention: str) -> None:
    (quote,) = quotes(text)
    assert quote.mention == mention


@pytest.mark.parametrize(
    ("name", "mention"),
    [
        ("the 45-year-old from Leeds", "the 45-year-old from Leeds"),
        ("Dr. Martin Luther King Jr.", "Martin Luther King Jr."),
        ("Fatima al-Rashid", "Fatima al-Rashid"),
        ("the Ministry of Health", "Ministry of Health"),
        ("the Bank of England", "Bank of England"),
        ("Mitch McConnell of Kentucky", "Mitch McConnell"),
        ("the mayor of London", "the mayor of London"),
    ],
)
def test_a_name_is_whole(name: str, mention: str) -> None:
    assert [each.mention for each in quotes(f"“{WE}” {name} said.")] == [mention]


@pytest.mark.parametrize("name", ["Dr. Martin Luther King Jr.", "Fatima al-Rashid", "the Ministry of Health"])
def test_a_name_behind_its_verb_is_whole(name: str) -> None:
    (quote,) = quotes(f"“{WE}” said {name}, in Leeds.")
    assert name.endswith(quote.mention)
    assert len(quote.mention.split()) > 1


def test_a_split_quote_is_two_stretches_of_one_speaker() -> None:
    assert quotes("“We go,” said Ann Lee. “Nobody stays.”") == [
        Quote(words="We go,", mention="Ann Lee", speaker="Ann Lee", cue="said", rule="behind"),
        Quote(words="Nobody stays.", mention="Ann Lee", speaker="Ann Lee", cue="said", rule="split"),
    ]


def test_a_clause_of_the_next_sentence_does_not_speak_for_the_last() -> None:
    assert said("“We go,” said Ann Lee. “Nobody stays.” Tom Roe added: “I stay at home.”") == [
        ("We go,", "Ann Lee", "Ann Lee"),
        ("Nobody stays.", "Ann Lee", "Ann Lee"),
        ("I stay at home.", "Tom Roe", "Tom Roe"),
    ]


def test_a_paragraph_that_opens_a_quote_again_goes_on_with_it() -> None:
    first, second = quotes("“We go,” said Ann Lee. “Nobody stays.", "“And nobody comes back to this place.”")[1:]
    assert (first.words, first.mention) == ("Nobody stays.", "Ann Lee")
    assert (second.words, second.mention, second.rule) == ("And nobody comes back to this place.", "Ann Lee", "open")


def test_a_quote_left_open_has_the_speaker_that_comes_at_its_end() -> None:
    first, second = quotes("“We came here when nobody did.", "“And we go,” said Ann Lee.")
    assert (first.speaker, first.rule, second.rule) == ("Ann Lee", "open", "behind")


def test_a_closed_quote_does_not_speak_for_the_next_paragraph() -> None:
    first, second = quotes("“Was it you who closed it?” asked Ann Lee.", "“I never closed it at all.”")
    assert (first.mention, second.mention, second.words) == ("Ann Lee", "", "I never closed it at all.")


def test_a_colon_announces_the_next_paragraph_in_marks_or_set_apart() -> None:
    assert said("Ann Lee told the council:", "“We go, and nobody stays.”")[0][1:] == ("Ann Lee", "Ann Lee")
    blocks = (
        Block(kind=BlockKind.PARAGRAPH, text="Ann Lee wrote on Monday:"),
        Block(kind=BlockKind.QUOTATION, text="We go, and nobody stays."),
    )
    (found,) = find_quotes(Prose("", Page(language="en", blocks=blocks)))
    assert isinstance(found.value, Quote)
    assert (found.block, found.start, found.value.words, found.value.rule) == (1, 0, blocks[1].text, "announced")


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “war room” was empty.",
        "Her film “The Long Way to Port Wenn” won.",
        "Ann Lee said the film “The Long Way to Port Wenn” was good.",
        "It was a “very odd and long affair” for the city.",
        "Ann Lee said it was “odd” that he came.",
    ],
)
def test_scare_quotes_and_titles_are_no_quotes(text: str) -> None:
    assert quotes(text) == []


def test_a_whole_sentence_that_nobody_is_said_to_say_is_a_quote_of_nobody() -> None:
    assert said("A sign hung there. “Nobody may come in here today.”") == [("Nobody may come in here today.", "", "")]


def test_headlines_are_not_read() -> None:
    blocks = (Block(kind=BlockKind.HEADING, text="“We go,” Ann Lee says"),)
    assert list(find_quotes(Prose("“We go,” Ann Lee says", Page(language="en", blocks=blocks)))) == []


# ── who that is ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_surname_leads_to_the_fullest_name_and_that_of_two_people_to_none() -> None:
    assert said("Kremlin spokesman Dmitry Peskov came.", "“We go,” Peskov said.")[0][2] == "Dmitry Peskov"
    assert said("Ann Lee met Bob Lee.", "“We go home,” Lee said.") == [("We go home,", "Lee", "")]


@pytest.mark.parametrize(
    ("before", "pronoun", "speaker"),
    [
        ("Ann Lee said she was glad.", "she", "Ann Lee"),
        ("Speaking with reporters, Donald Roe would not say.", "he", "Donald Roe"),
        ("Ann Lee met Tom Roe at the town hall.", "she", "Ann Lee"),
        ("Tom Roe met Ann Lee. She smiled.", "he", "Tom Roe"),
        ("Ann Lee smiled.", "he", ""),
        ("The White House stood there.", "he", ""),
        ("Ann Lee smiled.", "they", ""),
        ("The bridge was shut.", "she", ""),
        ("It is true, the BBC has confirmed.", "she", ""),
        ("Ann Lee was there. It is true, the BBC said.", "she", "Ann Lee"),
        ("Reuters said it was true.", "she", ""),
        ("President Ray Hill and Anna Reed came.", "she", ""),
        ("President Ray Hill, standing beside Anna Reed, said it was over.", "she", ""),
        ("Aparna Roe, of the institute, said Anna Reed was away.", "she", "Aparna Roe"),
    ],
)
def test_a_pronoun_leads_to_whom_it_stands_for_or_to_none(before: str, pronoun: str, speaker: str) -> None:
    assert said(before, f"“We go home now,” {pronoun} said.")[-1] == ("We go home now,", pronoun, speaker)


@pytest.mark.parametrize(
    ("fullest", "mention"),
    [
        ("Rosa Quispe Mamani", "Rosa Quispe"),
        ("Fatima al-Rashid", "al-Rashid"),
        ("Joseph R. Biden Jr.", "Biden"),
    ],
)
def test_a_part_of_a_name_leads_to_the_fullest(fullest: str, mention: str) -> None:
    assert said(f"{fullest} came today.", f"“We go home now,” said {mention}.") == [
        ("We go home now,", mention, fullest)
    ]


def test_a_pronoun_far_from_any_name_leads_to_none() -> None:
    far = ["Ann Lee smiled."] + ["It was dark. It rained."] * 4 + ["“We go home,” she said."]
    assert said(*far) == [("We go home,", "she", "")]


def test_a_cast_keeps_few_namesakes() -> None:
    words = speech_words("en")
    assert words is not None
    cast = Cast([f"There was Ann{chr(97 + n)} Lee." for n in range(20)], words)
    assert cast.fullest("Lee") == ""
    assert cast.fullest("Annb Lee") == "Annb Lee"


# ── languages ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("language", "texts", "told"),
    [
        ("de", ("„Wir gehen“, sagte Olaf Weber am Montag.",), [("Wir gehen", "Olaf Weber", "Olaf Weber")]),
        ("de", ("Ministerin Eva Lang erklärte: „Wir gehen.“",), [("Wir gehen.", "Eva Lang", "Eva Lang")]),
        (
            "de",
            ("Ministerin Eva Lang kam.", "»Wir bleiben«, fügte sie hinzu."),
            [("Wir bleiben", "sie", "Eva Lang")],
        ),
        ("de", ("„Wir haben nichts gehört“, sagte ein Zeuge.",), [("Wir haben nichts gehört", "Zeuge", "")]),
        (
            "fr",
            ("« Nous partons », a déclaré Jean Dupont mardi.",),
            [("Nous partons", "Jean Dupont", "Jean Dupont")],
        ),
        (
            "fr",
            ("La ministre Anne Roy est venue.", "« Nous restons », a-t-elle ajouté."),
            [("Nous restons", "elle", "Anne Roy")],
        ),
        ("es", ("«Nos vamos», dijo Pedro Ruiz el lunes.",), [("Nos vamos", "Pedro Ruiz", "Pedro Ruiz")]),
        ("es", ("María López aseguró: “Nos quedamos aquí”.",), [("Nos quedamos aquí", "María López", "María López")]),
        (
            "es",
            ("Según Pedro Ruiz, “no hay nada que hacer”.",),
            [("no hay nada que hacer", "Pedro Ruiz", "Pedro Ruiz")],
        ),
        ("cy", ("“Rydym yn mynd,” meddai Ann Lee.",), []),
    ],
)
def test_languages_by_their_marks_verbs_and_order(
    language: str, texts: tuple[str, ...], told: list[tuple[str, str, str]]
) -> None:
    assert said(*texts, language=language) == told


# ── a page, and what is bounded ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("shape", sorted(path.name for path in PAGES.glob("seed_*.*")))
def test_a_page_in_the_shape_of_the_seed_gives_its_quotes_and_nothing_of_comment_or_spam(shape: str) -> None:
    read = read_page((PAGES / shape).read_text("utf-8"), url="https://courier.example/ferry")
    found = [each.value for each in find_quotes(Prose(read.title, read))]
    speakers = [each.speaker for each in found if isinstance(each, Quote)]
    assert speakers == ["Ilse Corvane"] * 2 + ["Tomas Aldane"] * 2 + ["Ilse Corvane"] * 2
    paragraphs = json.loads((PAGES / "seed.json").read_text("utf-8"))["paragraphs"]
    assert all(any(each.words in text for text in paragraphs) for each in found if isinstance(each, Quote))


def test_the_words_stand_where_the_statement_says_under_a_dateline_too() -> None:
    text = "PORT WENN (Northwire) - “We go,” said Ann Lee. “Nobody stays.”"
    given_page = page(text, "He left. “It is over now,” she said.")
    for each in find_statements("", given_page).text:
        if not isinstance(each.value, Quote):
            continue
        assert given_page.blocks[each.block].text[each.start : each.end] == each.value.words


def test_broken_quotes_without_end_are_bounded() -> None:
    many = page(*(f"“We go {n} times,” said Ann Lee." for n in range(10_000)))
    assert len([each for each in find_statements("", many).text if each.kind == "quotes"]) == QUOTES_MOST
    never = page("“" + "We never close it. " * 5_000)
    assert find_statements("", never).text == ()
    assert quotes("“" + "a" * LONGEST + "”, said Ann Lee.") != []
    assert quotes("“" + "a" * (LONGEST + 1) + "”, said Ann Lee.") == []
    late = page("x" * MAX_TEXT_CHARS, "“We go,” said Ann Lee.")
    assert find_statements("", late).text == ()


def test_quotes_are_no_part_of_an_article_s_row() -> None:
    found = find_statements("", page("“We go,” said Ann Lee. At least 12 people were killed."))
    assert {each.kind for each in found.text} == {"quotes", "casualties", "figures", "names"}
    assert {each.kind for each in found.row} == {"casualties"}
