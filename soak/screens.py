"""Takes pictures of all pages in headless Chromium, over a fictional world and over the demo's afternoon."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from soak.service import Service, metrics, running


def run(out: Path) -> list[str]:
    """Take both sets of pictures, and list what the browser complained about."""
    wrong = shoot(out / "world")
    with tempfile.TemporaryDirectory(prefix="stayahead-screens-") as folder:
        words = ("demo", "--port", "0", "--speed", "600", "--data", f"{folder}/demo")
        with running(words, {}) as service:
            _played(service)
            wrong += shoot(out / "demo", service)
    return wrong


def shoot(out: Path, service: Service | None = None) -> list[str]:
    """Pictures of a running service, or of the tests' world."""
    words = [sys.executable, "-m", "soak.screenshots", "--out", str(out)]
    if service is not None:
        words += ["--url", f"http://127.0.0.1:{service.port}/"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
    print((done.stdout or done.stderr).strip())
    return [] if done.returncode == 0 else [f"screenshots ended with {done.returncode}: {done.stderr.strip()[-500:]}"]


def _played(service: Service) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and metrics(service.port)["stayahead_articles"] < 40:
        time.sleep(0.5)
