"""State is all that the engine knows of live articles and stories: what can be asked of it, and how it may change.

Mutable, and the engine's alone. A method reads, or changes the state in one way that an update calls for; none
decides. What a query answers depends only on what was put and in which order, never on how often it was asked, so a
state restored from a snapshot goes on exactly as the one that it was taken of.

Each change notes which rows of the snapshot it makes old (`changed`): a snapshot then writes those and no others.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from stayahead.model import Signals, StoryHead
from stayahead.stories.aspects import Aspects
from stayahead.stories.aspects.origins import origin_key
from stayahead.stories.copies import CopyIndex
from stayahead.stories.dense import NO_VECTORS, Dense, add_sums
from stayahead.stories.index import TermIndex
from stayahead.stories.members import LiveStory, Member, in_counting_order, is_own_head, own_head
from stayahead.stories.silence import SilenceIndex
from stayahead.stories.sleepers import Sleeper, Sleepers
from stayahead.stories.vectors import ALL_LANGUAGES, Packed, Rarity, Vector, norm2
from stayahead.stories.weights import INDEXED_PER_STORY, SLEEP_FROM, VECTOR_TERMS


class State:
    """All live articles and stories, their indexes, and the names that were given."""

    def __init__(self) -> None:
        self.number = 0
        self.at = datetime(1970, 1, 1, tzinfo=UTC)
        self.next_seq = 1
        self.members: dict[str, Member] = {}
        self.by_seq: dict[int, Member] = {}
        self.stories: dict[str, LiveStory] = {}
        self.aliases: dict[str, str] = {}
        self.names: dict[str, int] = {}
        """How many stories were named after an article that was removed; for a live one, its member knows."""
        self.rarity = Rarity()
        self.term_index = TermIndex()
        self.shared_key_index = TermIndex()
        self.copy_index = CopyIndex()
        self.sleepers = Sleepers()
        self.silence_index = SilenceIndex(self.stories)
        self.changed: dict[str, None] = {}
        """Keys of snapshot rows that changed since the last snapshot."""
        self.is_saved = False
        """Whether there is a snapshot that these changes continue; else the next one is of everything."""

    # --- Reading ---------------------------------------------------------------------------------------------------

    def resolve(self, story_id: str) -> str:
        """The id that the story answers under now."""
        return self.aliases.get(story_id, story_id)

    def name_for(self, article_id: str) -> str:
        """The first story name made of that article's id that was never given."""
        member = self.members.get(article_id)
        count = max(member.founded if member else 0, self.names.get(article_id, 0))
        name = _nth_name(article_id, count)
        # The count forgets with the article; what still answers under a name is asked besides.
        while name in self.stories or name in self.aliases or name in self.sleepers:
            count += 1
            name = _nth_name(article_id, count)
        return name

    def centroid(self, story: LiveStory) -> tuple[Vector | Packed, int]:
        """Sum of the vectors of the story's own articles, and its squared length."""
        if story.centroid is not None:
            return story.centroid, story.norm2
        member = self.members[story.members[0]]
        if member.copy_of:  # its original left the story: a copy has no say in what a story is about
            return {}, 0
        return member.vector, norm2(member.vector)

    def dense(self, story: LiveStory) -> Dense:
        """Sums of the dense vectors of the story's own articles."""
        if story.centroid is not None:
            return story.dense
        member = self.members[story.members[0]]
        return NO_VECTORS if member.copy_of else member.dense_sum

    def aspects(self, story: LiveStory) -> Aspects:
        """What the story counts of its articles; not to be changed by the caller."""
        return story.aspects or Aspects.of(self._counted(story.members))

    def head(self, story: LiveStory) -> StoryHead:
        """The story as its last update had it."""
        return story.head or own_head(story.id, self.members[story.members[0]], self.aspects(story))

    def opened_at(self, story: LiveStory) -> datetime:
        """When the story was opened."""
        return story.head.opened_at if story.head else self.members[story.members[0]].arrived_at

    def key_of(self, article_id: str) -> str:
        """The key under which a live article counts; empty for any other."""
        member = self.members.get(article_id)
        return origin_key(member.origin_keys) if member else ""

    def _counted(self, article_ids: Iterable[str]) -> Iterator[tuple[Member, str]]:
        for article_id in article_ids:
            member = self.members[article_id]
            yield member, self.key_of(member.copy_of)

    # --- Changing --------------------------------------------------------------------------------------------------

    def open(self, head: StoryHead, number: int, founder: Member) -> LiveStory:
        """Begin a story, still empty, under a name made of its founder's id."""
        story = self.stories[head.id] = LiveStory(head.id, head, number, silent_since=head.opened_at)
        # It may have been removed once, and have come again.
        founder.founded = max(founder.founded, self.names.get(founder.id, 0)) + 1
        return story

    def enter(self, member: Member, story: LiveStory, now: datetime) -> None:
        """A new article takes its place in a story."""
        member.seq = self.next_seq
        self.next_seq += 1
        member.arrived_at = now
        self.members[member.id] = self.by_seq[member.seq] = member
        self._seat(member, story)

    def count_terms(self, signals: Signals) -> None:
        """The terms of a new article make them less rare."""
        self.rarity.count(signals.language, [term.text for term in signals.terms], is_new=True)
        self.rarity.count(ALL_LANGUAGES, [key.text for key in signals.shared_keys], is_new=True)

    def replace(self, member: Member, signals: Signals) -> None:
        """An article of a story has a new text: `member` takes the place of the one of its id."""
        old = self.members[member.id]
        story = self.stories[old.story_id]
        # A vector that is not full has all terms that were counted; of a full one nobody knows what else was.
        if len(old.vector) < VECTOR_TERMS:
            added = [term.text for term in signals.terms if term.text not in old.vector.terms]
            self.rarity.count(signals.language, added, is_new=False)
        self._leave_indexes(old, story)
        member.seq, member.arrived_at, member.story_id = old.seq, old.arrived_at, old.story_id
        member.founded = old.founded
        self.members[member.id] = self.by_seq[member.seq] = member
        # Vectors are whole numbers: what is taken out leaves no trace (docs/decisions/0030).
        if len(story.members) > 1:
            if not old.copy_of:
                self._add_member(story, old, -1)
            if not member.copy_of:
                self._add_member(story, member, 1)
        if story.aspects is not None:
            story.aspects.revise(member, self.key_of(member.copy_of))
        self._enter_indexes(member, story)
        self.changed[f"a/{member.id}"] = None

    def note_update(self, story: LiveStory, head: StoryHead, number: int, at: datetime) -> None:
        """An update changed the story; `at`: since when it is silent now."""
        self.tell(story, head)
        story.silent_since, story.updated_number = at, number
        self.silence_index.put(story)
        self.changed[f"s/{story.id}"] = None

    def change_all(self) -> None:
        """The next snapshot is of everything: the rows that this state was read from are of another format."""
        held = (("a", [*self.members]), ("s", [*self.stories]), ("x", [*self.aliases]), ("n", [*self.names]))
        for kind, names in (*held, ("z", [*self.sleepers.by_id])):
            self.changed |= dict.fromkeys(f"{kind}/{name}" for name in names)
        self.rarity.change_all()

    def tell(self, story: LiveStory, head: StoryHead) -> None:
        """Keep what the story says of itself, if it is more than its one article says."""
        # Hundreds of thousands of stories have one article: what can be made of it is not kept.
        is_own = len(story.members) == 1 and not story.before and is_own_head(head, self.members[story.members[0]])
        story.head = None if is_own else head

    def merge(self, story: LiveStory, other: LiveStory) -> None:
        """The story takes all articles of the other, whose id becomes its alias."""
        # Sums are added up, not made anew from thousands of articles.
        aspects = self.aspects(story).copy()
        aspects.take(self.aspects(other))
        self._own_centroid(story)
        story.add_vector(self.centroid(other)[0], 1)
        story.dense = add_sums(story.dense, self.dense(other))
        story.aspects = aspects
        if story.before is not None and other.before is not None:
            story.before.take(other.before)
        else:
            story.before = story.before or other.before
        # An alias leads to its story in one step, however long the chain of merges (docs/decisions/0031).
        for article_id in other.members:
            self.members[article_id].story_id = story.id
            self.changed[f"a/{article_id}"] = None
        if story.members and other.members:
            self._take_members(story, other.members)
        else:
            story.members, story.trimmed = [*story.members, *other.members], 0
        story.indexed += other.indexed
        self._trim(story)
        self._inherit_apart(story, other)
        del self.stories[other.id]
        self.changed[f"s/{other.id}"] = None
        for alias in (*other.alias_ids, other.id):
            self.aliases[alias] = story.id
            self.changed[f"x/{alias}"] = None
        story.alias_ids += (*other.alias_ids, other.id)

    def settle(self, story: LiveStory, article_ids: Sequence[str], copy_of: dict[str, str]) -> None:
        """Make the story anew of exactly those live articles, in order of arrival, with what they copy now."""
        # After a removal or a split. Aspects cannot forget an article: what is left is counted from the start.
        for article_id in article_ids:
            member = self.members[article_id]
            if member.story_id in self.stories:
                self._leave_indexes(member, self.stories[member.story_id])
        story.members, story.indexed, story.trimmed = [], 0, 0
        story.centroid, story.norm2, story.dense = None, 0, NO_VECTORS
        # What the story showed before it slept is of articles that the engine no longer has; it cannot be recounted.
        story.aspects = story.before.copy() if story.before else None
        for article_id in article_ids:
            self.members[article_id].copy_of = copy_of[article_id]
        for article_id in in_counting_order(self.members, article_ids, copy_of):
            self._seat(self.members[article_id], story)
        story.members.sort(key=self._seq_of)
        story.trimmed = 0

    def set_standing(self, member: Member, *, copy_of: str, is_origin: bool) -> None:
        """An article is a copy of another one now, or of none."""
        if (member.copy_of, member.is_origin) == (copy_of, is_origin):
            return
        # Only originals are in the indexes and the centroid: forty reprints are one statement of the event.
        story = self.stories[member.story_id]
        self._leave_indexes(member, story)
        if not member.copy_of:
            self._add_member(story, member, -1)
        if not copy_of:
            self._add_member(story, member, 1)
        was_copy = member.copy_of
        member.copy_of, member.is_origin = copy_of, is_origin
        # A copy of a copy's original counts with it already.
        if story.aspects is not None and not was_copy:
            story.aspects.revise(member, self.key_of(copy_of))
        self._enter_indexes(member, story)
        self.changed[f"a/{member.id}"] = None

    def leave(self, article_id: str) -> None:
        """A live article is forgotten; its story is settled by the caller."""
        member = self.members[article_id]
        self._leave_indexes(member, self.stories[member.story_id])
        del self.members[article_id], self.by_seq[member.seq]
        self.changed[f"a/{article_id}"] = None

    def remember_names(self, article_id: str, count: int) -> None:
        """An article is removed: the names made of its id stay given for ever."""
        member = self.members.get(article_id)
        count = max(count, member.founded if member else 0, self.names.get(article_id, 0))
        if count:
            self.names[article_id] = count
            self.changed[f"n/{article_id}"] = None

    def sleep(self, story: LiveStory) -> None:
        """A story falls asleep: what it takes to wake it is kept, when it is more than one article."""
        aspects = self.aspects(story)
        if aspects.origins.articles >= SLEEP_FROM:
            self._keep_asleep(story, aspects)
        self.close(story)
        for story_id in list(self.sleepers.stale(self.at)):
            self.sleepers.take(story_id)
            self.changed[f"z/{story_id}"] = None

    def wake(self, head: StoryHead) -> LiveStory:
        """A story asleep is live again, without articles as yet."""
        sleeper = self.sleepers.take(head.id)
        self.changed[f"z/{sleeper.id}"] = None
        story = self.stories[sleeper.id] = LiveStory(head.id, head, sleeper.opened_number, silent_since=head.opened_at)
        # Its counts go on; its old centroid does not: a woken story is about its new articles (docs/decisions/0111).
        story.before = sleeper.aspects.woken()
        story.aspects = story.before.copy()
        story.alias_ids = sleeper.alias_ids
        for alias in sleeper.alias_ids:
            self.aliases[alias] = story.id
            self.changed[f"x/{alias}"] = None
        return story

    def link(self, story: LiveStory, follows: str, related: tuple[str, ...]) -> None:
        """Note what the story stands beside."""
        story.follows, story.related = follows, related

    def _keep_asleep(self, story: LiveStory, aspects: Aspects) -> None:
        self.sleepers.put(Sleeper.of(story, self.head(story), aspects, self.centroid(story)[0]))
        self.changed[f"z/{story.id}"] = None

    def close(self, story: LiveStory) -> None:
        """A story is forgotten with all its articles, and the aliases that lead to it."""
        for article_id in story.members:
            self.leave(article_id)
        del self.stories[story.id]
        self.changed[f"s/{story.id}"] = None
        for alias in story.alias_ids:
            del self.aliases[alias]
            self.changed[f"x/{alias}"] = None
        for other_id in story.apart:
            other = self.stories.get(other_id)
            if other is not None:
                other.forget_apart(story.id)
                self.changed[f"s/{other_id}"] = None

    def set_apart(self, a: LiveStory, b: LiveStory) -> None:
        """Keep the two from ever being merged but by the owner."""
        a.set_apart(b.id)
        b.set_apart(a.id)
        self.changed[f"s/{a.id}"] = None
        self.changed[f"s/{b.id}"] = None

    # --- Parts of changes ------------------------------------------------------------------------------------------

    def _seat(self, member: Member, story: LiveStory) -> None:
        """Count an article into a story and enter it into the indexes."""
        # With its second article a story gets a centroid and aspects of its own; till then its article's do.
        if story.members and story.centroid is None:
            self._own_centroid(story)
            story.aspects = story.aspects or Aspects.of(self._counted(story.members))
        member.story_id = story.id
        if story.members:
            story.members.append(member.id)
        else:
            story.members = [member.id]  # takes less room than a list that it is added to
        if story.aspects is None:
            member.is_origin = True
        else:
            member.is_origin = story.aspects.add(member, self.key_of(member.copy_of))
            if not member.copy_of:
                self._add_member(story, member, 1)
        self._enter_indexes(member, story)
        self.changed[f"a/{member.id}"] = None
        self.changed[f"s/{story.id}"] = None

    def _own_centroid(self, story: LiveStory) -> None:
        if story.centroid is None:
            story.dense = self.dense(story)
            vector, story.norm2 = self.centroid(story)
            story.centroid = dict(vector.items())

    def _add_member(self, story: LiveStory, member: Member, sign: int) -> None:
        if story.centroid is not None:
            story.dense = add_sums(story.dense, member.dense_sum, sign)
            story.add_vector(member.vector, sign)

    def _enter_indexes(self, member: Member, story: LiveStory) -> None:
        if member.copy_of:  # one representative of a group of copies is enough, in every index
            self.term_index.share(member.vector)
            self.shared_key_index.share(member.shared_keys)
            return
        self.copy_index.put(member.seq, member.fingerprint)
        self.term_index.put(member.seq, member.vector)
        self.shared_key_index.put(member.seq, member.shared_keys)
        member.indexed = True
        story.indexed += 1
        if member.id != story.members[-1]:
            story.trimmed = 0  # an old article has come back to the index: look from the start for what to take out
        self._trim(story)

    def _leave_indexes(self, member: Member, story: LiveStory) -> None:
        if not member.copy_of:
            self.copy_index.drop(member.seq, member.fingerprint)
        if member.indexed:
            self._drop_indexed(member, story)

    def _drop_indexed(self, member: Member, story: LiveStory) -> None:
        self.term_index.drop(member.seq, member.vector)
        self.shared_key_index.drop(member.seq, member.shared_keys)
        member.indexed = False
        story.indexed -= 1

    def _trim(self, story: LiveStory) -> None:
        """Keep the newest of a large story in the index."""
        while story.indexed > INDEXED_PER_STORY:
            member = self.members[story.members[story.trimmed]]
            story.trimmed += 1
            if member.indexed:
                self._drop_indexed(member, story)
                self.changed[f"a/{member.id}"] = None

    def _take_members(self, story: LiveStory, article_ids: list[str]) -> None:
        """Put others among the story's articles, both in order of arrival; only where they overlap is there to sort."""
        earlier, later = sorted((story.members, article_ids), key=lambda ids: self._seq_of(ids[0]))
        cut = bisect_right(earlier, self._seq_of(later[0]), key=self._seq_of)
        story.trimmed = min(story.trimmed, cut) if earlier is story.members else 0
        story.members = earlier[:cut] + sorted(earlier[cut:] + later, key=self._seq_of)

    def _inherit_apart(self, story: LiveStory, other: LiveStory) -> None:
        # What was to stay apart from the one stays apart from both.
        story.forget_apart(other.id)
        for third_id in other.apart:
            third = self.stories.get(third_id)
            if third is not None and third is not story:
                third.forget_apart(other.id)
                self.set_apart(story, third)

    def _seq_of(self, article_id: str) -> int:
        return self.members[article_id].seq


def _nth_name(article_id: str, count: int) -> str:
    return f"{article_id}-{count + 1}" if count else article_id
