"""The store: an append-only log of what happened in all opportunities, folded into states when asked.

Nothing in it is ever changed or taken out, but by an erasure; what was wrong is undone by an entry that says
so. The engine knows nothing of it: `folded(store.entries())` gives states, and the engine plans them.
"""

from __future__ import annotations

from followup.store.entries import Change, Entry, NewEntry
from followup.store.erasing import erase
from followup.store.folding import Kept, Opportunity, folded, last_changes, states, undoing
from followup.store.planning import plan_of
from followup.store.protocol import Decide, DecideAll, Store

__all__ = [
    "Change",
    "Decide",
    "DecideAll",
    "Entry",
    "Kept",
    "NewEntry",
    "Opportunity",
    "Store",
    "erase",
    "folded",
    "last_changes",
    "plan_of",
    "states",
    "undoing",
]
