"""Whose work goes first: nothing is lost, and what one source sends costs the others at most what has begun."""

from __future__ import annotations

from collections import defaultdict, deque

from hypothesis import given
from hypothesis import strategies as st

from stayahead.newsroom.work_queue import BURST_S, DEBT_MOST_S, SHARE, Lane, WorkQueue
from tests.examples import examples

SOURCES = st.sampled_from(["https://a.example/feed", "https://b.example/feed", "https://c.example/feed"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), SOURCES, st.sampled_from(Lane)),
        st.tuples(st.just("take"), st.floats(0, 5), st.none()),
        st.tuples(st.just("done"), st.floats(0, 4), st.none()),
    ),
    max_size=60,
)


@examples(200)
@given(steps=STEPS, workers=st.integers(1, 3))
def test_all_that_was_put_is_taken_once_and_in_its_order(steps: list[tuple[str, object, object]], workers: int) -> None:
    queue: WorkQueue[int] = WorkQueue(workers)
    waiting: defaultdict[tuple[object, object], deque[int]] = defaultdict(deque)
    running: deque[str] = deque()
    now, number, size = 0.0, 0, 0

    def take() -> bool:
        nonlocal size
        taken = queue.take(now)
        if taken is None:
            return False
        source, work = taken
        running.append(source)
        size -= 1
        lane = next(each for each in Lane if waiting[source, each])
        assert waiting[source, lane].popleft() == work
        return True

    for what, first, second in steps:
        if what == "put":
            assert isinstance(first, str)
            assert isinstance(second, Lane)
            queue.put(number, source=first, lane=second)
            waiting[first, second].append(number)
            number, size = number + 1, size + 1
        elif what == "take":
            assert isinstance(first, float)
            now += first
            if len(running) < workers:
                take()
        elif running:
            assert isinstance(first, float)
            queue.done(running.popleft(), first, now)
        assert len(queue) == size
    while running:
        queue.done(running.popleft(), 1.0, now)
    while take():  # whatever any source owes, what nobody else competes with is done
        queue.done(running.pop(), 1.0, now)
    assert size == len(queue) == 0


@given(dear_s=st.floats(0.1, 2.0), others=st.integers(1, 6), pages=st.integers(20, 60))
def test_the_work_of_others_waits_for_one_dear_task_and_no_more(dear_s: float, others: int, pages: int) -> None:
    queue: WorkQueue[str] = WorkQueue(1)
    for _ in range(pages):
        queue.put("dear", source="https://dear.example/feed", lane=Lane.PAGE)
    now = 0.0
    for _ in range(10):
        taken = queue.take(now)
        assert taken is not None
        now += dear_s
        queue.done(taken[0], dear_s, now)
        for number in range(others):
            queue.put(f"{number}", source=f"https://{number}.example/feed", lane=Lane.PAGE)
        served = {"dear": 0}
        while sum(served.values()) < others:
            taken = queue.take(now)
            assert taken is not None
            served[taken[1]] = served.get(taken[1], 0) + 1
            now += 0.01 if taken[1] != "dear" else dear_s
            queue.done(taken[0], 0.01 if taken[1] != "dear" else dear_s, now)
        # Within its budget it takes turns with the others; beyond, all of them go first.
        assert served["dear"] <= 1
        if queue.debt("https://dear.example/feed", now) > BURST_S + dear_s:
            assert served["dear"] == 0


def test_feeds_go_before_pages_and_sources_take_turns() -> None:
    queue: WorkQueue[str] = WorkQueue(1)
    for number in range(2):
        queue.put(f"page {number}", source="a", lane=Lane.PAGE)
        queue.put(f"again {number}", source="b", lane=Lane.LEISURE)
    for source in "ab":
        for number in range(2):
            queue.put(f"{source} feed {number}", source=source, lane=Lane.FEED)
    order = []
    while (taken := queue.take(0.0)) is not None:
        order.append(taken[1])
        queue.done(taken[0], 0.01, 0.0)
    assert order == [
        *("a feed 0", "b feed 0", "a feed 1", "b feed 1"),
        *("page 0", "page 1", "again 0", "again 1"),
    ]


def test_sources_beyond_their_budget_leave_a_worker_to_the_others() -> None:
    queue: WorkQueue[str] = WorkQueue(2)
    for source in ("dear", "dearer"):
        for _ in range(3):
            queue.put(source, source=source, lane=Lane.PAGE)
    assert {queue.take(0.0), queue.take(0.0)} == {("dear", "dear"), ("dearer", "dearer")}
    queue.done("dear", 8.0, 0.0)
    queue.done("dearer", 8.0, 0.0)
    assert queue.take(0.0) is not None
    assert queue.take(0.0) is None
    queue.put("cheap", source="cheap", lane=Lane.PAGE)
    assert queue.take(0.0) == ("cheap", "cheap")


def test_a_debt_melts_and_has_an_end() -> None:
    queue: WorkQueue[str] = WorkQueue(1)
    queue.put("", source="dear", lane=Lane.PAGE)
    queue.take(0.0)
    queue.done("dear", 1000.0, 0.0)
    assert queue.debt("dear", 0.0) == DEBT_MOST_S
    assert queue.debt("dear", (DEBT_MOST_S - BURST_S) / SHARE) <= BURST_S + 1e-9
    assert queue.debt("dear", 1000.0) == 0.0
