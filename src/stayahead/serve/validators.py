"""Answers who has the newest already with "not modified", and who asks what another just asked with the same bytes.

A validator is made of the last update's number, not of what was drawn: it costs one small read, and it is told before
anything is drawn. It is weak, for the same state may be compressed or not, and times may lag by five minutes
(docs/decisions/0139).
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from stayahead.serve.site import Site

HTML = "text/html; charset=utf-8"
JSON = "application/json"


def answer_at_once(request: Request, site: Site, etag: str, media_type: str) -> Response | None:
    """What can be answered without asking the store: "not modified", or what another reader just got."""
    tags = [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]
    if etag in tags or tags == ["*"]:
        return Response(status_code=304, headers=_headers(etag, ""))
    kept = site.answers.get(etag)
    if kept is None:
        return None
    next_page, _, body = kept.partition(b"\n")
    return Response(body, media_type=media_type, headers=_headers(etag, next_page.decode()))


def answer_and_keep(site: Site, etag: str, body: bytes, media_type: str, *, next_page: str = "") -> Response:
    """The answer, kept for the next who asks the same; with the address of its next page, where there is one."""
    site.answers.put(etag, next_page.encode() + b"\n" + body)
    return Response(body, media_type=media_type, headers=_headers(etag, next_page))


def _headers(etag: str, next_page: str) -> dict[str, str]:
    headers = {"etag": etag, "cache-control": "private, no-cache"}
    return headers | {"link": f'<{next_page}>; rel="next"'} if next_page else headers
