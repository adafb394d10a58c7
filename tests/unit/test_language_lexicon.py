"""The files of the languages: their form, what their keys may be, and what the modules get from them."""

from __future__ import annotations

import ast
import random
import re
import shutil
import subprocess
import sys
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import Stemmer

from stayahead.errors import LexiconError
from stayahead.language import code
from stayahead.language.lexicon import (
    PURPOSES,
    by_letter,
    either,
    languages,
    marked,
    numbers,
    tables,
    texts,
    union,
    words_by_language,
)
from stayahead.language.lexicon.form import read_sections
from stayahead.text import fold

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "stayahead"
FOLDER = SOURCE / "language" / "lexicon"
GUIDE = (ROOT / "docs" / "guide" / "languages.md").read_text("utf-8")
FILES = sorted(FOLDER.glob("*.toml"))
OF_NONE = "mul"
SOURCES = {path: path.read_text("utf-8") for path in SOURCE.rglob("*.py") if path.parent != FOLDER}
ISO_639_1 = """
aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja
jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb
nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq
sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
of_each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def _raw(path: Path) -> dict[str, dict[str, Any]]:
    return tomllib.loads(path.read_text("utf-8"))


def _keys(path: Path) -> Iterator[tuple[str, Any]]:
    for section, keys in _raw(path).items():
        for key, value in keys.items():
            yield f"{section}.{key}", value


def _entries(purpose: str, value: str) -> list[str]:
    """The words, the patterns, or the phrases with the keys of a table."""
    match PURPOSES[purpose].form:
        case "words":
            return value.split()
        case "patterns":
            return value.splitlines()
        case "table":
            return [entry for line in value.splitlines() for entry in re.split(r": | \| ", line)]
    return [value]


def test_no_module_holds_words_of_other_languages() -> None:
    """Letters that English does not have, three in a row: words. What is left is letters, clocks and countries."""
    expected = {
        "analyze/spelling.py",  # Cyrillic and kana in Latin letters
        "analyze/stems.py",  # endings that folding has changed
        "language/detector.py",  # characters that tell Chinese from Japanese
        "extract/facts/live.py",  # what stands between hours and minutes
        "analyze/dateline.py",  # how a Chinese dateline is built
        "when.py",  # Moscow's time
        "timezones.py",  # Moscow's time
        "serve/names.py",  # countries, in English
    }
    found: set[str] = set()
    for path, text in SOURCES.items():
        tree = ast.parse(text)
        said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
                if node.value.isascii():
                    continue
                written = ast.get_source_segment(text, node) or ""  # ranges of scripts are written as escapes
                if any(not word.isascii() for word in re.findall(r"[^\W\d_]{3,}", written)):
                    found.add(path.relative_to(SOURCE).as_posix())
    assert found == expected


def test_a_language_is_added_in_one_file(tmp_path: Path) -> None:
    example = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)[0]
    shutil.copytree(SOURCE, tmp_path / "stayahead", ignore=shutil.ignore_patterns("__pycache__"))
    new = tmp_path / "stayahead" / "language" / "lexicon" / "cy.toml"
    assert not new.exists()
    new.write_text(example, "utf-8")
    program = """if True:
        import sys
        sys.path.insert(0, sys.argv[1])
        from stayahead.extract.body.boilerplate import is_comment_heading
        from stayahead.extract.facts.bylines import authors_of
        from stayahead.language.short import reweigh
        print(is_comment_heading("Gadael sylw"), *authors_of(["gan Ann Lee"]))
        print(reweigh("mae pleidlais ar y bont", [("en", 0.4), ("cy", 0.3)])[0][0])
    """
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines() == ["True Ann Lee", "cy"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"[writing]", b"[stop]\nwords = 'x'\n[writing]", r"lexicon/de\.toml: Cannot declare \('stop',\) twice .*line"),
        (b"[stop]", b"[stop", r"lexicon/de\.toml: .*line"),
        ("ß".encode(), b"\xdf", r"lexicon/de\.toml: byte \d+ is no UTF-8; save"),
        (b"[stop]", b"[stopp]", r"lexicon/de\.toml, \[stopp\] words: there is no such key; see docs"),
        (b"stemmer =", b"stemer =", r"lexicon/de\.toml, \[writing\] stemer: there is no such key"),
        (b"[writing]", b"stop_words = 'x'\n[writing]", r"lexicon/de\.toml, \[stop_words\]: is no table"),
        (b"[writing]", b"[forums]\n[writing]", r"lexicon/de\.toml, \[forums\]: is no table with keys"),
        (b"capital_nouns = true", b"capital_nouns = false", r"capital_nouns: leave it out"),
        (b"capital_nouns = true", b"capital_nouns = 1", r"capital_nouns: 1 is no mark"),
        (b"12: dutzend", b"dutzend", r"\[numbers\] multiples: the line 'dutzend' is not `KEY"),
    ],
)
def test_a_broken_file_is_one_error_that_names_it(tmp_path: Path, old: bytes, new: bytes, said: str) -> None:
    assert re.search(said, _read_changed(tmp_path, lambda content: content.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (b'"(a"', r"'\(a' does not close"),
        (b'"[a"', r"'\[a' does not close"),
        (b'"a)"', r"'a\)' does not close"),
        (b"5", "5 is no text of patterns"),
        (b"['a']", r"\['a'\] is no text of patterns"),
        (b'""', "is empty"),
        (b'"a\\n\\nb"', "a pattern is empty"),
    ],
)
def test_a_value_that_nobody_can_use_is_one_error_that_names_its_key(tmp_path: Path, value: bytes, said: str) -> None:
    told = _read_changed(tmp_path, lambda _: b"[comments]\nheadings = " + value)
    assert re.search(rf"lexicon/de\.toml, \[comments\] headings: .*{said}", told)


def test_an_empty_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    assert "lexicon/de.toml: the file is empty" in _read_changed(tmp_path, lambda _: b"# German\n")


def test_parentheses_that_open_nothing_need_not_close() -> None:
    assert read_sections("x.toml", rb"comments.headings = 'a\(|[(\]]|[]\(]b(c)'")


def _read_changed(folder: Path, change: Callable[[bytes], bytes]) -> str:
    """What is said of a copy of the files in which the German one is changed."""
    copy = folder / "lexicon"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("__pycache__"))
    path = copy / "de.toml"
    before = path.read_bytes()
    path.write_bytes(change(before))
    assert path.read_bytes() != before
    others = [each for each in copy.glob("*.toml") if each != path]
    assert all(read_sections(each.name, each.read_bytes()) for each in others)
    with pytest.raises(LexiconError) as caught:
        read_sections(path.name, path.read_bytes())
    return str(caught.value)


@of_each_file
def test_a_file_is_named_by_a_language_that_the_detector_can_name(path: Path) -> None:
    if path.stem != OF_NONE:
        assert path.stem in ISO_639_1.split()
        assert code(path.stem) == path.stem


@of_each_file
def test_a_file_is_composed_utf_8_and_says_which_language_it_is(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert text.startswith("# ")
    assert text.endswith("\n")
    assert not re.search("[\t\r\ufeff\u00a0]| $", text, re.MULTILINE)


@of_each_file
def test_keys_are_known_and_stand_in_the_order_of_the_table(path: Path) -> None:
    purposes = [purpose for purpose, _ in _keys(path)]
    assert purposes == [purpose for purpose in PURPOSES if purpose in purposes]


@of_each_file
def test_values_have_the_form_of_their_purpose(path: Path) -> None:
    for purpose, value in _keys(path):
        match PURPOSES[purpose].form:
            case "mark":
                assert value is True, purpose
            case "number":
                assert isinstance(value, float), purpose
            case "text":
                assert isinstance(value, str), purpose
                assert "\n" not in value, purpose
            case "words":
                assert value.split(), purpose
            case "patterns":
                lines = value.splitlines()
                assert lines, purpose
                assert all(line == line.strip() != "" for line in lines), purpose
            case "table":
                assert re.fullmatch(r"(?:[^|:\n]+: [^|:\n]+(?: \| [^|:\n]+)*\n?)+", value), purpose


@of_each_file
def test_nothing_stands_twice_in_a_list(path: Path) -> None:
    for purpose, value in _keys(path):
        form = PURPOSES[purpose].form
        if form == "table":
            rows = [line.partition(": ") for line in value.splitlines()]
            assert len({key for key, _, _ in rows}) == len(rows), purpose
            lists = [phrases.split(" | ") for _, _, phrases in rows]
        elif form in ("words", "patterns"):
            lists = [_entries(purpose, value)]
        else:
            lists = [list(value)] if purpose in ("writing.alphabet", "writing.own_letters") else []
        for entries in lists:
            twice = [entry for entry, times in Counter(entries).items() if times > 1]
            # A dash says that a month has no beginning of its own.
            assert twice in ([], ["-"]), (purpose, twice)


@of_each_file
def test_words_are_lower_where_their_purpose_says_so(path: Path) -> None:
    for purpose, value in _keys(path):
        if not PURPOSES[purpose].is_lower or not isinstance(value, str):
            continue
        for entry in _entries(purpose, value):
            plain = re.sub(r"\\.", "", entry) if PURPOSES[purpose].form == "patterns" else entry
            assert plain == plain.lower(), (purpose, entry)


@of_each_file
def test_patterns_compile_capture_nothing_and_match_something(path: Path) -> None:
    for purpose, value in _keys(path):
        if PURPOSES[purpose].form != "patterns":
            continue
        for line in value.splitlines():
            # A parenthesis in a class would be taken for a group.
            assert not re.search(r"(?<!\\)\[[^\]]*\(", line), (purpose, line)
        for pattern in words_by_language(purpose)[path.stem]:
            compiled = re.compile(pattern, re.IGNORECASE)
            assert compiled.groups == 0, (purpose, pattern)
            assert not compiled.search(""), (purpose, pattern)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_purpose_has_a_language_a_reader_and_a_row_in_the_guide(purpose: str) -> None:
    form, words, _ = PURPOSES[purpose]
    section, _, key = purpose.partition(".")
    assert any(key in _raw(path).get(section, {}) for path in FILES)
    assert any(f'"{purpose}"' in text or f"'{purpose}'" in text for text in SOURCES.values())
    assert f"| `{purpose}` | {form} | {words} |" in GUIDE


def test_the_guide_has_a_row_for_nothing_else() -> None:
    rows = re.findall(r"^\| `(\w+\.\w+)` \|", GUIDE, re.MULTILINE)
    assert rows == list(PURPOSES)


def test_languages_come_in_the_order_of_their_codes() -> None:
    assert list(languages()) == [path.stem for path in FILES]
    assert list(words_by_language("stop.words")) == sorted(words_by_language("stop.words"))


def test_files_are_found_as_data_of_the_package() -> None:
    found = {file.name for file in files("stayahead.language.lexicon").iterdir() if file.name.endswith(".toml")}
    assert found == {path.name for path in FILES}


def test_a_union_holds_each_word_once_in_the_order_of_the_languages() -> None:
    assert {"de", "es", "pt"} < set(words_by_language("bylines.by"))
    by = union("bylines.by")
    assert len(by) == len(set(by))
    assert by.index("von") < by.index("by") < by.index("por") < by.index("oleh")


def test_a_blank_of_a_pattern_is_any_white_space_and_its_groups_catch_nothing() -> None:
    assert words_by_language("comments.headings")["da"] == ("kommentarer", r"skriv\s(?:en\s)?kommentar")
    assert words_by_language("furniture.lines")["de"][-1] == "anzeige|werbung"
    assert r"\(c\)" in "".join(words_by_language("furniture.lines")["en"])


def test_words_are_escaped_in_an_expression_and_patterns_are_not() -> None:
    assert either("sentences.abbreviations", among=("it",)) == "dott|sig"
    assert r"u\.s" in either("sentences.abbreviations").split("|")
    assert either("bylines.by", "bylines.by_or_else", among=("it", "pt")) == "di|por|da"
    assert either("forums.small_print").startswith(r"last\sedited\b.*|")


def test_an_expression_of_no_words_never_matches() -> None:
    assert not re.search(either("bylines.by", among=()), "by nobody")
    assert not re.search(either("bylines.by", among=()), "")


def test_a_purpose_is_asked_for_in_its_form() -> None:
    with pytest.raises(LookupError, match=r"bylines\.bye"):
        union("bylines.bye")
    with pytest.raises(LookupError, match="form text"):
        texts("bylines.by")
    with pytest.raises(LookupError, match="form table"):
        tables("stop.words")


def test_marks_and_numbers_are_those_of_the_files() -> None:
    assert {"ja", "ko", "th", "zh"} <= marked("writing.unspaced") <= marked("writing.caseless")
    assert {"ar", "hi", "he"} <= marked("writing.caseless") <= marked("writing.not_latin")
    assert numbers("detection.rarer")["ms"] == 1.0
    assert texts("writing.alphabet")["en"] == ""


def test_months_are_twelve_and_begin_as_dates_compare_them() -> None:
    months: dict[str, set[int]] = defaultdict(set)
    for starts in words_by_language("dates.month_starts").values():
        assert len(starts) == 12
        for number, several in enumerate(starts, start=1):
            for start in several.split(","):
                months[start].add(number)
    del months["-"]
    for start, meant in months.items():
        assert len(meant) == 1, start
        assert 3 <= len(start) <= 7, start
    for table in tables("dates.month_names").values():
        assert set(map(int, table)) <= set(range(1, 13))


def test_a_scale_means_the_same_wherever_it_is_said() -> None:
    scales: dict[str, set[int]] = defaultdict(set)
    for table in tables("numbers.scales").values():
        for scale, words in table.items():
            for word in words:
                scales[word].add(int(scale))
    assert scales["mil"] == {1_000}
    assert [word for word, meant in scales.items() if len(meant) > 1] == []


def test_a_name_is_one_agency_s() -> None:
    agencies: dict[str, set[str]] = defaultdict(set)
    for table in tables("credits.agencies").values():
        for agency, names in table.items():
            for name in names:
                agencies[fold(name)].add(agency)
    assert [name for name, meant in agencies.items() if len(meant) > 1] == []
    assert set(tables("credits.agencies")[OF_NONE]) >= {agency for meant in agencies.values() for agency in meant}


def test_places_are_countries_and_cities_of_the_cldr() -> None:
    lines = (SOURCE / "analyze" / "data" / "places.tsv").read_text("utf-8").splitlines()
    known = {(language, place) for language, place, _ in (line.split("\t") for line in lines)}
    assert {(language, place) for language, table in tables("places.names").items() for place in table} <= known


def test_a_star_stands_behind_the_beginning_of_a_word_for_victims() -> None:
    for purpose in ("casualties.dead", "casualties.hurt", "casualties.missing"):
        for word in union(purpose):
            # Shorter beginnings are not looked for.
            assert re.fullmatch(r"[^\W\d_]+|[^\W\d_]{4,}\*", word), word


def test_stemmers_and_neighbours_exist() -> None:
    assert set(texts("writing.stemmer").values()) <= set(Stemmer.algorithms())
    for neighbour in texts("detection.taken_for").values():
        assert neighbour in tables("places.names")


def test_an_alphabet_holds_the_letters_that_speak_for_its_language() -> None:
    alphabets = texts("writing.alphabet")
    for language, letters in texts("writing.own_letters").items():
        if language in alphabets:
            assert {letter for letter in letters if letter.isalpha()} <= set(alphabets[language]), language


@pytest.mark.parametrize(
    "alternatives",
    ["news|nav|(?:old|new)er|lead", r"a|ab|b|a\|b|a?c|[|a]b|cd(?:e|f)g|\wx|cd", "", "a", "(?:a|b)", "x{2}y|xy|yy"],
)
def test_alternatives_by_letter_find_the_same(alternatives: str) -> None:
    grouped = re.compile(by_letter(alternatives))
    plain = re.compile(alternatives)
    chance = random.Random(1)
    for _ in range(500):
        text = "".join(chance.choices("abcdefgxy|newslav", k=12))
        assert grouped.findall(text) == plain.findall(text)


def test_every_list_of_phrases_can_be_put_together_by_letter() -> None:
    for purpose in ("spam.phrases", "comments.names", "consent.uses", "paywall.phrases", "furniture.lines"):
        grouped, plain = re.compile(by_letter(either(purpose))), re.compile(either(purpose))
        for words in words_by_language(purpose).values():
            text = " ".join(word.replace("\\s", " ") for word in words)
            assert grouped.findall(text) == plain.findall(text)
