"""Reads the elements that hold words: titles and names as plain text, bodies as HTML, authors as one display string.

RSS never said whether its text is plain or escaped HTML, Atom says it in `type`, and feeds get both wrong; so the text
itself is looked at. Every pattern here is linear, because each of them meets hostile input.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from functools import lru_cache
from itertools import chain, islice

from lxml import etree
from lxml.etree import _Element as Element

from stayahead.parse.names import name_of
from stayahead.text import collapse
from stayahead.urls import absolute, host

MAX_TITLE_CHARS = 2_000
"""Where a title or a name is cut: longer ones are bodies in the wrong place."""

MAX_BASE_CHARS = 1_000
"""Longest base: every link is joined to it, so a long one costs its length at each. Feeds' addresses have some 60."""
MAX_GROWTH_CHARS = 2_000_000
"""What all links of a feed may become longer by: 40,000 of the usual length. The others stay as they are written."""
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_MAX_BASES = 8

_SPACE_NAMES = re.compile(r'\sxmlns(?::[\w.-]+)?="[^"<]*"')
_PREFIXED = re.compile(r"(</?)[A-Za-z][\w.-]{0,30}:(?=[A-Za-z])")
_INLINE = (
    "a|abbr|acronym|b|bdi|bdo|big|blink|br|center|cite|code|del|dfn|div|em|font|h[1-6]|i|img|ins|kbd|li|mark|nobr|ol|p"
    "|q|s|small|span|strike|strong|sub|sup|tt|u|ul|wbr"
)
_TAG = re.compile(rf"</?(?:{_INLINE})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_RELATIVE = re.compile(
    r"""(\s(?:href|src)\s{0,9}=\s{0,9}["'])(?![a-z][a-z0-9+.-]{1,20}:|//|\#)([^"'<>\s]{1,2000})""", re.IGNORECASE
)
_COMMENT = re.compile(r"<!--[^<>]*-->")
_LOOKS_HTML = re.compile(
    rf"<(?:{_INLINE}|table|blockquote|figure|iframe|video|script|pre|hr)(?:\s[^<>]*)?/?>|</[a-z][a-z0-9]*>"
    r"|&(?:[a-z]{2,8}|#x?[0-9a-f]{2,6});",
    re.IGNORECASE,
)
_TWICE = re.compile(
    r"(?:&amp;)?&lt;(?:p|div|figure|img|h[1-6]|ul|ol|blockquote|a|span|strong|em|b|i|section)(?:[\s/]|&gt;)"
)
"""How a body begins that was escaped twice: with a tag. One that only names a tag begins with words."""
_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&"))
_OPENED, _CLOSED = re.compile(r"<([A-Za-z][A-Za-z0-9]*)"), re.compile(r"</([A-Za-z][A-Za-z0-9]*)")
_WITH_ATTRIBUTE = re.compile(r"<[A-Za-z]{1,10}\s{1,9}[A-Za-z-]{1,30}\s{0,9}=|<br\s{0,9}/>")
_ADDRESS = re.compile(r"[\w.+%&'-]{1,64}@[\w.-]{1,100}\.\w{2,24}")


def plain(element: Element) -> str:
    """The words of a title or a name: one line without markup."""
    # Children where only text may stand are markup that was not escaped; their number is not bounded, so the slice is.
    if len(element):
        return collapse("".join(str(words) for words in islice(element.itertext(), MAX_TITLE_CHARS)))[:MAX_TITLE_CHARS]
    text = element.text or ""
    if element.keys() and (element.get("mode") == "base64" or _is_binary(_kind(element))):
        text = _decoded(text)
    return plain_text(text, is_said_plain="<" in text and _is_said_plain(element))


def plain_text(source: str, *, is_said_plain: bool = False) -> str:
    """The words of HTML that stands where a line of text belongs; text that is no HTML stays as it is.

    `is_said_plain`: the format or an attribute says that it is no HTML, which many do not keep to: then only a tag that
    is closed again is one.
    """
    words = source[: 4 * MAX_TITLE_CHARS]  # markup and references may be most of it
    if "<" in words and not (is_said_plain and not _is_marked_up(words)):
        # Only tags of HTML's inline elements go: `<Untitled>` and `a < b` are words of a title.
        words = _TAG.sub("", _COMMENT.sub("", words))
        words = _TAG.sub("", words) if "<" in words else words  # an attribute may hold a tag
    if "&" in words:
        words = html.unescape(words)
    return collapse(words)[:MAX_TITLE_CHARS]


def markup(element: Element) -> str:
    """The HTML of a text construct: RSS's escaped HTML, Atom's text, html, xhtml, inline XML and base64."""
    kind = _kind(element) if element.keys() else ""
    if len(element):
        inner = _inner(element)
        # Escaped HTML between tags that were not escaped: its text is HTML as much as they are.
        return _once_more(inner) if kind in {"html", "text/html"} and "&lt;" in inner else inner
    value = (element.text or "").strip()
    if not value:
        return ""
    if _is_binary(kind) or element.get("mode", "").strip().lower() == "base64":
        value = _decoded(value)
    if "<" not in value and "&" not in value:
        return value if ">" not in value else html.escape(value, quote=False)
    if kind in {"html", "text/html", "xhtml", "application/xhtml+xml"}:
        return value
    if _is_said_plain(element):
        return value if _is_marked_up(value) else html.escape(value, quote=False)
    if "<" not in value and _TWICE.match(value) and _is_marked_up(twice := _once_more(value)):
        return twice
    return value if _LOOKS_HTML.search(value) else html.escape(value, quote=False)


def _once_more(source: str) -> str:
    """HTML that was escaped once more than it should be."""
    for reference, sign in _ESCAPES:
        source = source.replace(reference, sign)
    return source


def _kind(element: Element) -> str:
    """What `type` says that an element holds."""
    return element.get("type", "").strip().lower()


def _is_said_plain(element: Element) -> bool:
    """Whether Atom's `type` says that the text is plain (RFC 4287, 3.1.1.1)."""
    return _kind(element) in {"text", "text/plain"}


def _is_marked_up(text: str) -> bool:
    """Whether a text that is said to be plain is HTML all the same: a tag in it is closed, or has attributes."""
    opened = {name.lower() for name in _OPENED.findall(text)}
    return any(name.lower() in opened for name in _CLOSED.findall(text)) or _WITH_ATTRIBUTE.search(text) is not None


def _is_binary(kind: str) -> bool:
    """A media type that Atom sends as base64 (RFC 4287, 4.1.3.3)."""
    main, slash, sub = kind.partition("/")
    return bool(slash) and main != "text" and not sub.endswith(("xml", "html", "json"))


def _decoded(value: str) -> str:
    try:
        return base64.b64decode("".join(value.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""


def _inner(element: Element) -> str:
    """The children as HTML, without the one `div` that Atom wraps XHTML in (RFC 4287, 3.1.1.3)."""
    holder = element
    if len(element) == 1 and not (element.text or "").strip() and not (element[0].tail or "").strip():
        only = element[0]
        if name_of(only) in {"xhtml:div", "div", "xhtml:body", "body"}:
            holder = only
    pieces = [html.escape(holder.text or "", quote=False)]
    pieces += [str(etree.tostring(child, encoding="unicode", method="html")) for child in holder]
    joined = "".join(pieces)
    # lxml writes the document's prefixes and namespaces (`<xhtml:p xmlns:xhtml=…>`), which HTML readers do not know.
    if any(child.prefix for child in holder):
        joined = _PREFIXED.sub(r"\1", joined)
    return (_SPACE_NAMES.sub("", joined) if "xmlns" in joined else joined).strip()


def person(element: Element) -> str:
    """One display string for an author: `Name (address)` from Atom's parts, else as written (docs/decisions/0013)."""
    parts: dict[str, str] = {}
    for child in element:
        parts.setdefault(name_of(child).rpartition(":")[2], plain(child))
    if not parts:
        return plain_person(element.text or "")
    name, address = parts.get("name", ""), parts.get("email", "")
    if name and address:
        return f"{name} ({address})"
    return name or address or parts.get("uri", "")


def plain_person(source: str) -> str:
    """A person as written; the angle brackets of `Jane <jane@a.example>` are no tag and stay."""
    return collapse(html.unescape(_TAG.sub("", source[: 4 * MAX_TITLE_CHARS])))[:MAX_TITLE_CHARS]


def display_name(author: str) -> str:
    """The name in an author's string: `a@b.example (Jane Doe)` is Jane Doe; an address alone stays."""
    name = collapse(_ADDRESS.sub("", author).replace("()", "").replace("<>", "")).replace(" ,", ",").strip(" ,;-")
    if name.startswith("(") and name.endswith(")"):
        name = name[1:-1].strip()
    return name or author


class Room:
    """What a feed may still grow by: each of its links may be a few characters, and its base a thousand."""

    def __init__(self, chars: int = MAX_GROWTH_CHARS) -> None:
        self.left = chars


def rebased(source: str, base: str, room: Room) -> str:
    """HTML with the relative addresses of its links and images made absolute, for as long as there is room."""

    def joined(match: re.Match[str]) -> str:
        if room.left <= 0:
            return match[0]
        whole = match[1] + (html.escape(absolute(base, html.unescape(match[2]))) or match[2])
        room.left -= max(0, len(whole) - len(match[0]))
        return whole

    return _RELATIVE.sub(joined, source) if "=" in source else source


def rebase_inside(element: Element, base: str, room: Room) -> None:
    """Make the links absolute that stand in an element under an `xml:base` of their own, which any XHTML may have."""
    bases: dict[Element, str] = {element: base}
    for inner in element.iterdescendants():
        parent = inner.getparent()
        around = bases.get(parent, base) if parent is not None else base
        bases[inner] = own_base(inner, around)
        if bases[inner] == base:
            continue
        for name in ("href", "src"):
            href = inner.get(name)
            whole = absolute(bases[inner], href) if href and not href.startswith("#") and room.left > 0 else ""
            if href and whole:
                room.left -= max(0, len(whole) - len(href))
                inner.set(name, whole)


def base_of(element: Element, url: str) -> str:
    """The address that relative links in an element are resolved against (XML Base), from the document's own on."""
    # Bounded, because a document nested 256 deep would ask this at each of its entries.
    holders = chain((element,), islice(element.iterancestors(), _MAX_BASES))
    bases = [base for holder in holders if (base := holder.get(_BASE) or holder.get("BASE"))]
    return _joined(url, *reversed(bases)) if bases else url


def at_home(url: str, site: str) -> str:
    """What a feed's relative links are relative to: its own address, or its site's, where it stands on another's host.

    Services that deliver feeds for others change the host and leave the links as they were written.
    """
    if not site or len(site) > MAX_BASE_CHARS:
        return url
    return url if url and host(url).removeprefix("www.") == host(site).removeprefix("www.") else site


def own_base(element: Element, base: str) -> str:
    """The base of an element, where `base` is that of what is around it."""
    own = element.get(_BASE)
    return _joined(base, own) if own else base


@lru_cache(maxsize=256)
def _joined(url: str, *bases: str) -> str:
    for base in bases:
        joined = absolute(url, base)
        url = joined if joined and len(joined) <= MAX_BASE_CHARS else url
    return url
