"""Which database a command opens: one rule, told each time, and a word about a service that runs elsewhere."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from stayahead.cli import main
from stayahead.cli.notice import Notice, put_up
from stayahead.newsroom.starter import starter_feeds
from stayahead.store import SqliteStore


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CONFIG", "STATE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    return tmp_path


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def told(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert main(["sources", "list", *words]) == 0
    return capsys.readouterr().err.splitlines()


def test_option_environment_file_and_default_in_this_order(
    homes: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys) == [f"database: {homes / 'data' / 'stayahead' / 'stayahead.db'} (the default)"]
    options = homes / "config" / "stayahead" / "config.toml"
    options.parent.mkdir(parents=True)
    options.write_text(f'data_dir = "{homes / "filed"}"')
    assert told(capsys) == [f"database: {homes / 'filed' / 'stayahead.db'} (by {options})"]
    named = homes / "named.toml"
    named.write_text("")
    assert told(capsys, "--config", str(named))[0].endswith("(the default)")
    monkeypatch.setenv("STAYAHEAD_DATA_DIR", str(homes / "environ"))
    assert told(capsys) == [f"database: {homes / 'environ' / 'stayahead.db'} (by STAYAHEAD_DATA_DIR)"]
    assert told(capsys, "--data", str(homes / "a")) == [f"database: {homes / 'a' / 'stayahead.db'} (by --data)"]


def test_a_service_that_runs_on_another_database_is_named(
    homes: Path, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = homes / "elsewhere"
    elsewhere.mkdir()
    with put_up(elsewhere / "stayahead.db", Notice(host="127.0.0.1", port=port, token="t")):  # a test's
        (elsewhere / "stayahead.db").touch()
        lines = told(capsys)
        assert lines[1:] == [f"note: a service runs on {elsewhere / 'stayahead.db'}; --data {elsewhere} names that one"]
        assert len(told(capsys, "--data", str(elsewhere))) == 1
    assert len(told(capsys)) == 1


def test_several_services_are_named_in_one_line(homes: Path, port: int, capsys: pytest.CaptureFixture[str]) -> None:
    with contextlib.ExitStack() as stack:
        for name in ("a1", "b1", "c1"):
            (homes / name).mkdir()
            notice = Notice(host="127.0.0.1", port=port, token="t")  # a test's
            stack.enter_context(put_up(homes / name / "stayahead.db", notice))
            (homes / name / "stayahead.db").touch()
        (line,) = told(capsys)[1:]
        assert line.startswith("note: services run on the databases in ")
        assert all(str(homes / name) in line for name in ("a1", "b1", "c1"))


def test_a_service_that_was_killed_is_not_named(homes: Path, port: int, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        free = listener.getsockname()[1]
    elsewhere = homes / "elsewhere"
    elsewhere.mkdir()
    with put_up(elsewhere / "stayahead.db", Notice(host="127.0.0.1", port=free, token="t")):  # a test's
        assert len(told(capsys)) == 1


def test_add_before_the_first_run_keeps_the_starter_list(homes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sources", "add", "paper.example/rss", "--no-fetch"]) == 0
    assert f"{len(starter_feeds())} sources of the starter list" in capsys.readouterr().out
    with SqliteStore.open(homes / "data" / "stayahead" / "stayahead.db") as store:
        assert len(store.feeds()) == len(starter_feeds()) + 1
        assert store.publishers()
    assert main(["sources", "add", "other.example/rss", "--no-fetch"]) == 0
    assert "starter" not in capsys.readouterr().out
    assert main(["sources", "add", "a.example/rss", "--no-fetch", "--no-starter", "--data", str(homes / "own")]) == 0
    with SqliteStore.open(homes / "own" / "stayahead.db") as store:
        assert [watched.feed.url for watched in store.feeds()] == ["https://a.example/rss"]
