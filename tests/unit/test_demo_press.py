"""The press without a socket: what each host answers, when, and under which conditions."""

from __future__ import annotations

import gzip
import json
from datetime import datetime, timedelta

import pytest
from lxml import etree

from stayahead import urls
from stayahead.demo import START, Answer, Press

PORT = 8099
COURIER = f"courier.press.localhost:{PORT}"
CORRECTED = "/politics/2031/05/14/rent-act-passes-narrowly.html"
TAKEN_DOWN = "/ostmere/2031/05/14/dam-above-brackwater-breached.html"


@pytest.fixture(scope="module")
def press() -> Press:
    return Press()


def minute(number: float) -> datetime:
    return START + timedelta(minutes=number)


def feed(press: Press, slug: str, now: datetime) -> Answer:
    outlet = press.script.outlets[slug]
    return press.answer(f"{outlet.host}:{PORT}", outlet.feed_path, {}, now)


def titles(press: Press, slug: str, now: datetime) -> list[str]:
    body = feed(press, slug, now).body
    if slug == "ledgerline":
        return [item["title"] for item in json.loads(body)["items"]]
    entries = (e for e in etree.fromstring(body).iter() if etree.QName(e).localname in {"item", "entry"})
    return [child.text or "" for entry in entries for child in entry if etree.QName(child).localname == "title"]


def test_a_feed_grows_as_time_passes(press: Press) -> None:
    assert titles(press, "northwire", minute(0)) == []
    assert titles(press, "northwire", minute(3)) == ["Strong earthquake strikes southern Calverra"]
    assert len(titles(press, "northwire", press.end)) == 11


@pytest.mark.parametrize("slug", ["northwire", "courier", "radio", "brackwaterpost", "ledgerline", "uppercircle"])
def test_every_feed_is_well_formed_and_newest_first(press: Press, slug: str) -> None:
    pieces = [piece for piece in press.script.pieces if piece.outlet == slug and piece.gone_at is None]
    expected = [piece.versions[-1].title for piece in sorted(pieces, key=lambda piece: -piece.at)]
    assert titles(press, slug, press.end) == expected


def test_some_news_is_older_than_the_afternoon(press: Press) -> None:
    outlets = press.script.outlets
    assert sum(len(titles(press, slug, START)) for slug in outlets) == 6


def test_every_article_has_its_page_from_its_minute_on(press: Press) -> None:
    for piece in press.script.pieces:
        url = press.url(piece, PORT)
        host, path = urls.host(url), url.split(f":{PORT}", 1)[1]
        assert press.answer(host, path, {}, minute(piece.at - 0.1)).status == 404
        answer = press.answer(host, path, {}, minute(piece.at))
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/html")


def test_a_correction_changes_page_and_feed(press: Press) -> None:
    before = press.answer(COURIER, CORRECTED, {}, minute(70))
    after = press.answer(COURIER, CORRECTED, {}, minute(71))
    assert b"With 98 votes" in before.body
    assert b"Correction, 15:11 UTC" not in before.body
    assert b"With 88 votes" in after.body
    assert b"Correction, 15:11 UTC" in after.body
    assert before.headers["ETag"] != after.headers["ETag"]
    assert b"Correction, 15:11 UTC" in feed(press, "courier", minute(71)).body


def test_what_is_taken_down_is_gone_from_page_and_feed(press: Press) -> None:
    assert press.answer(COURIER, TAKEN_DOWN, {}, minute(74)).status == 200
    assert press.answer(COURIER, TAKEN_DOWN, {}, minute(75)).status == 410
    assert "Dam above Brackwater breached, residents told to flee" not in titles(press, "courier", minute(75))
    changed = feed(press, "courier", minute(75)).headers["Last-Modified"]
    assert changed == "Wed, 14 May 2031 15:15:00 GMT"


@pytest.mark.parametrize("path", ["/rss/all", CORRECTED, "/", "/robots.txt"])
def test_both_validators_give_304(press: Press, path: str) -> None:
    first = press.answer(COURIER, path, {}, minute(80))
    known = {"if-none-match": first.headers["ETag"]}
    assert press.answer(COURIER, path, known, minute(80)) == Answer(
        status=304, headers={k: v for k, v in first.headers.items() if k != "Content-Type"}
    )
    assert press.answer(COURIER, path, {"If-None-Match": f'"x", W/{first.headers["ETag"]}'}, minute(80)).status == 304
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert press.answer(COURIER, path, since, minute(80)).status == 304


def test_an_old_validator_gets_the_new_answer(press: Press) -> None:
    old = feed(press, "courier", minute(70)).headers
    asked = {"If-None-Match": old["ETag"], "If-Modified-Since": old["Last-Modified"]}
    assert press.answer(COURIER, "/rss/all", asked, minute(71)).status == 200
    assert press.answer(COURIER, "/rss/all", {"If-Modified-Since": "yesterday"}, minute(71)).status == 200


def test_a_feed_says_the_same_while_nothing_happens(press: Press) -> None:
    assert feed(press, "radio", minute(13)) == feed(press, "radio", minute(20))


def test_compression_is_given_on_request(press: Press) -> None:
    plain = press.answer(COURIER, "/rss/all", {}, minute(90))
    packed = press.answer(COURIER, "/rss/all", {"Accept-Encoding": "br, gzip"}, minute(90))
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2


def test_the_local_paper_is_in_windows_1252(press: Press) -> None:
    answer = press.answer("brackwaterpost.press.localhost", "/story.php?name=dam-stands-false-alarm", {}, press.end)
    assert answer.headers["Content-Type"] == "text/html; charset=windows-1252"
    assert "“The device came loose".encode("cp1252") in answer.body
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("utf-8")


def test_comments_and_planted_links_stand_under_the_local_paper(press: Press) -> None:
    page = press.answer("brackwaterpost.press.localhost", "/story.php?name=dam-stands-false-alarm", {}, press.end)
    text = page.body.decode("cp1252")
    assert "newsbooster : Information moves fast" in text
    assert text.count("kasino raya bonus harian") == 14


def test_strangers_are_not_served(press: Press) -> None:
    assert press.answer("elsewhere.press.localhost", "/", {}, START).status == 404
    assert press.answer(COURIER, "/no-such-page", {}, START).status == 404
    assert b"Disallow: /account" in press.answer(COURIER, "/robots.txt", {}, START).body


def test_what_the_fetcher_and_the_store_need_to_know(press: Press) -> None:
    hosts = {outlet.host for outlet in press.script.outlets.values()}
    assert press.host_names() == dict.fromkeys(hosts, "127.0.0.1")
    assert press.exceptions(PORT) == {f"{host}:{PORT}" for host in hosts}
    assert {urls.host(feed.url) for feed in press.feeds(PORT)} == hosts
    assert {publisher.domain for publisher in press.publishers()} == hosts


def test_each_outlet_is_a_publisher_of_its_own(press: Press) -> None:
    for piece in press.script.pieces:
        url = press.url(piece, PORT)
        assert urls.registrable(url) == press.script.outlets[piece.outlet].host
        assert urls.normalise(url)


def test_gold_labels_name_every_article_and_every_original(press: Press) -> None:
    gold = press.gold(PORT)
    assert len(gold) == 49
    copies = {url: label.copy_of for url, label in gold.items() if label.copy_of}
    assert len(copies) == 9
    assert all(gold[original].story == gold[copy].story for copy, original in copies.items())
    assert all(label.text and label.title for label in gold.values())
    assert [url.replace(f":{PORT}/", ":1/") for url in gold] == list(press.gold(1))
