"""One run: alone with the store, what an earlier run left is put in order, and messages go out one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from followup.delivery import Deliverer, Receipt
from followup.errors import FollowupError, InDoubtError, NotDeliveredError
from followup.sending.deliveries import Delivery, Intent
from followup.sending.outbox import AsksGate, Clock, Outbox
from followup.store import Store

__all__ = ["run", "send"]

INTERRUPTED = "the run was interrupted"


@contextmanager
def run(store: Store, clock: Clock) -> Iterator[Outbox]:
    """The outbox of a store, for one run at a time. Raises UsageError where another one is on."""
    with store.alone():
        outbox = Outbox(store, clock)
        outbox.recover()
        yield outbox


def send(
    outbox: Outbox, opportunity: str, intent: Intent, deliverer: Deliverer, gate: AsksGate
) -> tuple[Delivery, Receipt]:
    """Send one message, once. What became of it stands in the log, whatever happens on the way.

    Raises NotDeliveredError if nothing has left, InDoubtError if that cannot be known, and UsageError where
    the store cannot be written before anything has left.
    """
    delivery = outbox.queue(opportunity, intent)
    outbox.claim(delivery, gate)
    committed = False

    def commit() -> None:
        nonlocal committed
        outbox.commit(delivery, gate)
        committed = True

    try:
        receipt = deliverer.deliver(delivery.outgoing, commit=commit)
    except NotDeliveredError as problem:
        _note(outbox, delivery, problem)
        raise
    except BaseException as problem:
        told = str(problem) or INTERRUPTED
        if not committed and not isinstance(problem, InDoubtError):
            _note(outbox, delivery, NotDeliveredError(told, permanent=False))
            raise
        raise _doubt(outbox, delivery, told) from None
    if not committed:
        raise _doubt(outbox, delivery, "the deliverer sent it without asking; please report it")
    try:
        return outbox.settle(delivery, "sent", receipt.answer), receipt
    except FollowupError as problem:
        told = f"the message was sent ({receipt.answer}), but that could not be noted: {problem}"
        raise InDoubtError(told, identity=delivery.outgoing.identity) from None


def _note(outbox: Outbox, delivery: Delivery, problem: NotDeliveredError) -> None:
    """Write that nothing has left. Where that cannot be written either, the next run finds out as much."""
    try:
        outbox.settle(delivery, "failed", str(problem), permanent=problem.permanent)
    except FollowupError as unwritten:
        problem.add_note(f"that could not be noted: {unwritten}")


def _doubt(outbox: Outbox, delivery: Delivery, told: str) -> InDoubtError:
    doubt = InDoubtError(told, identity=delivery.outgoing.identity)
    try:
        outbox.settle(delivery, "in doubt", told)
    except FollowupError as unwritten:
        doubt.add_note(f"that could not be noted: {unwritten}")
    return doubt
