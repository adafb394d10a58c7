"""Turns the bytes of a document into text, whatever its server and the document itself claim about their encoding.

Tried in this order: a byte order mark; valid UTF-8 (bytes of other encodings hardly ever are); what the header declares
(Latin-1 after all else: it is the default of servers that do not know); what the document declares; UTF-8 with a few
broken bytes; a guess; and at last Windows-1252, which has a character for almost every byte.
"""

from __future__ import annotations

import codecs
import re

import cchardet

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that one's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "utf-16": "utf-16-le",
    "utf-32": "utf-32-le",
}
"""The encoding that a declared name means in practice (WHATWG Encoding): a superset, whose characters writers use."""

_LATIN = "cp1252"

_ALLOWED = frozenset(
    {f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}
    | {f"cp{number}" for number in (437, 850, 852, 866, 874, 932, 949, *range(1250, 1259))}
    | {"utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic"}
    | {"gb18030", "big5hkscs", "euc_jp", "iso2022_jp", "hz"}
)
"""The codecs that a document may name: plain text, at linear cost. Python would also take `unicode_escape`, `utf-7` or
`punycode`, which is quadratic."""

_STATEFUL = frozenset({"iso2022_jp", "hz", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"})
"""Encodings whose bytes can be valid UTF-8 and yet mean something else, so UTF-8 is not tried before them."""

_DECLARATION = re.compile(
    rb"""<(?:\?xml[^>]{0,200}?\sencoding\s*=\s*["']?([a-z0-9._:-]{2,40})|meta[^>]{0,400}?charset\s*=\s*["']?([a-z0-9._:-]{2,40}))"""
)
"""Matched against a head in lower case, in a fifth of the time that ignoring case takes."""
_HEAD_BYTES = 2048
"""How far a declaration counts (HTML looks at 1,024 bytes; real pages put scripts before it)."""

_LATE_BYTES = 65_536
"""How far a late declaration is looked for before we guess."""

_SURROGATES = re.compile(rb"(\xed[\xa0-\xaf][\x80-\xbf])?(\xed[\xb0-\xbf][\x80-\xbf])|\xed[\xa0-\xaf][\x80-\xbf]")
"""Halves of characters, each written as if it were one (CESU-8, Unicode Technical Report 26), in pairs or alone."""

_GUESS_BYTES = 65_536
"""How much the detector is shown: more costs time and changes nothing."""


def decode(body: bytes, *, declared: str = "") -> str:
    """The text of a document; never fails, for broken bytes become U+FFFD.

    `declared` is the charset of the Content-Type header, or empty. A document in UTF-8 that holds stray bytes of
    Windows-1252 (texts pasted into it) is read as both, whatever it declares.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    header, document = _codec(declared), _codec(_in_document(body, _HEAD_BYTES))
    declarations = (document, header) if header == _LATIN and document not in _STATEFUL else (header, document)
    encodings = [name for name in (*declarations, _by_zeros(body)) if name]
    if not encodings or encodings[0] not in _STATEFUL:
        encodings.insert(0, "utf-8")
    for encoding in encodings:
        # Every text is valid Latin-1, and of a server that says so nothing is known.
        if encoding == _LATIN and _is_mostly_utf8(body):
            break
        text = _strict(body, encoding)
        if text is not None:
            return text
    if _is_mostly_utf8(body):
        return body.decode("utf-8", "stayahead.single_bytes")
    late = _codec(_in_document(body, _LATE_BYTES))
    text = _strict(body, late) if late and late not in _STATEFUL else None
    return _guess(body) if text is None else text


def _codec(label: str) -> str:
    """Our codec for a label, or '' when it is unknown or not one for text."""
    try:
        name = codecs.lookup(label.strip().strip("\"'")).name if label else ""
    except (LookupError, ValueError):
        return ""
    name = _WIDER.get(name, name)
    return name if name in _ALLOWED else ""


def _in_document(body: bytes, size: int) -> str:
    match = _DECLARATION.search(body[:size].lower())
    return (match[1] or match[2]).decode("ascii") if match else ""


def _by_zeros(body: bytes) -> str:
    """UTF-16 without a byte order mark, told by the zeros beside its first bracket; '' when it is none."""
    if body[:4].endswith(b"\0") and body[:1] == b"<" and body[1:2] == b"\0":
        return "utf-16-le"
    return "utf-16-be" if body[:2] == b"\0<" else ""


def _strict(body: bytes, encoding: str) -> str | None:
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        return None
    # Nearly any even number of bytes is valid UTF-16. One whose declaration could be read as ASCII is none, for it has
    # no zeros.
    return (
        None
        if encoding in _STATEFUL and encoding.startswith("utf") and "\0" not in body[:4].decode("latin-1")
        else text
    )


def _is_mostly_utf8(body: bytes) -> bool:
    """Whether it is UTF-8 that something was pasted into: more whole multi-byte characters than broken bytes."""
    text = _SURROGATES.sub(b"", body).decode("utf-8", "replace")
    broken_bytes = text.count("�")
    return sum(1 for character in text if character > "\x7f") > 2 * broken_bytes


def _guess(body: bytes) -> str:
    encoding = _codec(cchardet.detect(body[:_GUESS_BYTES])["encoding"] or "")
    if encoding and encoding not in _STATEFUL:
        text = _strict(body, encoding)
        if text is not None:
            return text
    return body.decode("cp1252", "replace")


def _single_bytes(error: UnicodeError) -> tuple[str, int]:
    """Error handler of `decode`: broken UTF-8 bytes as Windows-1252 has them, two halves of a character as that."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if halves := _SURROGATES.match(error.object, error.start):
        both = halves[0].decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass")
        return both.decode("utf-16", "replace"), halves.end()
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("stayahead.single_bytes", _single_bytes)
