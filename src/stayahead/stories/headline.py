"""Chooses the article whose headline a story bears, so that readers see what is new, in words that many confirm.

Candidates are the newest articles of the story's latest independent publishers. A headline is worth how much its words
weigh in what the *others* say, in all and lately, over the root of how many they are. It must not be short to win (few
words are central because they are general: a story of 268 origins was called "Climate Change"), and loses by its form:
cut off, shouted, a question, a teaser. Newer ones are worth a little more; an agency's more, for it is written to be
reprinted and rewritten as news comes; less one whose publisher has said something newer. The present headline gives way
only to one that is clearly better, so that it does not change with every article. Weights and what they were chosen on:
docs/decisions/0036.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from math import sqrt

from stayahead.analyze.terms import title_terms
from stayahead.language.lexicon import union
from stayahead.stories.aspects.origins import shared_keys
from stayahead.stories.members import Member
from stayahead.stories.vectors import Packed, Vector, norm2
from stayahead.stories.weights import (
    LEAD_AGE,
    LEAD_AGENCY,
    LEAD_CANDIDATES,
    LEAD_FORM,
    LEAD_FROM,
    LEAD_GAIN,
    LEAD_LOOKED_AT,
    LEAD_NEWER,
    LEAD_SHORT,
    LEAD_SUPERSEDED,
    LEAD_WORDS,
)
from stayahead.text import fold, tokens

_CUT_OFF = ("...", "…", "..")
_TEASERS = union("headlines.teasers")
"""Words that, before a colon or in brackets at the start, announce something else than news of the event."""


def choose(
    newest_first: Iterable[Member], centroid: tuple[Vector | Packed, int], lead: Member | None = None
) -> Member | None:
    """The article to lead; None when the story keeps the one that it has.

    Args:
        newest_first: the story's articles.
        centroid: of all of them, with its squared length.
        lead: the one that leads now; None where there is none, so that one must be chosen.
    """
    candidates = list(_independent(newest_first))
    # With one publisher there are no others to confirm a word: its headline stays, unless there is nothing in it.
    if not candidates or (
        lead is not None and len(candidates) < LEAD_FROM and worth_of_form(lead.title, lead.language)
    ):
        return None
    vector, length = centroid
    of_all = (vector if isinstance(vector, dict) else vector.unpacked()).get
    own_vectors = [member.vector.unpacked() for member in candidates]
    lately: Vector = {}
    of_late = lately.get
    for own in own_vectors:
        for term, weight in own.items():
            lately[term] = of_late(term, 0) + weight
    # Both as if of one length: what the whole story says keeps the headline to the event, what is said lately to its
    # news. An earthquake with 47 dead is no longer "Strong earthquake strikes".
    share = sqrt(norm2(lately) / max(length, 1))
    newest_of = {member.origin_keys[0]: member.id for member in candidates}
    latest = max(member.placed_at for member in candidates)

    def worth(member: Member, own: Vector) -> float:
        words = headline_terms(member.title, member.language)
        # An article is no witness to its own words.
        of_own = own.get
        support = [of_late(word, 0) + share * of_all(word, 0) - (1 + share) * of_own(word, 0) for word in words]
        # Over the root of their number: by their sum the longest headline would win, by their mean the most general.
        confirmed = sum([weight for weight in support if weight > 0]) / sqrt(max(len(words), LEAD_WORDS))
        form = worth_of_form(member.title, member.language) * (LEAD_AGENCY if member.is_agency else 1.0)
        newness = 1.0 - min(max((latest - member.placed_at) / LEAD_AGE, 0.0), 1.0)
        # The present lead may be no candidate any more: then its publisher itself has said something newer. One that
        # other publishers pushed out keeps its worth, or the headline would change hands 652 times a day.
        if newest_of.get(member.origin_keys[0], member.id) != member.id:
            form *= LEAD_SUPERSEDED
        return confirmed * form * (1.0 + LEAD_NEWER * newness)

    # The newer one on a tie; an article that is being decided has no number yet, and is the newest of all.
    worths = [(worth(member, own), member) for member, own in zip(candidates, own_vectors, strict=True)]
    most, best = max(worths, key=lambda pair: (round(pair[0], 3), pair[1].seq or float("inf")))
    if lead is None:
        return best
    return best if best.id != lead.id and most > LEAD_GAIN * worth(lead, lead.vector.unpacked()) else None


@lru_cache(maxsize=2048)
def headline_terms(title: str, language: str) -> tuple[str, ...]:
    """The words of a headline that say something, as terms of vectors."""
    return title_terms(tokens(title), language=language)


@lru_cache(maxsize=2048)
def worth_of_form(title: str, language: str) -> float:
    """1 for a headline that is one by its form, less for others, 0 for one without words.

    >>> worth_of_form("Earthquake in Calverra kills at least 17", "en")
    1.0
    """
    words = headline_terms(title, language)
    if not words:
        return 0.0
    worth = 1.0
    # Faults add up: a short question in capitals is worth a third.
    if len(words) < LEAD_SHORT:
        worth *= LEAD_FORM
    text = title.strip()
    if text.endswith(_CUT_OFF):
        worth *= LEAD_FORM
    if text.isupper():
        worth *= LEAD_FORM
    if "?" in text or "？" in text or _is_teaser(text):
        worth *= LEAD_FORM
    return worth


def _is_teaser(title: str) -> bool:
    head, colon, _ = fold(title).partition(":")
    return bool(colon) and any(word in _TEASERS for word in head.replace("[", " ").replace("]", " ").split())


def _independent(newest_first: Iterable[Member]) -> Iterable[Member]:
    """The newest article of each of the latest publishers; of those that share one origin only one."""
    keys: set[str] = set()
    for member in islice(newest_first, LEAD_LOOKED_AT):
        own = shared_keys(member.origin_keys)
        if member.copy_of or not keys.isdisjoint(own):
            continue
        keys.update(own)
        yield member
        if len(keys) >= LEAD_CANDIDATES:
            return
