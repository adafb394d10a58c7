"""Keeps what articles state, revision by revision, and tells which articles no analyzer of today has read."""

from __future__ import annotations

from collections.abc import Iterable

import apsw

from stayahead.analyze import packed
from stayahead.model import Reanalysis, Statements
from stayahead.store import rows
from stayahead.store.sql import blocks

SQL = blocks("claims.sql")


def put(db: apsw.Connection, n: int, revision: int, statements: Statements) -> None:
    """Write what was found in a revision; inside the caller's transaction."""
    row = {"n": n, "revision": revision, "versions": statements.versions, "claims": packed(statements.text)}
    db.execute(SQL["put_analysis"], row)


def put_again(db: apsw.Connection, reanalyses: Iterable[Reanalysis]) -> None:
    """Write what later analyzers found, or that they could not read it; not where the text was forgotten meanwhile."""
    for each in reanalyses:
        n = db.execute(SQL["number_of"], (each.revision, each.article_id)).get
        if n is None:
            continue
        text = None if each.statements is None else packed(each.statements.text)
        key = {"n": n, "revision": each.revision}
        db.execute(SQL["put_analysis"], key | {"versions": each.versions, "claims": text})
        db.execute(SQL["put_row_claims"], key | {"claims": rows.row_claims(each.statements)})


def erase(db: apsw.Connection, n: int) -> None:
    """Drop all that was found in an article whose words are erased; its row is blanked by whoever erases it."""
    db.execute(SQL["drop_analyses"], (n,))


def stale(db: apsw.Connection, versions: str, *, limit: int) -> list[str]:
    """See `ports.Claims.stale_analyses`."""
    return [id_ for (id_,) in db.execute(SQL["stale_analyses"], (versions, max(0, limit)))]
