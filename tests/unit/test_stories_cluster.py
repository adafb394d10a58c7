"""The clusterer: rows in, pairs out, at the time asked for."""

from __future__ import annotations

from datetime import timedelta

from stayahead.model import Split, Update
from stayahead.stories import Clusterer, Row, arrival_of
from tests.story_inputs import START

_QUAKE = "Strong earthquake shakes coast of Ardania"


def _rows() -> list[Row]:
    titles = (_QUAKE, "Ardania coast shaken by strong earthquake", "Parliament of Borland passes budget")
    rows = [Row(id=f"a{n}", title=title, arrival=START + timedelta(minutes=n)) for n, title in enumerate(titles)]
    return [*rows, Row(id="b0", title=_QUAKE, arrival=START + timedelta(days=1))]


def test_pairs_come_when_the_day_ends() -> None:
    clusterer = Clusterer("day")
    given = [clusterer.add(row) for row in _rows()]
    assert given == [[], [], [], [("a0", "a0"), ("a1", "a0"), ("a2", "a2")]]
    assert clusterer.finish() == [("b0", "a0")]


def test_pairs_come_on_arrival() -> None:
    clusterer = Clusterer("arrival")
    given = [pair for row in _rows() for pair in clusterer.add(row)]
    assert given == [("a0", "a0"), ("a1", "a0"), ("a2", "a2"), ("b0", "a0")]
    assert clusterer.finish() == []


def test_pairs_come_at_the_end_and_sleeping_stories_still_answer() -> None:
    clusterer = Clusterer("end")
    for row in _rows():
        assert clusterer.add(row) == []
    late = Row(id="z0", title=_QUAKE, arrival=START + timedelta(days=30))
    assert clusterer.add(late) == []
    assert clusterer.engine.live_stories == 1
    assert dict(clusterer.finish()) == {"a0": "a0", "a1": "a0", "a2": "a2", "b0": "a0", "z0": "z0"}


def test_merged_story_answers_under_its_new_name_after_it_slept() -> None:
    clusterer = Clusterer("end")
    # Two stories that a third article claims both.
    titles = ("alpha beta gamma", "delta epsilon zeta", "alpha beta gamma delta epsilon zeta")
    for n in range(6):
        clusterer.add(Row(id=f"a{n}", title=titles[n % 3], arrival=START + timedelta(minutes=n)))
    clusterer.add(Row(id="z0", title="zzz", arrival=START + timedelta(days=5)))
    pairs = dict(clusterer.finish())
    assert {pairs[f"a{n}"] for n in range(6)} == {"a0"}


def test_repeated_id_is_passed_over() -> None:
    clusterer = Clusterer("end")
    clusterer.add(Row(id="a", title=_QUAKE, arrival=START))
    clusterer.add(Row(id="a", title="Other", arrival=START))
    assert clusterer.finish() == [("a", "a")]


def test_quiet_hours_are_ticked_through() -> None:
    clusterer = Clusterer("end")
    clusterer.add(Row(id="a", title=_QUAKE, arrival=START))
    clusterer.add(Row(id="b", title=_QUAKE, arrival=START + timedelta(hours=49)))
    assert dict(clusterer.finish()) == {"a": "a", "b": "b"}


def test_row_becomes_a_live_article() -> None:
    row = Row(id="a", title="Title", text="One.\n\nTwo.", arrival=START, publisher="one.example", language="en")
    arrival = arrival_of(row)
    assert arrival.article.page.text == "One.\n\nTwo."
    assert (arrival.article.publisher.domain, arrival.article.backfill) == ("one.example", False)
    assert arrival.signals.language == "en"


def test_articles_that_a_split_moves_come_with_their_new_story() -> None:
    opening = ("Velm opens ceremony", "Velm ceremony opens stadium", "Ceremony: Velm stadium crowd", "Velm crowd opens")
    doping = ("Velm rowers suspended", "Rowers of Velm doping", "Doping: Velm rowers", "Suspended rowers doping Velm")
    told: list[Update] = []
    clusterer = Clusterer("end", on_update=told.append)
    for n, title in enumerate((*opening, *doping, "Velm doping rowers suspended")):
        arrival = START + timedelta(minutes=n)
        clusterer.add(Row(id=f"a{n}", title=title, publisher=f"p{n}.example", language="en", arrival=arrival))
    pairs = dict(clusterer.finish())
    assert any(isinstance(update.change, Split) for update in told)
    assert {pairs[f"a{n}"] for n in range(4)} == {"a0"}
    assert {pairs[f"a{n}"] for n in range(4, 9)} == {"a4"}
    assert pairs == {article_id: clusterer.engine.story_of(article_id) for article_id in pairs}
