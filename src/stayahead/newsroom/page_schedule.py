"""Says when a page is read again, and what is remembered of it after each read. Pure.

The steps count from the article's place in time, not from its last read: after a pause, or when its story comes to
matter late, an article is read once and not once for every step that it missed.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from stayahead.analyze.correction_notes import is_withdrawal
from stayahead.errors import HttpStatus, RobotsRefused, SourceError
from stayahead.model import Article, Fetched, Page, PageKind, PageState

STEPS = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24), timedelta(days=7))
"""After an article appeared: typos and first facts are put right within the hour, developments within the day,
corrections within the week (0056)."""
SHORTEST = timedelta(minutes=5)
"""No step falls sooner after a read: what was read late is not read twice in a breath."""
RETRY_AFTER = timedelta(minutes=15)
"""Wait after a failed read that a feed asked for; four times as long after each further one."""
TRIES_MAX = 3
"""Tries for one wish of a feed; past that the schedule decides."""
REASON_CHARS = 500
_LACKING = (PageKind.SHELL, PageKind.PAYWALL, PageKind.LIST)


def next_step(placed_at: datetime, now: datetime) -> datetime | None:
    """The first step that is not yet near; None after the last."""
    return next((placed_at + step for step in STEPS if placed_at + step > now + SHORTEST), None)


def text_digest(page: Page) -> str:
    """Hash of a page's extracted text, 32 hex digits."""
    return hashlib.blake2b(page.text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def after_first_read(article: Article, fetched: Fetched, now: datetime) -> PageState:
    """The state of a page after the read that gave the article its text."""
    return PageState(
        article_id=article.id,
        url=fetched.request_url,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        text_digest=text_digest(article.page),
        read_at=now,
        next_at=next_step(article.placed_at, now),
    )


def after_answer(
    state: PageState, fetched: Fetched, *, placed_at: datetime, now: datetime, digest: str = "", reason: str = ""
) -> PageState:
    """The state of a page that answered.

    Args:
        state: what we knew of the page.
        fetched: the answer; a 304 keeps the validators that it does not name anew.
        placed_at: the article's place in time.
        now: time of the answer.
        digest: of the text that the article has now; empty: as before.
        reason: why the answer's text was not taken, if so.
    """
    is_kept = fetched.status == 304
    return replace(
        state,
        etag=fetched.etag or (state.etag if is_kept else ""),
        last_modified=fetched.last_modified or (state.last_modified if is_kept else ""),
        text_digest=digest or state.text_digest,
        reads=state.reads + 1,
        read_at=now,
        next_at=next_step(placed_at, now),
        is_asked=False,
        failures=0,
        reason=reason,
    )


def after_failure(state: PageState, error: SourceError, *, placed_at: datetime, now: datetime) -> PageState:
    """The state of a page that could not be had.

    What is gone or refused is not asked again by schedule; the article keeps its text.
    """
    failures = state.failures + 1
    reason = str(error)[:REASON_CHARS]
    state = replace(state, failures=failures, reason=reason, is_asked=state.is_asked and failures < TRIES_MAX)
    if _is_final(error):
        return replace(state, next_at=None, is_asked=False)
    least = timedelta(seconds=error.retry_after_s if isinstance(error, HttpStatus) else 0.0)
    if state.is_asked:
        return replace(state, next_at=now + max(RETRY_AFTER * 4 ** (failures - 1), least))
    return replace(state, next_at=next_step(placed_at, now + least))


def _is_final(error: SourceError) -> bool:
    return isinstance(error, RobotsRefused) or (isinstance(error, HttpStatus) and error.status in (404, 410))


def why_not_taken(page: Page, stored: Page, *, request_url: str, final_url: str) -> str:
    """Why what a page says now is no new version of the article; empty when it is one.

    Args:
        page: what the page says now.
        stored: what the article says.
        request_url: the page's url.
        final_url: where its redirects ended.
    """
    if not page.text:
        return f"{request_url}: the page has no text any more; the last version stays"
    # Sites send a withdrawn article's readers to their front page, which is no new text of it.
    if urlsplit(final_url).path in ("", "/") and urlsplit(request_url).path not in ("", "/"):
        return f"{request_url}: leads to {final_url}, a front page, now; the last version stays"
    is_less = page.kind in _LACKING and page.kind is not stored.kind and len(page.text) < len(stored.text)
    if is_less and not is_withdrawal(page):
        return f"{request_url}: shows less than before ({page.kind.value}); the last version stays"
    return ""
