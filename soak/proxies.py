"""Runs nginx and Caddy with the guide's own blocks before a demo, walks the site through them, and judges the unit.

The blocks are taken from `docs/guide` as they stand there, so that the guide cannot rot; only ports and the path of the
program are put in. What must hold through each: no link leads out, the stream is not buffered, a stranger is no owner,
and a link of `stayahead owner link` makes one.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from soak.service import command, running
from tests.subpath_proxy import walk

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "guide"
HOST = "news.example.org"
BESIDE_S = 12.0
"""Two events of the stream must come one by one and within so long; the demo tells one in a few seconds."""
PAGES_MOST = 150
EXPOSURE_MOST = 20
"""What `systemd-analyze security` may say, times ten."""
NEEDED = ("nginx", "caddy", "systemd-analyze")
BARE = "server {\n    listen 80;\n    location / {\n        proxy_pass http://127.0.0.1:8400;\n    }\n}\n"
"""What half of all guides say, and no more."""
BARE_1_1 = BARE.replace("    }\n", "        proxy_http_version 1.1;\n    }\n", 1)
"""What the other half say: nothing that it sends tells it from a browser here, but whose its sockets are does."""
NGINX_USER = "www-data"
"""Debian's, as whom its workers connect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A proxy's block and what the service is told beside it."""

    name: str
    block: str
    prefix: str = ""
    environ: dict[str, str]

    @property
    def is_nginx(self) -> bool:
        """Else it is Caddy's."""
        return "proxy_pass" in self.block


def run() -> list[str]:
    """Try every block; one line for each thing that is wrong."""
    missing = [name for name in NEEDED if shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin") is None]
    if missing:
        return [f"{', '.join(missing)} not found; apt-get install nginx-light caddy systemd"]
    wrong = [*_unit_faults(), *_browser_faults()]
    for setting in settings():
        if setting.block == BARE_1_1 and not _is_root():
            print(f"{setting.name}: not tried, it would run as our own user; be root", flush=True)
            continue
        faults = [f"{setting.name}: {fault}" for fault in _faults(setting)]
        print(f"{setting.name}: {'FAILED' if faults else 'ok'}", flush=True)
        wrong += faults
    return wrong


def blocks(page: str, kind: str) -> list[str]:
    """The fenced blocks of a page of the guide that are of that kind, in order."""
    text = (GUIDE / page).read_text("utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def settings() -> Iterator[Setting]:
    """Every proxy at the root of its host and below a path, the path taken off and not; and a bare one."""
    (nginx, nginx_below), (caddy, caddy_below) = blocks("proxies.md", "nginx"), blocks("proxies.md", "caddyfile")
    root = {"STAYAHEAD_PUBLIC_URL": f"https://{HOST}/", "STAYAHEAD_TRUSTED_PROXIES": "127.0.0.1, ::1"}
    below = {**root, "STAYAHEAD_PUBLIC_URL": f"https://{HOST}/news/"}
    off = nginx_below.replace("proxy_pass http://127.0.0.1:8400;", "proxy_pass http://127.0.0.1:8400/;")
    yield Setting(name="nginx", block=nginx, environ=root)
    yield Setting(name="nginx below a path", block=nginx_below, prefix="/news", environ=below)
    yield Setting(name="nginx below a path, taken off", block=off, prefix="/news", environ=below)
    yield Setting(name="caddy", block=caddy, environ=root)
    yield Setting(name="caddy below a path", block=caddy_below, prefix="/news", environ=below)
    taken = caddy_below.replace("handle /news/*", "handle_path /news/*")
    yield Setting(name="caddy below a path, taken off", block=taken, prefix="/news", environ=below)
    yield Setting(name="nginx, bare", block=BARE, environ={"STAYAHEAD_PUBLIC_URL": f"https://{HOST}/"})
    yield Setting(name="nginx, bare, and the service told nothing", block=BARE, environ={})
    yield Setting(name="nginx, bare by HTTP/1.1, and the service told nothing", block=BARE_1_1, environ={})


def _faults(setting: Setting) -> Iterator[str]:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stayahead-proxies-")))
        data = folder / "data"
        words = ("demo", "--port", "0", "--speed", "300", "--data", str(data), "--log-level", "warning")
        service = stack.enter_context(running(words, setting.environ))
        port = stack.enter_context(_proxy(setting, folder, upstream=service.port, port=_free_port()))
        _wait_for_stories(port, setting.prefix)
        yield from _stream_faults(port, setting.prefix)
        seen = walk(f"http://127.0.0.1:{port}", setting.prefix, pages_most=PAGES_MOST, host=HOST)
        yield from (f"a link leads out: {url}" for url in seen.escaped)
        ends = {"/article/", "/article", "/v1/owner/session", "/v1/search"}  # no pages, and named all the same
        for url, status in seen.answers.items():
            path = url.partition(f":{port}{setting.prefix}")[2].partition("?")[0]
            # A name that few stories bear leads to a search (302), and in the API nowhere.
            is_rare_name = status == 404 and path.startswith("/v1/names/")
            if status not in {200, 301, 302, 308, 410} and path not in ends and not is_rare_name:
                yield f"{url}: {status}"
        print(f"  {len(seen.answers)} addresses", flush=True)
        yield from _owner_faults(port, setting, data)


def _browser_faults() -> Iterator[str]:
    """A link opened in Chromium, below a path, at an address that this machine has."""
    port = _free_port()
    site = f"http://127.0.0.1:{port}/news/"
    environ = {"STAYAHEAD_PUBLIC_URL": site, "STAYAHEAD_TRUSTED_PROXIES": "127.0.0.1"}
    setting = Setting(name="browser", block=blocks("proxies.md", "nginx")[1], prefix="/news", environ=environ)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stayahead-proxies-")))
        data = folder / "data"
        words = ("demo", "--port", "0", "--speed", "300", "--data", str(data), "--log-level", "warning")
        service = stack.enter_context(running(words, environ))
        stack.enter_context(_proxy(setting, folder, upstream=service.port, port=port))
        _wait_for_stories(port, setting.prefix, host=f"127.0.0.1:{port}")
        browser = (sys.executable, "-m", "soak.owner_browser", site, _link(setting, data))
        done = subprocess.run(browser, capture_output=True, text=True, check=False, timeout=200)
        if done.returncode:
            yield f"browser: {(done.stdout + done.stderr).strip()[-2000:]}"


def _stream_faults(port: int, prefix: str) -> Iterator[str]:
    """Two events, each as it was told: what is buffered comes late and all at once, or never."""
    began_s = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", f"{prefix}/live?topics=front", headers={"Host": HOST})
        answer = connection.getresponse()
        heard, at_s = b"", list[float]()
        while len(at_s) < 2 and time.monotonic() - began_s < 30:
            heard += answer.read1(65536)
            if heard.count(b"event: stories") > len(at_s):
                at_s.append(time.monotonic())
    if len(at_s) < 2 or at_s[1] - at_s[0] > BESIDE_S or heard.count(b"event: stories") > 2:
        yield f"the stream is not told as it comes: {heard.count(b'event: stories')} events at {at_s}"


def _owner_faults(port: int, setting: Setting, data: Path) -> Iterator[str]:
    if _is_owner(port, setting.prefix, {}):
        yield "a stranger is the owner"
    printed = _link(setting, data)
    address, _, token = printed.partition("#")
    public = setting.environ.get("STAYAHEAD_PUBLIC_URL", "")
    if public and address != f"{public}owner":
        yield f"the link leads to {address}"
    origin = f"https://{HOST}" if public else ""
    if not origin:
        return  # a page of a name that the service was not told of is another site's
    status, cookie = _open(port, setting.prefix, token, origin)
    if status != 200 or "Secure" not in cookie or f"Path={setting.prefix}/;" not in cookie:
        yield f"a link opened nothing: {status} {cookie}"
    if not _is_owner(port, setting.prefix, {"Cookie": cookie.partition(";")[0]}):
        yield "the session does not make the owner"
    listed = command("owner", "sessions", "--data", data).stdout
    print(f"  session: {listed.strip()}", flush=True)


def _link(setting: Setting, data: Path) -> str:
    """What `stayahead owner link` prints in the service's own surroundings."""
    words = [sys.executable, "-m", "stayahead", "owner", "link", "--data", str(data)]
    environ = {**_environ(), **setting.environ}
    return subprocess.run(words, capture_output=True, text=True, check=True, env=environ).stdout.strip()


def _is_owner(port: int, prefix: str, headers: dict[str, str]) -> bool:
    stories = json.loads(_get(port, f"{prefix}/v1/stories?limit=1", headers))["stories"]
    claims = json.loads(_get(port, f"{prefix}/v1/stories/{stories[0]['id']}/claims", headers))
    return bool(claims["full_text"])


def _get(port: int, path: str, headers: dict[str, str]) -> bytes:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path, headers={"Host": HOST, **headers})
        return connection.getresponse().read()


def _open(port: int, prefix: str, token: str, origin: str) -> tuple[int, str]:
    headers = {"Host": HOST, "Origin": origin, "Content-Type": "application/json"}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("POST", f"{prefix}/v1/owner/session", json.dumps({"token": token}), headers)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("set-cookie", "")


def _wait_for_stories(port: int, prefix: str, *, host: str = HOST) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(OSError, ValueError, KeyError):
            if len(json.loads(_get(port, f"{prefix}/v1/stories", {"Host": host}))["stories"]) >= 3:
                return
        time.sleep(0.3)
    raise RuntimeError("no stories came through the proxy within a minute")


@contextlib.contextmanager
def _proxy(setting: Setting, folder: Path, *, upstream: int, port: int) -> Iterator[int]:
    """The port of the proxy, running with its block."""
    block = setting.block.replace("127.0.0.1:8400", f"127.0.0.1:{upstream}")
    words = _nginx(block, folder, port) if setting.is_nginx else _caddy(block, folder, port)
    log = folder / "proxy.log"
    with log.open("wb") as out:
        process = subprocess.Popen(words, stdout=out, stderr=out, env=_environ() | {"HOME": str(folder)})
    try:
        _wait_for_port(port, process, log)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _nginx(block: str, folder: Path, port: int) -> Sequence[str]:
    server = block.replace("listen 80;", f"listen 127.0.0.1:{port};")
    paths = "".join(f"    {kind}_temp_path {folder}/{kind};\n" for kind in _NGINX_TEMPORARY)
    whole = (
        f"daemon off;\nworker_processes 1;\npid {folder}/nginx.pid;\nerror_log stderr warn;\nevents {{}}\n"
        f"http {{\n    access_log off;\n{paths}{server}}}\n"
    )
    path = folder / "nginx.conf"
    folder.chmod(0o711)  # the workers pass through it to their own
    path.write_text((f"user {NGINX_USER};\n" if _is_root() else "") + whole)
    words = ("/usr/sbin/nginx", "-p", str(folder), "-c", str(path))
    subprocess.run([*words, "-t", "-q"], check=True)
    return words


_NGINX_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def _caddy(block: str, folder: Path, port: int) -> Sequence[str]:
    # Without a certificate, which nobody gives for an example; the admin port would be that of a Caddy that runs here.
    site = block.replace(f"{HOST} {{", f"http://{HOST}:{port} {{")
    path = folder / "Caddyfile"
    path.write_text(f"{{\n    admin off\n    auto_https off\n}}\n{site}")
    return ("caddy", "run", "--config", str(path), "--adapter", "caddyfile")


def _unit_faults() -> Iterator[str]:
    """What systemd says of the guide's unit."""
    (unit,) = blocks("service.md", "ini")
    with tempfile.TemporaryDirectory(prefix="stayahead-unit-") as folder:
        path = Path(folder) / "stayahead.service"
        path.write_text(unit.replace("/opt/stayahead/bin/stayahead", str(Path(sys.executable).with_name("stayahead"))))
        verified = subprocess.run(["systemd-analyze", "verify", str(path)], capture_output=True, text=True, check=False)
        if verified.returncode or verified.stderr:
            yield f"systemd-analyze verify: {verified.stderr.strip() or verified.returncode}"
        words = ["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE_MOST}", str(path)]
        judged = subprocess.run(words, capture_output=True, text=True, check=False)
        print(judged.stdout.strip().rpartition("\n")[2], flush=True)
        if judged.returncode:
            yield f"systemd-analyze security: more exposed than {EXPOSURE_MOST / 10}"


def _environ() -> dict[str, str]:
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}


def _is_root() -> bool:
    return Path("/proc/self").stat().st_uid == 0


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return int(taken.getsockname()[1])


def _wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"the proxy did not start: {log.read_text(errors='replace')[-2000:]}")
