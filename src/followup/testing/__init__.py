"""Kits for authors: what their tests need to show that a plugin keeps its promises and a rule its word.

Fixtures for pytest stand in `followup.testing.fixtures`, and come in only where that module is named.
"""

from __future__ import annotations

from followup.testing.channels import ChannelConformance, composition, reachable_person
from followup.testing.conditions import ConditionConformance
from followup.testing.conformance import BrokenCheck, run_checks
from followup.testing.deliverers import DelivererConformance
from followup.testing.operators import OperatorConformance
from followup.testing.packs import ScenarioPackConformance
from followup.testing.reviews import ReviewConformance, review_context
from followup.testing.stores import StoreConformance
from followup.testing.under_pytest import scenario_tests

__all__ = [
    "BrokenCheck",
    "ChannelConformance",
    "ConditionConformance",
    "DelivererConformance",
    "OperatorConformance",
    "ReviewConformance",
    "ScenarioPackConformance",
    "StoreConformance",
    "composition",
    "reachable_person",
    "review_context",
    "run_checks",
    "scenario_tests",
]
