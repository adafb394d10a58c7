"""A story's corrections: which reports changed a fact or took it back, and who still tells what they told before.

Folded from the versions of its articles whenever somebody reads it, like the ledgers. A report that grows, or says the
same in other words, is not listed; whether the earlier or the later version is right is not asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from stayahead.analyze.amendment import Amendment, FactChange, Severity, amendment
from stayahead.model import StoryArticle, Version
from stayahead.text import tokens

CARRIED_WORDS = 10
"""Words of a sentence from which it is met in another report by being told again, and not by chance."""
ONE_EDIT = timedelta(hours=1)
"""Within which a feed and a page tell of one edit, each in its turn: the headline by the one, the text by the other."""
_Edit: TypeAlias = tuple[str, str, str]
_GRAVE = (Severity.FACT, Severity.EMPTIED, Severity.WITHDRAWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended:
    """What one version of a report of the story changed in the one before it."""

    article: StoryArticle
    revision: int
    read_at: datetime
    amendment: Amendment


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """That a version of a report changed a fact, took it back, or says that it corrects something."""

    amended: Amended
    still_carried_by: tuple[StoryArticle, ...] = ()
    """Other reports of the story whose text holds a sentence that this version changed, as it stood before."""


def amendment_of(later: Version, earlier: Version) -> Amendment:
    """What a version changed in the one before it."""
    after, before = later.article, earlier.article
    return amendment(before.page, after.page, title_before=before.title, title_after=after.title)


def is_correction(value: Amendment) -> bool:
    """Whether a version did more than grow or change its words."""
    return value.note is not None or value.severity in _GRAVE


def corrections(versions: Iterable[Amended], *, others: Mapping[StoryArticle, str]) -> tuple[Correction, ...]:
    """The corrections among those versions, the newest first, each with who still tells what was told before.

    Args:
        versions: what later versions of the story's reports changed.
        others: reports of the story, each with its text as it stands now.
    """
    by_article: dict[str, list[Amended]] = defaultdict(list)
    for each in versions:
        by_article[each.article.id].append(each)
    grave = [each for own in by_article.values() for each in _told_once(sorted(own, key=lambda one: one.revision))]
    grave.sort(key=lambda each: (each.read_at, each.article.id, each.revision), reverse=True)
    words = {other: _in_words(text) for other, text in others.items()}
    return tuple(Correction(amended=each, still_carried_by=_carriers(each, words)) for each in grave)


def _told_once(versions: Sequence[Amended]) -> Iterator[Amended]:
    """The corrections among one article's versions, each edit once; what was taken back and came again is not gone."""
    is_gone = versions[-1].amendment.is_gone
    told: list[tuple[Amended, dict[_Edit, FactChange]]] = []
    for each in versions:
        own = each.amendment
        if not is_correction(own) or (own.is_gone and not is_gone):
            continue
        facts: dict[_Edit, FactChange] = {}
        for fact in own.facts:
            edit = _edit(fact)
            recent = (kept for one, kept in told if edit in kept and each.read_at - one.read_at <= ONE_EDIT)
            # Whoever says that it was corrected tells it, else who changed it first.
            kept = next(recent, facts)
            into = facts if own.note is not None else kept
            into[edit] = max(kept.pop(edit, fact), fact, key=lambda one: len(one.stood_in))
        told.append((each, facts))
    for each, facts in told:
        own = each.amendment
        if facts or not own.facts or own.note is not None:
            yield replace(each, amendment=replace(own, facts=tuple(facts.values())))


def _edit(fact: FactChange) -> _Edit:
    """One figure may be written in letters in a headline and in digits in the text: words as they are read."""
    return fact.what, " ".join(tokens(fact.before)), " ".join(tokens(fact.after))


def _carriers(amended: Amended, words: Mapping[StoryArticle, str]) -> tuple[StoryArticle, ...]:
    sentences = {_in_words(fact.stood_in) for fact in amended.amendment.facts}
    told = [sentence for sentence in sentences if sentence.count(" ") > CARRIED_WORDS]
    return tuple(
        other
        for other, text in words.items()
        if other.id != amended.article.id and any(sentence in text for sentence in told)
    )


def _in_words(text: str) -> str:
    """The words of a text with a blank before and behind each, so that whole sentences can be sought in it."""
    return f" {' '.join(tokens(text))} "
