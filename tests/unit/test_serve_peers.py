"""Whose a connection within this machine is, by the system's tables."""

from __future__ import annotations

import errno
import os
import socket
import struct

import pytest

from stayahead.config import Settings
from stayahead.serve.callers import Callers
from stayahead.serve.peers import asked_uid, is_our_users, listed_uid, socket_uid, told_uid

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
V4 = ("0100007F:C350", "0100007F:20D0")
V6 = ("00000000000000000000000001000000:C350", "00000000000000000000000001000000:20D0")
MAPPED = ("0000000000000000FFFF00000100007F:C350", "0000000000000000FFFF00000100007F:20D0")


def table(*lines: tuple[str, str, int], state: str = "01", inode: int = 4711) -> bytes:
    """As the kernel of a machine that counts from the little end writes it."""
    queues = f"{state} 00000000:00000000 00:00000000 00000000"
    rows = (
        f"{n:4}: {local} {remote} {queues} {uid:5}        0 {inode} 1 0000000000000000 20 4 30 10 -1\n"
        for n, (local, remote, uid) in enumerate(lines)
    )
    return (HEAD + "".join(rows)).encode()


@pytest.mark.parametrize(
    ("host", "ends"),
    [("127.0.0.1", V4), ("127.0.0.1", MAPPED), ("::ffff:127.0.0.1", MAPPED), ("::ffff:127.0.0.1", V4), ("::1", V6)],
)
def test_the_uid_of_a_socket_stands_in_the_line_of_its_two_ends(host: str, ends: tuple[str, str]) -> None:
    local, remote = ends
    client, server = (host, 50000), (host, 8400)
    ours = table((remote, "00000000:0000", 7), (remote, local, 7), (local, remote, 33))
    assert socket_uid(ours, client, server) == 33, "our own end of it is another line"
    assert socket_uid(ours, server, client) == 7
    assert socket_uid(ours, (host, 50001), server) is None
    assert socket_uid(table((local, remote, 0), inode=0), client, server) is None, "closed: root's, whoever it was of"


@pytest.mark.parametrize(
    "broken", [b"", HEAD.encode(), table((*V4, 33))[:-60], b" 0100007F:C350 0100007F:20D0 ", b"\x00\xff" * 99]
)
def test_what_tells_no_uid_is_nobodys(broken: bytes) -> None:
    assert socket_uid(broken, ("127.0.0.1", 50000), ("127.0.0.1", 8400)) is None


@pytest.mark.parametrize("end", [("", 0), ("testclient", 50000), ("/run/socket", 0)])
def test_what_is_no_address_is_in_no_table(end: tuple[str, int]) -> None:
    assert socket_uid(table((*V4, 33)), end, ("127.0.0.1", 8400)) is None


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::ffff:127.0.0.1")])
def test_a_connection_of_our_own_is_ours_while_it_is_open(family: socket.AddressFamily, host: str) -> None:
    """Also that of a program that asks an IPv4 address by a socket of IPv6, as those in Java do."""
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket(family) as client:
        client.connect((host, listener.getsockname()[1]))
        ours, address = listener.accept()
        with ours:
            assert is_our_users(address, ours.getsockname())
            assert asked_uid(address, ours.getsockname()) == listed_uid(address, ours.getsockname()) == os.geteuid()
            assert not is_our_users(address, ("127.0.0.1", 1))
            assert asked_uid(listener.getsockname(), ("127.0.0.1", 1)) is None, "who listens there is not connected"
            client.close()
            assert not is_our_users(address, ours.getsockname()), "nobody's any more"
            assert listed_uid(address, ours.getsockname()) is None


PORTS = struct.pack("!HH", 50000, 8400)


def answer(kind: int, body: bytes) -> bytes:
    return struct.pack("=IHHII", 16 + len(body), kind, 0, 0, 0) + body


def told(uid: int, *, inode: int = 4711, ports: bytes = PORTS) -> bytes:
    return answer(20, bytes(4) + ports + bytes(44 + 12) + struct.pack("=II", uid, inode))


def test_the_systems_answer_tells_the_uid_of_that_very_socket() -> None:
    assert told_uid(told(33), PORTS) == 33
    assert told_uid(told(0, inode=0), PORTS) is None, "closed: root's, whoever it was of"
    assert told_uid(told(33, ports=struct.pack("!HH", 50000, 0)), PORTS) is None, "one that listens"
    assert told_uid(answer(2, struct.pack("=i", -errno.ENOENT)), PORTS) is None
    for refused in (answer(2, struct.pack("=i", -errno.EPERM)), told(33)[:-1], told(33)[:19], b""):
        with pytest.raises(OSError, match=r"refused|too short"):
            told_uid(refused, PORTS)


def test_another_users_connection_is_nobodys_owner() -> None:
    """As nginx's workers, which run as www-data, connect to us."""
    scope = {
        "type": "http", "http_version": "1.1", "headers": [(b"host", b"127.0.0.1:8400")],
        "client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 8400),
    }  # fmt: skip

    def is_owner(uid: int) -> bool:
        def read(path: str) -> bytes:
            if path.endswith("6"):
                raise FileNotFoundError(path)
            return table((*V4, uid))

        return Callers(Settings(), lambda *ends: listed_uid(*ends, read=read) == os.geteuid()).caller(scope).is_owner

    assert is_owner(os.geteuid())
    assert not is_owner(os.geteuid() + 1)
