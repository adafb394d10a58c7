"""Reads dates as feeds and pages write them, and answers with an aware UTC time or None.

Tried in this order, cheapest and surest first: ISO 8601 and W3CDTF, RFC 822 and its relatives with English month
names, numbers alone, month names of the languages that most news is written in, and last, for the rest, `dateparser`.
A wrong date places an article worse than none, so what can be read in two ways is none (docs/decisions/0014).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import ciso8601

from stayahead.language.lexicon import tables, words_by_language
from stayahead.timezones import offset_of

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Dates before the web are zeros of clocks and databases, not dates of articles."""

CLOCKS_DIFFER = timedelta(hours=1)
"""How far ahead of us a publisher's clock may be."""

MAX_CHARS = 100
"""Longer texts are prose."""

MAX_LOCALISED_CHARS = 48
"""`dateparser` costs 1-3 ms for such a text in the languages below, and once 0.25 s to load them."""

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}

_MONTH_OF_START = {
    start: number
    for starts in words_by_language("dates.month_starts").values()
    for number, several in enumerate(starts, start=1)
    for start in several.split(",")
    if start != "-"
}
"""How the names of the months begin in 27 languages, without accents; the longest that fits decides."""
_MONTH_OF_NAME = {
    name: int(number)
    for table in tables("dates.month_names").values()
    for number, names in table.items()
    for name in names
}
"""Names that cannot be found by a beginning: two words long, or too short to be told from another name's beginning."""

_CLOCK = r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?(?:\s*(?P<half>[ap])\.?m\b\.?)?"
_ZONE = (
    r"(?:\s*(?P<zone>[+-]\d{2}:?\d{2}|[+-]\d{1,2}|(?:UTC|GMT)\s?[+-]\d{1,2}(?::?\d{2})?"
    r"|[A-Za-z][A-Za-z&. -]{2,40}\stime\b|[A-Za-z][A-Za-z/_-]{0,39}|мск))?(?:\[(?P<place>[A-Za-z/_+-]{1,40})\])?"
)
_TIME = rf"(?:(?:,|\s|T|at|-)*{_CLOCK}{_ZONE}(?:\s*\((?P<aside>[^)]*)\))?)?"
_MONTH = r"(?P<month>[A-Za-z]{3})[a-z]{0,6}\.?"
_YEAR = r"(?P<year>\d{4}|\d{2})"
_WEEKDAY = r"(?:[A-Za-z]{2,9}[.,\s]+)?"

_DAY_FIRST = re.compile(
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s.-]+{_MONTH}[\s,-]+{_YEAR}{_TIME}", re.IGNORECASE
)
_MONTH_FIRST = re.compile(rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}{_TIME}", re.IGNORECASE)
_ASCTIME = re.compile(rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}})\s+{_CLOCK}{_ZONE}\s+(?P<year>\d{{4}})", re.IGNORECASE)
_NUMERIC = re.compile(rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_TIME}", re.IGNORECASE)
_PARTS = re.compile(rf"(?P<first>\d{{1,2}})[/.-](?P<second_part>\d{{1,2}})[/.-](?P<year>\d{{4}}){_TIME}", re.IGNORECASE)
_NAMED = re.compile(
    r"(?:^|\D)(?P<day>\d{1,2})(?P<dot>er|[.ºª°])?\s+(?:de\s+)?(?P<name>(?:[^\W\d_]|[\u0900-\u0903\u093c-\u094f]){2,12}(?:\s+ال[^\W\d_]{3,5})?)\.?,?\s+(?:del?\s+)?(?P<year>\d{4})"
    rf"(?:[^\d]{{1,9}}{_CLOCK}{_ZONE})?(?:$|[^\d:])",
    re.IGNORECASE,
)
_IDEOGRAPHIC = re.compile(
    r"(?P<year>\d{4})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일](?:[^\d]{0,9}?"
    r"(?P<half>午後|下午|晚上|오후)?\s?(?P<hour>\d{1,2})(?::|\s?[時时点시])\s?(?:(?P<minute>\d{1,2})[分분]?)?"
    rf"(?:[:\s]?(?P<second>\d{{2}})[秒초]?)?{_ZONE})?"
)
_COMPACT = re.compile(r"(?P<year>(?:19|20)\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)")
_ORDINAL = re.compile(r"(\d{4})-(\d{3})")
_EPOCH = re.compile(r"(\d{10})(?:(\d{3})|\.(\d{1,9}))?")
"""Seconds since 1970, milliseconds, or seconds with a fraction, as JSON writes them."""
_ISO = re.compile(r"\d{4}(?:\d{2}|-\d)")

_LANGUAGES = ["en", "es", "fr", "pt", "ru", "hu", "el", "zh", "ko", "vi", "th", "hi", "bn", "ar", "fa", "he"]
"""The languages `dateparser` is asked for: those not in our table of months, or whose dates take more forms."""

_DATEPARSER = {
    "TIMEZONE": "UTC",
    "RETURN_AS_TIMEZONE_AWARE": True,
    "PARSERS": ["absolute-time"],  # never "yesterday": that would read the clock
    "REQUIRE_PARTS": ["day", "month", "year"],
}


def parse_date(text: str, *, localised: bool = True) -> datetime | None:
    """The time that a text means, aware and in UTC; None when it is no date, or one before 1990.

    A missing or unknown zone is UTC (RFC 2822, 4.3). `localised=False` leaves `dateparser` out, the costly last resort:
    for callers that meet many unreadable dates.
    """
    cleaned = " ".join(text[: MAX_CHARS + 1].split())
    if not 6 <= len(cleaned) <= MAX_CHARS:
        return None
    is_date, at = _plain(cleaned)
    if not is_date and localised:
        at = _localised(cleaned)
    return at if at is not None and at >= EARLIEST else None


def plausible(at: datetime | None, *, now: datetime) -> datetime | None:
    """The time itself; None when it is before 1990 or more than an hour after `now` (a clock or a zone is wrong)."""
    return at if at is not None and EARLIEST <= at <= now + CLOCKS_DIFFER else None


def _plain(text: str) -> tuple[bool, datetime | None]:
    """Whether the text has the form of a date that we know, and its time, if there is such a time."""
    # The first answer matters: 31 February has a known form and no time, and `dateparser` must not be asked about it.
    if _ISO.match(text):
        at = _iso(text)
        if at is not None:
            return True, at
    for pattern in (_DAY_FIRST, _MONTH_FIRST, _ASCTIME, _NUMERIC, _IDEOGRAPHIC):
        match = pattern.fullmatch(text)
        if match and (match["month"].isdigit() or match["month"].lower() in _MONTHS):
            return True, _built(match, match["year"], match["month"], match["day"])
    match = _PARTS.fullmatch(text)
    if match:
        return True, _slashed(match)
    if match := _EPOCH.fullmatch(text):
        return True, datetime.fromtimestamp(int(match[1]), UTC)
    if match := _COMPACT.fullmatch(text):
        return True, _at(*map(int, match.groups()))
    match = _NAMED.search(text)
    month = _named_month(match["name"], is_dotted=match["dot"] == ".") if match else 0
    if match and month:
        return True, _built(match, match["year"], str(month), match["day"])
    return False, None


def _named_month(name: str, *, is_dotted: bool) -> int:
    """The month that a word names in one of the languages; 0 when none.

    `is_dotted`: a dot follows the day, which tells `14. listopada` (Croatian: October) from Polish (November).
    """
    letters = unicodedata.normalize("NFD", name.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    whole = " ".join(bare.split())
    if whole in _MONTH_OF_NAME:
        return _MONTH_OF_NAME[whole]
    if is_dotted and whole == "listopada":
        return 10
    for length in range(min(len(bare), 7), 2, -1):
        month = _MONTH_OF_START.get(bare[:length])
        if month:
            return month
    return 0


def _iso(text: str) -> datetime | None:
    ordinal = _ORDINAL.fullmatch(text)
    try:
        if ordinal:
            return datetime(int(ordinal[1]), 1, 1, tzinfo=UTC) + timedelta(days=int(ordinal[2]) - 1)
        at = ciso8601.parse_datetime(text.replace(" Z", "Z").replace(" +", "+"))
        return _utc(at)
    except (ValueError, OverflowError):
        return None


def _slashed(match: re.Match[str]) -> datetime | None:
    """`13/02/2004`, `02/13/2004` or `13.2.2004`; `02/03/2004` is no date: half the world reads it the other way."""
    first, second = match["first"], match["second_part"]
    if "." in match[0][:3] or int(first) > 12:
        return _built(match, match["year"], second, first)
    if int(second) > 12 or int(first) == int(second):
        return _built(match, match["year"], first, second)
    return None


def _built(match: re.Match[str], year: str, month: str, day: str) -> datetime | None:
    number = int(month) if month.isdigit() else _MONTHS.get(month.lower())
    if number is None:
        return None
    full_year = int(year) if len(year) == 4 else int(year) + (1900 if int(year) >= 70 else 2000)
    hour = int(match["hour"] or 0)
    if match["half"]:
        hour = hour % 12 + (0 if match["half"].lower() == "a" else 12)
    minute, second = int(match["minute"] or 0), int(match["second"] or 0)
    zone = match["zone"] or match["place"] or ""
    if not zone and "aside" in match.re.groupindex:
        zone = match["aside"] or ""
    return _at(full_year, number, int(day), hour, minute, second, zone=zone)


def _at(year: int, month: int, day: int, hour: int, minute: int, second: int, *, zone: str = "") -> datetime | None:
    """The time in UTC; None when there is no such time. 24:00 and leap seconds are written by real clocks."""
    if hour > 24 or minute > 59 or second > 60:
        return None
    try:
        at = datetime(_common(year), month, day, tzinfo=UTC) + timedelta(hours=hour, minutes=minute, seconds=second)
        offset = offset_of(zone, at) if zone else None
        return at - (offset or timedelta())
    except (ValueError, OverflowError):
        return None


def _common(year: int) -> int:
    """The year of the common era: Thai dates count from 543 years before it."""
    return year - 543 if 2533 <= year <= 2643 else year


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


@lru_cache(maxsize=2048)
def _localised(text: str) -> datetime | None:
    """What `dateparser` reads in a text; not even asked unless it is short and has a digit and a letter."""
    if len(text) > MAX_LOCALISED_CHARS or not any(c.isdigit() for c in text) or not any(c.isalpha() for c in text):
        return None
    try:
        import dateparser  # late: 3.5 MB and .25 s that most feeds never need

        at: datetime | None = dateparser.parse(text, languages=_LANGUAGES, settings=_DATEPARSER)
        # 29 February 2568 is a day, and 543 years before it none.
        return None if at is None else _utc(at.replace(year=_common(at.year)))
    except (ValueError, OverflowError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        # What it raises on hostile texts has no common root.
        return None
