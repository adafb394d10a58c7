"""The pages: every route answers, says what is true, and lets nothing through that a source could have planted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from starlette.applications import Starlette

from stayahead.config import Settings
from stayahead.errors import StoreFull
from stayahead.model import (
    ArticlePlace,
    Batch,
    Entry,
    EntryRecord,
    EntryState,
    Feed,
    FeedPartState,
    Findings,
    Position,
    Publisher,
    StoryAnswer,
    StoryRow,
)
from stayahead.serve.views import ARTICLES_ASKED, origins_view
from stayahead.store import SqliteStore
from stayahead.stories.spread import spread
from tests.serve_requests import OWNER, Html, ask, site, text_of
from tests.serve_stories import (
    NOW,
    PUBLISHERS,
    WHOLE_TEXT,
    add_gone,
    add_revised,
    add_story,
    join,
    source,
    story_article,
    story_of,
    watch,
    world,
    world_of,
)
from tests.stores import fresh_store

PATHS = ("/", "/latest", "/search", "/search?q=ferry", "/sources", "/nope", "/story/gonegonegone2345", "/story/nowhere")


def lead_of(pages: SqliteStore) -> tuple[str, str]:
    row = pages.front(NOW, limit=1)[0]
    return row.head.id, row.lead.id


@pytest.fixture
def pages() -> Iterator[SqliteStore]:
    with world() as store:
        yield store


@pytest.fixture
def empty() -> Iterator[SqliteStore]:
    with fresh_store() as store:
        yield store


@pytest.fixture
def app(pages: SqliteStore) -> Starlette:
    return site(pages)


def test_the_front_page_shows_stories_by_weight(pages: SqliteStore, app: Starlette) -> None:
    answer = ask(app, "/")
    assert answer.status_code == 200
    document = Html(answer.text)
    ids = document("//article/@data-id")
    order = [row.head.id for row in pages.front(NOW, limit=60)]
    # The third and further stories of the second column stand after it in the source, as on a phone.
    assert ids == order
    assert "12 origins · 41 articles" not in answer.text  # separators are the style sheet's
    lead = " ".join(document("//article")[0].text_content().split())
    assert "12 origins 41 articles 17 countries first by Harbour Courier 09:38 UTC updated 14:27 UTC" in lead
    assert document("//body/@data-cursor") == [f"k7f2-{pages.position().update}"]


def test_the_lead_story_and_its_page_have_the_same_summary_with_a_link_per_sentence(
    pages: SqliteStore, app: Starlette
) -> None:
    story_id, _ = lead_of(pages)
    summaries = []
    for path in ("/", f"/story/{story_id}"):
        sentences = Html(ask(app, path).text)("(//article|//header)//p[@class='summary']/span[@class='told']")
        assert len(sentences) >= 2
        for sentence in sentences:
            (link,) = sentence.findall("a")
            article = next(one for one in story_of(pages, story_id).articles if one.url == link.get("href"))
            assert link.text == article.publisher.name
            assert " ".join(sentence.text.split()) in article.lede
        summaries.append([" ".join(sentence.text_content().split()) for sentence in sentences])
    assert summaries[0] == summaries[1]
    assert summaries[0][0].startswith("A passenger ferry")  # without its dateline


def test_headlines_carry_language_and_direction(app: Starlette) -> None:
    document = Html(ask(app, "/").text)
    assert document("//h2[@lang='ar' and @dir='rtl']")
    assert document("//h2[@lang='zh' and @dir='ltr']")


def test_a_story_of_one_article_says_so(app: Starlette) -> None:
    assert "only Kyoto Minpo so far" in text_of(ask(app, "/").text)


def test_a_story_shows_every_article_with_copies_folded(pages: SqliteStore, app: Starlette) -> None:
    story_id, _ = lead_of(pages)
    document = Html(ask(app, f"/story/{story_id}").text)
    assert len(document("//li[@data-seen]")) == 41
    assert len(document("//ol/li[@data-origin]")) == 12
    assert [each.text_content() for each in document("//summary")] == [
        "10 copies of this report",
        "19 copies of this report",
    ]
    assert "had it first" in document.text
    assert "12 origins among 41 articles (29 copies), from" in text_of(ask(app, f"/story/{story_id}").text)


def test_a_story_says_which_text_is_repeated_and_who_had_it_first(pages: SqliteStore, app: Starlette) -> None:
    story_id, _ = lead_of(pages)
    told = text_of(ask(app, f"/story/{story_id}").text)
    assert "20 carry one text of Harbour Courier, 15 rest on Union Wire, 11 of them on one text." in told
    # The articles of this world state no times: nobody is said to have published first.
    assert "First seen at Harbour Courier; when it was published is not known." in told


def test_a_storys_page_counts_those_who_followed_as_its_tally_counts_origins(pages: SqliteStore) -> None:
    story_id, _ = lead_of(pages)
    witnesses = [
        replace(each, stated=(each.article.seen_at,)) for each in pages.witnesses(story_id, limit=ARTICLES_ASKED)
    ]
    head = story_of(pages, story_id).head
    assert len(spread(witnesses).origins) != head.parts.origins  # copies of this world have no texts
    view = origins_view(witnesses, origins=head.parts.origins)
    assert f"; {head.parts.origins - 1} others followed." in view.first_sentence


def test_a_story_leads_to_what_came_before_and_to_what_is_near(pages: SqliteStore, app: Starlette) -> None:
    story_id, _ = lead_of(pages)
    document = Html(ask(app, f"/story/{story_id}").text)
    links = story_of(pages, story_id).links
    assert [each.get("href") for each in document("//ul[@class='links']//a")] == [f"/story/{link.id}" for link in links]
    labels = [each.text_content() for each in document("//aside//h2")]
    assert labels == ["Who says so", "What came before", "Related", "Who and what it names"]


def test_alias_gone_and_unknown(pages: SqliteStore, app: Starlette) -> None:
    moved = ask(app, "/story/mergedaway234567")
    assert (moved.status_code, moved.headers["location"]) == (301, f"/story/{lead_of(pages)[0]}")
    gone = ask(app, "/story/gonegonegone2345")
    assert gone.status_code == 410
    assert "A story that was taken down" in gone.text
    assert ask(app, "/story/neverheardofthat").status_code == 404
    assert ask(app, "/story/..%2f..%2fetc").status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_whole_and_has_its_landmarks(app: Starlette, path: str) -> None:
    document = Html(ask(app, path).text)
    for landmark in ("//header", "//nav[@aria-label]", "//main[@id='main']", "//footer", "//a[@href='#main']"):
        assert len(document(landmark)) >= 1
    assert len(document("//h1")) == 1 or path == "/"
    assert document.root.get("lang") == "en"
    names = document("//*/@id")
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", [*PATHS, "/v1", "/v1/stories", "/v1/nope", "/metrics", "/robots.txt", "/favicon.ico"])
def test_security_headers_are_on_every_answer(app: Starlette, path: str) -> None:
    headers = ask(app, path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';")
    assert "unsafe" not in policy
    for directive in ("form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert directive in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"]


def test_nothing_inline_on_any_page(pages: SqliteStore, app: Starlette) -> None:
    story_id, article_id = lead_of(pages)
    for path in (*PATHS, f"/story/{story_id}", f"/article/{article_id}"):
        document = Html(ask(app, path).text)
        assert not document("//style | //script[not(@src)] | //@style | //img | //iframe | //object")
        assert not [name for element in document.root.iter() for name in element.attrib if str(name).startswith("on")]


HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(1)>\u202egpj\u2066 ' {{ 7*7 }} &amp; javascript:x"


def plant(pages: SqliteStore) -> tuple[str, str]:
    """Something in every string that a source controls; the story and its first article."""
    publisher = Publisher(domain="evil.example", name=HOSTILE, country="<b>", language='en"x', owner=HOSTILE)
    at = NOW - timedelta(hours=1)
    one = replace(
        story_article(HOSTILE, publisher, at, lede=HOSTILE),
        url="javascript:alert(1)",
        language='ar" onload="x',
        author=HOSTILE,
        image="javascript:x",
    )
    two = replace(
        story_article(HOSTILE, PUBLISHERS[0], NOW, lede=HOSTILE, copy_of=one.id),
        url='https://evil.example/"onmouseover="alert(1)',
    )
    story_id = add_story(pages, [one, two], one, key=1.0, more=WHOLE_TEXT)
    add_gone(pages, story_article(HOSTILE, publisher, NOW), story_id="gonegonegone2345")
    bad = source(publisher, error=HOSTILE)
    feed = Feed(url="javascript:alert(1)//" + HOSTILE, title=HOSTILE)
    watch(pages, replace(bad, feed=feed, state=replace(bad.state, url=feed.url)))
    refused = EntryRecord(
        id="refused",
        feed_url=feed.url,
        digest="",
        state=EntryState.REFUSED,
        reason=HOSTILE,
        seen_at=at,
        entry=Entry(title=HOSTILE),
    )
    pages.commit(Batch(findings=Findings(entries=(refused,))))
    return story_id, one.id


def test_what_a_source_plants_stays_text(empty: SqliteStore) -> None:
    story_id, article_id = plant(empty)
    app = site(empty, settings=Settings(site_name=HOSTILE))
    query = "/search?q=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E"
    paths = ("/", "/latest", "/search?q=alert", query, "/sources", f"/story/{story_id}", f"/article/{article_id}")
    for path in (*paths, "/story/gonegonegone2345", "/story/%3Cscript%3E"):
        html = ask(app, path).text
        document = Html(html)
        assert not document("//script[not(@src)] | //img | //*[@onerror or @onmouseover or @onload]"), path
        for href in document("//@href | //@src | //@action"):
            assert href.startswith(("/", "#", "https://")), (path, href)
            assert "javascript" not in href
        assert not any(mark in html for mark in "\u202e\u2066\u202d"), path
        assert "49" not in document.text


def test_links_out_say_that_they_are_not_ours(pages: SqliteStore, app: Starlette) -> None:
    story_id, article_id = lead_of(pages)
    for path in ("/", f"/story/{story_id}", f"/article/{article_id}", "/search?q=ferry"):
        out = Html(ask(app, path).text)("//a[starts-with(@href, 'http')]")
        assert out
        assert {link.get("rel") for link in out} == {"noopener nofollow ugc"}


def test_full_text_is_for_whom_the_option_says(pages: SqliteStore) -> None:
    _, article_id = lead_of(pages)
    path, secret = f"/article/{article_id}", "The ferry left at 08:10"

    def reads(full_text: str, **asked: str) -> bool:
        settings = Settings(full_text=full_text)  # type: ignore[arg-type]  # parametrised
        answer = ask(site(pages, settings=settings), path, **asked)  # type: ignore[arg-type]  # strings only
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert "https://www.harbourcourier.example/" in answer.text
        return secret in answer.text

    assert reads("owner")
    assert not reads("owner", client="192.0.2.7")
    assert reads("everyone", client="192.0.2.7")
    assert not reads("nobody")


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip", "via", "x-forwarded-host"])
def test_a_proxy_on_this_machine_is_not_the_owner(pages: SqliteStore, header: str) -> None:
    _, article_id = lead_of(pages)
    answer = ask(site(pages), f"/article/{article_id}", headers={header: "127.0.0.1"})
    assert "The ferry left at 08:10" not in answer.text
    assert "Full texts are not shown" in answer.text


def test_a_proxy_that_says_nothing_but_keeps_the_name_is_not_the_owner(pages: SqliteStore) -> None:
    _, article_id = lead_of(pages)
    app = site(pages, settings=Settings(public_url="https://news.example.org"))
    answer = ask(app, f"/article/{article_id}", host="news.example.org")
    assert answer.status_code == 200
    assert "The ferry left at 08:10" not in answer.text


def test_a_teaser_is_two_sentences_and_the_link(pages: SqliteStore) -> None:
    _, article_id = lead_of(pages)
    text = text_of(ask(site(pages, settings=Settings(full_text="nobody")), f"/article/{article_id}").text)
    assert "the coastguard said. Divers are searching the flooded car deck." in text
    assert "Read it at Harbour Courier." in text


def test_the_text_keeps_its_blocks_and_links(pages: SqliteStore, app: Starlette) -> None:
    _, article_id = lead_of(pages)
    document = Html(ask(app, f"/article/{article_id}").text)
    [text] = document("//div[@class='text']")
    assert [child.tag for child in text] == ["p", "p", "h2", "ul", "blockquote", "p", "p"]
    assert text.xpath(".//a/text()") == ["harbour office"]
    assert ask(app, "/article/nosucharticle000").status_code == 404


def test_pages_are_cheap_when_nothing_changed(pages: SqliteStore, app: Starlette) -> None:
    first = ask(app, "/")
    etag = first.headers["etag"]
    again = ask(app, "/", headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert ask(app, "/", headers={"if-none-match": f'"x", {etag}'}).status_code == 304
    join(pages, lead_of(pages)[0])
    assert ask(app, "/", headers={"if-none-match": etag}).status_code == 200


class CountedPages(SqliteStore):
    """Counts what pages read."""

    reads = 0

    def position(self) -> Position:
        self.reads += 1
        return super().position()

    def front(self, now: datetime, *, limit: int, offset: int = 0) -> Sequence[StoryRow]:
        self.reads += 1
        return super().front(now, limit=limit, offset=offset)

    def story(self, story_id: str, *, limit: int = 200, before: ArticlePlace | None = None) -> StoryAnswer:
        self.reads += 1
        return super().story(story_id, limit=limit, before=before)


def test_a_page_is_drawn_once_for_all_its_readers_until_something_changes() -> None:
    with world_of(CountedPages) as pages:
        app = site(pages)
        story_id, _ = lead_of(pages)
        for path in ("/", f"/story/{story_id}"):
            first = ask(app, path).text
            pages.reads = 0
            assert ask(app, path).text == first
            assert pages.reads == 1  # the position alone
        join(pages, story_id)
        assert ask(app, "/").text != first


def test_the_owner_s_page_is_kept_from_others(pages: SqliteStore) -> None:
    app = site(pages, settings=Settings())
    path = f"/story/{lead_of(pages)[0]}"
    assert "read it here" in ask(app, path).text
    assert "read it here" not in ask(app, path, client="192.0.2.7").text


def test_head_works_everywhere(app: Starlette) -> None:
    for path in ("/", "/latest", "/search", "/sources", "/live", "/v1", "/v1/stories", "/healthz", "/robots.txt"):
        assert ask(app, path, method="HEAD").status_code == 200, path
    assert ask(app, "/", method="POST", headers=OWNER, content="{}").status_code == 405


def test_search_finds_and_pages_on(app: Starlette) -> None:
    answer = ask(app, "/search?q=castell%20point")
    document = Html(answer.text)
    assert len(document("//ol[@class='hits']/li")) == 21
    older = ask(app, "/search?q=ferry").text
    assert 'rel="next"' not in older
    assert "No article holds all of this" in ask(app, "/search?q=zebra").text
    assert "Newest first" not in ask(app, "/search?q=%20").text
    for words, why in (
        ("OR", "OR stands between"),
        ("-", "There is no word in this"),
        ("-ferry", "only leaves words out"),
    ):
        text = ask(app, f"/search?q={words}").text
        assert why in text
        assert "Fewer words" not in text


@pytest.mark.parametrize(
    "path",
    ["/search?q=a&before=yesterday", "/search?q=a&before=2026-11-22T10:00:00", "/latest?before=x", "/latest?before=-1",
     "/search?q=" + "a" * 201, "/live?topics=back", "/live?topics=story:a%20b", "/live?after=x",
     "/live?topics=" + ",".join(["front"] * 21), "/live?topics=,"],
)  # fmt: skip
def test_wrong_questions_get_a_clear_400(app: Starlette, path: str) -> None:
    answer = ask(app, path)
    assert answer.status_code == 400
    assert "must" in answer.text or "may have" in answer.text


def test_latest_pages_on_to_the_end(pages: SqliteStore) -> None:
    for index in range(70):
        article = story_article(f"Story {index}", PUBLISHERS[index % 20], NOW - timedelta(minutes=index))
        add_story(pages, [article], article, key=float(index))
    app, path = site(pages), "/latest"
    seen: list[str] = []
    while path:
        document = Html(ask(app, path).text)
        seen += document("//article/@data-id")
        path = next(iter(document("//a[@rel='next']/@href")), "")
    assert len(seen) == len(set(seen)) == 92


def test_sources_say_what_fails_since_when_and_what_to_do(app: Starlette) -> None:
    text = text_of(ask(app, "/sources").text)
    assert "24 sources watched, 2 failing." in text
    assert "failing since 09:18 UTC, 31 tries" in text
    assert "its certificate has expired; tell its owner" in text


def test_without_a_network_the_pages_point_to_the_demo(empty: SqliteStore) -> None:
    sources = [source(publisher, error="x: name not found", status=0) for publisher in PUBLISHERS[:3]]
    watch(empty, *(replace(each, state=replace(each.state, last_ok_at=None)) for each in sources))
    for path in ("/", "/sources"):
        text = text_of(ask(site(empty), path).text)
        assert "No source can be reached." in text
        assert "./dev demo" in text
        assert "stayahead demo" in text


def test_the_first_minutes_say_what_happens(empty: SqliteStore) -> None:
    assert "No source is watched." in text_of(ask(site(empty), "/").text)
    watch(empty, *(source(publisher) for publisher in PUBLISHERS[:5]))
    front = ask(site(empty), "/")
    assert "Reading 5 sources. The first stories appear here within a minute" in text_of(front.text)
    assert front.headers["cache-control"] == "no-store"


def test_a_feed_s_key_is_shown_to_nobody_but_the_owner(empty: SqliteStore) -> None:
    url = "https://user:pass@feeds.example/all.xml?key=s3cret"
    bad = source(PUBLISHERS[0], error=f"{url}: the server answered 403; check the key", status=403)
    watch(empty, replace(bad, feed=Feed(url=url), state=replace(bad.state, url=url)))
    app = site(empty, settings=Settings())
    for path in ("/sources", "/v1/sources"):
        assert "s3cret" in ask(app, path).text
        public = ask(app, path, client="192.0.2.7").text
        assert "s3cret" not in public
        assert "pass@" not in public
        assert "feeds.example/all.xml" in public
        assert "the server answered 403" in public


def test_a_source_says_which_of_its_sitemaps_fails_and_where_it_moved(empty: SqliteStore) -> None:
    well = source(PUBLISHERS[0])
    state = replace(
        well.state,
        parts=(
            FeedPartState(url="https://paper.example/news-1.xml?key=s3cret", error="the server answered 500"),
            FeedPartState(url="https://paper.example/news-2.xml"),
        ),
        moved_to="https://new.example/rss?key=s3cret",
        moved_since=NOW,
    )
    watch(empty, replace(well, state=state))
    app = site(empty, settings=Settings())
    text = text_of(ask(app, "/sources").text)
    assert "https://paper.example/news-1.xml?key=s3cret: the server answered 500" in text
    assert "news-2.xml" not in text
    assert "moved to https://new.example/rss?key=s3cret since" in text
    public = ask(app, "/v1/sources", client="192.0.2.7")
    assert "s3cret" not in public.text
    (shown,) = public.json()["sources"]
    assert shown["part_errors"] == ["https://paper.example/news-1.xml: the server answered 500"]
    assert shown["moved_to"] == "https://new.example/rss"
    assert shown["state"] == "ok"


def test_a_source_says_how_many_of_its_entries_wait_and_why(empty: SqliteStore) -> None:
    well = source(PUBLISHERS[0])
    watch(empty, replace(well, state=replace(well.state, waiting=1_234)))
    app = site(empty, settings=Settings())
    assert "new entries wait: the source has brought as many new articles as it may" in text_of(
        ask(app, "/sources").text
    )
    (shown,) = ask(app, "/v1/sources").json()["sources"]
    assert (shown["state"], shown["waiting"]) == ("ok", 1_234)
    assert "intake_per_hour" in shown["waiting_reason"]
    assert "stayahead_entries_waiting 1234" in ask(app, "/metrics").text


def test_static_files_last_for_ever_under_their_digest(app: Starlette) -> None:
    document = Html(ask(app, "/").text)
    paths = document("//link/@href | //script/@src")
    assert {path.rpartition(".")[2] for path in paths} == {"css", "svg", "js"}
    for path in paths:
        answer = ask(app, path)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert ask(app, path, headers={"if-none-match": answer.headers["etag"]}).status_code == 304
    assert ask(app, "/static/old/style.css").headers["cache-control"] == "no-cache"
    assert ask(app, "/static/old/nothing.css").status_code == 404
    assert ask(app, paths[-1]).headers["content-type"].startswith("text/javascript")


class BrokenPages(SqliteStore):
    """A store that answers nothing."""

    broken = False

    def position(self) -> Position:
        if self.broken:
            raise StoreFull("disk full")
        return super().position()


def test_a_store_that_fails_is_a_503_everywhere() -> None:
    with world_of(BrokenPages) as pages:
        app = site(pages)
        pages.broken = True
        for path in ("/", "/sources", "/v1/stories", "/healthz", "/metrics"):
            answer = ask(app, path)
            assert answer.status_code == 503, path
            assert answer.headers["cache-control"] == "no-store"
            assert ("error" in answer.json()) if path[1:3] in {"v1", "he", "me"} else ("does not answer" in answer.text)


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost:8400", 200), ("127.0.0.1", 200), ("[::1]:8400", 200), ("news.example.org", 200), ("LOCALHOST", 200),
     ("evil.example", 421), ("127.0.0.1.evil.example", 421),
     ("192.168.1.5:8400", 421), ("localhost.evil.example", 421), ("", 421)],
)  # fmt: skip
def test_only_our_own_names_are_answered(pages: SqliteStore, host: str, status: int) -> None:
    app = site(pages, settings=Settings(public_url="https://news.example.org/"))
    answer = ask(app, "/healthz", headers={"host": host})
    assert answer.status_code == status
    assert "content-security-policy" in answer.headers


def test_a_service_on_all_addresses_answers_bare_addresses_but_no_foreign_name(pages: SqliteStore) -> None:
    app = site(pages, settings=Settings(host="0.0.0.0"))
    assert ask(app, "/healthz", headers={"host": "192.168.1.5:8400"}).status_code == 200
    assert ask(app, "/healthz", headers={"host": "evil.example"}).status_code == 421


def test_robots_are_kept_from_texts(app: Starlette) -> None:
    assert "Disallow: /article/" in ask(app, "/robots.txt").text


def test_an_article_shows_what_each_version_changed(pages: SqliteStore, app: Starlette) -> None:
    long = " ".join(f"word{n}" for n in range(200))
    texts = (f"{long}\nNine are <missing>.", f"{long}\nEight are <missing>.")
    article_id = add_revised(pages, *texts, titles=["Nine", "Eight"])
    document = Html(ask(app, f"/article/{article_id}").text)
    assert [each.text_content() for each in document("//*[@class='changes']//del")] == ["Nine"]
    assert [each.text_content() for each in document("//*[@class='changes']//ins")] == ["Eight"]
    (changes,) = document("//*[@class='changes']")
    assert changes.text_content().startswith(" … word191")
    assert changes.text_content().endswith(" are <missing>.")
    assert [each.text_content() for each in document("//*[@class='retitled']/*")] == ["Nine", "Eight"]
    assert len(document("//*[@class='versions']//li")) == 2


def test_an_article_that_never_changed_has_no_versions(pages: SqliteStore, app: Starlette) -> None:
    _, article_id = lead_of(pages)
    assert "Versions" not in text_of(ask(app, f"/article/{article_id}").text)


def test_versions_show_their_times_and_nothing_of_the_text_to_who_may_not_read_it(pages: SqliteStore) -> None:
    article_id = add_revised(
        pages,
        f"{'Nothing is known of it yet, the office said. ' * 3} Nine are missing.",
        f"{'Nothing is known of it yet, the office said. ' * 3} Eight are missing, a secret.",
    )
    text = text_of(ask(site(pages, settings=Settings(full_text="nobody")), f"/article/{article_id}").text)
    assert "Version 2 read 13:30 UTC" in " ".join(text.split())
    assert "What changed in a text is shown to those who may read the text" in text
    assert "secret" not in text
    assert "Nine" not in text


def test_strangers_read_no_whole_urls_and_no_private_addresses(pages: SqliteStore) -> None:
    with fresh_store() as store:
        error = "vm.example is at 10.0.0.7, a private address; 8.8.8.8:53 says so"
        watch(store, source(Publisher(domain="vm.example", name="VM"), error=error, path="feed?key=sesame"))
        open_house, behind_proxy = site(store), site(store, settings=Settings(full_text="nobody"))
        for path in ("/sources", "/v1/sources"):
            assert "10.0.0.7" in ask(open_house, path).text
            assert "sesame" in ask(open_house, path).text
            for answer in (ask(open_house, path, client="192.0.2.7", host="127.0.0.1:8400"), ask(behind_proxy, path)):
                assert "10.0.0.7" not in answer.text
                assert "sesame" not in answer.text
                assert "is at a private address, a private address; 8.8.8.8:53 says so" in answer.text
