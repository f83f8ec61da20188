"""One message goes out once: a mark beside the state's file while it is on its way, and a record after it.

The mark is made right before the words leave, and taken away when it is known what became of them. What is
found on the next try is a message in doubt: after a broken line, a crash, a pulled plug.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from followup.delivery import Commit
from followup.errors import InDoubtError, NotDeliveredError
from followup.plain import file_name

__all__ = ["on_its_way"]


@contextmanager
def on_its_way(state: Path, key: str, identity: str, check: Commit) -> Iterator[Commit]:
    """Gives the `commit` for one message; what is inside the block sends it, and records that it was sent.

    `check` is asked once no other process can send the same message; what it raises ends it. The mark stays
    if it is not known whether the message arrived.
    """
    file = state.resolve()  # where it has several names, all have the same mark
    mark = file.with_name(f".{file.name}.{file_name(key, 'sending')}")
    marked = False

    def commit() -> None:
        nonlocal marked
        try:
            descriptor = os.open(mark, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            raise NotDeliveredError(
                f"{key} may have been sent already, or is being sent: {mark} says so. Look for the message "
                f"{identity} among what you sent. If it went out, add a `sent` event to the state; then "
                f"delete that file",
                permanent=True,
            ) from None
        except OSError as error:
            raise NotDeliveredError(f"{mark}: {error.strerror}; nothing was sent", permanent=True) from None
        marked = True
        try:
            os.write(descriptor, f"{identity}\n".encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        try:
            check()
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
        cure = f"look for {identity}; {mark} keeps it from being sent again until you delete that file"
        raise InDoubtError(f"{told}; {cure}", identity=identity) from None
    else:
        if marked:
            _unmark()
