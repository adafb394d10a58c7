"""Archives: columns by name, no csv quoting, errors that name the line."""

from datetime import UTC, datetime

import pytest

from stayahead.errors import ArchiveError
from stayahead.parse.archive import MAX_LINE_BYTES, ArchiveRow, read_rows


def rows(body: str, name: str = "a.tsv") -> list[ArchiveRow]:
    return list(read_rows(iter(body.encode().splitlines(keepends=True)), name=name))


def test_columns_are_found_by_name_and_labels_are_never_read() -> None:
    body = (
        "story\tarrival\tTitle\tid\turl\tpublisher\tlanguage\tmore\n"
        'S1\t2026-11-22T10:00:00Z\t"Quoted" he said, "twice\t7\thttps://a.example/1\tThe A\tEN\tx\r\n'
        "\n"
        "S2\t\tNext \t8\t\t\t\t\n"
    )
    assert rows(body) == [
        ArchiveRow(
            line=2,
            id="7",
            title='"Quoted" he said, "twice',
            url="https://a.example/1",
            publisher="The A",
            language="en",
            arrival=datetime(2026, 11, 22, 10, tzinfo=UTC),
        ),
        ArchiveRow(line=4, id="8", title="Next"),
    ]


def test_texts_may_say_new_lines_and_titles_keep_their_backslashes() -> None:
    (row,) = rows("id\ttitle\ttext\n1\tC:\\new\tOne\\n\\nTwo\\tthree\n")
    assert row.title == "C:\\new"
    assert row.text == "One\n\nTwo\tthree"


def test_published_stands_in_for_arrival() -> None:
    first, second = rows("id\ttitle\tpublished\n1\ta\tSun, 22 Nov 2026 10:00:00 GMT\n2\tb\tsome day\n")
    assert first.arrival == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert second.arrival is None


def test_jsonl_with_texts_numbers_and_other_members() -> None:
    body = (
        '{"id": 12, "title": "A\\u2028b", "text": "one\\ntwo", "arrival": 1795341600, "label": {"x": 1}}\n'
        '{"title": "second", "id": "x", "url": null, "arrival": 1795341600.25}\n'
    )
    first, second = rows(body, "b.JSONL.gz")
    assert (first.id, first.title, first.text) == ("12", "A b", "one\ntwo")
    assert first.arrival == second.arrival == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert second.url == ""
    assert [row.id for row in rows(body, "b.ndjson")] == ["12", "x"]


def test_rows_come_one_at_a_time() -> None:
    def lines() -> object:
        yield b"id\ttitle\n"
        yield b"1\ta\n"
        raise AssertionError("read too far")

    read = read_rows(lines(), name="x.tsv")  # type: ignore[arg-type] # a generator that ends in an error
    assert next(read).id == "1"


@pytest.mark.parametrize(
    ("body", "name", "what"),
    [
        ("", "a.tsv", "line 1: the file is empty"),
        ("id\ttext\n1\tx\n", "a.tsv", "line 1: the header has no column 'title'"),
        ("id\ttitle\n1\ta\tb\n", "a.tsv", "line 2: 3 columns where the header has 2"),
        ("id\ttitle\n1\n", "a.tsv", "line 2: 1 columns"),
        ("id\ttitle\n\ta\n", "a.tsv", "line 2: the row has no id"),
        ("id\ttitle\tarrival\n1\ta\tsoon\n", "a.tsv", "line 2: 'soon' is no time"),
        ('{"id": 1}\nnope\n', "a.jsonl", "line 2: Expecting value"),
        ("[1]\n", "a.jsonl", "line 1: not a JSON object"),
        ("[" * 100_000 + "\n", "a.jsonl", "line 1: JSON nested without end"),
        ("x" * (MAX_LINE_BYTES + 1), "a.jsonl", "line 1: the line is longer"),
        ("id\ttitle\n", "a.csv", "the kind of archive is not known"),
    ],
)
def test_what_cannot_be_read_names_file_line_and_remedy(body: str, name: str, what: str) -> None:
    with pytest.raises(ArchiveError, match=what) as caught:
        rows(body, name)
    assert str(caught.value).startswith(name)
    assert ";" in str(caught.value)


def test_bytes_that_are_no_utf8_name_their_line() -> None:
    with pytest.raises(ArchiveError, match=r"a\.tsv, line 2: the line is not UTF-8"):
        list(read_rows(iter([b"\xef\xbb\xbfid\ttitle\n", b"1\t\xff\n"]), name="a.tsv"))


BENCHMARK = (
    '{"id": "1", "date": "2014-11-20 12:00:00", "lang": "eng", "title": "A", "text": "one", "cluster": "a1"}\n'
    '{"id": 2, "date": "2014-11-20T13:00:00Z", "lang": "deu", "title": "B", "text": "", "cluster": 17}\n'
)


@pytest.mark.parametrize("name", ["dataset.test.json", "dataset.test.jsonl"])
def test_the_benchmark_is_recognised_by_its_fields(name: str) -> None:
    assert rows(BENCHMARK, name) == [
        ArchiveRow(
            line=1,
            id="1",
            title="A",
            text="one",
            language="en",
            label="a1",
            arrival=datetime(2014, 11, 20, 12, tzinfo=UTC),
        ),
        ArchiveRow(
            line=2, id="2", title="B", language="de", label="17", arrival=datetime(2014, 11, 20, 13, tzinfo=UTC)
        ),
    ]


def test_our_own_columns_go_before_the_benchmark_s() -> None:
    (row,) = rows(
        '{"id": "1", "title": "A", "arrival": 1795341600, "date": "2014-11-20", "language": "pt-BR", "lang": "eng"}\n',
        "a.jsonl",
    )
    assert row.arrival == datetime.fromtimestamp(1795341600, tz=UTC)
    assert row.language == "pt-br"
