"""Plays fictional publishers with a scripted afternoon over real HTTP on loopback: the demo, and whole-way tests."""

from stayahead.demo.press import START, Answer, Gold, Press
from stayahead.demo.script import Outlet, Piece, Script, ScriptError, Version, read_script
from stayahead.demo.server import PressServer

__all__ = [
    "START",
    "Answer",
    "Gold",
    "Outlet",
    "Piece",
    "Press",
    "PressServer",
    "Script",
    "ScriptError",
    "Version",
    "read_script",
]
