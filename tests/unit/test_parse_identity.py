"""By what entries are known again: fragments, shared addresses, and addresses that change from poll to poll."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from stayahead.model import Entry, Identity
from stayahead.parse import identify, parse_feed
from stayahead.store.migration_functions import _name_of, _second_name_of
from stayahead.store.rows import packed
from stayahead.urls import article_id, with_fragment

FEED = "https://paper.example/feed.xml"
T0 = datetime(2030, 3, 4, 12, 0, 7, tzinfo=UTC)


def entry(number: int, *, url: str | None = None, id: str | None = None, title: str | None = None) -> Entry:  # noqa: A002
    return Entry(
        id=f"tag:{number}" if id is None else id,
        url=f"https://paper.example/news/{number}" if url is None else url,
        title=f"Report {number} from the harbour" if title is None else title,
        published=T0 + timedelta(minutes=number),
        html=f"<p>Text {number}.</p>",
    )


def of(entries: Sequence[Entry]) -> tuple[Identity, ...]:
    return identify(entries, feed_url=FEED)


def test_an_address_of_its_own_is_an_identity_as_ever() -> None:
    for each, identity in zip(entries := [entry(n) for n in range(5)], of(entries), strict=True):
        assert identity.id == article_id(each.url)
        assert identity.addresses == (identity.id,)
        assert identity.shared == ""
        assert identity.name


def test_an_entry_without_an_address_is_named_by_its_feed_as_ever() -> None:
    (identity,) = of([entry(1, url="")])
    assert identity.id == article_id("", feed_url=FEED, entry_id="tag:1")


def test_fragments_tell_entries_apart_where_a_feed_has_several() -> None:
    page = "https://paper.example/changelog"
    releases = [entry(n, url=f"{page}#v{n}", id="") for n in range(8)]
    identities = of(releases)
    assert len({each.id for each in identities}) == 8
    assert {each.shared for each in identities} == {article_id(page)}


def test_alone_a_fragment_says_nothing_and_is_remembered() -> None:
    page = "https://paper.example/live"
    (alone,) = of([entry(1, url=f"{page}#a")])
    assert alone.id == article_id(page)
    first, second = of([entry(1, url=f"{page}#a"), entry(2, url=f"{page}#b")])
    assert alone.name == first.name
    assert first.id in alone.addresses
    assert second.id not in alone.addresses


@pytest.mark.parametrize("fragment", ["", "xtor=RSS-1", "utm_source=a&utm_medium=b", ":~:text=bridge", "ref=rss"])
def test_a_fragment_that_counts_readers_is_none(fragment: str) -> None:
    assert with_fragment(f"https://www.paper.example/a#{fragment}") == "https://paper.example/a"


def test_one_report_under_two_fragments_is_one() -> None:
    one = entry(1, url="https://paper.example/a#top")
    assert len({each.id for each in of([one, replace(one, url="https://paper.example/a#main")])}) == 1


@pytest.mark.parametrize("ids", ["own", "none", "link", "one"])
def test_entries_that_share_one_address_and_time_are_told_apart(ids: str) -> None:
    page = "https://paper.example/today"
    shared = [
        replace(entry(n, url=page), published=T0, id={"own": f"tag:{n}", "none": "", "link": page, "one": "x"}[ids])
        for n in range(6)
    ]
    assert len({each.id for each in of(shared)}) == 6
    untitled = [replace(each, title="") for each in shared]
    assert len({each.id for each in of(untitled)}) == 6
    alike = [replace(each, title="Update") for each in shared]
    assert len({each.id for each in of(alike)}) == 6


def test_two_versions_under_one_address_are_one_article() -> None:
    page = "https://paper.example/bridge"
    assert {each.id for each in of([entry(1, url=page), entry(2, url=page)])} == {article_id(page)}


def names_of(before: Entry, after: Entry) -> tuple[str, str]:
    return of([before, entry(98)])[0].name, of([after, entry(99)])[0].name


@pytest.mark.parametrize(
    ("before", "changes"),
    [
        (entry(1), {"url": "https://paper.example/s/f00/news/1"}),
        (entry(1), {"url": "https://paper.example/news/1?token=1", "title": "Another headline"}),
        (entry(1, id=""), {"url": "https://paper.example/s/f00/news/1"}),
        (replace(entry(1), published=None), {"url": "https://paper.example/news/1?token=1"}),
        (entry(1, id="https://paper.example/news/1"), dict.fromkeys(("id", "url"), "https://paper.example/news/1?t=2")),
    ],
    ids=["path", "headline", "no id", "no time", "the id is the link"],
)
def test_a_name_outlives_its_address(before: Entry, changes: dict[str, str]) -> None:
    one, other = names_of(before, replace(before, **changes))  # type: ignore[arg-type]
    assert one == other != ""


def test_without_id_and_time_what_all_addresses_share_tells_none() -> None:
    def poll(session: str) -> list[Entry]:
        return [
            replace(entry(n, id="", url=f"https://paper.example/a?n={n}&sess={session}"), published=None)
            for n in range(5)
        ]

    one, other = ([each.name for each in of(poll(session))] for session in ("f00", "ba7"))
    assert one == other
    assert len(set(one)) == 5


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (entry(1, id="1"), entry(2, id="1")),
        (replace(entry(1, id="1"), published=None), replace(entry(2, id="1"), published=None)),
        (entry(1, id="Morning brief", title="Morning brief"), entry(2, id="Morning brief", title="Morning brief")),
        (
            replace(entry(1, id="morning-briefing", title="Morning briefing"), published=None),
            replace(entry(2, id="morning-briefing", title="Morning briefing"), published=None),
        ),
        (
            replace(entry(1, id="1"), published=datetime(2030, 3, 4, tzinfo=UTC)),
            replace(entry(2, id="1"), published=datetime(2030, 3, 4, tzinfo=UTC)),
        ),
    ],
    ids=["counted anew", "counted anew without times", "a title", "a title as an id", "counted anew in a day"],
)  # fmt: skip
def test_an_id_that_a_feed_uses_again_joins_nothing(before: Entry, after: Entry) -> None:
    one, other = names_of(before, after)
    assert one == "" or one != other


def test_an_id_that_all_entries_bear_names_none() -> None:
    identities = of([replace(entry(n, id="news"), title="") for n in range(3)])
    assert {each.name for each in identities} == {""}


def test_the_address_that_an_id_is_counts_as_well() -> None:
    counted = entry(1, url="https://paper.example/click?x=81", id="https://paper.example/news/1")
    assert article_id("https://paper.example/news/1") in of([counted])[0].addresses
    of_another_site = replace(counted, id="https://other.example/news/1")
    assert of([of_another_site])[0].addresses == (article_id(counted.url),)


@pytest.mark.parametrize(
    "each",
    [
        entry(1),
        entry(1, id=""),
        entry(1, id="https://paper.example/news/1"),
        entry(1, id="report 1 from the harbour"),
        entry(1, url="https://paper.example/live#é1"),
        entry(1, url="https://paper.example/live#xtor=RSS-1"),
        entry(1, url=""),
        replace(entry(1), published=None),
        replace(entry(1), published=datetime(2030, 3, 4, tzinfo=UTC)),
        replace(entry(1, title="Éléphant"), published=None),
        replace(entry(1, id=""), published=None),
    ],
)
def test_what_was_stored_before_gets_the_name_that_it_has_now(each: Entry) -> None:
    (identity,) = of([each])
    assert (_name_of(FEED, None, packed((each, None))) or "") == identity.name


def test_what_was_stored_before_gets_the_second_name_that_it_has_now() -> None:
    listed = [entry(1, id="tag:48211"), entry(2, id="tag:48212"), entry(3, id="3"), entry(4, id="")]
    for each, identity in zip(listed, of(listed), strict=True):
        stored = _second_name_of(FEED, None, packed((each, None))) or ""
        assert stored == identity.second_name
        assert bool(stored) == each.id.startswith("tag:")


@pytest.mark.parametrize("is_forward", [True, False])
@pytest.mark.parametrize("dialect", ["rss", "json"])
def test_of_a_feed_that_is_too_long_the_newest_are_read(dialect: str, *, is_forward: bool) -> None:
    days = [T0 + timedelta(hours=n) for n in range(1_200)]
    order = [days[-1], *days] if is_forward else [days[0], *reversed(days)]  # one is pinned to the top
    if dialect == "rss":
        items = "".join(f"<item><guid>{n}</guid><title>t{n}</title><pubDate>{at.isoformat()}</pubDate></item>" for n, at in enumerate(order))  # fmt: skip  # noqa: E501
        body = f"<rss><channel><title>t</title>{items}</channel></rss>"
    else:
        items = ",".join(f'{{"id": "{n}", "date_published": "{at.isoformat()}"}}' for n, at in enumerate(order))
        body = f'{{"items": [{items}]}}'
    read = parse_feed(body.encode(), url=FEED).entries
    assert len(read) == 1_000
    assert {each.published for each in read} >= set(days[-990:])
