"""Languages: what is sure, what is told by its script, what a hint decides, what stays open."""

from pathlib import Path

import pytest

from stayahead.language import code, detect

DATA = Path(__file__).parents[1] / "data" / "language"

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


def headlines(name: str) -> list[tuple[str, str]]:
    language, found = "", []
    for line in (DATA / name).read_text("utf-8").splitlines():
        if line.startswith("["):
            language = line[1:-1]
        elif not line.startswith("#"):
            found.append((language, line))
    return found


@pytest.mark.parametrize(("name", "right", "wrong"), [("tuned.txt", 0.93, 0.01), ("unseen.txt", 0.88, 0.05)])
def test_short_headlines_of_eighteen_languages_tell_theirs_or_nothing(name: str, right: float, wrong: float) -> None:
    given = headlines(name)
    assert len({language for language, _ in given}) == 18
    said = [(language, detect(title)) for language, title in given]
    assert sum(told == language for language, told in said) >= right * len(given)
    assert sum(told not in {language, ""} for language, told in said) <= wrong * len(given)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Прем'єр їде до Києва", "uk"),
        ("Премьер едет в Киев", "ru"),
        ("Премиерът отива в Киев", "bg"),
        ("Premier diz que não vai sair", "pt"),
        ("El premier dice que no se va", "es"),
        ("Kementerian: rumah sakit butuh listrik", "id"),
        ("Polis tahan lelaki kerana curi wang", "ms"),
        ("國會通過預算，總統說不", "zh"),
        ("国会、予算案が成立", "ja"),
        ("駅前広場で火災", "ja"),
        ("日銀追加利下げ検討", "ja"),
        ("وزیراعظم نے کہا ہے", "ur"),
        ("نخست‌وزیر چه گفت", "fa"),
        ("रेल्वे बंद आहे", "mr"),
        ("ראש הממשלה מתפטר", "he"),
        ("প্রধানমন্ত্রীর পদত্যাগ", "bn"),
        ("Björk wins over the judges", "en"),
    ],
)
def test_neighbours_are_told_apart(text: str, language: str) -> None:
    assert detect(text) == language


def test_characters_that_both_write_are_left_open_unless_a_hint_says_whose_they_are() -> None:
    assert detect("首相辞任") == ""
    assert detect("首相辞任", hint="ja") == "ja"
    assert detect("首相辞任", hint="zh-TW") == "zh"
    assert detect("首相辞任", hint="en") == ""


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
