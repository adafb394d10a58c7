"""Lists of sources that are none, or are written by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from stayahead.cli import main
from tests.e2e.test_cli_mistakes import DONE, FAILED, Print, told


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with nothing of the machine's own in reach."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return tmp_path


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "no address in it"),
        (b"# mine\n\n", "no address in it"),
        (b"SQLite format 3\x00\x10\nhttps://a.example/rss\n\x01\x02http://b.example/\n", "bytes that are no text"),
        (b"https://a.example/rss\nand\nso\non\n", "3 of its 4 lines are none"),
        (b"a letter\nto somebody\n", "nor a list of addresses"),
    ],
)
def test_what_is_no_list_of_addresses_is_refused_whole(body: bytes, says: str, folder: Path, capsys: Print) -> None:
    (folder / "list.txt").write_bytes(body)
    assert says in told(["sources", "import", "list.txt", "--data", "."], FAILED, capsys)
    assert not (folder / "stayahead.db").exists()


def test_a_database_is_no_list_of_sources(folder: Path, capsys: Print) -> None:
    assert main(["sources", "add", "paper.example/rss", "--no-fetch", "--data", "."]) == DONE  # with the starter list
    assert main(["backup", "backup.db", "--data", "."]) == DONE
    error = told(["sources", "import", "backup.db", "--data", "other"], FAILED, capsys)
    assert error.startswith("backup.db: this is no list of feeds")


def test_a_list_may_leave_out_schemes_and_names_few_of_many_lines(folder: Path, capsys: Print) -> None:
    bare = [f"paper{n}.example:8080/feed" for n in range(30)]
    (folder / "list.txt").write_text("\n".join([*bare, "example.org/feed", *(f"note {n}" for n in range(25))]))
    assert main(["sources", "import", "list.txt", "--data", "."]) == DONE
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "list.txt: 31 feeds, 31 of them new, these left out:"
    assert (lines[1], lines[-1], len(lines)) == ("  note 0: no http(s) address", "  and 5 more", 22)
    assert main(["sources", "list", "--data", "."]) == DONE
    assert "https://example.org/feed" in capsys.readouterr().out


def test_what_is_not_said_of_a_watched_source_stays(folder: Path, capsys: Print) -> None:
    add = ["sources", "add", "paper.example/rss", "--no-fetch", "--no-starter", "--data", "."]
    opml = """<opml><body><outline text="Folder"><outline title="Theirs" xmlUrl="https://paper.example/rss"/>
    <outline title="Other" xmlUrl="https://other.example/rss"/></outline></body></opml>"""
    (folder / "list.opml").write_text(opml)
    assert main([*add, "--section", "world", "--title", "Mine"]) == DONE
    for more, says in (
        ([], "title and section stay"),
        (["--section", "world"], "title and section stay"),
        (["--section", "local"], "section 'world' is now 'local'"),
        (["--title", "Ours"], "title 'Mine' is now 'Ours'"),
    ):
        capsys.readouterr()
        assert main([*add, *more]) == DONE
        assert capsys.readouterr().out == f"https://paper.example/rss: was watched already; {says}\n"
    assert main(["sources", "import", "list.opml", "--data", "."]) == DONE
    capsys.readouterr()
    assert main(["sources", "list", "--data", "."]) == DONE
    listed = [line.split("\t")[2:4] for line in capsys.readouterr().out.splitlines()]
    assert sorted(listed) == [["Other", "Folder"], ["Ours", "Folder"]]


@pytest.mark.parametrize("verb", ["run", "demo"])
def test_a_path_that_is_one_of_our_own_is_refused_before_anything_is_made(
    verb: str, folder: Path, capsys: Print, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAYAHEAD_PUBLIC_URL", "https://news.example/story/")
    assert "/story is an address of the pages" in told([verb, "--port", "0", "--data", "here"], FAILED, capsys)
    assert not (folder / "here").exists()
