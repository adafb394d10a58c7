"""Analyses articles of live stories again after an upgrade, when the loop is at leisure.

The store says which articles other analyzers read, or none. They are taken newest first, some at a look, so that what
readers look at is up to date within minutes and no first read waits for it. An article that costs its worker is noted
as one that these analyzers cannot read. Stories asleep are left as they are: their articles are told as not analysed.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque

from stayahead.analyze import versions
from stayahead.errors import DeskStopped, SourceError
from stayahead.log import event
from stayahead.model import Article, Findings, Reanalysis, Statements
from stayahead.newsroom import prepare
from stayahead.newsroom.delivery import Delivery
from stayahead.newsroom.page_reading import PageReading
from stayahead.newsroom.toolbox import Toolbox
from stayahead.newsroom.work_queue import Lane

log = logging.getLogger("stayahead.newsroom")

EACH_LOOK = 40
"""Articles that one look takes: a tenth of a second of one worker."""
ASKED = 1_000
"""Articles that the store names at once; to find them it goes through all that are live."""


class Reanalyzing:
    """The stored articles that are analysed again. Belongs to the event loop.

    Args:
        toolbox: the shared parts.
        reading: the first reads, which go first.
    """

    def __init__(self, toolbox: Toolbox, reading: PageReading) -> None:
        self._toolbox = toolbox
        self._reading = reading
        self._versions = versions()
        self._waiting: deque[str] = deque()
        self._task: asyncio.Task[None] | None = None
        self._analysed = 0
        self.is_done = False
        """Nothing was left when the store was last asked: whatever comes in now, these analyzers read."""

    @property
    def is_busy(self) -> bool:
        """Whether articles are being analysed."""
        return self._task is not None and not self._task.done()

    async def look(self) -> None:
        """Take the next articles, if first reads leave room."""
        if self.is_done or self.is_busy or not self._reading.has_leisure:
            return
        if not self._waiting:
            claims = self._toolbox.claims
            self._waiting.extend(await asyncio.to_thread(claims.stale_analyses, self._versions, limit=ASKED))
        if not self._waiting:
            self.is_done = True
            if self._analysed:
                event(log, logging.INFO, "reanalysed", articles=self._analysed, versions=self._versions)
            return
        ids = [self._waiting.popleft() for _ in range(min(EACH_LOOK, len(self._waiting)))]
        self._task = asyncio.create_task(self._analyse(ids), name="analyse again")

    async def stop(self) -> None:
        """Give up what is under way; the next start finds it again."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _analyse(self, ids: list[str]) -> None:
        try:
            stored = [await asyncio.to_thread(self._toolbox.sources.article, id_) for id_ in ids]
            articles = [article for article in stored if article is not None]
            await self._submit(articles, await self._statements(articles))
            self._analysed += len(articles)
        except DeskStopped:
            pass  # the desk says itself why it stopped
        except Exception as error:
            self.is_done = True  # the store would name the same articles again, look after look; a new start may
            event(log, logging.ERROR, "reanalysis_failed", error=error, trace=error)

    async def _statements(self, articles: list[Article]) -> list[Statements | None]:
        """What each states; None for one that costs its worker, which is refused alone."""
        try:
            return list(await self._run(articles)) if articles else []
        except SourceError:
            return [await self._statements_alone(article) for article in articles]

    async def _statements_alone(self, article: Article) -> Statements | None:
        try:
            (statements,) = await self._run([article])
        except SourceError as error:
            event(log, logging.WARNING, "article_not_analysed", article=article.id, url=error.url, error=error.told)
            return None
        return statements

    async def _run(self, articles: list[Article]) -> tuple[Statements, ...]:
        texts = tuple((article.title, article.page) for article in articles)
        return await self._toolbox.preparer.run(prepare.analyze_again, texts, url=articles[0].url, lane=Lane.LEISURE)

    async def _submit(self, articles: list[Article], statements: list[Statements | None]) -> None:
        again = tuple(
            Reanalysis(article_id=article.id, revision=article.revision, versions=self._versions, statements=each)
            for article, each in zip(articles, statements, strict=True)
        )
        await self._toolbox.desk.submit(Delivery(at=self._toolbox.clock.now(), findings=Findings(reanalyses=again)))
