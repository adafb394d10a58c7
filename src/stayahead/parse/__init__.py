"""Bytes of a feed in, what it says of itself and its entries out: `parse_feed`.

`opml` (lists of feeds) and `archive` (articles in TSV or JSONL) stand beside it.
"""

from stayahead.parse.constructs import display_name
from stayahead.parse.feed import parse_feed

__all__ = ["display_name", "parse_feed"]
