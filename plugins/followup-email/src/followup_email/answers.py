"""What a server says, read so that it can neither take for ever nor talk without end.

The time limit of a socket begins anew with each byte that comes; the one here is for an answer as a whole.
"""

from __future__ import annotations

import errno
import socket
import ssl
import time

__all__ = ["Answers"]

PIECE = 16_384


class Answers:
    """The bytes that a server sends. An answer has `seconds` to arrive whole, and is at most `most` bytes."""

    def __init__(self, seconds: float, most: int) -> None:
        self._seconds = seconds
        self._most = most
        self._unread = bytearray()
        self._read_from: socket.socket | None = None
        self.begin()

    def begin(self) -> None:
        """A command goes out, or is about to: what comes from now on is the next answer."""
        self._end = time.monotonic() + self._seconds
        self._left = self._most

    def line(self, sock: socket.socket) -> bytes:
        """The next line with its end; without it where the connection ends. Raises OSError."""
        self._belongs_to(sock)
        read = 0
        while (end := self._unread.find(b"\n", read)) < 0:
            read = len(self._unread)
            if not self._receive(sock):
                return self._take(read)
        return self._take(end + 1)

    def exactly(self, sock: socket.socket, size: int) -> bytes:
        """The next `size` bytes; fewer where the connection ends. Raises OSError."""
        self._belongs_to(sock)
        if size > self._left:
            raise _too_much()
        while len(self._unread) < size and self._receive(sock):
            continue
        return self._take(size)

    def has_more(self, sock: socket.socket) -> bool:
        """Whether the server has said something that nobody has read, or has hung up. Raises OSError."""
        self._belongs_to(sock)
        if self._unread:
            return True
        sock.settimeout(0)
        try:
            self._unread += sock.recv(PIECE)
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        finally:
            sock.settimeout(self._seconds)
        return True

    def _belongs_to(self, sock: socket.socket) -> None:
        # What was said in the clear is never taken for what is said under encryption (RFC 3207, section 6).
        if self._unread and sock is not self._read_from:
            raise OSError(errno.EPROTO, "it went on talking while encryption was agreed on")
        self._read_from = sock

    def _receive(self, sock: socket.socket) -> bool:
        """Wait for more; whether any came before the connection ended."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        sock.settimeout(left)
        try:
            piece = sock.recv(PIECE)
        finally:
            sock.settimeout(self._seconds)
        self._unread += piece
        if len(self._unread) > self._left:
            raise _too_much()
        return bool(piece)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._unread[:size])
        del self._unread[:size]
        self._left -= len(taken)
        return taken


def _too_much() -> OSError:
    return OSError(errno.EMSGSIZE, "it says more than can be meant")
