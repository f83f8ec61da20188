"""Evidence: what a mail that somebody has is, and what it says about reaching people.

Pure functions: bytes in, findings out; no clock, no network, no files. Nothing here decides what happens.
"""

from __future__ import annotations

from followup.evidence.absences import Absent
from followup.evidence.bounces import Bounced
from followup.evidence.mail import MailFinding, MailKind, read_mail

__all__ = ["Absent", "Bounced", "MailFinding", "MailKind", "read_mail"]
