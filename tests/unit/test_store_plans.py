from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from stayahead.newsroom.policy import REREAD
from stayahead.store import SqliteStore, claims, commit, feed_lists, forgetting, page_states, queries, removing, sources
from tests.contract.store_parts import Teller, article

BLOCKS = (
    claims.SQL
    | feed_lists.SQL
    | page_states.SQL
    | queries.ARTICLES
    | queries.STORIES
    | sources.SQL
    | commit.SQL
    | forgetting.SQL
    | removing.SQL
)
PAGED = (
    "article",
    "article_at",
    "signals_at",
    "row",
    "first_row",
    "story_rows",
    "story_page",
    "reports",
    "origins",
    "story_claims",
    "stale_analyses",
    "number_of",
    "put_row_claims",
    "drop_analyses",
    "arrivals",
    "search",
    "count_fresh",
    "front_few",
    "front_many",
    "latest",
    "story",
    "alias",
    "aliases",
    "links",
    "drop_links",
    "updates",
    "tail",
    "inputs",
    "first_update",
    "known",
    "known_by_alias",
    "wanted",
    "wanted_entry",
    "known_by_name",
    "list",
    "put_list",
    "articles_since",
    "wanted_by_feed",
    "refused_since",
    "move_all",
    "move_aliases",
    "stored",
    "last_in_range",
    "old_bodies",
    "month_has_body",
    "quiet_stories",
    "drop_signals_of_story",
    "drop_updates",
    "old_stories",
    "gone",
    "story_of",
    "removed_among",
    "has_removed",
    "rulings",
    "visibility",
    "blank_article",
    "blank_entry",
    "drop_bodies",
    "drop_signals",
    "drop_page",
    "inputs_naming",
    "put_input_payload",
    "put_entry",
    "articles_of",
    "drop_article",
    "drop_aliases",
    "drop_entry",
    "drop_links_of",
    "old_refused",
    "put_page_state",
    "ask_page",
    "ask_article",
    "due_pages",
    "versions",
    "forget_page",
)

QUERIES_IN_QUERIES = {"CONSTANT", "newest", "own", "due", "turns", "wished"}
"""What a plan may walk from end to end beside subqueries: rows that the query itself made."""


@pytest.fixture
def db(tmp_path: Path) -> Iterator[apsw.Connection]:
    with SqliteStore.open(tmp_path / "news.db") as store:
        Teller(store).open("a", article("a"))
        with store._readers.lend() as lent:
            yield lent


def _plan(db: apsw.Connection, name: str) -> list[str]:
    sql = BLOCKS[name].replace("{month}", "202603")
    needed = sql.count("?")
    named = dict.fromkeys(re.findall(r":(\w+)", sql), 0)
    values: object = named | {"front": "[]"} if named else (1,) * needed
    return [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", values)]  # type: ignore[arg-type]  # either form


@pytest.mark.parametrize("name", PAGED)
def test_no_query_reads_a_whole_table(db: apsw.Connection, name: str) -> None:
    scans = [
        step
        for step in _plan(db, name)
        if step.startswith("SCAN ")
        and " USING " not in step
        and " VIRTUAL TABLE " not in step
        and "(subquery-" not in step
    ]
    assert [step for step in scans if step.split()[1] not in QUERIES_IN_QUERIES] == []


def test_the_front_page_of_many_stories_sorts_nothing(db: apsw.Connection) -> None:
    assert _plan(db, "front_many") == ["SCAN s USING INDEX stories_front"]


@pytest.mark.parametrize(
    "name",
    [
        "latest",
        "updates",
        "tail",
        "story_rows",
        "story_page",
        "reports",
        "origins",
        "story_claims",
        "first_row",
        "arrivals",
        "wanted",
        "search",
    ],
)
def test_what_is_paged_comes_in_order_from_an_index(db: apsw.Connection, name: str) -> None:
    assert [step for step in _plan(db, name) if "TEMP B-TREE" in step] == []


def test_a_merge_finds_its_articles_by_index(db: apsw.Connection) -> None:
    assert any("USING INDEX articles_story (story_id=?)" in step for step in _plan(db, "move_all"))


def test_no_policy_asks_for_stories_that_the_index_does_not_hold(db: apsw.Connection) -> None:
    (index,) = (sql for (sql,) in db.execute("SELECT sql FROM sqlite_schema WHERE name = 'stories_weighty'"))
    (least,) = re.findall(r"origins >= (\d+)", index)
    assert REREAD.origins >= int(least)


def test_what_is_due_is_one_step_for_each_story_that_matters(db: apsw.Connection) -> None:
    plan = _plan(db, "due_pages")
    assert any("SEARCH s USING INDEX stories_weighty (latest_at>?)" in step for step in plan)
    found = [step for step in plan if "INDEX articles_again (story_id=? AND reread_at<?)" in step]
    assert len(found) == 2
