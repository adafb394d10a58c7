"""Composes an article from what its feed and its page say, and tells whether two of them say the same. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from stayahead.extract import HostMemory
from stayahead.model import Article, Entry, EntryRecord, Page, UrlAlias
from stayahead.newsroom.speakers import Speakers, are_one
from stayahead.parse import display_name
from stayahead.urls import article_id, normalise, registrable
from stayahead.when import plausible

STALE_AFTER = timedelta(hours=48)
"""An entry that claims to be older than this when we first see it is back-fill, whichever poll brought it."""


def digest(entry: Entry) -> str:
    """Hash of what the feed says of an entry: a changed one may be a revision. 32 hex digits."""
    words = "\x00".join((entry.title, entry.html, entry.updated.isoformat() if entry.updated else ""))
    return hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def by_article_id(entries: Sequence[Entry], *, feed_url: str) -> dict[str, Entry]:
    """The entries by the ids of their articles, the last of the feed first; of two with one id the feed's first."""
    # Read from the end: feeds put the newest first, and what happened first is to be decided first. A later item of the
    # comprehension replaces an earlier one of the same id, so the feed's first one stays.
    return {
        article_id(entry.url, feed_url=feed_url, entry_id=entry.id or entry.title): entry for entry in reversed(entries)
    }


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
    canonical = page.url if page.url and registrable(page.url) == registrable(voice.address) else ""
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
        placed_at = min(claimed or record.seen_at, record.seen_at)
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
    urls = dict.fromkeys(
        normalise(url) for url in (article.url, article.page.url, page_url) if url and registrable(url) == site
    )
    return tuple(UrlAlias(url=url, article_id=article.id) for url in urls if url and url != own)


def as_read_now(stored: Article, memory: HostMemory | None) -> Article:
    """The stored article without what has since become known as its host's furniture: that it went is no revision."""
    if memory is None:
        return stored
    blocks = tuple(block for block in stored.page.blocks if not memory.knows(block.text))
    return replace(stored, page=replace(stored.page, blocks=blocks))


def says_the_same(one: Article, other: Article) -> bool:
    """Neither headline nor text differ, nor who says it: no revision."""
    return one.title == other.title and one.page.text == other.page.text and are_one(one.publisher, other.publisher)
