"""Sending: each message at most once by us, and every doubt in sight.

    with run(store, clock) as outbox:
        delivery, receipt = send(outbox, "initech", intent_of(followup, outgoing), deliverer, gate)

`transitions` says which state may follow which, `deliveries` folds them from the log, `outbox` writes each
step before the next thing is done, `gating` asks the gate at that moment, `running` is one run.
"""

from __future__ import annotations

from followup.sending.deliveries import (
    Delivery,
    Intent,
    deliveries,
    digest_of,
    in_doubt,
    intent_of,
    unreconciled,
)
from followup.sending.gating import Gate
from followup.sending.outbox import Outbox
from followup.sending.restoring import carrying_over, reconciling
from followup.sending.running import run, send

__all__ = [
    "Delivery",
    "Gate",
    "Intent",
    "Outbox",
    "carrying_over",
    "deliveries",
    "digest_of",
    "in_doubt",
    "intent_of",
    "reconciling",
    "run",
    "send",
    "unreconciled",
]
