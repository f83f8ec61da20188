"""The states of a message on its way out, and which may follow which. Nothing else decides that.

    queued ─→ claimed ─→ committing ─→ sent
                │            ├───────→ failed
                └→ failed    └───────→ in doubt ─→ sent or failed, once somebody has looked

Until `claimed` it is certain that nothing left, and after a crash the message is queued again. From
`committing` on words may have left, and after a crash nobody knows: then it is in doubt, for good, until it
is found or a person says so. No way leads back from there to a second sending.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

__all__ = ["FOLLOWING", "State", "after_a_crash", "may_follow"]

State = Literal["queued", "claimed", "committing", "sent", "failed", "in doubt"]

FOLLOWING: Mapping[State, frozenset[State]] = {
    "queued": frozenset({"claimed", "failed"}),
    # In doubt only by a deliverer that broke its contract and sent without asking.
    "claimed": frozenset({"committing", "queued", "failed", "in doubt"}),
    "committing": frozenset({"sent", "failed", "in doubt"}),
    "in doubt": frozenset({"sent", "failed"}),
    "sent": frozenset(),
    "failed": frozenset(),
}


def may_follow(before: State, after: State) -> bool:
    """Whether a message may go from one state to the other."""
    return after in FOLLOWING[before]


def after_a_crash(state: State) -> State:
    """Where a message stands whose run ended in that state without a word."""
    if state == "claimed":
        return "queued"
    return "in doubt" if state == "committing" else state
