"""HttpFetcher and the guard against real servers on loopback: who may not be connected to, and who cannot be."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest

from stayahead.config import Settings
from stayahead.errors import (
    AddressRefused,
    ConnectFailed,
    FetchError,
)
from stayahead.fetch import HttpFetcher
from stayahead.fetch.guard import Guard, Target, forbidden_address
from stayahead.ports import Request
from tests.e2e.loopback_fetch import FEED, fetcher_for, refused, with_site
from tests.e2e.loopback_site import Site, StillClock, Visit, saying

# --- the guard ---


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "private.test", "0", "127.1", "[::1]"])
def test_our_own_house_is_refused_without_an_exception(host: str) -> None:
    async def run() -> None:
        async with Site({"/": saying(FEED)}) as site:
            fetcher = HttpFetcher(Settings(), StillClock(), names={"private.test": "127.0.0.1"})
            with pytest.raises(AddressRefused) as caught:
                await fetcher.fetch(Request(url=site.url("/", host=host)))
            assert "fetch_exceptions" in caught.value.remedy
            assert site.connections == 0
            await fetcher.close()

    asyncio.run(run())


def test_an_option_names_exceptions_pair_by_pair() -> None:
    async def run() -> None:
        async with Site({"/": saying(FEED)}) as site, Site({"/": saying(FEED)}) as other:
            fetcher = HttpFetcher(Settings(fetch_exceptions=f"127.0.0.1:{site.port}"), StillClock())
            assert (await fetcher.fetch(Request(url=site.url("/", host="127.0.0.1")))).body == FEED
            with pytest.raises(AddressRefused):
                await fetcher.fetch(Request(url=other.url("/", host="127.0.0.1")))
            with pytest.raises(AddressRefused):
                await fetcher.fetch(Request(url=site.url("/", host="localhost")))
            await fetcher.close()

    asyncio.run(run())


@contextlib.asynccontextmanager
async def two_sites() -> AsyncIterator[tuple[Site, Site]]:
    """One port on two addresses."""
    async with contextlib.AsyncExitStack() as stack:
        public = await stack.enter_async_context(Site({"/": saying(FEED, Connection="close")}))
        private = Site({"/": saying(b"secret")}, host="127.0.0.2", port=public.port)
        yield public, await stack.enter_async_context(private)


def test_a_name_that_is_bound_anew_between_two_requests_is_judged_anew() -> None:
    """DNS rebinding, with 127.0.0.1 in the part of a public address and 127.0.0.2 in that of a private one."""
    answers = ["127.0.0.1", "127.0.0.2", "127.0.0.1"]
    asked: list[str] = []

    async def lookup(host: str, port: int) -> tuple[str, ...]:
        asked.append(host)
        return (answers[len(asked) - 1],)

    def judge(address: str) -> str:
        return "" if address == "127.0.0.1" else forbidden_address(address)

    async def run() -> None:
        async with two_sites() as (public, private):
            fetcher = HttpFetcher(Settings(), StillClock(), guard=Guard(judge=judge), lookup=lookup)
            request = Request(url=public.url("/", host="rebind.test"))
            assert (await fetcher.fetch(request)).body == FEED
            with pytest.raises(AddressRefused, match=r"rebind\.test is at 127\.0\.0\.2, a loopback address"):
                await fetcher.fetch(request)
            assert (await fetcher.fetch(request)).body == FEED
            assert asked == ["rebind.test"] * 3  # once for each connection, and the answer is what is used
            assert private.connections == 0
            await fetcher.close()

    asyncio.run(run())


def test_of_several_addresses_only_those_allowed_are_connected_to() -> None:
    async def lookup(host: str, port: int) -> tuple[str, ...]:
        return ("127.0.0.2", "127.0.0.1")

    def judge(address: str) -> str:
        return "" if address == "127.0.0.1" else "a private address"

    async def run() -> None:
        async with two_sites() as (public, private):
            fetcher = HttpFetcher(Settings(), StillClock(), guard=Guard(judge=judge), lookup=lookup)
            assert (await fetcher.fetch(Request(url=public.url("/", host="two.test")))).body == FEED
            assert private.connections == 0
            await fetcher.close()

    asyncio.run(run())


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        assert (await fetcher.fetch(Request(url=site.url("/")))).body == FEED

    with_site({"/": saying(FEED)}, use)


# --- no connection ---


def unreachable(error: OSError) -> FetchError:
    async def lookup(host: str, port: int) -> tuple[str, ...]:
        raise error

    async def run() -> FetchError:
        fetcher = HttpFetcher(Settings(), StillClock(), lookup=lookup)
        with pytest.raises(ConnectFailed) as caught:
            await fetcher.fetch(Request(url="http://paper.test/feed"))
        await fetcher.close()
        return caught.value

    return asyncio.run(run())


def test_a_name_that_is_not_known_says_so() -> None:
    error = unreachable(socket.gaierror(socket.EAI_NONAME, "Name or service not known"))
    assert "name is not known" in error.what
    assert "check the url" in error.remedy


def test_a_missing_name_server_is_our_network_and_not_the_source() -> None:
    error = unreachable(socket.gaierror(socket.EAI_AGAIN, "Temporary failure"))
    assert "no name server" in error.what
    assert "network" in error.remedy


def test_the_system_resolver_is_asked_for_other_names() -> None:
    async def run() -> None:
        fetcher = HttpFetcher(Settings(), StillClock())
        with pytest.raises(AddressRefused, match="localhost is at"):
            await fetcher.fetch(Request(url="http://localhost:8080/"))
        with pytest.raises(ConnectFailed):
            await fetcher.fetch(Request(url=f"http://{'a' * 70}.invalid/"))
        await fetcher.close()

    asyncio.run(run())


def test_a_closed_port_is_refused_by_the_server() -> None:
    async def run() -> None:
        async with Site() as site:
            fetcher = fetcher_for(site)
        with pytest.raises(ConnectFailed, match="refused the connection"):
            await fetcher.fetch(Request(url=site.url("/")))
        await fetcher.close()

    asyncio.run(run())


def test_a_server_that_hangs_up_is_no_connection() -> None:
    async def hang_up(visit: Visit) -> None:
        visit.is_last = True

    refused({"/": hang_up}, ConnectFailed)


def test_a_server_that_speaks_no_tls_is_no_connection() -> None:
    async def garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"no TLS here, only words\r\n")
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(garbage, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        fetcher = HttpFetcher(Settings(fetch_exceptions=f"127.0.0.1:{port}"), StillClock())
        with pytest.raises(ConnectFailed, match="no secure connection"):
            await fetcher.fetch(Request(url=f"https://127.0.0.1:{port}/"))
        await fetcher.close()
        server.close()
        await server.wait_closed()

    asyncio.run(run())


def test_a_closed_fetcher_asks_nobody() -> None:
    async def use(site: Site, fetcher: HttpFetcher) -> None:
        await fetcher.fetch(Request(url=site.url("/")))
        await fetcher.close()
        with pytest.raises(ConnectFailed, match="closed"):
            await fetcher.fetch(Request(url=site.url("/")))
        assert len(site.visits) == 1

    with_site({"/": saying(FEED)}, use)


class Lax(Guard):
    """A guard that lets every url and name pass, so that only its last gate is left."""

    def check_target(self, target: Target, source: Target | None = None) -> None:
        del target, source

    def allowed(self, host: str, port: int, addresses: tuple[str, ...]) -> tuple[str, ...]:
        del host, port
        return addresses


@pytest.mark.parametrize("host", ["127.0.0.1", "private.test"])
def test_the_last_gate_stands_at_the_socket_itself(host: str) -> None:
    async def run() -> None:
        async with Site({"/": saying(FEED)}) as site:
            fetcher = HttpFetcher(Settings(), StillClock(), names={"private.test": "127.0.0.1"}, guard=Lax())
            with pytest.raises(AddressRefused, match=r"127\.0\.0\.1 is a loopback address"):
                await fetcher.fetch(Request(url=site.url("/", host=host)))
            assert site.connections == 0
            await fetcher.close()

    asyncio.run(run())
