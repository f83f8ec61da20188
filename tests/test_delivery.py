"""The contract of sending: what is told, and that it survives the way to another process."""

from __future__ import annotations

import pickle

import pytest

from followup import Deliverer, DeliveryError, Draft, FollowupError, InDoubtError, NotDeliveredError, Receipt
from followup.delivery import Commit


class Pigeon:
    def deliver(self, draft: Draft, key: str, *, commit: Commit) -> Receipt:
        commit()
        return Receipt(channel="pigeon", key=key)


def test_a_deliverer_is_whatever_can_deliver() -> None:
    assert isinstance(Pigeon(), Deliverer)
    assert not isinstance(object(), Deliverer)


def test_a_receipt_is_frozen() -> None:
    receipt = Pigeon().deliver(Draft("", "News?"), "inquiry:r1:dana", commit=lambda: None)
    assert receipt == Receipt(channel="pigeon", key="inquiry:r1:dana", identity="", answer="")
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
