"""The scorers of pages and feeds, and how readers are run side by side, on cases of our own."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.rates import rates
from eval import feeds, pages, side_by_side
from eval.bootstrap import Figure
from eval.feed_readers import READERS
from eval.samples import Outcome, Sample, in_half

RSS = b"""<rss><channel><title>News</title><link>http://a.example/</link><item><title>Ferry &amp;amp; port</title>
<link>http://a.example/1</link><guid>1</guid>
<author>ann@a.example (Ann Lee)</author><description>&lt;p&gt;Said&lt;/p&gt;
</description><pubDate>Thu, 26 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>"""


def article(**labels: object) -> Sample:
    return Sample(**{"name": "x", "kind": "article", "url": "", "body": b"", "text": ""} | labels)  # type: ignore[arg-type]  # labels of a case


def test_words_are_counted_as_often_as_they_stand() -> None:
    assert pages.word_f1("a b b", "b b a") == 1.0
    assert pages.word_f1("a a", "a") == pytest.approx(2 / 3)
    assert pages.word_f1("a", "b") == 0.0
    assert pages.word_f1("", "") == 1.0


def test_shingles_are_of_four_words() -> None:
    assert pages.shingle_counts("a b c d e", "a b c d") == (0.5, 0.0, 0.5)
    assert pages.shingle_counts("a b", "a b") == (1.0, 0.0, 0.0)
    assert pages.shingle_counts("", "") == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("label", "authors", "right"),
    [
        ("Ann Lee and Bo Kim", ("Bo Kim", "Ann Lee"), True),
        ("Ann Lee", ("Ann Lee", "Bo Kim"), True),
        ("Ann Lee", ("Ann Lee", "Bo Kim", "Cy Day"), False),
        ("Ann Lee", ("Ann",), False),
        ("Ann Lee", (), False),
    ],
)
def test_an_author_is_right_by_its_words(label: str, authors: tuple[str, ...], *, right: bool) -> None:
    assert pages.is_author(label, authors) is right


def test_a_date_is_right_to_the_day_beside_it() -> None:
    assert pages.is_date("2026-11-26", datetime(2026, 11, 27, 3, tzinfo=UTC))
    assert not pages.is_date("2026-11-26", datetime(2026, 11, 28, 3, tzinfo=UTC))
    assert not pages.is_date("2026-11-26", None)


def test_a_row_holds_what_is_labelled_and_asked_for() -> None:
    sample = article(text="one two", title="Ferry", date="2026-11-26", wanted=("ONE, two", "x"), unwanted=("three",))
    row = pages.row_of(sample, Outcome(text="one two three", title="ferry"), facts=("title", "author", "date"))
    assert row == {
        "article_word_f1": (pytest.approx(0.8), 1.0),
        "wanted": (1.0, 2.0),
        "unwanted": (1.0, 1.0),
        "title": (1.0, 1.0),
        "date": (0.0, 1.0),
    }
    assert "title" not in pages.row_of(sample, Outcome(), facts=())
    assert list(pages.row_of(article(kind="forum"), Outcome(), facts=("title",))) == ["forum_word_f1"]


def test_a_real_paragraph_among_the_comments_is_lost_also_inside_a_longer_one() -> None:
    said = "The council will put its ferry line to a vote in June."
    other = "The port stays shut until the middle of next week."
    sample = article(text=f"{said}\n{other}\nshort\n{'-' * 50}")
    lost = Outcome(text=other, comments=(f"A reader\n{said}\nmore",))
    assert pages.gates_row(sample, lost) == {"judged_spam": (0.0, 2.0), "lost_to_gates": (1.0, 2.0)}
    quoted = Outcome(text=f"{said}\n{other}", comments=(said,))
    assert pages.gates_row(sample, quoted)["lost_to_gates"] == (0.0, 2.0)
    spam = article(text="cheap pills " * 20)
    assert pages.gates_row(spam, Outcome())["judged_spam"] == (1.0, 1.0)
    assert pages.gates_row(article(kind="forum", text=said), lost) == {}


def test_the_halves_hold_about_as_much() -> None:
    halves = [in_half(f"{number:04}") for number in range(1000)]
    assert set(halves) == {"a", "b"}
    assert 450 < halves.count("a") < 550


@pytest.mark.parametrize("reader", ["ours", "feedparser"])
def test_readers_of_feeds_name_fields_alike(reader: str) -> None:
    expected = {"feed.title": "News", "feed.link": "http://a.example/", "0.title": "Ferry & port", "0.id": "1"}
    expected |= {"0.link": "http://a.example/1", "0.author": "Ann Lee", "0.body": "Said", "1.title": ""}
    case = feeds.Case(kind="ours", file="x", body=RSS, expected=expected | {"0.time": 1795687200})
    row = feeds.row_of(case, feeds.values_of(case, READERS[reader]))
    assert row["ours_fields"] == (9.0, 9.0)
    assert row["ours_title"] == (3.0, 3.0)


def test_a_library_that_raises_is_shown_and_reads_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    def fail(item: str) -> str:
        return {"b": "B"}[item]

    def fail_always(_item: str) -> str:
        raise ModuleNotFoundError

    figure = Figure(name="same", columns=("same",))
    results = {
        "ours": side_by_side.measure("ab", str, lambda item, said: {"same": (float(item == said), 1.0)}, empty=""),
        "theirs": side_by_side.measure("ab", fail, lambda item, said: {"same": (float(item == said), 1.0)}, empty=""),
        "absent": side_by_side.measure("ab", fail_always, lambda *_: {"same": (0.0, 1.0)}, empty=""),
    }
    (found,) = side_by_side.compared([figure], results, title="letters")
    assert (found.ours.value, found.others) == (1.0, {"theirs": 0.0})
    shown = capsys.readouterr().out
    assert "theirs: raised KeyError on 1" in shown
    assert "absent: raised ModuleNotFoundError on all" in shown
    assert side_by_side.scores_of([found]) == {"same": 1.0, "same_over_theirs": 1.0, "same_over_best": 1.0}


def test_readers_run_apart_and_only_ours_must_not_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "trial_of_two.py").write_text(
        "import sys, os\n"
        "from eval import side_by_side\n"
        "reader = sys.argv[2]\n"
        "print('what a library prints')\n"
        "if reader in sys.argv[3:]: os.abort()\n"
        "result = side_by_side.measure('ab', str, lambda item, said: {'x': (1.0, 2.0)}, empty='')\n"
        "side_by_side.hand_over(result)\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{side_by_side.ROOT}")
    results = side_by_side.measured_apart("trial_of_two", ["ours", "theirs"], "theirs")
    assert results["ours"].rows == [{"x": (1.0, 2.0)}] * 2
    assert results["theirs"].gave_up
    with pytest.raises(RuntimeError, match="ours failed"):
        side_by_side.measured_apart("trial_of_two", ["ours", "theirs"], "ours")


def test_rates_show_who_read_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    def fail(item: int) -> None:
        raise ImportError(item)

    found = rates({"ours": lambda n: sum(range(n)), "theirs": fail}, [20_000] * 50, steps={}, rounds=1, unit="sums")
    assert found["ours"] > 0
    assert found["theirs"] == 0.0
    assert "read nothing, raised ImportError on 50" in capsys.readouterr().out


def test_the_other_libraries_are_not_needed_to_test() -> None:
    assert "newspaper" not in sys.modules
    assert "fastfeedparser" not in sys.modules
