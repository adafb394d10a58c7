"""What becomes of an entry and of its page: the one place that decides whether words go out, wait or are kept back.

    about an entry          its article is not stored                  its article is stored
    nothing prepared        draft it                                   draft it when its feed says something else
    FeedWords, foreign      its page is read first; without room       a revision, while it is told via its feed; its
                            it goes out via its feed                   page is read
    FeedWords, whole        it goes out                                a revision, when headline or text differ
    FeedWords, a summary    its page is read first; without room       a revision at once, and its page is read: now
                            it goes out with what the feed says        if it never was, else when the budget allows
    PageWords               it goes out, unless another article        a revision, when headline or text differ
                            has its address and its headline
    PageFailure             it goes out with what the feed says; its   its page is tried again later, or refused
                            page is tried again later, or refused

    about a page that is read again
    PageWords, SamePage     a revision, when the page says something else and says enough; its next time
    PageFailure             its next time, if it has one

An entry whose article was removed brings nothing any more, nor one that its feed lists for longer than it is kept,
nor a new one whose page names a removed one's address.

An article has two halves: what its feed says (headline, author, times) and what its page says (the text). Whichever
changes, the revision is composed of the new half and of the newest of the other; so no order of feeds and pages
loses words, if each is decided on what is stored then (`delivery`). Pure: whoever asks looks up and submits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from functools import partial
from typing import TypeAlias

from stayahead.errors import BadAnswer, ConnectFailed, FetchTimeout, HttpStatus, SourceError
from stayahead.extract import HostMemory, Observation
from stayahead.model import (
    SAME_ARTICLE,
    Article,
    EntryRecord,
    EntryState,
    FeedDomain,
    Fetched,
    KnownEntry,
    PageState,
    ReadAgain,
    UrlAlias,
)
from stayahead.newsroom import page_schedule
from stayahead.newsroom.articles import aliases_of, as_read_now, compose, is_early, recompose, says_the_same
from stayahead.newsroom.prepare import Draft
from stayahead.newsroom.speakers import Speakers, are_one, has_own_words
from stayahead.when import plausible

TRIES_MAX = 3
"""Times that a page is asked for before its article does without."""
RETRY_AFTER = timedelta(minutes=5)
"""Wait after the first failed try; four times as long after each further one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedWords:
    """What the feed itself says of an entry."""

    draft: Draft | SourceError
    may_wait: bool = False
    """A new article may wait for its page."""
    has_page: bool = True
    """False: its address leads to what other entries say, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """What the page says."""

    draft: Draft
    fetched: Fetched
    now: datetime
    memory: HostMemory | None = None
    """What is known of its host: a block that has since become furniture did not go from the text."""
    others: Mapping[str, Article | None] = field(default_factory=dict)
    """Other articles, by those of its addresses that they have; None: one that is not out yet."""
    removed: str = ""
    """An article that was removed and has one of its addresses: it would come back under another one."""
    is_behind: bool = False
    """Its article changed while the page was on its way: it may be older than the change, and is read once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePage:
    """The page is as we have it (304)."""

    fetched: Fetched
    now: datetime
    is_behind: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFailure:
    """The page could not be had, or not be read."""

    error: SourceError
    now: datetime
    feed_draft: Draft | SourceError | None = None
    """What the feed says, for an article that is not out yet."""


Prepared: TypeAlias = FeedWords | PageWords | SamePage | PageFailure | None
"""What was made of an entry or its page so far; None: nothing yet."""


class Next(Enum):
    """What is to be done beyond the commit."""

    NOTHING = 0
    DRAFT = 1
    """Prepare what the feed says."""
    READ = 2
    """Read the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is to be stored, what is to go out, and what is to be done then."""

    record: EntryRecord | None = None
    article: Article | None = None
    """Goes out: new, or as its next revision."""
    draft: Draft | None = None
    """What was made of its words; None: nobody has analysed this headline with this text yet."""
    aliases: tuple[UrlAlias, ...] = ()
    page: PageState | None = None
    read_again: ReadAgain | None = None
    """Its page is to be read again, when the budget allows."""
    observation: Observation | None = None
    feed_domain: FeedDomain | None = None
    """The page names its feed as its site's own."""
    then: Next = Next.NOTHING


def outcome(
    about: EntryRecord | PageState,
    prepared: Prepared,
    *,
    stored: Article | None,
    known: KnownEntry | None = None,
    speakers: Speakers,
) -> Outcome:
    """What becomes of it.

    Args:
        about: an entry as its feed says it now, or what we know of a page that is read again.
        prepared: what was made of it.
        stored: its article as last stored.
        known: what the store has of the entry; None: nothing.
        speakers: whose domain is whose.
    """
    if isinstance(about, PageState):
        return _again(about, prepared, stored)
    match prepared:
        case None:
            return _news(about, known, speakers)
        case SamePage():
            return Outcome(record=about)
        case FeedWords():
            return _from_feed(about, prepared, stored, known, speakers)
        case PageWords():
            return _from_page(about, prepared, stored, speakers)
        case PageFailure():
            return _without_page(about, prepared, stored, speakers)


_NOTHING, _DRAFT = Outcome(), Outcome(then=Next.DRAFT)  # what becomes of most entries of a poll


# ── an entry ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _news(record: EntryRecord, known: KnownEntry | None, speakers: Speakers) -> Outcome:
    """Whether there is anything to prepare: the feed that brought an entry first changes it, or a site's own."""
    if known is None:
        return _DRAFT
    if known.is_removed or known.is_forgotten:
        return _NOTHING
    if speakers.takes_over(record, known):
        return _DRAFT
    # Two feeds often carry one entry under headlines of their own: were both to count, it would change at every poll.
    if known.feed_url != record.feed_url:
        return Outcome(read_again=_wish(record)) if _says_newer(record, known) else _NOTHING
    return _NOTHING if known.digest == record.digest else _DRAFT


def _says_newer(record: EntryRecord, known: KnownEntry) -> bool:
    """Another feed of the same site, often its sitemap, says that the page changed after we read it."""
    entry = record.entry
    updated = plausible(entry.updated, now=record.seen_at)
    is_later = updated is not None and known.page_read_at is not None and updated > known.page_read_at
    return is_later and not record.is_foreign


def _wish(record: EntryRecord) -> ReadAgain:
    return ReadAgain(article_id=record.id, at=record.seen_at)


def _from_feed(
    record: EntryRecord,
    words: FeedWords,
    stored: Article | None,
    known: KnownEntry | None,
    speakers: Speakers,
) -> Outcome:
    draft = words.draft
    if isinstance(draft, SourceError):
        return Outcome(record=_refused(record, str(draft)))
    if record.is_foreign:
        return _from_foreign(record, words, draft, stored, known, speakers)
    is_whole = draft.is_whole or not (record.entry.url and words.has_page)
    if is_whole:
        record = replace(record, state=EntryState.READ)
    if stored is None:
        if words.may_wait and not is_whole:
            return Outcome(record=record, then=Next.READ)
        return _first(record, draft, speakers)
    if is_whole:
        return _revised(record, draft, stored, speakers)
    # What another voice said is no text of this one's, however much more it is.
    is_own = are_one(stored.publisher, speakers.voice(record, page_url="").publisher)
    if is_own and known is not None and known.page_read_at is not None:
        record = replace(record, state=EntryState.READ)
        return replace(_renamed(record, stored, speakers), read_again=_wish(record))
    is_taken_over = known is not None and speakers.takes_over(record, known)
    if is_own and _has_less(draft, stored) and not is_taken_over:
        return replace(_renamed(record, stored, speakers), then=Next.READ)
    return replace(_revised(record, draft, stored, speakers), then=Next.READ)


def _from_foreign(
    record: EntryRecord,
    words: FeedWords,
    draft: Draft,
    stored: Article | None,
    known: KnownEntry | None,
    speakers: Speakers,
) -> Outcome:
    """A feed tells of what stands on another's site: the page is to say it, and until it does the feed passes it on."""
    if stored is None:
        return Outcome(record=record, then=Next.READ) if words.may_wait else _first(record, draft, speakers)
    if not has_own_words(stored):
        return replace(_revised(record, draft, stored, speakers), then=Next.READ)
    if known is not None and known.page_read_at is not None:
        # The site has spoken: a feed that says something else may know that it speaks anew.
        return Outcome(record=replace(record, state=EntryState.READ), read_again=_wish(record))
    return Outcome(record=record, then=Next.READ)


def _first(record: EntryRecord, draft: Draft, speakers: Speakers) -> Outcome:
    """A new article goes out, if it has words."""
    if not (draft.page.text or record.entry.title):
        if record.state is EntryState.READ:
            record = _refused(record, f"{record.feed_url}: an entry without title, text and link; nothing to read")
        return Outcome(record=record)  # of a plain sitemap: there is nothing to show before its page is read
    article = compose(record, draft.page, speakers=speakers, now=record.seen_at)
    return Outcome(record=record, article=article, draft=draft)


def _revised(record: EntryRecord, draft: Draft, stored: Article, speakers: Speakers) -> Outcome:
    """The feed's own text, where headline or text differ."""
    article = compose(record, draft.page, speakers=speakers, now=record.seen_at, before=stored)
    if says_the_same(article, stored):
        return Outcome(record=record)
    if is_early(article, stored, record.seen_at):
        return Outcome()  # nothing is noted, so that it is looked at again
    return Outcome(record=record, article=article, draft=draft)


def _renamed(record: EntryRecord, stored: Article, speakers: Speakers) -> Outcome:
    """A new headline counts at once, over the text that we have."""
    article = compose(record, stored.page, speakers=speakers, now=record.seen_at, before=stored)
    return Outcome(record=record, article=None if says_the_same(article, stored) else article)


def _has_less(draft: Draft, stored: Article) -> bool:
    """The feed shows an excerpt now of what we have whole."""
    return 2 * len(draft.page.text) < len(stored.page.text)


def _from_page(record: EntryRecord, words: PageWords, stored: Article | None, speakers: Speakers) -> Outcome:
    draft = words.draft
    record = replace(record, state=EntryState.READ, reason="", next_try_at=None)
    if words.removed and stored is None:
        return Outcome(record=_refused(record, f"{SAME_ARTICLE}{words.removed}, which was removed"))
    end = words.fetched.url
    article = compose(record, draft.page, speakers=speakers, now=record.seen_at, before=stored, page_url=end)
    # A page that had less than the feed has no state: the feed is what says when that text changes.
    page = page_schedule.after_first_read(article, words.fetched, words.now) if draft.is_from_page else None
    aliases = tuple(alias for alias in aliases_of(article, end) if alias.url not in words.others)
    whole = Outcome(
        record=record,
        article=article,
        draft=draft,
        aliases=aliases,
        page=page,
        observation=draft.observation,
        feed_domain=FeedDomain(feed_url=record.feed_url, domain=speakers.domain(end)) if draft.names_feed else None,
    )
    # What a feed passes on may bear any headline: it keeps no site from its own address.
    others = [other for other in words.others.values() if other is not None and has_own_words(other)]
    twin = next((other for other in others if other.title == article.title), None)
    if twin is not None:
        # Its page was learnt from and its addresses are taken: twice would make furniture of an article.
        whole = replace(whole, aliases=(), observation=None)
        if stored is None:
            return Outcome(record=_refused(record, f"{SAME_ARTICLE}{twin.id}"))
    if stored is None:
        return whole
    # A feed that cuts its text must not take away what readers have had.
    is_excerpt = not draft.is_from_page and _has_less(draft, stored) and are_one(article.publisher, stored.publisher)
    if is_excerpt or says_the_same(article, as_read_now(stored, words.memory)):
        return replace(whole, article=None, draft=None)
    return whole


def _without_page(record: EntryRecord, failure: PageFailure, stored: Article | None, speakers: Speakers) -> Outcome:
    error = failure.error
    record = replace(record, tries=record.tries + 1, reason=str(error))
    if record.tries < TRIES_MAX and _may_pass(error):
        wait = max(RETRY_AFTER * 4 ** (record.tries - 1), timedelta(seconds=_asked_wait_s(error)))
        record = replace(record, state=EntryState.PAGE_WANTED, next_try_at=failure.now + wait)
    else:
        record = replace(record, state=EntryState.REFUSED, next_try_at=None)
    if stored is not None or failure.feed_draft is None:
        return Outcome(record=record)
    if isinstance(failure.feed_draft, SourceError):
        return Outcome(record=_refused(record, str(failure.feed_draft)))
    return _first(record, failure.feed_draft, speakers)


def _refused(record: EntryRecord, reason: str) -> EntryRecord:
    return replace(record, state=EntryState.REFUSED, reason=reason)


def _may_pass(error: SourceError) -> bool:
    """Whether another try may go better."""
    if isinstance(error, HttpStatus):
        return error.status in (408, 425, 429) or error.status >= 500
    return isinstance(error, ConnectFailed | FetchTimeout | BadAnswer)


def _asked_wait_s(error: SourceError) -> float:
    return error.retry_after_s if isinstance(error, HttpStatus) else 0.0


# ── a page that is read again ────────────────────────────────────────────────────────────────────────────────────


def _again(state: PageState, prepared: Prepared, stored: Article | None) -> Outcome:
    match prepared:
        case PageWords() | SamePage() if stored is not None:
            result = _read_again(state, prepared, stored)
            if prepared.is_behind and result.page is not None:
                return replace(result, page=replace(result.page, is_asked=True, next_at=prepared.now))
            return result
        case PageFailure() if stored is not None:
            after = page_schedule.after_failure(state, prepared.error, placed_at=stored.placed_at, now=prepared.now)
            return Outcome(page=after)
        case _:
            return Outcome()


def _read_again(state: PageState, answer: PageWords | SamePage, stored: Article) -> Outcome:
    after = partial(page_schedule.after_answer, state, answer.fetched, placed_at=stored.placed_at, now=answer.now)
    if isinstance(answer, SamePage):
        return Outcome(page=after())
    draft = answer.draft
    digest = page_schedule.text_digest(draft.page)
    # The page as it was read last, not as the article has it: furniture that was found since makes those two differ.
    if digest == state.text_digest:
        return Outcome(page=after())
    before = as_read_now(stored, answer.memory)
    reason = page_schedule.why_not_taken(draft.page, before.page, request_url=state.url, final_url=answer.fetched.url)
    if not (stored.entry.title or draft.page.title):  # whose headline was its page's
        reason = reason or f"{state.url}: the page has no headline any more; the last version stays"
    article = recompose(stored, draft.page)
    if reason or is_early(article, before, answer.now):
        return Outcome(page=after(reason=reason))
    result = Outcome(page=after(digest=digest), observation=draft.observation)
    if says_the_same(article, before):
        return result
    return replace(result, article=article, draft=draft)
