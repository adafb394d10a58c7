"""What changed since a reader last looked, and what was corrected: folded from versions, claims and the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from starlette.applications import Starlette

from stayahead.analyze import find_statements
from stayahead.analyze.amendment import Severity
from stayahead.config import Settings
from stayahead.model import (
    ArticleClaims,
    Block,
    BlockKind,
    Claim,
    Merged,
    Page,
    Publisher,
    Removed,
    StoryArticle,
    StoryHead,
    Update,
    Version,
)
from stayahead.store import SqliteStore
from stayahead.stories.corrections import Amended, amendment_of, corrections
from stayahead.stories.quote_ledger import quote_ledger
from stayahead.stories.since import Changes, Report, changes, new_sentences
from tests.serve_requests import ask, site
from tests.serve_stories import NOW, PUBLISHERS, add_revised, article_of, head_of, story_article, world
from tests.unit.test_serve_api import conforms

FERRY = (
    "The ferry Halla ran aground off Port Wenn on Sunday night with 212 people on board.\n"
    "Nine people are missing, the coast guard said.\n"
    "The captain, Jonas Wied, told officers that the rudder had failed in the storm."
)


def page(text: str) -> Page:
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for line in text.splitlines())
    return Page(blocks=blocks, language="en")


def row(name: str, publisher: Publisher, *, minutes: int, copy_of: str = "") -> StoryArticle:
    made = story_article(name, publisher, NOW + timedelta(minutes=minutes))
    return replace(made, id=name, copy_of=copy_of, is_origin=not copy_of)


def report(article: StoryArticle, text: str, *, is_new: bool) -> Report:
    found = find_statements(article.title, page(text))
    claims = tuple(Claim(article_id=article.id, revision=0, statement=each) for each in found.text)
    return Report(article=article, is_new=is_new, claims=claims, page=page(text))


def told(reports: Sequence[Report], updates: Sequence[Update] = (), *, before: str = "") -> Changes:
    quotes = quote_ledger([ArticleClaims(article=each.article, claims=tuple(each.claims)) for each in reports])
    return changes(reports, updates=updates, head=head(reports), headline_before=before, quotes=quotes)


def head(reports: Sequence[Report]) -> StoryHead:
    articles = [each.article for each in reports]
    return head_of(articles, articles[0])


OLD = report(row("old", PUBLISHERS[0], minutes=0), FERRY, is_new=False)


def test_a_story_that_nobody_added_to_has_no_news() -> None:
    assert told([OLD]) == Changes()


def test_a_repetition_by_another_is_an_origin_and_no_new_fact() -> None:
    found = told([OLD, report(row("again", PUBLISHERS[1], minutes=5), FERRY, is_new=True)])
    assert [each.kind for each in found.news] == ["origin"]
    assert (found.sentences, found.reports) == ((), 1)


def test_a_new_figure_is_told_once_with_the_range_before() -> None:
    text = "Eleven people are missing, the coast guard said."
    others = [report(row(f"n{n}", PUBLISHERS[n], minutes=n), text, is_new=True) for n in (1, 2)]
    figures = [each for each in told([OLD, *others]).news if each.kind == "figure"]
    assert [(each.before, each.after, each.also, each.article and each.article.id) for each in figures] == [
        ("9", "11", 1, "n1")
    ]
    claim = figures[0].claim
    assert claim is not None
    assert text[claim.statement.start : claim.statement.end] == text


def test_who_was_arrested_is_news_as_who_is_missing_is() -> None:
    texts = ("Police arrested two people.", "Police arrested three people; another five were arrested.")
    first, second = (report(row(f"n{n}", PUBLISHERS[n], minutes=n), text, is_new=True) for n, text in enumerate(texts))
    figures = [each for each in told([OLD, replace(first, is_new=False), second]).news if each.kind == "figure"]
    assert [(each.before, each.after) for each in figures] == [("2", "3")]


@pytest.mark.parametrize(
    "text",
    [
        "A similar ferry sank in 1987, and 300 people were injured.",
        "Police denied that 14 people were missing.",
        "Rain fell.\nIt rained.\nIt did.\nIn all 300 people were injured.",
    ],
)
def test_background_and_denials_are_no_news(text: str) -> None:
    found = told([OLD, report(row("n1", PUBLISHERS[1], minutes=1), text, is_new=True)])
    assert [each for each in found.news if each.kind == "figure"] == []


def test_a_background_figure_is_no_news_and_a_range_is_told_as_one() -> None:
    text = "Between 11 and 14 people are missing, the coast guard said."
    lines = (text, "Divers came.", "The search began.", "In May 40 people were reported missing.")
    later = report(row("n", PUBLISHERS[1], minutes=1), "\n".join(lines), is_new=True)
    (one,) = (each for each in told([OLD, later]).news if each.kind == "figure")
    assert (one.before, one.after) == ("9", "11 to 14")


def test_new_words_of_somebody_are_told_once_with_who_says_them() -> None:
    old = "“We shall find the cause of this,” said Ada Brandt, the minister of transport."
    new = "“The rudder had been mended only two weeks before,” said Ada Brandt on Monday."
    first = report(row("first", PUBLISHERS[0], minutes=0), old, is_new=False)
    both = [report(row(f"n{n}", PUBLISHERS[n], minutes=n), f"{old}\n{new}", is_new=True) for n in (1, 2)]
    quotes = [each for each in told([first, *both]).news if each.kind == "quote"]
    assert [(each.after, each.also, each.article and each.article.id) for each in quotes] == [("Ada Brandt", 1, "n1")]
    assert quotes[0].claim is not None
    assert quotes[0].claim.statement.block == 1


def test_a_copy_is_counted_and_is_no_origin() -> None:
    copy = report(row("copy", PUBLISHERS[2], minutes=7, copy_of="old"), FERRY, is_new=True)
    found = told([OLD, copy])
    assert (found.news, found.copies, found.reports) == ((), 1, 0)


def test_the_headline_then_and_now() -> None:
    found = told([OLD], before="Ferry in distress")
    assert [(each.before, each.after) for each in found.news if each.kind == "headline"] == [
        ("Ferry in distress", OLD.article.title)
    ]


def test_a_removal_names_nothing_of_what_was_removed() -> None:
    update = Update(number=9, at=NOW, story=head([OLD]), change=Removed(article_id="gone", reason="privacy"))
    (one,) = told([OLD], [update]).news
    assert (one.kind, one.after, one.before, one.article) == ("removed", "privacy", "", None)


def test_merges_of_another_story_before_it_came_are_not_told() -> None:
    of_this = Update(number=8, at=NOW, story=head([OLD]), change=Merged(other_id="other"))
    of_other = replace(of_this, number=7, story=replace(head([OLD]), id="other"), change=Merged(other_id="third"))
    assert [each.before for each in told([OLD], [of_other, of_this]).news] == ["other"]


def test_new_sentences_leave_out_what_was_said_and_what_is_said_twice() -> None:
    more = "Divers found the black box of the ferry on Tuesday at a depth of 43 metres, the ministry said."
    later = "The black box was found by divers on Tuesday in 43 metres of water, a ministry spokesman said."
    reports = [
        OLD,
        report(row("a", PUBLISHERS[1], minutes=5), f"{FERRY}\n{more}", is_new=True),
        report(row("b", PUBLISHERS[2], minutes=6), f"{later}\n{FERRY}", is_new=True),
    ]
    found = new_sentences(reports, language="en")
    assert len(found) == 1
    assert found[0].text in (more, later)


# ── corrections ──────────────────────────────────────────────────────────────────────────────────────────────────


def version(article: StoryArticle, text: str, *, revision: int) -> Version:
    made = replace(article_of(article), page=page(text), revision=revision)
    return Version(article=made, read_at=NOW + timedelta(hours=revision))


def amended(article: StoryArticle, before: str, after: str) -> Amended:
    later, earlier = version(article, after, revision=1), version(article, before, revision=0)
    return Amended(article=article, revision=1, read_at=later.read_at, amendment=amendment_of(later, earlier))


def carriers(before: str, after: str) -> list[str]:
    """Who still carries the sentence that was corrected: one who copied the report, one who tells it in other words."""
    first, copier, other = (row(name, PUBLISHERS[n], minutes=n) for n, name in enumerate(("first", "copier", "other")))
    now = FERRY.replace(before, after)
    texts = {first: now, copier: f"PORT WENN. {FERRY}", other: f"The ferry had been at sea for an hour. {after}."}
    (found,) = corrections([amended(first, FERRY, now)], others=texts)
    assert [(each.what, each.before, each.after) for each in found.amended.amendment.facts] == [
        ("figure", before.split(maxsplit=1)[0], after.split(maxsplit=1)[0])
    ]
    return [each.id for each in found.still_carried_by]


def test_a_corrected_figure_names_who_still_carries_the_old_one() -> None:
    assert carriers("212 people", "221 people") == ["copier"]


def test_a_sentence_of_few_words_is_met_by_chance() -> None:
    text = FERRY.replace(", the coast guard said", "")
    first, copier = row("first", PUBLISHERS[0], minutes=0), row("copier", PUBLISHERS[1], minutes=1)
    now = text.replace("Nine people", "Seven people")
    (found,) = corrections([amended(first, text, now)], others={first: now, copier: text})
    assert found.still_carried_by == ()


def test_growing_and_rewording_are_no_corrections() -> None:
    one = row("one", PUBLISHERS[0], minutes=0)
    texts = [
        FERRY,
        FERRY.replace("ran aground", "struck a reef"),
        f"{FERRY}\nThe search was called off at midnight by order.",
    ]
    assert corrections([amended(one, before, after) for before, after in pairwise(texts)], others={}) == ()


def history(*versions: tuple[str, str], apart: timedelta) -> list[tuple[Severity, str | None, list[tuple[str, str]]]]:
    """What is told as corrected, oldest first, of an article with those headlines and texts, so far apart."""
    one = row("one", PUBLISHERS[0], minutes=0)
    read = [
        Version(
            article=replace(
                article_of(one), entry=replace(article_of(one).entry, title=title), page=page(text), revision=n
            ),
            read_at=NOW + n * apart,
        )
        for n, (title, text) in enumerate(versions)
    ]
    told = corrections(
        [
            Amended(article=one, revision=b.article.revision, read_at=b.read_at, amendment=amendment_of(b, a))
            for a, b in pairwise(read)
        ],
        others={},
    )
    shown = [each.amended.amendment for each in reversed(told)]
    return [(each.severity, each.note, [(fact.before, fact.after) for fact in each.facts]) for each in shown]


CALLED, RIGHT = "A ferry ran aground with 212 people", FERRY.replace("212", "221")
CALLED_RIGHT = CALLED.replace("212", "221")
ONCE = [(Severity.FACT, None, [("212", "221")])]


@pytest.mark.parametrize("between", [(CALLED_RIGHT, FERRY), (CALLED, RIGHT)])
def test_one_edit_that_feed_and_page_tell_in_turn_is_one_correction(between: tuple[str, str]) -> None:
    versions = ((CALLED, FERRY), between, (CALLED_RIGHT, RIGHT))
    assert history(*versions, apart=timedelta(seconds=20)) == ONCE
    assert history(*versions, apart=timedelta(hours=2)) == ONCE * 2
    assert history(versions[0], versions[2], apart=timedelta(seconds=20)) == ONCE


def test_an_edit_with_a_note_is_told_with_its_note() -> None:
    noted = f"{RIGHT}\nCorrection: An earlier version of this article gave another number."
    versions = ((CALLED, FERRY), (CALLED_RIGHT, FERRY), (CALLED_RIGHT, noted))
    assert history(*versions, apart=timedelta(seconds=20)) == [(Severity.FACT, "corrected", [("212", "221")])]


def test_a_toll_that_rises_is_no_correction() -> None:
    toll = "The death toll of the fire in Port Wenn rose to 12 on Sunday, the coast guard said."
    assert history((CALLED, toll), (CALLED, toll.replace("12", "17")), apart=timedelta(hours=1)) == []


@pytest.mark.parametrize("gone", ["This article has been withdrawn.", ""])
def test_the_newest_version_decides_whether_a_report_is_gone(gone: str) -> None:
    kind = Severity.WITHDRAWN if gone else Severity.EMPTIED
    assert [each[0] for each in history((CALLED, FERRY), (CALLED, gone), apart=timedelta(hours=1))] == [kind]
    assert history((CALLED, FERRY), (CALLED, gone), (CALLED, FERRY), apart=timedelta(hours=1)) == []


# ── over HTTP ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def pages() -> Iterator[SqliteStore]:
    with world() as store:
        yield store


@pytest.fixture
def app(pages: SqliteStore) -> Starlette:
    return site(pages)


def test_the_api_tells_a_correction_and_what_changed(pages: SqliteStore, app: Starlette) -> None:
    later = FERRY.replace("212 people", "221 people")
    before = pages.position()
    story = add_revised(pages, FERRY, later)
    answer = conforms(app, f"/v1/stories/{story}/corrections", "/v1/stories/{id}/corrections")
    (line,) = answer["corrections"]
    assert (line["severity"], [(each["before"], each["after"]) for each in line["facts"]]) == (
        Severity.FACT.value,
        [("212", "221")],
    )
    cursor = f"{before.epoch}-{before.update + 1}"
    told = conforms(app, f"/v1/stories/{story}/changes?since={cursor}", "/v1/stories/{id}/changes")
    assert [each["kind"] for each in told["news"]] == ["correction"]
    assert told["complete"]
    now = told["cursor"]
    assert conforms(app, f"/v1/stories/{story}/changes?since={now}", "/v1/stories/{id}/changes")["news"] == []


def test_who_may_not_read_texts_is_told_of_a_correction_without_its_words(pages: SqliteStore) -> None:
    story = add_revised(pages, FERRY, FERRY.replace("212 people", "221 people"))
    app = site(pages, settings=Settings(full_text="nobody"))
    answer = conforms(app, f"/v1/stories/{story}/corrections", "/v1/stories/{id}/corrections")
    assert [(each["severity"], each["facts"]) for each in answer["corrections"]] == [("fact", [])]
    assert "221" not in str(answer)


@pytest.mark.parametrize("reading", ["corrections", "changes?since=k7f2-1"])
def test_stories_that_moved_or_went_answer_so(pages: SqliteStore, app: Starlette, reading: str) -> None:
    moved = ask(app, f"/v1/stories/mergedaway234567/{reading}")
    assert (moved.status_code, moved.headers["location"].rpartition("/")[2]) == (301, reading)
    assert ask(app, f"/v1/stories/gonegonegone2345/{reading}").status_code == 410
    assert ask(app, f"/v1/stories/neverheardofthat/{reading}").status_code == 404


def test_a_cursor_that_is_none_or_of_another_database_is_refused(pages: SqliteStore, app: Starlette) -> None:
    story = pages.front(NOW, limit=1)[0].head.id
    assert ask(app, f"/v1/stories/{story}/changes").status_code == 400
    assert ask(app, f"/v1/stories/{story}/changes?since=other-3").status_code == 410
