"""Tells monitors whether the service is alive (`/healthz`), does its work (`/readyz`) and how much (`/metrics`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from stayahead.errors import StoreError
from stayahead.model import Counts, DeskHealth, Position
from stayahead.serve.api import JsonResponse
from stayahead.serve.site import site_of

_HELP = {
    "feeds": "Watched feeds.",
    "feeds_failing": "Watched feeds whose last poll failed.",
    "articles": "Articles stored.",
    "stories_live": "Stories that may still grow.",
    "updates": "Updates kept.",
    "pages_wanted": "Entries whose page is still to be fetched.",
    "entries_waiting": "New entries that wait, for their source has brought as many as it may.",
    "bytes": "Size of the database file in bytes.",
    "last_update": "Number of the last committed update.",
    "live_readers": "Connections to the live stream.",
}
STUCK_S = 60.0
"""Deliveries that wait for so long without a commit are stuck: the desk hears of time passing every ten seconds."""
_NOT_A_NAME = re.compile(r"[^a-zA-Z0-9_]", re.ASCII)


async def healthz(request: Request) -> Response:
    """`/healthz`: for monitors: 200 while the store answers, with its epoch and last update.

    503 with the reason when it does not.
    """
    site = site_of(request)
    headers = {"cache-control": "no-store"}
    try:
        position = await site.monitors.run(site.pages.position)
    except (StoreError, TimeoutError) as error:
        return JsonResponse({"status": "failing", "error": str(error) or "timeout"}, 503, headers)
    return JsonResponse({"status": "ok", "epoch": position.epoch, "update": position.update}, headers=headers)


async def readyz(request: Request) -> Response:
    """`/readyz`: for monitors: 200 while news is taken in and committed, with the age of the last commit.

    503 with what is wrong: the desk has stopped or is stuck, or no source works.
    """
    site = site_of(request)
    headers = {"cache-control": "no-store"}
    try:
        counts, position = await site.monitors.run(lambda: (site.pages.counts(), site.pages.position()))
    except (StoreError, TimeoutError):
        counts, position = None, None
    desk = site.desk()
    faults = list(_faults(desk, counts))
    body = {
        "status": "failing" if faults else "ok",
        "faults": [{"code": code, "message": message} for code, message in faults],
        "update": None if position is None else position.update,
        "commit_age_s": None if desk is None else round(desk.commit_age_s, 1),
        "deliveries_waiting": None if desk is None else desk.waiting,
        "sources": None if counts is None else counts.feeds,
        "sources_failing": None if counts is None else counts.feeds_failing,
    }
    return JsonResponse(body, 503 if faults else 200, headers)


def _faults(desk: DeskHealth | None, counts: Counts | None) -> Iterator[tuple[str, str]]:
    """What keeps the service from its work; paths and names are for the log, since anybody may ask."""
    if counts is None:
        yield "store_silent", "The database does not answer; the log says why."
    elif 0 < counts.feeds == counts.feeds_failing:
        yield "no_source_works", "Every source fails: look at this machine's network, name server and clock."
    if desk is not None and desk.is_stopped:
        yield "desk_stopped", "Nothing more is committed; the log says why. A new start goes on."
    elif desk is not None and desk.stuck_s > STUCK_S:
        yield (
            "desk_stuck",
            f"Nothing was committed for {desk.stuck_s:.0f} s though {desk.waiting} deliveries wait; look at the disk.",
        )


async def metrics(request: Request) -> Response:
    """`/metrics`: counts of the store and of the running service, as Prometheus' text, exposition format 0.0.4.

    503 while the store does not answer.
    """
    site = site_of(request)
    counts, position = await site.monitors.run(lambda: (site.pages.counts(), site.pages.position()))
    text = exposition(counts, position, live_readers=site.hub.readers, status=site.status())
    return PlainTextResponse(
        text, headers={"cache-control": "no-store", "content-type": "text/plain; version=0.0.4; charset=utf-8"}
    )


def exposition(counts: Counts, position: Position, *, live_readers: int, status: Mapping[str, float]) -> str:
    """All gauges as text; those of the running service under their own names."""
    values: dict[str, float] = {**asdict(counts), "last_update": position.update, "live_readers": live_readers}
    lines: list[str] = []
    for name, value in (*values.items(), *sorted(status.items())):
        metric = "stayahead_" + _NOT_A_NAME.sub("_", name)
        if name in _HELP:
            lines.append(f"# HELP {metric} {_HELP[name]}")
        lines += [f"# TYPE {metric} {_kind(name)}", f"{metric} {value:.15g}"]
    return "\n".join(lines) + "\n"


def _kind(name: str) -> str:
    # By Prometheus' custom a name that ends so only ever grows.
    return "counter" if name.endswith("_total") else "gauge"
