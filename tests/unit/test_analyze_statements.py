"""What the sentences of an article state: who is counted in which language, and where each statement stands."""

from __future__ import annotations

import pickle
from dataclasses import replace
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stayahead.analyze import analyze_whole, card_of, find_statements, packed, unpacked, versions
from stayahead.analyze.casualties import casualties
from stayahead.analyze.dateline import without_dateline
from stayahead.analyze.prose import MAX_TEXT_CHARS, SENTENCE_CHARS, Prose
from stayahead.analyze.statements import ANALYZERS, STATEMENTS_MOST
from stayahead.language.lexicon import words_by_language
from stayahead.model import (
    LEDE,
    STATEMENTS,
    TITLE,
    Block,
    BlockKind,
    CasualtyFigure,
    Entry,
    Name,
    Page,
    Statement,
)
from stayahead.newsroom.prepare import Draft, draft_of
from stayahead.text import collapse, sentence_spans, sentences, tokens

DEAD = "At least 12 people were killed when a building came down."
MORE = "A minister said that 140 were injured and nine are missing."


def page(*texts: str, kind: BlockKind = BlockKind.PARAGRAPH, language: str = "en") -> Page:
    return Page(blocks=tuple(Block(kind=kind, text=text) for text in texts), language=language)


def told(found: tuple[Statement, ...]) -> list[tuple[int, str, int]]:
    """Block, slot and count of each casualty figure."""
    return [(each.block, each.value.slot, each.value.count) for each in found if isinstance(each.value, CasualtyFigure)]


def of_casualties(found: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """What the one analyzer found of all."""
    return tuple(each for each in found if each.kind == "casualties")


def words(statement: Statement, title: str, of: Page) -> str:
    text = title if statement.block == TITLE else of.blocks[statement.block].text
    return text[statement.start : statement.end]


# ── casualties ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("language", "text", "figures"),
    [
        ("en", "Earthquake of magnitude 6.8 kills at least 12, dozens hurt", {"dead": 12}),
        ("en", "At least 1,200 people were killed and nine are missing.", {"dead": 1200, "missing": 9}),
        ("en", "The death toll of the quake rose to 31, with 140 injured.", {"dead": 31, "hurt": 140}),
        ("", "Two people were killed.", {"dead": 2}),
        ("en-GB", "Two people were killed.", {"dead": 2}),
        ("de", "Zwölf Menschen wurden getötet, 30 verletzt.", {"dead": 12, "hurt": 30}),
        ("de", "Die 40 Gemeinden am Fluss warten", {}),
        ("fr", "Le séisme a fait 12 morts et trois blessés", {"dead": 12, "hurt": 3}),
        ("es", "Al menos 17 muertos y 40 heridos", {"dead": 17, "hurt": 40}),
        ("pt", "Pelo menos 17 mortos, 40 feridos e três desaparecidos", {"dead": 17, "hurt": 40, "missing": 3}),
        ("it", "Almeno 17 morti e 40 feriti, due dispersi", {"dead": 17, "hurt": 40, "missing": 2}),
        ("ru", "Число погибших выросло до 23", {"dead": 23}),
        ("uk", "Загинули 23 людини, 40 поранено", {"dead": 23, "hurt": 40}),
        ("id", "Sebanyak 23 orang tewas dan 40 luka", {"dead": 23, "hurt": 40}),
        ("ar", "ارتفع عدد القتلى إلى 45 والجرحى إلى 100", {"dead": 45, "hurt": 100}),
        ("zh", "地震造成死亡人数升至31人，12人受伤。", {"dead": 31, "hurt": 12}),
        ("ja", "地震で31人が死亡、12人がけが", {"dead": 31, "hurt": 12}),
        ("en", "Hundreds died in 1987", {}),
        ("en", "A deadline of 30 days for mortgages of 40 towns", {}),
        ("en", "Killed due to 14 faults", {"dead": 14}),
        (
            "en",
            "Forty-six people are still missing, six-year-old twins were among the two dead",
            {"dead": 2, "missing": 46},
        ),
        ("fr", "Vingt-deux morts et deux blessés", {"dead": 22, "hurt": 2}),
        ("en", "Prices rose 4.5 per cent", {}),
        ("zh", "死亡" + "9" * 50, {}),
        ("en", "9" * 50 + " dead", {}),
    ],
)
def test_casualties(language: str, text: str, figures: dict[str, int]) -> None:
    assert casualties(text, language=language) == figures


@pytest.mark.parametrize(
    ("language", "text", "dead"),
    [
        ("en", "Two hundred people died", 200),
        ("en", "Five hundred and twelve people died", 512),
        ("en", "Three thousand four hundred dead", 3400),
        ("en", "Two dozen people were killed", 24),
        ("en", "Twenty-one killed", 21),
        ("en", "12 thousand people were killed", 12_000),
        ("en", "More than 12 000 people were killed", 12_000),
        ("en", "Some 1\u202f234 people were killed", 1234),
        ("en", "Some 1\u2009234 people were killed", 1234),
        ("en", "Some 1\u00a0234 people were killed", 1234),
        ("de", "Vierzig Tote", 40),
        ("de", "Drei hundert zwölf Tote", 312),
        ("de", "12 000 Tote", 12_000),
        ("es", "Cuarenta y seis muertos", 46),
        ("es", "Dos mil trescientos doce muertos", 2312),
        ("fr", "Deux cent douze morts", 212),
        ("fr", "Quatre-vingt-dix-sept morts", 97),
        ("fr", "Vingt et un morts", 21),
        ("it", "Duecento morti", 200),
        ("it", "Quaranta morti", 40),
        ("pt", "Duzentos e quarenta e seis mortos", 246),
        ("ru", "12 тысяч погибших", 12_000),
        ("uk", "Загинули 12 тисяч людей", 12_000),
        ("id", "12 ribu orang tewas", 12_000),
        ("ar", "12 ألف قتيل", 12_000),
        ("zh", "3万人死亡", 30_000),
        ("zh", "1,234人死亡", 1234),
        ("zh", "死亡人数升至1,234人", 1234),
        ("ja", "3千人が死亡", 3000),
    ],
)
def test_a_number_is_read_whole(language: str, text: str, dead: int) -> None:
    assert casualties(text, language=language) == {"dead": dead}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Half a dozen people were killed"),
        ("en", "A hundred people were killed"),
        ("en", "Two three people were killed"),
        ("en", "Two hundred thousand million people were killed"),
        ("en", "12 two people were killed"),
        ("en", "12 million dead"),
        ("en", "5 m dead"),
        ("en", "1.2 million dead"),
        ("en", "10-12 dead"),
        ("de", "Ein halbes Dutzend Tote"),
        ("fr", "Douze deux morts"),
        ("es", "Mil muertos"),
        ("zh", "1万2千人死亡"),
        ("zh", "1.5万人死亡"),
    ],
)
def test_a_number_that_is_not_surely_read_whole_is_nobody_s(language: str, text: str) -> None:
    assert casualties(text, language=language) == {}


@pytest.mark.parametrize(
    ("language", "text", "figures"),
    [
        ("en", "May 14 killed two", {"dead": 2}),
        ("en", "On 14 May dead trees fell", {"dead": 14}),
        ("en", "On 14 June dead trees fell", {}),
        ("en", "Boeing 737 dead", {}),
        ("en", "Police found the Starliner 42 dead", {}),
        ("en", "Police on Highway 101 said that two people died", {"dead": 2}),
        ("en", "Storm Kills 12 People In Calverra", {"dead": 12}),
        ("en", "The storm in Calverra Killed 12", {"dead": 12}),
        ("en", "Covid-19 dead", {}),
        ("en", "MH17 dead", {}),
        ("en", "On flight MH17, 12 dead", {"dead": 12}),
        ("en", "A 12-year-old died", {}),
        ("en", "The six-year-old died", {}),
        ("en", "Nobody died at 9:30", {}),
        ("en", "12% died", {}),
        ("en", "12 per cent died", {}),
        ("en", "Killed two years ago", {}),
        ("en", "12 cows killed", {}),
        ("en", "12 dairy cows killed", {}),
        ("en", "12 cows and three people killed", {"dead": 3}),
        ("en", "At least 12 people were not killed", {}),
        ("en", "12 were hurt but none dead", {"hurt": 12}),
        ("en", "Not 12 dead", {}),
        ("en", "Actor dies at 68", {}),
        ("en", "Death toll now 102: ministry", {"dead": 102}),
        ("de", "Am 14. Mai Tote", {}),
        ("de", "Boeing 737: Tote", {}),
        ("de", "12 Kühe tot", {}),
        ("de", "12 Menschen wurden nicht getötet", {}),
        ("de", "Nach Erdbeben 12 Tote", {"dead": 12}),
        ("es", "El 14 de mayo murieron dos", {"dead": 2}),
        ("es", "12 vacas muertas", {}),
        ("es", "12 personas no murieron", {}),
        ("fr", "Le 14 mai deux morts", {"dead": 2}),
        ("fr", "12 vaches mortes", {}),
        ("fr", "12 personnes ne sont pas mortes", {}),
        ("it", "Il 14 maggio due morti", {"dead": 2}),
        ("it", "12 mucche morte", {}),
        ("it", "12 persone non sono morte", {}),
        ("pt", "Em 14 de maio morreram dois", {"dead": 2}),
        ("pt", "12 vacas mortas", {}),
        ("pt", "12 pessoas não morreram", {}),
        ("ru", "14 мая погибли 2 человека", {"dead": 2}),
        ("ru", "12 коров погибли", {}),
        ("ru", "12 человек не погибли", {}),
        ("uk", "14 травня загинули 2 людини", {"dead": 2}),
        ("uk", "12 корів загинули", {}),
        ("uk", "12 людей не загинули", {}),
        ("id", "14 mei tewas", {}),
        ("id", "12 sapi tewas", {}),
        ("id", "12 orang tidak tewas", {}),
        ("ar", "12 بقرة قتلى", {}),
        ("ar", "12 شخصا ليس قتلى", {}),
        ("zh", "5月14日死亡", {}),
        ("zh", "12头死亡", {}),
        ("zh", "12人无死亡", {}),
        ("ja", "5月14日死亡", {}),
        ("ja", "12頭死亡", {}),
        ("ja", "12人死亡なし", {}),
    ],
)
def test_what_counts_nobody_is_no_figure(language: str, text: str, figures: dict[str, int]) -> None:
    assert casualties(text, language=language) == figures


@pytest.mark.parametrize("purpose", ["casualties.dead", "casualties.hurt", "casualties.missing"])
def test_no_word_is_missed_when_the_words_of_the_text_are_known(purpose: str) -> None:
    for language, own in words_by_language(purpose).items():
        for word in own:
            text = f"Rain fell. 17 {word.replace('*', 'o')}, x."
            of = page(text, language=language)
            found = find_statements("", of)
            assert len(of_casualties(found.text)) == 1, word
            assert find_statements("", of, words=" ".join(tokens(text))) == found


def test_every_language_that_has_words_for_the_dead_is_tried_above() -> None:
    (mark,) = (each for each in test_casualties.pytestmark if each.name == "parametrize")  # type: ignore[attr-defined]
    tried = {language for language, _, figures in mark.args[1] if figures}
    assert tried >= set(words_by_language("casualties.dead"))


# ── where they stand ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_statement_is_a_sentence_of_a_block_and_a_headline_is_one_sentence() -> None:
    title = "Tower falls. 12 dead"
    of = page("Rain fell. " + DEAD, DEAD[:-1] + "; " + MORE)
    found = find_statements(title, of)
    assert found.versions == versions() == "casualties=3 corrections=1 documents=1 quotes=2 figures=2 names=1"
    assert told(found.text) == [
        (TITLE, "dead", 12),
        (0, "dead", 12),
        (1, "dead", 12),
        (1, "hurt", 140),
        (1, "missing", 9),
    ]
    assert [words(each, title, of) for each in found.text[:2]] == [title, DEAD]


def test_a_dateline_counts_nobody_and_is_no_part_of_the_sentence() -> None:
    of = page("PORT ALMENA, Oct 14 (Northwire) — Dozens were killed when a tower fell. " + DEAD)
    found = find_statements("", of)
    assert told(found.text) == [(0, "dead", 12)]
    of = page(f"PORT ALMENA, Oct 14 (Northwire) — {DEAD}")
    assert words(find_statements("", of).text[0], "", of) == DEAD


def test_images_state_nothing_and_captions_do() -> None:
    assert find_statements("", page(DEAD, kind=BlockKind.IMAGE)).text == ()
    assert told(find_statements("", page(DEAD, kind=BlockKind.CAPTION)).text) == [(0, "dead", 12)]


def test_the_row_has_what_headline_and_lede_state_where_it_stands_there() -> None:
    title = "Twelve killed"
    of = page("PORT ALMENA (Northwire) -  Rain\n fell.", DEAD, MORE, "Later. " * 60, "In all 99 people were hurt.")
    of = replace(of, blocks=(Block(kind=BlockKind.HEADING, text="7 dead"), *of.blocks))
    found = find_statements(title, of)
    lede = card_of(of, Entry(title=title)).lede
    assert told(found.row) == [(TITLE, "dead", 12), (LEDE, "dead", 12), (LEDE, "hurt", 140), (LEDE, "missing", 9)]
    assert [lede[each.start : each.end] for each in found.row[1:]] == [DEAD, MORE, MORE]
    assert told(found.text)[1] == (0, "dead", 7)
    assert told(found.text)[-1] == (5, "hurt", 99)


def test_an_article_makes_so_many_statements_and_no_more_of_it_is_read() -> None:
    of = page(*[DEAD] * (STATEMENTS_MOST + 5))
    assert len(of_casualties(find_statements("", of).text)) == STATEMENTS_MOST
    far = page("Rain fell. " * (MAX_TEXT_CHARS // 11 + 1), DEAD)
    assert find_statements("", far).text == ()
    assert find_statements("", page("many words " * (SENTENCE_CHARS // 11) + DEAD)).text == ()


ODD = st.text(alphabet=st.characters(exclude_categories=()), max_size=30)
PIECES = st.sampled_from(
    (
        DEAD,
        MORE,
        "OSLO — ",
        "12 قتلى. ",
        "死亡31人。",
        "3人下落不明",
        "1945 die Toten 12",
        "  \n",
        "\u0301",
        "Mr. X. ",
        "…",
        "İ 9 dead! ",
    )
)
TEXTS = st.lists(ODD | PIECES, max_size=8).map("".join)
LANGUAGES = st.sampled_from(("", "en", "de", "ar", "zh", "ja", "ru", "hi", "en-US"))


@given(TEXTS, st.lists(st.tuples(st.sampled_from(list(BlockKind)), TEXTS), max_size=5), LANGUAGES)
def test_every_statement_lies_in_its_block(title: str, blocks: list[tuple[BlockKind, str]], language: str) -> None:
    of = Page(blocks=tuple(Block(kind=kind, text=text) for kind, text in blocks), language=language)
    found = find_statements(title, of)
    spans = {(each.block, each.start, each.end): each.text for each in Prose(title, of).sentences()}
    for each in found.text:
        assert STATEMENTS[each.kind] is type(each.value)
        text = words(each, title, of)
        assert text == text.strip() != ""
        if isinstance(each.value, Name):
            assert normalize("NFC", text.replace("\n", " ")).split() == each.value.text.split()
        else:
            assert text == spans[each.block, each.start, each.end]
    lede = card_of(of, Entry(title=title)).lede
    for each in found.row:
        shown = title if each.block == TITLE else lede
        assert 0 <= each.start < each.end <= len(shown)
        assert replace(each, block=TITLE) in found.text or any(
            collapse(words(other, title, of)) == lede[each.start : each.end] and other.value == each.value
            for other in found.text
        )
    assert unpacked(packed(found.text)) == found.text
    assert analyze_whole(of, Entry(title=title)).statements == found


@given(TEXTS)
def test_sentences_of_a_text_are_told_by_their_places(text: str) -> None:
    spans = list(sentence_spans(text))
    assert [text[start:end] for start, end in spans] == sentences(text)
    assert all(start < end for start, end in spans)
    assert [end for _, end in spans[:-1]] == sorted(end for _, end in spans[:-1])
    if text:
        assert "".join(sentences(text)).split() == text.split() or len(spans) > 1


@given(TEXTS)
def test_what_is_left_without_a_dateline_is_the_end_of_the_text(text: str) -> None:
    assert text.endswith(without_dateline(text))


def test_statements_of_a_kind_that_is_no_more_are_left_out() -> None:
    (statement,) = of_casualties(find_statements("", page(DEAD)).text)
    assert unpacked(packed((replace(statement, kind="gone"), statement))) == (statement,)


def test_every_analyzer_has_a_kind_of_its_own_that_is_known() -> None:
    kinds = [each.kind for each in ANALYZERS]
    assert len(set(kinds)) == len(kinds)
    assert set(kinds) == set(STATEMENTS)


@pytest.mark.parametrize("more", ["", " A lone \ud800 surrogate."])
def test_statements_come_whole_through_the_pipe(more: str) -> None:
    draft = draft_of(page(DEAD + more, MORE), Entry(title="12 dead"))
    assert len(draft.statements.text) == 8
    back: Draft = pickle.loads(pickle.dumps(draft, pickle.HIGHEST_PROTOCOL))
    assert back == draft


@pytest.mark.parametrize(
    "text", ["1 " * 20_000, "dead" * 10_000, "7 " + "muert" * 8_000, "死亡" + "9" * 39_000, ". " * 20_000]
)
def test_hostile_texts_state_little(text: str) -> None:
    for language in ("en", "es", "zh"):
        assert len(find_statements(text, page(text, language=language)).text) <= 2


def test_a_figure_is_a_small_value() -> None:
    (statement,) = of_casualties(find_statements("", page(DEAD)).text)
    assert statement.value == CasualtyFigure(slot="dead", count=12)
    assert len(packed((statement,))) < 60
