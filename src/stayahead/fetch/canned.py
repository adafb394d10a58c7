"""Canned answers: a table of urls goes in; what the wire would have given comes out. For tests of whatever fetches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from stayahead.errors import FetchError, HttpStatus, TooLarge
from stayahead.model import Fetched
from stayahead.ports import Request

Answer = Fetched | FetchError


class CannedFetcher:
    """A `Fetcher` without a network.

    Args:
        answers: url → what it gives: an answer, an error to raise, or a list of those, one for each request, the
            last of them for ever. A url that is not named answers 404.

    It is as strict as the real one: an etag or date that the request knows gives 304, a body past
    `request.max_bytes` gives `TooLarge`.
    """

    def __init__(self, answers: Mapping[str, Answer | Sequence[Answer]]) -> None:
        self._answers: dict[str, list[Answer]] = {url: _listed(answer) for url, answer in answers.items()}
        self.requests: list[Request] = []
        """Every request, in order."""
        self.closed = False

    async def fetch(self, request: Request) -> Fetched:
        """The next answer of that url.

        Raises:
            FetchError: the table says so, or the url is not in it.
        """
        self.requests.append(request)
        left = self._answers.get(request.url)
        if not left:
            raise HttpStatus(request.url, "the server answered 404 (Not Found)", status=404)
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, FetchError):
            raise answer
        return _conditional(answer, request)

    async def close(self) -> None:
        """Note that it was closed."""
        self.closed = True


def _listed(answer: Answer | Sequence[Answer]) -> list[Answer]:
    return [answer] if isinstance(answer, (Fetched, FetchError)) else list(answer)


def _conditional(answer: Fetched, request: Request) -> Fetched:
    if answer.etag:  # RFC 9110 section 13.2.2: the date counts only where there is no etag
        is_known = answer.etag == request.etag
    else:
        is_known = bool(answer.last_modified) and answer.last_modified == request.last_modified
    if is_known:
        return replace(answer, status=304, body=b"", media_type="", charset="")
    if request.max_bytes is not None and len(answer.body) > request.max_bytes:
        raise TooLarge(request.url, f"larger than {request.max_bytes} bytes")
    return answer
