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
_SIZES = ("srcset", "data-srcset", "data-lazy-srcset")
_PICTURE_FILE = re.compile(
    r"(?:https?:/)?/[^\s\"'<>]{1,1000}\.(?:jpe?g|png|webp|avif|gif)(?:[?#]\S{0,500})?", re.IGNORECASE
)
_SIZE = re.compile(r"(\d{1,6})(?:\.\d{1,3})?[wx]")
MIN_SIDE = 60
MAX_SIZES = 30
MAX_SOURCES = 10
MAX_SIGN_CHARS = 12
_SIGNS = frozenset(("So", "Sk", "Mn", "Cf"))


def address_of(element: etree._Element, attributes: Mapping[str, str]) -> str:
    """The address of a picture as the page wrote it; empty when it has none but a placeholder's."""
    candidates = chain(_named(attributes), _around(element))  # one by one: the first is mostly the one
    return next((address for each in candidates if (address := each.strip()) and not address.startswith("data:")), "")


def sign_of(attributes: Mapping[str, str]) -> str:
    """The sign that a small picture stands for: an emoji, which is a word of the sentence; else empty.

    >>> sign_of({"alt": "🎉", "src": "https://a.example/1f389.png"})
    '🎉'
    """
    alt = attributes.get("alt", "").strip()
    if not alt or alt.isascii() or len(alt) > MAX_SIGN_CHARS:
        return ""
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
    yield attributes.get("src", "")
    yield from (_largest(attributes[name]) for name in _SIZES if name in attributes)
    for name, value in attributes.items():
        if name.startswith("data-") and _PICTURE_FILE.fullmatch(value.strip()):
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


def is_in_sentence(element: etree._Element) -> bool:
    """Whether words stand on both sides of an element, so that without its own the sentence has a hole."""
    before = element.getprevious()
    parent = element.getparent()
    lead = before.tail if before is not None else parent.text if parent is not None else ""
    return bool((lead or "").strip() and (element.tail or "").strip())
