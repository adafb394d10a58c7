"""Languages: what is sure, what is told by its script, what a hint decides, what stays open."""

import pytest

from stayahead.language import code, detect

TEXTS = {
    "en": "The council will put its ferry line to a vote in June, the mayor said on Tuesday.",
    "de": "Der Stadtrat wird im Juni über die Fähre abstimmen lassen, sagte die Bürgermeisterin am Dienstag.",
    "fr": "Le conseil soumettra la ligne de ferry à un vote en juin, a déclaré la maire mardi.",
    "es": "El consejo someterá la línea de transbordador a votación en junio, dijo la alcaldesa el martes.",
    "ru": "Городской совет вынесет вопрос о пароме на голосование в июне, сказала мэр во вторник.",
    "id": "Dewan kota akan mengadakan pemungutan suara tentang jalur feri pada bulan Juni, kata wali kota.",
    "zh": "市长星期二表示，市议会将在六月就渡轮航线举行公开投票，此前双方争论了两年之久。",
    "ar": "قالت رئيسة البلدية يوم الثلاثاء إن المجلس سيطرح خط العبارات للتصويت في يونيو.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_sentence_tells_its_language(language: str) -> None:
    assert detect(TEXTS[language]) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [("市長が会見しました", "ja"), ("시장이 말했다", "ko"), ("นายกเทศมนตรี", "th"), ("Ο δήμαρχος", "el")],
)
def test_a_script_of_one_language_tells_it_even_when_short(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "Ferry", "12:30", "!!! ???", "https://courier.example/a/very/long/address/here"])
def test_too_little_tells_nothing(text: str) -> None:
    assert detect(text) == ""


def test_a_hint_never_outvotes_a_sure_text() -> None:
    assert detect(TEXTS["de"], hint="en") == "de"


def test_a_mixed_text_is_left_open_until_a_hint_names_one_of_its_languages() -> None:
    mixed = "The Bürgermeister said der Stadtrat will vote"
    assert detect(mixed) == ""
    assert detect(mixed, hint="fr") == ""
    assert detect(mixed, hint="de-AT") == "de"
    assert detect(mixed, hint="en") == "en"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("pt-BR", "pt"),
        ("en_US", "en"),
        ("EN", "en"),
        ("in", "id"),
        ("nb", "no"),
        ("", ""),
        ("x-klingon", ""),
        ("eng", ""),
    ],
)
def test_codes(tag: str, expected: str) -> None:
    assert code(tag) == expected
