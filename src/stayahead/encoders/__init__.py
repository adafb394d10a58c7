"""Encoders: a model directory goes in; an encoder, or why there is none, comes out. `make` makes the directories."""

from stayahead.encoders.directory import locate, read_manifest
from stayahead.encoders.load import load

__all__ = ["load", "locate", "read_manifest"]
