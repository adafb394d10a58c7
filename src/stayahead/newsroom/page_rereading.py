"""Reads pages again whose story matters or whose feed says that they changed; another text is the next revision.

First reads go first: a page is read again only while its host has no first read under way, pages still find room, and
the workers keep up. What a page costs is bounded by the budget; whether it is worth reading, the store decides.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

from stayahead.errors import DeskStopped, Outdated, PrepareError, SourceError
from stayahead.log import event
from stayahead.model import Article, PageState
from stayahead.newsroom.budget import Budget
from stayahead.newsroom.delivery import delivery_from
from stayahead.newsroom.outcome import PageFailure, PageWords, Prepared, SamePage, outcome
from stayahead.newsroom.page_reading import PageRead, PageReading
from stayahead.newsroom.policy import REREAD
from stayahead.newsroom.toolbox import Toolbox
from stayahead.urls import host

log = logging.getLogger("stayahead.newsroom")

AT_ONCE = 8
"""Pages read again at the same time, of the places that all pages share."""
DUE_MOST = 200
"""Due pages that one look goes through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Basis:
    """What a page that is read again is decided on."""

    stored: Article
    as_of: int
    is_behind: bool = False
    """Its article changed while the page was on its way."""


class PageRereading:
    """The re-reads under way. Belongs to the event loop.

    Args:
        toolbox: the shared parts.
        reading: the first reads, which go first and count for the budget.
        budget: how many re-reads there may be.
    """

    def __init__(self, toolbox: Toolbox, reading: PageReading, budget: Budget) -> None:
        self._toolbox = toolbox
        self._reading = reading
        self._budget = budget
        self._counted = 0
        self._jobs: dict[str, asyncio.Task[None]] = {}

    @property
    def busy(self) -> int:
        """Re-reads under way."""
        return len(self._jobs)

    async def look(self) -> None:
        """Start what is due, as far as budget and first reads leave room."""
        self._budget.earn(self._reading.first_reads - self._counted)
        self._counted = self._reading.first_reads
        if self._budget.is_spent or self.busy >= AT_ONCE or not self._reading.has_leisure:
            return
        now, as_of = self._toolbox.clock.now(), self._toolbox.desk.as_of
        for state in await asyncio.to_thread(self._toolbox.sources.due_pages, now, REREAD, limit=DUE_MOST):
            if self.busy >= AT_ONCE:
                return
            site = host(state.url)
            if state.article_id in self._jobs or self._reading.is_reading(site):
                continue
            if self._budget.spend(site, now):  # last of all: nothing is taken out for a page that is not read
                self._start(state, as_of)

    def _start(self, state: PageState, as_of: int) -> None:
        task = asyncio.create_task(self._read(state, as_of), name=f"page {state.article_id} again")
        self._jobs[state.article_id] = task
        task.add_done_callback(partial(self._leave, state.article_id))

    def _leave(self, id_: str, _: object) -> None:
        del self._jobs[id_]

    async def stop(self) -> None:
        """Give up what is under way; it stays due."""
        tasks = list(self._jobs.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # ── one page ─────────────────────────────────────────────────────────────────────────────────

    async def _read(self, state: PageState, as_of: int) -> None:
        stored = await asyncio.to_thread(self._toolbox.sources.article, state.article_id)
        if stored is None:
            return
        basis = _Basis(stored=stored, as_of=as_of)
        with contextlib.suppress(DeskStopped):  # the desk says itself why it stopped
            try:
                read = await self._reading.page(state.url, stored.entry, feed_url=stored.feed_url, state=state)
                await self._settle(state, basis, partial(self._page_words, read))
            except SourceError as error:
                if isinstance(error, PrepareError):
                    event(log, logging.WARNING, "page_refused", url=error.url, error=error.told)
                await self._settle(state, basis, partial(self._failure, error))
            except DeskStopped:
                raise
            except Exception as error:
                # Stored as its failure, or a page that meets a bug of ours would stay due for ever.
                event(log, logging.ERROR, "page_reread_failed", url=state.url, error=error, trace=error)
                what = f"unexpected {type(error).__name__}: {error}"
                defect = PrepareError(state.url, what, remedy="please report it with the page")
                await self._settle(state, basis, partial(self._failure, defect))

    async def _settle(
        self, state: PageState, basis: _Basis | None, prepare_it: Callable[[_Basis], Awaitable[Prepared]]
    ) -> None:
        """Decide and submit, on what is stored then."""
        while basis is not None:
            decide = partial(outcome, stored=basis.stored, speakers=self._toolbox.speakers)
            result = await asyncio.to_thread(decide, state, await prepare_it(basis))
            try:
                await self._toolbox.desk.submit(
                    delivery_from((result,), at=self._toolbox.clock.now(), as_of=basis.as_of)
                )
            except Outdated:
                state = replace(state, is_asked=True)  # whatever came may be older than the change
                basis = await self._renewed(state)
            else:
                return

    async def _renewed(self, state: PageState) -> _Basis | None:
        as_of = self._toolbox.desk.as_of  # before the store is asked, as in `page_reading`
        stored = await asyncio.to_thread(self._toolbox.sources.article, state.article_id)
        return None if stored is None else _Basis(stored=stored, as_of=as_of, is_behind=True)

    async def _page_words(self, read: PageRead, basis: _Basis) -> Prepared:
        now = self._toolbox.clock.now()
        if read.draft is None:
            return SamePage(fetched=read.fetched, now=now, is_behind=basis.is_behind)
        return PageWords(
            draft=await self._reading.draft_for(read, basis.stored.entry),
            fetched=read.fetched,
            now=now,
            memory=await self._reading.memory(host(read.fetched.url)),
            is_behind=basis.is_behind,
        )

    async def _failure(self, error: SourceError, _: _Basis) -> PageFailure:
        return PageFailure(error=error, now=self._toolbox.clock.now())
