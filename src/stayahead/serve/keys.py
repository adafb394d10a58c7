"""Makes and knows the owner's keys: links that open a session once, and the sessions that they opened.

What a link or a cookie bears is 32 random bytes, and only their hash is stored: who reads the file or a backup of it
has no key. SHA-256 is enough, since nobody guesses 256 bits, however fast a guess is.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from stayahead.model import OwnerSession
from stayahead.ports import Clock

LINK_LIFE = timedelta(minutes=15)
SESSION_LIFE = timedelta(days=90)
WRONG_MOST = 10
"""Wrong links that one client may try in a minute."""
WRONG_WINDOW_S = 60.0
CLIENTS_MOST = 1_000
"""Clients whose wrong links are counted; past that the one that began first is forgotten."""
BROWSER_MOST = 200
"""Characters that are kept of what a browser says of itself."""
_KEY = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class Sessions(Protocol):
    """What the store keeps of links and sessions, by the hashes of what they bear. Safe from any thread."""

    def put_link(self, digest: bytes, *, until: datetime, now: datetime) -> None:
        """Keep a link that opens one session; those past their time go."""
        ...

    def open_session(self, link: bytes, digest: bytes, session: OwnerSession) -> bool:
        """Use the link up and keep the session; False when there is no such link, or its time is past."""
        ...

    def has_session(self, digest: bytes, now: datetime) -> bool:
        """Whether such a session stands."""
        ...

    def sessions(self, now: datetime) -> Sequence[OwnerSession]:
        """Those that stand, the oldest first."""
        ...

    def close_session(self, digest: bytes) -> bool:
        """End it; whether it was there."""
        ...

    def forget_session(self, number: int) -> bool:
        """End the one of that number; whether it was there."""
        ...

    def forget_sessions(self) -> int:
        """End all, and every link; how many sessions there were."""
        ...


class Keys:
    """The owner's keys over a store.

    Args:
        store: keeps their hashes.
        clock: the wall's, also where the news has another: a link is followed by a person.
        steady_s: seconds that only grow, for the count of wrong links.
    """

    def __init__(self, store: Sessions, clock: Clock, *, steady_s: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._steady_s = steady_s
        self._wrong: dict[str, tuple[float, int]] = {}

    def new_link(self) -> str:
        """A token that opens one session within a quarter of an hour."""
        token, now = secrets.token_urlsafe(32), self._clock.now()
        self._store.put_link(_digest(token), until=now + LINK_LIFE, now=now)
        return token

    def open_session(self, token: str, *, address: str, browser: str) -> str | None:
        """Use a link up: the value of the session's cookie; None when there is no such link (any more)."""
        if _KEY.fullmatch(token) is None:
            return None
        value, now = secrets.token_urlsafe(32), self._clock.now()
        session = OwnerSession(
            id=0, opened_at=now, until=now + SESSION_LIFE, address=address, browser=browser[:BROWSER_MOST]
        )
        return value if self._store.open_session(_digest(token), _digest(value), session) else None

    def has_session(self, value: str) -> bool:
        """Whether a cookie of this value is the owner's."""
        return _KEY.fullmatch(value) is not None and self._store.has_session(_digest(value), self._clock.now())

    def close_session(self, value: str) -> bool:
        """End the session of this cookie; whether there was one."""
        return self._store.close_session(_digest(value))

    def must_wait(self, client: str) -> bool:
        """Has this client tried too many wrong links in the last minute?"""
        began_s, count = self._wrong.get(client, (0.0, 0))
        return count >= WRONG_MOST and self._steady_s() - began_s < WRONG_WINDOW_S

    def count_wrong(self, client: str) -> None:
        """One more wrong link of this client's."""
        now_s = self._steady_s()
        began_s, count = self._wrong.pop(client, (now_s, 0))
        fresh = now_s - began_s >= WRONG_WINDOW_S
        self._wrong[client] = (now_s, 1) if fresh else (began_s, count + 1)
        while len(self._wrong) > CLIENTS_MOST:
            del self._wrong[next(iter(self._wrong))]


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
