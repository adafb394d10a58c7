"""Monitors: `/healthz` says that we live, `/readyz` what keeps the service from its work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from stayahead.errors import StoreError
from stayahead.model import Counts, DeskHealth
from stayahead.store import SqliteStore
from tests.serve_requests import ask, site
from tests.serve_stories import world

WELL = DeskHealth(waiting=3, commit_age_s=4.2, stuck_s=4.2)


@pytest.fixture
def pages() -> Iterator[SqliteStore]:
    with world() as store:
        yield store


def test_a_service_at_work_is_ready(pages: SqliteStore) -> None:
    answer = ask(site(pages, desk=lambda: WELL), "/readyz")
    counts = pages.counts()
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.json() == {
        "status": "ok",
        "faults": [],
        "update": pages.position().update,
        "commit_age_s": 4.2,
        "deliveries_waiting": 3,
        "sources": counts.feeds,
        "sources_failing": counts.feeds_failing,
    }
    assert ask(site(pages), "/readyz").status_code == 200, "pages without a desk are ready when the store answers"


@pytest.mark.parametrize(
    ("desk", "counts", "fault"),
    [
        (replace(WELL, is_stopped=True), Counts(feeds=3), "desk_stopped"),
        (replace(WELL, stuck_s=61.0), Counts(feeds=3), "desk_stuck"),
        (WELL, Counts(feeds=3, feeds_failing=3), "no_source_works"),
        (WELL, None, "store_silent"),
    ],
)
def test_what_is_wrong_is_told_while_the_service_is_alive(
    pages: SqliteStore, desk: DeskHealth, counts: Counts | None, fault: str
) -> None:
    def told() -> Counts:
        if counts is None:
            raise StoreError("/secret/place/news.db: damaged")
        return counts

    pages.counts = told  # type: ignore[method-assign]
    app = site(pages, desk=lambda: desk)
    answer = ask(app, "/readyz")
    assert answer.status_code == 503
    assert [each["code"] for each in answer.json()["faults"]] == [fault]
    assert "secret" not in answer.text
    assert ask(app, "/healthz").status_code == 200


def test_few_failing_sources_or_none_watched_are_no_fault(pages: SqliteStore) -> None:
    for counts in (Counts(), Counts(feeds=3, feeds_failing=2)):
        pages.counts = lambda counts=counts: counts  # type: ignore[method-assign,misc]
        assert ask(site(pages, desk=lambda: WELL), "/readyz").status_code == 200
