"""A full disk at the start and while a service runs: it works, or ends with one line and an exit code."""

from __future__ import annotations

import http.client
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import pytest

from stayahead.model import Feed
from stayahead.store import SqliteStore
from tests.contract.store_parts import T0

PATIENCE_S = 60.0


UNDER_A_LIMIT = """
import resource, sys
from stayahead.cli import main
if (size := int(sys.argv.pop(1))) >= 0:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
sys.exit(main())
"""
"""No file of this process grows past so many bytes: stands for a full disk, and takes no rights."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def started(
    folder: Path, port: int, *, most_bytes: int = -1, errors: int | IO[bytes] = subprocess.PIPE
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", UNDER_A_LIMIT, str(most_bytes), "run", "--data", str(folder), "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=errors,
        env={**os.environ, "STAYAHEAD_WORKERS": "1"},
    )


def ready(port: int) -> dict[str, object]:
    """What `/readyz` says; nothing while nobody answers."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/readyz")
        body: dict[str, object] = json.loads(connection.getresponse().read())
    except OSError:
        return {}
    connection.close()
    return body


def wait_until_ready(process: subprocess.Popen[bytes], port: int) -> dict[str, object]:
    """The first answer of a service that commits; nothing when it has ended."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        body = ready(port)
        if body.get("commit_age_s") is not None:
            return body
        time.sleep(0.1)
    assert process.poll() is not None, "it neither commits nor ends"
    return {}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A database with one source, at which nobody answers, so that no starter list is put in."""
    folder = tmp_path / "data"
    with SqliteStore.open(folder / "stayahead.db") as store:
        store.add_feeds([Feed(url="http://127.0.0.1:9/feed")], T0)
    return folder


@pytest.mark.parametrize("size", [0, 4_096, 40_000, 200_000, 450_000])
def test_a_start_on_a_full_disk_works_or_ends_with_its_line(folder: Path, size: int) -> None:
    port = free_port()
    process = started(folder, port, most_bytes=size)
    try:
        body = wait_until_ready(process, port)
        if process.poll() is None:
            assert body["commit_age_s"] is not None
            process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE_S)
    finally:
        process.kill()
        process.wait()
    if not body:
        last = errors.decode().strip().rpartition("\n")[2]
        assert process.returncode == 1
        assert last.startswith("stayahead: ")
        assert "stayahead.db" in last
    with SqliteStore.open(folder / "stayahead.db") as store:
        assert store.check() == []
        assert len(store.feeds()) == 1


def test_a_new_database_on_a_full_disk_ends_with_its_line(tmp_path: Path) -> None:
    process = started(tmp_path / "data", free_port(), most_bytes=0)
    _, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert errors.decode().count("\n") == 1
    assert "stayahead.db" in errors.decode()


def test_a_disk_that_fills_while_it_runs_ends_it_and_a_new_start_goes_on(folder: Path) -> None:
    port = free_port()
    process = started(folder, port)
    try:
        assert wait_until_ready(process, port)["status"]
        before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, before[1]))
        _, errors = process.communicate(timeout=PATIENCE_S)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 1
    assert "stayahead.db" in errors.decode().strip().rpartition("\n")[2]
    with SqliteStore.open(folder / "stayahead.db") as store:
        assert store.check() == []


def test_a_log_that_cannot_be_written_kills_nobody(folder: Path) -> None:
    """Standard error leads to a disk without room: news are more than their log."""
    port = free_port()
    with Path("/dev/full").open("wb") as full:
        process = started(folder, port, errors=full)
        try:
            assert wait_until_ready(process, port)
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=PATIENCE_S)
        finally:
            process.kill()
            process.wait()
    assert process.returncode in (0, 130)
