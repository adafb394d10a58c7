"""What a later version of a report changed, judged as the labels have it, and the laws of judging."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stayahead.analyze.amendment import FACTS_MOST, Amendment, FactChange, Severity, amendment
from stayahead.model import Block, BlockKind, Page, PageKind

LABELS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data/revisions/cases.json").read_text("utf-8"))
NOTES = {"correction": "corrected", "clarification": "clarified", "withdrawn": "withdrawn", "": None}


def page(text: str, language: str) -> Page:
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for line in text.split("\n") if line)
    return Page(kind=PageKind.ARTICLE, blocks=blocks, language=language)


def judged(before: str, after: str, *, language: str = "en") -> Amendment:
    return amendment(page(before, language), page(after, language), title_before="A title", title_after="A title")


@pytest.mark.parametrize("case", LABELS["cases"] + LABELS["moving"], ids=lambda case: str(case["name"]))
def test_labelled_revisions(case: dict[str, Any]) -> None:
    base = LABELS["texts"][case["text"]]
    text = base["text"]
    for old, new in case.get("edits", []):
        assert old in text
        text = text.replace(old, new)
    text = case.get("whole", text)
    title = case.get("titles", [base["title"]])[0]
    language = base["language"]
    found = amendment(page(base["text"], language), page(text, language), title_before=base["title"], title_after=title)
    told = (found.severity.value, [[each.what, each.before, each.after] for each in found.facts], found.note)
    assert told == (case["severity"], case["facts"], NOTES[case["note"]])


WORDS = "The council of Ashdale met on Monday to vote on the new harbour, and 14 members were there."


def test_an_equal_text_changed_nothing() -> None:
    assert judged(WORDS, WORDS) == Amendment(severity=Severity.NONE)


def test_a_change_read_backwards_is_the_same_change_the_other_way() -> None:
    there = judged(WORDS, WORDS.replace("14", "16"))
    back = judged(WORDS.replace("14", "16"), WORDS)
    assert there.severity is back.severity is Severity.FACT
    assert [(each.before, each.after) for each in there.facts] == [(each.after, each.before) for each in back.facts]


def test_a_report_about_a_correction_is_none() -> None:
    body = "\n".join(
        [WORDS] * 4 + ["The ministry said that an earlier version of this report was wrong."] + [WORDS] * 8
    )
    assert judged(WORDS, body).note is None


def test_a_note_that_was_there_before_is_not_told_again() -> None:
    noted = f"{WORDS}\nCorrection: An earlier version of this article gave another day."
    assert judged(WORDS, noted).note == "corrected"
    assert judged(noted, noted.replace("14", "16")) == Amendment(
        severity=Severity.FACT, facts=(FactChange("figure", "14", "16", WORDS, WORDS.replace("14", "16")),)
    )


def test_a_table_of_figures_that_all_change_is_bounded() -> None:
    rows = [f"Row of the town number {n} stands at {n * 7} points today." for n in range(2_000)]
    later = [row.replace("points", "marks").replace("7", "9") for row in rows]
    found = judged("\n".join(rows), "\n".join(later))
    assert len(found.facts) <= FACTS_MOST
