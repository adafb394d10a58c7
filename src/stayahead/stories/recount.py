"""A recount says what a story will be when some of its articles leave: the aspects, copies and origins of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stayahead.stories.aspects import Aspects
from stayahead.stories.members import Member, in_counting_order
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
    def of(
        cls,
        state: State,
        article_ids: Iterable[str],
        *,
        before: Aspects | None = None,
        revised: Member | None = None,
    ) -> Recount:
        """Count those articles anew, one of them perhaps as it will be, after what the story was when it slept."""
        # Added in the order in which `State.settle` will add them, so that the update says what the state will have.
        members = {article_id: state.members[article_id] for article_id in article_ids}
        ordered = sorted(members, key=lambda article_id: members[article_id].seq)
        if revised is not None:
            members[revised.id] = revised
        recount = cls(ordered, reroot(members, ordered), before)
        copy_of = recount.copy_of
        for article_id in in_counting_order(members, ordered, copy_of):
            original = members.get(copy_of[article_id])
            copied_key = original.origin_keys[0] if original else ""
            recount.is_origin[article_id] = recount.aspects.add(members[article_id], copied_key)
        return recount


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
