"""The owner's link from the terminal to the browser: printed beside a running service, used up, listed, ended."""

from __future__ import annotations

import http.client
import json
import re
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from soak.service import Service
from stayahead.cli import main
from tests.e2e.test_door import HEADER, ROWS, replayed

PUBLIC = "https://news.example.org"
KEY = re.compile(r"#([\w-]{43})\n")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def ask(service: Service, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any, str]:
    """Status, JSON and cookie of an answer; asked as the default `proxy_pass` of nginx does."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    content = None if body is None else json.dumps(body)
    with closing(http.client.HTTPConnection("127.0.0.1", service.port, timeout=20)) as connection:
        connection.request(method, path, content, {"Content-Type": "application/json", **sent} if content else sent)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read()), answer.headers.get("set-cookie", "").partition(";")[0]


def printed(capsys: pytest.CaptureFixture[str], *words: str, data: Path, code: int = 0) -> str:
    assert main([*words, "--data", str(data)]) == code, words
    captured = capsys.readouterr()
    return captured.out if code == 0 else captured.err


def test_from_the_terminal_to_the_browser_and_back(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAYAHEAD_PUBLIC_URL", f"{PUBLIC}/news/")
    with replayed(tmp_path, data) as service:
        line = printed(capsys, "owner", "link", data=data)
        assert line.startswith(f"{PUBLIC}/news/owner#")
        token = {"token": KEY.findall(line)[0]}
        story_id = ask(service, "GET", "/v1/stories")[1]["stories"][0]["id"]
        claims = f"/v1/stories/{story_id}/claims"
        assert ask(service, "GET", claims)[1]["full_text"] is False, "behind a bare proxy nobody is the owner"
        assert ask(service, "POST", "/v1/owner/session", token, Origin="https://evil.example")[0] == 403
        status, _, cookie = ask(service, "POST", "/v1/owner/session", token, Origin=PUBLIC, User_Agent="Browser\x1b[2J")
        assert status == 200
        assert ask(service, "POST", "/v1/owner/session", token, Origin=PUBLIC)[0] == 403
        assert ask(service, "GET", claims, Cookie=cookie)[1]["full_text"] is True
        pin = {"verb": "pin", "story_id": story_id}
        assert ask(service, "POST", "/v1/rulings", pin, Cookie=cookie)[0] == 403
        status, answer, _ = ask(service, "POST", "/v1/rulings", pin, Cookie=cookie, Origin=PUBLIC)
        assert (status, [each["kind"] for each in answer["updates"]]) == (200, ["ruled"])
        listed = printed(capsys, "owner", "sessions", data=data)
        assert "127.0.0.1" in listed
        assert "\x1b" not in listed
        number = listed.partition("\t")[0]
        assert "ended" in printed(capsys, "owner", "forget", number, data=data)
        assert ask(service, "GET", claims, Cookie=cookie)[1]["full_text"] is False
        assert "`stayahead owner sessions`" in printed(capsys, "owner", "forget", number, data=data, code=3)
        assert "no browser" in printed(capsys, "owner", "sessions", data=data)


def test_without_a_service_and_without_a_database(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "no such database" in printed(capsys, "owner", "link", data=data, code=3)
    archive = tmp_path / "rows.tsv"
    archive.write_text(HEADER + ROWS)
    assert main(["import", str(archive), "--data", str(data), "--config", _empty(tmp_path)]) == 0
    capsys.readouterr()
    assert printed(capsys, "owner", "link", data=data).startswith("http://127.0.0.1:8400/owner#")
    assert "0 sessions ended" in printed(capsys, "owner", "forget", "--all", data=data)
    assert "--all" in printed(capsys, "owner", "forget", data=data, code=1)
    assert "--all" in printed(capsys, "owner", "forget", "1", "--all", data=data, code=1)


def _empty(folder: Path) -> str:
    path = folder / "config.toml"
    path.touch()
    return str(path)
