"""A story in its reports' words: which sentences stand alone, which are out of date, which are chosen."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from stayahead.analyze import find_statements
from stayahead.analyze.dateline import without_dateline
from stayahead.model import (
    Block,
    BlockKind,
    Page,
    Publisher,
    PublisherKind,
    ScoreParts,
    StoryArticle,
    StoryHead,
    SummarySentence,
)
from stayahead.stories.sentences import LEAST_CHARS, MOST_CHARS, stands
from stayahead.stories.summary import CHARS, REPORTS_ASKED, SENTENCES, reports, summarize

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
QUAKE = (
    "A strong earthquake struck the south coast of Calverra, bringing down buildings in Puerto Almena, officials said."
)
DEAD_12 = "At least 12 people were killed when an earthquake brought down buildings in Puerto Almena in Calverra."
DEAD_31 = "The death toll of the earthquake in Calverra rose to 31 as rescuers searched Puerto Almena, a minister said."
ABROAD = "Ostmere is sending rescuers and nine search dogs to Calverra after the earthquake at Puerto Almena."
OTHER = "The city council of Norhaven voted to plant two thousand trees along its ring road by the autumn of next year."


def report(
    name: str, minutes: int, lede: str, *, title: str = "Earthquake strikes Calverra", copy_of: str = ""
) -> StoryArticle:
    page = Page(blocks=(Block(kind=BlockKind.PARAGRAPH, text=lede),), language="en")
    return StoryArticle(
        id=f"{name}{minutes}",
        url=f"https://{name}.example/{minutes}",
        title=title,
        publisher=Publisher(domain=f"{name}.example", name=name),
        placed_at=NOON + timedelta(minutes=minutes),
        seen_at=NOON,
        language="en",
        lede=lede,
        copy_of=copy_of,
        statements=find_statements(title, page).row,
    )


def head(lead: StoryArticle, *, language: str = "en") -> StoryHead:
    parts = ScoreParts(first_at=NOON, latest_at=NOON)
    return StoryHead(id="s", headline=lead.title, lead_id=lead.id, language=language, opened_at=NOON, parts=parts)


def told(
    *articles: StoryArticle, lead: StoryArticle | None = None, language: str = "en"
) -> tuple[SummarySentence, ...]:
    return summarize(head(lead or articles[0], language=language), reports(articles))


# ── sentences ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("LONDON (Reuters) - The bank cut rates.", "The bank cut rates."),
        ("(Reuters) - Shares fell.", "Shares fell."),
        ("SANTA RUELA, May 14 (Northwire) — At least 12 died.", "At least 12 died."),
        ("PARIS, 4 mai (AFP) - Le président est parti.", "Le président est parti."),
        ("Berlin (dpa) - Die Regierung tritt zurück.", "Die Regierung tritt zurück."),
        ("WASHINGTON—The Senate voted.", "The Senate voted."),
        ("Moscow — The president said so.", "The president said so."),
        ("MOSCOW, May 4. /TASS/. The president said so.", "The president said so."),
        ("SAN JUAN, Puerto Rico: The storm grew.", "The storm grew."),
        ("JAKARTA, KOMPAS.com - Menteri pergi.", "Menteri pergi."),
        ("新华社北京5月4日电（记者王五）多地下雨。", "多地下雨。"),
        ("（中央社記者王五台北4日電）行政院說。", "行政院說。"),
        ("The bank — which has 300 branches — cut rates.", "The bank — which has 300 branches — cut rates."),
        ("US-China trade talks - the first since May - ended.", "US-China trade talks - the first since May - ended."),
        ("NASA - the agency that flies - said so.", "NASA - the agency that flies - said so."),
        ("President Ode (pictured) said so.", "President Ode (pictured) said so."),
        ("He said: No.", "He said: No."),
        ("", ""),
    ],
)
def test_a_dateline_is_no_part_of_the_sentence(text: str, rest: str) -> None:
    assert without_dateline(text) == rest


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", QUAKE),
        ("en", "“We could hear the rock before we saw it,” said Marit Solvang, who was on the upper deck."),
        (
            "de",
            "Bei einem Erdbeben im Süden von Calverra sind am 14. Mai mindestens zwölf Menschen ums Leben gekommen.",
        ),
        ("es", "El río Ancho baja por primera vez en nueve días y mil familias vuelven a sus casas en el valle."),
        ("ar", "أعلن الوسطاء مساء السبت التوصل إلى اتفاق مبدئي يسمح بمرور مئتي شاحنة يوميا عبر معبر الوادي."),
        ("zh", "受持续强降雨影响，沿江三市二十二日凌晨同时发布暴雨红色预警，两万余名居民转移。"),
        ("hi", "दक्षिणी तट पर आए भूकंप में कम से कम बारह लोगों की मौत हो गई, मंत्रालय ने बुधवार को बताया।"),
    ],
)
def test_what_stands_alone(language: str, text: str) -> None:
    assert stands(text, language=language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It was the strongest earthquake on this coast since 1987, seismologists in Santa Ruela said."),
        ("en", "But rescuers said they had counted at least nine collapsed buildings around the old harbour."),
        ("en", "Rescuers, however, counted at least nine collapsed buildings around the old harbour by noon."),
        ("en", "“We could hear the rock before we saw it, and then the lights went out on the upper deck.”"),
        ("en", "Where will the thousands of people who have lost their homes in Puerto Almena sleep tonight?"),
        ("en", "Too short."),
        ("en", "A strong earthquake struck the south coast of Calverra, bringing down buildings in the port of…"),
        ("en", "A strong earthquake struck the south coast of Calverra and brought down many buildings there"),
        ("en", "and a covered market in the southern port of Puerto Almena on Wednesday, the ministry said."),
        ("en", "Subscribe to our newsletter for the latest on the earthquake in Calverra and more world news."),
        ("en", "Correction, 15:11 UTC: An earlier version of this article gave the wrong number of votes."),
        ("en", "A STRONG EARTHQUAKE STRUCK THE SOUTH COAST OF CALVERRA ON WEDNESDAY, OFFICIALS THERE SAID."),
        ("en", "A minister said: “We have people alive under the concrete and we have to reach them tonight."),
        ("de", "Dabei sind am Mittwoch in der Hafenstadt Puerto Almena mindestens zwölf Menschen gestorben."),
        ("fr", "Selon le ministère, cependant, " * 12 + "rien."),
        ("fr", "Il a été ramené à terre avec les autres passagers du ferry vers deux heures de l'après-midi."),
        ("ru", "Он сообщил журналистам, что спасатели нашли под завалами девять разрушенных домов у порта."),
        ("zh", "他在当天下午举行的新闻发布会上表示，救援人员已经在港口附近发现九栋倒塌的建筑物。"),
        ("ar", "وأضاف أن فرق الإنقاذ عثرت على تسعة مبان منهارة حول الميناء القديم في مدينة بويرتو ألمينا."),
    ],
)
def test_what_does_not_stand_alone(language: str, text: str) -> None:
    assert not stands(text, language=language)


def test_a_later_sentence_must_name_whom_it_speaks_of() -> None:
    assert stands("After an argument over his rent, a man of 41 was arrested in Port Selden on Monday.", language="en")
    later = "A day later, when he was brought before the court, the judge read out the charges against the man."
    assert not stands(later, language="en", is_first=False)
    assert stands(later.replace("he was", "Anselm Orr was"), language="en", is_first=False)


def test_length_counts_signs_without_blanks_twice() -> None:
    assert not stands("雨" * (LEAST_CHARS // 2 - 2) + "。", language="zh")
    assert stands("雨" * (LEAST_CHARS // 2) + "。", language="zh")
    assert not stands("雨" * (MOST_CHARS // 2 + 1) + "。", language="zh")


# ── the summary ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_sentence_is_another_publisher_s_and_says_something_else() -> None:
    lead = report("wire", 60, DEAD_31)
    found = told(lead, report("post", 30, QUAKE), report("mail", 50, ABROAD), report("echo", 55, DEAD_31), lead=lead)
    assert found[0] == SummarySentence(text=DEAD_31, article=lead)
    assert 2 <= len(found) <= SENTENCES
    assert len({each.article.publisher.domain for each in found}) == len(found)
    assert [each.text for each in found].count(DEAD_31) == 1


@pytest.mark.parametrize("later", [DEAD_31, OTHER])
def test_an_earlier_figure_is_not_told_when_a_later_report_has_more(later: str) -> None:
    early, lead = report("wire", 0, DEAD_12), report("post", 40, later)
    others = (report("mail", 20, ABROAD), report("echo", 25, QUAKE))
    risen = report("post", 40, later, title="Death toll in Calverra earthquake rises to 31")
    found = told(early, *others, *((risen,) if later is OTHER else (lead,)), lead=risen if later is OTHER else early)
    assert all(each.text != DEAD_12 for each in found)


def test_a_figure_that_only_a_title_has_leaves_the_last_that_was_told() -> None:
    lead = report("wire", 10, DEAD_12, title="Earthquake in Calverra kills 12")
    later = report("post", 40, ABROAD, title="Rescuers on their way, toll at 47")
    assert told(lead, later, report("echo", 5, QUAKE))[0].text == DEAD_12


def test_one_lower_figure_overtakes_nothing_but_two_do() -> None:
    first = report("wire", 0, DEAD_31)
    others = (first, report("mail", 20, ABROAD), report("echo", 40, DEAD_12))
    assert DEAD_31 in [each.text for each in told(*others, lead=first)]
    lower = report("post", 50, DEAD_12.replace("At least", "A total of"))
    assert DEAD_31 not in [each.text for each in told(*others, lower, lead=first)]


def test_a_report_that_was_not_analysed_is_overtaken_by_nothing() -> None:
    early = replace(report("wire", 0, DEAD_12), statements=())
    later = (report("post", 40, DEAD_31), report("mail", 20, ABROAD), report("echo", 25, QUAKE))
    assert DEAD_12 in [each.text for each in told(early, *later, lead=early)]


def test_what_nobody_else_speaks_of_is_left_out() -> None:
    lead = report("wire", 10, QUAKE)
    found = told(lead, report("post", 5, DEAD_12), report("mail", 8, ABROAD), report("echo", 12, OTHER), lead=lead)
    assert OTHER not in [each.text for each in found]


def test_copies_and_other_languages_are_not_asked() -> None:
    lead = report("wire", 10, QUAKE)
    copy = report("post", 20, DEAD_12, copy_of=lead.id)
    foreign = report("blatt", 30, "Bei einem Erdbeben in Calverra sind mindestens zwölf Menschen gestorben, hieß es.")
    found = told(lead, copy, replace(foreign, language="de"))
    assert [each.article.id for each in found] == [lead.id]


def test_a_story_with_one_voice_is_told_by_its_first_sentences_without_the_dateline() -> None:
    lead = report("wire", 0, f"SANTA RUELA, May 14 (Northwire) — {QUAKE} It went on.")
    assert told(lead) == (SummarySentence(text=f"{QUAKE} It went on.", article=lead),)
    silent = report("post", 5, "")
    assert told(silent, lead, lead=silent) == (SummarySentence(text=f"{QUAKE} It went on.", article=lead),)
    assert told(silent) == ()


def test_an_agency_s_words_go_before_those_of_others() -> None:
    mail = report("mail", 50, f"{QUAKE[:-1]} on Wednesday.")
    wire = report("wire", 49, QUAKE)
    wire = replace(wire, publisher=replace(wire.publisher, kind=PublisherKind.AGENCY))
    silent = report("post", 55, "")
    assert told(mail, wire, report("echo", 51, ABROAD), lead=silent)[0].article == wire


def test_the_summary_does_not_depend_on_the_order_in_which_rows_are_read() -> None:
    rows = [report(f"p{n}", n, text) for n, text in enumerate((QUAKE, DEAD_12, ABROAD, DEAD_31, OTHER, QUAKE))]
    first = told(*rows, lead=rows[3])
    for seed in range(5):
        mixed = random.Random(seed).sample(rows, len(rows))
        assert told(*mixed, lead=rows[3]) == first


def test_three_long_sentences_are_too_many() -> None:
    more = (
        ", while lamps swung as far away as the capital and lifts stopped between floors of its national library",
        ", adding that work would go on under lights until every cellar near the old market hall had been opened",
        ", its foreign secretary told parliament, and would fly home those citizens who had asked for it by evening",
    )
    rows = [report(f"p{n}", n, text[:-1] + more[n] + ".") for n, text in enumerate((QUAKE, DEAD_31, ABROAD))]
    found = told(*rows)
    assert len(found) == 2
    assert sum(len(row.lede) for row in rows) > CHARS


def test_of_a_large_story_only_the_newest_reports_are_asked() -> None:
    rows = [report(f"p{n}", n, QUAKE) for n in range(REPORTS_ASKED + 5)]
    assert [row.id for row in reports(rows)] == [row.id for row in rows[:4:-1]]
