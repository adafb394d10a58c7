"""Identity rules 1 one by one, and what must stay apart."""

from importlib import resources

import pytest
from publicsuffixlist import PublicSuffixList

from stayahead.urls import (
    MAX_URL_CHARS,
    absolute,
    article_id,
    carried,
    host,
    normalise,
    registrable,
    with_login_of,
    without_logins,
)

SAME = {
    "scheme": ("http://example.com/a", "https://example.com/a"),
    "case of host": ("https://EXAMPLE.com/a", "https://example.com/a"),
    "idna": ("https://zeitung-österreich.example/a", "https://xn--zeitung-sterreich-6zb.example/a"),
    "default port": ("http://example.com:80/a", "https://example.com:443/a"),
    "www": ("https://www.example.com/a", "https://example.com/a"),
    "dot at the end of the host": ("https://example.com./a", "https://example.com/a"),
    "user": ("https://me:secret@example.com/a", "https://example.com/a"),
    "slash at the end": ("https://example.com/a/", "https://example.com/a"),
    "slashes": ("https://example.com//a///b", "https://example.com/a/b"),
    "dot segments": ("https://example.com/x/../a/./b", "https://example.com/a/b"),
    "index page": ("https://example.com/a/index.html", "https://example.com/a"),
    "fragment": ("https://example.com/a#comments", "https://example.com/a"),
    "text fragment": ("https://example.com/a#:~:text=word", "https://example.com/a"),
    "escapes in lower case": ("https://example.com/%c3%a4", "https://example.com/ä"),
    "needless escapes": ("https://example.com/%7Ejoe/l%27a", "https://example.com/~joe/l'a"),
    "trackers": ("https://example.com/a?utm_source=rss&fbclid=X&id=3&UTM_Medium=y", "https://example.com/a?id=3"),
    "only trackers": ("https://example.com/a?gclid=1", "https://example.com/a"),
    "feed parameters": ("https://example.com/a?partner=rss&emc=rss", "https://example.com/a"),
    "order of the query": ("https://example.com/?b=2&a=1", "https://example.com/?a=1&b=2"),
    "plus": ("https://example.com/?q=a+b", "https://example.com/?q=a%20b"),
    "session in the path": ("https://example.com/a;jsessionid=FF01?id=1", "https://example.com/a?id=1"),
    "session in the query": ("https://example.com/a?PHPSESSID=77&id=1", "https://example.com/a?id=1"),
    "amp by parameter": ("https://example.com/a?amp=1", "https://example.com/a"),
    "names of networks and newsletters": (
        "https://example.com/a?at_medium=RSS&ns_campaign=x&mc_cid=1&mibextid=2&gad_source=3&dm_i=4&itid=5",
        "https://example.com/a",
    ),
    "a feed's own mark": ("https://example.com/p/1?source=rss-77ab------2", "https://example.com/p/1"),
    "amp without a value": ("https://example.com/a?amp&id=1", "https://example.com/a?id=1"),
    "long session id in the path": ("https://example.com/a;sid=0123456789abcdef01", "https://example.com/a"),
    "amp cache": (
        "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/a?id=1",
        "https://example.com/a?id=1",
    ),
    "amp viewer": ("https://www.google.co.uk/amp/s/example.com/a", "https://example.com/a"),
    "counted click": (
        "https://www.google.com/url?rct=j&sa=t&url=https://example.com/a%3Fid%3D1&ct=ga&usg=AOv",
        "https://example.com/a?id=1",
    ),
    "another counted click": (
        "http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&tid=1&url=https%3a%2f%2fexample.com%2fa&c=7",
        "https://example.com/a",
    ),
    "white space": (" https://example.com/a\n", "https://example.com/a"),
    "backslash": ("https:\\\\example.com\\a", "https://example.com/a"),
}

APART = {
    "path case": ("https://example.com/A", "https://example.com/a"),
    "subdomain": ("https://a.example.com/x", "https://b.example.com/x"),
    "mobile host": ("https://m.example.com/1", "https://example.com/1"),
    "port": ("https://example.com:8080/a", "https://example.com/a"),
    "query value": ("https://example.com/?p=1", "https://example.com/?p=2"),
    "story id named sid": ("https://example.com/?sid=1", "https://example.com/?sid=2"),
    "order of equal names": ("https://example.com/?a=1&a=2", "https://example.com/?a=2&a=1"),
    "escaped slash": ("https://example.com/a%2Fb", "https://example.com/a/b"),
    "escaped percent": ("https://example.com/%2541", "https://example.com/A"),
    "encoded plus": ("https://example.com/?q=c%2B", "https://example.com/?q=c+"),
    "mobile path": ("https://example.com/mobile/a", "https://example.com/a"),
    "amp path": ("https://example.com/a/amp", "https://example.com/a"),
    "amp host": ("https://amp.example.com/a", "https://example.com/a"),
    "short sid in the path": ("https://example.com/a;sid=7", "https://example.com/a;sid=8"),
    "a search": ("https://www.google.com/search?q=https://example.com/a", "https://example.com/a"),
    "escaped dot": ("https://example.com/a?b=%26c", "https://example.com/a?b&c"),
    "hash route": ("https://example.com/#!/1", "https://example.com/#!/2"),
    "ref that is no feed": ("https://example.com/?ref=12", "https://example.com/?ref=13"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_spellings_of_one_article_share_a_form(one: str, other: str) -> None:
    assert normalise(one) == normalise(other) != ""


def test_what_an_address_carries_is_what_is_shown_and_asked() -> None:
    alert = "https://www.google.com/url?rct=j&url=https://news.example.org/a%3Fid%3D1%26b%3D2&ct=ga"
    assert absolute("https://www.google.com/alerts/feeds/1", alert) == "https://news.example.org/a?id=1&b=2"
    assert carried(alert) == "https://news.example.org/a?id=1&b=2"
    for nothing in (
        "https://www.google.com/url?url=javascript:1",
        "https://www.google.com/amp/s/",
        "https://google.com/url",
    ):
        assert host(nothing).endswith("google.com")
    inner = "https://www.google.com/url?url=https://www.google.com/url?url=https://a.example/"
    assert carried(inner) == "https://www.google.com/url?url=https://a.example/"


CARRIERS = {
    "https://www.google.com/url?q=https://victim.example/a": "google.com",
    "https://www.google.co.uk/amp/s/victim.example/a": "google.co.uk",
    "https://mallory-example.cdn.ampproject.org/c/s/victim.example/a": "ampproject.org",
    "http://www.bing.com/news/apiclick.aspx?url=https%3a%2f%2fvictim.example%2fa": "bing.com",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fvictim.example%2Fa&h=1": "facebook.com",
}


@pytest.mark.parametrize(("url", "domain"), CARRIERS.items())
def test_what_an_address_carries_names_the_article_and_never_who_answers(url: str, domain: str) -> None:
    assert normalise(url) == "https://victim.example/a"
    assert registrable(url) == domain
    assert host(url).endswith(domain)


@pytest.mark.parametrize("ending", ["xyz", "us.to", "co.com", "com.co.uk", "zz", "news", "co.xyz", "com.xyz"])
def test_only_googles_own_domains_carry_addresses(ending: str) -> None:
    for url in (
        f"http://www.google.{ending}/url?q=https://victim.example/a",
        f"https://google.{ending}/amp/s/v.example/",
    ):
        assert carried(url) == url
        assert "google" in normalise(url).partition("/url")[0]


@pytest.mark.parametrize("ending", ["com", "de", "fr", "ch", "pl", "ru", "co.uk", "co.jp", "com.br", "com.tr", "cat"])
def test_every_domain_of_googles_carries_addresses(ending: str) -> None:
    assert carried(f"https://google.{ending}/url?q=https://paper.example/a") == "https://paper.example/a"


@pytest.mark.parametrize(("one", "other"), APART.values(), ids=APART)
def test_two_articles_keep_two_forms(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize(
    "url", ["", "example.com/a", "ftp://example.com/a", "mailto:a@b.c", "http://", "http://[::1", "\udc80", "http:///"]
)
def test_what_is_no_web_address_has_no_form(url: str) -> None:
    assert normalise(url) == host(url) == registrable(url) == ""


def test_an_address_too_long_has_no_form_before_or_after() -> None:
    assert normalise("https://example.com/" + "a" * MAX_URL_CHARS) == ""
    assert normalise("https://example.com/" + "ä" * (MAX_URL_CHARS // 2)) == ""


def test_the_rules_are_frozen() -> None:
    # Ids of the first release: one of these changing means that every stored id changed.
    assert article_id("https://www.example.com/2026/11/22/flood/?utm_source=rss") == "elqufhzqmw3awlon"
    assert article_id("", feed_url="https://example.com/feed", entry_id="tag:example.com,2026:1") == "jctvpfi2kxa4apdr"


def test_an_id_without_url_is_made_of_feed_and_entry() -> None:
    first = article_id("", feed_url="https://example.com/feed", entry_id="7")
    assert first == article_id("urn:x", feed_url="http://www.example.com/feed/", entry_id="7")
    assert first != article_id("", feed_url="https://example.com/other", entry_id="7")
    assert len(first) == 16


def test_nothing_to_name_it_by_is_an_error() -> None:
    with pytest.raises(ValueError, match="entry id"):
        article_id("", feed_url="https://example.com/feed")


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.news.example.co.uk/a", "example.co.uk"),
        ("https://harbour.blogspot.com/", "harbour.blogspot.com"),
        ("https://www.harbour.wordpress.com/", "harbour.wordpress.com"),
        ("https://wordpress.com/", "wordpress.com"),
        ("https://www.medium.com/", "medium.com"),
        ("https://x.github.io/", "x.github.io"),
        ("https://a.b.neocities.org/", "b.neocities.org"),
        ("https://www.b.neocities.org/", "b.neocities.org"),
        ("https://www.neocities.org/", "neocities.org"),
        ("https://m.tumblr.com/", "tumblr.com"),
        ("https://alice.blogspot.co.uk/", "alice.blogspot.co.uk"),
        ("https://alice.blog12.fc2.com/", "alice.blog12.fc2.com"),
        ("https://blog12.fc2.com/", "fc2.com"),
        ("https://alice.blogs.sapo.pt/", "alice.blogs.sapo.pt"),
        ("https://24.sapo.pt/", "sapo.pt"),
        ("http://wire.press.localhost:8000/a", "wire.press.localhost"),
        ("http://localhost/", "localhost"),
        ("http://127.0.0.1:9/", "127.0.0.1"),
        ("http://[::1]/", "[::1]"),
        ("https://Пример.рф/", "xn--e1afmkfd.xn--p1ai"),
        ("https://co.uk/", "co.uk"),
    ],
)
def test_registrable(url: str, domain: str) -> None:
    assert registrable(url) == domain


def test_every_platform_parts_its_writers_and_is_no_line_too_many() -> None:
    lines = (resources.files("stayahead") / "platforms.dat").read_text("utf-8").splitlines()
    rules = [line for line in lines if not line.startswith("//")]
    assert len(rules) == len(set(rules)) > 150
    listed = PublicSuffixList()
    for rule in rules:
        platform = rule.replace("*", "any")
        assert listed.publicsuffix(platform) != platform  # what the public list has needs no line of ours
        alice, mallory = (registrable(f"https://www.{name}.{platform}/") for name in ("alice", "mallory"))
        assert (alice, mallory) == (f"alice.{platform}", f"mallory.{platform}")


@pytest.mark.parametrize(
    ("base", "href", "url"),
    [
        ("https://example.com/news/", "a?b=1", "https://example.com/news/a?b=1"),
        ("https://example.com/news/", "/a", "https://example.com/a"),
        ("https://example.com/", "//other.example/a", "https://other.example/a"),
        ("", " HTTP://WWW.example.com ", "HTTP://WWW.example.com"),
        ("", "a", ""),
        ("https://example.com/", "mailto:a@example.com", ""),
        ("https://example.com/", "javascript:void(0)", ""),
        ("https://www.google.com/alerts", "/url?q=https://example.com/ä b", "https://example.com/%C3%A4%20b"),
        ("https://example.com/", "", ""),
        ("https://example.com/", "a" * 4090, ""),
        ("https://example.com/", "http://./", ""),
        ("not a base", "https://example.com/ä", "https://example.com/%C3%A4"),
    ],
)
def test_absolute(base: str, href: str, url: str) -> None:
    assert absolute(base, href) == url


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://me:pw@host/a@b", "http://host/a@b"),
        ("https://me@host:8080/", "https://host:8080/"),
        ("http://a@b:c@host?q=x@y", "http://host?q=x@y"),
        ("https://host/: failed (http://me:pw@other/x), to a@b.c", "https://host/: failed (http://other/x), to a@b.c"),
        ("nothing@all", "nothing@all"),
    ],
)
def test_a_login_is_nowhere_in_a_text(text: str, shown: str) -> None:
    assert without_logins(text) == shown


def test_no_link_bears_a_login_unless_its_owner_wrote_it() -> None:
    base = "http://me:pw@host/feed"
    for href in ("/news", "http://me:pw@host/news", "//you:pw@host/news", "http:\\\\you:pw@host\\news"):
        assert absolute(base, href) == "http://host/news"
    assert absolute(base, "/news", keep_login=True) == "http://me:pw@host/news"


def test_a_login_goes_back_to_its_own_origin_only() -> None:
    owner = "http://me:p%40w@host:8080/feed"
    assert with_login_of("http://host:8080/news", owner) == "http://me:p%40w@host:8080/news"
    for other in ("https://host:8080/news", "http://host/news", "http://other:8080/news", "nothing"):
        assert with_login_of(other, owner) == other
    assert with_login_of("http://host/news", "http://host/feed") == "http://host/news"


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/index.html" * 360, "/"),
        ("/index.html" * 360 + "x", "/index.html" * 360 + "x"),
        ("/a/index.php/INDEX.HTM///", "/a"),
        ("/a/xindex.html", "/a/xindex.html"),
        ("/aindex.html/", "/aindex.html"),
    ],
)
def test_index_pages_at_the_end_go_however_many(path: str, form: str) -> None:
    assert normalise(f"https://example.com{path}") == f"https://example.com{form}"
