from __future__ import annotations

import pytest

from stayahead.store import sql


def test_blocks_are_cut_at_their_names() -> None:
    text = "-- a comment\n\n-- name: one\nSELECT 1;\n\n-- name: two\nSELECT\n  2;\n"
    assert sql.parse(text) == {"one": "SELECT 1;", "two": "SELECT\n  2;"}


def test_a_block_may_use_an_earlier_one() -> None:
    text = "-- name: columns\na, b\n-- name: all\nSELECT @columns@ FROM t;"
    assert sql.parse(text)["all"] == "SELECT a, b FROM t;"


def test_a_block_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        sql.parse("-- name: all\nSELECT @columns@ FROM t;")


def test_every_file_of_the_package_is_read() -> None:
    for name in ("commit", "articles", "stories", "sources", "search", "forgetting", "check"):
        assert sql.blocks(f"{name}.sql")


def test_migrations_are_in_order_of_their_numbers() -> None:
    assert len(sql.migrations()) >= 1
    assert "CREATE TABLE meta" in sql.migrations()[0]
