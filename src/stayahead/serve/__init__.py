"""Serving: what the store holds in, pages, API answers and a live stream out."""

from stayahead.serve.app import create_app
from stayahead.serve.live import LiveHub

__all__ = ["LiveHub", "create_app"]
