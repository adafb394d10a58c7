"""What commands print cannot command the terminal."""

from __future__ import annotations

import json

import pytest

from stayahead.cli.terminal import plain, plain_json, say

HOSTILE = "a\x1b[2Jb\x9b31mc\rd\ne\u202ef\x07g\ud800"


def test_nothing_that_a_terminal_obeys_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    say(f"{HOSTILE}\tцарь שלום 王")
    said = capsys.readouterr().out
    assert said.endswith("\tцарь שלום 王\n")
    assert all(character.isprintable() for character in said.rstrip("\n").replace("\t", ""))
    assert "\\u001b[2J" in said


def test_json_says_the_same() -> None:
    text = json.dumps(HOSTILE[:-1], ensure_ascii=False)
    assert plain(plain_json(text)) == plain_json(text)
    assert json.loads(plain_json(text)) == HOSTILE[:-1]
