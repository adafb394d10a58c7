"""Scores who is counted as independent: pairs of articles of one story, same origin or not.

Two sets, both labelled before the rules: stories of our own writing (`labels/origins`) and pairs of real articles that
were read (`labels/origin_pairs.tsv`, drawn by `origin_sample`). Each story goes through the engine, article by article;
what the engine does not join, the owner's ruling joins, for here it is asked who counts, not what belongs together.

`python -m eval.origins` scores the half by which the rules were made, `--closed` the other one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from eval import corpus, origin_sample
from stayahead.analyze import analyze
from stayahead.model import (
    Arrival,
    Article,
    Block,
    BlockKind,
    CreditedSource,
    Entry,
    Page,
    Publisher,
    Ruling,
)
from stayahead.stories.engine import StoryEngine
from stayahead.urls import registrable

LABELS = Path(__file__).with_name("labels")
DAY = datetime(2026, 3, 3, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Told:
    """An article with its gold origin."""

    article: Article
    origin: str


@dataclass(kw_only=True)
class Counts:
    """Pairs found and missed, and the lines that say which were wrong."""

    right: int = 0
    missed: int = 0
    wrong: int = 0
    apart: int = 0
    lines: list[str] = field(default_factory=list)

    def add(self, name: str, *, is_same: bool, is_found: bool) -> None:
        """Count one pair."""
        self.right += is_same and is_found
        self.missed += is_same and not is_found
        self.wrong += is_found and not is_same
        self.apart += not is_same and not is_found
        if is_same != is_found:
            self.lines.append(f"{'missed' if is_same else 'wrong '}  {name}")

    @property
    def precision(self) -> float:
        """Share of the pairs called one origin that are."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Share of the pairs of one origin that are called so."""
        return self.right / max(1, self.right + self.missed)


def told_article(
    name: str, url: str, title: str, paragraphs: Sequence[str], publisher: Publisher, at: datetime, **more: object
) -> Article:
    """An article as feed and page would give it."""
    entry = Entry(id=name, url=url, title=title, published=at, author=str(more.get("by", "")))
    source = str(more.get("source", ""))
    if source:
        entry = Entry(id=name, url=url, title=title, published=at, source=CreditedSource(title=source))
    page = Page(
        title=title,
        url=str(more.get("canonical", "")) or url,
        blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in paragraphs),
        language=str(more.get("language", "")),
    )
    return Article(
        id=name, url=url, publisher=publisher, feed_url=url, entry=entry, page=page, seen_at=at, placed_at=at
    )


def stories() -> Iterator[tuple[str, list[Told]]]:
    """The stories of `labels/origins`, each with its articles in the order of time."""
    outlets: dict[str, Publisher] = {}
    for path in sorted((LABELS / "origins").glob("*.txt"), key=lambda path: (path.name != "en.txt", path.name)):
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("! "):
                domain, name, owner = (part.strip() for part in line[2:].split("|"))
                outlets[domain] = Publisher(domain=domain, name=name, owner=owner)
        for story in re.split(r"(?m)^## ", path.read_text("utf-8"))[1:]:
            head, *articles = re.split(r"(?m)^@ ", story)
            name, language = head.split()
            yield name, _articles(name, language, articles, outlets)


def _articles(name: str, language: str, texts: Sequence[str], outlets: dict[str, Publisher]) -> list[Told]:
    told: list[Told] = []
    of: dict[str, list[str]] = {}
    domains: dict[str, str] = {}
    for text in texts:
        head, title, *lines = text.strip().splitlines()
        letter, domain, clock, origin, options = (part.strip() for part in head.split("|"))
        paragraphs: list[str] = []
        for line in lines:
            match = re.match(r"\{(\w)(?::(\d+)(?:-(\d+))?)?\}(.*)", line)
            if not match:
                paragraphs.append(line)
                continue
            start, end = int(match[2] or 1), int(match[3] or match[2] or 99)
            paragraphs.extend(of[match[1]][start - 1 : end])
            if match[4]:
                paragraphs[-1] += match[4]
        of[letter], domains[letter] = paragraphs, domain
        more = dict(part.strip().split("=", 1) for part in options.split(";") if "=" in part)
        if canonical := more.get("canonical"):
            more["canonical"] = f"https://{domains[canonical]}/{name}{canonical}"
        hours, minutes = map(int, clock.split(":"))
        at = DAY + timedelta(hours=hours, minutes=minutes)
        url = f"https://{domain}/{name}{letter}"
        article = told_article(
            f"{name}{letter}", url, title, paragraphs, outlets[domain], at, language=language, **more
        )
        told.append(Told(article=article, origin=origin))
    return sorted(told, key=lambda each: each.article.seen_at)


def origins_of(articles: Sequence[Article]) -> dict[str, str]:
    """The origin of each article when all of them are one story."""
    engine = StoryEngine()
    for article in articles:
        engine.add(Arrival(article=article, signals=analyze(article.page, article.entry)), article.seen_at)
    now = max(article.seen_at for article in articles)
    first = engine.resolve(engine.story_of(articles[0].id) or "")
    for article in articles[1:]:
        other = engine.story_of(article.id) or ""
        if other != first:
            engine.add(Ruling(verb="join", story_id=first, other_id=other), now)
            first = engine.story_of(articles[0].id) or ""
    state = engine._state  # the count is asked, not only how many there are
    story = state.stories[first]
    origins = state.aspects(story).origins
    return {
        article.id: origins.origin_of(
            state.members[article.id].origin_keys, state.key_of(state.members[article.id].copy_of)
        )
        for article in articles
    }


def score_stories(*, is_closed: bool) -> Counts:
    """Pairs of the stories of our own writing."""
    counts = Counts()
    for name, told in stories():
        if (int(name[2:]) % 2 == 0) != is_closed:
            continue
        origins = origins_of([each.article for each in told])
        for one, other in itertools.combinations(told, 2):
            is_found = origins[one.article.id] == origins[other.article.id]
            counts.add(
                f"{one.article.id} {other.article.id[-1]}", is_same=one.origin == other.origin, is_found=is_found
            )
    return counts


def score_pairs(data: Path, *, is_closed: bool) -> Counts:
    """The pairs that were read."""
    rows = origin_sample.texts(data / "stories/fulltext")
    counts = Counts()
    for line in (LABELS / "origin_pairs.tsv").read_text("utf-8").splitlines():
        if not line[:1].isdigit():
            continue
        number, one, other, label, why = line.split("\t")
        if (int(number) % 2 == 0) != is_closed:
            continue
        articles = [_read_article(rows[key], place) for place, key in enumerate((one, other))]
        origins = origins_of(articles)
        is_found = origins[articles[0].id] == origins[articles[1].id]
        counts.add(f"pair {number} {why}", is_same=label == "same", is_found=is_found)
    return counts


def _read_article(row: dict[str, str], place: int) -> Article:
    domain = row["publisher"] or f"unknown{place}.example"
    name = f"{row['set']}{row['id']}"
    url = row["url"] if registrable(row["url"]) == domain else f"https://{domain}/{place}"
    publisher = Publisher(domain=registrable(f"https://{domain}/"), name=domain)
    at = DAY + timedelta(minutes=place)
    paragraphs = [text for text in re.split(r"\n+", row["text"][:40_000]) if text.strip()]
    return told_article(name, url, row["title"], paragraphs, publisher, at, language=row["language"])


def run(data: Path) -> dict[str, float]:
    """Precision and recall of both sets, both halves together: all are known by now."""
    scores: dict[str, float] = {}
    for name, halves in (
        ("stories", [score_stories(is_closed=half) for half in (False, True)]),
        ("pairs", [score_pairs(data, is_closed=half) for half in (False, True)]),
    ):
        whole = Counts()
        for half in halves:
            whole.right += half.right
            whole.missed += half.missed
            whole.wrong += half.wrong
            print(*half.lines, sep="\n")
        scores |= {f"{name}_precision": whole.precision, f"{name}_recall": whole.recall}
    return scores


def main() -> None:
    """Print precision and recall of both sets, and every pair that is wrong."""
    options = corpus.parser(__doc__)
    options.add_argument("--closed", action="store_true", help="the half that is opened once")
    asked = options.parse_args()
    corpus.require(asked.data, "stories/fulltext")
    for name, counts in (
        ("stories", score_stories(is_closed=asked.closed)),
        ("pairs", score_pairs(asked.data, is_closed=asked.closed)),
    ):
        print(*counts.lines, sep="\n")
        print(
            f"{name}: precision {counts.precision:.3f}, recall {counts.recall:.3f}"
            f" ({counts.right} right, {counts.wrong} wrong, {counts.missed} missed, {counts.apart} apart)"
        )


if __name__ == "__main__":
    main()
