"""Kits for authors: what their tests need to show that a channel keeps its promises and a rule its word."""

from __future__ import annotations

from followup.testing.channels import ChannelConformance, composition, reachable_person
from followup.testing.under_pytest import scenario_tests

__all__ = ["ChannelConformance", "composition", "reachable_person", "scenario_tests"]
