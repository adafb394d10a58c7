"""Reads what publishers serve to machines: feeds and sitemaps with `parse_feed`.

Beside it stand the readers of other files: `opml` for lists of feeds, `archive` for articles in TSV or JSON lines,
`warc` for pages that a crawler stored, and `discovery`, which looks for a site's feeds.
"""

from stayahead.parse.constructs import display_name
from stayahead.parse.feed import parse_feed

__all__ = ["display_name", "parse_feed"]
