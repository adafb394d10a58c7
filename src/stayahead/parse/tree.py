"""Makes an element tree of a document that should be XML, saving as much of a broken one as can be saved.

What the writers of feeds get wrong is put right in the text first (junk before the start, HTML's entities, bare `&` and
`<`, characters that XML forbids); then one recovering parse makes the tree. A document type is cut away with all that
it declares, so there are no entities to expand and nothing to load. Only where end tags did not match is the text
balanced and parsed once more. Every step is linear in the text, and none recurses on its depth. What other ways lose:
docs/decisions/0011.
"""

from __future__ import annotations

import html.entities
import re
from collections import Counter
from collections.abc import Callable

from lxml import etree
from lxml.etree import _Element as Element

PROLOG_CHARS = 65_536
"""How far into the text its first tag is looked for."""

_START = re.compile(r"<\?xml\b|<!doctype\b|<(?:[A-Za-z][\w.-]{0,30}:)?(?:rss|feed|rdf|opml|channel)\b", re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype\s+html\b|html\b)", re.IGNORECASE)
_INK = re.compile(r"[^\s\ufeff]")
_DOCTYPE = re.compile(r"<!doctype\b[^\[<>]*([\[>])", re.IGNORECASE)
_SUBSET_END = re.compile(r"\]\s*>")
_DECLARED = re.compile(r"""<!ENTITY\s{1,20}([A-Za-z_][\w.-]{0,30})\s{1,20}["']([^"'&%<>]{0,128})["']\s{0,20}>""")
# Values with references are not taken: no entity can then stand for others, which is how a billion laughs are built.
_MAX_DECLARED = 64
_MAX_DECLARED_USES = 10_000

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n\r")
_AMPERSAND = re.compile(
    r"&(?:(?!(?:amp|lt|gt|quot|apos);|#)([A-Za-z_][\w.-]{0,31};)?|#(?:([0-9]{1,7})|[xX]([0-9a-fA-F]{1,6}));|(?=#))",
    re.ASCII,
)
_SURROGATE = re.compile(r"&#(?:0{0,20}(5[5-7][0-9]{3})|[xX]0{0,20}([dD][89a-fA-F][0-9a-fA-F]{2}));")
"""References to half a character: libxml2 puts them into attributes, and lxml then cannot decode its own string."""
_LESS = re.compile(r"""<(?:(?![A-Za-z_/?:]|!--|!\[CDATA\[)|(?=[A-Za-z_:][^<>"'=]*<))""")
"""A `<` that begins no tag: what follows is no name, or the next `<` comes before the tag's end."""

_TAG = re.compile(r"<(/?)([A-Za-z_][\w.:-]*+)([^<>]*+)>")
_VOID = frozenset({"br", "hr", "img", "wbr"})
"""HTML's elements without an end tag, less those whose names feeds use for elements of their own (`link`, `source`)."""
_ENTRIES = frozenset({"item", "entry"})
"""These do not nest: one that starts ends the one before."""


def is_page(text: str) -> bool:
    """Whether a document begins as an HTML page does."""
    at = _past_blanks(text, 0)
    if text.startswith("<?xml", at):
        at = _past_blanks(text, text.find(">", at) + 1)
    while text.startswith("<!--", at) and at < PROLOG_CHARS:
        at = _past_blanks(text, text.find("-->", at) % len(text) + 3)
    return bool(_PAGE.match(text, at))


def _past_blanks(text: str, at: int) -> int:
    match = _INK.search(text, at)
    return match.start() if match else len(text)


def read_tree(text: str) -> Element | None:
    """The root of the tree; None when nothing in the text is an element."""
    repaired = repair(text)
    root, matched = _parsed(repaired)
    # Balancing costs a second pass and guesses, so it is kept for texts whose tags are known not to match: an unclosed
    # HTML tag inside a description would otherwise swallow every entry after it.
    if not matched:
        balanced, _ = _parsed(_balanced(repaired))
        root = root if balanced is None else balanced
    return root


def repair(text: str) -> str:
    """The document from its first tag on, without document type, with every `&` and `<` in its place."""
    # PHP warnings, blank lines and marks in front of the first tag make XML unreadable; everything before it goes.
    start = _START.search(text, 0, PROLOG_CHARS)
    if start and not is_page(text):
        text = text[start.start() :]
    declared: dict[str, str] = {}
    start_of_type, end_of_type = _doctype(text)
    if end_of_type and not _has_element(text[:start_of_type]):
        for name, value in _DECLARED.findall(text[start_of_type:end_of_type])[:_MAX_DECLARED]:
            declared.setdefault(name, value)
        text = text[:start_of_type] + text[end_of_type:]
    # Forbidden characters go before references are looked at: one of them may stand inside a reference.
    text = _allowed(text)
    if "&#" in text:
        text = _SURROGATE.sub(_without_surrogates, text)
    text = _ended(_ended(text, "<![CDATA[", "]]>"), "<!--", "-->")
    if "&" not in text and not _LESS.search(text):
        return text
    replace = _references(declared)

    def mended(part: str) -> str:
        return _LESS.sub("&lt;", _AMPERSAND.sub(replace, part) if "&" in part else part)

    return _sections(text, mended)


def _doctype(text: str) -> tuple[int, int]:
    """Where the document type, with its declarations, begins and ends; (0, 0) when there is none that ends."""
    opening = _DOCTYPE.search(text, 0, PROLOG_CHARS)
    if opening is None:
        return 0, 0
    last = opening if opening[1] == ">" else _SUBSET_END.search(text, opening.end(), PROLOG_CHARS)
    return (opening.start(), last.end()) if last else (0, 0)


def _without_surrogates(match: re.Match[str]) -> str:
    decimal, hexadecimal = match.groups()
    return "\ufffd" if 0xD800 <= (int(decimal) if decimal else int(hexadecimal, 16)) <= 0xDFFF else match[0]


def _allowed(text: str) -> str:
    """The text without the characters that XML forbids."""
    # By way of bytes: twice as fast as a pattern over characters.
    data = text.encode("utf-8", "replace").translate(None, _CONTROLS)
    return data.decode("utf-8").replace("\ufffe", "").replace("\uffff", "")


def _ended(text: str, start: str, end: str) -> str:
    """The text without the starts of a section that no end follows: each would hide the rest of the document."""
    last = text.rfind(end)
    if text.find(start, last + 1) < 0:
        return text
    rest = last + len(end) if last >= 0 else 0
    return text[:rest] + text[rest:].replace(start, "")


def _has_element(prolog: str) -> bool:
    return bool(re.search(r"<[A-Za-z]", prolog))


def _parsed(text: str) -> tuple[Element | None, bool]:
    """The tree, and whether its end tags matched their starts."""
    parser = etree.XMLParser(
        encoding="utf-8",  # whatever the declaration says: the text is decoded already
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,  # libxml2's own caps: depth 256, 10 MB a text
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None, True
    if root is not None and "<![CDATA[" in text:
        # What follows a false CDATA (inside an attribute) was not repaired: references become nodes without a name.
        etree.strip_elements(root, etree.Entity, with_tail=False)
    mismatch = etree.ErrorTypes.ERR_TAG_NAME_MISMATCH
    return root, all(error.type != mismatch for error in parser.error_log)


def _sections(text: str, change: Callable[[str], str]) -> str:
    """The text with everything outside CDATA changed."""
    if "<![CDATA[" not in text:
        return change(text)
    pieces: list[str] = []
    at = 0
    while (start := text.find("<![CDATA[", at)) >= 0:
        end = text.find("]]>", start)
        if end < 0:
            break
        pieces += [change(text[at:start]), text[start : end + 3]]
        at = end + 3
    pieces.append(change(text[at:].replace("<![CDATA[", "")))
    return "".join(pieces)


def _references(declared: dict[str, str]) -> Callable[[re.Match[str]], str]:
    """What replaces an `&` and the reference that it may begin."""
    uses = 0  # of declared entities, all together: the one way left in which a short text could grow long

    def replace(match: re.Match[str]) -> str:
        nonlocal uses
        name, decimal, hexadecimal = match.groups()
        if decimal or hexadecimal:
            return _escaped(_character(int(decimal) if decimal else int(hexadecimal, 16)))
        if not name:
            return "&amp;"
        value = declared.get(name[:-1])
        if value is not None and uses < _MAX_DECLARED_USES:
            uses += 1
            return value
        value = html.entities.html5.get(name)
        return _escaped(value) if value else f"&amp;{name}"

    return replace


def _character(code: int) -> str:
    """The character of a numeric reference as HTML has it: 128 to 159 are Windows-1252, no character is U+FFFD."""
    if 0x80 <= code <= 0x9F:
        return bytes([code]).decode("cp1252", "replace")
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return _FORBIDDEN.sub("", chr(code))


def _escaped(value: str) -> str:
    return html.escape(value) if value in _MARKUP else value


_MARKUP = frozenset("&<>\"'")


def _balanced(text: str) -> str:
    """The text with every start tag closed: void HTML elements at once, others where an outer element ends."""
    balance = _Balance()
    body = _sections(_without_comments(text), balance.of)
    return body + balance.rest()


class _Balance:
    """Which elements are open, from one stretch of markup to the next."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._counts: Counter[str] = Counter()

    def of(self, text: str) -> str:
        """A stretch of markup with its tags balanced."""
        return _TAG.sub(self._tag, text)

    def rest(self) -> str:
        """The end tags of all elements that are still open."""
        return "".join(f"</{name}>" for name in reversed(self._names))

    def _tag(self, match: re.Match[str]) -> str:
        is_end, name, rest = match.groups()
        if is_end:  # one that closes nothing is dropped; the count makes that a lookup, however deep we are
            return self._through(name) if self._counts[name] else ""
        if name.lower() in _VOID or rest.endswith("/"):
            return f"<{name}{rest.rstrip('/')}/>"
        ends = self._through(name) if name in _ENTRIES and self._counts[name] else ""
        self._names.append(name)
        self._counts[name] += 1
        return f"{ends}{match[0]}"

    def _through(self, name: str) -> str:
        """The end tags of everything open down to the last element of that name."""
        # Each open element is popped once, whatever closes it, so all calls together stay linear.
        ends: list[str] = []
        last = ""
        while last != name:
            last = self._names.pop()
            self._counts[last] -= 1
            ends.append(f"</{last}>")
        return "".join(ends)


def _without_comments(text: str) -> str:
    pieces: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        end = text.find("-->", start)
        if end < 0:
            break
        pieces.append(text[at:start])
        at = end + 3
    pieces.append(text[at:])
    return "".join(pieces)
