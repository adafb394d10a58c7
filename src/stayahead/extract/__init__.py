"""Extract: the html of a page or of a feed's entry goes in; a clean, typed `Page` comes out."""

from stayahead.extract.entry import carries_article, read_entry
from stayahead.extract.page import read_page

__all__ = ["carries_article", "read_entry", "read_page"]
