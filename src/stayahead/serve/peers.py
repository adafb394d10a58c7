"""Says whether the program at the other end of a connection within this machine is our own user's.

A proxy on this machine connects from where its owner sits, and one that rewrites the Host and adds no header cannot be
told from a browser by what it sends. But it runs as a user of its own, and Linux tells whose a socket is: to a question
about that one (sock_diag(7), some 10 µs), or, where none may be asked, in tables of all of them (20 ms for 9,000).
"""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
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
# Of linux/netlink.h, linux/sock_diag.h and linux/inet_diag.h.
_SOCK_DIAG, _ASK, _ALL = 4, 20, 0xFFFFFFFF
_HEAD_BYTES, _UID_AT = 16, 80


def is_our_users(client: Address, server: Address) -> bool:
    """Does the client's end of this connection belong to the user that we run as?

    On Linux a socket that is not found is nobody's. Other systems tell nothing, and there it is taken to be ours.

    Args:
        client: the end whose user is asked for; it must be open.
        server: our end.
    """
    if sys.platform != "linux":
        return True
    try:
        uid = asked_uid(client, server)
    except OSError:  # no such question may be asked in this container, or this kernel has no ear for it
        uid = listed_uid(client, server)
    return uid == os.geteuid()


def asked_uid(client: Address, server: Address) -> int | None:
    """The user of the client's socket as the system answers; None where there is no such socket.

    Raises:
        OSError: it cannot be asked.
    """
    try:
        ends = [(_plain(host), port) for host, port in (client, server)]
    except ValueError:
        return None
    family = socket.AF_INET if all(host.version == 4 for host, _ in ends) else socket.AF_INET6
    ports = struct.pack("!HH", *(port for _, port in ends))
    hosts = b"".join(host.packed.ljust(16, b"\0") for host, _ in ends)
    question = struct.pack("=BBBBI", family, socket.IPPROTO_TCP, 0, 0, _ALL) + ports + hosts
    question += struct.pack("=III", 0, _ALL, _ALL)
    head = struct.pack("=IHHII", _HEAD_BYTES + len(question), _ASK, 1, 0, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, _SOCK_DIAG) as system:
        system.send(head + question)
        answer = system.recv(4096, socket.MSG_DONTWAIT)  # it was written while we sent
    return told_uid(answer, ports)


def told_uid(answer: bytes, ports: bytes) -> int | None:
    """The user in an answer about the socket between these two ports; None where there is no such socket.

    Where no connection is found the system tells of a socket that listens on the first port: its second is 0.

    Raises:
        OSError: the question was refused.
    """
    if len(answer) < _HEAD_BYTES + 4:
        raise OSError("an answer that is too short")
    (kind,) = struct.unpack_from("=H", answer, 4)
    if kind != _ASK:
        (code,) = struct.unpack_from("=i", answer, _HEAD_BYTES)
        if code == -errno.ENOENT:
            return None
        raise OSError(-code, "the question was refused")
    if len(answer) < _UID_AT + 8:
        raise OSError("an answer that is too short")
    uid, inode = struct.unpack_from("=II", answer, _UID_AT)
    is_it = answer[_HEAD_BYTES + 4 : _HEAD_BYTES + 8] == ports
    return uid if is_it and inode else None


def listed_uid(client: Address, server: Address, *, read: Callable[[str], bytes] | None = None) -> int | None:
    """The user of the client's socket by the system's tables; `read` gives one by its path."""
    for path in _TABLES:
        with suppress(OSError):  # a machine without IPv6 has no table of it
            if (uid := socket_uid((read or _table)(path), client, server)) is not None:
                return uid
    return None


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
