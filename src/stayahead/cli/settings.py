"""Gets from the arguments of a command to its settings, and to the database and model that these name."""

from __future__ import annotations

import argparse
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stayahead.analyze import Encoder
from stayahead.cli.notice import is_answered, running
from stayahead.cli.terminal import say
from stayahead.config import Settings, config_file, data_dir, load, replace
from stayahead.encoders import load as load_encoder
from stayahead.encoders import locate, read_manifest
from stayahead.errors import SettingsError
from stayahead.newsroom.starter import starter_feeds, starter_publishers
from stayahead.ports import Clock
from stayahead.store import SqliteStore

DATABASE_FILE = "stayahead.db"
MODELS = "models"
"""Folder of model directories, within the data directory."""


def settings_of(arguments: argparse.Namespace) -> Settings:
    """Options from file (named, or that of the XDG place) and environment, then those of the command line, which win.

    Raises:
        FileNotFoundError: there is no such file of options.
        SettingsError: an option has a value that it cannot have.
    """
    if arguments.config is not None and not arguments.config.exists():
        raise FileNotFoundError(errno.ENOENT, "no such file; `stayahead options` prints one", str(arguments.config))
    settings = load(arguments.config or config_file())
    names = {"data_dir": "data"} | {name: name for name in ("host", "port", "vectors", "log_format", "log_level")}
    values = {option: getattr(arguments, name, None) for option, name in names.items()}
    return replace(settings, {option: value for option, value in values.items() if value is not None})


def database_path(settings: Settings) -> Path:
    """Where the database is; its folder is made when missing.

    Raises:
        SettingsError: what is named as its folder is a file.
    """
    folder = data_dir(settings)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise SettingsError(f"{folder}: is no folder; name one with --data, or one that can be made") from error
    return folder / DATABASE_FILE


def found_database(settings: Settings) -> Path:
    """Where the database is, which must be there.

    Raises:
        FileNotFoundError: it is not.
    """
    path = data_dir(settings) / DATABASE_FILE
    if not path.exists():
        raise FileNotFoundError(errno.ENOENT, "no such database; `stayahead run` makes it", str(path))
    return path


def models_folder(settings: Settings) -> Path:
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
    folder = locate(settings.vectors, list(dict.fromkeys((models_folder(settings), models_folder(Settings())))))
    read_manifest(folder)
    return folder.absolute()


def encoder_of(settings: Settings) -> Encoder | None:
    """The encoder of that model, for what is prepared in this process; None when there is none.

    Raises:
        ModelError: as `model_of`, or the model does not give the vectors that it must.
    """
    folder = model_of(settings)
    return None if folder is None else load_encoder(folder)


def put_starters(store: SqliteStore, clock: Clock) -> int:
    """Watch the starter list in a database that watches and has told nothing yet; how many sources that gave."""
    if store.feeds() or store.position().update:
        return 0
    store.put_publishers(starter_publishers())
    return store.add_feeds(starter_feeds(), clock.now())


@contextmanager
def open_store(arguments: argparse.Namespace) -> Iterator[SqliteStore]:
    """The store for a short command, beside a service that may be running; when it went well, which one it was."""
    path = database_path(settings_of(arguments))
    store = SqliteStore.open(path, newsroom=False)
    try:
        yield store
    finally:
        store.close()
    tell_database(arguments, path)


def tell_database(arguments: argparse.Namespace, path: Path) -> None:
    """Say which database it was and why that one, and which other ones have a service that runs."""
    say(f"database: {path.absolute()} ({found_by(arguments)})", to_errors=True)
    if not is_answered(path):
        others = [other for other in running() if other != path.absolute()]
        if len(others) == 1:
            say(f"note: a service runs on {others[0]}; --data {others[0].parent} names that one", to_errors=True)
        elif others:
            names = ", ".join(str(other.parent) for other in others)
            say(f"note: services run on the databases in {names}; --data FOLDER names one of them", to_errors=True)


def found_by(arguments: argparse.Namespace) -> str:
    """What named the folder of the database: the first of option, environment, file of options and default."""
    file = arguments.config or config_file()
    if arguments.data is not None:
        return "by --data"
    if "STAYAHEAD_DATA_DIR" in os.environ:
        return "by STAYAHEAD_DATA_DIR"
    return f"by {file}" if file is not None and load(file, {}).data_dir else "the default"
