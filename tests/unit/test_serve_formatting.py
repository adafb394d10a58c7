"""The words and drawings of pages: exact, plain, and safe in whatever stands around them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from stayahead.model import Block, BlockKind, FeedState, LinkSpan, Publisher, Story
from stayahead.serve import formatting, names
from stayahead.serve.views import Span, spans, story_view
from tests.serve_stories import NOW, PUBLISHERS, head_of, story_article


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        " https://a.example/",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "//a.example/",
        "/path",
        "",
        'https://a.example/"onmouseover="x',
        "https://a.example/<script>",
        "https://a.example/\u0085",
        "https://[::1",
        "https:///path",
        "ftp://a.example/",
    ],
)
def test_only_plain_web_urls_reach_an_href(url: str) -> None:
    assert formatting.web_url(url) == ""


@pytest.mark.parametrize("url", ["https://a.example/x?y=1&z='2'#f", "http://例え.example/路", "HTTPS://A.example"])
def test_web_urls_stay(url: str) -> None:
    assert formatting.web_url(url) == url


def test_plain_drops_controls_and_direction_overrides_but_not_joiners() -> None:
    assert formatting.plain("a\u202egpj.exe\u202c\u2066b\u0000\u0007\u009bc\ufeff") == "agpj.exebc"
    assert formatting.plain("می‌خواهم \u200f") == "می‌خواهم \u200f"
    assert formatting.plain("one\ntwo\u2028three") == "one two three"


def test_lines_of_a_listing_stay_what_disguises_them_goes() -> None:
    assert formatting.plain("a\n  b") == "a   b"
    assert formatting.lined("a\n\u202e  b\r\n\x00c") == "a\n  b \nc"
    assert formatting.lined("a\tb") == "a b"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("The bank left its main rate where it was. The currency rose.", "The bank left its main rate where it was."),
        ("GENEVA. The bank left its rate where it was. More.", "GENEVA. The bank left its rate where it was."),
        ("沿江三市发布预警。两万人转移。", "沿江三市发布预警。"),
        ("أعلن الوسطاء مساء السبت التوصل إلى اتفاق مبدئي؟ ولم يؤكد", "أعلن الوسطاء مساء السبت التوصل إلى اتفاق مبدئي؟"),
        ("No full stop at all", "No full stop at all"),
        ("It cost 2.25 million in all, the owner said “and more.” Then it closed.",
         "It cost 2.25 million in all, the owner said “and more.”"),
        ("", ""),
    ],
)  # fmt: skip
def test_the_first_sentence(text: str, first: str) -> None:
    assert formatting.sentence(text) == first


def test_a_clock_says_the_day_only_when_it_is_another() -> None:
    assert formatting.clock(datetime(2026, 11, 22, 9, 5, tzinfo=UTC), NOW) == "09:05 UTC"
    assert formatting.clock(datetime(2026, 11, 21, 23, 40, tzinfo=UTC), NOW) == "21 Nov, 23:40 UTC"
    assert formatting.clock(datetime(2025, 1, 2, 3, 4, tzinfo=UTC), NOW) == "2 Jan 2025, 03:04 UTC"
    eastern = timezone(timedelta(hours=-5))
    assert formatting.clock(datetime(2026, 11, 22, 0, 30, tzinfo=eastern), NOW) == "05:30 UTC"


def test_counts_know_one_from_many() -> None:
    assert formatting.count(1, "copy", "copies") == "1 copy"
    assert formatting.count(0, "article") == "0 articles"
    assert formatting.count(1204, "article") == "1,204 articles"


def test_the_kicker_says_whose_headline_it_is_and_the_language_when_it_is_not_the_page_s() -> None:
    ledger = Publisher(domain="ledger.example", name="The Ledger", country="GB")
    harbour = Publisher(domain="mina.example", name="صحيفة الميناء", country="EG")
    assert formatting.kicker(ledger, "en") == ("The Ledger, United Kingdom",)
    assert formatting.kicker(harbour, "ar") == ("صحيفة الميناء, Egypt", "Arabic")
    assert formatting.kicker(Publisher(domain="x.example", name="x.example"), "") == ("x.example",)


def test_names_know_every_code_once_and_pass_on_what_they_do_not_know() -> None:
    assert names.country("XX") == "XX"
    assert names.language("zh") == "Chinese"
    assert len(names._COUNTRY_NAMES) > 230
    assert all(len(code) == 2 and name for code, name in names._COUNTRY_NAMES.items())


def test_the_pace_line_lies_within_its_drawing_and_peaks_where_articles_came() -> None:
    arrivals = [NOW - timedelta(hours=6, minutes=minutes) for minutes in range(20)]
    points = [tuple(map(float, point.split(","))) for point in formatting.pace_points(arrivals, NOW).split()]
    assert len(points) == formatting.PACE_BUCKETS
    assert all(0 <= x <= formatting.PACE_WIDTH and 0 <= y <= formatting.PACE_HEIGHT for x, y in points)
    peak = min(points, key=lambda point: point[1])
    assert abs(peak[0] / formatting.PACE_WIDTH - 0.75) < 0.05


def test_a_few_arrivals_make_no_line_and_old_or_future_ones_do_not_count() -> None:
    assert formatting.pace_points([NOW] * (formatting.PACE_LEAST - 1), NOW) == ""
    assert formatting.pace_points([NOW + timedelta(hours=1)] * 9 + [NOW - timedelta(days=3)] * 9, NOW) == ""
    assert formatting.pace_words([NOW, NOW - timedelta(hours=3)], NOW) == (
        "Pace: 2 independent articles in 24 hours, 1 in the last hour"
    )


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("«المفاوضون", "rtl"),
        ("12 שעות", "rtl"),
        ("“Low Water”", "ltr"),
        ("沿江", "ltr"),
        ("2026: 14", "auto"),
        ("", "auto"),
    ],
)
def test_direction_is_the_text_s_own(text: str, way: str) -> None:
    assert formatting.direction(text) == way


def test_a_language_tag_holds_no_markup() -> None:
    assert formatting.lang("pt-BR") == "pt-BR"
    assert formatting.lang('en" onload="x') == ""


def test_spans_cut_a_block_at_its_links() -> None:
    links = (LinkSpan(start=4, end=7, url="https://a.example"), LinkSpan(start=5, end=9, url="https://b.example"))
    far = LinkSpan(start=8, end=99, url="https://c.example")
    block = Block(kind=BlockKind.PARAGRAPH, text="The cat sat.", links=(*links, far))
    assert spans(block) == (Span(text="The "), Span(text="cat", url="https://a.example"), Span(text=" sat."))


def test_copies_are_folded_under_the_end_of_their_chain() -> None:
    at = NOW - timedelta(hours=2)
    one = story_article("One", PUBLISHERS[0], at)
    two = story_article("Two", PUBLISHERS[1], at + timedelta(minutes=1), copy_of=one.id)
    three = story_article("Three", PUBLISHERS[2], at + timedelta(minutes=2), copy_of=two.id)
    lost = story_article("Lost", PUBLISHERS[3], at + timedelta(minutes=3), copy_of="notinthisstory00")
    articles = (one, two, three, lost)
    view = story_view(Story(head=head_of(articles, one), number=4, articles=articles))
    assert [entry.article.id for entry in view.timeline] == [lost.id, one.id]
    assert [copy.id for copy in view.timeline[1].copies] == [two.id, three.id]
    assert view.copies == 2
    assert {publisher.name for country in view.countries for publisher in country.publishers} == {
        "Union Wire",
        "Radio Estuaire",
    }


def test_articles_that_copy_each_other_lose_none() -> None:
    one = story_article("One", PUBLISHERS[0], NOW)
    two = story_article("Two", PUBLISHERS[1], NOW, copy_of=one.id)
    one = replace(one, copy_of=two.id)
    view = story_view(Story(head=head_of([one], one), number=2, articles=(one, two)))
    ids = [entry.article.id for entry in view.timeline] + [c.id for entry in view.timeline for c in entry.copies]
    assert sorted(ids) == sorted([one.id, two.id])
    assert head_of([one], one).parts.articles == 1


@pytest.mark.parametrize(
    ("wait_s", "known", "says"),
    [
        (660, {}, ""),
        (3600, {}, "Cache-Control"),
        (3600, {"ttl_s": 3600.0}, "ttl"),
        (4800, {"failures": 4, "status": 500}, "doubles"),
        (86_400, {"failures": 1, "status": 429}, "left alone"),
    ],
)
def test_a_source_that_is_asked_later_than_usual_says_why(wait_s: int, known: dict[str, float], says: str) -> None:
    state = FeedState(url="https://a.example/feed", last_polled_at=NOW, next_poll_at=NOW + timedelta(seconds=wait_s))
    state = replace(state, **known)  # type: ignore[arg-type]
    told = formatting.why_later(state, poll_every_s=600.0)
    assert says in told
    assert bool(told) == bool(says)
    assert formatting.why_later(replace(state, last_polled_at=None), poll_every_s=600.0) == ""
