"""`cluster`: an archive in, one `id<TAB>story` line per article on standard output, the rate on standard error."""

from __future__ import annotations

import argparse
import sys
import time

from stayahead.cli.opened import DatedRow, archive
from stayahead.stories.cluster import Clusterer, Row


def cluster(given: argparse.Namespace) -> int:
    """Group the articles of an archive."""
    clusterer = Clusterer(given.when)
    started = time.monotonic()
    count = 0
    write = sys.stdout.write
    with archive(given.file) as rows:
        for dated in rows:
            count += 1
            for article_id, story_id in clusterer.add(_row(dated)):
                write(f"{article_id}\t{story_id}\n")
    for article_id, story_id in clusterer.finish():
        write(f"{article_id}\t{story_id}\n")
    seconds = max(time.monotonic() - started, 1e-9)
    print(f"{count} articles in {seconds:.1f} s: {count / seconds:,.0f}/s", file=sys.stderr)
    return 0


def _row(dated: DatedRow) -> Row:
    row = dated.row
    return Row(
        id=row.id,
        title=row.title,
        arrival=dated.arrival,
        text=row.text,
        url=row.url,
        publisher=row.publisher,
        language=row.language,
    )
