"""A story's corrections: which reports changed a fact or took it back, and who still tells what they told before.

Folded from the versions of its articles whenever somebody reads it, like the ledgers. A report that grows, or says the
same in other words, is not listed; whether the earlier or the later version is right is not asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from stayahead.analyze.amendment import Amendment, Severity, amendment
from stayahead.model import StoryArticle, Version
from stayahead.text import tokens

CARRIED_WORDS = 10
"""Words of a sentence from which it is met in another report by being told again, and not by chance."""
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
    grave = [each for each in versions if is_correction(each.amendment)]
    grave.sort(key=lambda each: (each.read_at, each.article.id, each.revision), reverse=True)
    words = {other: _in_words(text) for other, text in others.items()}
    return tuple(Correction(amended=each, still_carried_by=_carriers(each, words)) for each in grave)


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
