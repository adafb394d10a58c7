"""Tells in which language a text is written: `detect`."""

from stayahead.language.detector import code, detect

__all__ = ["code", "detect"]
