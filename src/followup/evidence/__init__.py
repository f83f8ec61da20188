"""Evidence: what a mail that somebody has is, and what it says about reaching people.

Pure functions: bytes in, findings out; no clock, no network, no files. Nothing here decides what happens.
"""

from __future__ import annotations

from followup.evidence.absences import Absent
from followup.evidence.answers import Said, SaidKind
from followup.evidence.bounces import Bounced
from followup.evidence.boxes import is_mbox, mails_of_mbox
from followup.evidence.days import NamedDay, days_in
from followup.evidence.invitations import Attendee, Invitation, InvitationKind
from followup.evidence.mail import LARGEST, MailFinding, MailKind, judged, read_mail
from followup.evidence.promises import Promised, promises_in
from followup.evidence.sentences import sentences

__all__ = [
    "LARGEST",
    "Absent",
    "Attendee",
    "Bounced",
    "Invitation",
    "InvitationKind",
    "MailFinding",
    "MailKind",
    "NamedDay",
    "Promised",
    "Said",
    "SaidKind",
    "days_in",
    "is_mbox",
    "judged",
    "mails_of_mbox",
    "promises_in",
    "read_mail",
    "sentences",
]
