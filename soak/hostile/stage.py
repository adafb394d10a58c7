"""Runs one attack, or several at once, against the real service, and says what was seen.

Order: an honest newspaper is watched first; once its first article is in the API the monitor begins to ask, and the
hostile sources are added to the running service as an owner adds them. All stand on loopback, under names of `.test`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from soak.hostile import honest, measure, prepared, processes
from soak.hostile.attacks import ATTACKS
from soak.hostile.attacks.attack import Attack
from soak.hostile.measure import Beat, Row
from soak.service import Service, running

HOOK = Path(__file__).parent / "hook"
POLL_EVERY_S = 5.0
WARM_UP_S = 60.0
END_WAIT_S = 30.0
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be run."""

    name: str
    attacks: Sequence[str]
    seconds: float
    program: tuple[str, ...]
    """How `stayahead` is called."""
    prefix: tuple[str, ...] = ()
    """What limits its memory."""
    logs: Path | None = None
    """Folder that keeps the service's logs."""


@dataclass(slots=True, kw_only=True)
class Scene:
    """The processes around a service, and what they tell."""

    service: Service
    folder: Path
    began: float
    """When the honest newspaper began."""
    first: int
    """Its first article that counts."""
    seen: dict[str, float] = field(default_factory=dict)
    memory: measure.Samples = field(default_factory=measure.Samples)


@contextlib.contextmanager
def helper(module: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A process of ours that ends when its input closes."""
    command = [sys.executable, "-m", f"soak.hostile.{module}", *words]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def told(process: subprocess.Popen[str]) -> Any:
    """The next line that it prints, as JSON."""
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


def ended(process: subprocess.Popen[str]) -> Any:
    """What it says at its end."""
    out, _ = process.communicate(timeout=60)
    return json.loads(out.splitlines()[-1])


def run(plan: Plan) -> Row:
    """Play the attacks for so many seconds."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stayahead-hostile-")))
        data = folder / "data"
        attacks = [ATTACKS[name]() for name in plan.attacks]
        if copies := max((attack.copies for attack in attacks), default=0):
            prepared.put(data, copies, plan.program)  # before the newspaper begins, which lists its last articles only
        paper = stack.enter_context(helper("honest"))
        idle = stack.enter_context(helper("beats"))
        world = stack.enter_context(helper("world", *plan.attacks))
        paper_told, idle_port, world_port = told(paper), told(idle), told(world)
        pairs = [f"{honest.HOST}:{paper_told['port']}"]
        pairs += [pair for attack in attacks for pair in attack.exceptions(world_port)]
        environ = {
            "PYTHONPATH": str(HOOK),
            "STAYAHEAD_FETCH_EXCEPTIONS": ",".join(pairs),
            "STAYAHEAD_POLL_EVERY_S": str(POLL_EVERY_S),
        }
        watch(plan, environ, data, [f"http://{honest.HOST}:{paper_told['port']}/feed"])
        log_file = (plan.logs or folder) / f"{plan.name.replace(' ', '-')}.log"
        log = stack.enter_context(log_file.open("wb"))
        service = stack.enter_context(
            running(("run", "--data", str(data), "--port", "0"), environ, program=_limited(plan), log=log)
        )
        scene = Scene(service=service, folder=folder, began=paper_told["began"], first=0)
        started = _warm_up(scene)
        monitor = stack.enter_context(helper("beats", str(service.port), str(idle_port)))
        done = threading.Event()
        threads = [threading.Thread(target=work, args=(scene, done), daemon=True) for work in (_sample, _look)]
        for thread in threads:
            thread.start()
        feeds = [url for attack in attacks for url in attack.feeds(world_port)]
        if feeds:
            watch(plan, environ, data, feeds)
        assert world.stdin is not None
        world.stdin.write(f"{service.port}\n")
        world.stdin.flush()
        lived = _wait(service, plan.seconds)
        end = time.monotonic()
        beats = [[Beat(*beat) for beat in each] for each in ended(monitor)]
        done.set()
        polls = ended(paper)["polls"]
        faults = _faults(service, attacks) if lived else [_last_line(log_file)]
        how = _stop(service) if lived else f"dead after {end - started:.0f} s, code {service.process.returncode}"
        asked = ended(world)
        for thread in threads:
            thread.join(timeout=20)
    return _row(plan, scene, beats, polls, end=end, asked=asked, ended=how, faults=faults)


def watch(plan: Plan, environ: dict[str, str], data: Path, feeds: Sequence[str]) -> None:
    """Have these feeds watched, by the command line."""
    file = data.parent / "feeds.opml"
    lines = "".join(f'<outline type="rss" xmlUrl="{url}"/>' for url in feeds)
    file.write_text(f'<opml version="2.0"><body>{lines}</body></opml>', "utf-8")
    words = [*plan.program, "sources", "import", str(file), "--data", str(data)]
    with contextlib.suppress(subprocess.TimeoutExpired):  # a service that hangs may hold the database
        subprocess.run(words, env={**os.environ, **environ}, capture_output=True, check=True, timeout=30)


def _limited(plan: Plan) -> tuple[str, ...]:
    files = max((ATTACKS[name].files for name in plan.attacks), default=0)
    ulimit = ("sh", "-c", f'ulimit -n {files}; exec "$0" "$@"') if files else ()
    return (*plan.prefix, *ulimit, *plan.program)


def _warm_up(scene: Scene) -> float:
    """Wait for the first honest article, so that what a start costs is not taken for an attack's cost."""
    until = time.monotonic() + WARM_UP_S
    while not processes.is_found(scene.service.port, honest.word(0)):
        if time.monotonic() > until:
            raise RuntimeError(f"no honest article within {WARM_UP_S:.0f} s, and no attack had begun")
        time.sleep(0.2)
    now = time.monotonic()
    scene.first = int((now - scene.began) / honest.EVERY_S) + 1
    return now


def _sample(scene: Scene, done: threading.Event) -> None:
    """Weigh the whole tree ten times a second."""
    while not done.wait(processes.SAMPLE_S):
        scene.memory.values.append(processes.memory_of(scene.service.process.pid))


def _look(scene: Scene, done: threading.Event) -> None:
    """Look for each honest article in the API until it is there."""
    while not done.wait(0.2):
        last = int((time.monotonic() - scene.began) / honest.EVERY_S)
        waiting = [word for word in map(honest.word, range(scene.first, last + 1)) if word not in scene.seen]
        for word in waiting[:6]:
            if processes.is_found(scene.service.port, word):
                scene.seen[word] = time.monotonic()


def _wait(service: Service, seconds: float) -> bool:
    """Whether it lived so long."""
    try:
        service.process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return True
    return False


def _stop(service: Service) -> str:
    """How it ended when asked to; empty when as it should."""
    service.process.send_signal(signal.SIGTERM)
    try:
        code = service.process.wait(timeout=END_WAIT_S)
    except subprocess.TimeoutExpired:
        return f"did not end within {END_WAIT_S:.0f} s of SIGTERM"
    return f"ended with {code} at SIGTERM" if code else ""


def _faults(service: Service, attacks: Sequence[Attack]) -> list[str]:
    """What the attacks have made of the API's answers, if it answers at all."""
    silent: list[str] = []

    def ask(path: str) -> dict[str, Any]:
        answer = None if silent else processes.asked(service.port, path)
        if answer is None:
            silent.append(path)
        return answer if isinstance(answer, dict) else {}

    lines = [line for attack in attacks for line in attack.wrong(ask)]
    return [f"the API did not answer {silent[0]}"] if silent else lines


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").splitlines()
    return f"its last line: {lines[-1][:300] if lines else 'none'}"


def _row(
    plan: Plan,
    scene: Scene,
    beats: Sequence[Sequence[Beat]],
    polls: Sequence[float],
    *,
    end: float,
    asked: dict[str, int],
    ended: str,
    faults: Sequence[str],
) -> Row:
    last = int((end - scene.began) / honest.EVERY_S)
    created = {honest.word(n): honest.created_at(n, began=scene.began) for n in range(scene.first, last + 1)}
    lags = measure.lags_s(created, scene.seen, polls, every_s=POLL_EVERY_S, end=end)
    service_beats, idle_beats = beats
    refused = sum(beat.status != 200 for beat in service_beats if beat.due + beat.took < end)
    more = [f"/healthz failed {refused} of {len(service_beats)} times"] if refused else []
    unmet = tuple(f"{name} was never met" for name, times in asked.items() if not times)
    if len(asked) == 1:  # of several at once one may starve another
        more += unmet
    return Row(
        name=plan.name,
        stall_s=measure.longest_stall_s(service_beats, idle_beats),
        raw_stall_s=max((beat.took for beat in service_beats), default=0.0),
        memory=scene.memory.most,
        lag_s=max(lags.values(), default=0.0),
        articles=len(scene.seen),
        asked=sum(asked.values()),
        ended=ended,
        faults=(*faults, *more),
        notes=unmet if len(asked) > 1 else (),
    )
