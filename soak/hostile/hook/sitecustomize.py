"""Stands in for the name servers of the world, in the service that is measured only: nothing is asked outside.

The interpreter imports it by itself at its start, before any line of the service; the service is not changed.
Names under `.test` are on this machine, those under `.slow.test` take 30 s to be found unknown, all others are unknown.
"""

import socket
import time

_SLOW_S = 30.0
_asked = socket.getaddrinfo


def _getaddrinfo(host, *more, **named):  # type: ignore[no-untyped-def]  # as the library's own
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name is None or name == "localhost" or name.replace(".", "").isdigit() or ":" in name:
        return _asked(host, *more, **named)
    if name.endswith(".slow.test"):
        time.sleep(_SLOW_S)
    elif name.endswith(".test"):
        return _asked("127.0.0.1", *more, **named)
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


socket.getaddrinfo = _getaddrinfo
