"""Gives each element one name, whatever namespace or prefix its feed uses for it, so that readers ask for one name.

Names are lower case. Those of the feed formats themselves (RSS of any version, Atom) stand alone: `title`; those of
the extensions carry a fixed prefix, whatever the document calls it: `dc:creator`; all others begin with `?:`.
"""

from __future__ import annotations

from functools import lru_cache

from lxml.etree import _Element as Element

_SPACES = {
    "dc": ("purl.org/dc/elements/1.1", "purl.org/dc/elements/1.0"),
    "dcterms": ("purl.org/dc/terms",),
    "content": ("purl.org/rss/1.0/modules/content",),
    "media": (
        "search.yahoo.com/mrss",
        "video.search.yahoo.com/mrss",
        "tools.search.yahoo.com/mrss",
        "www.rssboard.org/media-rss",
    ),
    "itunes": ("www.itunes.com/dtds/podcast-1.0.dtd", "example.com/dtds/podcast-1.0.dtd"),
    "sy": ("purl.org/rss/1.0/modules/syndication",),
    "rdf": ("www.w3.org/1999/02/22-rdf-syntax-ns",),
    "xhtml": ("www.w3.org/1999/xhtml",),
    "feedburner": ("rssnamespace.org/feedburner/ext/1.0",),
    "news": ("www.google.com/schemas/sitemap-news/0.9",),
    "image": ("www.google.com/schemas/sitemap-image/1.1",),
    "video": ("www.google.com/schemas/sitemap-video/1.1",),
    "": (
        "www.w3.org/2005/atom",
        "purl.org/atom/ns",
        "purl.org/rss/1.0",
        "purl.org/net/rss1.1",
        "my.netscape.com/rdf/simple/0.9",
        "channel.netscape.com/rdf/simple/0.9",
        "my.netscape.com/publish/formats/rss-0.91.dtd",
        "backend.userland.com/rss",
        "backend.userland.com/rss2",
        "backend.userland.com/rss091",
        "backend.userland.com/rss092",
        "blogs.law.harvard.edu/tech/rss",
        "www.microsoft.com/standards/channels.dtd",
    ),
}

_PREFIX_OF = {space: prefix for prefix, spaces in _SPACES.items() for space in spaces}

_UNDECLARED = {prefix: prefix for prefix in _SPACES if prefix} | {"atom": "", "rss": "", "a10": "", "atom10": ""}
"""Prefixes that feeds use without declaring them; the recovering parser then leaves them in the name."""

_ROOTS = frozenset({"rss", "feed", "rdf", "channel"})


def name_of(element: Element, *, core: str = "") -> str:
    """Our name for an element; `core` is the namespace that the document's root uses for the format itself."""
    return name_of_tag(str(element.tag), core)


def core_space(root: Element) -> str:
    """The root's namespace if the root is a feed's and the namespace is none that we know; else ''.

    Sites invent namespaces for RSS; what the root stands in is then taken for the format itself.
    """
    space, _, local = str(root.tag).rpartition("}")
    return space[1:] if local.lower() in _ROOTS and _key(space[1:]) not in _PREFIX_OF else ""


@lru_cache(maxsize=4096)
def name_of_tag(tag: str, core: str) -> str:
    """Our name for elements of a tag, as lxml writes it: `{namespace}local`."""
    space, _, local = tag.rpartition("}")
    local = local.lower()
    if not space:
        before, colon, after = local.partition(":")
        if not colon:
            return local
        prefix = _UNDECLARED.get(before)
        local = after
    elif space[1:] == core:
        prefix = ""
    else:
        prefix = _PREFIX_OF.get(_key(space[1:]))
    if prefix is None:
        return f"?:{local}"
    return f"{prefix}:{local}" if prefix else local


def _key(space: str) -> str:
    """A namespace's address without what its users get wrong: scheme, case, and signs at the end."""
    # Namespaces are compared as strings by the standard; to feeds that would cost every field of an extension.
    return space.strip().lower().removeprefix("https://").removeprefix("http://").rstrip("/#")
