"""A recount says what a story will be when some of its articles leave: the aspects, copies and origins of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stayahead.stories.aspects import Aspects
from stayahead.stories.aspects.origins import origin_key
from stayahead.stories.members import LiveStory, Member, in_counting_order
from stayahead.stories.state import State


class Recount:
    """What a story will be when it is left with some of its articles, counted anew."""

    __slots__ = ("article_ids", "aspects", "copy_of", "is_origin")

    def __init__(self, article_ids: list[str], copy_of: dict[str, str], before: Aspects | None) -> None:
        self.article_ids = article_ids
        """In order of arrival."""
        self.copy_of = copy_of
        self.aspects = before.copy() if before else Aspects()
        self.is_origin: dict[str, bool] = {}

    @classmethod
    def of(cls, state: State, article_ids: Iterable[str], *, before: Aspects | None = None) -> Recount:
        """Count those articles anew, after what the story was when it slept."""
        # Added in the order in which `State.settle` will add them, so that the update says what the state will have.
        members = state.members
        ordered = sorted(article_ids, key=lambda article_id: members[article_id].seq)
        recount = cls(ordered, reroot(members, ordered), before)
        recount._add_all(members)
        return recount

    @classmethod
    def with_revised(cls, state: State, story: LiveStory, revised: Member) -> Recount:
        """Count a story anew with that text in place of its article's; what each copies stays."""
        members = {article_id: state.members[article_id] for article_id in story.members} | {revised.id: revised}
        copy_of = {article_id: member.copy_of for article_id, member in members.items()}
        recount = cls([*story.members], copy_of, story.before)
        # The original of an article alone may stand in another story.
        members |= {each: state.members[each] for each in copy_of.values() if each and each in state.members}
        recount._add_all(members | {revised.id: revised})
        return recount

    def _add_all(self, members: Mapping[str, Member]) -> None:
        for article_id in in_counting_order(members, self.article_ids, self.copy_of):
            original = members.get(self.copy_of[article_id])
            copied_key = origin_key(original.origin_keys) if original else ""
            self.is_origin[article_id] = self.aspects.add(members[article_id], copied_key)


def count_anew(state: State, story: LiveStory, revised: Member) -> None:
    """Another one speaks in an article: no aspect forgets, so all are made anew, as the plan did."""
    if story.aspects is None:  # those of an article alone are not kept
        return
    recount = Recount.with_revised(state, story, revised)
    story.aspects = recount.aspects
    for article_id, is_origin in recount.is_origin.items():
        if state.members[article_id].is_origin != is_origin:
            state.members[article_id].is_origin = is_origin
            state.changed[f"a/{article_id}"] = None


def reroot(members: Mapping[str, Member], article_ids: Iterable[str]) -> dict[str, str]:
    """What each of those articles copies when only they are left.

    The original of a group of copies stays; without it an agency's article takes its place, else the first to arrive.
    """
    # A group is an original with its copies; what it copied names it even where that one has left.
    groups: dict[str, list[Member]] = {}
    for member in sorted((members[article_id] for article_id in article_ids), key=lambda member: member.seq):
        groups.setdefault(member.copy_of or member.id, []).append(member)
    copy_of: dict[str, str] = {}
    # An agency's before an earlier reprint, as when both arrived (`Member.is_reprint_of`).
    for original, group in groups.items():
        root = min(group, key=lambda member: (member.id != original, not member.is_agency, member.seq)).id
        for member in group:
            copy_of[member.id] = "" if member.id == root else root
    return copy_of
