"""Articles: place in time, publisher, revisions, aliases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from stayahead.model import Article, Block, BlockKind, Entry, EntryRecord, EntryState, Media, Page, Publisher
from stayahead.newsroom.articles import aliases_of, compose, digest, is_backfill, says_the_same
from stayahead.newsroom.speakers import Speakers

NOW = datetime(2030, 3, 4, 12, 0, tzinfo=UTC)
PAPER = Publisher(domain="paper.example", name="The Paper", country="SE")
KNOWN = Speakers(publishers={"paper.example": PAPER})
ENTRY = Entry(
    url="https://www.paper.example/news/1?utm_source=feed",
    title="Bridge closed",
    author="jane@paper.example (Jane Doe)",
    html="<p>For repairs.</p>",
    published=NOW - timedelta(hours=3),
)
PAGE = Page(
    title="Bridge closed – The Paper",
    url="https://www.paper.example/2030/bridge-closed",
    blocks=(Block(kind=BlockKind.PARAGRAPH, text="The bridge was closed for repairs."),),
)


def record(entry: Entry = ENTRY, *, backfill: bool = False) -> EntryRecord:
    return EntryRecord(
        id="abcdefghijklmnop",
        feed_url="https://www.paper.example/feed.xml",
        digest=digest(entry),
        state=EntryState.READ,
        seen_at=NOW,
        backfill=backfill,
        entry=entry,
    )


def composed(entry: Entry = ENTRY, page: Page = PAGE, *, backfill: bool = False) -> Article:
    return compose(record(entry, backfill=backfill), page, speakers=KNOWN, now=NOW)


def test_a_live_article_is_placed_where_we_met_it_and_back_fill_where_it_says() -> None:
    assert composed().placed_at == NOW
    assert composed(backfill=True).placed_at == NOW - timedelta(hours=3)


@pytest.mark.parametrize("claimed", [None, NOW + timedelta(days=2), datetime(1980, 1, 1, tzinfo=UTC)])
def test_back_fill_without_a_possible_time_is_not_from_just_now(claimed: datetime | None) -> None:
    assert composed(replace(ENTRY, published=claimed), backfill=True).placed_at == NOW - timedelta(days=1)
    assert composed(replace(ENTRY, published=claimed)).placed_at == NOW


@pytest.mark.parametrize(
    ("path", "back"),
    [
        ("2030/03/04/bridge", timedelta(hours=12)),
        ("a/2030-3-2/bridge", timedelta(days=2, hours=12)),
        ("2030/02/31/x", timedelta(days=1)),
        ("2031/01/01/x", timedelta(days=1)),
        ("12030/03/04", timedelta(days=1)),
    ],
)
def test_the_day_in_an_address_places_back_fill(path: str, back: timedelta) -> None:
    entry = replace(ENTRY, published=None, url=f"https://www.paper.example/{path}")
    assert composed(entry, backfill=True).placed_at == NOW - back


def test_the_publisher_is_found_by_the_articles_domain() -> None:
    assert composed().publisher == PAPER
    assert KNOWN.of("https://news.unknown.example/1").name == "unknown.example"


def test_the_article_keeps_the_claims_but_not_the_markup() -> None:
    article = composed()
    assert article.title == "Bridge closed"
    assert article.entry.author == "Jane Doe"
    assert article.entry.html == article.entry.summary == ""


def test_the_canonical_address_counts_on_the_same_site_only() -> None:
    assert composed().url == "https://www.paper.example/2030/bridge-closed"
    elsewhere = composed(page=replace(PAGE, url="https://agency.example/report"))
    assert elsewhere.url == ENTRY.url
    assert aliases_of(elsewhere) == ()
    assert [alias.article_id for alias in aliases_of(composed())] == ["abcdefghijklmnop"]


def test_a_revision_keeps_what_is_given_once() -> None:
    first = composed()
    later = replace(PAGE, blocks=(Block(kind=BlockKind.PARAGRAPH, text="It was closed and opened again."),))
    second = compose(record(), later, speakers=Speakers(), now=NOW + timedelta(hours=1), before=first)
    assert (second.id, second.url, second.publisher, second.placed_at) == (
        first.id,
        first.url,
        first.publisher,
        first.placed_at,
    )
    assert second.revision == 1
    assert not says_the_same(first, second)
    assert says_the_same(first, replace(first, revision=7))


def test_the_digest_sees_title_text_and_time() -> None:
    changes = ({"title": "Bridge open"}, {"html": "<p>Other.</p>"}, {"updated": NOW})
    digests = {digest(replace(ENTRY, **change)) for change in changes}
    assert len(digests | {digest(ENTRY)}) == 4
    assert digest(replace(ENTRY, categories=("x",))) == digest(ENTRY)


def test_what_counts_as_back_fill() -> None:
    assert is_backfill(ENTRY, first_poll=True, now=NOW)
    assert not is_backfill(ENTRY, first_poll=False, now=NOW)
    assert is_backfill(replace(ENTRY, published=NOW - timedelta(days=3)), first_poll=False, now=NOW)
    assert not is_backfill(replace(ENTRY, published=None), first_poll=False, now=NOW)
    assert is_backfill(replace(ENTRY, published=None, updated=NOW - timedelta(days=3)), first_poll=False, now=NOW)


def test_an_episode_without_a_page_is_found_at_its_file() -> None:
    media = (
        Media(url="https://cdn.example/9.jpg", media_type="image"),
        Media(url="https://cdn.example/9.mp3", media_type="audio/mpeg"),
    )
    assert composed(replace(ENTRY, url="", media=media), replace(PAGE, url="")).url == "https://cdn.example/9.mp3"
    assert composed(replace(ENTRY, media=media), replace(PAGE, url="")).url == ENTRY.url
    assert composed(replace(ENTRY, url="", media=media[:1]), replace(PAGE, url="")).url == ""
