"""A story's corrections: which reports changed a fact or took it back, and who still tells what they told before.

Folded from the versions of its articles whenever somebody reads it, like the ledgers. A report that grows, or says the
same in other words, is not listed; whether the earlier or the later version is right is not asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from stayahead.analyze.amendment import Amendment, Severity, amendment
from stayahead.model import StoryArticle, Version
from stayahead.text import tokens

CARRIED_WORDS = 6
"""Words of a sentence from which it is met in another report by being told again, and not by chance."""
_GRAVE = (Severity.FACT, Severity.EMPTIED, Severity.WITHDRAWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A report of a story with its last versions."""

    article: StoryArticle
    versions: Sequence[Version]
    """Newest first, without gaps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """That a version of a report changed a fact, took it back, or says that it corrects something."""

    article: StoryArticle
    revision: int
    read_at: datetime
    amendment: Amendment
    still_carried_by: tuple[StoryArticle, ...] = ()
    """Other reports of the story whose text holds a sentence that this version changed, as it stood before."""


def corrections(histories: Iterable[History], *, others: Mapping[StoryArticle, str]) -> tuple[Correction, ...]:
    """Every correction that those versions made, the newest first.

    Args:
        histories: the reports that have more than one version.
        others: reports of the story, each with its text as it stands now, among which those are sought that still tell
            what was told before.
    """
    words = {other: _in_words(text) for other, text in others.items()}
    found = [one for each in histories for one in _of_one(each, words)]
    return tuple(sorted(found, key=lambda one: (one.read_at, one.article.id, one.revision), reverse=True))


def is_correction(value: Amendment) -> bool:
    """Whether a version did more than grow or change its words."""
    return value.note is not None or value.severity in _GRAVE


def _of_one(history: History, words: Mapping[StoryArticle, str]) -> Iterable[Correction]:
    for later, earlier in zip(history.versions, history.versions[1:], strict=False):
        after, before = later.article, earlier.article
        changed = amendment(before.page, after.page, title_before=before.title, title_after=after.title)
        if is_correction(changed):
            sentences = [_in_words(fact.stood_in) for fact in changed.facts]
            told = [sentence for sentence in sentences if sentence.count(" ") > CARRIED_WORDS]
            yield Correction(
                article=history.article,
                revision=after.revision,
                read_at=later.read_at,
                amendment=changed,
                still_carried_by=tuple(
                    other
                    for other, text in words.items()
                    if other.id != after.id and any(sentence in text for sentence in told)
                ),
            )


def _in_words(text: str) -> str:
    """The words of a text with a blank before and behind each, so that whole sentences can be sought in it."""
    return f" {' '.join(tokens(text))} "
