"""Composes an article from what its feed and its page say, and tells whether two of them say the same. Pure."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from stayahead.extract import HostMemory
from stayahead.extract.ticking import differ_in_figures_alone, steady, steady_title, timeless
from stayahead.model import Article, Entry, EntryRecord, Page, UrlAlias
from stayahead.newsroom.speakers import Speakers, are_one
from stayahead.parse import display_name
from stayahead.urls import carried, normalise, registrable
from stayahead.when import plausible

FIRST_FIGURES = timedelta(minutes=5)
"""How old an article is at least when a change of figures alone, which nobody announces, is its first revision."""
UNDATED = timedelta(days=1)
"""How far back what says no time stands, when it was there before we came."""
_DAY = re.compile(r"/(20[0-9]{2})[/-]([0-9]{1,2})[/-]([0-9]{1,2})(?=[/-]|$)")
STALE_AFTER = timedelta(hours=48)
"""An entry that claims to be older than this when we first see it is back-fill, whichever poll brought it."""


def digest(entry: Entry) -> str:
    """Hash of what the feed says of an entry: a changed one may be a revision. 32 hex digits."""
    words = "\x00".join((entry.title, entry.html, entry.updated.isoformat() if entry.updated else ""))
    return hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def is_backfill(entry: Entry, *, first_poll: bool, now: datetime) -> bool:
    """Whether an entry came with its feed's first poll, or is so old by its own account that it is no news now.

    What was last changed long ago was published before that (sitemaps often say no other time).
    """
    published = plausible(entry.published or entry.updated, now=now)
    return first_poll or (published is not None and now - published > STALE_AFTER)


def compose(
    record: EntryRecord,
    page: Page,
    *,
    speakers: Speakers,
    now: datetime,
    before: Article | None = None,
    page_url: str = "",
) -> Article:
    """The article of a record: its first revision, or the one after `before`.

    `page_url`: where its page was read, if the text is the page's.
    """
    voice = speakers.voice(record, page_url=page_url)
    entry = _without_text(voice.entry)
    # A page may name any address as its canonical one; it is believed about its own site only.
    canonical = page.url if _is_on(page.url, registrable(voice.address)) else ""
    url = canonical or (voice.address if entry.url else _file(entry))
    if before is not None:
        next_ = replace(before, entry=entry, page=page, revision=before.revision + 1)
        if before.feed_url == record.feed_url and are_one(before.publisher, voice.publisher):
            return next_
        return replace(next_, url=url, publisher=voice.publisher, feed_url=record.feed_url)
    placed_at = record.seen_at
    backfill = record.backfill and not _is_refuted(record, page, is_heard=bool(page_url), now=now)
    if backfill:
        # Back-fill stands where it says it was published, or a first poll would fill the front page with old news.
        said = record.entry
        claimed = plausible(entry.published or page.published or said.published or said.updated, now=now)
        placed_at = min(claimed or _long_before(said.url, record.seen_at), record.seen_at)
    return Article(
        id=record.id,
        url=url,
        publisher=voice.publisher,
        feed_url=record.feed_url,
        entry=entry,
        page=page,
        seen_at=record.seen_at,
        placed_at=placed_at,
        backfill=backfill,
    )


def _long_before(url: str, seen_at: datetime) -> datetime:
    """Where back-fill without a time stands: at the start of the day that its address names, else a day back.

    Nobody knows when it appeared; but "just now", which its feed's first poll would say of all, is hardly ever true.
    """
    match = _DAY.search(url)
    if match is not None:
        with suppress(ValueError):
            day = datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC)
            if plausible(day, now=seen_at) is not None:
                return day
    return seen_at - UNDATED


def _is_refuted(record: EntryRecord, page: Page, *, is_heard: bool, now: datetime) -> bool:
    """Whether a feed calls old what another's site itself calls new: it must not bury that site's news."""
    told = plausible(page.published, now=now) if is_heard and record.is_foreign else None
    is_new = told is not None and record.seen_at - told <= STALE_AFTER
    return is_new and is_backfill(record.entry, first_poll=False, now=record.seen_at)


def _file(entry: Entry) -> str:
    """The sound or film of an episode that has no page."""
    return next((each.url for each in entry.media if each.media_type.startswith(("audio/", "video/"))), "")


def _without_text(entry: Entry) -> Entry:
    """The entry as an article keeps it: its text is the page's by now, so html and summary would say it twice."""
    return replace(entry, author=display_name(entry.author), html="", summary="")


def recompose(before: Article, page: Page) -> Article:
    """The next revision: what its page says now, under what its feed said last."""
    if not page.image:  # the image often comes from the feed, which is not asked here
        page = replace(page, image=before.page.image)
    return replace(before, page=page, revision=before.revision + 1)


def aliases_of(article: Article, page_url: str = "") -> tuple[UrlAlias, ...]:
    """Alias rows for every other url of the article on its own registrable domain: canonical, redirects' end.

    A foreign domain's url would let one site claim the articles of another; so would what a page says that was read
    elsewhere (`page_url`).
    """
    site = registrable(article.entry.url or article.url)
    if page_url and registrable(page_url) != site:
        return ()
    own = normalise(article.entry.url)
    urls = dict.fromkeys(normalise(url) for url in (article.url, article.page.url, page_url) if _is_on(url, site))
    return tuple(UrlAlias(url=url, article_id=article.id) for url in urls if url and url != own)


def _is_on(url: str, site: str) -> bool:
    """Whether an address belongs to a site: its host, and that of the address it carries, by which it is known."""
    return url != "" and {registrable(url), registrable(carried(url))} == {site}


def as_read_now(stored: Article, memory: HostMemory | None) -> Article:
    """The stored article without what has since become known as its host's furniture: that it went is no revision."""
    if memory is None:
        return stored
    blocks = tuple(block for block in stored.page.blocks if not memory.knows(block.text))
    return replace(stored, page=replace(stored.page, blocks=blocks))


def says_the_same(one: Article, other: Article) -> bool:
    """Neither headline nor text differ, but for what changes by itself, nor who says it: no revision."""
    if not (_same_headline(one, other) and are_one(one.publisher, other.publisher)):
        return False
    before, now = one.page.text, other.page.text
    return before == now or steady(before) == steady(now)


def _same_headline(one: Article, other: Article) -> bool:
    return one.title == other.title or steady_title(one.title) == steady_title(other.title)


def is_early(new: Article, before: Article, now: datetime) -> bool:
    """Whether a change is to wait: one of numbers outside sentences, or of a time told from now in the headline.

    A counter that nobody knows by its word would make a revision at every poll. So each needs twice the age of the one
    before: some ten in two days. It is not lost: what the article says is compared with the same text again.
    """
    said, said_before = ((each.entry.updated, each.page.updated) for each in (new, before))
    if not are_one(new.publisher, before.publisher) or said != said_before:
        return False
    if timeless(steady_title(new.title)) != timeless(steady_title(before.title)):
        return False
    text, text_before = steady(new.page.text), steady(before.page.text)
    if text != text_before and not differ_in_figures_alone(text, text_before):
        return False
    wait: timedelta = FIRST_FIGURES * 2 ** min(before.revision, 20)
    return now - before.seen_at < wait
