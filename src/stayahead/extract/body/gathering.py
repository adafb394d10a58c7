"""Collects the text of one run while the tree is walked, and remembers where its links stand."""

from __future__ import annotations

from dataclasses import dataclass

_INVISIBLE = "\u200b\u2060\ufeff\u00ad"
"""Signs for the setting of lines. Joiners are none: Persian, Indic scripts and emoji write with them."""


@dataclass(slots=True)
class Anchor:
    """A link in a run, as the page wrote it: characters [start, end)."""

    start: int
    end: int
    href: str


class Gathered:
    """A run of text being gathered: white space collapsed (not in listings), links kept as positions in it."""

    __slots__ = ("_anchors", "_is_verbatim", "_length", "_open", "has_prose", "is_spaced", "parts")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.is_spaced = False
        """Whether white space came last."""
        self.has_prose = False
        """Whether some of it is no code."""
        self._is_verbatim = False
        self._length = 0
        self._open: tuple[int, str] | None = None
        self._anchors: list[Anchor] = []

    def add(self, text: str) -> None:
        """Add text with its white space collapsed."""
        if not text.isascii():
            for sign in _INVISIBLE:
                text = text.replace(sign, "")
        words = text.split()
        if not words:
            self.is_spaced = self.is_spaced or bool(text)
            return
        joined = " ".join(words)
        if self._length and (self.is_spaced or text[0].isspace()):
            joined = " " + joined
        self.parts.append(joined)
        self._length += len(joined)
        self.is_spaced = text[-1].isspace()

    def add_verbatim(self, text: str) -> None:
        """Add text of a listing, as it stands."""
        text = text.replace("\r", "")
        self._is_verbatim = True
        self.parts.append(text)
        self._length += len(text)

    def open_link(self, href: str) -> None:
        """Begin a link: what is added next is its text."""
        self.close_link()
        self._open = (self._length, href)

    def close_link(self) -> None:
        """End the link; one without text is dropped."""
        if self._open is not None and self._length > self._open[0]:
            self._anchors.append(Anchor(self._open[0], self._length, self._open[1]))
        self._open = None

    def taken(self) -> tuple[str, tuple[Anchor, ...]]:
        """Give the text and its links away and start anew; a link that is still open goes on in the next run."""
        href = self._open[1] if self._open else None
        if self._open or self._anchors:
            self.close_link()
        text = "".join(self.parts)
        anchors = tuple(self._anchors)
        for anchor in anchors:  # the blank before a link's first word is no part of it
            anchor.start += text[anchor.start] == " "
        if self._is_verbatim:
            text, anchors = _trimmed(text, anchors)
        self.parts, self._anchors, self._length = [], [], 0
        self.is_spaced = self.has_prose = self._is_verbatim = False
        if href is not None:
            self._open = (0, href)
        return text, anchors


def _trimmed(text: str, anchors: tuple[Anchor, ...]) -> tuple[str, tuple[Anchor, ...]]:
    """A listing without the blank lines around it; it keeps the indentation of its first line."""
    listing = text.rstrip()
    lead = len(listing) - len(listing.lstrip())
    lead = listing.rfind("\n", 0, lead) + 1
    listing = listing[lead:]
    moved = (Anchor(max(0, a.start - lead), min(a.end - lead, len(listing)), a.href) for a in anchors)
    return listing, tuple(a for a in moved if a.start < a.end)
