"""Network in: requests go out through one guard, what came over the wire comes back within the caps."""

from stayahead.fetch.canned import CannedFetcher
from stayahead.fetch.http import HttpFetcher
from stayahead.fetch.timetable import Timetable

__all__ = ["CannedFetcher", "HttpFetcher", "Timetable"]
