"""What becomes of an entry and its page: every case of the table, decided on values alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from stayahead.analyze import card_of, find_statements
from stayahead.errors import ConnectFailed, DeadlinePassed, HttpStatus, RobotsRefused, SourceError
from stayahead.extract import observe_page
from stayahead.model import (
    Arrival,
    Article,
    Entry,
    EntryRecord,
    EntryState,
    Fetched,
    KnownEntry,
    Media,
    PageState,
    ReadAgain,
    Revision,
)
from stayahead.newsroom.articles import compose, digest
from stayahead.newsroom.delivery import delivery_from, input_of
from stayahead.newsroom.outcome import (
    RETRY_AFTER,
    TRIES_MAX,
    FeedWords,
    Next,
    Outcome,
    PageFailure,
    PageWords,
    Prepared,
    SamePage,
    outcome,
)
from stayahead.newsroom.page_schedule import text_digest
from stayahead.newsroom.prepare import draft_entry, draft_page
from stayahead.newsroom.speakers import Speakers
from tests.newsroom_world import FEED, LONG, NOON, page, whole

URL = "https://paper.example/news/1"
LATER = NOON + timedelta(minutes=20)
CORRECTED = LONG.replace("two of its four piers", "three of its four piers")


def entry(title: str = "Bridge closed", html: str = "<p>For repairs.</p>", **says: object) -> Entry:
    return replace(Entry(id=URL, url=URL, title=title, html=html), **says)  # type: ignore[arg-type]  # fields by name


FULL = entry(html=whole(1), html_is_content=True)


def record(of: Entry, *, feed_url: str = FEED, tries: int = 0) -> EntryRecord:
    return EntryRecord(
        id="article",
        feed_url=feed_url,
        digest=digest(of),
        state=EntryState.PAGE_WANTED,
        tries=tries,
        seen_at=NOON,
        is_foreign=Speakers().is_foreign(of.url, feed_url=feed_url),
        entry=of,
    )


def known(of: Entry, *, feed_url: str = FEED, read: bool = False) -> KnownEntry:
    return KnownEntry(
        id="article",
        digest=digest(of),
        state=EntryState.READ,
        feed_url=feed_url,
        page_read_at=NOON if read else None,
    )


def decide(of: Entry | EntryRecord, prepared: Prepared, stored: Article | None = None, **more: KnownEntry) -> Outcome:
    about = of if isinstance(of, EntryRecord) else record(of)
    return outcome(about, prepared, stored=stored, known=more.get("known"), speakers=Speakers())


def said(of: Entry, *, may_wait: bool = False) -> FeedWords:
    return FeedWords(draft=draft_entry(of), may_wait=may_wait)


def out(of: Entry, fetched: Fetched | None = None) -> Article:
    """The article as it is stored, with its page's text or the feed's."""
    draft = draft_entry(of) if fetched is None else draft_page(fetched, of)
    return compose(record(of), draft.page, speakers=Speakers(), now=NOON)


def read(of: Entry, fetched: Fetched, **more: object) -> PageWords:
    made = PageWords(draft=draft_page(fetched, of), fetched=fetched, now=LATER)
    return replace(made, **more)  # type: ignore[arg-type]  # fields by name


def state_of(told: Outcome) -> EntryState:
    assert told.record is not None
    return told.record.state


def words(told: Outcome) -> tuple[str, int]:
    """Headline and number of what goes out."""
    assert told.article is not None
    return told.article.title, told.article.revision


# ── an entry ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_what_is_new_or_was_changed_by_its_own_feed_is_prepared() -> None:
    assert decide(entry(), None).then is Next.DRAFT
    assert decide(entry(), None, known=known(entry())) == Outcome()
    assert decide(entry("Bridge closes"), None, known=known(entry())).then is Next.DRAFT
    second = "https://paper.example/second.xml"
    assert decide(entry("Bridge closes"), None, known=known(entry(), feed_url=second)) == Outcome()


@pytest.mark.parametrize(
    ("updated", "feed_url", "is_wish"),
    [
        (NOON + timedelta(seconds=-1), "https://paper.example/sitemap.xml", False),
        (NOON + timedelta(seconds=1), "https://paper.example/sitemap.xml", True),
        (NOON + timedelta(seconds=1), "https://stranger.example/sitemap.xml", False),
        (None, "https://paper.example/sitemap.xml", False),
    ],
)
def test_another_feed_of_the_site_may_ask_for_the_page_once_more(
    updated: object, feed_url: str, *, is_wish: bool
) -> None:
    newer = replace(record(entry(updated=updated), feed_url=feed_url), seen_at=LATER)
    told = decide(newer, None, known=known(entry(), read=True))
    assert told == Outcome(read_again=ReadAgain(article_id="article", at=LATER) if is_wish else None)


def test_a_new_entry_goes_out_whole_or_waits_for_its_page() -> None:
    told = decide(FULL, said(FULL, may_wait=True))
    assert (state_of(told), words(told), told.then) == (EntryState.READ, ("Bridge closed", 0), Next.NOTHING)
    told = decide(entry(), said(entry(), may_wait=True))
    assert (state_of(told), told.article, told.then) == (EntryState.PAGE_WANTED, None, Next.READ)
    told = decide(entry(), said(entry()))
    assert (state_of(told), words(told), told.then) == (EntryState.PAGE_WANTED, ("Bridge closed", 0), Next.NOTHING)
    without_link = entry(url="")
    told = decide(without_link, said(without_link, may_wait=True))
    assert (state_of(told), words(told)) == (EntryState.READ, ("Bridge closed", 0))


def test_an_entry_without_words_waits_for_its_page_or_is_refused() -> None:
    silent = entry("", "")
    told = decide(silent, said(silent))
    assert (state_of(told), told.article) == (EntryState.PAGE_WANTED, None)
    nothing = entry("", "", url="")
    told = decide(nothing, said(nothing))
    assert state_of(told) is EntryState.REFUSED
    assert told.record is not None
    assert "nothing to read" in told.record.reason


@pytest.mark.parametrize("stored", [None, out(entry())])
def test_an_entry_that_costs_its_worker_is_refused(stored: Article | None) -> None:
    told = decide(entry("Poison"), FeedWords(draft=DeadlinePassed(URL, "took more than 2 s of CPU")), stored)
    assert (state_of(told), told.article) == (EntryState.REFUSED, None)
    assert told.record is not None
    assert "2 s of CPU" in told.record.reason


def test_a_changed_whole_text_is_a_revision_and_changed_markup_is_none() -> None:
    stored = out(FULL)
    changed = replace(FULL, html=whole(1, text=CORRECTED))
    told = decide(changed, said(changed), stored, known=known(FULL))
    assert (state_of(told), words(told)) == (EntryState.READ, ("Bridge closed", 1))
    assert told.draft is not None
    padded = replace(FULL, html=FULL.html + "<p></p>")
    told = decide(padded, said(padded), stored, known=known(FULL))
    assert (state_of(told), told.article) == (EntryState.READ, None)


def test_a_new_headline_counts_at_once_over_the_page_that_was_read_which_is_read_again() -> None:
    stored = out(entry(), page(1))
    renamed = entry("Bridge closes", "<p>Quite another summary.</p>")
    told = decide(renamed, said(renamed, may_wait=True), stored, known=known(entry(), read=True))
    assert (state_of(told), words(told)) == (EntryState.READ, ("Bridge closes", 1))
    assert told.article is not None
    assert told.article.page == stored.page
    assert told.draft is None  # nobody has analysed this headline with this text
    assert (told.read_again, told.then) == (ReadAgain(article_id="article", at=NOON), Next.NOTHING)
    with pytest.raises(ValueError, match="not analysed"):
        delivery_from((told,), at=NOON)


def test_a_new_summary_asks_for_the_page_again_and_is_no_revision() -> None:
    stored = out(entry(), page(1))
    other = entry(html="<p>Quite another summary.</p>")
    told = decide(other, said(other), stored, known=known(entry(), read=True))
    assert (state_of(told), told.article, told.read_again) == (
        EntryState.READ,
        None,
        ReadAgain(article_id="article", at=NOON),
    )


def test_while_its_page_was_never_read_new_words_of_the_feed_count_at_once() -> None:
    stored = out(entry())
    renamed = entry("Bridge closes", "<p>For repairs until autumn.</p>")
    told = decide(renamed, said(renamed, may_wait=True), stored, known=known(entry()))
    assert (state_of(told), words(told), told.then) == (EntryState.PAGE_WANTED, ("Bridge closes", 1), Next.READ)
    assert told.article is not None
    assert told.article.page.text == "For repairs until autumn."


def test_an_excerpt_does_not_take_the_place_of_the_whole_text() -> None:
    stored = out(FULL)
    excerpt = entry("Bridge closes")
    told = decide(excerpt, said(excerpt), stored, known=known(FULL))
    assert (words(told), told.then) == (("Bridge closes", 1), Next.READ)
    assert told.article is not None
    assert told.article.page == stored.page


def test_an_excerpt_and_a_page_with_even_less_leave_the_whole_text_as_it_is() -> None:
    stored = out(FULL)
    teaser = b"<html><head><title>Bridge closed</title></head><body><article><p>Read it.</p></article></body></html>"
    told = decide(entry(), read(entry(), replace(page(1), body=teaser)), stored)
    assert (state_of(told), told.article, told.page) == (EntryState.READ, None, None)


def test_a_page_gives_a_new_article_its_text_and_its_addresses() -> None:
    fetched = replace(page(1, canonical="https://paper.example/2030/bridge"), etag='"a"')
    told = decide(entry(), read(entry(), fetched))
    assert (state_of(told), words(told)) == (EntryState.READ, ("Bridge closed", 0))
    assert told.page is not None
    assert (told.page.etag, told.page.read_at) == ('"a"', LATER)
    assert [alias.url for alias in told.aliases] == ["https://paper.example/2030/bridge"]
    (item,) = delivery_from((told,), at=LATER).evidence
    assert isinstance(input_of(item), Arrival)


def shown(told: Outcome) -> tuple[str, str]:
    """Author and picture of what goes out, as lists show them; all that its card says is of the article itself."""
    (item,) = delivery_from((told,), at=LATER).evidence
    assert item.card == card_of(item.article.page, item.article.entry)
    assert item.statements == find_statements(item.article.title, item.article.page)
    return item.card.author, item.card.image


def test_what_goes_out_is_shown_as_it_goes_out() -> None:
    picture = Media(url="https://paper.example/feed.jpg", media_type="image/jpeg")
    by = entry("12 dead as bridge falls", author="ann@paper.example (Ann Writer)", media=(picture,))
    assert shown(decide(by, said(by))) == ("Ann Writer", picture.url)
    assert shown(decide(by, read(by, page(1)))) == ("Ann Writer", picture.url)
    own = "https://paper.example/own.jpg"
    stored = out(by, page(1))
    stored = replace(stored, page=replace(stored.page, image=own))
    bare = replace(stored, entry=replace(stored.entry, author="", media=()))
    state = PageState(article_id="article", url=URL, text_digest=text_digest(bare.page), read_at=NOON)
    told = outcome(state, read(bare.entry, page(1, text=CORRECTED)), stored=bare, speakers=Speakers())
    assert shown(told) == ("", own)


def test_a_page_is_the_next_revision_of_an_article_that_is_out() -> None:
    told = decide(entry(), read(entry(), page(1)), out(entry()))
    assert words(told) == ("Bridge closed", 1)
    (item,) = delivery_from((told,), at=LATER).evidence
    assert isinstance(input_of(item), Revision)
    stored = out(entry(), page(1))
    told = decide(entry(), read(entry(), page(1)), stored)
    assert (state_of(told), told.article) == (EntryState.READ, None)
    assert told.page is not None


def test_what_went_as_the_furniture_of_its_host_is_no_revision() -> None:
    class Knows:
        def knows(self, text: str) -> bool:
            return text == "Paragraph that stands on every page."

    stored = out(entry(), page(1))
    page_before, _ = observe_page(page(1).body, url=URL)
    block = replace(page_before.blocks[0], text="Paragraph that stands on every page.")
    longer = replace(stored, page=replace(stored.page, blocks=(*stored.page.blocks, block)))
    assert decide(entry(), read(entry(), page(1)), longer).article is not None
    assert decide(entry(), read(entry(), page(1), memory=Knows()), longer).article is None


def test_one_article_under_two_addresses_is_one_when_headlines_agree() -> None:
    canonical = "https://paper.example/2030/bridge"
    fetched = page(1, canonical=canonical)
    twin = replace(out(entry(), page(1)), id="first")
    told = decide(entry(), read(entry(), fetched, others={canonical: twin}))
    assert (state_of(told), told.article, told.aliases) == (EntryState.REFUSED, None, ())
    stranger = replace(twin, entry=entry("Quite another report"))
    for other in (stranger, None):
        told = decide(entry(), read(entry(), fetched, others={canonical: other}))
        assert (state_of(told), words(told), told.aliases) == (EntryState.READ, ("Bridge closed", 0), ())


FAILURES: list[tuple[SourceError, bool]] = [
    (ConnectFailed(URL, "reset"), True),
    (HttpStatus(URL, "the server answered 503", status=503), True),
    (HttpStatus(URL, "the server answered 404", status=404), False),
    (RobotsRefused(URL, "robots.txt does not allow it"), False),
    (DeadlinePassed(URL, "took more than 2 s of CPU"), False),
]


@pytest.mark.parametrize(("error", "may_pass"), FAILURES, ids=str)
def test_without_its_page_an_article_goes_out_as_the_feed_said(error: SourceError, *, may_pass: bool) -> None:
    failure = PageFailure(error=error, now=LATER, feed_draft=draft_entry(entry()))
    told = decide(entry(), failure)
    assert words(told) == ("Bridge closed", 0)
    assert state_of(told) is (EntryState.PAGE_WANTED if may_pass else EntryState.REFUSED)
    assert told.record is not None
    assert (told.record.next_try_at, told.record.tries) == (LATER + RETRY_AFTER if may_pass else None, 1)
    assert str(error) in told.record.reason
    told = decide(entry(), replace(failure, feed_draft=None), out(entry()))
    assert told.article is None
    assert state_of(told) is (EntryState.PAGE_WANTED if may_pass else EntryState.REFUSED)
    last = decide(record(entry(), tries=TRIES_MAX - 1), failure)
    assert state_of(last) is EntryState.REFUSED


def test_a_server_that_names_a_wait_is_given_it() -> None:
    error = HttpStatus(URL, "the server answered 429", status=429, retry_after_s=7200)
    told = decide(entry(), PageFailure(error=error, now=LATER, feed_draft=draft_entry(entry())))
    assert told.record is not None
    assert told.record.next_try_at == LATER + timedelta(hours=2)


# ── a page that is read again ────────────────────────────────────────────────────────────────────────────────────


def page_state(stored: Article) -> PageState:
    return PageState(article_id="article", url=URL, text_digest=text_digest(stored.page), read_at=NOON, next_at=LATER)


def again(prepared: Prepared, stored: Article | None = None) -> Outcome:
    stored = stored or out(entry(), page(1))
    return outcome(page_state(out(entry(), page(1))), prepared, stored=stored, speakers=Speakers())


def test_a_page_that_says_something_else_is_a_revision_under_the_last_headline() -> None:
    renamed = replace(out(entry(), page(1)), entry=entry("Bridge closes"), revision=4)
    fetched = page(1, text=CORRECTED)
    told = again(read(renamed.entry, fetched), renamed)
    assert words(told) == ("Bridge closes", 5)
    assert told.page is not None
    assert told.article is not None
    assert told.page.text_digest == text_digest(told.article.page)
    assert (told.page.reads, told.page.is_asked) == (2, False)


@pytest.mark.parametrize(
    "prepared",
    [
        read(entry(), page(1)),
        SamePage(fetched=replace(page(1), status=304, body=b""), now=LATER),
        read(entry(), replace(page(1, text=CORRECTED), url="https://paper.example/")),
        PageFailure(error=ConnectFailed(URL, "reset"), now=LATER),
    ],
    ids=["same", "304", "front page", "failed"],
)
def test_what_is_no_version_moves_the_schedule_on_and_nothing_else(prepared: Prepared) -> None:
    told = again(prepared)
    assert (told.record, told.article, told.read_again) == (None, None, None)
    assert told.page is not None
    assert told.page.next_at is not None
    assert told.page.next_at > LATER


@pytest.mark.parametrize("prepared", [read(entry(), page(1)), SamePage(fetched=page(1), now=LATER)])
def test_a_page_that_was_on_its_way_while_its_article_changed_is_read_once_more(prepared: PageWords | SamePage) -> None:
    told = again(replace(prepared, is_behind=True))
    assert told.page is not None
    assert (told.page.is_asked, told.page.next_at) == (True, LATER)


def test_of_an_article_that_is_gone_nothing_is_stored() -> None:
    state = page_state(out(entry(), page(1)))
    for prepared in (read(entry(), page(1)), PageFailure(error=ConnectFailed(URL, "reset"), now=LATER)):
        assert outcome(state, prepared, stored=None, speakers=Speakers()) == Outcome()


def test_a_page_with_less_than_its_feed_gives_the_feeds_text_and_is_not_read_again_by_schedule() -> None:
    teaser = (
        b"<html><head><title>Bridge closed</title></head><body><article><p>Read it in our app.</p></article></body>"
    )
    empty = replace(page(1), body=teaser)
    long_summary = entry(html=f"<p>{LONG}</p><p>{LONG[::-1]}</p>")
    told = decide(long_summary, read(long_summary, empty))
    assert told.page is None
    assert told.article is not None
    assert LONG in told.article.page.text
