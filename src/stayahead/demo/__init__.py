"""The demo press: fictional publishers with a scripted afternoon in, real feeds and pages over loopback HTTP out."""

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
