"""Reads and checks the parameters of requests; a wrong one is a 400 that says what would be right."""

from __future__ import annotations

import re
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request

from stayahead.model import ArticlePlace
from stayahead.serve.cursors import parse_place
from stayahead.serve.serialize import instant

MAX_PLACE_DIGITS = 19
QUERY_MOST = 200
TOPICS_MOST = 20
ID = "[A-Za-z0-9_-]{1,64}"
"""Form of every id that we give."""
_ID = re.compile(ID, re.ASCII)


def whole_number(request: Request, name: str, *, default: int, most: int, least: int = 0) -> int:
    """A whole number within bounds."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= 18 and least <= int(text) <= most):
        raise HTTPException(400, f"'{name}' must be a whole number from {least} to {most}.")
    return int(text)


def time_or_place(request: Request, name: str) -> datetime | int | None:
    """A time with its zone, or the place where an earlier page ended; None when it is not given."""
    text = request.query_params.get(name, "")
    is_place = text.isascii() and text.isdigit() and len(text) <= MAX_PLACE_DIGITS
    return int(text) if is_place else time(request, name)


def time(request: Request, name: str) -> datetime | None:
    """A time with its zone; None when it is not given."""
    text = request.query_params.get(name)
    if not text:
        return None
    # A '+' of an offset arrives as a blank when the client did not escape it.
    at = instant(text.replace(" ", "+"))
    if at is None:
        raise HTTPException(400, f"'{name}' must be a time with its zone, such as 2026-11-22T14:02:00Z.")
    return at


def place(request: Request) -> ArticlePlace | None:
    """A place among a story's articles from which to page on; None when it is not given."""
    text = request.query_params.get("before", "")
    value = parse_place(text)
    if text and value is None:
        raise HTTPException(400, "'before' must be a place as 'next' carries it.")
    return value


def query(request: Request) -> str:
    """The words looked for, white space collapsed; empty when there are none."""
    text = " ".join(request.query_params.get("q", "").replace("\0", " ").split())
    if len(text) > QUERY_MOST:
        raise HTTPException(400, f"'q' may have at most {QUERY_MOST} characters.")
    return text


def is_id(text: str) -> bool:
    """Whether it can be the id of anything."""
    return _ID.fullmatch(text) is not None


def path_id(request: Request) -> str:
    """The id of a story or an article in the path; what cannot be one is not found."""
    text = str(request.path_params["id"])
    if not is_id(text):
        raise HTTPException(404, "There is no such page.")
    return text


def topics(request: Request) -> list[str]:
    """The topics that a reader of the live stream wants: `front` and `story:ID`, separated by commas."""
    names = [topic for topic in request.query_params.get("topics", "front").split(",") if topic]
    if not 1 <= len(names) <= TOPICS_MOST:
        raise HTTPException(400, f"'topics' must name from 1 to {TOPICS_MOST} topics.")
    for topic in names:
        if topic != "front" and not (topic.startswith("story:") and _ID.fullmatch(topic[6:])):
            raise HTTPException(400, "'topics' must be 'front' and 'story:ID', separated by commas.")
    return names
