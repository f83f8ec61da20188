"""Correspondence: which opportunity a mail is about, and what events it would add. Nothing here writes."""

from __future__ import annotations

from followup.correspondence.adding import adding, with_event
from followup.correspondence.matching import Match, is_own, matches
from followup.correspondence.proposal import Proposal
from followup.correspondence.proposing import proposals

__all__ = ["Match", "Proposal", "adding", "is_own", "matches", "proposals", "with_event"]
