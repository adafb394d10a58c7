"""The style sheet and the scripts: contrast by WCAG 2.1, four sizes, no foreign address, no sink for markup, small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import stayahead.serve

STATIC = Path(stayahead.serve.__file__).parent / "static"
STYLE = (STATIC / "style.css").read_text("utf-8")
SCRIPTS = sorted(STATIC.glob("*.js"))
SCHEMES = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{[^}]*\}", STYLE)[:2]]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark"])
@pytest.mark.parametrize("name", ["ink", "soft", "fresh", "alarm"])
def test_every_ink_is_legible_on_its_paper(scheme: dict[str, str], name: str) -> None:
    lighter, darker = sorted((luminance(scheme[name]), luminance(scheme["paper"])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_text_has_four_sizes() -> None:
    screen = STYLE.partition("@media print")[0]
    sizes = set(re.findall(r"font(?:-size)?: (?:\d+ )?(var\(--s\d\)|[\d.]+\w+)", screen))
    assert sizes - {".92em"} == {"var(--s1)", "var(--s2)", "var(--s3)", "var(--s4)"}


def test_the_sheet_honours_what_readers_ask_of_their_browser() -> None:
    for wish in ("prefers-color-scheme: dark", "prefers-reduced-motion: reduce", "@media print", ":focus-visible"):
        assert wish in STYLE


@pytest.mark.parametrize("path", [*SCRIPTS, STATIC / "style.css"], ids=lambda path: path.name)
def test_static_files_call_nobody(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "http:" not in text
    assert "https:" not in text
    assert "@import" not in text
    assert "url(" not in text


def test_scripts_are_few_and_never_write_markup_or_code() -> None:
    text = "".join(path.read_text("utf-8") for path in SCRIPTS)
    assert len(text.splitlines()) <= 460
    for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", ".style."):
        assert sink not in text


def test_no_line_begins_or_ends_with_a_separator() -> None:
    assert '·"; white-space' not in STYLE
    assert "clip-path" in STYLE.partition("\n.pieces {")[2].partition("}")[0]  # cut off where a piece begins a line
    separators = [rule for rule in re.findall(r"[^{}]+\{[^}]*\}", STYLE) if '"·"' in rule]
    assert len(separators) == 2
    assert all("position: absolute" in rule for rule in separators)


def test_a_source_without_a_title_breaks_its_address() -> None:
    assert "overflow-wrap: anywhere" in STYLE.partition(".sources tbody th {")[2].partition("}")[0]


def test_the_page_of_the_search_is_marked_in_the_menu() -> None:
    hidden = re.search(r'([^{}]*\[href[^{}]*"/search"[^{}]*)\{ display: none', STYLE)
    assert hidden is not None
    assert ":not([aria-current])" in hidden[1]
