"""Makes a model directory and puts it in place in one step, so that a failed build leaves the old one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from stayahead import __version__
from stayahead.analyze import Encoder
from stayahead.encoders.builder.bert import read_bert
from stayahead.encoders.builder.checkpoint import VOCABULARY, WEIGHTS, Source
from stayahead.encoders.builder.graph import to_bytes, write_graph
from stayahead.encoders.builder.safetensors import read_arrays
from stayahead.encoders.builder.table import weighted_table
from stayahead.encoders.directory import MANIFEST, Golden, Manifest, digests, require, write_manifest
from stayahead.encoders.load import MODEL, TOKENIZER, load, open_encoder
from stayahead.encoders.quantise import cosine, signed_bytes
from stayahead.encoders.static import SCALES, TABLE
from stayahead.errors import ModelError

Kind: TypeAlias = Literal["minilm", "static"]
CREDIT = "CREDIT.txt"
GOLDEN_TEXTS = (
    "Dam repair put off until June, council says",
    "Strong earthquake shakes the coast; thousands leave their homes",
    "Central bank raises interest rates for the third time this year",
    "Striker scores twice as the home team reaches the final",
    "New study links poor sleep to a higher risk of heart disease",
)
FAITHFUL = 0.98
"""Least mean cosine of the golden texts' vectors with those of the same weights in floats. Measured: .992 and .9999."""

_Exact: TypeAlias = Callable[[Sequence[int]], NDArray[np.floating[Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The result of `make`: a model directory, and how near its vectors are to the exact ones."""

    folder: Path
    manifest: Manifest
    faithfulness: float
    """Mean cosine of the golden texts' vectors with those of the same weights in floats."""


def make(kind: Kind, checkpoint: Mapping[str, bytes], source: Source, target: Path) -> Made:
    """Build a model into `target`, replacing the one there; nothing is changed unless all of it is right.

    Raises:
        ModelError: the checkpoint does not fit, or what was built does not give the vectors of its weights.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as place:
        folder = Path(place) / target.name
        folder.mkdir()
        (folder / VOCABULARY).write_bytes(checkpoint[VOCABULARY])
        (folder / CREDIT).write_text(f"{source.credit}\nThe Apache License 2.0: https://www.apache.org/licenses/\n")
        build = _build_minilm if kind == "minilm" else _build_static
        manifest, exact = build(folder, checkpoint[WEIGHTS], source)
        manifest, faithfulness = _with_golden(folder, manifest, exact)
        write_manifest(folder, manifest)
        load(folder)
        _put(folder, target, Path(place) / "before")
    return Made(folder=target, manifest=manifest, faithfulness=faithfulness)


def adopt(folder: Path, manifest: Manifest) -> Manifest:
    """Write the manifest of a model directory that was made elsewhere; it is checked from then on.

    Args:
        folder: holds `model.onnx` and the tokenizer's file; both stay as they are.
        manifest: without files, dimensions and golden vectors, which are added here.

    Raises:
        ModelError: a file is missing, or no vector comes of them.
    """
    require(manifest.kind, tokenizer=manifest.tokenizer)
    names = (MODEL, VOCABULARY if manifest.tokenizer == "wordpiece" else TOKENIZER)
    for name in names:
        if not (folder / name).is_file():
            raise ModelError(f"{folder / name}: is not there; a model directory needs {' and '.join(names)}")
    manifest = msgspec.structs.replace(manifest, files=digests(folder, names), made_by=_maker())
    golden = _golden(open_encoder(folder, manifest))
    size = len(bytes.fromhex(golden[0].vector))
    manifest = msgspec.structs.replace(manifest, dimensions=size, golden=golden)
    write_manifest(folder, manifest)
    load(folder)
    return manifest


def _build_minilm(folder: Path, weights: bytes, source: Source) -> tuple[Manifest, _Exact]:
    bert = read_bert(read_arrays(weights, name=WEIGHTS), heads=source.heads)
    (folder / MODEL).write_bytes(write_graph(bert))
    manifest = _manifest(folder, source, kind="onnx", size=bert.words.shape[1], names=(MODEL, VOCABULARY))
    return manifest, lambda numbers: bert(numbers).mean(axis=0)


def _build_static(folder: Path, weights: bytes, source: Source) -> tuple[Manifest, _Exact]:
    bert = read_bert(read_arrays(weights, name=WEIGHTS), heads=source.heads)
    rows, rarity = weighted_table(bert.words, (folder / VOCABULARY).read_text("utf-8").rstrip("\n").split("\n"))
    table, scales = to_bytes(rows, axis=1, most=127)
    np.save(folder / TABLE, table)
    np.save(folder / SCALES, scales[:, 0] * rarity)
    manifest = _manifest(folder, source, kind="static", size=rows.shape[1], names=(TABLE, SCALES, VOCABULARY))
    return manifest, lambda numbers: rarity[list(numbers)] @ rows[list(numbers)]


def _manifest(
    folder: Path, source: Source, *, kind: Literal["onnx", "static"], size: int, names: Sequence[str]
) -> Manifest:
    return Manifest(
        kind=kind,
        dimensions=size,
        tokenizer="wordpiece",
        languages=source.languages,
        files=digests(folder, names),
        made_by=_maker(),
        credit=source.credit,
    )


def _maker() -> str:
    return f"stayahead {__version__}"


def _golden(encoder: Encoder) -> tuple[Golden, ...]:
    """The golden texts with the vectors that the encoder gives them."""
    vectors = [encoder.encode(text, "") for text in GOLDEN_TEXTS]
    if not all(vectors):
        raise ModelError(f"the model gives no vector for {GOLDEN_TEXTS[vectors.index(b'')]!r}")
    pairs = zip(GOLDEN_TEXTS, vectors, strict=True)
    return tuple(Golden(text=text, vector=vector.hex()) for text, vector in pairs)


def _with_golden(folder: Path, manifest: Manifest, exact: _Exact) -> tuple[Manifest, float]:
    """The manifest with the golden vectors, and how near they are to those of the same weights in floats."""
    encoder = open_encoder(folder, manifest)
    golden = _golden(encoder)
    exact_vectors = [signed_bytes(exact(encoder.numbers(text, ""))) for text in GOLDEN_TEXTS]
    cosines = [cosine(bytes.fromhex(one.vector), other) for one, other in zip(golden, exact_vectors, strict=True)]
    mean = sum(cosines) / len(cosines)
    if mean < FAITHFUL:
        raise ModelError(f"{folder.name}: what was built is not faithful to its weights (mean cosine {mean:.3f})")
    return msgspec.structs.replace(manifest, golden=golden), mean


def _put(folder: Path, target: Path, before: Path) -> None:
    """Put the folder into its place by renaming, and remove the one that was there."""
    if target.exists():
        if not (target / MANIFEST).is_file():
            raise ModelError(f"{target}: is there already and is no model directory; move it away")
        target.rename(before)
    folder.rename(target)
    shutil.rmtree(before, ignore_errors=True)
