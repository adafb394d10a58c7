"""Store: batches in, one durable transaction each; stories, articles, search and health out."""

from stayahead.store.sqlite import SqliteStore

__all__ = ["SqliteStore"]
