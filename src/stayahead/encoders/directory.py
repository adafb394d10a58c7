"""Checks a model directory against its manifest, so that no changed or half-copied model is used.

A model directory holds `manifest.json`, what the manifest names in `files`, and nothing that is run. The manifest says
all that changes a vector, so its hash names the model.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import msgspec

from stayahead.errors import ModelError

MANIFEST = "manifest.json"
FORMAT = 1
TOKENS = 64
"""How many tokens of an article a vector is made of, title and first words. It costs in proportion to them."""
_EXTRAS = {"onnxruntime": "dense", "numpy": "static"}


class Golden(msgspec.Struct, frozen=True, kw_only=True):
    """A text with the vector that the model must give it."""

    text: str
    vector: str
    """Its signed bytes, in hexadecimal."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The description of a model, as its directory holds it in JSON."""

    format: int = FORMAT
    kind: Literal["onnx", "static"]
    dimensions: int
    tokenizer: Literal["wordpiece", "tokenizers"]
    """`wordpiece`: ours, over `vocab.txt`. `tokenizers`: the library of that name, over `tokenizer.json`."""
    is_lowercase: bool = True
    """Whether our tokenizer drops case and accents."""
    tokens: int = TOKENS
    prefix: str = ""
    """Put before every text, where the model was trained so (`query: ` for the E5 family)."""
    pooling: Literal["mean", "cls"] = "mean"
    """How rows of tokens become one, where the model itself leaves that open."""
    languages: tuple[str, ...] = ()
    """The languages that it was trained on, as ISO 639-1 codes; empty: any."""
    files: dict[str, str]
    """SHA-256 in hexadecimal, by name."""
    golden: tuple[Golden, ...] = ()
    made_by: str = ""
    credit: str = ""

    @property
    def model(self) -> str:
        """The short hash of all that changes a vector: `Signals.vector_model`."""
        # Golden vectors, credit and maker are left out: they change no vector, and stored vectors are kept by this
        # hash.
        identity = (
            self.format,
            self.kind,
            self.dimensions,
            self.tokenizer,
            self.is_lowercase,
            self.tokens,
            self.prefix,
            self.pooling,
            sorted(self.files.items()),
        )
        return hashlib.sha256(msgspec.json.encode(identity)).hexdigest()[:12]


def locate(name: str, folders: Sequence[Path]) -> Path:
    """The model directory that an option names: a path (it has a slash), or a name within one of the folders.

    Raises:
        ModelError: there is none.
    """
    if "/" in name:
        path = Path(name).expanduser()
        if not (path / MANIFEST).is_file():
            raise ModelError(f"{path}: is no model directory (no {MANIFEST}); `stayahead model add` writes one")
        return path
    for folder in folders:
        if (folder / name / MANIFEST).is_file():
            return folder / name
    where = " or ".join(map(str, folders))
    raise ModelError(f"no model {name!r} in {where}; `stayahead model get` makes minilm and static, or name a path")


def read_manifest(folder: Path) -> Manifest:
    """The manifest, after every file and library that it names was checked.

    Raises:
        ModelError: a file or library is missing or damaged; the message names it and the remedy.
    """
    path = folder / MANIFEST
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError) as error:
        raise ModelError(f"{path}: cannot be read as a manifest ({error}); make the model anew") from error
    if manifest.format != FORMAT:
        raise ModelError(f"{path}: is of format {manifest.format}, this version reads {FORMAT}; make the model anew")
    if manifest.dimensions < 1 or manifest.tokens <= len(("[CLS]", "[SEP]")):
        raise ModelError(f"{path}: a vector needs dimensions, and a text tokens; make the model anew")
    for name, digest in manifest.files.items():
        _check_file(folder, name, digest)
    require(manifest.kind, tokenizer=manifest.tokenizer)
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it where `read_manifest` looks."""
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")


def digests(folder: Path, names: Sequence[str]) -> dict[str, str]:
    """SHA-256 of files, by name."""
    return {name: _digest(folder / name) for name in names}


def require(kind: Literal["onnx", "static"], *, tokenizer: str = "wordpiece") -> None:
    """Check that the libraries that such a model needs are installed.

    Raises:
        ModelError: one is not; the message says how to install it.
    """
    for library in ("onnxruntime", "numpy") if kind == "onnx" else ("numpy",):
        if find_spec(library) is None:
            extra = _EXTRAS["onnxruntime" if kind == "onnx" else "numpy"]
            raise ModelError(f"vectors of this kind need {library}: pip install 'stayahead[{extra}]'")
    if tokenizer == "tokenizers" and find_spec("tokenizers") is None:
        raise ModelError("this model's tokenizer needs the library tokenizers: pip install tokenizers")


def _check_file(folder: Path, name: str, digest: str) -> None:
    if Path(name).name != name:  # a manifest from elsewhere may not make us read outside its folder
        raise ModelError(f"{folder / MANIFEST}: names {name!r}, which is no file of its own folder")
    path = folder / name
    try:
        actual = _digest(path)
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); make the model anew") from error
    if actual != digest:
        raise ModelError(f"{path}: is not the file that the manifest names (its SHA-256 differs); make the model anew")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
