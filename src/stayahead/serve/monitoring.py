"""Tells monitors whether the service does well (`/healthz`) and how much it does (`/metrics`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from stayahead.errors import StoreError
from stayahead.model import Counts, Position
from stayahead.serve.api import JsonResponse
from stayahead.serve.site import site_of

_HELP = {
    "feeds": "Watched feeds.",
    "feeds_failing": "Watched feeds whose last poll failed.",
    "articles": "Articles stored.",
    "stories_live": "Stories that may still grow.",
    "updates": "Updates kept.",
    "pages_wanted": "Entries whose page is still to be fetched.",
    "bytes": "Size of the database file in bytes.",
    "last_update": "Number of the last committed update.",
    "live_readers": "Connections to the live stream.",
}
_NOT_A_NAME = re.compile(r"[^a-zA-Z0-9_]", re.ASCII)


async def healthz(request: Request) -> Response:
    """`/healthz`: for monitors: 200 while the store answers, with its epoch and last update.

    503 with the reason when it does not.
    """
    site = site_of(request)
    headers = {"cache-control": "no-store"}
    try:
        position = await site.position()
    except (StoreError, TimeoutError) as error:
        return JsonResponse({"status": "failing", "error": str(error) or "timeout"}, 503, headers)
    return JsonResponse({"status": "ok", "epoch": position.epoch, "update": position.update}, headers=headers)


async def metrics(request: Request) -> Response:
    """`/metrics`: counts of the store and of the running service, as Prometheus' text, exposition format 0.0.4.

    503 while the store does not answer.
    """
    site = site_of(request)
    counts, position = await site.read(lambda: (site.pages.counts(), site.pages.position()))
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
