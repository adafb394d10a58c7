"""`backup`, `restore`, `check`, `export`, `options`: what the owner does to the database as a whole."""

from __future__ import annotations

import argparse
import contextlib
import sys

import msgspec
from tqdm import tqdm

from stayahead.cli.place import database, open_store, settings_of
from stayahead.config import template
from stayahead.errors import StoreError
from stayahead.store import SqliteStore


def backup(given: argparse.Namespace) -> int:
    """Copy the database to a new file, also while the service runs."""
    if given.target.exists():
        raise StoreError(f"{given.target}: is there already; name a file that is not")
    with open_store(given) as store:
        store.backup(given.target)
    print(f"{given.target}: {given.target.stat().st_size:,} bytes")
    return 0


def restore(given: argparse.Namespace) -> int:
    """Put a backup in the place of the database; readers' cursors of the old one end there."""
    target = database(settings_of(given))
    if not given.source.exists():
        raise FileNotFoundError(2, "no such backup", str(given.source))
    if target.exists() and not given.replace:
        raise StoreError(f"{target}: holds a database already; give --replace to put the backup in its place")
    SqliteStore.restore(given.source, target)
    print(f"{target}: restored from {given.source}")
    return 0


def check(given: argparse.Namespace) -> int:
    """Say what is wrong with the database; exit code 1 when anything is."""
    with open_store(given) as store:
        wrong = store.check()
    for line in wrong:
        print(line)
    if not wrong:
        print("all is well")
    return 1 if wrong else 0


def export(given: argparse.Namespace) -> int:
    """Write every story and article, one JSON value a line."""
    encoder = msgspec.json.Encoder()
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(open_store(given))
        out = sys.stdout.buffer if given.out is None else stack.enter_context(given.out.open("wb"))
        for value in tqdm(store.export(after=given.after), unit=" lines", disable=None):
            out.write(encoder.encode(value) + b"\n")
    return 0


def options(given: argparse.Namespace) -> int:
    """Print the configuration template."""
    sys.stdout.write(template())
    return 0
