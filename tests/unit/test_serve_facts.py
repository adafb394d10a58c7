"""What a story's page shows of its reports' figures and quotes, and that each claim leads to its sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from stayahead.analyze import find_statements
from stayahead.config import Settings
from stayahead.model import (
    ArticleClaims,
    Block,
    BlockKind,
    Claim,
    Joined,
    Opened,
    Page,
    Publisher,
    StoryArticle,
)
from stayahead.serve.facts import Facts, story_facts
from stayahead.serve.figure_views import DOTS_MOST, LINES_MOST, SlotView
from stayahead.serve.quote_views import SPEAKERS_MOST
from stayahead.store import SqliteStore
from stayahead.stories.quote_ledger import quote_ledger
from tests.serve_requests import Html, ask, site
from tests.serve_stories import NOW, PUBLISHERS, article_of, head_of, story_article, tell, world


def said(name: str, text: str, *, minutes: int = 0, title: str = "Tower falls", copy_of: str = "") -> ArticleClaims:
    at = NOW + timedelta(minutes=minutes)
    publisher = Publisher(domain=f"{name}.example", name=name.capitalize())
    article = StoryArticle(
        id=name,
        url=f"https://{name}.example/",
        title=title,
        publisher=publisher,
        placed_at=at,
        seen_at=at,
        copy_of=copy_of,
    )
    page = Page(blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=part) for part in text.split("\n")), language="en")
    claims = (Claim(article_id=name, revision=0, statement=each) for each in find_statements(title, page).text)
    return ArticleClaims(article=article, claims=tuple(claims))


def facts(*told: ArticleClaims, may_read: bool = True, is_whole: bool = True) -> Facts:
    return story_facts(told, quotes=quote_ledger(told), origins={}, may_read=may_read, is_whole=is_whole)


def slot(*told: ArticleClaims) -> SlotView:
    (one,) = facts(*told).figures
    return one


RISEN = (
    said("wire", "30 people died."),
    said("post", "30 people died.", minutes=5, copy_of="wire"),
    said("radio", "The toll rose to 41.", minutes=60),
)


def test_a_toll_is_the_latest_number_with_every_report_as_a_dot() -> None:
    dead = slot(*RISEN)
    assert (dead.words, dead.reach) == ("41 dead", "by the latest, Radio")
    assert dead.chart is not None
    assert [(dot.words, bool(dot.line.article.copy_of)) for dot in dead.chart.dots] == [
        ("30 dead, Wire", False),
        ("30 dead, Post", True),
        ("41 dead, Radio", False),
    ]
    assert dead.chart.dots[0].y > dead.chart.dots[2].y
    assert dead.chart.steps.startswith(f"M{dead.chart.dots[0].x} ")
    assert dead.chart.steps.count("V") == 1


def test_what_is_told_once_or_always_alike_is_a_line_without_a_drawing() -> None:
    assert slot(RISEN[0]).chart is None
    same = slot(RISEN[0], said("radio", "30 people died.", minutes=60))
    assert (same.chart, same.lines, same.reach) == (None, (), "by 2 origins")


def test_a_conflict_names_both_and_the_range_what_all_say() -> None:
    dead = slot(said("wire", "41 people died."), said("radio", "35 people died.", minutes=60))
    assert (dead.words, dead.reach) == ("35 dead", "by the latest, 35 to 41 among 2 origins")
    (conflict,) = dead.conflicts
    assert [line.article.id for line in (conflict.one, conflict.other)] == ["wire", "radio"]
    assert [(value.words, [line.article.id for line in value.lines]) for value in dead.now] == [
        ("41", ["wire"]),
        ("35", ["radio"]),
    ]


def test_a_word_for_many_is_not_the_number_of_a_story_that_has_one() -> None:
    dead = slot(said("wire", "At least 41 people died."), said("radio", "Dozens of people died.", minutes=60))
    assert dead.words == "at least 41 dead"
    both = slot(said("wire", "At least 41 people died.", title="Dozens killed as tower falls"))
    assert both.words == "at least 41 dead"
    assert slot(said("wire", "12 people died."), said("radio", "Hundreds died.", minutes=60)).words == "hundreds dead"


def test_a_copy_that_still_tells_an_old_number_is_shown_and_is_not_the_latest() -> None:
    hurt = slot(
        said("wire", "19 people were injured."), said("post", "90 people were injured.", minutes=9, copy_of="wire")
    )
    assert (hurt.words, hurt.reach) == ("19 injured", "by the latest, Wire")
    assert hurt.chart is not None
    assert [dot.line.article.id for dot in hurt.chart.dots] == ["wire", "post"]
    assert "V" not in hurt.chart.steps


ADA = "“We shall find the cause of all this,” said Ada Brandt, the mayor."


def test_speakers_come_newest_first_with_who_carries_their_words() -> None:
    later = "“Nobody has told us what happened there,” said Bo Lind, a neighbour."
    quotes = facts(said("wire", ADA), said("post", ADA, minutes=5), said("radio", later, minutes=9)).quotes
    assert [(each.name, each.role) for each in quotes.speakers] == [
        ("Bo Lind", "a neighbour"),
        ("Ada Brandt", "the mayor"),
    ]
    (quote,) = quotes.speakers[1].quotes
    assert quote.words == "We shall find the cause of all this"
    assert [quote.first.article.id, *(each.article.id for each in quote.others)] == ["wire", "post"]


def test_the_same_words_of_two_people_are_said_to_be_so() -> None:
    other = ADA.replace("Ada Brandt, the mayor", "Bo Lind, a neighbour")
    (one,) = facts(said("wire", ADA), said("post", other, minutes=5)).quotes.speakers
    assert (one.name, one.quotes[0].also_given_to) == ("Ada Brandt", ("Bo Lind",))


def test_each_report_says_what_it_was_the_first_to_say_and_a_repetition_nothing() -> None:
    first = said("wire", f"30 people died.\n{ADA}")
    again = said("post", f"30 people died.\n{ADA}", minutes=5)
    added = facts(first, again).added
    assert {name: [(each.verb, each.words) for each in own] for name, own in added.items()} == {
        "wire": [("say", "30 dead"), ("quote", "Ada Brandt")]
    }


def test_where_not_all_was_read_nobody_is_said_to_be_first() -> None:
    first = said("wire", "30 people died.", minutes=5)
    assert facts(first, is_whole=False).added == {}
    unread = ArticleClaims(article=said("post", "").article, is_analysed=False)
    assert facts(unread, first).added == {}


def test_many_figures_and_many_speakers_stay_a_page() -> None:
    names = [f"Ker{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(200)]
    texts = [
        f"{n + 10} people died.\n{ADA.replace('Ada', name).replace('cause', f'{name} {n} causes')}"
        for n, name in enumerate(names)
    ]
    told = [said(f"n{n}", text, minutes=n) for n, text in enumerate(texts)]
    found = facts(*told)
    (dead,) = found.figures
    assert dead.chart is not None
    assert (len(dead.chart.dots), len(dead.lines), dead.more) == (DOTS_MOST, LINES_MOST, 200 - LINES_MOST)
    assert [dead.chart.dots[0].line.article.id, dead.chart.dots[-1].line.article.id] == ["n0", "n199"]
    assert (len(found.quotes.speakers), found.quotes.more) == (SPEAKERS_MOST, 200 - SPEAKERS_MOST)


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def pages() -> Iterator[SqliteStore]:
    with world() as store:
        yield store


def add_told(store: SqliteStore) -> str:
    """A story of two reports with a toll and a quote in their second paragraphs."""
    texts = ("A tower fell.\n30 people died.\n" + ADA, "A tower fell.\nThe toll rose to 41.")
    rows = [story_article("Tower falls", PUBLISHERS[n], NOW - timedelta(hours=2 - n)) for n in range(2)]
    articles = []
    for row, text in zip(rows, texts, strict=True):
        blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for line in text.splitlines())
        made = article_of(row)
        articles.append(replace(made, page=Page(blocks=blocks, language="en")))
    head = head_of(rows, rows[0])
    joined = Joined(article_id=rows[1].id, copy_of="", is_origin=True)
    tell(store, (head, Opened(article_id=rows[0].id)), (head, joined), seen=articles)
    return head.id


def test_every_claim_of_the_page_leads_to_its_sentence(pages: SqliteStore) -> None:
    app = site(pages)
    page = Html(ask(app, f"/story/{add_told(pages)}").text)
    ways = page("//section[@id or @class='counted' or @class='said']//a/@href | //p[@class='added']//a/@href")
    assert len(ways) >= 8
    for way in ways:
        path, _, block = way.partition("#")
        assert block
        (element,) = Html(ask(app, path).text)(f"//*[@id='{block}']")
        text = "".join(element.itertext())
        assert "30" in text or "41" in text or "Brandt" in text
    assert len(page("//*[local-name()='circle'][not(@class)]")) == 2
    assert [each.text_content() for each in page("//p[@class='added']")] == [
        "First to say 41 dead",
        "First to say 30 dead; first to quote Ada Brandt",
    ]


def test_who_may_not_read_texts_is_led_to_their_publishers_and_reads_no_words_of_them(pages: SqliteStore) -> None:
    html = ask(site(pages, settings=Settings(full_text="nobody")), f"/story/{add_told(pages)}").text
    page = Html(html)
    (section,) = page("//section[@class='said']")
    assert section.text_content().split() == ["In", "their", "words", "Ada", "Brandt", "the", "mayor", "Union", "Wire"]
    ways = page("//section[@class='counted' or @class='said']//a")
    assert ways
    assert all(way.get("href").startswith("https://") and way.get("rel") == "noopener nofollow ugc" for way in ways)
