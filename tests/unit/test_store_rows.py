from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from stayahead.model import Block, BlockKind, Page, Publisher, Signals, Term
from stayahead.store import rows


@given(st.datetimes(timezones=st.just(UTC)))
def test_times_come_back_exactly(at: datetime) -> None:
    assert rows.moment(rows.micros(at)) == at


def test_a_time_of_another_zone_is_the_same_time() -> None:
    at = datetime(2026, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=2)))
    assert rows.moment(rows.micros(at)) == at
    assert rows.month_of(at) == 202602


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        rows.micros(datetime(2026, 3, 1))  # noqa: DTZ001  # the point


@pytest.mark.parametrize(("month", "after"), [(202602, 202603), (202612, 202701)])
def test_months_follow_each_other(month: int, after: int) -> None:
    assert rows.month_after(month) == after
    assert rows.month_of(rows.month_start(after) - timedelta(microseconds=1)) == month


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_article_numbers_are_in_order_of_time(one: datetime, other: datetime) -> None:
    if one <= other:
        assert rows.first_number(one) <= rows.first_number(other)
    assert rows.first_number(one) >= 0


def test_numbers_fit_into_the_file_for_two_hundred_years() -> None:
    assert rows.first_number(datetime(2226, 1, 1, tzinfo=UTC)) < 1 << 63


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_text_without_surrogates_can_be_written_and_good_text_is_left_alone(text: str) -> None:
    clean = rows.without_surrogates(text)
    clean.encode("utf-8")
    assert len(clean) == len(text)  # links and claims are places in it
    if not any("\ud800" <= character <= "\udfff" for character in text):
        assert clean == text


def test_scrubbing_reaches_into_values() -> None:
    page = Page(title="a\ud800", blocks=(Block(kind=BlockKind.QUOTATION, text="b\udfff"),))
    clean = rows.without_surrogates(page)
    assert "\ud800" not in clean.title
    assert "\udfff" not in clean.blocks[0].text
    assert clean.blocks[0].kind is BlockKind.QUOTATION


def test_signals_are_written_under_the_names_of_the_file() -> None:
    signals = Signals(language="fr", shared_keys=(Term(text="c:FR", weight=2.0),), vector=b"\x01", vector_model="m")
    blob = rows.signals_blob(signals, zstandard.ZstdCompressor())
    written = msgspec.msgpack.decode(zstandard.ZstdDecompressor().decompress(blob))
    assert written["keys"] == [{"text": "c:FR", "weight": 2.0}]
    assert [*written] == [{"shared_keys": "keys"}.get(each.name, each.name) for each in fields(Signals)]
    assert rows.read_signals(blob) == signals


def test_signals_stored_before_there_were_vectors_are_read_as_having_none() -> None:
    found = rows.read_signals(rows.compressed({"language": "en", "shingles": 7}, zstandard.ZstdCompressor()))
    assert (found.language, found.shingles, found.vector, found.vector_model) == ("en", 7, b"", "")


def test_a_voice_is_written_as_before_there_were_feeds_that_pass_on() -> None:
    paper = Publisher(domain="paper.example", name="The Paper", country="SE")
    written = '{"domain":"paper.example","name":"The Paper","owner":"","country":"SE","language":"","kind":"unknown"%s}'
    assert rows.publisher_json(paper) == written % ""  # another text would be a second row
    via = Publisher(domain="paper.example", name="The Paper", country="SE", passes_on=True)
    assert rows.publisher_json(via) == written % ',"passes_on":true'
    assert [rows.read_publisher(rows.publisher_json(each)) for each in (paper, via)] == [paper, via]
