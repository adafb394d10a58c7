"""Laws are tried on the same examples in every `./dev test`, and on what a seed draws in `./dev soak properties`."""

from __future__ import annotations

import pytest
from hypothesis import settings

from soak import properties
from tests.examples import PROFILES, examples


def test_what_is_drawn_here_is_the_same_on_every_run() -> None:
    assert settings().derandomize
    assert examples(60).max_examples == 60
    assert examples(60).derandomize


@pytest.mark.parametrize("name", ["soak", "soak-short"])
def test_in_a_soak_the_seed_alone_decides_what_is_drawn(name: str) -> None:
    profile = settings.get_profile(name)
    assert not profile.derandomize
    assert profile.database is None
    assert f"--hypothesis-profile={name}" in properties.words(name, 7)
    assert "--hypothesis-seed=7" in properties.words(name, 7)


def test_every_law_asks_for_its_share_of_what_the_profile_tries() -> None:
    for path in (properties.ROOT / "tests" / "property").glob("*.py"):
        assert "max_examples" not in path.read_text("utf-8"), f"{path.name}: `@examples` in place of `max_examples`"


def test_the_long_soak_tries_many_more() -> None:
    assert PROFILES["soak"] >= 10 * PROFILES["stayahead"]
    settings.load_profile("soak")
    try:
        assert examples(60).max_examples == 60 * PROFILES["soak"] // PROFILES["stayahead"]
    finally:
        settings.load_profile("stayahead")


def test_what_failed_is_told_with_the_words_that_repeat_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(properties, "words", lambda profile, seed: ["-c", "raise SystemExit(1)", profile, str(seed)])
    assert [line.partition(";")[0] for line in properties.run(short=True, seed=11)] == ["seed 11: pytest ended with 1"]
    assert "seed 11" in capsys.readouterr().out
