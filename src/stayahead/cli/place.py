"""Place: from the command line's words to settings, and to the database they name."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stayahead.config import Settings, data_dir, load, replace
from stayahead.store import SqliteStore

FILE_NAME = "stayahead.db"


def settings_of(given: argparse.Namespace) -> Settings:
    """Options from file and environment, then those of the command line, which win."""
    settings = load(given.config)
    said = {"data_dir": given.data, "host": getattr(given, "host", None), "port": getattr(given, "port", None)}
    return replace(settings, {name: value for name, value in said.items() if value is not None})


def database(settings: Settings) -> Path:
    """Where the database is; its folder is made when missing."""
    folder = data_dir(settings)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / FILE_NAME


@contextmanager
def open_store(given: argparse.Namespace) -> Iterator[SqliteStore]:
    """The store for a short command, beside a service that may be running."""
    store = SqliteStore.open(database(settings_of(given)), newsroom=False)
    try:
        yield store
    finally:
        store.close()
