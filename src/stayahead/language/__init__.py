"""A text in, the language that it is written in out: `detect`."""

from stayahead.language.detector import code, detect

__all__ = ["code", "detect"]
