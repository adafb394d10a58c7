"""The log: one line for each event in both formats, whatever its values hold; lines of libraries in the same form."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stayahead.log import FORMATTERS, KINDS_MOST, REPEAT_S, VALUE_CHARS, event, written_to

LOGGER = logging.getLogger("stayahead.test")


class Lines:
    """What is logged while a test runs."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.stack = contextlib.ExitStack()

    def begin(self, log_format: str, level: str = "info", *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.stack.enter_context(written_to(self.stream, log_format=log_format, level=level, monotonic=monotonic))

    def text(self) -> list[str]:
        """Each line after its time."""
        return [line.split(" ", 1)[1] for line in self.stream.getvalue().splitlines()]

    def objects(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


@pytest.fixture
def lines() -> Iterator[Lines]:
    made = Lines()
    with made.stack:
        yield made


def test_an_event_is_its_name_and_its_fields_as_values(lines: Lines) -> None:
    lines.begin("text")
    since = datetime(2030, 3, 4, 12, 0, tzinfo=UTC)
    event(LOGGER, logging.WARNING, "feed_failing", url="https://a.example/f", error="no answer", count=3, since=since)
    event(LOGGER, logging.INFO, "said", share=0.123456, is_out=True, reason="", why=None, path=Path("/tmp/a b"))
    assert lines.text() == [
        'warning feed_failing url=https://a.example/f error="no answer" count=3 since=2030-03-04T12:00:00.000Z',
        'info said share=0.123 is_out=true reason="" why=null path="/tmp/a b"',
    ]


def test_a_line_begins_with_its_time_in_utc(lines: Lines) -> None:
    lines.begin("text")
    event(LOGGER, logging.INFO, "said")
    at = lines.stream.getvalue().split(" ")[0]
    assert abs((datetime.now(UTC) - datetime.fromisoformat(at)).total_seconds()) < 60
    assert at.endswith("Z")


HOSTILE = [
    "two\nlines",
    "carriage\rreturn",
    "a line\u2028separator and \x85",
    'quote " and \\ backslash',
    "a=b",
    "\x1b[31mred",
    "\x9b31mred",
    "turned \u202e round",
    "lone \ud800 surrogate",
    "Überschwemmung in 東京",
    "x" * 5000,
]


@pytest.mark.parametrize("log_format", FORMATTERS)
@pytest.mark.parametrize("value", HOSTILE, ids=ascii)
def test_whatever_a_value_holds_it_is_one_line_that_can_be_read_back(lines: Lines, log_format: str, value: str) -> None:
    lines.begin(log_format)
    event(LOGGER, logging.INFO, "said", value=value, after=1)
    line = lines.stream.getvalue()
    assert line.count("\n") == len(line.splitlines()) == 1
    assert line.rstrip("\n").isprintable()
    wanted = value if len(value) <= VALUE_CHARS else value[: VALUE_CHARS - 1] + "…"
    if log_format == "json":
        (told,) = lines.objects()
        assert (told["value"], told["after"]) == (wanted, 1)
    else:
        shown = line.split("value=", 1)[1].rsplit(" after=", 1)[0]
        assert (json.loads(shown) if shown.startswith('"') else shown) == wanted


def test_words_of_other_scripts_stay_readable_as_text(lines: Lines) -> None:
    lines.begin("text")
    event(LOGGER, logging.INFO, "said", city="東京", many="Überschwemmung in 東京")
    assert lines.text() == ['info said city=東京 many="Überschwemmung in 東京"']


def test_json_has_time_level_logger_and_event_beside_the_fields(lines: Lines) -> None:
    lines.begin("json")
    event(LOGGER, logging.ERROR, "said", number=7, among=["a", "b"], share=float("inf"))
    (told,) = lines.objects()
    at = datetime.fromisoformat(str(told.pop("at")))
    assert at.utcoffset() is not None
    assert told == {
        "level": "error",
        "logger": "stayahead.test",
        "event": "said",
        "number": 7,
        "among": "a, b",
        "share": "inf",
    }


@pytest.mark.parametrize("log_format", FORMATTERS)
def test_a_bug_shows_its_way_through_the_code_on_the_same_line(lines: Lines, log_format: str) -> None:
    lines.begin(log_format)
    try:
        vars(LOGGER)["lost"]
    except KeyError as error:
        event(LOGGER, logging.ERROR, "poll_failed", url="https://a.example/", trace=error)
    (line,) = lines.stream.getvalue().splitlines()
    assert "KeyError: 'lost'" in line
    assert "test_log.py" in line


@pytest.mark.parametrize("log_format", FORMATTERS)
def test_lines_of_libraries_take_the_same_form(lines: Lines, log_format: str) -> None:
    lines.begin(log_format)
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request %s", "received.")
    if log_format == "json":
        (told,) = lines.objects()
        assert (told["event"], told["message"]) == ("uvicorn.error", "Invalid HTTP request received.")
    else:
        assert lines.text() == ['warning uvicorn.error message="Invalid HTTP request received."']


def test_what_is_below_the_level_is_not_shown(lines: Lines) -> None:
    lines.begin("text", "warning")
    event(LOGGER, logging.INFO, "quiet")
    event(LOGGER, logging.WARNING, "loud")
    assert lines.text() == ["warning loud"]


def test_it_ends_with_the_command(lines: Lines) -> None:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    with written_to(lines.stream, log_format="text", level="debug", monotonic=Ticking()):
        assert root.level == logging.DEBUG
        event(LOGGER, logging.DEBUG, "said")
    event(LOGGER, logging.ERROR, "unheard")
    assert (root.handlers, root.level) == before
    assert lines.text() == ["debug said"]


class Ticking:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_what_repeats_within_a_minute_is_counted_and_told_once(lines: Lines) -> None:
    seconds = Ticking()
    lines.begin("text", monotonic=seconds)
    for number in range(714):
        event(LOGGER, logging.ERROR, "accept_failed", error="too many open files", seconds=number / 7)
        event(LOGGER, logging.ERROR, "other_failed", error="another")  # two that alternate are two kinds
        seconds.at += 0.01
    seconds.at = REPEAT_S + 1
    event(LOGGER, logging.INFO, "said")
    event(LOGGER, logging.ERROR, "accept_failed", error="too many open files", seconds=0.0)
    assert lines.text() == [
        'error accept_failed error="too many open files" seconds=0.0',
        "error other_failed error=another",
        'error accept_failed error="too many open files" seconds=101.857 repeated=713',
        "error other_failed error=another repeated=713",
        "info said",
        'error accept_failed error="too many open files" seconds=0.0',
    ]


def test_events_of_another_url_or_number_are_no_repetition_and_a_count_is_told_at_the_end(lines: Lines) -> None:
    lines.begin("json", monotonic=Ticking())
    for url in ("https://a.example/", "https://b.example/"):
        for undoes in (1, 2):
            event(LOGGER, logging.INFO, "ruled", url=url, undoes=undoes)
    for number in range(3):  # of a library, with its numbers in the sentence
        logging.getLogger("asyncio").error("accept on <socket fd=%s> failed", number)
    assert len(lines.objects()) == 5
    lines.stack.close()
    last = lines.objects()[-1]
    assert (last["event"], last["message"], last["repeated"]) == ("asyncio", "accept on <socket fd=2> failed", 2)


def test_so_many_kinds_are_remembered_and_no_more(lines: Lines) -> None:
    lines.begin("text", monotonic=Ticking())
    event(LOGGER, logging.INFO, "said", what="first")
    event(LOGGER, logging.INFO, "said", what="first")
    for number in range(KINDS_MOST):
        event(LOGGER, logging.INFO, "said", number=number)
    assert [line for line in lines.text() if "repeated" in line] == ["info said what=first repeated=1"]
    event(LOGGER, logging.INFO, "said", what="first")
    assert lines.text()[-1] == "info said what=first"
