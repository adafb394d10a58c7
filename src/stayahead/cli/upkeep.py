"""Keeps the database well: `backup`, `restore`, `check` and `export` it as a whole; `options` shows what can be set."""

from __future__ import annotations

import argparse
import contextlib
import sys

import msgspec
from tqdm import tqdm

from stayahead.cli.settings import database_path, open_store, settings_of
from stayahead.cli.terminal import plain_json, say
from stayahead.config import template
from stayahead.errors import StoreError
from stayahead.store import SqliteStore


def backup(arguments: argparse.Namespace) -> int:
    """Copy the database to a new file, also while the service runs."""
    if arguments.target.exists():
        raise StoreError(f"{arguments.target}: is there already; name a file that is not")
    with open_store(arguments) as store:
        store.backup(arguments.target)
    say(f"{arguments.target}: {arguments.target.stat().st_size:,} bytes")
    return 0


def restore(arguments: argparse.Namespace) -> int:
    """Put a backup in the place of the database; readers' cursors of the old one end there."""
    target = database_path(settings_of(arguments))
    if not arguments.source.exists():
        raise FileNotFoundError(2, "no such backup", str(arguments.source))
    if target.exists() and not arguments.replace:
        raise StoreError(f"{target}: holds a database already; give --replace to put the backup in its place")
    SqliteStore.restore(arguments.source, target)
    say(f"{target}: restored from {arguments.source}")
    return 0


def check(arguments: argparse.Namespace) -> int:
    """Say what is wrong with the database; exit code 1 when anything is."""
    with open_store(arguments) as store:
        faults = store.check()
    for fault in faults:
        say(fault)
    if not faults:
        say("all is well")
    return 1 if faults else 0


def export(arguments: argparse.Namespace) -> int:
    """Write every story and article, or what was ruled about them, one JSON value a line."""
    encoder = msgspec.json.Encoder()
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(open_store(arguments))
        out = sys.stdout.buffer if arguments.out is None else stack.enter_context(arguments.out.open("wb"))
        lines = store.labels() if arguments.rulings else store.export(after=arguments.after)
        for value in tqdm(lines, unit=" lines", disable=None):
            out.write(plain_json(encoder.encode(value).decode()).encode() + b"\n")
    return 0


def options(arguments: argparse.Namespace) -> int:
    """Print the configuration template."""
    sys.stdout.write(template())
    return 0
