"""Which text bytes are: marks, UTF-8, header, declaration, guess."""

import pytest

from stayahead.charset import decode


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_decides(encoding: str) -> None:
    assert decode("Größe 5 €".encode(encoding), declared="iso-8859-1") == "Größe 5 €"


def test_valid_utf8_wins_over_what_is_declared() -> None:
    assert decode("naïve €".encode(), declared="iso-8859-1") == "naïve €"


def test_the_header_wins_over_the_document() -> None:
    body = '<?xml version="1.0" encoding="koi8-r"?>Ελλάδα'.encode("iso-8859-7")
    assert decode(body, declared="iso-8859-7").endswith("Ελλάδα")


@pytest.mark.parametrize(
    ("head", "encoding", "word"),
    [
        ('<?xml version="1.0" encoding="windows-1251"?>', "cp1251", "Новости"),
        ("<?xml version='1.0' encoding='big5'?>", "big5", "新聞"),
        ('<html><meta charset="gb2312">', "gb18030", "新闻"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=EUC-JP">', "euc_jp", "新聞"),
        ('<?xml version="1.0" encoding="iso-2022-jp"?>', "iso2022_jp", "新聞"),
        ('<?xml version="1.0" encoding="latin-1"?>', "cp1252", "“€5”"),
        ('<?xml version="1.0" encoding="us-ascii"?>', "cp1252", "é"),
    ],
)
def test_the_document_declares(head: str, encoding: str, word: str) -> None:
    assert decode((head + word).encode(encoding)) == head + word


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_shows_by_its_zeros(encoding: str) -> None:
    assert decode("<rss>ä</rss>".encode(encoding)) == "<rss>ä</rss>"


def test_utf8_with_single_bytes_pasted_in_is_read_as_both() -> None:
    body = b'<?xml version="1.0" encoding="utf-8"?>' + "äöü ".encode() * 5 + b"\x93quoted\x94"
    assert decode(body).endswith("äöü “quoted”")


def test_a_guess_where_nothing_is_said() -> None:
    text = "Сегодня в городе открылась новая библиотека, сообщает мэрия. " * 5
    assert decode(text.encode("cp1251")) == text


@pytest.mark.parametrize(
    "label",
    ["", "nonsense", "utf-7", "punycode", "idna", "unicode_escape", "zlib", "base64", "\x00", "utf-16", "x" * 999],
)
def test_no_label_breaks_it(label: str) -> None:
    assert decode(b"plain \xe9", declared=label) == "plain é"


def test_every_byte_becomes_something() -> None:
    assert len(decode(bytes(range(256)))) > 0
    assert decode(b"") == ""
