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


@pytest.mark.parametrize("header", ["ISO-8859-1", "windows-1252", "us-ascii"])
def test_latin_1_is_what_servers_say_that_know_nothing(header: str) -> None:
    for encoding, word in (("cp1251", "Новости"), ("euc_kr", "뉴스"), ("iso8859-9", "Şehir çatısı"), ("big5", "新聞")):
        page = f'<html><meta charset="{encoding}"><p>{word}</p></html>'
        assert decode(page.encode(encoding), declared=header) == page
    assert decode('<meta charset="utf-16"><p>café</p>'.encode("cp1252"), declared=header).endswith("<p>café</p>")
    assert decode("<p>café</p>".encode("cp1252"), declared=header) == "<p>café</p>"


def test_a_wrong_header_yields_to_a_declaration_that_fits() -> None:
    page = '<html><meta charset="shift_jis"><p>市議会は橋を閉鎖</p></html>'
    assert decode(page.encode("shift_jis"), declared="utf-8") == page


def test_a_declaration_after_long_scripts_is_found_before_we_guess() -> None:
    page = f'<html><script>{"var a = 1;" * 3000}</script><meta charset="iso-8859-2"><p>Žluťoučký kůň</p></html>'
    assert decode(page.encode("iso8859-2")) == page


UNDECLARED = {
    "gb18030": "市议会周二投票决定关闭旧港大桥进行维修，工程师在四个桥墩中的两个发现裂缝。",
    "big5": "市議會週二投票決定關閉舊港大橋進行維修，工程師在四個橋墩中的兩個發現裂縫。",
    "shift_jis": "市議会は火曜日、古い港の橋を修理のため閉鎖することを決めた。",
    "euc_jp": "市議会は火曜日、古い港の橋を修理のため閉鎖することを決めた。",
    "euc_kr": "시의회는 화요일에 낡은 항구 다리를 수리하기 위해 폐쇄하기로 했다.",
    "koi8-r": "Городской совет во вторник решил закрыть старый портовый мост на ремонт.",
    "cp1251": "Городской совет во вторник решил закрыть старый портовый мост на ремонт.",
    "iso8859-2": "Městská rada v úterý rozhodla o uzavření starého mostu v přístavu kvůli opravám.",
    "cp1250": "Rada miasta zdecydowała o zamknięciu mostu. Żółć gęślą jaźń, mówi burmistrz w środę.",
    "iso8859-9": "Belediye meclisi salı günü eski liman köprüsünü onarım için kapatma kararı aldı.",
    "cp1253": "Το δημοτικό συμβούλιο αποφάσισε την Τρίτη να κλείσει την παλιά γέφυρα.",
    "cp1255": "מועצת העיר החליטה ביום שלישי לסגור את גשר הנמל הישן לתיקונים.",
    "cp1256": "قرر مجلس المدينة يوم الثلاثاء إغلاق جسر الميناء القديم للإصلاح.",
    "cp1252": "Le conseil a décidé mardi de fermer le vieux pont du port. “C’est nécessaire”, a déclaré l’élue.",
    "tis-620": "สภาเมืองลงมติเมื่อวันอังคารให้ปิดสะพานท่าเรือเก่าเพื่อซ่อมแซม",
}


@pytest.mark.parametrize("encoding", UNDECLARED)
def test_a_page_that_declares_nothing_is_guessed(encoding: str) -> None:
    page = f"<html><head><title>News</title></head><body><a href=/>Home</a><p>{UNDECLARED[encoding]}</p></body></html>"
    body = page.encode(encoding)
    assert decode(body) == body.decode(encoding)


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


@pytest.mark.parametrize("declared", ["", "utf-8", "iso-8859-1", "windows-1252"])
@pytest.mark.parametrize("stray", [b"\xe9", b"\x93ok\x94", b"\xed\xa0\xbd\xed\xb8\x80", b"\xed\xa0\xbd", b"\xe2\x82"])
def test_a_broken_byte_makes_no_latin_of_utf8(declared: str, stray: bytes) -> None:
    for word in ("Größere Schäden, Brücke", "Мост в гавани"):
        assert decode(f"<p>{word} ".encode() + stray + b"</p>", declared=declared).startswith(f"<p>{word} ")


def test_two_halves_are_the_character_that_they_were_cut_of() -> None:
    assert decode("größer überall ".encode() + b"\xed\xa0\xbd\xed\xb8\x80 \xed\xa0\xbd.") == "größer überall 😀 �."


def test_latin_with_a_pair_that_could_be_utf8_stays_latin() -> None:
    text = "Ã© is what é becomes; déjà vu, élève, naïve"
    assert decode(text.encode("cp1252"), declared="iso-8859-1") == text
