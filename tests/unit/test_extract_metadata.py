"""Facts of a page: each from each place that may state it, and which place wins."""

import json
from datetime import UTC, datetime

import pytest

from stayahead.extract import markup
from stayahead.extract.facts.bylines import authors_of
from stayahead.extract.facts.jsonld import MAX_THINGS, things_of, url_of
from stayahead.extract.facts.metadata import Facts, facts_of
from stayahead.extract.facts.titles import without_site

URL = "https://courier.example/city/ferry"
TITLE = "Harbour city to vote on ferry line"


def facts(head: str, body: str = "", *, html: str = "", url: str = URL) -> Facts:
    root = markup.parse(f"<html {html}><head>{head}</head><body>{body or '<p>x</p>'}</body></html>")
    assert root is not None
    return facts_of(root, url=url)


def script(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def test_json_ld_in_a_graph_with_people_by_reference() -> None:
    found = facts(
        script(
            {
                "@context": "https://schema.org",
                "@graph": [
                    {"@type": "Organization", "@id": "#org", "name": "Ellery Courier"},
                    {"@type": "Person", "@id": "#ann", "name": "Ann Lee"},
                    {
                        "@type": ["NewsArticle", "Article"],
                        "headline": TITLE,
                        "author": [{"@id": "#ann"}, {"@type": "Person", "name": "By Bo Karim"}],
                        "datePublished": "2026-03-02T10:00:00+02:00",
                        "dateModified": "2026-03-02T09:30:00Z",
                        "image": {"@type": "ImageObject", "url": "/i/ferry.jpg"},
                        "isAccessibleForFree": "False",
                    },
                ],
            }
        )
    )
    assert found.title == TITLE
    assert found.authors == ("Ann Lee", "Bo Karim")
    assert found.published == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert found.updated == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert found.image == "https://courier.example/i/ferry.jpg"
    assert found.is_locked
    assert "newsarticle" in found.main_types


def test_meta_elements() -> None:
    found = facts(
        f'<meta property="og:title" content="{TITLE}"><meta name="author" content="Ann Lee and Bo Karim">'
        '<meta property="article:published_time" content="2026-03-02T08:00:00Z">'
        '<meta property="og:image" content="https://img.example/a.jpg"><meta property="og:locale" content="pt_BR">'
        '<link rel="canonical" href="/city/ferry-line">'
    )
    assert (found.title, found.authors) == (TITLE, ("Ann Lee", "Bo Karim"))
    assert found.published == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert found.image == "https://img.example/a.jpg"
    assert found.language == "pt"
    assert found.canonical == "https://courier.example/city/ferry-line"


def test_microdata_and_what_is_only_shown() -> None:
    stated = facts(
        "", '<span itemprop="author">Ann Lee</span><time itemprop="datePublished" datetime="2026-03-02">x</time>'
    )
    assert stated.authors == ("Ann Lee",)
    assert stated.published == datetime(2026, 3, 2, tzinfo=UTC)
    shown = facts("", "<h1>Ferry</h1><p>By Ann Lee</p><p>Published March 2, 2026</p>", url="")
    assert shown.authors == ("Ann Lee",)
    assert shown.published == datetime(2026, 3, 2, tzinfo=UTC)


def test_a_date_in_the_address_is_better_than_none() -> None:
    found = facts("", url="https://courier.example/2026/03/02/ferry")
    assert found.published == datetime(2026, 3, 2, tzinfo=UTC)


def test_a_person_in_the_byline_is_better_than_an_organisation_in_json_ld() -> None:
    said = script({"@type": "Article", "headline": TITLE, "author": {"@type": "Organization", "name": "Courier"}})
    assert facts(said, '<p class="byline">By Ann Lee</p>').authors == ("Ann Lee",)
    assert facts(said).authors == ("Courier",)


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example/", "mailto:a@b.example"])
def test_only_http_addresses_count(href: str) -> None:
    found = facts(f'<link rel="canonical" href="{href}"><meta property="og:image" content="{href}">')
    assert (found.canonical, found.image) == ("", "")


def test_the_language_of_html_wins_over_og() -> None:
    assert facts('<meta property="og:locale" content="en_US">', html='lang="de-AT"').language == "de"


@pytest.mark.parametrize(
    ("h1", "title"),
    [
        ("Ferry line<br>to be put to a vote", "Ferry line to be put to a vote"),
        ("<span class=k>City</span><span>Ferry line to a vote</span>", "City Ferry line to a vote"),
        ("<div>City</div>Ferry line to a vote", "City Ferry line to a vote"),
        ("<span class=drop>F</span>erry line, <em>to</em> a vote", "Ferry line, to a vote"),
        ("<span>Ferry line</span>, to a vote", "Ferry line, to a vote"),
        ("Ferry line to a vote<script>var a = 1</script><button>Share <b>it</b></button>!", "Ferry line to a vote!"),
        ("Fähr&shy;linie zur Wahl", "Fährlinie zur Wahl"),
        ("Ferry<!-- and --> line to a vote", "Ferry line to a vote"),
        ("<span>港口</span><span>旧桥重新开放</span>", "港口旧桥重新开放"),
    ],
)
def test_a_headline_is_what_its_element_shows(h1: str, title: str) -> None:
    assert facts("", f"<h1>{h1}</h1>").title == title


def test_titles() -> None:
    h1 = f"<h1>Ellery Courier</h1><h1>{TITLE}</h1>"
    assert facts(f"<title>{TITLE} - Ellery Courier</title>", h1).title == TITLE
    assert facts(f"<title>{TITLE} | Ellery Courier</title>").title == TITLE
    assert facts("", f"<h1>{TITLE}</h1>").title == TITLE
    assert without_site("Ferry: one step, then the next") == "Ferry: one step, then the next"


@pytest.mark.parametrize(
    ("claim", "names"),
    [
        ("By Ann Lee", ("Ann Lee",)),
        ("BY ANN LEE, Senior Editor", ("ANN LEE",)),
        ("von Jörg Maß und Ines Vell", ("Jörg Maß", "Ines Vell")),
        ("Ann Lee, Bo Karim", ("Ann Lee", "Bo Karim")),
        ("https://courier.example/people/ann", ()),
        ("admin", ()),
        ("ann@courier.example", ()),
        ("5 min read", ()),
        ("", ()),
    ],
)
def test_names_only(claim: str, names: tuple[str, ...]) -> None:
    assert authors_of([claim]) == names


def test_json_ld_that_is_broken_or_hostile() -> None:
    assert things_of(["", "{", "[" * 100_000, "null", "3", '"x"']) == []
    assert things_of(['{"@type": "Article", "headline": "x",}'])[0]["headline"] == "x"
    assert things_of(['//<![CDATA[\n{"a": "line\nbreak"}\n//]]>']) == [{"a": "line\nbreak"}]
    assert len(things_of([json.dumps([{"n": n} for n in range(5_000)])] * 3)) <= MAX_THINGS
    assert url_of([{"url": ["https://a.example/1"]}]) == "https://a.example/1"
    assert url_of(7) == ""
