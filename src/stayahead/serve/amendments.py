"""Reads what the later versions of a story's reports changed; what was compared once is kept."""

from __future__ import annotations

from collections import OrderedDict
from itertools import pairwise

from stayahead.analyze.amendment import Amendment
from stayahead.model import Story, StoryArticle, Version
from stayahead.ports import Pages
from stayahead.stories.corrections import Amended, Correction, amendment_of, corrections

ARTICLES_MOST = 200
"""Newest articles of a story that are looked through."""
VERSIONS_MOST = 6
"""Newest versions of an article that are compared, each with the one before it."""
AMENDMENTS_KEPT = 2_000
"""At most some 25 kB each, where a hostile report changes a dozen endless sentences; a few hundred bytes as a rule."""
CHARS_MOST = 2_000_000
"""Characters of texts that are read for one answer; what is older is left out, and the answer says so."""


class Amendments:
    """What versions changed, kept: a version never changes again, and two long texts take 50 ms to compare."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int], Amendment] = OrderedDict()

    def of(self, later: Version, earlier: Version) -> Amendment:
        """What a version changed in the one before it. For one thread at a time (`Site.differences`)."""
        key = (later.article.id, later.article.revision)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = amendment_of(later, earlier)
            while len(self._kept) > AMENDMENTS_KEPT:
                self._kept.popitem(last=False)
        return found


def read_corrections(pages: Pages, story: Story, amendments: Amendments) -> tuple[tuple[Correction, ...], bool]:
    """The corrections among those articles of the story, the newest first, and whether all its texts were read."""
    left = CHARS_MOST
    versions: list[Amended] = []
    texts: dict[StoryArticle, str] = {}
    for article in reversed(story.articles):
        if article.revision and left > 0:
            read = pages.versions(article.id, limit=VERSIONS_MOST)
            left -= sum(len(each.article.page.text) for each in read)
            for later, earlier in pairwise(read):
                versions.append(
                    Amended(
                        article=article,
                        revision=later.article.revision,
                        read_at=later.read_at,
                        amendment=amendments.of(later, earlier),
                    )
                )
    if any(each.amendment.facts for each in versions):
        for article in reversed(story.articles):
            stored = pages.article(article.id) if left > 0 else None
            if stored is not None:
                texts[article] = stored.page.text
                left -= len(stored.page.text)
    return corrections(versions, others=texts), left > 0 and story.older is None
