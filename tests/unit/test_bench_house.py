"""The figures of the house, counted in a house of three files whose figures are plain to see."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.house import figures, kinds_of_updates, match_sites, read, report

MODEL = '''"""Stories: what happens to one."""

CHANGES: dict[str, type] = {"opened": Opened, "merged": Merged}
"""Every kind."""
'''
LEDGER = '''"""Ledger: updates go in; rows
come out.

More of it."""

# A comment.
found = 1  # and one that shares its line


def told(change, given):
    """One line."""
    match change:
        case Opened(article_id=found):
            log.info("opened", extra={"article": found})
        case Merged() | Closed():
            log.exists()
            event(log, logging.INFO, "merged", article=found)
    return isinstance(change, Opened | Merged) or isinstance(change, str) or change.kind in ("merged", "closed")
'''
ENGINE = '''"""Engine: decides."""


def short(update):
    return isinstance(update.change, Merged)
'''


@pytest.fixture
def house(tmp_path: Path) -> Path:
    parts = {"model/stories.py": MODEL, "store/ledger.py": LEDGER, "stories/engine.py": ENGINE}
    for name, text in parts.items():
        path = tmp_path / "src" / "stayahead" / name
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text("x = 1\n" * 13, "utf-8")
    (tmp_path / "ARCHITECTURE.md").write_text("# One\n\ntwo  three\n", "utf-8")
    return tmp_path


def test_each_figure_counts_what_its_name_says(house: Path) -> None:
    assert figures(house) == {
        "modules": 3,
        "lines": 27,
        "functions": 2,
        "function_median": 2,
        "function_p90": 9,
        "function_max": 9,
        "test_over_code": pytest.approx(13 / 27),
        "architecture_words": 4,
        "comment_percent": pytest.approx(100 / 27),
        "docstring_percent": pytest.approx(100 * 8 / 27),
        "formula_modules": 1,
        "named_found": 1,
        "named_given": 1,
        "named_said": 0,
        "match_sites": 4,
        "log_calls": 2,
    }


def test_a_match_in_the_model_or_the_engine_is_the_work_itself(house: Path) -> None:
    sources = read(house / "src" / "stayahead")
    assert kinds_of_updates(sources) == {"opened": "Opened", "merged": "Merged"}
    assert match_sites(sources) == [("store/ledger.py", 4)]


def test_the_report_names_the_longest_first_and_is_the_same_twice(house: Path) -> None:
    lines = list(report(house))
    assert lines == list(report(house))
    start = lines.index("longest functions:")
    assert lines[start + 1 : start + 3] == ["     9 store/ledger.py: told", "     2 stories/engine.py: short"]
    assert lines[-1] == "     4 store/ledger.py"
