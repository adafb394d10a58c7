"""Rereading: pages that are due again in; new revisions of their articles, or that nothing changed, out.

First reads go first: a page is read again only while its host has no first read under way, pages still find room, and
the workers keep up. What a page costs is bounded by the budget; whether it is worth reading, the store decides.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from datetime import datetime
from functools import partial

from stayahead.errors import DeskStopped, PrepareError, SourceError
from stayahead.log import event
from stayahead.model import Article, Fetched, PageState, Revision
from stayahead.newsroom import page_schedule
from stayahead.newsroom.articles import as_read_now, recompose, says_the_same
from stayahead.newsroom.budget import Budget
from stayahead.newsroom.desk import Delivery
from stayahead.newsroom.policy import REREAD
from stayahead.newsroom.prepare import Draft
from stayahead.newsroom.reading import Reading
from stayahead.newsroom.wires import Wires
from stayahead.urls import host

log = logging.getLogger("stayahead.newsroom")

AT_ONCE = 8
"""Pages read again at the same time, of the places that all pages share."""
DUE_MOST = 200
"""Due pages that one look goes through."""


class Rereading:
    """The re-reads under way. Belongs to the event loop.

    Args:
        wires: the shared parts.
        reading: the first reads, which go first and count for the budget.
        budget: how many re-reads there may be.
    """

    def __init__(self, wires: Wires, reading: Reading, budget: Budget) -> None:
        self._wires = wires
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
        now = self._wires.clock.now()
        for state in await asyncio.to_thread(self._wires.sources.due_pages, now, REREAD, limit=DUE_MOST):
            if self.busy >= AT_ONCE:
                return
            site = host(state.url)
            if state.article_id in self._jobs or self._reading.is_reading(site):
                continue
            if self._budget.spend(site, now):
                self._start(state)

    def _start(self, state: PageState) -> None:
        task = asyncio.create_task(self._read(state), name=f"page {state.article_id} again")
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

    async def _read(self, state: PageState) -> None:
        stored = await self._stored(state)
        if stored is None:
            return
        with contextlib.suppress(DeskStopped):  # the desk says itself why it stopped
            try:
                draft, fetched = await self._reading.page(state.url, stored.entry, known=state)
                await self._settle(state, draft, fetched)
            except SourceError as error:
                if isinstance(error, PrepareError):
                    event(log, logging.WARNING, "page_refused", url=error.url, error=error.told)
                await self._failed(state, error, stored.placed_at)
            except DeskStopped:
                raise
            except Exception as error:
                event(log, logging.ERROR, "page_reread_failed", url=state.url, error=error, trace=error)
                what = f"unexpected {type(error).__name__}: {error}"
                told = PrepareError(state.url, what, remedy="please report it with the page")
                await self._failed(state, told, stored.placed_at)

    async def _stored(self, state: PageState) -> Article | None:
        return await asyncio.to_thread(self._wires.sources.article, state.article_id)

    async def _settle(self, state: PageState, draft: Draft | None, fetched: Fetched) -> None:
        now = self._wires.clock.now()
        stored = await self._stored(state)  # once more: its feed may have given it a new headline meanwhile
        if stored is None:
            return
        after = partial(page_schedule.answered, state, fetched, placed_at=stored.placed_at, now=now)
        if draft is None:
            await self._submit(after(), now)
            return
        digest = page_schedule.text_digest(draft.page)
        if digest == state.text_digest:
            await self._submit(after(), now)
            return
        before = as_read_now(stored, await self._reading.memory(host(fetched.url)))
        reason = page_schedule.why_not_taken(draft.page, before.page, asked=state.url, ended=fetched.url)
        if reason:
            await self._submit(after(reason=reason), now)
            return
        article = recompose(stored, draft.page)
        given = () if says_the_same(article, before) else (Revision(article=article, signals=draft.signals),)
        seen = () if draft.observation is None else (draft.observation,)
        delivery = Delivery(at=now, page_states=(after(digest=digest),), inputs=given, observations=seen)
        await self._wires.desk.submit(delivery)

    async def _failed(self, state: PageState, error: SourceError, placed_at: datetime) -> None:
        now = self._wires.clock.now()
        await self._submit(page_schedule.failed(state, error, placed_at=placed_at, now=now), now)

    async def _submit(self, state: PageState, now: datetime) -> None:
        await self._wires.desk.submit(Delivery(at=now, page_states=(state,)))
