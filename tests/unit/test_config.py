"""Options: defaults, file, environment, and what a wrong value says."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from stayahead import config
from stayahead.config import OPTIONS, Settings, config_file, data_dir, load, replace, template
from stayahead.errors import SettingsError


def test_without_file_and_environment_every_option_has_its_default() -> None:
    assert load(None, {}) == Settings()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / "stayahead.toml"
    path.write_text('port = 9000\nfull_text = "everyone"\npage_wait_s = 2')
    settings = load(path, {"STAYAHEAD_PORT": "9001", "OTHER": "x"})
    assert (settings.port, settings.full_text, settings.page_wait_s) == (9001, "everyone", 2.0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("prot = 1", "no option 'prot'"),
        ("port = [", "cannot be read as TOML"),
        ("port = 'many'", "'many' is no int"),
        ("port = 1.5", "no whole number"),
        ("port = true", "is no int"),
        ("poll_every_s = -1", "negative"),
        ("poll_every_s = nan", "without end"),
        ("full_text = 'some'", "owner, everyone, nobody"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "stayahead.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=says):
        load(path, {})


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"absent\.toml"):
        load(tmp_path / "absent.toml", {})


def test_the_data_directory_follows_option_xdg_and_home(tmp_path: Path) -> None:
    assert data_dir(replace(Settings(), {"data_dir": "/var/news"}), {}) == Path("/var/news")
    assert data_dir(Settings(), {"XDG_DATA_HOME": str(tmp_path)}) == tmp_path / "stayahead"
    assert data_dir(Settings(), {}) == Path.home() / ".local" / "share" / "stayahead"


def test_the_template_with_its_comments_removed_is_the_defaults(tmp_path: Path) -> None:
    lines = [line[2:] for line in template().splitlines() if " = " in line and line.startswith("# ")]
    values = tomllib.loads("\n".join(lines))
    assert set(values) == {option.name for option in OPTIONS}
    path = tmp_path / "all.toml"
    path.write_text("\n".join(lines))
    assert load(path, {}) == Settings()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("poll_every_s", "10m", 600.0),
        ("poll_every_s", "90s", 90.0),
        ("poll_every_s", "2h", 7200.0),
        ("batch_wait_s", "50ms", 0.05),
        ("page_wait_s", "1.5 min", 90.0),
        ("bodies_days", "4w", 28),
        ("bodies_days", "30d", 30),
        ("poll_every_s", "600", 600.0),
        ("site_name", "10m", "10m"),
    ],
)
def test_a_time_may_bear_its_unit(name: str, text: str, value: object) -> None:
    assert getattr(load(None, {f"STAYAHEAD_{name.upper()}": text}), name) == value


@pytest.mark.parametrize(
    ("variable", "text", "says"),
    [
        ("STAYAHEAD_POLL_EVERY_S", "10 lightyears", r"poll_every_s: 'lightyears' is no unit of time; .*90s, 10m, 2h"),
        ("STAYAHEAD_BODIES_DAYS", "36h", "bodies_days: '1.5' is no int"),
        ("STAYAHEAD_POLL_EVERY", "600", r"STAYAHEAD_POLL_EVERY: .*do you mean STAYAHEAD_POLL_EVERY_S\?"),
        ("STAYAHEAD_XYZZY", "1", "STAYAHEAD_XYZZY: there is no such option; `stayahead options` lists all"),
    ],
)
def test_a_wrong_variable_says_what_is_wrong(variable: str, text: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        load(None, {variable: text})


def test_a_file_of_options_is_found_in_its_place(tmp_path: Path) -> None:
    assert config_file({"XDG_CONFIG_HOME": str(tmp_path)}) is None
    path = tmp_path / "stayahead" / "config.toml"
    path.parent.mkdir()
    path.touch()
    assert config_file({"XDG_CONFIG_HOME": str(tmp_path)}) == path


@pytest.mark.parametrize(
    ("url", "origin", "name", "prefix"),
    [
        ("", "", "", ""),
        ("https://news.example.org", "https://news.example.org", "news.example.org", ""),
        ("https://News.Example.org:443/", "https://news.example.org", "news.example.org", ""),
        ("http://host:8080/news", "http://host:8080", "host", "/news"),
        (" https://host/a/b-c_d.e~f/ ", "https://host", "host", "/a/b-c_d.e~f"),
        ("https://müller.example/", "https://xn--mller-kva.example", "xn--mller-kva.example", ""),
        ("https://[2001:db8::1]/", "https://[2001:db8::1]", "2001:db8::1", ""),
    ],
)
def test_public_url_says_where_the_site_lies(url: str, origin: str, name: str, prefix: str) -> None:
    address = config.site_address(replace(Settings(), {"public_url": url}))
    assert (address.origin, address.name, address.prefix) == (origin, name, prefix)


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("public_url", "news.example.org", "write https://news.example.org/"),
        ("public_url", "news.example.org/news/", "write https://news.example.org/news/"),
        ("public_url", "ftp://news.example.org/", "neither http nor https"),
        ("public_url", "https://", "is no address"),
        ("public_url", "https://me:secret@host/", "without user"),
        ("public_url", "https://host/?a=b", "without user, query"),
        ("public_url", "https://host/a b/", "letters, digits"),
        ("public_url", "https://host//news/", "letters, digits"),
        ("host_names", "https://news.example.org", "as in news.example.org"),
        ("host_names", "news, news.example.org/path", "as in news.example.org"),
        ("host_names", "news.example.org:8400", "as in news.example.org"),
        ("host_names", "a b", "as in news.example.org"),
        ("trusted_proxies", "proxy.example.org", "write 127.0.0.1 or 10.0.0.0/8"),
        ("trusted_proxies", "10.0.0.1/8", "host bits"),
        ("intake_exceptions", "example.org", "write example.org=2000"),
        ("intake_exceptions", "example.org=-1", "write example.org=2000"),
        ("intake_exceptions", "=5", "write example.org=2000"),
    ],
)
def test_addresses_that_cannot_be_are_refused_with_the_right_form(option: str, value: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told) as caught:
        replace(Settings(), {option: value})
    assert option in str(caught.value)


def test_sources_may_have_an_allowance_of_their_own() -> None:
    settings = replace(Settings(), {"intake_exceptions": "Agency.example = 2000, https://feeds.example/a?b=c=0"})
    assert config.intake_numbers(settings) == {"agency.example": 2000, "https://feeds.example/a?b=c": 0}
    assert config.intake_numbers(Settings()) == {}


def test_further_names_and_proxies_are_lists() -> None:
    settings = replace(
        Settings(), {"host_names": "News.local., ::1,müller.example", "trusted_proxies": "::1, 10.0.0.0/8"}
    )
    assert config.own_names(settings) == {"news.local", "::1", "xn--mller-kva.example"}
    assert [str(each) for each in config.proxy_networks(settings)] == ["::1/128", "10.0.0.0/8"]
