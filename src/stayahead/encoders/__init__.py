"""Turns texts into vectors with a model that the user chose; without one, none of it is loaded."""

from stayahead.encoders.directory import locate, read_manifest
from stayahead.encoders.load import load

__all__ = ["load", "locate", "read_manifest"]
