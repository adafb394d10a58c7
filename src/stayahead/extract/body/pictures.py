"""Finds where a picture is, however a page keeps browsers from loading it at once, and what stands within a sentence.

Pages load pictures late: the address stands in an attribute that only their script knows, in a list of sizes, in the
`picture` around the element, or in a `noscript` beside it for who has no scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from unicodedata import category

from lxml import etree

_LATE = ("data-src", "data-lazy-src", "data-original", "data-hi-res-src")
_LATE_SIZES = ("data-srcset", "data-lazy-srcset")
_SIZES = ("srcset", *_LATE_SIZES)
_PLACEHOLDER = re.compile(
    r"(?:^|/)(?:blank|spacer|placeholder[\w-]{0,20}|load(?:ing|er)|ajax-loader|preload(?:er)?|lazy(?:load)?|trans(?:parent)?"
    r"|pixel|empty|dummy|none|gr[ae]y|clear|no-?image|1x1)(?:[_-]?\d{1,4}(?:x\d{1,4})?)?\.(?:gif|png|svg)(?:\?|$)",
    re.IGNORECASE,
)
"""A picture that stands where another is shown once the page has run."""
_SAID = frozenset(("src", "srcset", "alt", "title", "class", "style", "width", "height", "href", "id"))
_PICTURE_FILE = re.compile(
    r"(?:https?:/)?/[^\s\"'<>]{1,1000}\.(?:jpe?g|png|webp|avif|gif)(?:[?#]\S{0,500})?", re.IGNORECASE
)
_SIZE = re.compile(r"(\d{1,6})(?:\.\d{1,3})?[wx]")
MIN_SIDE = 60
MAX_BESIDE = 3
"""Most elements in the holder of such a `noscript`: with more it is no holder of a picture."""
MAX_LOOK = 20
MAX_SIZES = 30
MAX_SOURCES = 10
MAX_SIGN_CHARS = 12
_NAMED_SIGN = re.compile(r"[A-Za-z]{2}")
_WHOLE = frozenset(("html", "head", "body"))
_SMILEY = re.compile(r"(?:^|[\s_-])(?:smiley|smilie|emoji|emoticon)(?:$|[\s_-])", re.IGNORECASE)
_SIGNS = frozenset(("So", "Sk", "Mn", "Cf"))


def address_of(element: etree._Element, attributes: Mapping[str, str]) -> str:
    """The address of a picture as the page wrote it; empty when it has none but a placeholder's."""
    candidates = chain(_named(attributes), _around(element))  # one by one: the first is mostly the one
    return next((address for each in candidates if (address := each.strip()) and not _is_placeholder(address)), "")


def _is_placeholder(address: str) -> bool:
    return address.startswith("data:") or _PLACEHOLDER.search(address[-80:]) is not None


def sign_of(attributes: Mapping[str, str]) -> str:
    """The sign that a small picture stands for: an emoji, which is a word of the sentence; else empty.

    >>> sign_of({"alt": "🎉", "src": "https://a.example/1f389.png"})
    '🎉'
    """
    alt = attributes.get("alt", "").strip()
    if not alt or len(alt) > MAX_SIGN_CHARS:
        return ""
    if alt.isascii():  # the face that was typed: `:-)`
        return alt if not _NAMED_SIGN.search(alt) and _SMILEY.search(attributes.get("class", "")) else ""
    kinds = [category(sign) for sign in alt]
    return alt if "So" in kinds and _SIGNS.issuperset(kinds) else ""


def is_tiny(attributes: Mapping[str, str]) -> bool:
    """Whether its width or height is a tracking pixel's or an icon's."""
    return any(_is_small(attributes.get(name, "")) for name in ("width", "height"))


def _is_small(size: str) -> bool:
    digits = size.strip().removesuffix("px")
    return digits.isdecimal() and len(digits) < 6 and int(digits) < MIN_SIDE


def _named(attributes: Mapping[str, str]) -> Iterator[str]:
    """What its own attributes say, the surest first."""
    yield from (attributes[name] for name in _LATE if name in attributes)
    # A list of sizes that is kept for later is what `src` only holds the place for.
    yield from (_largest(attributes[name]) for name in _LATE_SIZES if name in attributes)
    yield attributes.get("src", "")
    yield _largest(attributes.get("srcset", ""))
    for name, value in attributes.items():
        if name not in _SAID and _PICTURE_FILE.fullmatch(value.strip()):
            yield value


def _around(element: etree._Element) -> Iterator[str]:
    """What the `picture` around it and a `noscript` beside it say."""
    # libxml2 does not know that a `source` is empty: what stands behind it is inside it.
    parent = next((each for each in islice(element.iterancestors(), MAX_SOURCES) if each.tag != "source"), None)
    if parent is not None and parent.tag == "picture":
        sources = list(islice(parent.iter("source"), MAX_SOURCES))
        # The last is for browsers that know the fewest formats.
        for source in reversed(sources):
            yield from (_largest(source.get(name) or "") for name in _SIZES)
        element = parent
    beside = element.getnext()
    if beside is not None and beside.tag == "noscript":
        for image in islice(beside.iter("img"), 1):
            yield from (image.get("src") or "", _largest(image.get("srcset") or ""))


def _largest(sizes: str) -> str:
    """The largest picture of a list such as `a.jpg 430w, b.jpg 860w` (HTML, 4.8.4.2.1)."""
    best, best_size = "", -1
    for each in re.split(r",\s+", sizes[:8_000])[:MAX_SIZES]:
        address, _, rest = each.strip().partition(" ")
        match = _SIZE.search(rest)
        size = int(match[1]) if match else 0
        if address and size > best_size:
            best, best_size = address, size
    return best


def stand_in(element: etree._Element) -> etree._Element | None:
    """The picture in a `noscript` that stands for what a script puts there, where no other picture is beside it."""
    parent = element.getparent()
    if parent is None or parent.tag in _WHOLE or len(element) != 1 or len(parent) > MAX_BESIDE:
        return None
    if any(_first_picture(beside) is not None for beside in parent if beside is not element):
        return None
    return _first_picture(element)


def _first_picture(element: etree._Element) -> etree._Element | None:
    return next((each for each in islice(element.iter(), MAX_LOOK) if each.tag == "img"), None)


def is_in_sentence(element: etree._Element) -> bool:
    """Whether words stand on both sides of an element, so that without its own the sentence has a hole."""
    before = element.getprevious()
    parent = element.getparent()
    lead = before.tail if before is not None else parent.text if parent is not None else ""
    return bool((lead or "").strip() and (element.tail or "").strip())
