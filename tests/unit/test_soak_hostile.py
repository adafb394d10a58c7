"""The measurement of a hostile world is itself measured: where it could be kind to the service, it must not be."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from soak.hostile import __main__ as command
from soak.hostile import full_disk, measure, memory_group, processes, stage, world
from soak.hostile.attacks import ALONE, ATTACKS
from soak.hostile.beats import Monitor
from soak.hostile.measure import Bars, Beat, Row
from soak.hostile.wire import Visit, serve

GOOD = Row(name="a", stall_s=0.02, raw_stall_s=0.03, memory=100_000_000, lag_s=1.0, articles=3, asked=9)


def test_a_stall_is_the_longest_wait() -> None:
    assert measure.longest_stall_s([Beat(0.0, 0.01, 200), Beat(0.05, 0.3, 200)], []) == pytest.approx(0.3)
    assert measure.longest_stall_s([], []) == 0.0


def test_what_the_idle_process_waited_meanwhile_is_the_machines() -> None:
    service = [Beat(1.0, 0.3, 200)]
    assert measure.longest_stall_s(service, [Beat(1.05, 0.2, 200)]) == pytest.approx(0.1)


def test_a_pause_of_the_machine_at_another_time_excuses_nothing() -> None:
    service = [Beat(1.0, 0.3, 200), Beat(5.0, 0.5, 200)]
    idle = [Beat(1.0, 0.001, 200), Beat(5.0, 0.5, 200), Beat(0.5, 0.4, 200), Beat(1.4, 0.4, 200)]
    assert measure.longest_stall_s(service, idle) == pytest.approx(0.299)


def test_a_wait_that_had_not_ended_counts_to_the_end() -> None:
    assert measure.longest_stall_s([Beat(2.0, 18.0, 0)], [Beat(2.0, 0.001, 200)]) == pytest.approx(17.999)


def test_a_service_that_stalls_fails_the_bar() -> None:
    """Its loop sleeps 300 ms in one answer, as a regular expression would hold it."""

    async def stalling(visit: Visit) -> None:
        visit.is_last = True
        time.sleep(0.3)
        await visit.answer(b"{}", "application/json")

    started, over, ports = threading.Event(), threading.Event(), list[int]()

    async def play() -> None:
        server, port = await serve(stalling)
        ports.append(port)
        started.set()
        await asyncio.to_thread(over.wait)
        server.close()
        await server.wait_closed()

    thread = threading.Thread(target=asyncio.run, args=(play(),))
    thread.start()
    started.wait()

    async def watched() -> list[Beat]:
        monitor = Monitor(ports[0], "/healthz")
        monitor.ask(time.monotonic())
        while not monitor.beats:
            await asyncio.sleep(0.01)
        return monitor.end()

    beats = asyncio.run(watched())
    over.set()
    thread.join()
    row = replace(GOOD, stall_s=measure.longest_stall_s(beats, []))
    assert [line for line in measure.wrong(row, Bars()) if "/healthz waited" in line]


def test_a_question_that_waits_is_no_less_than_one_that_was_answered() -> None:
    async def silent(visit: Visit) -> None:
        await asyncio.sleep(60)

    async def watched() -> list[Beat]:
        server, port = await serve(silent)
        monitor = Monitor(port, "/healthz")
        monitor.ask(time.monotonic() - 5.0)
        await asyncio.sleep(0.05)
        server.close()
        return monitor.end()

    (beat,) = asyncio.run(watched())
    assert beat.took >= 5.0
    assert beat.status == 0


def test_an_honest_article_waits_from_when_its_poll_was_due() -> None:
    lags = measure.lags_s({"a": 12.0}, {"a": 17.5}, [10.0, 15.2], every_s=5.0, end=60.0)
    assert lags == {"a": pytest.approx(2.5)}


def test_a_poll_that_did_not_come_is_due_all_the_same() -> None:
    lags = measure.lags_s({"a": 12.0, "b": 20.0}, {"a": 40.0, "b": 40.0}, [10.0, 39.0], every_s=5.0, end=60.0)
    assert lags == {"a": pytest.approx(25.0), "b": pytest.approx(20.0)}


def test_an_article_that_was_never_seen_waits_until_the_end() -> None:
    lags = measure.lags_s({"a": 12.0, "b": 58.0}, {}, [10.0, 57.0], every_s=5.0, end=60.0)
    assert lags == {"a": pytest.approx(45.0)}


def test_without_any_poll_an_article_is_due_at_once() -> None:
    assert measure.lags_s({"a": 12.0}, {}, [], every_s=5.0, end=60.0) == {"a": pytest.approx(48.0)}


def test_memory_is_the_sum_of_pss() -> None:
    rollup = "00400000-7fff [rollup]\nRss:  900 kB\nPss:  100 kB\nPss_Anon:  80 kB\nPss_Dirty:  80 kB\n"
    assert measure.pss_bytes([rollup, rollup.replace("100", "20"), ""]) == 120 * 1024


def test_a_tree_has_all_generations() -> None:
    assert sorted(measure.descendants({2: 1, 3: 2, 4: 3, 5: 9, 1: 0}, 2)) == [2, 3, 4]


def test_a_childs_memory_counts() -> None:
    code = "import sys; kept = bytearray(b'x') * 60_000_000; print(len(kept), flush=True); sys.stdin.read()"
    own = processes.memory_of(os.getpid())
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdout.readline()
        assert processes.memory_of(os.getpid()) - own > 40_000_000
        child.stdin.close()


def test_who_was_never_weighed_or_never_seen_has_not_passed() -> None:
    assert measure.wrong(GOOD, Bars()) == []
    assert measure.wrong(replace(GOOD, memory=0), Bars()) == ["a: its memory was never seen"]
    assert measure.wrong(replace(GOOD, articles=0), Bars()) == ["a: no honest article was seen"]
    assert "a: it did not start" in measure.wrong(measure.not_run("a", "it did not start"), Bars())


@pytest.mark.parametrize(
    "row",
    [
        replace(GOOD, stall_s=0.101),
        replace(GOOD, memory=600_000_001),
        replace(GOOD, lag_s=10.1),
        replace(GOOD, ended="dead after 3 s"),
        replace(GOOD, faults=("x",)),
    ],
)
def test_each_bar_fails(row: Row) -> None:
    assert len(measure.wrong(row, Bars())) == 1
    assert "**fails**" in measure.table([row], {"a": measure.wrong(row, Bars())})


def test_the_table_has_a_line_for_each_run() -> None:
    lines = measure.table([GOOD], {"a": []}).splitlines()
    assert lines[2] == "| a | 20 (30) | 100 | 1.0 (3) | yes |"


def test_every_attack_is_found_by_its_hosts() -> None:
    for name, attack in ATTACKS.items():
        assert attack.name == name
        assert attack.__doc__
        for pair in attack().exceptions(80):
            match = world.HOST.fullmatch(pair.removesuffix(":80"))
            assert match is not None
            assert match[1] == name


def test_one_feed_that_counts_as_several_is_a_fault() -> None:
    def ask(path: str) -> dict[str, object]:
        if path.startswith("/v1/search"):
            return {"hits": [{"story": {"id": "a"}}, {"story": {"id": "merged"}}]}
        return {"story": {"id": "a", "origins": origins}} if path == "/v1/stories/a" else {}

    attack = ATTACKS["impersonation"]()
    origins = 12
    assert attack.wrong(ask) == ["one feed made a story of 12 origins"]
    origins = 1
    assert attack.wrong(ask) == []


def test_a_feed_that_was_refused_whole_is_a_fault() -> None:
    assert ATTACKS["numbers"]().wrong(lambda path: {"hits": []})
    assert not ATTACKS["numbers"]().wrong(lambda path: {"hits": [{"story": {"id": "a"}}]})


def test_what_is_run_together_exists() -> None:
    names = [name for attacks in command.SHORT.values() for name in attacks]
    assert set(names) <= set(ATTACKS)
    assert set(ALONE) <= set(ATTACKS)


def test_names_of_the_world_are_asked_of_nobody() -> None:
    code = "import socket\nprint(socket.getaddrinfo('a.big0.test', 80)[0][4][0])\nsocket.getaddrinfo('reuters.com', 80)"
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(stage.HOOK)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stdout == "127.0.0.1\n"
    assert re.search(r"gaierror.*not known", result.stderr)


def test_a_full_disk_must_end_the_service_with_its_line() -> None:
    assert not full_disk.judged(1, "x\nstayahead: the disk is full\n", seconds=2.0).faults
    assert full_disk.judged(0, "stayahead: all is well\n", seconds=2.0).faults
    assert full_disk.judged(1, "Traceback\nOSError\n", seconds=2.0).faults
    assert "not played" in full_disk.judged(1, "unshare: not permitted\n", seconds=0.1).ended


@pytest.mark.parametrize("name", ["memory.max", "memory.limit_in_bytes"])
def test_a_group_that_the_owner_made_is_limited(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    words = memory_group.prefix(tmp_path)
    assert (tmp_path / name).read_text() == str(1 << 30)
    assert str(tmp_path / "cgroup.procs") in " ".join(words)
