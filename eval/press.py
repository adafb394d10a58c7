"""Scores the whole pure pipeline on the demo press, whose gold labels are known.

`python -m eval.press` prints what was wrong. Every minute of the afternoon each feed is asked once, and its new and
changed entries go parse → page → signals → engine, as in the loop, but without network, store or waiting. Scored are
the text of the pages (paragraphs kept, foreign ones let in), the stories (BCubed) and the copies.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from stayahead import urls
from stayahead.demo import Gold, Press
from stayahead.model import (
    Arrival,
    Article,
    Entry,
    EntryRecord,
    EntryState,
    Feed,
    Fetched,
    Input,
    Publisher,
    Removal,
    Revision,
    Tick,
    Update,
)
from stayahead.newsroom.articles import compose, digest, is_backfill, says_the_same
from stayahead.newsroom.prepare import Draft, draft_entry, draft_page, parse
from stayahead.newsroom.speakers import Speakers
from stayahead.stories import StoryEngine
from stayahead.stories.effects import effects
from stayahead.stories.scorer import score

PORT = 80
QUIET_MINUTES = 45
"""How long the last pages and revisions may take; late merges, which need 90 minutes of silence, are not waited for."""


@dataclass(slots=True)
class ArticleState:
    """An article of the afternoon, and the story that it came to."""

    record: EntryRecord
    article: Article
    story_id: str = ""
    """The story that it was in when it left the engine; empty while it is live."""
    copy_of: str = ""


@dataclass(slots=True)
class Reader:
    """The loop of the newsroom, bare: polls the press and feeds the engine."""

    press: Press
    engine: StoryEngine = field(default_factory=StoryEngine)
    articles: dict[str, ArticleState] = field(default_factory=dict)
    updates: list[Update] = field(default_factory=list)

    def play(self) -> None:
        """The whole afternoon, minute by minute."""
        publishers = {publisher.domain: publisher for publisher in self.press.publishers()}
        minutes = int((self.press.end - self.press.start).total_seconds() / 60) + QUIET_MINUTES
        for minute in range(minutes + 1):
            now = self.press.start + timedelta(minutes=minute)
            for feed in self.press.feeds(PORT):
                self._poll(feed, publishers, now, first=minute == 0)
            self._add(Tick(), now)

    def _poll(self, feed: Feed, publishers: dict[str, Publisher], now: datetime, *, first: bool) -> None:
        fetched = get(self.press, feed.url, now)
        assert fetched is not None, feed.url
        entries = {urls.article_id(e.url, feed_url=feed.url, entry_id=e.id): e for e in parse(fetched).entries}
        gone = [key for key, state in self.articles.items() if state.record.feed_url == feed.url and not state.story_id]
        for key in gone:
            if key not in entries and get(self.press, self.articles[key].article.url, now) is None:
                self.articles[key].story_id = self.engine.story_of(key) or ""
                self._add(Removal(article_id=key, reason="taken_down"), now)
        for key, entry in reversed(entries.items()):
            self._entry(key, entry, feed, publishers, now, first=first)

    def _entry(
        self, key: str, entry: Entry, feed: Feed, publishers: dict[str, Publisher], now: datetime, *, first: bool
    ) -> None:
        before = self.articles.get(key)
        if before is not None and before.record.digest == digest(entry):
            return
        record = EntryRecord(
            id=key,
            feed_url=feed.url,
            digest=digest(entry),
            state=EntryState.READ,
            seen_at=now,
            backfill=is_backfill(entry, first_poll=first, now=now),
            entry=entry,
        )
        draft = self._draft(entry, now)
        old = before.article if before else None
        article = compose(record, draft.page, speakers=Speakers(publishers=publishers), now=now, before=old)
        self.articles[key] = ArticleState(record, article, copy_of=before.copy_of if before else "")
        if old is None:
            self._add(Arrival(article=article, signals=draft.signals), now)
        elif not says_the_same(old, article):
            self._add(Revision(article=article, signals=draft.signals), now)

    def _draft(self, entry: Entry, now: datetime) -> Draft:
        said = draft_entry(entry)
        page = None if said.is_whole else get(self.press, entry.url, now)
        return draft_page(page, entry) if page else said

    def _add(self, an_input: Input, now: datetime) -> None:
        for update in self.engine.add(an_input, now):
            self.updates.append(update)
            placed = effects(update).placed
            if placed is not None and placed.story_id is not None:
                self.articles[placed.article_id].copy_of = placed.copy_of


def get(press: Press, url: str, now: datetime) -> Fetched | None:
    """The press's answer as the fetcher would pass it on; None when the page is gone."""
    host, _, path = url.removeprefix("http://").partition("/")
    answer = press.answer(host, f"/{path}", {}, now)
    if answer.status != 200:
        return None
    media_type, _, charset = answer.headers["Content-Type"].partition("; charset=")
    return Fetched(
        request_url=url, url=url, status=200, at=now, body=answer.body, media_type=media_type, charset=charset
    )


def paragraphs(reader: Reader, gold: dict[str, Gold]) -> tuple[dict[str, float], list[str]]:
    """Recall and precision of the gold paragraphs, and every difference.

    A standfirst counts for neither: some outlets print the summary above the text.
    """
    kept = strange = missing = 0
    wrong: list[str] = []
    summaries = {version.summary for piece in reader.press.script.pieces for version in piece.versions}
    for state in reader.articles.values():
        label = gold[state.article.entry.url]
        if state.story_id:
            continue
        wanted = label.text.split("\n\n")
        got = [block for block in state.article.page.text.split("\n\n") if block not in summaries]
        kept += sum(1 for block in wanted if block in got)
        lost = [block for block in wanted if block not in got]
        extra = [block for block in got if block not in wanted]
        missing += len(lost)
        strange += len(extra)
        wrong += [f"lost    {state.article.url}: {block[:70]}" for block in lost]
        wrong += [f"strange {state.article.url}: {block[:70]}" for block in extra]
    found = {"paragraph_recall": kept / (kept + missing), "paragraph_precision": kept / (kept + strange)}
    return found, wrong


def copies(reader: Reader, gold: dict[str, Gold]) -> tuple[dict[str, float], list[str]]:
    """Copies found, of the right original or of another copy of it."""
    address = {key: state.article.entry.url for key, state in reader.articles.items()}
    copies_found = {address[key]: address[state.copy_of] for key, state in reader.articles.items() if state.copy_of}
    wanted = {url: label.copy_of for url, label in gold.items() if label.copy_of}
    right = {url for url, of in copies_found.items() if url in wanted and wanted.get(of, of) == wanted[url]}
    wrong = [f"no copy {url}, taken for one of {copies_found[url]}" for url in copies_found if url not in right]
    wrong += [f"missed copy {url} of {wanted[url]}" for url in wanted if url not in right]
    scores = {
        "copy_precision": len(right) / len(copies_found) if copies_found else 1.0,
        "copy_recall": len(right) / len(wanted),
    }
    return scores, wrong


def stories(reader: Reader, gold: dict[str, Gold]) -> tuple[dict[str, float], list[str]]:
    """BCubed over all articles, those that left counted where they were last."""
    assigned = {
        state.article.entry.url: reader.engine.resolve(state.story_id or reader.engine.story_of(key) or "")
        for key, state in reader.articles.items()
    }
    scores = score(("", gold[url].story, story) for url, story in assigned.items())
    split: dict[str, dict[str, list[str]]] = {}
    for url, story in assigned.items():
        split.setdefault(gold[url].story, {}).setdefault(story, []).append(url)
    wrong = [
        f"{label}: {len(parts)} stories\n" + "\n".join(f"    {story}: {' '.join(parts[story])}" for story in parts)
        for label, parts in split.items()
        if len(parts) > 1
    ]
    return {
        "bcubed_precision": scores.bcubed_precision,
        "bcubed_recall": scores.bcubed_recall,
        "bcubed_f1": scores.bcubed_f1,
        "stories": float(len(set(assigned.values()))),
    }, wrong


def run(_data: Path | None = None) -> dict[str, float]:
    """Scores by name; BCubed 0 to 100, the others 0 to 1. The press brings its own data."""
    scores, wrong = play()
    print("\n".join(wrong))
    return scores


def play() -> tuple[dict[str, float], list[str]]:
    """Scores by name, and a line for everything that was wrong."""
    reader = Reader(Press())
    reader.play()
    gold = reader.press.gold(PORT)
    parts = (measure(reader, gold) for measure in (paragraphs, stories, copies))
    return _joined({"articles": float(len(reader.articles))}, parts)


def _joined(
    first: dict[str, float], parts: Iterable[tuple[dict[str, float], list[str]]]
) -> tuple[dict[str, float], list[str]]:
    scores, wrong = first, list[str]()
    for more, lines in parts:
        scores = scores | more
        wrong += lines
    return scores, wrong


if __name__ == "__main__":
    for name, value in run().items():
        print(f"{name} {value:.4f}")
