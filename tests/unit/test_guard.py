"""The guard: which addresses, ports and urls are refused, in whatever way they are written."""

from __future__ import annotations

import socket

import pytest

from stayahead.errors import SettingsError
from stayahead.fetch.guard import (
    Forbidden,
    Guard,
    canonical,
    exception_pairs,
    forbidden_address,
    forbidden_port,
)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("0.0.0.0", "an address of this network"),
        ("0.1.2.3", "an address of this network"),
        ("10.0.0.1", "a private address"),
        ("100.64.0.1", "an address shared behind a carrier's NAT"),
        ("100.100.100.200", "an address shared behind a carrier's NAT"),
        ("127.0.0.1", "a loopback address"),
        ("127.255.255.254", "a loopback address"),
        ("168.63.129.16", "a cloud's own service"),
        ("169.254.169.254", "a link-local address"),
        ("172.16.0.1", "a private address"),
        ("172.31.255.255", "a private address"),
        ("192.0.0.192", "a reserved address"),
        ("192.0.2.1", "an address for documentation"),
        ("192.88.99.1", "a tunnel's relay"),
        ("192.168.1.1", "a private address"),
        ("198.18.0.1", "an address for benchmarks"),
        ("198.51.100.7", "an address for documentation"),
        ("203.0.113.9", "an address for documentation"),
        ("224.0.0.1", "a multicast address"),
        ("239.255.255.250", "a multicast address"),
        ("240.0.0.1", "a reserved address"),
        ("255.255.255.255", "a reserved address"),
        ("::", "an address of this network"),
        ("::1", "a loopback address"),
        ("::127.0.0.1", "a reserved address"),
        ("::ffff:127.0.0.1", "a loopback address"),
        ("::ffff:a9fe:a9fe", "a link-local address"),
        ("64:ff9b::7f00:1", "a loopback address"),
        ("64:ff9b::10.1.2.3", "a private address"),
        ("64:ff9b:1::1", "a reserved address"),
        ("100::1", "a reserved address"),
        ("2001::1", "a Teredo tunnel"),
        ("2001:10::1", "a reserved address"),
        ("2001:db8::1", "an address for documentation"),
        ("2002:7f00:1::", "a loopback address"),
        ("2002:c0a8:101::1", "a private address"),
        ("3fff::1", "an address for documentation"),
        ("5f00::1", "a reserved address"),
        ("fc00::1", "a private address"),
        ("fd00:ec2::254", "a private address"),
        ("fe80::1", "a link-local address"),
        ("fe80::1%eth0", "a link-local address"),
        ("fec0::1", "a private address"),
        ("ff02::1", "a multicast address"),
        ("paper.example", "no address"),
    ],
)
def test_an_address_that_is_not_public_is_refused_with_its_reason(address: str, reason: str) -> None:
    assert forbidden_address(address) == reason


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "128.0.0.1",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "223.255.255.255",
        "::ffff:1.1.1.1",
        "64:ff9b::101:101",
        "2002:101:101::1",
        "2606:4700::1111",
        "2a00:1450:4001::1",
    ],
)
def test_a_public_address_is_allowed(address: str) -> None:
    assert forbidden_address(address) == ""


@pytest.mark.parametrize("port", [80, 443, 1024, 8080, 8443, 65535])
def test_ports_of_web_servers_are_allowed(port: int) -> None:
    assert forbidden_port(port) == ""


@pytest.mark.parametrize("port", [0, 1, 22, 25, 53, 110, 139, 444, 993, 1023, 2049, 5060, 6000, 6667, 10080])
def test_ports_of_other_services_are_refused(port: int) -> None:
    assert str(port) in forbidden_port(port)


@pytest.mark.parametrize(
    "host", ["127.1", "0x7f.0.0.1", "0x7f000001", "0177.0.0.1", "017700000001", "2130706433", "127.0.0.1.", "①②⑦.⓪.⓪.①"]
)
def test_every_writing_of_loopback_is_the_same_address_and_refused(host: str) -> None:
    target = canonical(f"http://{host}/")
    assert target.host == "127.0.0.1"
    with pytest.raises(Forbidden, match="loopback"):
        Guard().check_target(target)


def test_a_target_is_taken_apart_in_canonical_form() -> None:
    target = canonical("HTTPS://User:pw@Bücher.Example:8443/a b?q=1#part")
    assert target.url == "https://User:pw@xn--bcher-kva.example:8443/a%20b?q=1"
    assert (target.scheme, target.host, target.port) == ("https", "xn--bcher-kva.example", 8443)
    assert target.pair == "xn--bcher-kva.example:8443"
    assert target.origin == "https://xn--bcher-kva.example:8443"
    assert target.has_credentials


def test_ports_left_out_are_those_of_the_scheme() -> None:
    assert canonical("http://paper.example/").pair == "paper.example:80"
    assert canonical("https://paper.example/").pair == "paper.example:443"
    assert canonical("http://[2606:4700::1111]/").pair == "[2606:4700::1111]:80"


def test_a_redirect_is_joined_to_where_it_came_from() -> None:
    assert canonical("../c?x", base="https://paper.example/a/b/d").url == "https://paper.example/a/c?x"
    assert canonical("//other.example/", base="https://paper.example/").url == "https://other.example/"


@pytest.mark.parametrize("url", ["", "paper", "http://", "http://a b/", "http://1.2.3.4.5/", "http://[::1/"])
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(Forbidden, match="no url"):
        canonical(url)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://paper.example/", "gopher://x/", "javascript:1", "data:,x"]
)
def test_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(Forbidden, match="only http and https"):
        canonical(url)


def test_a_name_at_a_private_address_is_refused_with_the_remedy() -> None:
    with pytest.raises(
        Forbidden, match=r"^\[Errno 13\] nas\.example is at 192\.168\.1\.5, a private address$"
    ) as caught:
        Guard().allowed("nas.example", 8080, ("192.168.1.5",))
    assert "nas.example:8080" in caught.value.remedy


def test_of_a_name_with_public_and_private_addresses_only_the_public_are_used() -> None:
    assert Guard().allowed("paper.example", 80, ("10.0.0.1", "1.1.1.1", "::1")) == ("1.1.1.1",)


def test_an_exception_is_one_exact_pair() -> None:
    guard = Guard(exceptions=exception_pairs("nas.example:8080, 127.0.0.1:9000"))
    assert guard.allowed("nas.example", 8080, ("192.168.1.5",)) == ("192.168.1.5",)
    with pytest.raises(Forbidden):
        guard.allowed("nas.example", 8081, ("192.168.1.5",))
    with pytest.raises(Forbidden):
        guard.allowed("other.example", 8080, ("192.168.1.5",))
    guard.check_target(canonical("http://127.0.0.1:9000/"))
    with pytest.raises(Forbidden):
        guard.check_target(canonical("http://127.0.0.2:9000/"))


def test_an_exception_lifts_the_port_rule_for_its_pair_alone() -> None:
    guard = Guard(exceptions=exception_pairs("paper.example:81"))
    guard.check_target(canonical("http://paper.example:81/"))
    with pytest.raises(Forbidden, match="port 82"):
        guard.check_target(canonical("http://paper.example:82/"))


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", set()),
        (" , ", set()),
        ("NAS.local:8080", {"nas.local:8080"}),
        ("0x7f.1:80", {"127.0.0.1:80"}),
        ("[::1]:9000,a:1", {"[::1]:9000", "a:1"}),
    ],
)
def test_exceptions_are_read_in_canonical_form(text: str, pairs: set[str]) -> None:
    assert exception_pairs(text) == pairs


@pytest.mark.parametrize(
    "text", ["nas.local", "nas.local:", ":80", "nas:http", "10.0.0.0/8:80", "u@nas:80", "*:80", "nas:99999"]
)
def test_what_is_no_pair_is_a_settings_error(text: str) -> None:
    with pytest.raises(SettingsError, match="host:port"):
        exception_pairs(text)


def info(address: str, port: int) -> tuple[object, ...]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return (family, socket.SOCK_STREAM, 0, "", (address, port))


def test_the_last_gate_opens_no_socket_to_an_address_that_was_never_allowed() -> None:
    with pytest.raises(Forbidden, match="loopback"):
        Guard().open_socket(info("127.0.0.1", 80))


def test_the_last_gate_opens_for_public_addresses_and_for_what_an_exception_led_to() -> None:
    guard = Guard(exceptions=frozenset({"nas.example:8080"}))
    guard.open_socket(info("1.1.1.1", 80)).close()
    guard.allowed("nas.example", 8080, ("192.168.1.5",))
    guard.open_socket(info("192.168.1.5", 8080)).close()
    with pytest.raises(Forbidden):
        guard.open_socket(info("192.168.1.5", 8081))
