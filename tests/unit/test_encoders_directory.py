"""Model directories: made, checked, refused; each by what its owner sees."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import msgspec
import numpy as np
import pytest

from stayahead.encoders import directory, load, locate, read_manifest
from stayahead.encoders.builder import make as making
from stayahead.encoders.builder.bert import Floats
from stayahead.encoders.builder.make import GOLDEN_TEXTS, adopt, make
from stayahead.encoders.builder.onnx import Graph
from stayahead.encoders.builder.table import DROPPED
from stayahead.encoders.directory import MANIFEST, Manifest, digests, write_manifest
from stayahead.encoders.quantise import cosine, signed_bytes
from stayahead.errors import ModelError
from tests import tiny_model

KINDS = ("minilm", "static")


@pytest.fixture(params=KINDS)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A model directory of each kind."""
    return tiny_model.made(request.param, tmp_path).folder


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_is_made_and_gives_unit_vectors(kind: making.Kind, tmp_path: Path) -> None:
    made = tiny_model.made(kind, tmp_path)
    assert made.faithfulness > making.FAITHFUL
    encoder = load(made.folder)
    one, other = encoder.encode("Dam repair put off", ""), encoder.encode("Striker scores twice", "")
    assert len(one) == made.manifest.dimensions
    assert cosine(one, other) < 0.97  # weights that nothing trained tell texts apart, if not well
    assert encoder.encode("dam REPAIR put off", "") == one
    assert encoder.encode("", "") == b""
    assert encoder.model == made.manifest.model == read_manifest(made.folder).model
    assert [path.name for path in tmp_path.iterdir()] == [kind]  # nothing is left beside it


def test_a_model_made_again_is_the_same_model(folder: Path, tmp_path: Path) -> None:
    again = tiny_model.made("minilm" if folder.name == "minilm" else "static", tmp_path / "again")
    assert again.manifest.model == read_manifest(folder).model


def test_the_name_of_a_model_hangs_on_all_that_changes_a_vector(folder: Path) -> None:
    manifest = read_manifest(folder)
    changes: tuple[dict[str, object], ...] = (
        {"prefix": "query: "},
        {"pooling": "cls"},
        {"tokens": 32},
        {"files": {}},
        {"is_lowercase": False},
    )
    for change in changes:
        assert msgspec.structs.replace(manifest, **change).model != manifest.model
    assert msgspec.structs.replace(manifest, credit="x", golden=(), made_by="x").model == manifest.model


def test_static_vectors_are_weighted_sums_of_rows(tmp_path: Path) -> None:
    made = tiny_model.made("static", tmp_path)
    assert made.manifest.dimensions == tiny_model.SIZE - DROPPED
    table, scales = np.load(made.folder / "table.npy"), np.load(made.folder / "scales.npy")
    dam, council = (tiny_model.PIECES.index(word) for word in ("dam", "council"))
    wanted = signed_bytes(scales[dam] * table[dam] + scales[council] * table[council])
    encoder = load(made.folder)
    assert cosine(encoder.encode("dam council", ""), wanted) > 0.999
    assert encoder.encode("council dam", "") == encoder.encode("dam council", "")
    assert encoder.encode("xyz", "") == b""  # a word that is in no vocabulary says nothing
    assert scales[tiny_model.PIECES.index("the")] < scales[council]  # a common one little


def _cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("harm", [_cut_short, _flip, Path.unlink])
def test_a_damaged_file_is_named(harm: Callable[[Path], None], folder: Path) -> None:
    for name in read_manifest(folder).files:
        path = folder / name
        kept = path.read_bytes()
        harm(path)
        with pytest.raises(ModelError, match=name):
            load(folder)
        path.write_bytes(kept)
    load(folder)


def _manifest_with(folder: Path, **change: object) -> None:
    said = msgspec.json.decode((folder / MANIFEST).read_bytes())
    (folder / MANIFEST).write_bytes(msgspec.json.encode(said | change))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"format": 9}, "format 9"),
        ({"kind": "torch"}, "manifest"),
        ({"surprise": 1}, "surprise"),
        ({"dimensions": 0}, "dimensions"),
        ({"tokens": 2}, "tokens"),
        ({"files": {"../secret": "00"}}, r"\.\./secret"),
    ],
)
def test_a_manifest_that_is_off_is_named(folder: Path, change: dict[str, object], told: str) -> None:
    _manifest_with(folder, **change)
    with pytest.raises(ModelError, match=told) as refused:
        load(folder)
    assert str(folder) in str(refused.value)


def test_a_manifest_of_no_json_is_named(folder: Path) -> None:
    (folder / MANIFEST).write_text("{")
    with pytest.raises(ModelError, match=MANIFEST):
        load(folder)


def test_a_model_that_gives_other_vectors_than_it_must_is_refused(folder: Path) -> None:
    golden = read_manifest(folder).golden
    assert [one.text for one in golden] == list(GOLDEN_TEXTS)
    _manifest_with(folder, golden=[{"text": golden[0].text, "vector": golden[1].vector}])
    with pytest.raises(ModelError, match="does not give the vector"):
        load(folder)


def test_files_that_are_not_what_they_are_called_are_named(folder: Path) -> None:
    for name in ("model.onnx", "table.npy", "vocab.txt"):
        if not (folder / name).exists():
            continue
        kept = (folder / name).read_bytes()
        (folder / name).write_bytes(b"\xff nothing of the kind")
        _manifest_with(folder, files=digests(folder, tuple(read_manifest_files(folder))))
        with pytest.raises(ModelError, match=f"{name}|no table"):
            load(folder)
        (folder / name).write_bytes(kept)


def read_manifest_files(folder: Path) -> list[str]:
    return list(msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest).files)


def test_models_are_found_by_name_and_by_path(folder: Path, tmp_path: Path) -> None:
    assert locate(folder.name, [tmp_path / "elsewhere", tmp_path]) == folder
    assert locate(str(folder), []) == folder
    with pytest.raises(ModelError, match="model get"):
        locate("other", [tmp_path])
    with pytest.raises(ModelError, match="model add"):
        locate(str(tmp_path), [])


@pytest.mark.parametrize(("library", "extra"), [("onnxruntime", "dense"), ("numpy", "static")])
def test_a_missing_library_is_named_with_its_remedy(
    library: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tiny_model.made("minilm" if library == "onnxruntime" else "static", tmp_path).folder
    monkeypatch.setattr(directory, "find_spec", lambda name: None if name == library else find_spec(name))
    with pytest.raises(ModelError, match=rf"{library}: pip install 'stayahead\[{extra}\]'"):
        load(path)


def test_a_failed_build_leaves_what_was_there(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = read_manifest(folder)
    monkeypatch.setattr(making, "FAITHFUL", 1.1)
    with pytest.raises(ModelError, match="not faithful"):
        tiny_model.made("minilm" if folder.name == "minilm" else "static", tmp_path)
    assert read_manifest(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_a_folder_of_something_else_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "thesis.tex").write_text("precious")
    with pytest.raises(ModelError, match="move it away"):
        tiny_model.made("static", tmp_path)
    assert (tmp_path / "static" / "thesis.tex").read_text() == "precious"


@pytest.mark.parametrize("vocabulary", [b"[UNK]\n[CLS]\n[SEP]\nthe\n", b"[UNK]\n[CLS]\n[SEP]\n" + 60 * b"x\n"])
def test_a_vocabulary_that_does_not_fit_is_refused(vocabulary: bytes, tmp_path: Path) -> None:
    files = tiny_model.checkpoint() | {"vocab.txt": vocabulary}
    with pytest.raises(ModelError, match="vocabulary"):
        make("static", files, tiny_model.source(), tmp_path / "static")


TABLE: Floats = np.eye(len(tiny_model.PIECES), dtype=np.float32)


def _foreign(folder: Path, *, extra: str = "token_type_ids") -> None:
    """A model of another make: a row of ones and noughts a token, and it wants masks."""
    graph = Graph("foreign")
    numbers, mask = graph.input("input_ids", ("batch", "n")), graph.input("attention_mask", ("batch", "n"))
    graph.input(extra, ("batch", "n"))
    rows = graph.add("Gather", graph.array(TABLE), numbers)
    wide = graph.add("Unsqueeze", graph.add("Cast", mask, to=1), graph.array(np.array([2])))
    graph.add("Mul", rows, wide, name="last_hidden_state")
    graph.output("last_hidden_state", ("batch", "n", len(TABLE)))
    (folder / "model.onnx").write_bytes(graph.model())


def _adopted(folder: Path, **given: object) -> Manifest:
    fields: dict[str, object] = {"kind": "onnx", "dimensions": 0, "tokenizer": "wordpiece", "files": {}} | given
    return adopt(folder, Manifest(**fields))  # type: ignore[arg-type]  # of the test


def test_a_model_made_elsewhere_is_adopted_with_its_prefix_and_pooling(tmp_path: Path) -> None:
    _foreign(tmp_path)
    (tmp_path / "vocab.txt").write_text("\n".join(tiny_model.PIECES))
    manifest = _adopted(tmp_path, prefix="dam ")
    assert manifest.dimensions == len(TABLE)
    rows = [tiny_model.PIECES.index(piece) for piece in ("[CLS]", "dam", "council", "[SEP]")]
    assert load(tmp_path).encode("council", "") == signed_bytes(TABLE[rows].mean(axis=0))
    manifest = _adopted(tmp_path, pooling="cls")
    assert load(tmp_path).encode("council", "") == signed_bytes(TABLE[rows[0]])


def test_a_model_that_asks_for_what_we_do_not_know_is_refused(tmp_path: Path) -> None:
    _foreign(tmp_path, extra="pixel_values")
    (tmp_path / "vocab.txt").write_text("\n".join(tiny_model.PIECES))
    with pytest.raises(ModelError, match="pixel_values"):
        _adopted(tmp_path)
    assert not (tmp_path / MANIFEST).exists()


def test_a_vocabulary_that_is_larger_than_the_model_is_said(tmp_path: Path) -> None:
    _foreign(tmp_path)
    (tmp_path / "vocab.txt").write_text("\n".join((*tiny_model.PIECES, "more")))
    _adopted(tmp_path)
    with pytest.raises(ModelError, match="its tokenizer may be another's"):
        load(tmp_path).encode("more", "")


def test_a_tokenizer_of_another_kind_needs_its_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _foreign(tmp_path)
    (tmp_path / "tokenizer.json").write_text("3")
    monkeypatch.setattr(directory, "find_spec", lambda name: None if name == "tokenizers" else find_spec(name))
    with pytest.raises(ModelError, match="pip install tokenizers"):
        _adopted(tmp_path, tokenizer="tokenizers")


STAND_IN = '''
import json


class _Encoding:
    def __init__(self, ids):
        self.ids = ids


class Tokenizer:
    """Numbers words by their length, from the number in its file on."""

    def __init__(self, first):
        self.first, self.limit = first, None

    @classmethod
    def from_file(cls, path):
        with open(path) as file:
            return cls(json.load(file))

    def no_padding(self):
        pass

    def enable_truncation(self, limit):
        self.limit = limit

    def encode(self, text):
        text.encode("utf-8")
        return _Encoding([self.first + len(word) for word in text.split()][: self.limit])
'''


def test_a_tokenizer_of_another_kind_is_run_by_its_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "tokenizers.py").write_text(STAND_IN)
    monkeypatch.syspath_prepend(str(tmp_path / "library"))
    monkeypatch.delitem(sys.modules, "tokenizers", raising=False)
    _foreign(tmp_path)
    (tmp_path / "tokenizer.json").write_text("3")
    _adopted(tmp_path, tokenizer="tokenizers", tokens=3)
    encoder = load(tmp_path)
    assert encoder.encode("aa bbbb", "") == signed_bytes(TABLE[5] + TABLE[7])
    assert encoder.encode("aa aa aa bbbb", "") == signed_bytes(TABLE[5])
    assert encoder.encode("\ud800", "")  # half a character is text for us, and none for that library
    (tmp_path / "tokenizer.json").write_text("no json")
    write_manifest(
        tmp_path,
        msgspec.structs.replace(
            msgspec.json.decode((tmp_path / MANIFEST).read_bytes(), type=Manifest),
            files=digests(tmp_path, ("model.onnx", "tokenizer.json")),
        ),
    )
    with pytest.raises(ModelError, match=r"tokenizer\.json"):
        load(tmp_path)
    monkeypatch.delitem(sys.modules, "tokenizers", raising=False)
