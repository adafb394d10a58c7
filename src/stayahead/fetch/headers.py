"""Reads the headers of answers: how long to wait, how long it stays fresh, what type it is, its validators.

Servers write anything into them, so a header that cannot be read counts as one that is not there.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

DAY_S = 86_400.0

_VALIDATOR_CHARS = 1_024  # longer ones are no validators but somebody's state
_TYPE_CHARS = 500
"""A type and its parameters take some 40; the standard library's parser is quadratic in them."""
_DATE_CHARS = 100
_CONTROL_CHARS = 2_000
_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_DIGITS = re.compile(r"\s*(\d{1,12})")


def retry_after_s(value: str, *, date: str, now: datetime) -> float:
    """Seconds that Retry-After asks for (RFC 9110 section 10.2.3: a number or an HTTP date), 0 to one day.

    Args:
        value: the header; empty or broken asks for nothing.
        date: the answer's own Date header: where it is given, a server whose clock is wrong is still understood.
        now: our time, when there is no Date.
    """
    # `float` takes "nan", "inf" and "1e9"; the digits are bounded before they are converted.
    if digits := _DIGITS.fullmatch(value.rstrip()):
        return min(float(digits[1]), DAY_S)
    until = _http_date(value)
    if until is None:
        return 0.0
    return min(max((until - (_http_date(date) or now)).total_seconds(), 0.0), DAY_S)


def _http_date(value: str) -> datetime | None:
    if len(value) > _DATE_CHARS:
        return None
    try:
        parsed = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def fresh_s(cache_control: str, age: str) -> float:
    """Seconds for which the answer stays fresh: max-age less Age (RFC 9111 section 4.2), 0 when it says nothing.

    >>> fresh_s("public, max-age=600", "100")
    500.0
    """
    directives = [directive.strip().lower() for directive in cache_control[:_CONTROL_CHARS].split(",")]
    if "no-cache" in directives or "no-store" in directives:  # whatever max-age says beside it
        return 0.0
    for directive in directives:
        name, _, value = directive.partition("=")
        digits = _DIGITS.fullmatch(value.strip('" '))
        if name.strip() == "max-age" and digits:
            old = _DIGITS.match(age)
            return max(float(digits[1]) - (float(old[1]) if old else 0.0), 0.0)
    return 0.0


def content_type(value: str) -> tuple[str, str]:
    """Media type (lower case) and charset of a Content-Type; empty where it says nothing.

    >>> content_type('Text/HTML; Charset="UTF-8"')
    ('text/html', 'UTF-8')
    """
    value = printable(value[:_TYPE_CHARS])
    if not value.strip():
        return "", ""
    message = Message()
    message["content-type"] = value
    charset = message.get_param("charset", "")
    return value.partition(";")[0].strip().lower(), charset.strip() if isinstance(charset, str) else ""


def validator(value: str) -> str:
    """An ETag or Last-Modified that can be sent back as it came; empty when it cannot."""
    # What a server sends comes back in our next request's head: a line end in it would write headers of its own.
    value = value.strip()
    return value if len(value) <= _VALIDATOR_CHARS and _PRINTABLE.fullmatch(value) else ""


def printable(value: str) -> str:
    """The text with everything but printable ASCII left out, for messages and parsers."""
    return "".join(_PRINTABLE.findall(value))
