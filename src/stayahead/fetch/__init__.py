"""Fetches from the network for us: every request passes one guard, and every answer is held to the caps."""

from stayahead.fetch.canned import CannedFetcher
from stayahead.fetch.http import HttpFetcher
from stayahead.fetch.timetable import Timetable

__all__ = ["CannedFetcher", "HttpFetcher", "Timetable"]
