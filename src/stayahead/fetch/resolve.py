"""Looks host names up, and hands aiohttp only the addresses that the guard allows."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext

from aiohttp.abc import AbstractResolver, ResolveResult

from stayahead.fetch.guard import Guard
from stayahead.fetch.time_limit import current
from stayahead.newsroom.shares import Asker, Shares

Lookup = Callable[[str, int], Awaitable[tuple[str, ...]]]

LOOKUPS_AT_ONCE = 16  # the system's resolver blocks up to about 10 s a name when no name server answers
LOOKUP_S = 30.0
"""Longest that a caller waits for the answer; its thread may hang on, and keeps its place so long."""


class SystemLookup:
    """Asks the system's resolver, in daemon threads: a name server that hangs must not keep us from ending."""

    def __init__(self) -> None:
        self._shares = Shares(LOOKUPS_AT_ONCE)

    async def __call__(self, host: str, port: int) -> tuple[str, ...]:
        """The addresses of the host, IPv4 and IPv6, in the system's order.

        Raises:
            OSError: the name is not known, or no name server answers.
        """
        loop = asyncio.get_running_loop()
        limit = current()
        asker = limit.asker if limit is not None else Asker()
        await self._shares.take(asker)
        answer: asyncio.Future[tuple[str, ...]] = loop.create_future()

        def settle(result: tuple[str, ...] | OSError) -> None:
            # Only now: a caller that gave up is gone, but its thread still hung in the system's resolver.
            self._shares.give_back(asker)
            _settle(answer, result)

        threading.Thread(target=_ask, args=(host, port, loop, settle), name="lookup", daemon=True).start()
        try:
            async with asyncio.timeout(LOOKUP_S):
                return await answer
        except TimeoutError:
            raise socket.gaierror(socket.EAI_AGAIN, f"no answer within {LOOKUP_S:g} s") from None


def _ask(
    host: str, port: int, loop: asyncio.AbstractEventLoop, settle: Callable[[tuple[str, ...] | OSError], None]
) -> None:
    result: tuple[str, ...] | OSError
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        result = tuple(dict.fromkeys(str(row[4][0]) for row in rows))
    except OSError as error:
        result = error
    except UnicodeError as error:  # a label that is empty or too long
        result = socket.gaierror(socket.EAI_NONAME, str(error))
    try:
        loop.call_soon_threadsafe(settle, result)
    except RuntimeError:  # the loop ended while we waited: nobody asks any more
        return


def _settle(answer: asyncio.Future[tuple[str, ...]], result: tuple[str, ...] | OSError) -> None:
    if answer.done():
        return
    if isinstance(result, OSError):
        answer.set_exception(result)
    else:
        answer.set_result(result)


class GuardedResolver(AbstractResolver):
    """The only resolver of our connector. Its answer is used for one connection and asked anew for the next.

    Args:
        guard: who may be connected to.
        names: host → address, for hosts that no name server knows (the demo, tests).
        lookup: who is asked for all others.
    """

    def __init__(self, guard: Guard, names: Mapping[str, str], lookup: Lookup) -> None:
        self._guard = guard
        self._names = dict(names)
        self._lookup = lookup

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The allowed addresses of the host.

        Raises:
            Forbidden: it has none that we may connect to.
            OSError: the name is not known.
        """
        del family  # we take both
        fixed = self._names.get(host)
        limit = current()
        # Who waits for a name waits for us, or for the name server of somebody: the site has its time all the same.
        with limit.paused() if limit is not None else nullcontext():
            addresses = (fixed,) if fixed else await self._lookup(host, port)
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "the name has no address")
        return [_row(host, address, port) for address in self._guard.allowed(host, port, addresses)]

    async def close(self) -> None:
        """Nothing to give back: lookups under way end by themselves."""


def _row(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST)
