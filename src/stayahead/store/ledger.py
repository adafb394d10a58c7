"""Batches in; articles, stories, updates and who is in which story out, in dictionaries. Half of `MemoryStore`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from stayahead.errors import StoreError
from stayahead.model import (
    Arrival,
    Batch,
    Evidence,
    Forgotten,
    Joined,
    Linked,
    LoggedInput,
    LoggedUpdate,
    Merged,
    Opened,
    Removed,
    Retention,
    Revised,
    Revision,
    Signals,
    Split,
    StoryArticle,
    StoryHead,
    StoryLink,
    Update,
)
from stayahead.store import rows, search
from stayahead.store.forgetting import WAKEABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an article is."""

    story_id: str = ""
    copy_of: str = ""
    is_origin: bool = True
    removed: str = ""


class Ledger:
    """What batches did so far. Not safe from two threads at once; `MemoryStore` takes care of that."""

    def __init__(self) -> None:
        self.update = 0
        self.input = 0
        self.forgotten_to = 0
        """Number of the last update that was forgotten."""
        self.articles: dict[str, dict[int, Evidence]] = {}
        self.places: dict[str, Place] = {}
        self.heads: dict[str, StoryHead] = {}
        self.numbers: dict[str, int] = {}
        self.reduced: set[str] = set()
        """Stories of which only id and title are left."""
        self.story_aliases: dict[str, str] = {}
        self.links: dict[str, Linked] = {}
        self.updates: list[Update] = []
        self.inputs: list[LoggedInput] = []
        self._ats: dict[str, datetime] = {}
        self._spoken: dict[int, tuple[str, int]] = {}
        self._order: dict[str, tuple[int, int]] = {}
        self._index: dict[int, dict[str, frozenset[str]]] = defaultdict(dict)
        self._texts: dict[tuple[str, int], int] = {}
        """Characters of the texts that are still there, by article and revision."""
        self._cards: dict[str, dict[str, str]] = {}
        """What a list shows of an article, kept when its text goes."""

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    def require(self, batch: Batch) -> None:
        """Refuse a batch that leaves a gap or speaks of what is not stored, before anything of it is written."""
        known = {item.article.id for item in batch.evidence} | self.articles.keys()
        number = self.input
        for line in batch.inputs:
            if line.number <= number:
                raise StoreError(f"input {line.number} comes after input {number}; nothing of the batch was written")
            number = line.number
            if isinstance(line.input, Arrival | Revision) and line.input.article.id not in known:
                raise StoreError(
                    f"input {number} brings article {line.input.article.id}, which is not among the evidence"
                )
        number = self.update
        for update in batch.updates:
            if update.number != number + 1:
                raise StoreError(
                    f"update {update.number} comes after update {number}; nothing of the batch was written"
                )
            number = update.number
            id_ = getattr(update.change, "article_id", None)
            if id_ is not None and update.kind != "removed" and id_ not in known:
                raise StoreError(f"update {number} speaks of article {id_}, which is not stored")
        if batch.snapshot is not None and batch.snapshot.number > number:
            raise StoreError(f"a snapshot after update {batch.snapshot.number}, but the last update is {number}")

    def write(self, batch: Batch) -> None:
        """Evidence, inputs and updates of a batch that `require` let pass."""
        pending: dict[str, list[int]] = defaultdict(list)
        current = {id_: max(revisions) for id_, revisions in self.articles.items()}
        for item in batch.evidence:
            self._put(item)
            article = item.article
            current.setdefault(article.id, article.revision)
            pending[article.id] = sorted({*pending[article.id], article.revision})
        for line in batch.inputs:
            self.inputs.append(line)
            self.input = line.number
        for update in batch.updates:
            id_ = getattr(update.change, "article_id", None)
            if id_ is not None and update.kind != "removed":
                waiting = pending[id_]
                revision = getattr(update.change, "revision", waiting[0] if waiting else current[id_])
                pending[id_] = [later for later in waiting if later > revision]
                current[id_] = revision
                self._spoken[update.number] = (id_, revision)
            self._take(update)

    def _put(self, item: Evidence) -> None:
        article = item.article
        known = self.articles.get(article.id)
        if known:
            first = known[min(known)].article
            fixed = {name: getattr(first, name) for name in ("seen_at", "placed_at", "feed_url", "backfill")}
            item = replace(item, article=replace(article, **fixed))
        else:
            self._order[article.id] = (rows.first_number(article.placed_at), len(self._order))
        if not known or article.revision >= max(known):
            card = {
                "language": rows.language_of(article, item.signals),
                "author": rows.author_of(article),
                "image": rows.image_of(article),
                "lede": rows.lede_of(article.page),
            }
            self._cards[article.id] = card
            document = search.document(article, card["language"])
            month = rows.month_of(item.article.placed_at)
            self._index[month][article.id] = frozenset(document.split(" "))
        self.articles.setdefault(article.id, {})[article.revision] = item
        self.places.setdefault(article.id, Place())
        self._texts[article.id, article.revision] = len(article.page.text)

    def _take(self, update: Update) -> None:
        story, change = update.story, update.change
        self.updates.append(update)
        self.update = update.number
        self._head(story, update)
        match change:
            case Opened():
                self.places[change.article_id] = Place(story_id=story.id)
            case Joined():
                self.places[change.article_id] = Place(
                    story_id=story.id, copy_of=change.copy_of, is_origin=change.is_origin
                )
            case Revised():
                place = self.places[change.article_id]
                self.places[change.article_id] = replace(place, copy_of=change.copy_of, is_origin=change.is_origin)
            case Removed():
                if change.article_id in self.places:
                    self.places[change.article_id] = Place(removed=change.reason)
            case Merged():
                self._merge(update, change.other_id)
            case Linked():
                self.links[story.id] = change
            case Split():
                self._head(change.new_head, update)
                for id_ in change.article_ids:
                    self.places[id_] = replace(self.places[id_], story_id=change.new_id)
            case _:
                pass  # only its head changed

    def _head(self, head: StoryHead, update: Update) -> None:
        self.heads[head.id] = head
        self.numbers[head.id] = update.number
        self._ats[head.id] = update.at

    def _merge(self, update: Update, other_id: str) -> None:
        for id_ in self.members(other_id):
            self.places[id_] = replace(self.places[id_], story_id=update.story.id)
        for alias, to in self.story_aliases.items():
            if to == other_id:
                self.story_aliases[alias] = update.story.id
        self.story_aliases[other_id] = update.story.id
        if other_id in self.heads:
            parts = replace(self.heads[other_id].parts)
            self._head(replace(self.heads[other_id], state="merged", parts=parts), update)

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    def members(self, story_id: str) -> list[str]:
        """Articles of a story."""
        return [id_ for id_, place in self.places.items() if place.story_id == story_id]

    def last(self, id_: str) -> Evidence:
        """An article at its last revision."""
        revisions = self.articles[id_]
        return revisions[max(revisions)]

    def at(self, id_: str, revision: int | None) -> Evidence | None:
        """An article at a revision, without text when that was forgotten or never stored; None when unknown."""
        if id_ not in self.articles:
            return None
        last = self.last(id_)
        if revision is None:
            return last
        if revision > last.article.revision:
            return None
        found = self.articles[id_].get(revision)
        if found is None or (id_, revision) not in self._texts:
            signals = Signals() if found is None else found.signals
            return Evidence(article=replace(rows.without_text(last.article), revision=revision), signals=signals)
        return found

    def kept(self, id_: str) -> list[int]:
        """Revisions of an article whose text is still there, newest first."""
        return sorted(
            (revision for revision in self.articles.get(id_, {}) if (id_, revision) in self._texts), reverse=True
        )

    def logged(self, update: Update) -> LoggedUpdate:
        """An update with its evidence."""
        spoken = self._spoken.get(update.number)
        return LoggedUpdate(update=update, evidence=None if spoken is None else self.at(*spoken))

    def refreshed(self, line: LoggedInput) -> LoggedInput | None:
        """A line of the log as what is still kept of it; None when its article was forgotten."""
        given = line.input
        if not isinstance(given, Arrival | Revision):
            return line
        found = self.at(given.article.id, given.article.revision)
        if found is None:
            return None
        return replace(line, input=replace(given, article=found.article, signals=found.signals))

    def shown(self, id_: str) -> StoryArticle:
        """An article as its story lists it."""
        article, place = self.last(id_).article, self.places[id_]
        original = self.places.get(place.copy_of, Place())
        return StoryArticle(
            id=id_,
            url=article.url,
            title=article.title,
            publisher=article.publisher,
            placed_at=article.placed_at,
            seen_at=article.seen_at,
            revision=article.revision,
            **self._cards[id_],
            copy_of=place.copy_of if original.story_id == place.story_id else "",
            is_origin=place.is_origin,
            backfill=article.backfill,
        )

    def matching(self, words: set[str], before: datetime | None) -> Iterator[tuple[int, str]]:
        """Articles in stories that hold all the words, newest first: their millisecond (shifted) and id."""
        end = None if before is None else rows.first_number(before)
        found = [
            (self._order[id_], id_)
            for documents in self._index.values()
            for id_, document in documents.items()
            if words <= document and self.places[id_].story_id
        ]
        for (placed, _), id_ in sorted(found, reverse=True):
            if end is None or placed < end:
                yield placed, id_

    def breaches(self) -> list[str]:
        """Laws that do not hold."""
        wrong = [
            f"article {id_} is in no story"
            for id_, place in self.places.items()
            if not (place.story_id or place.removed)
        ]
        held = Counter(place.story_id for place in self.places.values())
        for head in self.heads.values():
            if head.state in {"live", "asleep"} and held[head.id] != head.parts.articles:
                wrong.append(f"story {head.id} says it has {head.parts.articles} articles and has {held[head.id]}")
            if head.state not in {"live", "asleep"} and held[head.id]:
                wrong.append(f"story {head.id} is {head.state} and has articles")
        return wrong

    def linked(self, story_id: str) -> Iterator[StoryLink]:
        """Every link from the story and to it, both ways of `related` included."""
        for id_, told in self.links.items():
            pairs = [("follows", told.follows)] if told.follows else []
            pairs += [("related", other) for other in told.related]
            for kind, other in pairs:
                ends = self.story_aliases.get(id_, id_), self.story_aliases.get(other, other)
                if id_ == story_id:
                    yield from self._link(kind, ends[1])
                if ends[1] == story_id:
                    yield from self._link("followed_by" if kind == "follows" else kind, ends[0])

    def _link(self, kind: str, id_: str) -> Iterator[StoryLink]:
        head = self.heads.get(id_)
        if head is not None and not head.hidden and head.state in {"live", "asleep"}:
            yield rows.read_link((kind, id_, head.headline, head.language, rows.micros(head.parts.latest_at)))

    # ── forgetting ───────────────────────────────────────────────────────────────────────────────────────────────

    def forget(self, now: datetime, retention: Retention, *, reach: int) -> tuple[Forgotten, set[str]]:
        """Everything that is past its time, and the ids of the articles that went altogether."""
        bodies = self._forget_bodies(now, retention)
        months = self._forget_months(now)
        signals = self._forget_signals(reach)
        updates, ids = self._forget_updates(now, now - timedelta(days=retention.updates_days), reach)
        return Forgotten(bodies=bodies, search_tables=months, signals=signals, updates=updates), ids

    def _is_pinned(self, id_: str) -> bool:
        head = self.heads.get(self.places[id_].story_id)
        return head is not None and head.pinned

    def _forget_bodies(self, now: datetime, retention: Retention) -> int:
        cutoff = now - timedelta(days=retention.bodies_days)
        free = [key for key in self._texts if not self._is_pinned(key[0])]
        free.sort(key=lambda key: self.articles[key[0]][key[1]].article.seen_at)
        old = [key for key in free if self.articles[key[0]][key[1]].article.seen_at < cutoff]
        if not old:
            excess = sum(self._texts.values()) - retention.bodies_bytes
            for key in free:
                if excess <= 0:
                    break
                old.append(key)
                excess -= self._texts[key]
        for id_, revision in old:
            del self._texts[id_, revision]
            item = self.articles[id_][revision]
            self.articles[id_][revision] = replace(item, article=rows.without_text(item.article))
        return len(old)

    def _forget_months(self, now: datetime) -> int:
        kept = {
            rows.month_of(self.articles[id_][revision].article.placed_at)
            for id_, revision in self._texts
            if not self._is_pinned(id_)
        }
        gone = [month for month in self._index if month < rows.month_of(now) and month not in kept]
        for month in gone:
            del self._index[month]
        return len(gone)

    def _forget_signals(self, reach: int) -> int:
        dropped = 0
        for id_, place in self.places.items():
            head = self.heads.get(place.story_id)
            if head is None or head.state != "asleep" or self.numbers[head.id] > reach:
                continue
            for revision, item in self.articles[id_].items():
                if item.signals != Signals():
                    self.articles[id_][revision] = replace(item, signals=Signals())
                    dropped += 1
        return dropped

    def _forget_updates(self, now: datetime, cutoff: datetime, reach: int) -> tuple[int, set[str]]:
        before = len(self.updates) + len(self.inputs)
        while self.updates and self.updates[0].at < cutoff and self.updates[0].number <= reach:
            self.forgotten_to = self.updates.pop(0).number
        while self.inputs and self.inputs[0].at < cutoff:
            self.inputs.pop(0)
        dropped = before - len(self.updates) - len(self.inputs)
        old = [
            id_
            for id_, head in self.heads.items()
            if head.state == "asleep"
            and not head.pinned
            and self._ats[id_] < min(cutoff, now - WAKEABLE)
            and id_ not in self.reduced
        ]
        ids = {id_ for id_, place in self.places.items() if place.story_id in old}
        ids |= {id_ for id_ in self.places if not self.places[id_].story_id and self.last(id_).article.seen_at < cutoff}
        for story_id in old:
            self.heads[story_id] = replace(self.heads[story_id], state="empty")
            self.reduced.add(story_id)
            self.links.pop(story_id, None)
        for id_ in ids:
            self._drop(id_)
        return dropped + len(old) + len(ids), ids

    def _drop(self, id_: str) -> None:
        for revision in self.articles.pop(id_):
            self._texts.pop((id_, revision), None)
        del self.places[id_], self._order[id_], self._cards[id_]
        for documents in self._index.values():
            documents.pop(id_, None)
