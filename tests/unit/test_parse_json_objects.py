"""Objects of a JSON file, however it is cut."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stayahead.parse.json_objects import json_objects

OBJECTS = [
    {"id": 1, "title": 'He said: "{[no]}" \\', "more": {"a": [{"b": "\\\\"}]}},
    {"id": 2, "text": "one\ntwo 雨"},
    {},
]
texts = st.dictionaries(
    st.text(max_size=5),
    st.text(max_size=10) | st.lists(st.dictionaries(st.text(max_size=3), st.text(max_size=3)), max_size=2),
    max_size=4,
)


def cut(body: bytes, size: int) -> list[bytes]:
    return [body[at : at + size] for at in range(0, len(body), size)]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    "body",
    [
        json.dumps(OBJECTS).encode(),
        b"\xef\xbb\xbf" + json.dumps(OBJECTS, indent=2, ensure_ascii=False).encode(),
        "\n".join(map(json.dumps, OBJECTS)).encode() + b"\n",
    ],
    ids=["array", "indented", "lines"],
)
def test_an_array_and_lines_have_the_same_objects(body: bytes, size: int) -> None:
    assert [json.loads(one) for one in json_objects(cut(body, size), most=10_000)] == OBJECTS


@given(st.lists(texts, max_size=4), st.integers(1, 20))
def test_what_was_written_is_read(objects: list[object], size: int) -> None:
    body = json.dumps(objects, ensure_ascii=False).encode()
    assert [json.loads(one) for one in json_objects(cut(body, size), most=10_000)] == objects


@given(st.binary(max_size=80), st.integers(1, 9))
def test_any_bytes_end(body: bytes, size: int) -> None:
    assert sum(map(len, json_objects(cut(body, size), most=40))) <= len(body)


def test_what_is_no_object_is_given_out_to_be_refused() -> None:
    assert list(json_objects([b"hello"], most=10)) == [b"hello"]
    assert list(json_objects([b'[{"a":1},x,{"b"'], most=100)) == [b'{"a":1}', b",x,", b'{"b"']


def test_an_object_without_end_is_not_gathered() -> None:
    asked = []

    def chunks() -> Iterator[bytes]:
        for number in range(100):
            asked.append(number)
            yield b'{"a": "' if not number else b"x" * 50

    (one,) = json_objects(chunks(), most=120)
    assert 120 < len(one) < 250
    assert len(asked) < 6
