"""The log of the service: one line for each event, with fields that a person and a machine can both read.

Only what touches the world logs: the loop, the adapters, the command line. The pure part returns facts. An event has a
name and fields, which are values: the url and not a sentence about it. What an article says is never among them.
Lines of libraries take the same form, with the library's logger as their name and the field `message`. What repeats
within a minute is counted and not written again.
"""

from __future__ import annotations

import copy
import json
import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TextIO

from stayahead.urls import without_logins

VALUE_CHARS = 1_000
"""Of one field, past which it is cut: what a server sent must not fill the log."""
TRACE_CHARS = 20_000
REPEAT_S = 60.0
"""For so long after a line those like it are only counted: a listener without file descriptors wrote 714,528."""
KINDS_MOST = 1_000
"""Kinds of lines that are remembered at once; past that the oldest is told and forgotten."""
_FIELDS = "stayahead_fields"
_REPEATED = "stayahead_repeated"
_DIGITS = re.compile(r"[0-9]+")
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


@dataclass(slots=True)
class _Kind:
    """Lines that say the same."""

    until: float
    last: logging.LogRecord
    repeated: int = 0


class Repeats(logging.Filter):
    """Lets the first line of a kind pass and counts those like it for a minute, then tells how many there were.

    Two lines are of a kind when logger, event and fields are equal, but for fields that measure (fractions and times).
    The count comes as the last of them with `repeated=N`, before the next line that is written after its minute: a
    count for each different line in between would write two lines that alternate again and again.

    Args:
        write: writes a count.
        monotonic: seconds that only ever grow.
    """

    def __init__(self, write: Callable[[logging.LogRecord], None], *, monotonic: Callable[[], float]) -> None:
        super().__init__()
        self._write = write
        self._monotonic = monotonic
        self._kinds: dict[tuple[object, ...], _Kind] = {}  # the oldest first
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Is it to be written?"""
        with self._lock:
            now = self._monotonic()
            counts = self._end(now)
            key = _kind_of(record)
            kind = self._kinds.get(key)
            if kind is None:
                self._kinds[key] = _Kind(now + REPEAT_S, record)
            else:
                kind.last, kind.repeated = record, kind.repeated + 1
        for count in counts:
            self._write(count)
        return kind is None

    def close(self) -> None:
        """Tell every count that was not told yet."""
        with self._lock:
            counts = self._end(float("inf"))
        for count in counts:
            self._write(count)

    def _end(self, now: float) -> list[logging.LogRecord]:
        """The counts of those whose minute is over."""
        counts: list[logging.LogRecord] = []
        while self._kinds:
            key = next(iter(self._kinds))
            if self._kinds[key].until > now and len(self._kinds) < KINDS_MOST:
                break
            kind = self._kinds.pop(key)
            if kind.repeated:
                count = copy.copy(kind.last)
                count.exc_info = None
                setattr(count, _REPEATED, kind.repeated)
                counts.append(count)
        return counts


def _kind_of(record: logging.LogRecord) -> tuple[object, ...]:
    fields: dict[str, object] | None = getattr(record, _FIELDS, None)
    if fields is None:  # of a library: what it counts or numbers stands inside its sentence
        return record.name, record.levelno, _DIGITS.sub("0", record.getMessage()[:VALUE_CHARS])
    named = tuple((key, str(value)) for key, value in fields.items() if not isinstance(value, float | datetime))
    return record.name, record.levelno, record.msg, named


@contextmanager
def written_to(stream: TextIO, *, log_format: str, level: str, monotonic: Callable[[], float]) -> Iterator[None]:
    """Send every log line of this process to the stream, for as long as a command runs.

    Args:
        stream: standard error, which the owner or their service manager reads.
        log_format: one of `FORMATTERS`.
        level: the least that is shown, by its name in lower case.
        monotonic: by which repeated lines are counted.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(FORMATTERS[log_format]())

    def write(record: logging.LogRecord) -> None:
        with handler.lock or threading.RLock():
            handler.emit(record)

    repeats = Repeats(write, monotonic=monotonic)
    handler.addFilter(repeats)
    root = logging.getLogger()
    level_before = root.level
    root.addHandler(handler)
    root.setLevel(level.upper())
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level_before)
        repeats.close()


def _told(record: logging.LogRecord) -> tuple[str, dict[str, object]]:
    """Name and fields of an event; of a library's line its logger and what it says."""
    fields: dict[str, object] | None = getattr(record, _FIELDS, None)
    if fields is None:
        name, told = record.name, {"message": _plain(record.getMessage())}
    else:
        name, told = record.msg, {key: _plain(value) for key, value in fields.items()}
    if record.exc_info and record.exc_info[1] is not None:
        told["trace"] = _cut(without_logins(logging.Formatter().formatException(record.exc_info)), TRACE_CHARS)
    repeated: int | None = getattr(record, _REPEATED, None)
    if repeated is not None:
        told["repeated"] = repeated
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
