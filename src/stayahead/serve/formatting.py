"""Gives values the words and drawings in which pages show them: times, counts, names, the pace of a story.

The templates use these as filters. What comes from publishers passes here before it reaches a page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from stayahead.analyze.amendment import Amendment, Severity
from stayahead.analyze.dateline import without_dateline
from stayahead.analyze.search_query import found_in
from stayahead.model import FeedState, Publisher, Ruled, SearchPage
from stayahead.serve import names
from stayahead.text import sentence_ends

PACE_HOURS = 24
PACE_BUCKETS = 48
PACE_WIDTH, PACE_HEIGHT = 120, 20
"""Units of the drawing; the style sheet says how large it is shown."""
PACE_REACH = 4
"""Buckets to either side over which one arrival is spread."""
PACE_LEAST = 4
"""Fewer arrivals make no line."""

LATER = 1.2
"""A wait so many times as long as usual is none of chance."""
_ASKED_FOR_TIME = frozenset({429, 503})

_UNSAFE = dict.fromkeys((*range(32), *range(127, 160), *range(8234, 8239), *range(8294, 8298)))
_UNSAFE.update({0x09: 0x20, 0x0A: 0x20, 0x0D: 0x20, 0x2028: 0x20, 0x2029: 0x20, 0xFEFF: None})
_SENTENCE_LEAST = 30
"""A shorter first sentence ("GENEVA.", "Mr.") is a dateline or an abbreviation: take the next with it."""
_DIRECTIONS = {"L": "ltr", "R": "rtl", "AL": "rtl"}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)


def plain(text: str) -> str:
    """The text without control characters and direction overrides, which could disguise what stands around it."""
    return text.translate(_UNSAFE)


def lined(text: str) -> str:
    """The same, with its lines: those of a listing."""
    return "\n".join(map(plain, text.split("\n"))) if "\n" in text else plain(text)


def marked(text: str, page: SearchPage) -> Markup:
    """The text with what a search found in it in `mark` elements, all else escaped."""
    pieces, last = [], 0
    for start, end in found_in(text, page.words, page.beginnings):
        pieces += [escape(text[last:start]), Markup("<mark>{}</mark>").format(text[start:end])]
        last = end
    return Markup("").join([*pieces, escape(text[last:])])


def web_url(url: str) -> str:
    """The url when it is a plain http(s) one, else empty: no other scheme ever reaches an href."""
    if any(char <= " " or char in '"<>\\^`{|}' or 0x7F <= ord(char) < 0xA0 for char in url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme.lower() in {"http", "https"} and parts.hostname else ""


def lang(code: str) -> str:
    """A language tag fit for a `lang` attribute, or empty."""
    return code if _LANGUAGE.fullmatch(code) else ""


def direction(text: str) -> str:
    """`rtl` or `ltr` by the first letter that has a direction (Unicode UAX 9, rule P2), else `auto`.

    The text is asked, not the language it is said to be in: that is a guess, and a wrong one misplaces every full stop.
    """
    for char in text:
        way = _DIRECTIONS.get(unicodedata.bidirectional(char))
        if way:
            return way
    return "auto"


def sentence(text: str) -> str:
    """The first sentence, not shorter than a line."""
    ends = sentence_ends(text, limit=len(text))
    return text[: next((end for end in ends if end > _SENTENCE_LEAST or _is_wide(text[:end])), len(text))]


def _is_wide(text: str) -> bool:
    return any("\u3040" <= char <= "\u9fff" for char in text)


def iso(at: datetime) -> str:
    """The time for a machine: UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def clock(at: datetime, now: datetime) -> str:
    """The time for a person without a script: `14:02 UTC`, with the day when it is another, and the year."""
    at, now = at.astimezone(UTC), now.astimezone(UTC)
    if at.date() == now.date():
        return at.strftime("%H:%M UTC")
    year = "" if at.year == now.year else f" {at.year}"
    return f"{at.day} {at:%b}{year}, {at:%H:%M} UTC"


def day(at: datetime) -> str:
    """`Sunday, 22 November 2026`."""
    at = at.astimezone(UTC)
    return f"{at:%A}, {at.day} {at:%B} {at.year}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 article`, `41 articles`, `1,204 articles`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def why_later(state: FeedState, *, poll_every_s: float) -> str:
    """Why a source is asked again later than `poll_every_s` says; empty where it is not."""
    if state.next_poll_at is None or state.last_polled_at is None:
        return ""
    wait_s = (state.next_poll_at - state.last_polled_at).total_seconds()
    if wait_s <= LATER * poll_every_s:
        return ""
    if state.status in _ASKED_FOR_TIME:
        return "its server wants to be left alone so long"
    if state.failures:
        return "with each failure the wait doubles, up to a day"
    if state.ttl_s >= poll_every_s:
        return "the feed itself asks for that (ttl), up to a day"
    return "its server says that answers stay fresh longer (Cache-Control), of which an hour counts"


def speaker(publisher: Publisher) -> str:
    """Whose words they are: "via" a feed that passes on what stands on a site of another."""
    return f"via {plain(publisher.name)}" if publisher.passes_on else plain(publisher.name)


def kicker(publisher: Publisher, language: str) -> tuple[str, ...]:
    """Whose headline it is, and as a second piece its language when it is not that of the page.

    Where the publisher sits is said with its name, so that nobody takes it for the place of the news.
    """
    where = f", {names.country(publisher.country)}" if publisher.country else ""
    tongue = (names.language(language),) if language and language != "en" else ()
    return (f"{speaker(publisher)}{where}", *tongue)


def pace_points(arrivals: Sequence[datetime], now: datetime) -> str:
    """Points of a polyline: independent articles over the last day; empty when there are too few.

    Counts per half hour are smoothed by a triangle of two hours to either side, since single arrivals are spikes that
    say nothing; the height is a share of the highest point, so the line shows when, and the words beside it how many.
    """
    recent = _recent(arrivals, now)
    if len(recent) < PACE_LEAST:
        return ""
    buckets = [0.0] * PACE_BUCKETS
    for at in recent:
        age = (now - at).total_seconds() / (PACE_HOURS * 3600)
        place = min(PACE_BUCKETS - 1, max(0, int((1 - age) * PACE_BUCKETS)))
        for offset in range(-PACE_REACH, PACE_REACH + 1):
            if 0 <= place + offset < PACE_BUCKETS:
                buckets[place + offset] += PACE_REACH + 1 - abs(offset)
    most, step = max(buckets), PACE_WIDTH / (PACE_BUCKETS - 1)
    top = PACE_HEIGHT - 2
    return " ".join(f"{i * step:.1f},{1 + top - top * n / most:.1f}" for i, n in enumerate(buckets))


def pace_words(arrivals: Sequence[datetime], now: datetime) -> str:
    """What the pace line shows, for who cannot see it."""
    recent = _recent(arrivals, now)
    hour = sum(1 for at in recent if now - at <= timedelta(hours=1))
    return f"Pace: {count(len(recent), 'independent article')} in 24 hours, {hour} in the last hour"


def _recent(arrivals: Sequence[datetime], now: datetime) -> list[datetime]:
    return [at for at in arrivals if timedelta(0) <= now - at <= timedelta(hours=PACE_HOURS)]


_NOTED = {
    "withdrawn": "took this report back",
    "corrected": "says that it corrected this report",
    "clarified": "says that it made this report clearer",
}


def amended_words(value: Amendment) -> str:
    """What a report did to itself, in words for a page; without a note of its own nobody says that it was wrong."""
    if value.note is not None:
        return _NOTED[value.note]
    if value.severity is Severity.EMPTIED:
        return "shows no text any more, and does not say why"
    kinds = [kind for kind in ("figure", "name", "quote") if any(fact.what == kind for fact in value.facts)]
    return f"changed a {' and a '.join(kinds)} without a note" if kinds else "changed"


_RULED = {
    "pin": "Pinned",
    "unpin": "No longer pinned",
    "hide": "Hidden",
    "unhide": "Shown again",
    "join": "Joined with another story",
    "pass": "An earlier ruling could not be taken back",
}


def ruled_words(change: Ruled) -> str:
    """What the owner ruled, in words for a page."""
    if change.verb == "split":
        words = f"{count(len(change.article_ids), 'article')} parted from it"
    else:
        words = _RULED[change.verb]
    return f"{words}, which took an earlier ruling back" if change.undoes and change.verb != "pass" else words


FILTERS = {
    "ruled_words": ruled_words,
    "amended_words": amended_words,
    "plain": plain,
    "speaker": speaker,
    "lined": lined,
    "marked": marked,
    "undated": without_dateline,
    "web_url": web_url,
    "lang": lang,
    "direction": direction,
    "sentence": sentence,
    "iso": iso,
    "clock": clock,
    "day": day,
    "count": count,
    "country": names.country,
    "language": names.language,
}
"""The templates' filters by name."""
