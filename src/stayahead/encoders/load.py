"""Opens a model as an encoder, once it gives a vector that its manifest promises."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from stayahead.analyze.encoder import Cut, Encoder
from stayahead.analyze.wordpiece import Wordpiece
from stayahead.encoders.directory import Manifest, read_manifest
from stayahead.errors import ModelError

MODEL, VOCABULARY, TOKENIZER = "model.onnx", "vocab.txt", "tokenizer.json"
ALIKE = 0.99
"""Least cosine of a golden vector, made elsewhere, with the same text's vector here. Processors round differently; with
a wrong tokenizer or file it is below .9."""


def load(folder: Path) -> Encoder:
    """The encoder of a model directory.

    Raises:
        ModelError: a file or a library is missing or damaged, or it does not give the vectors that it must.
    """
    manifest = read_manifest(folder)
    encoder = open_encoder(folder, manifest)
    _check_golden(folder, manifest, encoder)
    return encoder


def open_encoder(folder: Path, manifest: Manifest) -> Encoder:
    """The encoder, before its vectors are checked."""
    return Encoder(
        manifest.model,
        cut=_cut(folder, manifest),
        vector=_vector(folder, manifest),
        tokens=manifest.tokens,
        prefix=manifest.prefix,
        languages=manifest.languages,
    )


def _cut(folder: Path, manifest: Manifest) -> Cut:
    if manifest.tokenizer == "wordpiece":
        pieces = _wordpiece(folder / VOCABULARY, is_lowercase=manifest.is_lowercase)
        return pieces.pieces if manifest.kind == "static" else pieces
    return _library(folder / TOKENIZER)


def _wordpiece(path: Path, *, is_lowercase: bool) -> Wordpiece:
    """A tokenizer over a vocabulary file, one piece a line."""
    try:
        pieces = path.read_text("utf-8").split("\n")
        return Wordpiece(pieces[:-1] if pieces[-1] == "" else pieces, is_lowercase=is_lowercase)
    except ValueError as error:  # UnicodeDecodeError among them
        raise ModelError(f"{path}: is no vocabulary of word pieces ({error})") from error


def _vector(folder: Path, manifest: Manifest) -> Callable[[Sequence[int]], bytes]:
    # Either library is an extra, and a second of start: only who asked for vectors loads it.
    if manifest.kind == "static":
        from stayahead.encoders.static import open_table

        return open_table(folder)
    from stayahead.encoders.session import open_session

    return open_session(folder / MODEL, manifest)


def _library(path: Path) -> Cut:
    """A tokenizer of another kind, run by the library that wrote its file."""
    import tokenizers  # no dependency of ours: `require` has seen that it is there

    try:
        tokenizer = tokenizers.Tokenizer.from_file(str(path))
    except Exception as error:  # it raises plain `Exception`
        raise ModelError(f"{path}: is no tokenizer ({str(error)[:200]})") from error
    tokenizer.no_padding()

    def cut(text: str, *, limit: int) -> list[int]:
        # Rust strings hold no lone surrogates, hence the way through bytes.
        tokenizer.enable_truncation(limit)
        return [int(number) for number in tokenizer.encode(text.encode("utf-8", "replace").decode()).ids]

    return cut


def _check_golden(folder: Path, manifest: Manifest, encoder: Encoder) -> None:
    from stayahead.encoders.quantise import cosine  # numpy is an extra

    if not manifest.golden:
        return
    golden = manifest.golden[0]
    vector = encoder.encode(golden.text, "")
    if len(vector) != manifest.dimensions or cosine(vector, bytes.fromhex(golden.vector)) < ALIKE:
        raise ModelError(f"{folder}: does not give the vector that its manifest has; make the model anew")
