"""Holds what everything in the loop works with: clock, fetcher, workers, store and desk, handed on as one value."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from stayahead.log import event
from stayahead.newsroom.allowance import Allowances
from stayahead.newsroom.desk import Desk
from stayahead.newsroom.prepare import Draft
from stayahead.newsroom.speakers import Speakers
from stayahead.newsroom.work_queue import Lane
from stayahead.ports import Claims, Clock, Fetcher, Sources

T = TypeVar("T")

log = logging.getLogger("stayahead.newsroom")


class Preparer(Protocol):
    """Runs a function of `newsroom.prepare` somewhere: in a worker process, or inline in tests."""

    async def run(
        self, function: Callable[..., T], *args: object, url: str, source: str = "", lane: Lane = Lane.FEED
    ) -> T:
        """Give what the function gives; errors tell `url`, and `source` (a feed) and `lane` say whose turn it is.

        Raises:
            SourceError: the function's own error, or a `PrepareError` when its worker did not survive.
        """
        ...


class InlinePreparer:
    """Runs it at once, in this process: for tests and short commands on trusted input."""

    async def run(
        self, function: Callable[..., T], *args: object, url: str, source: str = "", lane: Lane = Lane.FEED
    ) -> T:
        """Give what the function gives."""
        return function(*args)


@dataclass(slots=True)
class Toolbox:
    """What a poll and a page job need."""

    clock: Clock
    fetcher: Fetcher
    preparer: Preparer
    sources: Sources
    claims: Claims
    desk: Desk
    speakers: Speakers = field(default_factory=Speakers)
    """Renewed while the loop runs."""
    allowances: Allowances = field(default_factory=Allowances)


def noted(draft: Draft, *, url: str) -> Draft:
    """The draft itself, once the log has heard what of its analysis failed."""
    for failure in draft.failures:
        event(log, logging.ERROR, "analysis_failed", url=url, error=failure)
    return draft
