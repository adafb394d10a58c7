"""StayAhead: from the sources that you name to the stories that matter, as they unfold.

For programs: `parse_feed`, `read_page`, `StoryEngine` and the nouns of `stayahead.model` are public. They are pure:
no network, disk, clock or randomness. Importing the package loads none of them until it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stayahead import model
    from stayahead.extract import read_page
    from stayahead.parse import parse_feed
    from stayahead.stories import StoryEngine

__version__ = "0.1.0"

__all__ = ["StoryEngine", "__version__", "model", "parse_feed", "read_page"]

_HOMES = {"parse_feed": "stayahead.parse", "read_page": "stayahead.extract", "StoryEngine": "stayahead.stories"}


def __getattr__(name: str) -> object:
    """Load a public name from its stage, or a noun from the model, on first use (PEP 562)."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    nouns = import_module("stayahead.model")
    if name in nouns.__all__:
        return getattr(nouns, name)
    raise AttributeError(f"module 'stayahead' has no attribute {name!r}")
