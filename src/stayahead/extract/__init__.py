"""Extract: the html of a page or of a feed's entry goes in; a clean, typed `Page` comes out. Of two texts, the diff."""

from stayahead.extract.diff import Piece, PieceKind, count_words, diff
from stayahead.extract.entry import carries_article, read_entry
from stayahead.extract.page import read_page

__all__ = ["Piece", "PieceKind", "carries_article", "count_words", "diff", "read_entry", "read_page"]
