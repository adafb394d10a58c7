"""The owner's door from outside: commands beside a running service and without one, the notice, the live stream."""

from __future__ import annotations

import http.client
import json
import stat
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from soak.service import Service, running
from stayahead.cli import main, notice, owner
from stayahead.cli.settings import DATABASE_FILE
from stayahead.errors import DoorClosed
from stayahead.model import Ruled, Story
from stayahead.store import SqliteStore

HEADER = "id\ttitle\turl\tarrival\n"
ROWS = (
    "a\tHarbour bridge closed for repairs until autumn\thttps://a.example/1\t2030-03-04T08:00:00Z\n"
    "b\tHarbour bridge to stay closed until autumn for repairs\thttps://b.example/1\t2030-03-04T09:00:00Z\n"
    "c\tRecount ordered in mayoral election\thttps://a.example/2\t2030-03-04T10:00:00Z\n"
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@contextmanager
def replayed(tmp_path: Path, data: Path) -> Iterator[Service]:
    """A service that serves the stories of a small archive."""
    archive = tmp_path / "rows.tsv"
    archive.write_text(HEADER + ROWS)
    with running(("replay", str(archive), "--data", str(data), "--port", "0"), {}) as service:
        until = time.monotonic() + 30
        while len(_json(service, "/v1/stories")["stories"]) < 2:
            assert time.monotonic() < until
            time.sleep(0.05)
        yield service


def _json(service: Service, path: str) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
    with closing(connection):
        connection.request("GET", path)
        return json.loads(connection.getresponse().read())


def _status(service: Service, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
    with closing(connection):
        connection.request("GET", path)
        return connection.getresponse().status


def _stories(service: Service) -> dict[str, dict[str, Any]]:
    """By how their headlines begin."""
    return {story["headline"].split()[0]: story for story in _json(service, "/v1/stories")["stories"]}


def _say(*words: str, data: Path) -> int:
    return main([*words, "--data", str(data)])


def test_commands_beside_a_running_service(tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with replayed(tmp_path, data) as service:
        place = notice.notice_path(data / DATABASE_FILE)
        assert stat.S_IMODE(place.stat().st_mode) == 0o600
        posted = notice.read_notice(data / DATABASE_FILE)
        assert posted is not None
        assert (posted.host, posted.port, len(posted.token)) == ("127.0.0.1", service.port, 43)
        bridge, recount = _stories(service)["Harbour"], _stories(service)["Recount"]
        stream = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
        stream.request("GET", "/live?topics=front")
        events = stream.getresponse()

        assert _say("stories", "pin", recount["id"], data=data) == 0
        assert capsys.readouterr().out == f"4\tpin\t{recount['id']}\t{recount['headline']}\n"
        assert _json(service, "/v1/stories")["stories"][0]["id"] == recount["id"]
        assert _say("stories", "pin", recount["id"], data=data) == 0
        assert "so already" in capsys.readouterr().out
        assert _say("stories", "join", bridge["id"], recount["id"], data=data) == 0
        assert _say("stories", "undo", bridge["id"], data=data) == 0
        assert "split, taking back 5" in capsys.readouterr().out
        # What the owner said is frames to whoever listens, with how it stands now.
        frames = b""
        while b'"kinds":{"ruled":1}' not in frames or b'"pinned":true' not in frames:
            frames += events.read1(4096)
        stream.close()
        changes = [update["change"] for update in _json(service, "/v1/updates")["updates"] if update["kind"] == "ruled"]
        assert [(each["verb"], each["undoes"]) for each in changes] == [("pin", 0), ("join", 0), ("split", 5)]

        lead = _stories(service)["Harbour"]["lead_id"]
        assert _say("articles", "remove", lead, "--reason", "legal", data=data) == 0
        assert f"{lead} removed: legal" in capsys.readouterr().out
        assert _status(service, f"/article/{lead}") == 410
        assert _say("articles", "restore", lead, data=data) == 0
        assert lead in capsys.readouterr().out
        assert _status(service, f"/article/{lead}") == 200
        assert _say("articles", "restore", lead, data=data) == 0
        assert "so already" in capsys.readouterr().out
        assert _say("articles", "remove", lead, "--reason", "legal", "--now", data=data) == 0
        capsys.readouterr()
        assert _say("articles", "restore", lead, data=data) == 1
        assert "erased" in capsys.readouterr().err
        with pytest.raises(SystemExit) as ended:
            _say("articles", "remove", lead, "--reason", "it says this and that", data=data)
        assert ended.value.code == 2
    assert not place.exists()
    with SqliteStore.open(data / DATABASE_FILE, read_only=True) as store:
        assert store.check() == []


def test_a_source_goes_with_what_it_alone_brought(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with replayed(tmp_path, data) as service:
        (source,) = {row["article"] for row in _feeds_of(data)}
        before = len(_stories(service))
        assert before > 1
        assert _say("sources", "remove", source, "--articles", data=data) == 0
        assert "removed that no other source brought" in capsys.readouterr().out
        assert _stories(service) == {}
    with SqliteStore.open(data / DATABASE_FILE, read_only=True) as store:
        assert store.check() == []
    assert _say("sources", "remove", source, "--articles", data=data) == 3
    assert "0 articles" in capsys.readouterr().out


def _feeds_of(data: Path) -> list[dict[str, str]]:
    with SqliteStore.open(data / DATABASE_FILE, read_only=True) as store:
        return [{"article": str(line["feed_url"])} for line in store.export() if line["type"] == "article"]


def test_refusals_are_one_line_with_what_to_do(tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with replayed(tmp_path, data) as service:
        bridge = _stories(service)["Harbour"]["id"]
        refused = {
            ("stories", "undo", bridge): (1, "nothing to undo"),
            ("stories", "split", bridge, "nosuch"): (1, "reload it and choose again"),
            ("stories", "join", bridge, bridge): (1, "one story already"),
            ("stories", "pin", "neverheardof"): (3, "no story has or had this id"),
            ("stories", "pin", "https://site.example/story/x"): (3, "no id"),
            ("articles", "remove", "never/heard of", "--reason", "legal"): (3, "no id"),
            ("articles", "remove", "neverheardof", "--reason", "legal"): (3, "/article/ID"),
            ("articles", "restore", "neverheardof"): (3, "/article/ID"),
        }
        for words, (code, message) in refused.items():
            assert _say(*words, data=data) == code, words
            captured = capsys.readouterr()
            assert captured.out == ""
            assert len(captured.err.splitlines()) == 1
            assert message in captured.err
        notice.notice_path(data / DATABASE_FILE).chmod(0o640)
        assert _say("stories", "pin", bridge, data=data) == 1
        assert "not yours alone" in capsys.readouterr().err


def test_commands_after_a_kill_are_done_without_a_service(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with replayed(tmp_path, data) as service:
        recount, bridge = _stories(service)["Recount"]["id"], _stories(service)["Harbour"]
        service.kill()
    assert notice.read_notice(data / DATABASE_FILE) is not None, "a killed service leaves it behind"
    assert _say("stories", "hide", recount, data=data) == 0
    assert "hide" in capsys.readouterr().out
    with SqliteStore.open(data / DATABASE_FILE, read_only=True) as store:
        story = store.story(recount)
        assert isinstance(story, Story)
        assert story.head.hidden
    assert _say("stories", "undo", recount, data=data) == 0
    assert "unhide, taking back 4" in capsys.readouterr().out
    # What a split made is removed: the undo says that it passes over it, and the next one goes on.
    assert _say("stories", "pin", bridge["id"], data=data) == 0
    assert _say("stories", "split", bridge["id"], bridge["lead_id"], data=data) == 0
    with SqliteStore.open(data / DATABASE_FILE, read_only=True) as store:
        made = next(
            each.change.other_id for each in store.rulings(bridge["id"], limit=1) if isinstance(each.change, Ruled)
        )
        left = store.story(made)
    assert isinstance(left, Story)
    gone = left.articles[0].id
    assert _say("articles", "remove", gone, "--reason", "legal", data=data) == 0
    assert _say("articles", "restore", gone, data=data) == 0
    assert _say("articles", "remove", gone, "--reason", "legal", data=data) == 0
    capsys.readouterr()
    assert _say("stories", "undo", bridge["id"], data=data) == 0
    assert "undo passes over 7, which can no longer be taken back" in capsys.readouterr().out
    assert _say("stories", "undo", bridge["id"], data=data) == 0
    assert "unpin, taking back 6" in capsys.readouterr().out


def test_who_has_the_lock_and_no_door_is_told_to_be_stopped(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _say("stories", "pin", "a", data=data) == 3
    assert "no such database" in capsys.readouterr().err
    assert not data.exists()
    monkeypatch.setattr(owner, "START_WAIT_S", 0.3)
    data.mkdir()
    with SqliteStore.open(data / DATABASE_FILE):
        assert _say("stories", "pin", "a", data=data) == 1
        assert "an import has none" in capsys.readouterr().err
        with notice.put_up(data / DATABASE_FILE, notice.Notice(host="127.0.0.1", port=1, token="t")):
            assert _say("stories", "pin", "a", data=data) == 1
            assert "refused" in capsys.readouterr().err


def test_a_service_takes_down_no_notice_but_its_own(data: Path) -> None:
    data.mkdir()
    database = data / DATABASE_FILE
    old, new = (notice.Notice(host="127.0.0.1", port=8400, token=notice.new_token()) for _ in range(2))
    with ExitStack() as successor:
        with notice.put_up(database, old):
            successor.enter_context(notice.put_up(database, new))
        assert notice.read_notice(database) == new, "the first one has ended, its successor has not"
    assert not notice.notice_path(database).exists()


def test_a_notice_that_another_wrote_is_not_followed(data: Path) -> None:
    data.mkdir()
    place = notice.notice_path(data / DATABASE_FILE)
    (data / "elsewhere").write_text('{"host": "127.0.0.1", "port": 80, "token": "t"}')
    place.symlink_to(data / "elsewhere")
    with pytest.raises(DoorClosed, match="as the user who runs the service"):
        notice.read_notice(data / DATABASE_FILE)
    # Nor is it written through: what stands there is replaced.
    posted = notice.Notice(host="127.0.0.1", port=8400, token=notice.new_token())
    (data / f"{place.name}.partial").symlink_to(data / "elsewhere")
    with notice.put_up(data / DATABASE_FILE, posted):
        assert notice.read_notice(data / DATABASE_FILE) == posted
        assert not place.is_symlink()
    assert '"port": 80' in (data / "elsewhere").read_text()
    place.write_text("{")
    place.chmod(0o600)
    assert notice.read_notice(data / DATABASE_FILE) is None


def test_sources_are_asked_by_the_service_or_right_here(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    feed = "http://127.0.0.1:9/feed"  # the guard refuses it at once: no network is needed to have it fail
    assert _say("sources", "add", feed, "--no-fetch", "--no-starter", data=data) == 0
    capsys.readouterr()
    assert _say("sources", "poll", feed, data=data) == 1
    here = capsys.readouterr().out
    assert here.startswith(f"failing\t{feed}\t")
    with running(("run", "--data", str(data), "--port", "0"), {}):
        assert _say("sources", "poll", "--all", data=data) == 1
        assert capsys.readouterr().out == here
        assert _say("sources", "poll", "https://nobody.example/", data=data) == 3
        assert "sources list" in capsys.readouterr().err
    assert _say("sources", "poll", data=data) == 1
    assert "--all" in capsys.readouterr().err
    assert _say("sources", "poll", "https://nobody.example/", data=data) == 3
