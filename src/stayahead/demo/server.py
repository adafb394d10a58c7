"""Puts the demo press on a loopback port, so that the real fetcher asks it over real HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from aiohttp import web

from stayahead.demo.press import Press


class Now(Protocol):
    """The part of `ports.Clock` that the server needs."""

    def now(self) -> datetime:
        """The time, aware, UTC."""
        ...


class PressServer:
    """Serves a press on one loopback port for all its hosts; `start`, then `stop`."""

    def __init__(self, press: Press, clock: Now, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._press = press
        self._clock = clock
        self._host = host
        self._wanted_port = port
        self._runner: web.AppRunner | None = None
        self.port = 0
        """The port that it listens on, once started."""

    async def start(self) -> int:
        """Listen, and say on which port.

        Raises:
            OSError: the port is taken.
        """
        app = web.Application()
        app.router.add_get("/{path:.*}", self._serve)
        runner = web.AppRunner(app, access_log=None, handle_signals=False)
        await runner.setup()
        await web.TCPSite(runner, self._host, self._wanted_port).start()
        self._runner = runner
        self.port = runner.addresses[0][1]
        return self.port

    async def stop(self) -> None:
        """Stop listening and close what is open."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _serve(self, request: web.Request) -> web.Response:
        answer = self._press.answer(request.host, request.path_qs, dict(request.headers), self._clock.now())
        return web.Response(status=answer.status, headers=dict(answer.headers), body=answer.body)
