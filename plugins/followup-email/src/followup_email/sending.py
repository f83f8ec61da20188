"""One message goes out once: a mark beside the state's file while it is on its way, and a record after it.

The mark is made right before the words leave, and taken away when it is known what became of them. What is
found on the next try is a message in doubt: after a broken line, a crash, a pulled plug.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from followup.delivery import Commit
from followup.errors import InDoubtError, NotDeliveredError
from followup.plain import file_name

__all__ = ["on_its_way"]


@contextmanager
def on_its_way(state: Path, key: str, identity: str, check: Commit, *, event: str = "") -> Iterator[Commit]:
    """Gives the `commit` for one message; what is inside the block sends it, and records that it was sent.

    `check` is asked once no other process can send the same message; what it raises ends it. The mark stays
    if it is not known whether the message arrived, and holds the `event` that the state lacks then. Raises
    InDoubtError if there is one already: nothing is sent while it is there.
    """
    file = state.resolve()  # where it has several names, all have the same mark
    mark = file.with_name(f".{file.name}.{file_name(key, 'sending')}")
    cure = (
        f"look for {identity} among what you sent; if it is there, add the event that stands in {mark} "
        f"to the state; then delete that file, which keeps the message from being sent again"
    )
    doubt = InDoubtError(
        f"{key} may have been sent already, or is being sent just now; {cure}", identity=identity
    )
    if mark.exists():
        raise doubt
    marked = False

    def commit() -> None:
        nonlocal marked
        try:
            descriptor = os.open(mark, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            raise doubt from None
        except OSError as error:
            raise _unmarked(mark, error) from None
        marked = True
        try:
            with open(descriptor, "w", encoding="utf-8") as stream:
                stream.write(f"# {identity} was on its way. If it arrived, this event is missing:\n{event}\n")
                stream.flush()
                os.fsync(descriptor)
            _put_on_disk(mark.parent)
            check()
        except OSError as error:
            _unmark()
            raise _unmarked(mark, error) from None
        except BaseException:
            _unmark()
            raise

    def _unmark() -> None:
        nonlocal marked
        mark.unlink(missing_ok=True)
        marked = False

    try:
        yield commit
    except NotDeliveredError:
        if marked:
            _unmark()
        raise
    except (InDoubtError, KeyboardInterrupt) as error:
        if not marked:
            raise
        told = str(error) or "interrupted while the message was on its way; it may have arrived"
        raise InDoubtError(f"{told}; {cure}", identity=identity) from None
    else:
        if marked:
            _put_on_disk(file, file.parent)
            _unmark()


def _unmarked(mark: Path, error: OSError) -> NotDeliveredError:
    return NotDeliveredError(f"{mark}: {error.strerror or error}; nothing was sent", permanent=True)


def _put_on_disk(*paths: Path) -> None:
    """Have what was written outlast a pulled plug, where the system can do that for a file or folder."""
    for path in paths:
        with suppress(OSError):
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
