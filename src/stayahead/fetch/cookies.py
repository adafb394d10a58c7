"""Keeps the cookies that a site sets on a redirect, for the rest of that one request and no longer.

Some sites send everybody in a circle until a cookie of theirs comes back. Nothing is kept beyond the request: nobody
can follow us from one to the next.
"""

from __future__ import annotations

from collections.abc import Sequence

import aiohttp
from yarl import URL

MOST = 20
"""Cookies of one answer that are read."""
MOST_CHARS = 4_096
"""A longer one is not read, and not more than so much is sent (RFC 6265, 6.1)."""


class Cookies:
    """Those of one request, over all of its hops."""

    def __init__(self) -> None:
        self._jar: aiohttp.CookieJar | None = None

    def note(self, url: str, set_cookies: Sequence[str]) -> None:
        """What an answer at that url set."""
        fields = [each for each in set_cookies[:MOST] if len(each) <= MOST_CHARS]
        if fields:
            self._jar = self._jar or aiohttp.CookieJar(unsafe=True)  # unsafe: hosts that are addresses, too
            self._jar.update_cookies_from_headers(fields, URL(url, encoded=True))

    def field(self, url: str) -> str:
        """The Cookie header for that url; empty when none is for it."""
        if self._jar is None:
            return ""
        cookies = self._jar.filter_cookies(URL(url, encoded=True))
        value = "; ".join(f"{cookie.key}={cookie.coded_value}" for cookie in cookies.values())
        return value if len(value) <= MOST_CHARS else ""
