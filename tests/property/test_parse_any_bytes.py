"""Laws of reading: any bytes give a value or a typed error; urls and dates have one form."""

from contextlib import suppress
from datetime import UTC
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from stayahead.charset import decode
from stayahead.errors import ArchiveError, ParseError
from stayahead.model import Feed, ParsedFeed
from stayahead.parse import opml, parse_feed
from stayahead.parse.archive import read_rows
from stayahead.urls import absolute, article_id, carried, host, normalise, registrable
from stayahead.when import EARLIEST, parse_date
from tests.examples import examples

CASES = [
    path.read_bytes()
    for folder in ("feeds", "sitemaps")
    for path in sorted((Path(__file__).parents[1] / "data" / folder).iterdir())
]

PIECES = [
    "<rss>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>", "<link href='", "'/>", "<entry>",
    "<feed xmlns='http://www.w3.org/2005/Atom'>", "<content type='xhtml'>", "<![CDATA[", "]]>", "<!--", "-->", "<?xml ",
    "?>", "<!DOCTYPE rss [", "<!ENTITY a 'b'>", "]>", "&a;", "&#0;", "&#xD800;", "&", "<", ">", "'", '"', "\x00", "é",
    "<dc:date>", "2026-13-45", "<guid>", "http://", "http://a.example/", "<media:group>", "<x xml:base='//'>", "\ufeff",
    "</", "/>", "<author><name>", "<source url='", "mode='base64'", "<ttl>9e999</ttl>",
    "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>", "<url>", "<loc>", "</url>", "<news:title>",
    "</urlset>",
]  # fmt: skip

markup = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=40).map("".join)
urls = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["http://", "https://", "HTTP:\\\\", "//", "ftp://", ""]),
    st.sampled_from(
        ["a.example", "www.www.a.example.", "m.a.example:443", "u:p@a.example:80", "[::1]", "ä.example", "www.com"]
    ),
    st.text(alphabet="/.;%aA2eE5jJsid=+ é\\", max_size=20).map("/{}".format),
    st.text(alphabet="?&=#!/utm_aref%41+ ;'é", max_size=20),
)


def check(body: bytes) -> None:
    try:
        parsed = parse_feed(body, url="https://feeds.example/x")
    except ParseError:
        return
    keeps(parsed)


def keeps(parsed: ParsedFeed) -> None:
    assert isinstance(parsed, ParsedFeed)
    for entry in parsed.entries:
        assert article_id(entry.url, feed_url="https://feeds.example/x", entry_id=entry.id or entry.title)
        assert entry.url == "" or normalise(entry.url)
        assert "\n" not in entry.title
        entry.title.encode("utf-8")
        entry.html.encode("utf-8")


@given(st.binary(max_size=300))
def test_any_bytes_give_entries_or_an_error(body: bytes) -> None:
    check(body)


@given(markup)
def test_any_markup_gives_entries_or_an_error(text: str) -> None:
    check(text.encode("utf-8", "surrogatepass"))


@examples(150)
@given(st.sampled_from(CASES), st.data())
def test_a_feed_with_a_part_changed_gives_entries_or_an_error(body: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 40)))
    check(body[:start] + data.draw(st.binary(max_size=12)) + body[end:])


@given(urls | st.text(max_size=40))
def test_the_identity_form_is_its_own(url: str) -> None:
    form = normalise(url)
    assert normalise(form) == form
    assert bool(form) == bool(host(carried(url))) == bool(registrable(carried(url)))
    if form:
        assert form.startswith("https://")
        assert article_id(form) == article_id(url)


@given(st.text(max_size=20), st.text(max_size=40) | urls)
def test_an_absolute_url_is_one_that_can_be_named(base: str, href: str) -> None:
    found = absolute(base, href)
    assert found == "" or host(found)


@examples(150)
@given(st.text(max_size=40) | st.text(alphabet="0123456789-:/ T.,+ZGMTJanMon年月日", max_size=40))
def test_a_date_is_aware_and_after_the_web(text: str) -> None:
    at = parse_date(text)
    assert at is None or (at.tzinfo is UTC and at >= EARLIEST)


@given(st.binary(max_size=200), st.text(max_size=12))
def test_any_bytes_have_a_text(body: bytes, declared: str) -> None:
    decode(body, declared=declared).encode("utf-8", "strict")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_list_of_feeds_or_none(body: bytes) -> None:
    feeds: tuple[Feed, ...] = ()
    with suppress(ParseError):
        feeds = opml.read(b"<opml>" + body)
    assert all(host(feed.url) for feed in feeds)


@given(st.lists(st.tuples(st.text(max_size=20), st.lists(st.text(max_size=10), max_size=3)), max_size=5))
def test_a_list_that_was_written_has_every_feed(made: list[tuple[str, list[str]]]) -> None:
    feeds = [
        Feed(url=f"https://f.example/{number}", title=title, sections=tuple(sections))
        for number, (title, sections) in enumerate(made)
    ]
    assert {feed.url for feed in opml.read(opml.write(feeds))} == {feed.url for feed in feeds}


@given(st.lists(st.binary(max_size=60), max_size=6), st.sampled_from(["a.tsv", "a.jsonl", "a.json"]))
def test_any_lines_are_rows_or_an_error(lines: list[bytes], name: str) -> None:
    with suppress(ArchiveError):
        for row in read_rows(lines, name=name):
            assert row.id
