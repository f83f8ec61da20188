"""Events that were agreed to, as entries of the store: checked against it as it stands, none twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from followup.correspondence.proposing import is_known
from followup.states import read_data, to_data
from followup.store.entries import Entry, NewEntry
from followup.store.folding import Opportunity, folded

if TYPE_CHECKING:
    from followup.vocabulary import Vocabulary

__all__ = ["adding", "with_event"]


def with_event(
    opportunity: Opportunity, event: Mapping[str, Any], vocabulary: Vocabulary | None
) -> Opportunity:
    """The opportunity with one more event, as the store would hold it. Raises StateError."""
    events = [*opportunity.data.get("events", ()), event]
    state = read_data({**opportunity.data, "events": events}, vocabulary).state
    data = {**opportunity.data, "events": [*events[:-1], to_data(state)["events"][-1]]}
    return Opportunity(opportunity.name, data, opportunity.retired)


def adding(
    agreed: Iterable[tuple[str, Mapping[str, Any]]], entries: Sequence[Entry], vocabulary: Vocabulary | None
) -> list[NewEntry]:
    """The entries for events, each with its opportunity's name; those that stand there already are left out.

    Raises StateError and UsageError where the store has changed so that they fit no more.
    """
    kept = dict(folded(entries).opportunities)
    made = []
    for name, event in agreed:
        if is_known(event, kept[name].data.get("events", ())):
            continue
        kept[name] = with_event(kept[name], event, vocabulary)
        made.append(NewEntry(kind="happened", opportunity=name, data=kept[name].data["events"][-1]))
    return made
