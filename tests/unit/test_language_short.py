"""Short texts: scripts, small words, letters and hints, tried by what a reader of headlines would say."""

from __future__ import annotations

import unicodedata

import pytest

from stayahead.language import code, detect

OWN_SCRIPTS = {
    "ja": "東京でマラソン",
    "ko": "서울에서 마라톤",
    "th": "กรุงเทพ",
    "el": "Αθήνα σεισμός",
    "hy": "Երևան քաղաք",
    "ka": "თბილისი მერი",
    "he": "ירושלים",
    "bn": "ঢাকা শহর",
    "pa": "ਅੰਮ੍ਰਿਤਸਰ",
    "gu": "અમદાવાદ",
    "ta": "சென்னை",
    "te": "హైదరాబాద్",
    "kn": "ಬೆಂಗಳೂರು",
    "ml": "കൊച്ചി",
    "si": "කොළඹ",
    "lo": "ວຽງຈັນ",
    "my": "ရန်ကုန်",
    "km": "ភ្នំពេញ",
}


@pytest.mark.parametrize("language", OWN_SCRIPTS)
def test_a_script_of_one_language_tells_it_whatever_is_claimed(language: str) -> None:
    text = OWN_SCRIPTS[language]
    assert detect(text) == language
    assert detect(text, hint="en") == language
    # A Latin word or a number beside it changes nothing.
    assert detect(f"K-pop {text} 2026") == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Samsung 삼성 profits rise for the third quarter in a row, and the chip business leads", "en"),
        ("Die Ausstellung über 東京 im Museum wird verlängert, teilte die Stadt am Mittwoch mit", "de"),
    ],
)
def test_a_name_in_another_script_does_not_turn_a_sentence(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        # Neighbours by a letter that only one of them writes, or by their small words.
        ("Regeringen höjer skatten", "sv"),
        ("Regeringen hæver skatten", "da"),
        ("Vláda zvyšuje ceny", "cs"),
        ("Rząd podnosi ceny", "pl"),
        ("Guvernul crește taxele", "ro"),
        ("Hükümet vergiyi artırdı", "tr"),
        ("Governo aumenta os impostos", "pt"),
        ("El gobierno sube los impuestos", "es"),
        ("Il governo alza le tasse", "it"),
        ("Le gouvernement augmente les impôts", "fr"),
        ("Regering verhoogt belasting", "nl"),
        ("Menteri mengatakan harga beras turun", "id"),
        ("Kerajaan naikkan harga beras", "ms"),
    ],
)
def test_a_headline_of_a_few_words_tells_its_language(text: str, language: str) -> None:
    assert detect(text) == language
    assert detect(text, hint="en") == language


@pytest.mark.parametrize("text", ["Zürich sagt Ja", "Le président à Genève après l'élection", "Прем'єр їде до Києва"])
def test_accents_may_be_letters_or_stand_beside_them(text: str) -> None:
    assert detect(unicodedata.normalize("NFD", text)) == detect(unicodedata.normalize("NFC", text)) != ""


@pytest.mark.parametrize("text", ["Premier diz que não vai sair", "El premier dice que no se va"])
def test_capitals_are_no_other_language(text: str) -> None:
    assert detect(text.upper()) == detect(text)


def test_addresses_names_and_numbers_are_no_words_of_a_language() -> None:
    noise = "https://x.example/der-die-das-und-nicht @der_und_die #nicht 2026 "
    assert detect(noise) == ""
    assert detect(noise + "Ferry line to be put to a vote") == "en"
    assert detect("Ferry line to be put to a vote " + noise) == "en"


def test_of_a_long_text_the_start_decides() -> None:
    german = "Der Rat der Stadt stimmte dem Plan am Abend zu. "
    english = "The council of the town agreed to the plan that night. "
    assert detect(german * 30 + english * 300) == "de"
    assert detect(english * 30 + german * 300) == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [("北京", ""), ("国会通过预算", "zh"), ("國會通過預算", ""), ("関東で地震", "ja"), ("NASA", "")],
)
def test_a_few_characters_are_not_guessed_from(text: str, language: str) -> None:
    assert detect(text) == language


def test_old_forms_that_japan_wrote_too_need_a_hint_or_a_word_of_grammar() -> None:
    assert detect("國會通過預算", hint="zh-TW") == "zh"
    assert detect("國會沒通過預算") == "zh"


def test_a_hint_is_believed_only_where_the_text_could_be_it() -> None:
    open_to_both = "首相辞任"
    assert detect(open_to_both) == ""
    assert detect(open_to_both, hint="JA_jp") == "ja"
    assert detect(open_to_both, hint="de") == ""
    assert detect("Ferry", hint="en") == ""
    assert detect("", hint="en") == ""


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        (" de ", "de"),
        ("zh-Hant-TW", "zh"),
        ("iw", "he"),
        ("ji", "yi"),
        ("nn-NO", "no"),
        ("sh", "sr"),
        ("d", ""),
        ("d3", ""),
    ],
)
def test_old_and_long_tags_are_read(tag: str, expected: str) -> None:
    assert code(tag) == expected
