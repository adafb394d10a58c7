"""Full-text tables, one a month: they keep the words of articles' cards, and find the articles that hold a query's.

A table holds what `text.tokens` makes of title and text, joined by blanks, under FTS5's `ascii` tokeniser, which
splits at ASCII punctuation only: index and query are cut by the same function, in every script.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import apsw

from stayahead.model import ArticleCard
from stayahead.store import rows
from stayahead.store.sql import blocks

SQL = blocks("search.sql")
LANGUAGE_MARK = "\ue000"
"""Before a language code: a token that no text has (private use)."""
LANGUAGES_MAX = 200
Row: TypeAlias = tuple[Any, ...]


class SearchIndex:
    """The monthly tables, as the writer sees them."""

    def __init__(self) -> None:
        self._months: set[int] | None = None

    def forget_caches(self) -> None:
        """Forget which tables there are: after a rollback or a drop they are not what we remember."""
        self._months = None

    def put(self, db: apsw.Connection, n: int, card: ArticleCard, *, is_new: bool) -> None:
        """Index an article, in place of its earlier revision."""
        month = month_of_row(n)
        if self._months is None:
            self._months = set(months(db))
        if month not in self._months:
            db.execute(SQL["create"].format(month=month))
            db.execute(SQL["add_month"], (month,))
            self._months.add(month)
        verb = "put" if is_new else "replace"
        db.execute(SQL[verb].format(month=month), (n, document(card)))

    def drop(self, db: apsw.Connection, n: int) -> None:
        """Take an article out."""
        month = month_of_row(n)
        if month in months(db):  # its month may have been dropped when its texts were
            db.execute(SQL["take_out"].format(month=month), (n,))


def month_of_row(n: int) -> int:
    """In which month's table an article of that number is."""
    return rows.month_of(rows.moment((n >> rows.COUNT_BITS) * 1000))


def document(card: ArticleCard) -> str:
    """What is indexed of an article: each of its words once, since no order and no count is asked for."""
    mark = LANGUAGE_MARK + card.language if card.language else ""
    return " ".join(part for part in (card.words, mark) if part)


def months(db: apsw.Connection) -> list[int]:
    """The months that have a table, newest first."""
    return [month for (month,) in db.execute(SQL["months"])]


def drop_month(db: apsw.Connection, month: int) -> None:
    """Drop a month's table."""
    db.execute(SQL["drop"].format(month=month))
    db.execute(SQL["drop_month"], (month,))


def quoted(word: str) -> str:
    """A word as FTS5 takes it literally."""
    return '"' + word.replace('"', '""') + '"'


def vocabulary(db: apsw.Connection, month: int, beginning: str, *, limit: int) -> list[str]:
    """The words of a month that begin so, in order; the table of them is made for this connection when first asked."""
    db.execute(SQL["words_table"].format(month=month))
    after = beginning[:-1] + chr(ord(beginning[-1]) + 1)
    return [word for (word,) in db.execute(SQL["words"].format(month=month), (beginning, after, limit))]


def languages(db: apsw.Connection, month: int) -> list[str]:
    """The languages of a month's articles; English, too, whose stems count where the language is not known."""
    marked = vocabulary(db, month, LANGUAGE_MARK, limit=LANGUAGES_MAX)
    return sorted({"en", *(mark.removeprefix(LANGUAGE_MARK) for mark in marked)})


def matches(db: apsw.Connection, sql: str, month: int, match: str, end: int) -> Iterator[Row]:
    """Rows of `sql` for each match in a month's table, newest first, read as they are asked for.

    Args:
        db: inside a read transaction.
        sql: a statement with {month}, a match expression and an upper bound of the row id.
        month: one of `months`.
        match: an expression of FTS5.
        end: only row ids below it.
    """
    yield from db.execute(sql.format(month=month), (match, end))
