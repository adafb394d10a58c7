"""Says whether the program at the other end of a connection within this machine is our own user's.

A proxy on this machine connects from where its owner sits, and one that rewrites the Host and adds no header cannot be
told from a browser by what it sends. But it runs as a user of its own, and Linux tells whose a socket is.
"""

from __future__ import annotations

import ipaddress
import os
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

Address = tuple[str, int]
"""Of one end of a connection, with its port."""
IsOurs = Callable[[Address, Address], bool]
"""Is the socket that connects the first address to the second one of ours?"""

TABLE_BYTES = 4_000_000
"""Of a table that are read, some 26,000 sockets: who floods this machine with more costs its owner a link, not time."""
_TABLES = ("/proc/self/net/tcp", "/proc/self/net/tcp6")
_UID, _INODE = 6, 8  # columns, counted from the local address


def is_our_users(client: Address, server: Address, *, read: Callable[[str], bytes] | None = None) -> bool:
    """Does the client's end of this connection belong to the user that we run as?

    On Linux a socket that is not found is nobody's. Other systems tell nothing, and there it is taken to be ours.

    Args:
        client: the end whose user is asked for; it must be open.
        server: our end.
        read: gives a table by its path.
    """
    if sys.platform != "linux":
        return True
    for path in _TABLES:
        with suppress(OSError):  # a machine without IPv6 has no table of it
            if (uid := socket_uid((read or _table)(path), client, server)) is not None:
                return uid == os.geteuid()
    return False


def socket_uid(table: bytes, client: Address, server: Address) -> int | None:
    """The user of the client's socket by a table in the form of `/proc/net/tcp`; None where none is told.

    A socket that was closed has no inode and its line names root, whoever it was of: that is nobody's.
    """
    for ends in _written_pairs(client, server):
        start = table.find(ends)
        if start < 0:
            continue
        columns = table[start : start + 300].partition(b"\n")[0].split()
        if len(columns) > _INODE and columns[_UID].isdigit() and columns[_INODE] != b"0":
            return int(columns[_UID])
    return None


def _table(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(TABLE_BYTES)


def _written_pairs(client: Address, server: Address) -> Iterator[bytes]:
    """How the tables write the two ends: those of IPv4 in their own way, and as a socket of IPv6 has them."""
    try:
        ends = [(_plain(host), port) for host, port in (client, server)]
    except ValueError:
        return
    forms = [[host.packed for host, _ in ends]]
    if all(host.version == 4 for host, _ in ends):
        forms.append([bytes(10) + b"\xff\xff" + host.packed for host, _ in ends])
    for form in forms:
        first, second = (_hex(packed, port) for packed, (_, port) in zip(form, ends, strict=True))
        yield f" {first} {second} ".encode()


def _plain(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    address = ipaddress.ip_address(host)
    return (address.ipv4_mapped or address) if isinstance(address, ipaddress.IPv6Address) else address


def _hex(packed: bytes, port: int) -> str:
    """The kernel prints an address as numbers of 32 bits in the machine's own order, and the port as a number."""
    words = struct.unpack(f"={len(packed) // 4}I", packed)
    return "".join(f"{word:08X}" for word in words) + f":{port:04X}"
