"""The guide's blocks name what is there: options, commands and files; `./dev soak proxies` runs them."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from soak.proxies import blocks, settings
from stayahead.cli.parser import make_parser
from stayahead.config import OPTIONS, Settings, proxy_networks, replace, site_address

ROOT = Path(__file__).parents[2]
CONTAINER = (ROOT / "Containerfile").read_text("utf-8")


def test_the_guides_options_are_options() -> None:
    (text,) = blocks("proxies.md", "toml")
    read = replace(Settings(), tomllib.loads(text))
    assert site_address(read).origin == "https://news.example.org"
    assert len(proxy_networks(read)) == 2


def test_every_proxys_block_leads_to_the_service() -> None:
    tried = list(settings())
    assert len(tried) == 9
    assert all("127.0.0.1:8400" in each.block for each in tried)
    assert {each.prefix for each in tried} == {"", "/news"}


def test_variables_in_the_guide_and_the_container_are_options() -> None:
    names = {f"STAYAHEAD_{option.name.upper()}" for option in OPTIONS}
    texts = [CONTAINER, *((ROOT / "docs" / "guide" / page).read_text("utf-8") for page in ("service.md", "proxies.md"))]
    named = {name for text in texts for name in re.findall(r"\bSTAYAHEAD_[A-Z_]+", text)}
    assert {"STAYAHEAD_DATA_DIR", "STAYAHEAD_HOST", "STAYAHEAD_PUBLIC_URL"} <= named
    assert named <= names


def test_the_container_runs_our_command_without_rights_and_copies_what_is_there() -> None:
    lines = dict(re.findall(r"^(USER|ENTRYPOINT|CMD|VOLUME) (.+)$", CONTAINER, re.MULTILINE))
    assert lines["USER"] == "8400"
    assert json.loads(lines["ENTRYPOINT"]) == ["stayahead"]
    assert make_parser().parse_args(json.loads(lines["CMD"])).act is not None
    assert f"STAYAHEAD_DATA_DIR={lines['VOLUME']}" in CONTAINER
    copied = [name for line in re.findall(r"^COPY (.+) \S+$", CONTAINER, re.MULTILINE) for name in line.split()]
    sent = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    assert sorted(copied) == sorted(sent)
    assert all((ROOT / name).exists() for name in copied)
    assert "/healthz" in CONTAINER


def test_the_unit_keeps_the_rights_that_workers_need() -> None:
    (unit,) = blocks("service.md", "ini")
    assert "MemoryMax=1G" in unit
    assert "SystemCallFilter=@system-service\n" in unit, "~@resources would take setrlimit from the workers"
    assert "AF_UNIX" in unit, "workers are asked over socket pairs"
