"""Pages: html pages with their article's text, as others labelled it, go in; how well we read them comes out.

Two sets, each read by us and by trafilatura in the same run. `scrapinghub` (181 news pages): F1 of 4-word shingles as
in article-extraction-benchmark: counts normalised to 1 a page, precision and recall averaged over pages, F1 of the
two averages. `wcxb` (420 article pages, 60 forum pages): F1 of word counts, averaged over pages; share of the must-have
snippets found and of the must-not-have ones kept; title, author and date right.

wcxb is split in halves by the first bit of BLAKE2b over the file's name. Tune on half a only (the default); half b
is opened once, when an issue ends, and its figures go into the report. `python -m eval.pages --half b`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import mean
from typing import Any

from eval import corpus
from stayahead.charset import decode
from stayahead.errors import ExtractError
from stayahead.extract import read_page
from stayahead.model import Page
from stayahead.spam import judge
from stayahead.text import tokens

SHINGLE = 4
MIN_PARAGRAPH_CHARS = 40
"""Labelled paragraphs from here on are asked whether we would take them for spam."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One page and what its labels say."""

    name: str
    kind: str
    """`news` (scrapinghub), `article` or `forum` (wcxb)."""
    url: str
    body: bytes
    text: str
    title: str = ""
    author: str = ""
    date: str = ""
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one extractor said of a page."""

    text: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    comments: tuple[str, ...] = ()


Reader = Callable[[Sample], Outcome]


def in_half(name: str) -> str:
    """The half of wcxb that a file is in, `a` or `b`."""
    return "b" if hashlib.blake2b(name.encode()).digest()[0] & 0x80 else "a"


def news(data: Path) -> Iterator[Sample]:
    """The scrapinghub pages."""
    folder = data / "pages" / "scrapinghub"
    truth = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    for name in sorted(truth):
        body = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        yield Sample(name=name, kind="news", url=truth[name]["url"], body=body, text=truth[name]["articleBody"])


def web(data: Path, half: str) -> Iterator[Sample]:
    """One half of the wcxb pages."""
    folder = data / "pages" / "wcxb"
    for path in sorted((folder / "ground-truth").glob("*.json")):
        if half and in_half(path.stem) != half:
            continue
        label = json.loads(path.read_text("utf-8"))
        said = label["ground_truth"]
        yield Sample(
            name=path.stem,
            kind=label["_internal"]["page_type"]["primary"],
            url=label["url"],
            body=gzip.decompress((folder / "html" / f"{path.stem}.html.gz").read_bytes()),
            text=said["main_content"],
            title=said.get("title") or "",
            author=said.get("author") or "",
            date=(said.get("publish_date") or "")[:10],
            wanted=tuple(said.get("with") or ()),
            unwanted=tuple(said.get("without") or ()),
        )


def ours(sample: Sample) -> Outcome:
    """What we make of it."""
    try:
        page: Page = read_page(sample.body, url=sample.url)
    except ExtractError:
        return Outcome()
    return Outcome(
        text=page.text, title=page.title, authors=page.authors, published=page.published, comments=page.comments
    )


def theirs(sample: Sample) -> Outcome:
    """What trafilatura makes of it, with its defaults and metadata."""
    import trafilatura

    said: Any = trafilatura.bare_extraction(decode(sample.body), url=sample.url, with_metadata=True)
    if said is None:
        return Outcome()
    published = datetime.fromisoformat(said.date) if said.date else None
    authors = tuple(said.author.split("; ")) if said.author else ()
    return Outcome(text=said.text or "", title=said.title or "", authors=authors, published=published)


def shingle_counts(truth: str, said: str) -> tuple[float, float, float]:
    """True positives, false positives and false negatives of 4-word shingles, as shares of their sum."""
    wanted, found = _shingles(truth), _shingles(said)
    counts = ((found & wanted).total(), (found - wanted).total(), (wanted - found).total())
    total = sum(counts)
    return (counts[0] / total, counts[1] / total, counts[2] / total) if total else (0.0, 0.0, 0.0)


def shingle_f1(counts: list[tuple[float, float, float]]) -> float:
    """F1 of precision and recall, each averaged over the pages where it is defined."""
    precision = mean(tp / (tp + fp) for tp, fp, _ in counts if tp + fp > 0)
    recall = mean(tp / (tp + fn) for tp, _, fn in counts if tp + fn > 0)
    return 2 * precision * recall / (precision + recall)


def word_f1(truth: str, said: str) -> float:
    """F1 of the counts of lower-case words."""
    wanted, found = Counter(_WORD.findall(truth.lower())), Counter(_WORD.findall(said.lower()))
    both = (wanted & found).total()
    return 2 * both / (wanted.total() + found.total()) if both else float(not wanted and not found)


def paragraphs_of(sample: Sample) -> list[str]:
    """The labelled paragraphs of some length."""
    return [p.strip() for p in sample.text.split("\n") if len(p.strip()) >= MIN_PARAGRAPH_CHARS]


def false_cuts(samples: list[Sample], outcomes: list[Outcome]) -> dict[str, float]:
    """Of 10,000 labelled paragraphs: how many the judge takes for spam, how many come as comments only."""
    asked = judged = cut = 0
    for sample, outcome in zip(samples, outcomes, strict=True):
        comments = {_squeezed(text) for text in outcome.comments}
        text = _squeezed(outcome.text)
        for paragraph in paragraphs_of(sample) if sample.kind != "forum" else ():
            asked += 1
            judged += judge(paragraph).is_spam
            squeezed = _squeezed(paragraph)
            cut += squeezed in comments and squeezed not in text
    print(f"of {asked} real paragraphs {judged} taken for spam, {cut} for comments")
    return {"spam_per_10000": 10_000 * judged / asked, "comments_per_10000": 10_000 * cut / asked}


def scores(samples: list[Sample], outcomes: list[Outcome]) -> dict[str, float]:
    """Every figure for one extractor."""
    pairs = list(zip(samples, outcomes, strict=True))
    figures = {"news_shingle_f1": shingle_f1([shingle_counts(s.text, o.text) for s, o in pairs if s.kind == "news"])}
    for kind in ("article", "forum"):
        figures[f"{kind}_word_f1"] = mean(word_f1(s.text, o.text) for s, o in pairs if s.kind == kind)
    web_pairs = [(s, o) for s, o in pairs if s.kind == "article"]
    found = [_squeezed(text) in _squeezed(o.text) for s, o in web_pairs for text in s.wanted]
    kept = [_squeezed(text) in _squeezed(o.text) for s, o in web_pairs for text in s.unwanted]
    figures["article_wanted_found"] = mean(found)
    figures["article_unwanted_kept"] = mean(kept)
    figures["article_title_right"] = mean(tokens(s.title) == tokens(o.title) for s, o in web_pairs if s.title)
    figures["article_author_right"] = mean(_is_author(s, o) for s, o in web_pairs if s.author)
    figures["article_date_right"] = mean(_is_date(s, o) for s, o in web_pairs if s.date)
    return figures


def run(data: Path, half: str = "a") -> dict[str, float]:
    """Score both extractors on both sets, print a table, and give our figures and theirs (`trafilatura_…`)."""
    corpus.require(data, "pages/scrapinghub", "pages/wcxb")
    samples = [*news(data), *web(data, half)]
    outcomes = [ours(sample) for sample in samples]
    mine = scores(samples, outcomes)
    other = scores(samples, [theirs(sample) for sample in samples])
    print(f"{'half ' + half:<26}{'ours':>10}{'trafilatura':>14}")
    for name, value in mine.items():
        print(f"{name:<26}{value:>10.4f}{other[name]:>14.4f}")
    return mine | false_cuts(samples, outcomes) | {f"trafilatura_{name}": value for name, value in other.items()}


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    grams = (tuple(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1)))
    return Counter(gram for gram in grams if gram)


def _squeezed(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _is_author(sample: Sample, outcome: Outcome) -> bool:
    """Every word of the labelled author is among the words of ours, and at most as many again are not."""
    wanted = set(tokens(sample.author)) - {"and", "by"}
    found = {word for name in outcome.authors for word in tokens(name)}
    return bool(wanted) and wanted <= found and len(found) <= 2 * len(wanted)


def _is_date(sample: Sample, outcome: Outcome) -> bool:
    """The same day, or the one beside it: labels are local dates, ours are UTC."""
    if outcome.published is None:
        return False
    return abs((outcome.published.date() - datetime.fromisoformat(sample.date).date()).days) <= 1


def main() -> int:
    """Run it alone."""
    words = corpus.words(__doc__)
    words.add_argument("--half", choices=("a", "b"), default="a", help="half of wcxb that is scored")
    given = words.parse_args()
    run(given.data, given.half)
    return 0


if __name__ == "__main__":
    sys.exit(main())
