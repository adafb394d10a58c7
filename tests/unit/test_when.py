"""Dates in all dialects, and what is no date."""

from datetime import UTC, datetime, timedelta

import pytest

from stayahead.when import EARLIEST, parse_date, plausible

NEW_YEAR = datetime(2004, 1, 1, 19, 48, 21, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Thu, 01 Jan 2004 19:48:21 GMT",
        "thu, 1 JAN 2004 19:48:21 gmt",
        "Thursday, 01-Jan-04 19:48:21 UTC",
        "01 Jan 04 14:48:21 EST",
        "Thu, 01 Jan 2004 19:48:21",
        "Thu, 01 Jan 2004 19:48:21 Z",
        "Thu, 01 Jan 2004 21:48:21 +0200 (EET)",
        "Thu, 01 Jan 2004 11:48:21 PST",
        "Fri, 02 Jan 2004 04:48:21 KST",
        "Thu, 01 Jan 2004 19:48:21 Nowhere",
        "  Thu,\n 01  January 2004\t19:48:21   +0000 ",
        "Thu Jan  1 19:48:21 2004",
        "Thu Jan 1 19:48:21 UTC 2004",
        "January 1, 2004 7:48:21 PM",
        "Jan 1st, 2004 at 2:48:21 p.m. EST",
        "2004-01-01T19:48:21Z",
        "2004-01-01t19:48:21z",
        "2004-01-01T20:48:21+01:00",
        "2004-01-01T20:48:21+0100",
        "2004-01-01 19:48:21",
        "2004-01-01 19:48:21 +0000",
        "2004-01-01 14:48:21 EST",
        "2004/01/01 19:48:21",
        "Thu, 01 Jan 2004 14:48:21 America/New_York",
        "2004-01-01 14:48:21 America/New_York",
        "2004-01-02T04:48:21[Asia/Tokyo]",
        "2004-01-01T20:48:21+01:00[Europe/Paris]",
        "Thu, 01 Jan 2004 14:48:21 Eastern Standard Time",
        "Thu, 01 Jan 2004 14:48:21 Eastern Time",
        "Thu, 01 Jan 2004 20:48:21 (Central European Standard Time)",
        "Thu, 01 Jan 2004 16:48:21 PMST",
        "20040101T194821Z",
        "1072986501",
        "1072986501000",
        "Do, 1. Januar 2004 19:48:21",
        "1 janvier 2004 à 19:48:21",
        "1 января 2004 19:48:21",
    ],
)
def test_dialects(text: str) -> None:
    assert parse_date(text) == NEW_YEAR


def test_daylight_saving_is_that_of_the_day() -> None:
    assert parse_date("1 Jul 2004 12:00 America/New_York") == datetime(2004, 7, 1, 16, tzinfo=UTC)
    assert parse_date("1 Jul 2004 12:00 Eastern Time") == datetime(2004, 7, 1, 16, tzinfo=UTC)
    assert parse_date("1 Jul 2004 12:00 Eastern Daylight Time") == datetime(2004, 7, 1, 16, tzinfo=UTC)
    assert parse_date("1 Jul 2004 7:00 Amerika") == datetime(2004, 7, 1, 7, tzinfo=UTC)  # no a.m. and no zone


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2004-02-13", datetime(2004, 2, 13, tzinfo=UTC)),
        ("20040213", datetime(2004, 2, 13, tzinfo=UTC)),
        ("2004-02", datetime(2004, 2, 1, tzinfo=UTC)),
        ("2004-044", datetime(2004, 2, 13, tzinfo=UTC)),
        ("13 Feb 2004", datetime(2004, 2, 13, tzinfo=UTC)),
        ("13/02/2004", datetime(2004, 2, 13, tzinfo=UTC)),
        ("02/13/2004", datetime(2004, 2, 13, tzinfo=UTC)),
        ("3.2.2004", datetime(2004, 2, 3, tzinfo=UTC)),
        ("2004-02-13T09:07:05.25-03:30", datetime(2004, 2, 13, 12, 37, 5, 250000, tzinfo=UTC)),
        ("13. Februar 2004, 10:30 Uhr", datetime(2004, 2, 13, 10, 30, tzinfo=UTC)),
        ("sexta-feira, 13 de fevereiro de 2004", datetime(2004, 2, 13, tzinfo=UTC)),
        ("vendredi 1er août 2008 à 10:30", datetime(2008, 8, 1, 10, 30, tzinfo=UTC)),
        ("13 lipca 2004 10:30 CEST", datetime(2004, 7, 13, 8, 30, tzinfo=UTC)),
        ("13. července 2004", datetime(2004, 7, 13, tzinfo=UTC)),
        ("13 червня 2004", datetime(2004, 6, 13, tzinfo=UTC)),
        ("5 мая 2023 г., 10:20", datetime(2023, 5, 5, 10, 20, tzinfo=UTC)),
        ("2004年2月13日 10:30", datetime(2004, 2, 13, 10, 30, tzinfo=UTC)),
        ("2004년 2월 13일", datetime(2004, 2, 13, tzinfo=UTC)),
        ("13 فبراير 2004", datetime(2004, 2, 13, tzinfo=UTC)),
        ("Fri, 13 Feb 2004 24:00:00 GMT", datetime(2004, 2, 14, tzinfo=UTC)),
        ("Fri, 13 Feb 2004 23:59:60 GMT", datetime(2004, 2, 14, tzinfo=UTC)),
        ("Fri, 13 Feb 2004 12:00 AM GMT", datetime(2004, 2, 13, tzinfo=UTC)),
        ("Fri, 13 Feb 2004 05:30:00 IST", datetime(2004, 2, 13, tzinfo=UTC)),
        ("13 Feb 99 00:00 GMT", datetime(1999, 2, 13, tzinfo=UTC)),
        ("Mon, 13 Feb 2004 10:30 GMT", datetime(2004, 2, 13, 10, 30, tzinfo=UTC)),  # a Friday: the date counts
        ("13 février 2004 à 10h30", datetime(2004, 2, 13, 10, 30, tzinfo=UTC)),
        ("13.2.2004, 10.30 Uhr", datetime(2004, 2, 13, 10, 30, tzinfo=UTC)),
        ("13 февраля 2004 в 10:30 МСК", datetime(2004, 2, 13, 7, 30, tzinfo=UTC)),
        ("2004년 2월 13일 오후 3:30", datetime(2004, 2, 13, 15, 30, tzinfo=UTC)),
        ("2004년 2월 13일 오전 3시 5분", datetime(2004, 2, 13, 3, 5, tzinfo=UTC)),
        ("2004年2月13日 下午12:30", datetime(2004, 2, 13, 12, 30, tzinfo=UTC)),
        ("2004年2月13日（金）午後3時30分", datetime(2004, 2, 13, 15, 30, tzinfo=UTC)),
        ("١٣ فبراير ٢٠٠٤", datetime(2004, 2, 13, tzinfo=UTC)),
        ("13 ก.พ. 2547", datetime(2004, 2, 13, tzinfo=UTC)),
        ("2004-02-13T10:30:00+01:00[Europe/Paris]", datetime(2004, 2, 13, 9, 30, tzinfo=UTC)),
        ("2004-02-13 10:30:00.123456789 +0100", datetime(2004, 2, 13, 9, 30, 0, 123456, tzinfo=UTC)),
        ("20040213103000", datetime(2004, 2, 13, 10, 30, tzinfo=UTC)),
        ("1076668200.25", datetime(2004, 2, 13, 10, 30, tzinfo=UTC)),
    ],
)
def test_forms_that_say_less_or_more(text: str, at: datetime) -> None:
    assert parse_date(text) == at


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2004",
        "soon",
        "yesterday",
        "2 hours ago",
        "vor 3 Stunden",
        "hace 2 días",
        "3 часа назад",
        "2時間前",
        "today, 10:30",
        "2004-W07-5",
        "2004-W07-5T10:30:00Z",
        "Fri, 13 Feb 2004 10:30:61 GMT",
        "Fri, 13 Feb 2004 10:60 GMT",
        "令和6年2月14日",
        "02/03/2004",
        "Tue, 30 Feb 2021 00:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "1970-01-01T00:00:00Z",
        "0000000000",
        "0001-01-01T00:00:00Z",
        "9999-99-99T00:00:00Z",
        "Fri, 13 Feb 2004 00:00:00 +9900",
        "Fri, 13 Feb 2004 48:00:00 GMT",
        "9999-12-31T23:59:59-23:00",
        "1 2 3 4 5 6 7 8 9 of the many words that stand in a sentence and are not meant to be a date at all",
        "\x00\x01\x02\x03\x04\x05\x06",
        "x" * 100_000,
    ],
)
def test_what_says_no_time(text: str) -> None:
    assert parse_date(text) is None


MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "es, short": "ene. feb. mar. abr. may. jun. jul. ago. sept. oct. nov. dic.",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "fr, short": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "de, Austria": "Jänner Feber März April Mai Juni Juli August September Oktober November Dezember",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "nl, short": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "uk, short": "січ лют бер кві тра чер лип сер вер жов лис гру",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "ar, Levant": "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول",
    "ar, Maghreb": "جانفي فيفري مارس أفريل مايو جوان جويلية أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "hi": "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta "
    "marraskuuta joulukuuta",
    "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "el": "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου "
    "Δεκεμβρίου",
    "bg": "януари февруари март април май юни юли август септември октомври ноември декември",
    "sr": "januar februar mart april maj jun jul avgust septembar oktobar novembar decembar",
}


@pytest.mark.parametrize("language", MONTHS)
def test_the_months_of_the_large_languages_come_from_the_table(language: str) -> None:
    for number, month in enumerate(MONTHS[language].split(), start=1):
        name = month.replace("_", " ")
        for text in (f"14 {name} 2024 10:30", f"14 {name} 2024"):
            at = parse_date(text, localised=False)
            assert at is not None, text
            assert (at.year, at.month, at.day) == (2024, number, 14), text


def test_a_dot_tells_croatian_october_from_polish_november() -> None:
    assert parse_date("14. listopada 2024.", localised=False) == datetime(2024, 10, 14, tzinfo=UTC)
    croatian = "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca"
    for number, name in enumerate(croatian.split(), start=1):
        at = parse_date(f"14. {name} 2024. 10:30", localised=False)
        assert at is not None
        assert at.month == number


def test_the_costly_last_resort_can_be_left_out() -> None:
    text = "ngày 14 tháng 2 năm 2024"
    assert parse_date(text) == datetime(2024, 2, 14, tzinfo=UTC)
    assert parse_date(text, localised=False) is None


def test_common_forms_are_read_without_it() -> None:
    for text in ("January 1, 2004 7:48:21 PM", "Thursday, January 1, 2004 19:48:21", "Thu,01 Jan 2004 19:48:21"):
        assert parse_date(text, localised=False) == NEW_YEAR


def test_plausible_is_neither_before_the_web_nor_after_now() -> None:
    assert plausible(NOW, now=NOW) == NOW
    assert plausible(NOW + timedelta(minutes=59), now=NOW) is not None
    assert plausible(NOW + timedelta(minutes=61), now=NOW) is None
    assert plausible(EARLIEST - timedelta(seconds=1), now=NOW) is None
    assert plausible(None, now=NOW) is None


@pytest.mark.parametrize("text", ["29 กุมภาพันธ์ 2568", "29 ก.พ. 2568", "29/02/2568", "29 Feb 2568"])
def test_a_day_that_is_none_in_the_common_era_is_no_date(text: str) -> None:
    assert parse_date(text) is None
