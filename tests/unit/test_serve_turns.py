from __future__ import annotations

import asyncio

import pytest
from starlette.types import Receive, Scope, Send

from stayahead.serve.turns import MONITORS, Turns


async def _receive() -> dict[str, object]:
    return {"type": "http.disconnect"}


async def _send(_: object) -> None:
    pass


def _begun(paths: list[str], *, cancelled: int | None = None) -> list[tuple[int, str]]:
    """In which turn of the loop each of the requests began, all of which came in the same one."""
    begun: list[tuple[int, str]] = []
    turn = 0

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        begun.append((turn, scope["path"]))

    async def play() -> None:
        nonlocal turn
        turns = Turns(app)
        tasks = [asyncio.create_task(turns({"type": "http", "path": path}, _receive, _send)) for path in paths]
        for _ in range(3 * len(paths) + 3):
            await asyncio.sleep(0)
            turn += 1
            if cancelled is not None and turn == 1:
                tasks[cancelled].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert all(task.done() for task in tasks)

    asyncio.run(play())
    return begun


def test_requests_of_a_crowd_begin_one_a_turn_in_their_order() -> None:
    begun = _begun([f"/{n}" for n in range(20)])
    assert [path for _, path in begun] == [f"/{n}" for n in range(20)]
    assert len({turn for turn, _ in begun}) == len(begun)


@pytest.mark.parametrize("monitor", sorted(MONITORS))
def test_a_monitor_waits_for_none_of_them(monitor: str) -> None:
    begun = {path: turn for turn, path in _begun([*(f"/{n}" for n in range(20)), monitor])}
    assert begun[monitor] == begun["/0"] == min(begun.values())


def test_who_leaves_is_passed_over() -> None:
    paths = [f"/{n}" for n in range(6)]
    assert {path for _, path in _begun(paths, cancelled=3)} == set(paths) - {"/3"}


def test_what_is_no_request_passes() -> None:
    passed: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        passed.append(scope["type"])

    async def play() -> None:
        turns = Turns(app)
        await asyncio.gather(*(turns({"type": "lifespan"}, _receive, _send) for _ in range(3)))

    asyncio.run(play())
    assert passed == ["lifespan"] * 3
