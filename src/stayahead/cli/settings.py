"""Place: from the command line's words to settings, and to the database they name."""

from __future__ import annotations

import argparse
import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stayahead.analyze import Encoder
from stayahead.config import Settings, data_dir, load, replace
from stayahead.encoders import load as load_encoder
from stayahead.encoders import locate, read_manifest
from stayahead.errors import SettingsError
from stayahead.store import SqliteStore

FILE_NAME = "stayahead.db"
MODELS = "models"
"""Folder of model directories, within the data directory."""


def settings_of(given: argparse.Namespace) -> Settings:
    """Options from file and environment, then those of the command line, which win.

    Raises:
        FileNotFoundError: there is no such file of options.
        SettingsError: an option has a value that it cannot have.
    """
    if given.config is not None and not given.config.exists():
        raise FileNotFoundError(errno.ENOENT, "no such file; `stayahead options` prints one", str(given.config))
    settings = load(given.config)
    words = {"data_dir": "data"} | {name: name for name in ("host", "port", "vectors", "log_format", "log_level")}
    said = {option: getattr(given, word, None) for option, word in words.items()}
    return replace(settings, {name: value for name, value in said.items() if value is not None})


def database(settings: Settings) -> Path:
    """Where the database is; its folder is made when missing.

    Raises:
        SettingsError: what is named as its folder is a file.
    """
    folder = data_dir(settings)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise SettingsError(f"{folder}: is no folder; name one with --data, or one that can be made") from error
    return folder / FILE_NAME


def models(settings: Settings) -> Path:
    """Where model directories are made."""
    return data_dir(settings) / MODELS


def model_of(settings: Settings) -> Path | None:
    """The model directory that the option `vectors` names, its files checked; None when it names none.

    A model by name is looked for in the data directory, then in the default one: a replay or a demo has a data
    directory of its own and no models in it.

    Raises:
        ModelError: there is no such model, it is damaged, or a library that it needs is missing.
    """
    if not settings.vectors:
        return None
    folder = locate(settings.vectors, list(dict.fromkeys((models(settings), models(Settings())))))
    read_manifest(folder)
    return folder.absolute()


def encoder_of(settings: Settings) -> Encoder | None:
    """The encoder of that model, for what is prepared in this process; None when there is none.

    Raises:
        ModelError: as `model_of`, or the model does not give the vectors that it must.
    """
    folder = model_of(settings)
    return None if folder is None else load_encoder(folder)


@contextmanager
def open_store(given: argparse.Namespace) -> Iterator[SqliteStore]:
    """The store for a short command, beside a service that may be running."""
    store = SqliteStore.open(database(settings_of(given)), newsroom=False)
    try:
        yield store
    finally:
        store.close()
