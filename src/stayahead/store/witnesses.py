"""Reads a story's articles as they are asked who says so: with credits, samples of their texts, times and documents."""

from __future__ import annotations

import apsw
import msgspec
import zstandard

from stayahead.analyze import unpacked
from stayahead.model import Claim, Document, Statement, Witness
from stayahead.store import rows
from stayahead.store.sql import blocks

ARTICLES = blocks("articles.sql")


class _CreditRow(msgspec.Struct):
    """What the signals say of whose report it is; their terms, which are most of them, are not read."""

    fingerprint: tuple[int, ...] = ()
    shingles: int = 0
    credits: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()


_credits = msgspec.msgpack.Decoder(_CreditRow)


def witnesses(db: apsw.Connection, story_id: str, *, limit: int) -> list[Witness]:
    """See `ports.Claims.witnesses`."""
    decompressor = zstandard.ZstdDecompressor()
    told: list[Witness] = []
    for statements, signals, about, *row in db.execute(ARTICLES["story_witnesses"], (story_id, max(0, limit))):
        article = rows.read_story_article(tuple(row))
        credit = _CreditRow() if signals is None else _credits.decode(decompressor.decompress(signals))
        entry, page = rows.read_about(about)
        own: tuple[Statement, ...] = () if statements is None else unpacked(statements)
        told.append(
            Witness(
                article=article,
                stated=tuple(at for at in (entry.published, page.published) if at is not None),
                credits=credit.credits,
                carried=credit.carried,
                fingerprint=credit.fingerprint,
                shingles=credit.shingles,
                documents=tuple(
                    Claim(article_id=article.id, revision=article.revision, statement=each)
                    for each in own
                    if isinstance(each.value, Document)
                ),
            )
        )
    return told
