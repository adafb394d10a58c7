"""A story's figures: what is true now, what rose, what disagrees; and that no order of reading changes it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stayahead.analyze import find_statements
from stayahead.model import ArticleClaims, Block, BlockKind, Claim, Figure, FigureSlot, Page, Publisher, StoryArticle
from stayahead.stories.figures import (
    CONFLICTS_MOST,
    REVISIONS_MOST,
    FigureLedger,
    SlotFigures,
    disjoint,
    figure_ledger,
    moved,
    origins_today,
)

T0 = datetime(2026, 3, 1, 12, tzinfo=UTC)


def said(name: str, text: str, *, minutes: int = 0, title: str = "Tower falls", copy_of: str = "") -> ArticleClaims:
    at = T0 + timedelta(minutes=minutes)
    publisher = Publisher(domain=f"{name.rstrip('0123456789')}.example", name=name)
    article = StoryArticle(id=name, url="", title=title, publisher=publisher, placed_at=at, seen_at=at, copy_of=copy_of)
    page = Page(blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=part) for part in text.split("\n")), language="en")
    claims = (Claim(article_id=name, revision=0, statement=each) for each in find_statements(title, page).text)
    return ArticleClaims(article=article, claims=tuple(claims))


def dead(*told: ArticleClaims) -> SlotFigures:
    return figure_ledger(told)["dead"]


def values(ledger: SlotFigures) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """The revisions and the conflicts, each with its two numbers."""
    return (
        [(each.before.figure.low, each.line.figure.low) for each in ledger.revisions],
        [(each.one.figure.low, each.other.figure.low) for each in ledger.conflicts],
    )


def test_a_toll_that_rises_is_an_update_and_no_conflict() -> None:
    own = dead(said("a", "30 people died."), said("b", "The toll rose to 41.", minutes=60))
    assert values(own) == ([(30, 41)], [])
    assert (own.low, own.high) == (41, 41)
    assert own.latest is not None
    assert own.latest.article.id == "b"
    assert [line.figure.low for line in own.lines] == [41, 30]
    assert own.revisions[0].is_increase


def test_a_later_and_lower_count_of_another_origin_is_a_conflict_and_both_are_the_range() -> None:
    own = dead(said("a", "41 people died."), said("b", "35 people died.", minutes=60))
    assert values(own) == ([], [(41, 35)])
    assert (own.low, own.high) == (35, 41)


def test_what_was_told_at_one_time_disagrees_whichever_is_higher() -> None:
    assert values(dead(said("a", "41 people died."), said("b", "35 people died.")))[1] != []
    assert values(dead(said("a", "35 people died."), said("b", "41 people died.")))[1] != []


def test_an_origin_that_takes_back_its_own_count_revises_it() -> None:
    own = dead(said("a1", "41 people died."), said("a2", "35 people died.", minutes=60))
    assert values(own) == ([(41, 35)], [])
    assert not own.revisions[0].is_increase
    settled = dead(
        said("a1", "41 people died."), said("b", "35 people died.", minutes=5), said("a2", "35 died.", minutes=9)
    )
    assert values(settled)[1] == []


def test_nobody_s_count_follows_that_of_a_report_which_was_revised_at_a_time_that_is_not_known() -> None:
    first, later = said("a", "9 people died."), said("b", "12 people died.", minutes=1)
    assert values(dead(first, later)) == ([(9, 12)], [])
    corrected = replace(first, article=replace(first.article, revision=1))
    assert values(dead(corrected, later))[0] == []
    assert values(dead(corrected, later, said("c", "15 people died.", minutes=2)))[0] == [(12, 15)]
    own = dead(corrected, said("a2", "12 people died.", minutes=60))
    assert values(own)[0] == [(9, 12)]


def test_what_stood_in_another_year_is_background() -> None:
    own = dead(said("a", "A similar dam failed in 1987 and killed 300 people.\n12 people died."))
    assert [(line.figure.low, line.is_leading) for line in own.lines] == [(300, False), (12, True)]
    assert (own.low, own.high) == (12, 12)
    alone = dead(said("a", "A similar dam failed in 1987 and killed 300 people."), said("b", "250 people died."))
    assert (alone.low, alone.high, alone.conflicts) == (250, 250, ())


def test_a_word_for_many_says_how_few_only_where_nobody_says_how_many() -> None:
    assert (dead(said("a", "Dozens died.")).low, dead(said("a", "Dozens died.")).high) == (24, 24)
    own = dead(said("a", "Dozens died."), said("b", "86 people died."), said("c", "90 people died."))
    assert (own.low, own.high) == (86, 90)


def test_copies_and_publishers_of_one_owner_are_one_voice() -> None:
    original, copy = said("a", "41 people died."), said("b", "35 people died.", minutes=9, copy_of="a")
    assert values(dead(original, copy))[1] == []
    one, other = (
        replace(each, article=replace(each.article, publisher=replace(each.article.publisher, owner="O")))
        for each in (said("a", "41 people died."), said("b", "35 people died.", minutes=9))
    )
    assert values(dead(one, other))[1] == []
    loop = [replace(each.article, copy_of=of) for each, of in ((original, "b"), (copy, "a"))]
    assert origins_today(loop)(loop[0])


def test_who_is_of_one_origin_is_for_the_caller_to_say() -> None:
    told = [said("a", "41 people died."), said("b", "35 people died.", minutes=9)]
    assert figure_ledger(told, origin_of=lambda article: "one")["dead"].conflicts == ()
    assert figure_ledger(told, origin_of=lambda article: article.id)["dead"].conflicts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("At least 30 people died.", "34 people died."),  # both can be true
        ("About 40 people died.", "41 people died."),
        ("13 people died.", "12 people died."),  # with or without the gunman
        ("200 people died.", "12 people died."),  # a part and its whole
        ("41 people died in Paris.", "35 people died in Oslo."),
        ("41 people die every year.", "35 people died."),
        ("Another 41 people died.", "35 people died."),
        ("41 people died in 2011.", "35 people died."),
        ("Rain fell.\nIt rained.\nIt did.\n41 people died.", "35 people died."),  # background
    ],
)
def test_what_may_be_two_things_or_both_be_true_is_no_conflict(one: str, other: str) -> None:
    assert values(dead(said("a", one), said("b", other, minutes=1)))[1] == []
    assert values(dead(said("b", other), said("a", one, minutes=1)))[1] == []


def test_what_was_told_hours_apart_is_no_conflict() -> None:
    assert values(dead(said("a", "41 people died."), said("b", "35 people died.", minutes=60 * 7)))[1] == []


def test_a_conflict_that_a_higher_count_has_outgrown_is_over() -> None:
    told = [said("a", "41 people died."), said("b", "35 people died.", minutes=5)]
    assert values(dead(*told))[1] == [(41, 35)]
    grown = dead(*told, said("c", "The toll rose to 60.", minutes=30))
    assert values(grown)[1] == []
    assert (grown.low, grown.high) == (60, 60)


def test_votes_of_two_bodies_and_a_quake_s_aftershock_do_not_disagree() -> None:
    def conflicts(slot: FigureSlot, one: str, other: str) -> int:
        return len(figure_ledger([said("a", one), said("b", other)])[slot].conflicts)

    assert conflicts("votes", "The Senate voted 92-6 for it.", "The House voted 359-53 for it.") == 0
    assert conflicts("votes", "The Senate voted 92-6 for it.", "The Senate voted 90-8 for it.") == 1
    assert conflicts("magnitude", "A magnitude 7.8 quake", "A magnitude 7.6 quake") == 1
    assert conflicts("magnitude", "A magnitude 7.8 quake", "A magnitude 6.1 quake") == 0


def test_money_and_shares_are_listed_and_have_no_range() -> None:
    own = figure_ledger([said("a", "It cost $5 million."), said("b", "It fell by $3 million.", minutes=3)])["money"]
    assert (own.low, own.high, own.revisions, own.conflicts) == (None, None, (), ())
    assert [line.figure.low for line in own.lines] == [3_000_000, 5_000_000]
    assert own.latest is not None
    assert own.latest.article.id == "b"


def test_the_headline_leads_and_the_rest_is_listed() -> None:
    own = dead(said("a", "12 people died in Paris.\n80 people died at a theatre.", title="129 people dead"))
    assert [(line.figure.low, line.is_leading) for line in own.lines] == [(129, True), (12, False), (80, False)]
    assert (own.low, own.high) == (129, 129)


def test_what_changed_since_is_told_oldest_first() -> None:
    ledger = figure_ledger(
        [
            said("a", "30 people died. 5 were hurt."),
            said("b", "The toll rose to 41. 9 were hurt.", minutes=60),
            said("c", "The toll rose to 50.", minutes=90),
        ]
    )
    steps = [(each.line.figure.slot, each.before.figure.low, each.line.figure.low) for each in moved(T0, ledger)]
    assert steps == [("dead", 30, 41), ("injured", 5, 9), ("dead", 41, 50)]
    assert len(moved(T0 + timedelta(minutes=60), ledger)) == 1
    assert moved(T0 + timedelta(minutes=90), ledger) == ()


def test_ten_thousand_opinions_cost_a_bounded_answer() -> None:
    told = [said(f"n{chr(97 + n % 26)}{chr(97 + n // 26)}x", f"{1000 - n} people died.", minutes=n) for n in range(200)]
    own = dead(*told)
    assert (len(own.lines), len(own.conflicts), len(own.revisions)) == (200, CONFLICTS_MOST, 0)
    risen = dead(*[said(f"a{n}", f"{n} people died.", minutes=n) for n in range(2, 200)])
    assert len(risen.revisions) == REVISIONS_MOST


def test_figures_that_can_both_be_true_are_not_disjoint() -> None:
    def figure(low: float, high: float | None = None, *, hedge: str = "") -> Figure:
        return Figure(slot="dead", low=low, high=high, hedge=hedge)

    assert disjoint(figure(30), figure(31))
    assert not disjoint(figure(30), figure(30))
    assert not disjoint(figure(20, 30), figure(25))
    assert not disjoint(figure(24, hedge="dozens"), figure(60))
    assert disjoint(figure(200, hedge="hundreds"), figure(60))
    assert disjoint(figure(40, hedge="less than"), figure(60))
    assert not disjoint(figure(70, hedge="up to"), figure(60))


TEXTS = st.sampled_from(
    (
        "30 people died.",
        "41 people died in Paris, police said.",
        "The toll rose to 35, and 12 were hurt.",
        "Another 3 died; $5 million is lost.",
        "At least 41 people died in Oslo.",
        "Rain fell.",
    )
)


def shape(ledger: FigureLedger) -> dict[str, object]:
    return {
        slot: (
            own.low,
            own.high,
            [(line.article.id, line.figure) for line in own.lines],
            [(each.before.article.id, each.line.article.id) for each in own.revisions],
            [(each.one.article.id, each.other.article.id) for each in own.conflicts],
        )
        for slot, own in ledger.items()
    }


@given(st.lists(st.tuples(TEXTS, st.integers(0, 500)), max_size=7), st.integers(0, 9))
def test_the_order_in_which_articles_are_read_does_not_matter(told: list[tuple[str, int]], seed: int) -> None:
    names = "abcdefg"
    articles = [said(names[n], text, minutes=at) for n, (text, at) in enumerate(told)]
    mixed = random.Random(seed).sample(articles, len(articles))
    assert shape(figure_ledger(mixed)) == shape(figure_ledger(articles))
    for own in figure_ledger(articles).values():
        assert all(line.figure.slot == own.slot for line in own.lines)
        for conflict in own.conflicts:
            assert conflict.one.origin != conflict.other.origin
            assert conflict.one.article.placed_at <= conflict.other.article.placed_at
