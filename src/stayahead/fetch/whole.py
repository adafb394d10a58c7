"""Tells whether a document is all there by the document itself, where the wire cannot say or says what is not true.

A server that counts wrongly, or hangs up instead of ending, has mostly said all the same what it had to say. The one
witness for that is the document: its root element is closed, or what began with a bracket ends with one. (A JSON text
that was cut behind an inner bracket passes here and is refused by its parser.)
"""

from __future__ import annotations

import re

LOOK_BYTES = 4_096
"""What is read of either end."""

_PROLOG = ((b"<?", b"?>"), (b"<!--", b"-->"), (b"<!", b">"))
_NAME = re.compile(rb"<([A-Za-z_][A-Za-z0-9_.:-]{0,99})")
_ALWAYS_CLOSED = frozenset({b"rss", b"feed", b"rdf", b"urlset", b"sitemapindex", b"opml"})
"""Roots of documents that end with them; pages often do not."""
_BRACKETS = {b"{": b"}", b"[": b"]"}


def is_whole(first: bytes, last: bytes) -> bool | None:
    """Whether a document with these ends is complete; None when it has no end that could be told.

    >>> is_whole(b'<?xml version="1.0"?><rss>', b"</rss><!-- cached -->")
    True
    >>> is_whole(b"<feed><entry>", b"</entry><entry>")
    False
    """
    first, last = _plain(first[:LOOK_BYTES]), _plain(last[-LOOK_BYTES:])
    if first[:1] in _BRACKETS:
        return last[-1:] == _BRACKETS[first[:1]]
    root = _root(first)
    if root and _closes(last, root):
        return True
    return False if root.rpartition(b":")[2] in _ALWAYS_CLOSED else None


def _plain(end: bytes) -> bytes:
    """Without what an encoding of two bytes, a mark of byte order or a careful editor put there."""
    return end.replace(b"\0", b"").strip(b"\xef\xbb\xbf\xfe\xff \t\r\n")


def _root(first: bytes) -> bytes:
    while first.startswith(b"<"):
        for begin, end in _PROLOG:
            if first.startswith(begin):
                first = first.partition(end)[2].lstrip()
                break
        else:
            name = _NAME.match(first)
            return name[1].lower() if name else b""
    return b""


def _closes(last: bytes, root: bytes) -> bool:
    _, found, rest = last.lower().rpartition(b"</" + root)
    return bool(found) and rest.lstrip().startswith(b">")
