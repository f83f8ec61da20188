"""Kits for authors: what their tests need to show that a channel keeps its promises."""

from __future__ import annotations

from followup.testing.channels import ChannelConformance, composition, reachable_person

__all__ = ["ChannelConformance", "composition", "reachable_person"]
