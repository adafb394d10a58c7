"""The worker pool with real processes: what costs a worker, and that the next task never notices."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stayahead.errors import DeadlinePassed, HttpStatus, MemoryExceeded, ParseError, PrepareError, WorkerDied
from stayahead.log import VALUE_CHARS
from stayahead.newsroom.work_queue import BURST_S, Lane
from stayahead.newsroom.workers import WorkerPool
from tests.e2e import worker_tasks

URL = "https://paper.example/story"
ROOT = Path(__file__).parents[2]


def pool_of(size: int = 1, *, cpu_s: float = 5.0, wall_s: float = 60.0, memory_bytes: int = 400_000_000) -> WorkerPool:
    return WorkerPool(size, cpu_s=cpu_s, wall_s=wall_s, memory_bytes=memory_bytes, module="tests.e2e.worker_tasks")


def environ() -> dict[str, str]:
    """For a parent process of its own."""
    return os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}


def is_running(pid: int) -> bool:
    """Alive and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def until_gone(*pids: int) -> None:
    async with asyncio.timeout(30):
        while any(is_running(pid) for pid in pids):
            await asyncio.sleep(0.02)


async def until_written(path: Path) -> int:
    async with asyncio.timeout(30):
        while not path.exists() or not path.read_text():
            await asyncio.sleep(0.02)
    return int(path.read_text())


def test_a_task_runs_in_another_process_that_was_warmed_up_and_stays() -> None:
    async def use() -> None:
        async with pool_of() as pool:
            assert await pool.run(worker_tasks.double, 21, url=URL) == 42
            assert await pool.run("double", 4, url=URL) == 8
            assert await pool.run(worker_tasks.is_warm, url=URL)
            first = await pool.run(worker_tasks.pid, url=URL)
            assert first != os.getpid()
            assert first == await pool.run(worker_tasks.pid, url=URL)
            assert pool.pids == (first,)
            assert pool.replaced == 0

    asyncio.run(use())


def test_large_arguments_and_results_come_whole() -> None:
    body = os.urandom(8_000_000)

    async def use() -> None:
        async with pool_of() as pool:
            assert await pool.run(worker_tasks.size, body, url=URL) == len(body)
            assert await pool.run(worker_tasks.echo, body, url=URL) == body

    asyncio.run(use())


@pytest.mark.parametrize(
    ("task", "kind", "says", "limits"),
    [
        ("loop", DeadlinePassed, "CPU time", {"cpu_s": 0.3}),
        ("backtrack", DeadlinePassed, "CPU time", {"cpu_s": 0.3}),
        ("sleep", DeadlinePassed, "more than 0.3 s", {"wall_s": 0.3}),
        ("exhaust", MemoryExceeded, "400000000 bytes of memory", {}),
        ("huge", MemoryExceeded, "bytes of", {}),
        ("leave", WorkerDied, "exit code 3", {}),
        ("die", WorkerDied, "SIGKILL", {}),
        ("crash", WorkerDied, "SIGSEGV", {}),
    ],
)
def test_an_input_costs_two_workers_at_most_and_the_next_task_succeeds(
    task: str, kind: type[PrepareError], says: str, limits: dict[str, float]
) -> None:
    async def use() -> None:
        async with pool_of(1, cpu_s=limits.get("cpu_s", 5.0), wall_s=limits.get("wall_s", 60.0)) as pool:
            before = await pool.run(worker_tasks.pid, url=URL)
            with pytest.raises(kind) as caught:
                await pool.run(task, url=URL)
            assert caught.value.url == URL
            assert says in caught.value.what
            assert pool.replaced == 2
            assert await pool.run(worker_tasks.double, 21, url=URL) == 42
            assert await pool.run(worker_tasks.pid, url=URL) != before

    asyncio.run(use())


def test_a_task_whose_first_worker_dies_is_tried_once_more_and_the_log_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def use() -> None:
        async with pool_of() as pool:
            assert await pool.run(worker_tasks.die_once, str(tmp_path / "mark"), url=URL) == "survived"
            assert pool.replaced == 1

    with caplog.at_level("INFO"):
        asyncio.run(use())
    assert [record.msg for record in caplog.records] == ["workers_started", "worker_lost", "workers_stopped"]
    fields = vars(caplog.records[1])["stayahead_fields"]
    assert (fields["url"], fields["task"], fields["attempt"]) == (URL, "die_once", 1)
    assert fields["reason"] == "its worker ended with exit code 1"


def test_limits_count_for_each_task_and_not_for_a_worker_that_waits() -> None:
    async def use() -> None:
        async with pool_of(1, cpu_s=0.4, wall_s=3.0) as pool:
            pids = {await pool.run(worker_tasks.burn, 0.2, url=URL) for _ in range(4)}
            await asyncio.sleep(3.5)
            pids.add(await pool.run(worker_tasks.pid, url=URL))
            assert len(pids) == 1
            assert pool.replaced == 0

    asyncio.run(use())


def test_a_worker_killed_while_idle_is_replaced_without_an_error() -> None:
    async def use() -> None:
        async with pool_of() as pool:
            first = await pool.run(worker_tasks.pid, url=URL)
            os.kill(first, signal.SIGKILL)
            await until_gone(first)
            assert await pool.run(worker_tasks.double, 3, url=URL) == 6
            assert pool.replaced == 1

    asyncio.run(use())


def test_errors_of_our_tree_cross_whole_and_cost_no_worker() -> None:
    async def use() -> None:
        async with pool_of() as pool:
            with pytest.raises(ParseError) as parse:
                await pool.run(worker_tasks.refuse, URL, url=URL)
            assert (parse.value.url, parse.value.what, parse.value.remedy) == (URL, "no feed", "look for its address")
            with pytest.raises(HttpStatus) as status:
                await pool.run(worker_tasks.refuse_status, URL, url=URL)
            assert (status.value.status, status.value.retry_after_s) == (429, 7.0)
            assert pool.replaced == 0

    asyncio.run(use())


@pytest.mark.parametrize(
    ("task", "says"),
    [
        ("stumble", "KeyError: 'a defect' (worker_tasks.py:"),
        ("leave_by_exception", "SystemExit: 4"),
        ("unpicklable", ""),
    ],
)
def test_a_foreign_exception_becomes_a_prepare_error_that_names_it(task: str, says: str) -> None:
    async def use() -> None:
        async with pool_of() as pool:
            with pytest.raises(PrepareError) as caught:
                await pool.run(task, url=URL)
            assert type(caught.value) is PrepareError
            assert says in caught.value.what
            assert "report it" in caught.value.remedy
            assert pool.replaced == 0

    asyncio.run(use())


def test_what_cannot_be_sent_is_an_error_of_that_task_alone() -> None:
    async def use() -> None:
        async with pool_of() as pool:
            with pytest.raises(PrepareError, match="cannot be sent"):
                await pool.run(worker_tasks.echo, lambda: None, url=URL)
            assert await pool.run(worker_tasks.double, 1, url=URL) == 2

    asyncio.run(use())


def test_a_function_of_another_module_is_refused_before_it_is_sent() -> None:
    async def use() -> None:
        async with pool_of() as pool:
            with pytest.raises(ValueError, match="no top-level function of tests"):
                await pool.run(os.getpid, url=URL)

    asyncio.run(use())


CHATTING = """
import asyncio
import logging
logging.basicConfig(format="%(message)s %(stayahead_fields)s")
from stayahead.newsroom.work_queue import BURST_S, Lane
from stayahead.newsroom.workers import WorkerPool
async def use():
    async with WorkerPool(1, module="tests.e2e.worker_tasks") as pool:
        print(await pool.run("chatter", url="u"))
asyncio.run(use())
"""


def test_what_a_library_prints_never_reaches_our_output() -> None:
    told = subprocess.run(
        [sys.executable, "-c", CHATTING], env=environ(), capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout == "quiet\n"
    assert told.stderr == "worker_said {'said': 'a library that prints', 'url': 'u', 'task': 'chatter'}\n"


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What workers said, as the log has it."""
    return [vars(record)["stayahead_fields"]["said"] for record in caplog.records if record.msg == "worker_said"]


def test_ten_million_bytes_of_words_stop_no_worker_and_are_one_short_line_of_the_log(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    async def use() -> None:
        async with pool_of() as pool, asyncio.timeout(60):
            assert await pool.run(worker_tasks.flood, 10_000_000, url=URL) == "done"
            assert await pool.run(worker_tasks.double, 21, url=URL) == 42
            assert await pool.run(worker_tasks.chatter, url=URL) == "quiet"
            assert pool.replaced == 0

    asyncio.run(use())
    flood, chatter = said(caplog)
    assert flood.startswith("first words\nMemoryError\n")
    assert flood.endswith("MemoryError\nlast words")
    assert len(flood) < VALUE_CHARS
    assert chatter == "a library that prints", "each task's words are its own"
    assert "words" not in capfd.readouterr().err


def test_a_worker_that_cannot_start_says_why(caplog: pytest.LogCaptureFixture) -> None:
    async def use() -> None:
        async with WorkerPool(1, module="tests.e2e.no_such_module") as pool:
            with pytest.raises(WorkerDied, match="did not start"):
                await pool.run("double", 1, url=URL)

    asyncio.run(use())
    words = said(caplog)
    assert len(words) == 2
    for each in words:
        assert each.endswith("ModuleNotFoundError: No module named 'tests.e2e.no_such_module'")


def test_two_workers_work_at_once(tmp_path: Path) -> None:
    """Each task waits for the mark that the other one leaves: one after the other they would never end."""

    async def use() -> None:
        async with pool_of(2) as pool:
            naps = [
                asyncio.create_task(pool.run(worker_tasks.nap, 600.0, str(tmp_path / f"{i}"), url=URL)) for i in "ab"
            ]
            pids = {await until_written(tmp_path / "a"), await until_written(tmp_path / "b")}
            assert len(pids) == 2
            for task in naps:
                task.cancel()

    asyncio.run(use())


def test_many_tasks_are_answered_each_with_its_own_result() -> None:
    async def use() -> None:
        async with pool_of(2) as pool:
            tasks = [pool.run(worker_tasks.double, number, url=URL) for number in range(600)]
            assert await asyncio.gather(*tasks) == [2 * number for number in range(600)]

    asyncio.run(use())


def test_a_task_cancelled_while_it_waits_is_never_begun(tmp_path: Path) -> None:
    async def use() -> None:
        async with pool_of() as pool:
            first = asyncio.create_task(pool.run(worker_tasks.nap, 0.5, str(tmp_path / "first"), url=URL))
            await until_written(tmp_path / "first")
            second = asyncio.create_task(pool.run(worker_tasks.nap, 0.0, str(tmp_path / "second"), url=URL))
            await asyncio.sleep(0)
            second.cancel()
            await first
            assert await pool.run(worker_tasks.double, 5, url=URL) == 10
            assert not (tmp_path / "second").exists()
            assert pool.replaced == 0

    asyncio.run(use())


def test_the_answer_of_a_task_cancelled_while_it_runs_goes_to_nobody(tmp_path: Path) -> None:
    async def use() -> None:
        async with pool_of() as pool:
            task = asyncio.create_task(pool.run(worker_tasks.nap, 0.3, str(tmp_path / "mark"), url=URL))
            pid = await until_written(tmp_path / "mark")
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await pool.run(worker_tasks.double, 5, url=URL) == 10
            assert await pool.run(worker_tasks.pid, url=URL) == pid

    asyncio.run(use())


def test_closing_ends_every_child_and_fails_what_runs_and_what_waits(tmp_path: Path) -> None:
    async def use() -> None:
        pool = pool_of()
        running = asyncio.create_task(pool.run(worker_tasks.nap, 600.0, str(tmp_path / "mark"), url=URL))
        pid = await until_written(tmp_path / "mark")
        waiting = asyncio.create_task(pool.run(worker_tasks.double, 1, url=URL))
        await asyncio.sleep(0)
        await pool.close()
        for task in (running, waiting):
            with pytest.raises(PrepareError, match="workers were ended"):
                await task
        with pytest.raises(PrepareError, match="workers were ended"):
            await pool.run(worker_tasks.double, 1, url=URL)
        await pool.close()
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)  # reaped, not even a zombie

    asyncio.run(use())


def test_a_module_that_cannot_be_imported_says_so() -> None:
    async def use() -> None:
        async with WorkerPool(1, module="tests.e2e.no_such_module") as pool:
            with pytest.raises(WorkerDied, match="did not start"):
                await pool.run("double", 1, url=URL)

    asyncio.run(use())


def test_a_system_without_processes_fails_tasks_and_not_the_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    async def use() -> None:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "executable", "/nowhere/python")
            pool = pool_of()
            with pytest.raises(WorkerDied, match="no worker could be started"):
                await pool.run(worker_tasks.double, 1, url=URL)
        assert await pool.run(worker_tasks.double, 1, url=URL) == 2
        await pool.close()

    asyncio.run(use())


PARENT = """
import asyncio, pathlib, sys
from stayahead.newsroom.work_queue import BURST_S, Lane
from stayahead.newsroom.workers import WorkerPool
async def use():
    pool = WorkerPool(1, cpu_s=5.0, wall_s=float(sys.argv[2]), module="tests.e2e.worker_tasks")
    pid = await pool.run("pid", url="u")
    if sys.argv[3] == "busy":
        task = asyncio.create_task(pool.run("nap", 600.0, sys.argv[1], url="u"))
    else:
        pathlib.Path(sys.argv[1]).write_text(str(pid))
    await asyncio.sleep(600)
asyncio.run(use())
"""


@pytest.mark.parametrize("state", ["idle", "busy"])
def test_children_end_with_a_parent_that_is_killed(tmp_path: Path, state: str) -> None:
    mark = tmp_path / "mark"
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(mark), "3.0", state], env=environ())
    try:
        child = asyncio.run(until_written(mark))
        assert is_running(child)
    finally:
        parent.kill()
        parent.wait()
    asyncio.run(until_gone(child))


def test_children_do_not_hear_the_terminal_interrupt() -> None:
    async def use() -> None:
        async with pool_of() as pool:
            child = await pool.run(worker_tasks.pid, url=URL)
            assert os.getsid(child) != os.getsid(0)
            os.kill(child, signal.SIGINT)
            assert await pool.run(worker_tasks.pid, url=URL) == child

    asyncio.run(use())


def test_a_result_that_is_too_large_is_refused_for_its_source_and_costs_no_worker() -> None:
    async def use() -> None:
        async with WorkerPool(1, module="tests.e2e.worker_tasks", result_bytes=1_000_000) as pool:
            with pytest.raises(MemoryExceeded, match="bytes of result") as caught:
                await pool.run(worker_tasks.echo, bytes(1_000_001), url=URL)
            assert caught.value.url == URL
            assert await pool.run(worker_tasks.size, bytes(1_000_001), url=URL) == 1_000_001
            assert pool.replaced == 0

    asyncio.run(use())


def test_a_worker_that_has_grown_is_renewed() -> None:
    async def use() -> None:
        async with pool_of() as pool:
            first = await pool.run(worker_tasks.keep, 100_000_000, url=URL)
            assert await pool.run(worker_tasks.pid, url=URL) != first
            assert (pool.renewed, pool.replaced) == (1, 0)

    asyncio.run(use())


def test_what_others_have_waiting_goes_before_the_next_task_of_a_dear_source() -> None:
    async def use() -> None:
        order: list[str] = []

        async def task(source: str, cpu_s: float, lane: Lane = Lane.PAGE) -> None:
            await pool.run(worker_tasks.burn, cpu_s, url=URL, source=source, lane=lane)
            order.append(source)

        async with pool_of() as pool:
            await task("dear", BURST_S + 0.5)
            dear = [asyncio.create_task(task("dear", 0.05)) for _ in range(40)]
            await asyncio.sleep(0)
            await asyncio.gather(*(task(source, 0.0) for source in ("one", "two", "three")))
            assert order.count("dear") <= 2  # the first, and the one that had begun
            await asyncio.gather(*dear)
            assert order.count("dear") == 41  # nothing is lost

    asyncio.run(use())


class Stumbling(WorkerPool):
    """Has a bug that the second task meets."""

    tasks = 0

    async def _settle(self, slot: int, task: Any) -> float:
        self.tasks += 1
        if self.tasks == 2:
            raise KeyError("a defect")
        return await super()._settle(slot, task)


def test_a_bug_of_ours_costs_one_task_and_not_those_that_wait() -> None:
    async def use() -> None:
        async with Stumbling(1, module="tests.e2e.worker_tasks") as pool:
            tasks = [pool.run(worker_tasks.double, number, url=URL) for number in range(3)]
            first, second, third = await asyncio.gather(*tasks, return_exceptions=True)
            assert (first, third) == (0, 4)
            assert isinstance(second, PrepareError)
            assert "a defect" in second.what

    asyncio.run(use())
