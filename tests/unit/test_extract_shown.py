# ruff: noqa: E501 - markup is easier to read unbroken
"""Who and when: what stands around the headline against what is stated in the source, and against the rest of the page."""

import json
from datetime import UTC, date, datetime

import pytest

from stayahead.extract import markup
from stayahead.extract.facts.metadata import Facts, facts_of
from stayahead.extract.facts.microdata import MAX_ELEMENTS, things_of

TITLE = "Harbour city to vote on ferry line"
PROSE = "<p>The council of Port Ellery will put its long delayed ferry line to a public vote, its mayor said on Tuesday, after two years of quarrels.</p>"
STATED = {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2024-05-01", "dateModified": "2026-03-02T09:00:00Z"}  # fmt: skip


def facts(near: str, *, above: str = "", below: str = "", stated: object = None, url: str = "") -> Facts:
    script = f'<script type="application/ld+json">{json.dumps(stated)}</script>' if stated else ""
    html = f"<title>{TITLE}</title>{script}<body>{above}<h1>{TITLE}</h1>{near}{PROSE * 3}{below}</body>"
    root = markup.parse(f"<html>{html}</html>")
    assert root is not None
    return facts_of(root, url=url)


def day(found: Facts) -> date | None:
    return found.published.date() if found.published else None


@pytest.mark.parametrize(
    "near",
    ["<p>March 2, 2026</p>", "<span class=d>Published 2 March 2026 | 5 min read</span>", "<time>2026-03-02</time>",
     "<div>2 mars 2026</div>", "<div>2. März 2026</div>", "<p>2026年3月2日</p>", "<p>By Ann Lee, Mar 2, 2026</p>"],
)  # fmt: skip
def test_the_date_below_the_headline(near: str) -> None:
    assert day(facts(near)) == date(2026, 3, 2)
    assert day(facts(near, below="<p>May 5, 2020</p><time datetime=2019-01-01>x</time>")) == date(2026, 3, 2)
    assert day(facts(near, stated=STATED)) == date(2026, 3, 2)


@pytest.mark.parametrize("near", ["<p>Updated March 2, 2026</p>", "<p>Last updated:</p><p>March 2, 2026</p>",
                                  "<time class=updated datetime=2026-03-02>March 2</time>", "<p>Aktualisiert am 2. März 2026</p>"])  # fmt: skip
def test_a_date_of_change_is_no_date_of_publication_where_that_is_stated(near: str) -> None:
    assert day(facts(near, stated=STATED)) == date(2024, 5, 1)
    assert day(facts(near)) == date(2026, 3, 2)


def test_the_hour_of_what_is_stated_stays_where_the_days_agree() -> None:
    stated = STATED | {"datePublished": "2026-03-01T23:30:00Z"}
    assert facts("<p>March 2, 2026</p>", stated=stated).published == datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


def test_an_address_that_agrees_with_what_is_stated_settles_it() -> None:
    found = facts("<p>March 2, 2026</p>", stated=STATED, url="https://courier.example/2024/05/01/ferry")
    assert day(found) == date(2024, 5, 1)


def test_todays_date_above_the_headline_is_not_the_articles() -> None:
    assert day(facts("", above="<p>Saturday, December 20, 2025</p>", stated=STATED)) == date(2024, 5, 1)
    assert day(facts("", above="<p>March 2, 2026</p>")) == date(2026, 3, 2)


def test_dates_of_events_and_rights_are_none() -> None:
    assert facts("<p>When: March 2, 2026</p>").published is None
    assert facts("<p>© March 2, 2026</p>").published is None


@pytest.mark.parametrize(
    ("near", "names"),
    [
        ("<p>By Ann Lee</p>", ("Ann Lee",)),
        ("<p>By <a href=/a>Ann Lee</a> and <a href=/b>Bo Karim</a></p>", ("Ann Lee", "Bo Karim")),
        ("<span>by</span> <span>Ann Lee</span>", ("Ann Lee",)),
        ("<a href='/authors/ann-lee'>Ann Lee</a>", ("Ann Lee",)),
        ("<div class='post__author'>Ann Lee</div><div class='post__author-title'>Harbour Reporter</div>", ("Ann Lee",)),
        ("<p>Von Ann Lee</p>", ("Ann Lee",)),
        ("<p>Written by</p><a href=/u>annlee</a>", ("annlee",)),
        ("<p>By</p><a>Ann Lee</a><p>Fact-checked by</p><a class=author>Bo Karim</a>", ("Ann Lee",)),
        ("<p>Photo by Bo Karim</p>", ()),
        ("<a href='/tags/x'>Port Ellery</a>", ()),
    ],
)
def test_the_byline_below_the_headline(near: str, names: tuple[str, ...]) -> None:
    assert facts(near).authors == names


def test_a_shown_byline_beats_a_stated_one_and_the_longer_list_wins_where_they_are_the_same_people() -> None:
    stated = STATED | {"author": [{"@type": "Person", "name": "Web Desk"}]}
    assert facts("<p>By Ann Lee</p>", stated=stated).authors == ("Ann Lee",)
    both = STATED | {"author": [{"name": "Ann Lee"}, {"name": "Bo Karim"}]}
    assert facts("<p>By Ann Lee</p>", stated=both).authors == ("Ann Lee", "Bo Karim")
    one = STATED | {"author": {"name": "Ann Lee"}}
    assert facts("<p>By Ann Lee and Bo Karim</p>", stated=one).authors == ("Ann Lee", "Bo Karim")


def test_a_house_is_an_author_only_where_nobody_else_is() -> None:
    stated = STATED | {"author": {"@type": "Person", "name": "Courier"}, "publisher": {"name": "Courier"}}
    assert facts("<div class=byline>Ann Lee</div>", stated=stated).authors == ("Ann Lee",)
    assert facts("", stated=stated).authors == ("Courier",)


def test_names_in_teasers_and_menus_are_not_the_authors() -> None:
    assert facts("", above="<nav>by USE CASE</nav>").authors == ()


MICRODATA = """<div itemscope itemtype="https://schema.org/NewsArticle"><h2 itemprop="headline">{title}</h2>
<span itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">Ann Lee</span></span>
<meta itemprop="datePublished" content="2026-03-02T08:00:00Z"><meta itemprop="dateModified" content="2026-03-03">
<div itemprop="articleBody">{prose}</div></div>"""


def test_microdata_states_facts_like_json_ld() -> None:
    root = markup.parse(f"<html><body>{MICRODATA.format(title=TITLE, prose=PROSE)}</body></html>")
    assert root is not None
    found = facts_of(root, url="")
    assert (found.title, found.authors) == (TITLE, ("Ann Lee",))
    assert found.published == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert found.updated == datetime(2026, 3, 3, tzinfo=UTC)


def test_microdata_is_bounded_and_loose_properties_are_the_pages() -> None:
    root = markup.parse("<p itemprop=author>Ann Lee</p>" + "<div itemscope>" * 900)
    assert root is not None
    things = things_of(root)
    assert len(things) <= MAX_ELEMENTS + 1
    assert things[-1]["author"] == "Ann Lee"
