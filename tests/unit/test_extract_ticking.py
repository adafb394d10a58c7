"""What changes by itself in a text, and what must never be taken for that."""

from __future__ import annotations

import pytest

from stayahead.extract.ticking import differ_in_figures_alone, steady, steady_title, timeless

BODY = "The council closed the bridge. It will stay closed until autumn."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1,234 views", "1,240 views"),
        ("12 comments", "13 comments"),
        ("Views: 98", "Views: 1.2K"),
        ("5 minutes ago", "2 hours ago"),
        ("Just now", "1 minute ago"),
        ("Posted by Jane Doe 5 minutes ago", "Posted by Jane Doe an hour ago"),
        ("By Jane Doe | 3 min ago | 12 shares", "By Jane Doe | 9 min ago | 14 shares"),
        ("Aktualisiert vor 5 Minuten", "Aktualisiert vor 2 Stunden"),
        ("Publié il y a 5 minutes · 1 203 vues", "Publié il y a 3 heures · 1 300 vues"),
        ("hace 5 minutos", "hace 1 hora"),
        ("5 минут назад", "2 часа назад"),
        ("5分前", "2時間前"),
        ("5 分钟前", "2 小时前"),
    ],
)
def test_counts_of_readers_and_times_told_from_now_change_nothing(before: str, after: str) -> None:
    assert steady(f"{BODY}\n\n{before}") == steady(f"{BODY}\n\n{after}")
    assert steady(f"{before}\n\n{BODY}") == steady(f"{after}\n\n{BODY}")
    assert steady(f"{BODY} {before}") == steady(f"{BODY} {after}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The toll rises from 17 to 41.", "The toll rises from 17 to 44."),
        ("Confirmed dead: 17", "Confirmed dead: 41"),
        ("17 dead", "41 dead"),
        ("Magnitude 6.1", "Magnitude 6.4"),
        ("The film has 1,234 views.", "The film has 12,340 views."),
        ("He was shot 2 hours ago.", "He was shot 3 hours ago."),
        ("Top 10 shares to buy this year", "Top 12 shares to buy this year"),
        ("17 people were killed 2 hours ago", "41 people were killed 2 hours ago"),
        ("Goals: 2", "Goals: 3"),
        ("Price: 12 euros", "Price: 13 euros"),
    ],
)
def test_a_figure_that_is_put_right_is_a_change(before: str, after: str) -> None:
    assert steady(f"{BODY}\n\n{before}") != steady(f"{BODY}\n\n{after}")


def test_figures_alone_are_those_outside_sentences() -> None:
    assert differ_in_figures_alone(f"{BODY}\n\nConfirmed dead: 17", f"{BODY}\n\nConfirmed dead: 1,041")
    assert not differ_in_figures_alone(f"{BODY} 17 died.", f"{BODY} 41 died.")
    assert not differ_in_figures_alone(f"{BODY}\n\nDead: 17", f"{BODY}\n\nHurt: 17")
    assert not differ_in_figures_alone(BODY, BODY)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Bridge closed (12 comments)", "Bridge closed (13 comments)"),
        ("Bridge closed - 5 minutes ago", "Bridge closed - 2 hours ago"),
        ("[1,234 views] Bridge closed", "[1,240 views] Bridge closed"),
        ("Just now | Brücke gesperrt", "1 minute ago | Brücke gesperrt"),
        ("Brücke gesperrt – vor 5 Minuten", "Brücke gesperrt – vor 2 Stunden"),
    ],
)
def test_what_ticks_apart_in_a_headline_changes_nothing(before: str, after: str) -> None:
    assert steady_title(before) == steady_title(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Quake (17 dead)", "Quake (41 dead)"),
        ("Flights cancelled - 41", "Flights cancelled - 57"),
        ("12 comments that changed a town", "13 comments that changed a town"),
        ("Bank sells 12 shares", "Bank sells 13 shares"),
        ("12 comments", "13 comments"),
        ("Bridge closed (5 minutes ago)", "Bridge open (5 minutes ago)"),
    ],
)
def test_another_headline_is_a_change(before: str, after: str) -> None:
    assert steady_title(before) != steady_title(after)
    assert timeless(before) != timeless(after)


def test_a_time_within_a_headline_may_wait() -> None:
    assert steady_title("Killed 2 hours ago") != steady_title("Killed 3 hours ago")
    assert timeless("Killed 2 hours ago") == timeless("Killed 3 hours ago")
