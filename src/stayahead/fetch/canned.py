"""A fetcher that answers from a table of urls, for tests of whatever fetches."""

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
        answers: url → an answer, an error to raise, or a list of those, one for each request; the last one is
            repeated for ever. A url that is not in the table answers 404.

    It is as strict as the real one: a request that names the answer's etag or date gets 304, and a body past
    `request.max_bytes` raises `TooLarge`.
    """

    def __init__(self, answers: Mapping[str, Answer | Sequence[Answer]]) -> None:
        self._answers: dict[str, list[Answer]] = {url: _as_list(answer) for url, answer in answers.items()}
        self.requests: list[Request] = []
        """Every request, in order."""
        self.closed = False

    async def fetch(self, request: Request) -> Fetched:
        """The next answer of that url.

        Raises:
            FetchError: the table says so, or the url is not in it.
        """
        self.requests.append(request)
        answers = self._answers.get(request.url)
        if not answers:
            raise HttpStatus(request.url, "the server answered 404 (Not Found)", status=404)
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, FetchError):
            raise answer
        return _conditional(answer, request)

    async def close(self) -> None:
        """Note that it was closed."""
        self.closed = True


def _as_list(answer: Answer | Sequence[Answer]) -> list[Answer]:
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
