"""The command line as a user meets it: what it prints, its exit codes, its errors."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import msgspec
import pytest

from stayahead import __version__
from stayahead.cli import main
from stayahead.cli.archive_file import open_archive
from tests.e2e.loopback_site import Say, Site, saying
from tests.unit.test_parse_warc import record

RSS = b"""<rss version="2.0"><channel><title>The Paper</title><item><title>Bridge closed</title>
<link>https://paper.example/1</link><description>For repairs.</description></item></channel></rss>"""
OPML = b"""<opml version="2.0"><body><outline text="Local"><outline type="rss" text="Paper"
xmlUrl="https://paper.example/feed.xml"/></outline></body></opml>"""
HEADER = "id\ttitle\turl\tarrival\tstory\n"
ROWS = (
    "a\tHarbour bridge closed for repairs until autumn\thttps://a.example/1\t2030-03-04T08:00:00Z\tx\n"
    "b\tHarbour bridge to stay closed until autumn for repairs\thttps://b.example/1\t2030-03-04T09:00:00Z\tx\n"
    "c\tRecount ordered in mayoral election\thttps://a.example/2\t2030-03-04T10:00:00Z\ty\n"
)


@pytest.fixture
def data(tmp_path: Path) -> tuple[str, str]:
    return ("--data", str(tmp_path / "data"))


def test_version_and_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"stayahead {__version__}\n"
    with pytest.raises(SystemExit) as ended:
        main(["fly"])
    assert ended.value.code == 2


def test_parse_prints_the_feed_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(RSS)
    assert main(["parse", str(path), "--url", "https://paper.example/feed.xml"]) == 0
    feed = msgspec.json.decode(capsys.readouterr().out)
    assert feed["title"] == "The Paper"
    assert feed["entries"][0]["url"] == "https://paper.example/1"


def test_parse_of_no_feed_and_of_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.html"
    path.write_text("<html><body><p>Hello</p></body></html>")
    assert main(["parse", str(path)]) == 1
    assert "page.html" in capsys.readouterr().err
    assert main(["parse", str(tmp_path / "absent.xml")]) == 3
    assert "absent.xml" in capsys.readouterr().err


def test_read_prints_the_page_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.txt"
    path.write_text("Bridge closed\n\nThe bridge was closed on Monday, the council said, and will stay so.\n")
    assert main(["read", str(path)]) == 0
    page = msgspec.json.decode(capsys.readouterr().out)
    assert page["title"] == "Bridge closed"
    assert page["blocks"][0]["text"].startswith("The bridge was closed")
    assert page["text"] == page["blocks"][0]["text"]
    assert page["figures"] == []


def test_read_prints_the_figures_with_their_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.txt"
    text = "Rain fell all day. At least 12 people were killed in Paris, police said."
    path.write_text(f"Bridge falls\n\n{text}\n")
    assert main(["read", str(path)]) == 0
    page = msgspec.json.decode(capsys.readouterr().out)
    (figure,) = page["figures"]
    assert [figure[name] for name in ("slot", "low", "high", "hedge", "place", "cited", "block")] == [
        "dead",
        12,
        None,
        "at least",
        "Paris",
        "police",
        0,
    ]
    assert page["text"][figure["start"] : figure["end"]] == "At least 12 people were killed in Paris, police said."


def test_read_prints_what_people_say_on_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.txt"
    path.write_text(
        "Bridge closed\n\nThe bridge was closed on Monday, and mayor Ann Lee was asked for how long it will.\n\n"
        "“Nobody knows that today,” Lee said. “It may take weeks to count, and it may well take a year.”\n"
    )
    assert main(["read", str(path)]) == 0
    page = msgspec.json.decode(capsys.readouterr().out)
    first, second = page["quotes"]
    assert first == {
        "text": "Nobody knows that today,",
        "speaker": "Ann Lee",
        "mention": "Lee",
        "role": "",
        "cue": "said",
        "rule": "behind",
        "block": 1,
        "start": 1,
        "end": 25,
    }
    assert page["blocks"][1]["text"][second["start"] : second["end"]] == second["text"]


def test_read_refuses_a_private_address(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "http://127.0.0.1:9/"]) == 1
    assert "127.0.0.1" in capsys.readouterr().err


def test_sources_come_and_go(tmp_path: Path, data: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    opml = tmp_path / "subscriptions.opml"
    opml.write_bytes(OPML)
    assert main(["sources", "import", str(opml), *data]) == 0
    assert (
        main(
            [
                "sources",
                "add",
                "https://other.example/rss",
                "--title",
                "Other",
                "--section",
                "world",
                "--no-fetch",
                *data,
            ]
        )
        == 0
    )
    capsys.readouterr()
    assert main(["sources", "list", *data]) == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [line[:4] for line in lines] == [
        ["new", "https://other.example/rss", "Other", "world"],
        ["new", "https://paper.example/feed.xml", "Paper", "Local"],
    ]
    out = tmp_path / "out.opml"
    assert main(["sources", "export", "--out", str(out), *data]) == 0
    assert b"https://paper.example/feed.xml" in out.read_bytes()
    assert main(["sources", "remove", "https://other.example/rss", *data]) == 0
    assert main(["sources", "remove", "https://other.example/rss", *data]) == 3
    assert "not watched" in capsys.readouterr().err
    assert main(["sources", "add", "ftp://other.example/", *data]) == 1
    assert "no http(s) address" in capsys.readouterr().err


@contextmanager
def loopback(routes: dict[str, Say]) -> Iterator[Site]:
    """A site that answers from a thread of its own while a command runs here."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    site = Site(routes)

    async def close() -> None:
        await site.__aexit__(None, None, None)

    asyncio.run_coroutine_threadsafe(site.__aenter__(), loop).result(10)
    try:
        yield site
    finally:
        asyncio.run_coroutine_threadsafe(close(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_sources_add_finds_the_feed_of_a_page(
    data: tuple[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (
        b"""<!DOCTYPE html><link rel="alternate" type="application/rss+xml" href="/papers.xml"><a href="/rss/x">X</a>"""
    )
    routes = {
        "/": saying(page, Content_Type="text/html"),
        "/papers.xml": saying(RSS),
        "/lost": saying(b"<!DOCTYPE html>"),
        "/shop/page": saying(b"<!DOCTYPE html>"),
        "/feed": saying(RSS),
    }
    with loopback(routes) as site:
        monkeypatch.setenv("STAYAHEAD_FETCH_EXCEPTIONS", f"127.0.0.1:{site.port}")
        home = site.url("/", host="127.0.0.1")
        assert main(["sources", "add", home, "--no-starter", *data]) == 0
        assert capsys.readouterr().out.splitlines() == [
            f"{home}papers.xml: watched from now on",
            "  The Paper, 1 entry; named by the page",
            f"  perhaps too: {home}rss/x (X)",
        ]
        assert main(["sources", "add", f"{home}papers.xml", "--section", "local", *data]) == 0
        assert capsys.readouterr().out.splitlines() == [
            f"{home}papers.xml: was watched already; section 'none' is now 'local'",
            "  The Paper, 1 entry",
        ]
        assert main(["sources", "add", f"{home}shop/page", *data]) == 0
        assert capsys.readouterr().out.splitlines()[:2] == [
            f"{home}feed: watched from now on",
            "  The Paper, 1 entry; a common address, found at the site's root",
        ]
        del routes["/feed"]
        assert main(["sources", "remove", f"{home}feed", *data]) == 0
        assert main(["sources", "add", f"{home}lost", *data]) == 1
        assert "--no-fetch" in capsys.readouterr().err
        visits = len(site.visits)
        assert main(["sources", "add", f"{home}lost", "--no-fetch", *data]) == 0
        assert len(site.visits) == visits
    capsys.readouterr()
    assert main(["sources", "list", *data]) == 0
    listed = [line.split("\t")[1] for line in capsys.readouterr().out.splitlines()]
    assert sorted(listed) == [f"{home}lost", f"{home}papers.xml"]


def test_sources_add_watches_what_does_not_answer_only_by_force(
    data: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sources", "add", "http://127.0.0.1:9/feed.xml", "--no-starter", *data]) == 1
    assert "not watched; --force watches it all the same" in capsys.readouterr().err
    assert not Path(data[1]).exists()
    assert main(["sources", "add", "http://127.0.0.1:9/feed.xml", "--force", "--no-starter", *data]) == 0
    output = capsys.readouterr()
    assert "http://127.0.0.1:9/feed.xml: watched from now on" in output.out
    assert "watched all the same" in output.err
    assert output.err.count("\n") == 2  # and which database


def test_an_address_without_a_scheme_is_tried_with_both(
    data: tuple[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with loopback({"/feed.xml": saying(RSS)}) as site:  # plain http alone
        monkeypatch.setenv("STAYAHEAD_FETCH_EXCEPTIONS", f"127.0.0.1:{site.port}")
        for before in ("", "feed://", "feed:http://"):
            assert main(["sources", "add", f"{before}127.0.0.1:{site.port}/feed.xml", "--no-starter", *data]) == 0
            assert capsys.readouterr().out.startswith(f"http://127.0.0.1:{site.port}/feed.xml: w")


def test_lists_of_every_kind_are_taken_in_and_what_is_none_is_named(
    tmp_path: Path, data: tuple[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    outlines = OPML.replace(b"</outline></body>", b'<outline text="Note"/><outline text="Old" xmlUrl="gopher:x"/>'
                            b'<outline text="F" xmlUrl="feed://f.example/rss"/></outline></body>')  # fmt: skip
    (tmp_path / "list.opml").write_bytes(outlines)
    (tmp_path / "list.opml.gz").write_bytes(gzip.compress(outlines))
    (tmp_path / "cut.opml.gz").write_bytes(gzip.compress(outlines)[:-20])
    (tmp_path / "list.txt").write_text("# mine\nhttps://me:pw@a.example/rss\n\nfeed://b.example/rss\nnone://x\nwords\n")
    left_out = ["  Note: it has no xmlUrl", "  Old: 'gopher:x' is no http(s) address"]
    with loopback({"/list": saying(outlines)}) as site:
        monkeypatch.setenv("STAYAHEAD_FETCH_EXCEPTIONS", f"127.0.0.1:{site.port}")
        names = [str(tmp_path / "list.opml"), str(tmp_path / "list.opml.gz"), site.url("/list", host="127.0.0.1")]
        for name, new in zip(names, (2, 0, 0), strict=True):
            assert main(["sources", "import", name, *data]) == 0
            lines = capsys.readouterr().out.splitlines()
            assert lines == [f"{name}: 2 feeds, {new} of them new, these left out:", *left_out]
    assert main(["sources", "import", str(tmp_path / "list.txt"), *data]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("list.txt: 2 feeds, 2 of them new, these left out:")
    assert lines[1:] == ["  none://x: no http(s) address", "  words: no http(s) address"]
    assert main(["sources", "export", "--with-logins", *data]) == 0
    assert "https://me:pw@a.example/rss" in capsys.readouterr().out
    assert main(["sources", "import", str(tmp_path / "cut.opml.gz"), *data]) == 1
    assert "cut.opml.gz: the gzip is cut short" in capsys.readouterr().err
    assert main(["sources", "import", str(tmp_path / "none.opml"), *data]) == 3
    assert "none.opml" in capsys.readouterr().err


@pytest.mark.parametrize("when", ["arrival", "day", "end"])
def test_cluster_prints_one_line_per_article(tmp_path: Path, capsys: pytest.CaptureFixture[str], when: str) -> None:
    path = tmp_path / "archive.tsv.gz"
    path.write_bytes(gzip.compress((HEADER + ROWS).encode()))
    assert main(["cluster", str(path), "--when", when]) == 0
    output = capsys.readouterr()
    stories = dict(line.split("\t") for line in output.out.splitlines())
    assert stories["a"] == stories["b"] != stories["c"]
    assert "3 articles" in output.err


def test_cluster_never_reads_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outputs = []
    for labels in (("x", "x", "y"), ("1", "2", "3")):
        path = tmp_path / "archive.tsv"
        rows = [line.rsplit("\t", 1)[0] for line in ROWS.splitlines()]
        path.write_text(HEADER + "".join(f"{row}\t{label}\n" for row, label in zip(rows, labels, strict=True)))
        assert main(["cluster", str(path)]) == 0
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1]


@pytest.mark.parametrize("name", ["dataset.dev.json", "dataset.dev.jsonl", "dataset.dev.json.gz"])
def test_cluster_scores_an_archive_with_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    lines = (
        ("a", "10:00", "eng", "Earthquake hits coast of Calverra near Almena", "Q"),
        ("d", "12:00", "eng", "Parliament votes on a cap for rents in Norhaven", "R"),
        ("b", "11:00", "eng", "Strong earthquake off Calverra coast near Almena", "Q"),
        ("c", "11:30", "deu", "Hallenbad nach fünf Jahren Umbau wieder geöffnet", "H"),
        ("e", "12:30", "deu", "Brücke über die Elbe bleibt bis Montag gesperrt", "H"),
    )
    rows = [
        {"id": id_, "date": f"2014-11-20 {at}:00", "lang": lang, "title": title, "text": "", "cluster": label}
        for id_, at, lang, title, label in lines
    ]
    path = tmp_path / name
    body = "\n".join(map(json.dumps, rows)) if name.endswith("l") else json.dumps(rows)
    path.write_bytes(gzip.compress(body.encode()) if name.endswith(".gz") else body.encode())
    assert main(["cluster", str(path), "--when", "end"]) == 0
    output = capsys.readouterr()
    stories = dict(line.split("\t") for line in output.out.splitlines())
    assert stories["a"] == stories["b"]
    assert len(set(stories.values())) == 4
    assert "out of order: 1 older than the one before" in output.err
    table = {line.split()[0]: line.split()[1:] for line in output.err.splitlines()[-4:]}
    assert table["en"] == ["3", "2", "2", *["100.00"] * 6]
    assert table["de"] == ["2", "1", "2", "100.00", "50.00", "66.67", "100.00", "0.00", "0.00"]
    assert table["all"][:3] == ["5", "3", "4"]
    assert main(["cluster", str(path), "--when", "end", "--sort"]) == 0
    output = capsys.readouterr()
    assert [line.split("\t")[0] for line in output.out.splitlines()] == ["a", "b", "c", "d", "e"]
    assert "out of order" not in output.err


def test_an_archive_that_says_no_language_is_told_by_its_texts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = (
        (
            "a",
            "",
            "Le pont du port reste fermé",
            "Le pont restera fermé jusqu'à l'automne, a dit la ville.",
        ),
        (
            "b",
            "",
            "Harbour bridge closed",
            "The bridge over the harbour will be closed until autumn, it said.",
        ),
        ("c", "deu", "Brücke", "The text of this row is English, and its archive knows better than we do."),
    )
    path = tmp_path / "archive.jsonl"
    path.write_text(
        "\n".join(
            json.dumps({"id": id_, "lang": lang, "title": title, "text": text, "cluster": id_})
            for id_, lang, title, text in rows
        )
    )
    with open_archive(path) as dated:
        assert [each.row.language for each in dated] == ["fr", "en", "de"]
    assert main(["cluster", str(path)]) == 0
    assert {line.split()[0] for line in capsys.readouterr().err.splitlines()[-4:]} == {"de", "en", "fr", "all"}


def test_a_broken_archive_is_named_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "archive.tsv"
    path.write_text("title\turl\nx\ty\n")
    assert main(["cluster", str(path)]) == 1
    assert "archive.tsv" in capsys.readouterr().err
    cut = tmp_path / "cut.tsv.gz"
    cut.write_bytes(gzip.compress((HEADER + ROWS).encode())[:-20])
    assert main(["cluster", str(cut)]) == 1
    assert "cut.tsv.gz" in capsys.readouterr().err


def test_import_export_check_backup_restore(
    tmp_path: Path, data: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "archive.tsv"
    path.write_text(HEADER + ROWS)
    assert main(["import", str(path), *data]) == 0
    assert "3 new articles" in capsys.readouterr().out
    assert main(["import", str(path), *data]) == 0
    assert "0 new articles" in capsys.readouterr().out
    assert main(["check", *data]) == 0
    capsys.readouterr()
    out = tmp_path / "all.jsonl"
    assert main(["export", "--out", str(out), *data]) == 0
    assert out.read_text().count("Harbour bridge closed for repairs until autumn") >= 1
    copy = tmp_path / "copy.db"
    assert main(["backup", str(copy), *data]) == 0
    assert main(["backup", str(copy), *data]) == 1
    assert "is there already" in capsys.readouterr().err
    assert main(["restore", str(copy), *data]) == 1
    assert "--replace" in capsys.readouterr().err
    assert main(["restore", str(copy), "--replace", *data]) == 0
    assert main(["restore", str(tmp_path / "absent.db"), "--replace", *data]) == 3
    assert main(["check", *data]) == 0


def test_a_command_that_ends_logs_what_was_asked_for_and_else_only_warnings(
    tmp_path: Path, data: tuple[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "archive.tsv"
    path.write_text(HEADER + ROWS)
    assert main(["import", str(path), *data]) == 0
    assert capsys.readouterr().err == ""
    assert main(["import", str(path), "--log-format", "json", "--log-level", "info", *data]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["event"] for line in lines] == ["recovered", "desk_started", "desk_stopped"]
    assert (lines[0]["way"], lines[0]["updates"], lines[0]["number"]) == ("snapshot", 0, 3)
    monkeypatch.setenv("STAYAHEAD_LOG_LEVEL", "loud")
    assert main(["import", str(path), *data]) == 1
    assert "option log_level: 'loud' is none of debug, info, warning, error" in capsys.readouterr().err


def test_replay_keeps_to_its_own_database(
    tmp_path: Path, data: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "archive.tsv"
    path.write_text(HEADER + ROWS)
    assert main(["replay", str(path), "--exit", *data]) == 0
    assert "3 articles" in capsys.readouterr().err
    assert main(["check", *data]) == 0
    assert main(["replay", str(path), "--exit", *data]) == 1
    assert "a folder of its own" in capsys.readouterr().err


def test_a_warc_file_is_an_archive_too(
    tmp_path: Path, data: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        "<p>The harbour bridge was closed on Monday for repairs that will last until autumn, the council said.</p>" * 4
    )
    page = (
        f"<html><head><title>Bridge closed</title></head><body><article><h1>Bridge closed</h1>{text}</article></body>"
    )
    records = (
        record(page.encode(), url="https://a.example/1"),
        record(b"<html><body></body></html>", url="https://a.example/empty"),
        record(page.encode(), url="https://b.example/1", packed=True),
    )
    path = tmp_path / "CC-NEWS-20300304.warc.gz"
    path.write_bytes(b"".join(gzip.compress(each) for each in records))
    assert main(["cluster", str(path)]) == 0
    assert [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()] == [
        "https://a.example/1",
        "https://b.example/1",
    ]
    assert main(["import", str(path), *data]) == 0
    output = capsys.readouterr()
    assert "2 new articles" in output.out
    assert "record 2: left out: https://a.example/empty" in output.err
    assert main(["export", *data]) == 0
    assert '"Bridge closed"' in capsys.readouterr().out
    assert main(["replay", str(path), "--exit", "--data", str(tmp_path / "other")]) == 0
    assert "2 articles" in capsys.readouterr().err
    path.write_bytes(path.read_bytes()[:-20])
    assert main(["import", str(path), "--data", str(tmp_path / "third")]) == 1
    assert "CC-NEWS-20300304.warc.gz, after" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["bomb.tsv.gz", "bomb.jsonl.gz", "bomb.warc.gz"])
def test_a_compressed_archive_costs_no_more_than_its_caps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = tmp_path / name
    start = b"id\ttitle\n" if "tsv" in name else b""
    path.write_bytes(gzip.compress(start + b"\r\n" * 20_000_000))
    assert main(["cluster", str(path)]) == 1
    assert "more than 200 times" in capsys.readouterr().err


def test_a_damaged_database_and_a_taken_port_are_one_clear_line(
    tmp_path: Path, data: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(data[1])
    folder.mkdir()
    (folder / "stayahead.db").write_bytes(b"this is no database" * 500)
    for words in (["check"], ["run"], ["sources", "list"]):
        assert main([*words, *data]) == 1
        output = capsys.readouterr().err
        assert "stayahead.db" in output
        assert output.count("\n") == 1
    assert main(["run", "--host", "203.0.113.9", "--port", "1", "--data", str(tmp_path / "other")]) == 1
    assert "choose another with --host or --port" in capsys.readouterr().err


def test_options_prints_a_template(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["options"]) == 0
    assert "# port = 8400" in capsys.readouterr().out
