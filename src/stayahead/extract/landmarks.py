"""Finds the few elements of a page that say what it is, all in one walk: each search of its own would walk the page."""

from __future__ import annotations

from lxml import etree

_TAGS = ("meta", "script", "link", "base", "title", "h1", "h2", "h3", "time")


class Landmarks:
    """The titles, headings, times and statements for machines of a page, in its order."""

    __slots__ = ("_elements", "root")

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self._elements = tuple(root.iter(*_TAGS))

    def of(self, *tags: str) -> list[etree._Element]:
        """Those of some tags: of the nine that are looked for."""
        return [element for element in self._elements if element.tag in tags]

    def first(self, tag: str) -> etree._Element | None:
        """The first of a tag."""
        return next((element for element in self._elements if element.tag == tag), None)
