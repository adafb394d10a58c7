"""Finds what a reader's query asks for, newest first, one month's table after the other until a page is full.

A month's table knows which articles hold which words. Forms of a word ("floods", "flooding") are looked for among the
words of that month, so nothing is indexed twice and older months know them too. The order of words is in no table:
candidates for a phrase are the articles with all of its words, and their texts are read, a bounded number a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import apsw

from stayahead.analyze.card import SEARCHED_CHARS
from stayahead.analyze.search_query import (
    Manner,
    SearchQuery,
    Wanted,
    forms_of,
    found_in,
    holds_phrase,
    read_query,
    root_of,
)
from stayahead.model import Article, SearchHit, SearchPage
from stayahead.store import rows, search
from stayahead.store.sql import blocks
from stayahead.text import collapse, first_sentences, is_unspaced, sentence_spans, tokens

ARTICLES = blocks("articles.sql")

END = (1 << 63) - 1
"""Past the largest row id."""
TEXTS_MAX = 400
"""Texts read for one page of a phrase, about a third of a millisecond each; then the page ends and the next goes on."""
CANDIDATES_MAX = 2_000
"""Words of a month that share a beginning and may be forms of one word."""
PASSAGE_MAX = 300
"""Characters of a passage, as of a teaser."""


def find(db: apsw.Connection, typed: str, *, limit: int, before: datetime | int | None, language: str) -> SearchPage:
    """See `ports.Pages.search`."""
    query = read_query(typed)
    if not query.all_of or limit < 1:
        return SearchPage(hits=(), is_last=True)
    asked = _Asked(db, query, language)
    hits: list[SearchHit] = []
    last, is_last = END, True
    for row in asked.candidates(_end(before)):
        if len(hits) >= limit or asked.texts_read >= TEXTS_MAX:
            is_last = False
            break
        last = row[0]
        if asked.is_met(row[3]):
            hit = SearchHit(article=rows.read_story_article(row[3:]), story_id=row[1], story_headline=row[2])
            hits.append(asked.with_passage(hit))
    return SearchPage(
        hits=tuple(hits),
        is_last=is_last,
        before=None if is_last else last,
        words=_shown(hits) & asked.words,
        beginnings=asked.beginnings if hits else (),
    )


def _end(before: datetime | int | None) -> int:
    """Past the row ids that count: they order by time, and one is never given twice."""
    if before is None:
        return END
    return rows.first_number(before) if isinstance(before, datetime) else min(before, END)


def _shown(hits: Sequence[SearchHit]) -> frozenset[str]:
    """The words of what is shown: a table may know forms of a word of which only a removed article had any."""
    texts = (f"{hit.article.title}\n{hit.article.lede}\n{hit.passage}" for hit in hits)
    return frozenset(word for text in texts for word in tokens(text))


class _Asked:
    """A query as it is put to one month after the other, and the forms in which its words were found so far."""

    def __init__(self, db: apsw.Connection, query: SearchQuery, language: str) -> None:
        self._db = db
        self._query = query
        self._language = language
        self._forms: dict[str, set[str]] = {}
        self.texts_read = 0
        self._groups = [wanted for group in query.all_of for wanted in group]
        self.beginnings = tuple(
            dict.fromkeys(each.words[0] for each in self._groups if each.manner is Manner.BEGINNING)
        )

    @property
    def words(self) -> frozenset[str]:
        """All words that make an article a hit."""
        exact = {word for each in self._groups if each.manner is Manner.EXACT for word in each.words}
        loose = {word for each in self._groups if each.manner is Manner.ANY_FORM for word in each.words}
        return frozenset(exact.union(*(self._forms.get(word, {word}) for word in loose)))

    # ── the tables ───────────────────────────────────────────────────────────────────────────────────────────────

    def candidates(self, end: int) -> Iterator[search.Row]:
        """Rows of the articles that hold the words, of row ids below `end`."""
        last = search.month_of_row(end) if end < END else None
        for month in search.months(self._db):
            if last is None or month <= last:
                yield from search.matches(self._db, ARTICLES["search"], month, self._expression(month), end)

    def _expression(self, month: int) -> str:
        """The query as FTS5 reads it, in the forms that a month's articles have; no query makes it invalid."""
        languages = [self._language] if self._language else search.languages(self._db, month)
        parts = [" OR ".join(self._of(each, month, languages) for each in group) for group in self._query.all_of]
        if self._language:
            parts.append(search.quoted(search.LANGUAGE_MARK + self._language))
        match = " AND ".join(f"({part})" for part in parts)
        # An article with the words of an excluded phrase is none with the phrase: its text is asked.
        out = [self._of(each, month, languages) for each in self._query.none_of if each.manner is not Manner.EXACT]
        return f"({match}) NOT ({' OR '.join(out)})" if out else match

    def _of(self, wanted: Wanted, month: int, languages: Sequence[str]) -> str:
        if wanted.manner is Manner.BEGINNING:
            return f"{search.quoted(wanted.words[0])} *"
        each = [
            [word] if wanted.manner is Manner.EXACT else self._forms_of(word, month, languages) for word in wanted.words
        ]
        return "(" + " AND ".join(f"({' OR '.join(map(search.quoted, forms))})" for forms in each) + ")"

    def _forms_of(self, word: str, month: int, languages: Sequence[str]) -> list[str]:
        forms = [word]
        if root := root_of(word, languages):
            held = search.vocabulary(self._db, month, root, limit=CANDIDATES_MAX)
            forms += forms_of(word, held, languages)
        self._forms.setdefault(word, set()).update(forms)
        return forms

    # ── the texts ────────────────────────────────────────────────────────────────────────────────────────────────

    def is_met(self, article_id: str) -> bool:
        """Whether a candidate has the words in the order that is asked for, and no phrase that is left out."""
        if not self._query.has_phrases:
            return True
        article = self._article(article_id)
        if article is None:
            return False
        self.texts_read += 1
        words = tokens(_searched(article))
        held = frozenset(words)
        if any(each.manner is Manner.EXACT and holds_phrase(words, each.words) for each in self._query.none_of):
            return False
        return all(any(self._is_there(each, words, held) for each in group) for group in self._query.all_of)

    def _is_there(self, wanted: Wanted, words: Sequence[str], held: frozenset[str]) -> bool:
        match wanted.manner:
            case Manner.EXACT:
                return holds_phrase(words, wanted.words)
            case Manner.BEGINNING:
                start = wanted.words[0]
                return any(word.startswith(start) or (is_unspaced(start) and start in word) for word in held)
            case Manner.ANY_FORM:
                return all(held & self._forms[word] for word in wanted.words)

    def with_passage(self, hit: SearchHit) -> SearchHit:
        """The hit, with a sentence of its text where headline and first sentences do not show why it was found."""
        words, beginnings = self.words, self.beginnings
        shown = f"{hit.article.title}\n{hit.article.lede}"
        if next(found_in(shown, words, beginnings), None):
            return hit
        article = self._article(hit.article.id)
        return hit if article is None else replace(hit, passage=passage(article.page.text, words, beginnings))

    def _article(self, article_id: str) -> Article | None:
        row = self._db.execute(ARTICLES["article"], (article_id,)).fetchone()
        return None if row is None else rows.read_article(row)


def _searched(article: Article) -> str:
    """What of an article the tables know, as `analyze.card` cuts it."""
    return f"{article.title}\n{article.page.text}"[:SEARCHED_CHARS]


def passage(text: str, words: frozenset[str], beginnings: tuple[str, ...]) -> str:
    """The first sentence of a text that holds one of the words, cut to a readable length; empty when none does."""
    text = text[:SEARCHED_CHARS]
    place = next(found_in(text, words, beginnings), None)
    if place is None:
        return ""
    # A sentence that is long is shown from a little before the word on, or the cut would lose it.
    start = text.rfind("\n", 0, place[0]) + 1
    for begin, end in sentence_spans(text[start : place[1] + PASSAGE_MAX]):
        if start + end >= place[1]:
            sentence = text[start + begin : start + end]
            at = place[0] - start - begin
            if at > PASSAGE_MAX // 2:
                blank = sentence.find(" ", at - PASSAGE_MAX // 3)
                sentence = "…" + sentence[blank + 1 if 0 <= blank < at else at :]
            return first_sentences(collapse(sentence), limit=PASSAGE_MAX)
    return ""
