"""Groups the entries of feeds into stories with the pure part alone: no network, no database.

python examples/stories_from_a_feed.py FEED.xml [FEED.xml …]
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from stayahead import StoryEngine, parse_feed
from stayahead.analyze import analyze
from stayahead.extract import read_entry
from stayahead.model import Arrival, Article, Publisher
from stayahead.urls import article_id, registrable


def main(paths: list[str]) -> None:
    """Print every story with its articles."""
    engine = StoryEngine()
    titles: dict[str, str] = {}
    now = datetime.now(UTC)
    for path in paths:
        feed = parse_feed(Path(path).read_bytes(), url=Path(path).absolute().as_uri())
        for entry in feed.entries:
            page = read_entry(entry, url=entry.url)
            domain = registrable(entry.url) or path
            article = Article(
                id=article_id(entry.url, feed_url=path, entry_id=entry.id),
                url=entry.url,
                publisher=Publisher(domain=domain, name=feed.title or domain),
                feed_url=path,
                entry=entry,
                page=page,
                seen_at=now,
                placed_at=now,
            )
            titles[article.id] = f"{article.title} ({article.publisher.name})"
            engine.add(Arrival(article=article, signals=analyze(page, entry)), now)
    stories = {engine.story_of(article_id) for article_id in titles}
    for story_id in sorted(story for story in stories if story):
        head = engine.head(story_id)
        if head is not None:
            print(f"{head.headline}: {head.parts.origins} origins")
            for member_id in engine.articles_of(story_id):
                print(f"  - {titles[member_id]}")


if __name__ == "__main__":
    main(sys.argv[1:])
