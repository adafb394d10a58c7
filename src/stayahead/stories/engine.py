"""The engine decides which articles are about one event, and tells as numbered updates how its stories change.

Theory of operation
===================
A story is a set of articles about one event; every live article is in exactly one. The engine is a state machine over
that partition. It has two verbs: `decide` reads the state and says what should change, `apply` changes it and decides
nothing; `add` is both. Published updates are therefore never decided again: after a crash they are applied.

One input goes this way. `engine.py` chooses what to do about it, with the help of those who compare articles and
stories (`match`, `copies`, `split`, `crosslingual`, `sleepers`). `plan.py` writes the decision down as updates; what an
update changes the next one must see, but the state must not change yet, so a plan works on drafts of stories.
`apply.py` carries the updates out on `state.py`. `effects.py` says what each update moves where, for the store, the
live stream and whoever else keeps stories: nobody outside this folder has to know the kinds of updates.

Words: a story is *live* while it has news, and *asleep* after EXPIRE_AFTER without; an article is live as long as its
story is. A near copy of another article's text is a *copy*, the other its *original*. An *origin* is an article that
confirms the event independently of those before it: no copy, not of the same publisher, owner or agency.

    input      what decide may answer (updates, in this order)
    Arrival    Joined(copy_of)   a near copy of a live article joins its original's story, whatever else it resembles;
                                 with much text of its own beside, it joins as an origin
               Joined, Revised*  an agency's own article, met after a reprint of it, becomes the original of its copies
               Joined, Merged?   a story's score passes what is asked; two stories that both claim it may turn out one
               Joined            nothing live is near enough: a story asleep is taken up again (`sleepers`), or
               Opened, Linked?   a story named after the article begins; it may follow one that sleeps
               …, Linked         a story that has doubled is told what it stands beside (`links`)
    Revision   Revised, Merged?  new text, new signals; an article alone in its story may thereby find another story
               Revised*          another publisher speaks in it now: its story is counted anew
    Removal    Removed, Revised* the rest is counted anew; a story without articles is `empty` and forgotten; of a story
                                 asleep `Removed` alone, and nothing wakes it any more
    Ruling     Ruled, then       the owner's word; told, too, where it is about a story asleep
               Merged | Split, Revised* | nothing
    Tick       Expired*, Merged* stories silent for EXPIRE_AFTER sleep, sooner where too much is live (`crowding`);
                                 small silent ones are offered to larger ones

    a story     (none) ──Opened, Split──▶ live ──Expired──▶ asleep ──Joined──▶ live
                                           ├─────Merged───▶ merged: its id leads to the other story for ever
                                           └─────Removed──▶ empty, or asleep where it had been before

    an article  (unknown) ──Opened, Joined──▶ in a story ──Revised──▶ in the same story
                                                ├────Merged, Split──▶ in another story
                                                └─Removed, Expired──▶ (unknown)

Invariants, each with a property test: an article is in exactly one story; `decide` leaves the state as it was; the same
inputs give the same updates on every machine; a restored engine goes on as the one that was saved; `update.story` is
what the state says after `apply`; an id once given never names another story.

How it is fast: one inverted index over live articles with bounded reading (`index`), exact cosines only for the few
stories that it proposes (`match`), counts kept up instead of counted (`origins`). How it is exact: vectors are whole
numbers, so sums do not depend on order; what is read from an index depends on what is in it, never on its history.
How it stays small: what is silent is forgotten; the store, not the engine, answers for sleeping stories, so the owner's
word about one brings along what the store has of it (`rulings`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import assert_never

from stayahead.model import (
    Arrival,
    Article,
    Input,
    LiveMembership,
    Removal,
    Revision,
    Ruling,
    Signals,
    Snapshot,
    Split,
    StoryHead,
    Tick,
    Update,
)
from stayahead.stories.apply import apply
from stayahead.stories.aspects.origins import is_credited
from stayahead.stories.crowding import crowded_out
from stayahead.stories.links import begin, relate
from stayahead.stories.match import matches, merge_target, rescue_target
from stayahead.stories.members import LiveStory, Member
from stayahead.stories.plan import Plan, StoryDraft
from stayahead.stories.rebuild import rebuilt
from stayahead.stories.rulings import remove, rule
from stayahead.stories.snapshot import changed_rows, read_rows
from stayahead.stories.split import divide, is_due
from stayahead.stories.state import State
from stayahead.stories.weights import (
    COPY_WINDOW,
    EXPIRE_AFTER,
    EXPIRED_PER_TICK,
    RESCUE_AFTER,
    RESCUE_COUNTS,
    TICK,
)


class StoryEngine:
    """The one owner of the stories. Not safe for threads: it belongs to one."""

    def __init__(self) -> None:
        self._state = State()
        self.live_most = 0
        """Live articles past which stories sleep early (`crowding`); 0: there is no bound."""
        # The article decided last, so that applying it at once does not weigh its terms again.
        self._decided: Member | None = None

    # --- Asking ----------------------------------------------------------------------------------------------------

    @property
    def number(self) -> int:
        """Number of the last update applied; 0 before the first."""
        return self._state.number

    @property
    def at(self) -> datetime:
        """Time of the last update applied; 1970 before the first."""
        return self._state.at

    @property
    def live_stories(self) -> int:
        """How many stories are awake."""
        return len(self._state.stories)

    def resolve(self, story_id: str) -> str:
        """The id that a story answers under: itself, or the one that it merged into. Unknown ids come back as given."""
        return self._state.resolve(story_id)

    def story_of(self, article_id: str) -> str | None:
        """The live story that an article is in; None when the engine does not hold it (never met, left, or asleep)."""
        member = self._state.members.get(article_id)
        return member.story_id if member else None

    def articles_of(self, story_id: str) -> tuple[str, ...]:
        """Articles of a live story, in the order of their arrival; none when it is not live."""
        story = self._state.stories.get(self.resolve(story_id))
        return tuple(story.members) if story else ()

    def head(self, story_id: str) -> StoryHead | None:
        """A live story as it stands; None when it is not live."""
        story = self._state.stories.get(self.resolve(story_id))
        if story is None:
            return None
        state = self._state
        return StoryDraft(state.head(story), state.aspects(story), opened_number=story.opened_number).as_head()

    # --- Saving ----------------------------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """The rows of the state that changed since the last call; all of them at the first.

        Rows are given out once: an engine whose snapshot was not committed is to be restored from the last that was.
        """
        return changed_rows(self._state)

    @classmethod
    def restore(cls, snapshot: Snapshot) -> StoryEngine:
        """The engine whose rows those are (all of them, in any order).

        Raises:
            SnapshotFormat: rows that this version cannot read; use `rebuild`.
        """
        engine = cls()
        engine._state = read_rows(snapshot)
        return engine

    @classmethod
    def rebuild(cls, live: LiveMembership) -> StoryEngine:
        """An engine of the live stories as the store has them, where there is no snapshot that can be read.

        Every live article is in the story that readers were shown; what only a snapshot knows is lost (`rebuild`).
        """
        engine = cls()
        engine._state = rebuilt(live)
        return engine

    # --- Deciding --------------------------------------------------------------------------------------------------

    def add(self, an_input: Input, now: datetime) -> tuple[Update, ...]:
        """Decide, and apply at once.

        Raises:
            RulingError: nothing was changed.
        """
        updates = self.decide(an_input, now)
        if isinstance(an_input, Arrival | Revision):
            self.apply(updates, article=an_input.article, signals=an_input.signals)
        else:
            self.apply(updates)
        return updates

    def decide(self, an_input: Input, now: datetime) -> tuple[Update, ...]:
        """What the input changes, as updates numbered from `number` + 1; the state stays as it is.

        Raises:
            RulingError: a ruling about stories or articles that are not there, or one that makes no sense.
        """
        # Time never runs back for the engine, whatever the clock does.
        now = max(now, self._state.at)
        plan = Plan(self._state, now)
        match an_input:
            case Arrival():
                self._arrival(plan, an_input, now)
            case Revision():
                self._revision(plan, an_input, now)
            case Removal():
                remove(plan, self._state, an_input)
            case Ruling():
                rule(plan, self._state, an_input)
            case Tick():
                self._tick(plan, now)
            case _:
                assert_never(an_input)
        return tuple(plan.updates)

    def _arrival(self, plan: Plan, arrival: Arrival, now: datetime) -> None:
        state = self._state
        # An article arrives once; a later text of it is a revision.
        if arrival.article.id in state.members:
            return
        self._place(plan, arrival, now)
        # The offers below read the state, which does not know yet what a split has done to its stories.
        if any(isinstance(update.change, Split) for update in plan.updates):
            return
        # The same offers as a tick's: what a silence is in a quiet stream, so many arrivals are in a busy one. The
        # article that came then says which story, so nothing has to be remembered (docs/decisions/0102).
        for count in RESCUE_COUNTS:
            earlier = state.by_seq.get(state.next_seq - count)
            if earlier is not None and state.stories[earlier.story_id].members[-1] == earlier.id:
                self._offer(plan, state.stories[earlier.story_id])

    def _place(self, plan: Plan, arrival: Arrival, now: datetime) -> None:
        """A new article finds its story."""
        state = self._state
        member = self._member(arrival.article, arrival.signals)
        # Copies first: the same words are surer than like ones, and cost one look-up.
        original = self._original(member, now)
        if original is not None and original.is_reprint_of(member):
            plan.take_over(state.stories[original.story_id], member, original)
            return
        if original is not None:
            # A report of its own that carries another's text is of its story, but no copy (docs/decisions/0164).
            copy_of = "" if member.adds_its_own(original) else original.id
            plan.join(state.stories[original.story_id], member, copy_of=copy_of, similarity=1.0)
            return
        candidates = matches(state, member)
        if not candidates or candidates[0].score < 0:
            begin(plan, state, member, candidates, now=now)
            return
        story, similarity = candidates[0].story, candidates[0].similarity
        # Before it joins: the article is then placed in the right half at once, and need not move.
        division = divide([state.members[each] for each in story.members]) if is_due(story) else None
        if division is not None:
            leaving, staying = plan.split(story, division.leaving)
            draft = leaving if division.is_nearer_leaving(member.vector.unpacked()) else staying
            plan.join_side(draft, member, similarity=similarity)
            return
        # Compared before the join, with the article counted in by hand: the state has it only once it is applied.
        other = merge_target(state, story, member, candidates)
        plan.join(story, member, similarity=similarity)
        # A story that merges now is not told what it stands beside: it is about to stand elsewhere.
        if other is not None:
            plan.merge(story, other.story, similarity=other.similarity)
        else:
            relate(plan, state, story, member, now=now)

    def _revision(self, plan: Plan, revision: Revision, now: datetime) -> None:
        state = self._state
        old = state.members.get(revision.article.id)
        # What has slept or was removed is not taken up by a new text; what is older than ours came too late.
        if old is None or revision.article.revision <= old.revision:
            return
        story = state.stories[old.story_id]
        is_alone = len(story.members) == 1
        member = self._member(revision.article, revision.signals)
        original = self._original(member, now)
        # What others copy stays an original: a copy of a copy would lead nowhere. And no likeness of words overrules
        # the owner, or a split, that set two stories apart.
        if original is not None and (self._has_copies(old, story) or original.story_id in story.apart):
            original = None
        if original is not None and member.adds_its_own(original):
            original = None
        # What is copied is an original of the same story: readers fold copies under it.
        if original is not None and (is_alone or original.story_id == story.id):
            member.copy_of = original.id
        plan.revise(story, member, was_origin=old.is_origin)
        # An article among others stays where readers have found it. One that is alone, perhaps since its first text was
        # a mere headline, may take its whole story to another one.
        if not is_alone:
            return
        if member.copy_of and original is not None:
            plan.merge(story, state.stories[original.story_id], similarity=1.0)
            return
        others = [match for match in matches(state, member, leave_out=story.id) if match.story.id not in story.apart]
        if others and others[0].score >= 0:
            plan.merge(story, others[0].story, similarity=others[0].similarity)

    def _tick(self, plan: Plan, now: datetime) -> None:
        # A function of the state and the time alone: no queue of what is due, which a restart would lose
        # (docs/decisions/0033).
        state = self._state
        silent = state.silence_index.until(now - EXPIRE_AFTER)
        for story in islice((story for story in silent if not story.pinned), EXPIRED_PER_TICK):
            plan.expire(story)
        if self.live_most:
            for story in crowded_out(state, self.live_most, now):
                if not plan.is_gone(story):
                    plan.expire(story)
        # A small story that nothing joins is most often about an event that a larger one has under other words. Offered
        # seldom: frequent early offers merge what is not one yet.
        for silence in RESCUE_AFTER:
            for story in state.silence_index.between(now - silence - TICK, now - silence):
                self._offer(plan, story)

    def _offer(self, plan: Plan, story: LiveStory) -> None:
        """Let a larger story take in a small one."""
        # An earlier update of this plan may have merged or closed either of them; the state does not show it yet.
        target = None if plan.is_gone(story) else rescue_target(self._state, story)
        if target is not None and not plan.is_gone(target.story):
            plan.merge(story, target.story, similarity=target.similarity)

    def _member(self, article: Article, signals: Signals) -> Member:
        rarity = self._state.rarity
        member = Member(article, signals, rarity.vector(signals), rarity.shared_keys(signals))
        self._decided = member
        return member

    def _original(self, member: Member, now: datetime) -> Member | None:
        """The live article that this one copies."""
        by_seq = self._state.by_seq

        def look_up(seq: int) -> tuple[Sequence[int], int] | None:
            candidate = by_seq[seq]
            # The text before this revision is most like it of all, and no original of it.
            if candidate.id == member.id or now - candidate.arrived_at > COPY_WINDOW:
                return None
            # An agency's customer may be read before the agency, whose name stands in its text.
            if is_credited(candidate.origin_keys, member.origin_keys):
                return None
            return candidate.fingerprint, candidate.shingles

        if not member.shingles:
            return None
        return by_seq.get(self._state.copy_index.find(member.fingerprint, member.shingles, look_up=look_up))

    def _has_copies(self, member: Member, story: LiveStory) -> bool:
        return any(self._state.members[other].copy_of == member.id for other in story.members)

    # --- Applying --------------------------------------------------------------------------------------------------

    def apply(self, updates: Iterable[Update], article: Article | None = None, signals: Signals | None = None) -> None:
        """Change the state as the updates say.

        Args:
            updates: in order, the first numbered `number` + 1.
            article: the one that was opened, joined or revised; not needed for other changes.
            signals: of that article, those that decided.

        Raises:
            ValueError: updates out of order, or without the evidence that they need.
        """
        for update in updates:
            if update.number != self._state.number + 1:
                raise ValueError(f"update {update.number} does not follow {self._state.number}")
            evidence = (article, signals) if article is not None and signals is not None else None
            apply(self._state, update, evidence, decided=self._decided)
            self._state.number = update.number
            self._state.at = max(self._state.at, update.at)
        self._decided = None
