"""Facts, rule by rule: which title, which names, which day, and what careless or broken markup still says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest

from stayahead.extract import markup, read_page
from stayahead.extract.facts.bylines import MAX_AUTHORS, authors_of
from stayahead.extract.facts.jsonld import text_of, things_of, types_of, url_of
from stayahead.extract.facts.microdata import things_of as marked_things
from stayahead.extract.facts.titles import without_site
from stayahead.model import Page

TITLE = "Harbour city to vote on ferry line"
PROSE = (
    "<p>The council of Port Ellery will put its long delayed ferry line to a public vote, its mayor said on Tuesday,"
    " after two years of quarrels about the price of the boats.</p>"
) * 3
URL = "https://courier.example/city/ferry"


def page(head: str = "", body: str = "", *, url: str = URL) -> Page:
    return read_page(f"<html><head>{head}</head><body>{body}{PROSE}</body></html>", url=url)


def day(read: Page) -> date | None:
    return read.published.date() if read.published else None


@pytest.mark.parametrize(
    ("claimed", "title"),
    [
        (f"{TITLE} | The Courier", TITLE),
        (f"{TITLE} - The Ellery Courier", TITLE),
        (f"{TITLE} — Courier", TITLE),
        (f"{TITLE} » City » Courier", TITLE),
        (f"{TITLE} - World news - Courier", TITLE),
        (f"{TITLE} - What we know so far - Courier", f"{TITLE} - What we know so far"),
        (f"{TITLE} – in four maps", f"{TITLE} – in four maps"),
        (f"{TITLE} – in four maps | Courier", f"{TITLE} – in four maps"),
        ("港口旧桥重新开放_港湾新闻网", "港口旧桥重新开放"),
        ("港口旧桥重新开放-港湾新闻网", "港口旧桥重新开放"),
        ("港口旧桥重新开放_新闻频道_港湾网", "港口旧桥重新开放"),
        ("新冠-19病毒", "新冠-19病毒"),
        (f"{TITLE}|Courier", TITLE),
        ("Ferry line: what we know", "Ferry line: what we know"),
        ("Vote - again", "Vote - again"),
        ("Vote - Courier", "Vote - Courier"),
        (f"{TITLE} - courier.example", TITLE),
        ("Courier | Ferry line to be put to a vote in June", "Courier | Ferry line to be put to a vote in June"),
        ("War - and what the people of five towns make of it", "War - and what the people of five towns make of it"),
        ("|", "|"),
        ("", ""),
    ],
)
def test_the_name_of_the_site_stands_behind_the_title(claimed: str, title: str) -> None:
    assert without_site(claimed) == title


def test_where_the_site_says_its_name_only_that_goes() -> None:
    assert without_site(f"{TITLE} – The Maps", ["Courier"]) == f"{TITLE} – The Maps"
    assert without_site(f"{TITLE} – The Maps – The Courier", ["Courier"]) == f"{TITLE} – The Maps"
    assert without_site("Vote – The Ellery Courier", ["Ellery Courier"]) == "Vote"
    assert without_site(f"{TITLE} – The Maps", is_bare=True) == f"{TITLE} – The Maps"


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        # the h1 that agrees with what is claimed, not the one with the site's name
        (f"<title>{TITLE}</title>", f"<h1>The Courier</h1><h1>{TITLE} in June</h1>", f"{TITLE} in June"),
        # a page's only h1 may say more than a short title for search engines …
        ("<title>Ferry vote</title>", "<h1>Ferry vote: the city decides</h1>", "Ferry vote: the city decides"),
        # … and one that says something else is no headline
        (f"<title>{TITLE}</title>", "<h1>The Courier, daily paper of Port Ellery</h1>", TITLE),
        (f'<title>Courier</title><meta name="twitter:title" content="{TITLE}">', "", TITLE),
        (f"<title>{TITLE} | Courier</title>", "", TITLE),
        ("", f"<h1><span>{TITLE[:12]}</span><b>{TITLE[12:]}</b></h1>", TITLE),
        ("<title> </title>", f"<h1></h1><h1>  {TITLE}\n</h1>", TITLE),
        ("<title>Ferry &amp; fares</title>", "", "Ferry & fares"),
    ],
)  # fmt: skip
def test_the_headline_is_what_page_and_claims_agree_on(head: str, body: str, title: str) -> None:
    assert page(head, body).title == title


@pytest.mark.parametrize(
    ("claim", "names"),
    [
        ("Written by Ann Lee", ["Ann Lee"]),
        ("Par Ann Lee et Bo Ek", ["Ann Lee", "Bo Ek"]),
        ("Por Ann Lee y Bo Ek", ["Ann Lee", "Bo Ek"]),
        ("Oleh Ann Lee dan Bo Ek", ["Ann Lee", "Bo Ek"]),
        ("Автор: Анна Ли", ["Анна Ли"]),
        ("Ann Lee & Bo Ek | Courier", ["Ann Lee", "Bo Ek", "Courier"]),
        ("Lee, Ann", ["Lee, Ann"]),
        ("Ann Lee, reporter in Velm", ["Ann Lee"]),
        ("Ann Lee (in Velm)", ["Ann Lee"]),
        ("Ann Lee @annlee", ["Ann Lee"]),
        ("Ann Lee, March 2, 2026", ["Ann Lee"]),
        ("Ann Lee ann@courier.example", ["Ann Lee"]),
        ("ANN LEE", ["ANN LEE"]),
        ("Andy Anders", ["Andy Anders"]),  # "and" inside a name parts nobody
        ("Editorial Team", []),
        ("Guest", []),
        ("View all posts by Ann Lee", []),
        ("https://x.example/ann-lee", []),
        ("courier.example", []),
        ("R2D2", []),
        ("A", []),
        ("One Two Three Four Five Six Seven", []),
    ],
)
def test_a_byline_gives_names_and_nothing_else(claim: str, names: list[str]) -> None:
    assert list(authors_of([claim])) == names


def test_a_person_is_named_once_however_written_and_a_list_has_an_end() -> None:
    assert authors_of(["By Ann Lee", "ANN LEE", "ann lee and Bo Ek"]) == ("Ann Lee", "Bo Ek")
    many = [f"Name {'abcdefghijklmnopqrst'[n]}lee" for n in range(20)]
    assert authors_of(many) == tuple(many[:MAX_AUTHORS])


@pytest.mark.parametrize(
    ("claim", "names"),
    [
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Ana Ruiz y Luis Gil", ["Ana Ruiz", "Luis Gil"]),
        ("José Maria Eça e Queiroz", ["José Maria Eça e Queiroz"]),
        ("Par Nyström", ["Par Nyström"]),
        ("Par Anna Nyström", ["Anna Nyström"]),
        ("Di Marco", ["Di Marco"]),
        ("By Reuters", ["Reuters"]),
        ("Lotta ❤️ Marsh", ["Lotta Marsh"]),
    ],
)
def test_a_name_is_not_cut_by_words_that_are_its_own(claim: str, names: list[str]) -> None:
    assert list(authors_of([claim])) == names


@pytest.mark.parametrize(
    "script",
    [
        '\ufeff{"a": 1}',
        '/*<![CDATA[*/{"a": 1}/*]]>*/',
        '<!-- {"a": 1} //-->',
        '{"a": 1};',
        "{&quot;a&quot;: 1}",
        '{"a": 1,}',
    ],
)
def test_a_script_is_read_whatever_is_wrapped_around_it(script: str) -> None:
    assert things_of([script]) == [{"a": 1}]


def test_marks_inside_strings_are_part_of_them() -> None:
    assert things_of(['{"d": "He said "yes" to it", "n": 1}']) == [{"d": 'He said "yes" to it', "n": 1}]
    assert things_of(['{"d": "C:\\xyz", "n": 1}']) == [{"d": "C:\\xyz", "n": 1}]
    assert things_of(['{"d": "a \\"b\\" c", "n": "C:\\q"}']) == [{"d": 'a "b" c', "n": "C:\\q"}]
    assert text_of({"givenName": "Ida", "familyName": "Falk"}) == "Ida Falk"


SHOWN = f"<h1>{TITLE}</h1><p>March 3, 2026</p>"


def stated(at: str) -> str:
    return f'<meta property="article:published_time" content="{at}">'


@pytest.mark.parametrize(
    ("head", "body", "url", "published"),
    [
        ('<meta name="pubdate" content="2026-03-02">', "", URL, date(2026, 3, 2)),
        ('<meta name="DC.date.issued" content="2 March 2026">', "", URL, date(2026, 3, 2)),
        # the first claim that is a date counts, not the first claim
        ('<meta name="date" content="soon"><meta name="publish-date" content="2026-03-02">', "", URL, date(2026, 3, 2)),
        # an hour of the same day is no other day
        (stated("2026-03-02T23:00:00Z"), SHOWN, URL, date(2026, 3, 2)),
        # the shown day beats a stated one that it contradicts
        (stated("2024-01-01"), SHOWN, URL, date(2026, 3, 3)),
        # ... unless day and month changed places
        (stated("2026-02-03"), SHOWN.replace("March 3", "March 2"), URL, date(2026, 2, 3)),
        ("", "", "https://courier.example/2026/03/02/ferry", date(2026, 3, 2)),
        ("", "", "https://courier.example/ferry-2026-03-02.html", date(2026, 3, 2)),
        ("", "", "https://courier.example/ferry/20260302-vote", date(2026, 3, 2)),
        ("", "", "https://courier.example/2026/13/45/ferry", None),
        ("", "", "https://courier.example/1850/03/02/ferry", None),
        ("", "", "https://courier.example/ferry-20260302123456", None),
        ("", f"<h1>{TITLE}</h1>" + PROSE + "<time datetime='2026-03-02'>x</time>", URL, date(2026, 3, 2)),
        # where nothing else says it, the day of the change
        ('<meta property="article:modified_time" content="2026-03-02">', "", URL, date(2026, 3, 2)),
        ("", "", URL, None),
    ],
)  # fmt: skip
def test_a_page_was_published_when_its_best_witness_says(
    head: str, body: str, url: str, published: date | None
) -> None:
    assert day(page(head, body, url=url)) == published


@pytest.mark.parametrize("name", ["article:modified_time", "og:updated_time", "dateModified", "last-modified"])
def test_a_page_says_when_it_was_changed(name: str) -> None:
    read = page(f'<meta property="{name}" content="2026-03-02T10:00:00+01:00">')
    assert read.updated == datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text", "url"),
    [
        ("Ann &amp; Bo", "Ann & Bo", "Ann &amp; Bo"),
        (["a", "b"], "a", "a"),
        ([], "", ""),
        ({"name": "Ann", "url": "/ann"}, "Ann", "/ann"),
        ({"@value": " x "}, "x", ""),
        ({"url": "/a"}, "/a", "/a"),
        ({"@id": "#a"}, "#a", "#a"),
        ({"contentUrl": "/i.jpg"}, "", "/i.jpg"),
        ([{"name": ["Ann", "Bo"]}], "Ann", ""),
        (None, "", ""),
        (41, "", ""),
        ([[[[[["deep"]]]]]], "", ""),
    ],
)
def test_a_claim_in_any_shape_is_a_text_and_an_address(value: object, text: str, url: str) -> None:
    assert text_of(value) == text
    assert url_of(value) == url


def test_types_are_read_without_their_vocabulary() -> None:
    assert types_of({"@type": ["https://schema.org/NewsArticle", "Article", 7]}) == ("newsarticle", "article")
    assert types_of({"@type": "NewsArticle"}) == ("newsarticle",)
    assert types_of({"@type": {"a": 1}}) == types_of({}) == ()


@pytest.mark.parametrize(
    "script",
    [
        '{"a": 1}',
        '<!-- {"a": 1} -->',
        '//<![CDATA[\n{"a": 1}\n//]]>',
        '{"a": 1,}',
        '\n  {"a": 1};\n'.replace(";", ""),
        '[[{"a": 1}]]',
    ],
)
def test_json_ld_is_read_however_it_is_wrapped(script: str) -> None:
    assert things_of([script]) == [{"a": 1}]


def test_things_come_outer_before_inner_in_the_order_of_the_page() -> None:
    inner = {"n": 2, "in": [{"n": 3}, {"n": 4}]}
    things = things_of([json.dumps({"n": 1, "of": inner}), "{broken", json.dumps([{"n": 5}])])
    assert [thing["n"] for thing in things] == [1, 2, 3, 4, 5]


def test_of_many_things_the_article_is_the_one_with_a_headline() -> None:
    def described(*things: Mapping[str, object]) -> Page:
        return page("".join(f'<script type="application/ld+json">{json.dumps(thing)}</script>' for thing in things))

    video = {"@type": "VideoObject", "name": "Film", "headline": "A film", "uploadDate": "2020-01-01"}
    rated = {"@type": "Review", "author": {"name": "A Customer"}}
    bare = {"@type": "Article", "author": {"name": "Nobody Inhere"}}
    story = {"@type": "NewsArticle", "headline": TITLE, "author": {"name": "Ann Lee"}, "datePublished": "2026-03-02"}
    read = described(video, rated, bare, story)
    assert (read.title, read.authors, day(read)) == (TITLE, ("Ann Lee",), date(2026, 3, 2))
    assert described(rated).authors == ()


MARKED = """<div itemscope itemtype="http://schema.org/NewsArticle">
<link itemprop="url" href="/a"><img itemprop="image" src="/i.jpg">
<time itemprop="datePublished" datetime="2026-03-02">yesterday</time>
<span itemprop="headline name"> Ferry
 line </span><span itemprop="author">Ann Lee</span><span itemprop="author">Bo Ek</span>
<div itemprop="publisher" itemscope itemtype="Organization"><b itemprop="name">Courier</b></div>
<span itemprop="keywords"></span></div><p itemprop="author">Cy Oh</p>"""


def test_microdata_has_the_shape_of_json_ld() -> None:
    root = markup.parse(f"<html><body>{MARKED}</body></html>")
    assert root is not None
    article, house, loose = marked_things(root)
    assert article == {
        "@type": "NewsArticle",
        "url": "/a",
        "image": "/i.jpg",
        "datePublished": "2026-03-02",
        "headline": "Ferry line",
        "name": "Ferry line",
        "author": ["Ann Lee", "Bo Ek"],
        "publisher": house,
    }
    assert house == {"@type": "Organization", "name": "Courier"}
    assert loose == {"@type": "Article", "author": "Cy Oh"}


def test_microdata_without_a_value_says_nothing_and_a_text_is_no_fact() -> None:
    root = markup.parse(f"<html><body><p itemprop='author'></p><div itemprop='about'>{PROSE * 9}</div></body></html>")
    assert root is not None
    (loose,) = marked_things(root)
    assert set(loose) == {"@type", "about"}
    assert len(loose["about"]) <= 300
