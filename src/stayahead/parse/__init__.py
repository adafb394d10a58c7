"""Reads what publishers serve to machines: feeds and sitemaps with `parse_feed`; `identify` tells their entries apart.

Beside it stand the readers of other files: `opml` for lists of feeds, `archive` for articles in TSV or JSON lines,
`warc` for pages that a crawler stored, and `discovery`, which looks for a site's feeds.
"""

from stayahead.parse.constructs import display_name
from stayahead.parse.feed import parse_feed
from stayahead.parse.identity import identify

__all__ = ["display_name", "identify", "parse_feed"]
