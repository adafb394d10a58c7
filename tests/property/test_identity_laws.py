"""Laws of identity: the order of a feed's entries means nothing, polling again changes nothing, and what was given an
article keeps it when others come.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

from hypothesis import assume, example, given
from hypothesis import strategies as st

from stayahead.model import Entry, EntryState, KnownEntry, ParsedFeed
from stayahead.newsroom.recognition import Met, recognise
from stayahead.parse import identify
from stayahead.ports import Sources
from tests.examples import examples

FEED = "https://paper.example/feed.xml"
T0 = datetime(2030, 3, 4, 12, 0, 7, tzinfo=UTC)

urls = st.sampled_from(
    ["", "https://paper.example/a", "https://paper.example/a#1", "https://paper.example/a#2", "https://paper.example/b"]
    + [f"https://paper.example/{n}?t={token}" for n in "cd" for token in "xy"]
)
entries = st.lists(
    st.builds(
        Entry,
        id=st.sampled_from(["", "1", "2", "tag:3", "https://paper.example/a", "https://paper.example/4"]),
        url=urls,
        title=st.sampled_from(["", "Bridge closed", "Bridge open", "1"]),
        published=st.sampled_from([None, T0, T0 + timedelta(hours=1), datetime(2030, 3, 4, tzinfo=UTC)]),
        html=st.sampled_from(["", "<p>One.</p>", "<p>Two.</p>"]),
    ).filter(lambda entry: bool(entry.url or entry.id or entry.title)),
    max_size=7,
)


class Memory:
    """What the store knows, as far as `recognise` asks."""

    def __init__(self) -> None:
        self.entries: dict[str, KnownEntry] = {}
        self.second_names: dict[str, str] = {}

    def known_entries(self, ids: Sequence[str]) -> dict[str, KnownEntry]:
        return {id_: self.entries[id_] for id_ in ids if id_ in self.entries}

    def named_entries(self, feed_url: str, keys: Sequence[str]) -> dict[str, KnownEntry]:
        assert feed_url == FEED
        named: dict[str, KnownEntry] = {}
        for each in self.entries.values():
            for name in (each.name, self.second_names.get(each.id)):
                if name and name in keys:
                    named.setdefault(name, each)
        return named

    def poll(self, entries: Sequence[Entry]) -> list[Met]:
        """Ask, and keep what came."""
        parsed = ParsedFeed(entries=tuple(entries), identities=identify(entries, feed_url=FEED))
        met = recognise(parsed, feed_url=FEED, sources=cast("Sources", self))
        assert len({each.id for each in met}) == len(met)
        for each in met:
            if each.known is None:
                assert each.id not in self.entries
            if each.known is None or each.known.digest != each.digest:
                name = each.name or (each.known.name if each.known else "")
                if each.second_name:
                    self.second_names[each.id] = each.second_name
                self.entries[each.id] = KnownEntry(
                    id=each.id, digest=each.digest, state=EntryState.READ, feed_url=FEED, name=name
                )
        return met


@examples(150)
@given(entries, st.randoms(use_true_random=False))
def test_the_order_of_entries_means_nothing(listed: list[Entry], random: object) -> None:
    order = list(range(len(listed)))
    random.shuffle(order)  # type: ignore[attr-defined]
    identities = identify(listed, feed_url=FEED)
    assert identify([listed[n] for n in order], feed_url=FEED) == tuple(identities[n] for n in order)


@examples(150)
@given(entries)
def test_polling_again_changes_nothing(listed: list[Entry]) -> None:
    memory = Memory()
    first = memory.poll(listed)
    again = memory.poll(listed)
    assert [(each.id, each.entry) for each in again] == [(each.id, each.entry) for each in first]
    assert all(each.known is not None for each in again)


def post(id_: str, title: str, html: str = "", *, url: str = "https://paper.example/a") -> Entry:
    return Entry(id=id_, url=url, title=title, html=html)


@examples(300)
@given(entries, entries, st.integers(0, 7))
# The newcomer has an id that told one of three posts of a page, or a title that is another's id.
@example([post("", ""), post("", "", "<p>One.</p>"), post("1", "Bridge closed")], [post("1", "")], 0)
@example([post("2", ""), post("1", "Bridge"), post("tag:3", "1")], [post("tag:3", "Bridge", "<p>Two.</p>")], 0)
@example([post("1", "1"), post("", "1"), post("2", "")], [post("1", "Bridge", "<p>One.</p>")], 3)
# The id of one is the address of another.
@example(
    [post("tag:3", "Other"), post("https://paper.example/a", "Bridge", url="https://paper.example/b")],
    [post("2", "1", url="https://paper.example/b"), post("2", "", url="https://paper.example/b")],
    0,
)
def test_each_article_is_met_again_when_others_come(listed: list[Entry], more: list[Entry], place: int) -> None:
    """Whatever the newcomers say; even where one takes over the id, title or address that told another entry apart."""
    memory = Memory()
    first = {each.id: each.entry for each in memory.poll(listed)}
    both = memory.poll([*listed[:place], *more, *listed[place:]])
    assert first.keys() <= {each.id for each in both}


ids, titles = st.sampled_from(["", "1", "2", "tag:3"]), st.sampled_from(["", "Bridge closed", "Bridge open", "1"])
posts = st.lists(
    st.builds(post, ids, titles, st.sampled_from(["", "<p>One.</p>"])), min_size=3, max_size=6, unique=True
)
# Who says just what another said, under another id, may be that one under a new id or not: nobody can know.
newcomers = st.lists(st.builds(post, ids, titles, st.sampled_from(["<p>Two.</p>", "<p>Three.</p>"])), max_size=5)


@examples(150)
@given(posts, newcomers)
def test_nobody_comes_instead_of_a_post_that_is_told_from_others(listed: list[Entry], more: list[Entry]) -> None:
    """Three posts or more of one page: each is met again, and no newcomer has its article."""
    memory = Memory()
    first = {each.id: each.entry for each in memory.poll(listed)}
    both = {each.id: each.entry for each in memory.poll([*more, *listed])}
    assert {id_: both[id_] for id_ in first} == first


@examples(60)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=6, unique=True), st.data())
def test_an_entry_keeps_its_id_whatever_comes_beside_it(numbers: list[int], data: st.DataObject) -> None:
    """Entries that can be told apart, by fragment or by address, in any company and order."""
    makes = data.draw(st.sampled_from(["live#{n}", "news/{n}", "{n}?token={poll}"]))
    assume(makes)

    def entry(n: int, poll: int) -> Entry:
        at = T0 + timedelta(minutes=n)
        return Entry(
            id=f"tag:{n}", url=f"https://paper.example/{makes.format(n=n, poll=poll)}", title=f"t{n}", published=at
        )

    memory = Memory()
    ids: dict[int, str] = {}
    for poll in range(4):
        shown = data.draw(st.permutations(numbers[: data.draw(st.integers(1, len(numbers)))]))
        for each in memory.poll([entry(n, poll) for n in shown]):
            number = int(each.entry.title[1:])
            assert ids.setdefault(number, each.id) == each.id
    assert len(set(ids.values())) == len(ids)


@examples(60)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=6, unique=True), st.data())
def test_an_id_that_is_no_count_outranks_address_and_time(numbers: list[int], data: st.DataObject) -> None:
    """However both change: an entry is its id and its title, in any company."""
    memory = Memory()
    ids: dict[str, str] = {}
    for poll in range(4):
        shown = data.draw(st.permutations(numbers[: data.draw(st.integers(2, len(numbers)))]))
        links = data.draw(st.lists(st.integers(0, 10**9), min_size=len(shown), max_size=len(shown), unique=True))
        listed = [
            Entry(
                id=f"tag:{4_821_630 + n}",
                url=f"https://paper.example/{poll}/{link}",
                title="Update",
                published=T0 + timedelta(seconds=link),
            )
            for n, link in zip(shown, links, strict=True)
        ]
        for each in memory.poll(listed):
            assert ids.setdefault(each.entry.id, each.id) == each.id
    assert len(set(ids.values())) == len(ids)


@examples(60)
@given(st.lists(st.integers(1, 5), min_size=2, max_size=6), st.sampled_from(["", "item-", "20300304-"]), st.data())
def test_a_feed_that_counts_its_entries_anew_loses_no_article(
    counts: list[int], prefix: str, data: st.DataObject
) -> None:
    """Each day it calls its entries 1, 2, 3 …, and some days they bear one headline."""
    memory = Memory()
    articles: set[str] = set()
    for day, count in enumerate(counts):
        at = T0 + timedelta(days=day)
        title = data.draw(st.sampled_from(["Traffic", "Weather"]))
        listed = [
            Entry(
                id=f"{prefix}{n}",
                url=f"https://paper.example/{day}/{n}",
                title=f"{title} {n}",
                published=at + timedelta(minutes=n),
            )
            for n in range(count)
        ]
        articles |= {each.id for each in memory.poll(listed)}
    assert len(articles) == sum(counts)
