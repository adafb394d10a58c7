"""Scores our reading of html pages on two sets labelled by others.

Two sets, each read by us and by other libraries in the same run. `scrapinghub` (news): F1 of 4-word shingles as in
article-extraction-benchmark: counts normalised to 1 a page, precision and recall averaged over pages, F1 of the two
averages. `wcxb` (articles, forums): F1 of word counts, averaged over pages; share of the must-have snippets found and
of the must-not-have ones kept; title, author and date right. The last three rules are ours, and the same for all.

`python -m eval.pages` scores half a of wcxb. Half b (`--half b`) is opened once, when an issue ends.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from eval import corpus, side_by_side
from eval.bootstrap import Figure, Row
from eval.page_readers import FACTS, FORUMS_ONLY, READERS
from eval.samples import Outcome, Sample, news, web
from stayahead.spam import judge
from stayahead.text import tokens

SHINGLE = 4
MIN_PARAGRAPH_CHARS = 40
"""Shortest labelled paragraph of which it is checked whether we would take it for spam or a comment."""
FIGURES = (
    Figure(name="news_shingle_f1", columns=("news_precision", "news_recall")),
    Figure(name="article_word_f1", columns=("article_word_f1",)),
    Figure(name="forum_word_f1", columns=("forum_word_f1",)),
    Figure(name="article_wanted_found", columns=("wanted",)),
    Figure(name="article_unwanted_kept", columns=("unwanted",), is_lower_better=True),
    Figure(name="article_title_right", columns=("title",)),
    Figure(name="article_author_right", columns=("author",)),
    Figure(name="article_date_right", columns=("date",)),
)
_WORD = re.compile(r"\w+")


def row_of(sample: Sample, outcome: Outcome, *, facts: tuple[str, ...]) -> Row:
    """A reader's scores on one page; titles, authors and dates only if they are among the `facts` it is scored on."""
    if sample.kind == "news":
        hits, false, missed = shingle_counts(sample.text, outcome.text)
        return {"news_precision": _ratio(hits, hits + false), "news_recall": _ratio(hits, hits + missed)}
    row = {f"{sample.kind}_word_f1": (word_f1(sample.text, outcome.text), 1.0)}
    if sample.kind != "article":
        return row
    text = squeezed(outcome.text)
    for name, snippets in (("wanted", sample.wanted), ("unwanted", sample.unwanted)):
        row[name] = (float(sum(squeezed(snippet) in text for snippet in snippets)), float(len(snippets)))
    right = {
        "title": bool(sample.title) and tokens(sample.title) == tokens(outcome.title),
        "author": bool(sample.author) and is_author(sample.author, outcome.authors),
        "date": bool(sample.date) and is_date(sample.date, outcome.published),
    }
    labelled = {"title": sample.title, "author": sample.author, "date": sample.date}
    return row | {name: (float(right[name]), 1.0) for name in facts if labelled[name]}


def gates_row(sample: Sample, outcome: Outcome) -> Row:
    """How many labelled paragraphs the judge takes for spam, and how many a gate has put among the comments."""
    if sample.kind == "forum":
        return {}
    paragraphs = paragraphs_of(sample)
    text, aside = f" {squeezed(outcome.text)} ", f" {squeezed(' '.join(outcome.comments))} "
    spam = [paragraph for paragraph in paragraphs if judge(paragraph).is_spam]
    lost = [p for p in paragraphs if f" {squeezed(p)} " in aside and f" {squeezed(p)} " not in text]
    paragraph_count = float(len(paragraphs))
    return {"judged_spam": (float(len(spam)), paragraph_count), "lost_to_gates": (float(len(lost)), paragraph_count)}


def shingle_counts(truth: str, text: str) -> tuple[float, float, float]:
    """True positives, false positives and false negatives of 4-word shingles, as shares of their sum."""
    true_shingles, read_shingles = _shingles(truth), _shingles(text)
    counts = (
        (read_shingles & true_shingles).total(),
        (read_shingles - true_shingles).total(),
        (true_shingles - read_shingles).total(),
    )
    total = sum(counts)
    return (counts[0] / total, counts[1] / total, counts[2] / total) if total else (0.0, 0.0, 0.0)


def word_f1(truth: str, text: str) -> float:
    """F1 of the counts of lower-case words."""
    true_words, read_words = Counter(_WORD.findall(truth.lower())), Counter(_WORD.findall(text.lower()))
    both = (true_words & read_words).total()
    return 2 * both / (true_words.total() + read_words.total()) if both else float(not true_words and not read_words)


def paragraphs_of(sample: Sample) -> list[str]:
    """The labelled paragraphs of some length, in words."""
    lines = (line.strip() for line in sample.text.split("\n"))
    return [line for line in lines if len(line) >= MIN_PARAGRAPH_CHARS and _WORD.search(line)]


def squeezed(text: str) -> str:
    """The words of a text in lower case, one blank between them."""
    return " ".join(_WORD.findall(text.lower()))


def is_author(label: str, authors: tuple[str, ...]) -> bool:
    """Whether the authors hold every word of the label, and at most as many others."""
    label_words = set(tokens(label)) - {"and", "by"}
    author_words = {word for name in authors for word in tokens(name)}
    return bool(label_words) and label_words <= author_words and len(author_words) <= 2 * len(label_words)


def is_date(label: str, published: datetime | None) -> bool:
    """Whether it is the labelled day or the one beside it: labels are local dates, ours are UTC."""
    return published is not None and abs((published.date() - datetime.fromisoformat(label).date()).days) <= 1


def run(data: Path, half: str = "a") -> dict[str, float]:
    """Read both sets with every reader and print the table.

    Returns:
        Ours by figure, its gains on the others (`FIGURE_over_NAME`), and real paragraphs lost to gates per 10,000.
    """
    corpus.require(data, "pages/scrapinghub", "pages/wcxb")
    results = side_by_side.measured_apart("eval.pages", list(READERS), "--half", half, "--data", str(data))
    scores = side_by_side.scores_of(side_by_side.compared(FIGURES, results, title=f"scrapinghub and wcxb half {half}"))
    rows = [row for row in results[side_by_side.OURS].rows if "lost_to_gates" in row]
    paragraph_count = sum(row["lost_to_gates"][1] for row in rows)
    for column in ("judged_spam", "lost_to_gates"):
        lost = sum(row[column][0] for row in rows)
        print(f"{column}: {lost:.0f} of {paragraph_count:.0f} real paragraphs")
        scores[f"{column}_per_10000"] = 10_000 * lost / paragraph_count
    scores["unwanted_kept_of_trafilatura"] = scores["article_unwanted_kept"] / (
        scores["article_unwanted_kept"] + scores["article_unwanted_kept_over_trafilatura"]
    )
    return scores


def _read(reader: str, data: Path, half: str) -> side_by_side.Measured:
    """Score one reader, in this process."""
    side_by_side.offline()
    facts = FACTS.get(reader, ())

    def score(sample: Sample, outcome: Outcome) -> Row:
        row = row_of(sample, outcome, facts=facts)
        return {**row, **gates_row(sample, outcome)} if reader == side_by_side.OURS else row

    if reader not in FORUMS_ONLY:
        return side_by_side.measure(_samples(data, half), READERS[reader], score, empty=Outcome())
    result = side_by_side.measure(
        (sample for sample in _samples(data, half) if sample.kind == "forum"), READERS[reader], score, empty=Outcome()
    )
    rows = iter(result.rows)
    result.rows = [next(rows) if sample.kind == "forum" else {} for sample in _samples(data, half)]
    return result


def _samples(data: Path, half: str) -> Iterator[Sample]:
    yield from news(data)
    yield from web(data, half)


def _ratio(part: float, whole: float) -> tuple[float, float]:
    """Part and whole of an average over the pages where it is defined."""
    return (part / whole, 1.0) if whole else (0.0, 0.0)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    grams = (tuple(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1)))
    return Counter(gram for gram in grams if gram)


def main() -> int:
    """Run it alone, or one reader of it for the table."""
    parser = corpus.parser(__doc__)
    parser.add_argument("--half", choices=("a", "b"), default="a", help="half of wcxb that is scored")
    parser.add_argument("--reader", choices=READERS, help="score this one only, for another process")
    options = parser.parse_args()
    if options.reader:
        side_by_side.hand_over(_read(options.reader, options.data, options.half))
    else:
        run(options.data, options.half)
    return 0


if __name__ == "__main__":
    sys.exit(main())
