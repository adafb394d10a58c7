"""Shows readers what the store holds: as pages, as JSON for programs, and as a live stream of what changes."""

from stayahead.serve.app import create_app, require_address
from stayahead.serve.live import LiveHub

__all__ = ["LiveHub", "create_app", "require_address"]
