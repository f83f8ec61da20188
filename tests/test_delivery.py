"""The contract of sending: what is told, and that it survives the way to another process."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime

import pytest

from followup import (
    Deliverer,
    DeliveryError,
    Draft,
    FollowupError,
    InDoubtError,
    NotDeliveredError,
    Outgoing,
    Receipt,
)
from followup.delivery import Commit


class Pigeon:
    channel = "pigeon"

    def prepare(self, draft: Draft, key: str, now: datetime) -> Outgoing:
        return Outgoing(channel="pigeon", key=key, content=f"{now:%d %b}: {draft.body}")

    def deliver(self, outgoing: Outgoing, *, commit: Commit) -> Receipt:
        commit()
        return Receipt(channel="pigeon", key=outgoing.key, answer=outgoing.content)


def test_a_deliverer_is_whatever_can_deliver() -> None:
    assert isinstance(Pigeon(), Deliverer)
    assert not isinstance(object(), Deliverer)


def test_a_receipt_is_frozen() -> None:
    now = datetime(2026, 9, 22, tzinfo=UTC)
    outgoing = Pigeon().prepare(Draft("", "News?"), "inquiry:r1:dana", now)
    receipt = Pigeon().deliver(outgoing, commit=lambda: None)
    assert receipt == Receipt(channel="pigeon", key="inquiry:r1:dana", answer="22 Sep: News?")
    with pytest.raises(AttributeError):
        receipt.key = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    "error",
    [
        NotDeliveredError("the server is busy", permanent=False),
        NotDeliveredError("there is no such mailbox", permanent=True),
        InDoubtError("the line broke", identity="<1@souza.example>"),
    ],
)
def test_a_failed_delivery_says_all_it_knows_in_another_process_too(error: DeliveryError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(error, FollowupError)
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))
