"""Keeps everything in one SQLite file: each batch in one durable transaction, and answers what readers ask."""

from stayahead.store.sqlite import SqliteStore

__all__ = ["SqliteStore"]
