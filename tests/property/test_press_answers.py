"""Whatever is asked of the press at whatever time, it answers, and the same way twice."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from stayahead.demo import START, Press
from tests.examples import examples

PRESS = Press()
HOSTS = sorted(PRESS.host_names())
PATHS = ["/", "/robots.txt", *(outlet.feed_path for outlet in PRESS.script.outlets.values())]
PATHS += [url.split(":80", 1)[1] for url in PRESS.gold(80)]

asked = st.fixed_dictionaries(
    {},
    optional={
        "If-None-Match": st.text(max_size=30),
        "If-Modified-Since": st.text(max_size=30),
        "accept-encoding": st.sampled_from(["gzip", "br", "identity", ""]),
    },
)
minutes = st.floats(min_value=-1000, max_value=1000, allow_nan=False)


@examples(60)
@given(
    host=st.sampled_from(HOSTS) | st.text(max_size=20),
    path=st.sampled_from(PATHS) | st.text(max_size=20),
    headers=asked,
    minute=minutes,
)
def test_every_request_has_one_answer(host: str, path: str, headers: dict[str, str], minute: float) -> None:
    now = START + timedelta(minutes=minute)
    answer = PRESS.answer(host, path, headers, now)
    assert answer.status in {200, 304, 404, 410}
    assert (answer.status == 304) == (answer.body == b"")
    assert answer == PRESS.answer(host, path, headers, now)


@examples(40)
@given(host=st.sampled_from(HOSTS), minute=minutes, later=st.floats(min_value=0, max_value=500))
def test_a_feed_is_unchanged_exactly_while_its_etag_is_known(host: str, minute: float, later: float) -> None:
    path = next(outlet.feed_path for outlet in PRESS.script.outlets.values() if outlet.host == host)
    first = PRESS.answer(host, path, {}, START + timedelta(minutes=minute))
    now = START + timedelta(minutes=minute + later)
    again = PRESS.answer(host, path, {"If-None-Match": first.headers["ETag"]}, now)
    assert (again.status == 304) == (PRESS.answer(host, path, {}, now).body == first.body)
