"""Prints links that open the owner's doors in a browser, and lists and ends the sessions that were opened so.

It writes into the database itself, beside a service or without one, so it works wherever that file is: on the machine,
over ssh, inside a container.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from stayahead.cli.notice import read_notice
from stayahead.cli.settings import found_database, open_store, settings_of
from stayahead.cli.terminal import say
from stayahead.config import Settings, local_address, site_address
from stayahead.errors import SettingsError, UnknownSession
from stayahead.newsroom.clock import WallClock
from stayahead.serve.keys import LINK_LIFE, Keys
from stayahead.serve.links import Link


def link(arguments: argparse.Namespace) -> int:
    """Print a link that makes the browser which opens it the owner's."""
    settings = settings_of(arguments)
    path = found_database(settings)
    with open_store(arguments) as store:
        token = Keys(store, WallClock()).new_link()
    say(f"{_address(settings, path)}#{token}")
    minutes = int(LINK_LIFE.total_seconds()) // 60
    say(f"It opens one browser, within {minutes} minutes; show it to nobody.", to_errors=True)
    return 0


def show(arguments: argparse.Namespace) -> int:
    """List the browsers that are the owner's."""
    found_database(settings_of(arguments))
    with open_store(arguments) as store:
        sessions = store.sessions(WallClock().now())
    for each in sessions:
        opened, until = (at.strftime("%Y-%m-%d %H:%M UTC") for at in (each.opened_at, each.until))
        say("\t".join((str(each.id), f"opened {opened}", f"until {until}", each.address, each.browser)))
    if not sessions:
        say("no browser is the owner's; `stayahead owner link` prints a link that makes one so")
    return 0


def forget(arguments: argparse.Namespace) -> int:
    """End one session, or all of them with every link that is unused."""
    if (arguments.session is None) != arguments.all:
        raise SettingsError("owner forget: name one session by its number in `stayahead owner sessions`, or --all")
    found_database(settings_of(arguments))
    with open_store(arguments) as store:
        if arguments.all:
            say(f"{store.forget_sessions()} sessions ended, and every unused link")
        elif store.forget_session(arguments.session):
            say(f"session {arguments.session} ended")
        else:
            raise UnknownSession(f"there is no session {arguments.session}; `stayahead owner sessions` lists them")
    return 0


def _address(settings: Settings, database: Path) -> str:
    """Where the link leads: the published address, else that of the running service, else the one of the options."""
    address = site_address(settings)
    if address.origin:
        return f"{address.origin}{Link(address.prefix)('/owner')}"
    notice = read_notice(database)
    host, port = (notice.host, notice.port) if notice else (local_address(settings.host), settings.port)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/owner"
