"""Work done by several processes: in order, and no further ahead of who takes it than the memory allows.

Each process makes what does the work once, from things that are handed to it when it begins; then only the
pieces of work and what becomes of them go back and forth.
"""

from __future__ import annotations

import gc
import multiprocessing.connection
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from followup.errors import FollowupError

__all__ = ["in_order"]

AHEAD = 4
"""How many pieces a process may have waiting; with them the memory is bounded."""

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def in_order(
    make: Callable[..., Callable[[Piece], Result]],
    given: tuple[Any, ...],
    pieces: Iterable[Piece],
    processes: int,
) -> Iterator[Result]:
    """What `make(*given)` makes of each piece, in order; `make` and all else must be picklable.

    With one process all is done in this one. What is begun is given up when the iterator is closed. Raises
    FollowupError where a process ended that should not have.
    """
    if processes == 1:
        return map(make(*given), pieces)
    return _by_processes(make, given, pieces, processes)


def _by_processes(
    make: Callable[..., Callable[[Piece], Result]],
    given: tuple[Any, ...],
    pieces: Iterable[Piece],
    processes: int,
) -> Iterator[Result]:
    pool = ProcessPoolExecutor(processes, initializer=_begin, initargs=(make, given))
    waiting: deque[Future[Any]] = deque()
    try:
        for piece in pieces:
            waiting.append(pool.submit(_do, piece))
            while waiting and (waiting[0].done() or len(waiting) >= AHEAD * processes):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        told = "one of the processes was ended from outside, for want of memory perhaps"
        raise FollowupError(f"{told}; try again with fewer of them") from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_WORK: dict[str, Callable[[Any], Any]] = {}
"""What this process does, if it is one of several."""


def _begin(make: Callable[..., Callable[[Any], Any]], given: tuple[Any, ...]) -> None:
    # Ctrl-C reaches every process of the group; the one that began them says when to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _WORK["all"] = make(*given)
    gc.freeze()  # what stays for ever need not be looked through again and again


def _end_with_parent() -> None:
    """A process whose parent was killed would wait for more work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _do(piece: Any) -> Any:
    return _WORK["all"](piece)
