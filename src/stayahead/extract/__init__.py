"""Reads the article out of a page or a feed's entry, free of markup and furniture, and shows what changed in a text."""

from stayahead.extract.body.memory import HostMemory, HostRecord, Observation, fold, memory_of
from stayahead.extract.diff import Piece, PieceKind, count_words, diff
from stayahead.extract.entry import carries_article, read_entry
from stayahead.extract.page import observe_page, read_page

__all__ = [
    "HostMemory",
    "HostRecord",
    "Observation",
    "Piece",
    "PieceKind",
    "carries_article",
    "count_words",
    "diff",
    "fold",
    "memory_of",
    "observe_page",
    "read_entry",
    "read_page",
]
