"""Keeps answers for the next reader who asks the same, within a number of bytes."""

from __future__ import annotations


class KeptBytes:
    """What was asked for last, by key: at most `most` bytes of it, the longest unasked goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[object, bytes] = {}
        self.size = 0
        """Bytes kept."""

    def get(self, key: object) -> bytes | None:
        """What was kept under that key; None when nothing is."""
        value = self._values.pop(key, None)
        if value is not None:
            self._values[key] = value  # at the end: asked for last
        return value

    def put(self, key: object, value: bytes) -> None:
        """Keep it, unless it is more than an eighth of the room: one large answer may not drive out all others."""
        self.size -= len(self._values.pop(key, b""))
        if len(value) > self._most // 8:
            return
        self._values[key] = value
        self.size += len(value)
        while self.size > self._most:
            self.size -= len(self._values.pop(next(iter(self._values))))
