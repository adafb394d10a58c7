"""The log of the service: one line for each event, with fields that a person and a machine can both read.

Only what touches the world logs: the loop, the adapters, the command line. The pure part returns facts. An event has a
name and fields, which are values: the url and not a sentence about it. What an article says is never among them.
Lines of libraries take the same form, with the library's logger as their name and the field `message`.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TextIO

from stayahead.urls import without_logins

VALUE_CHARS = 1_000
"""Of one field, past which it is cut: what a server sent must not fill the log."""
TRACE_CHARS = 20_000
_FIELDS = "stayahead_fields"
_BARE = re.compile(r'[^\s"=\\]+')
"""What stands without quotes."""


def event(
    logger: logging.Logger,
    level: int,
    name: str,
    /,
    *,
    trace: BaseException | None = None,
    **fields: object,
) -> None:
    """Log that something happened.

    Args:
        logger: of the part that it happened in.
        level: of `logging`.
        name: what happened, as `feed_failing`: a fixed word to search for.
        trace: an error whose way through the code shows the bug.
        fields: whatever tells this event from another of its name.
    """
    logger.log(level, name, exc_info=trace, extra={_FIELDS: fields})


class TextFormatter(logging.Formatter):
    """`TIME level event key=value key="quoted value"`, for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the values hold."""
        name, fields = _told(record)
        words = [_time(record), record.levelname.lower(), _quoted(name)]
        return " ".join((*words, *(f"{key}={_quoted(value)}" for key, value in fields.items())))


class JsonFormatter(logging.Formatter):
    """One JSON object a line; `at`, `level`, `logger` and `event` are never fields of an event."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, in ASCII: it survives any terminal and any file."""
        name, fields = _told(record)
        line: dict[str, object] = {"at": _time(record), "level": record.levelname.lower(), "logger": record.name}
        return json.dumps({**line, "event": name, **{key: value for key, value in fields.items() if key not in line}})


FORMATTERS: dict[str, type[logging.Formatter]] = {"text": TextFormatter, "json": JsonFormatter}
"""By the values of the option `log_format`."""


@contextmanager
def written_to(stream: TextIO, *, log_format: str, level: str) -> Iterator[None]:
    """Send every log line of this process to the stream, for as long as a command runs.

    Args:
        stream: standard error, which the owner or their service manager reads.
        log_format: one of `FORMATTERS`.
        level: the least that is shown, by its name in lower case.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(FORMATTERS[log_format]())
    root = logging.getLogger()
    level_before = root.level
    root.addHandler(handler)
    root.setLevel(level.upper())
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level_before)


def _told(record: logging.LogRecord) -> tuple[str, dict[str, object]]:
    """Name and fields of an event; of a library's line its logger and what it says."""
    fields: dict[str, object] | None = getattr(record, _FIELDS, None)
    if fields is None:
        name, told = record.name, {"message": _plain(record.getMessage())}
    else:
        name, told = record.msg, {key: _plain(value) for key, value in fields.items()}
    if record.exc_info and record.exc_info[1] is not None:
        told["trace"] = _cut(without_logins(logging.Formatter().formatException(record.exc_info)), TRACE_CHARS)
    return name, told


def _plain(value: object) -> object:
    """What JSON can hold: numbers, truth and nothing as they are, the rest as text."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return round(value, 3) if abs(value) < float("inf") else str(value)
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, tuple | list | frozenset | set):
        value = ", ".join(map(str, value))
    return _cut(without_logins(str(value)), VALUE_CHARS)


def _cut(text: str, chars: int) -> str:
    return text if len(text) <= chars else text[: chars - 1] + "…"


def _quoted(value: object) -> str:
    """As it stands where that is plain; else in quotes, with escapes for what ends a line or what a terminal obeys."""
    text = value if isinstance(value, str) else json.dumps(value)
    if _BARE.fullmatch(text) and text.isprintable():
        return text
    return "".join(map(_escaped, json.dumps(text, ensure_ascii=False)))


def _escaped(character: str) -> str:
    return character if character.isprintable() else json.dumps(character)[1:-1]


def _time(record: logging.LogRecord) -> str:
    return _instant(datetime.fromtimestamp(record.created, UTC))


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
