"""A script for a call: what to say, section by section; a sentence whose fact is missing is left out.

In a language that the channel does not speak the script says what the message says, and nothing of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from followup.plain import single_stops
from followup_phone.sentences import SENTENCES, Sentences

__all__ = ["Caller", "Words", "headings_in", "needed_headings", "parted", "script", "title"]

_HEADING = re.compile(r"^([A-Z][^\n:]*):$", re.MULTILINE)

_HEADINGS = SENTENCES["en"].headings


class Caller(msgspec.Struct, frozen=True):
    """The plain facts of a call; empty where not known.

    `person` is how they are addressed, `whom` how one speaks of calling them.
    """

    caller: str
    number: str
    person: str
    whom: str
    position: str
    company: str

    def filled(self, sentence: str, says: Sentences) -> str:
        """A sentence with the facts in its places."""
        filled = sentence.format(
            caller=self.caller,
            number=self.number,
            person=self.person,
            whom=self.whom,
            company=self.company,
            matter=self.matter(says),
        )
        return single_stops(filled)

    def matter(self, says: Sentences) -> str:
        """What the call is about: `the Data Engineer position at Initech`."""
        both, position, company, neither = says.matter
        chosen = (
            (both if self.company else position) if self.position else company if self.company else neither
        )
        return chosen.format(position=self.position, company=self.company)


class Words(msgspec.Struct, frozen=True):
    """Texts that a message brings along for the script; empty where it has none."""

    purpose: str = ""
    question: str = ""
    interest: str = ""
    thanks: str = ""
    written: str = ""


# After a refusal, or when the answer is no, interest in the position would be out of place.
_INTERESTED = frozenset(
    {
        "answer",
        "ask-contact",
        "clarify",
        "correct",
        "final",
        "inquiry",
        "negotiate",
        "offer",
        "share",
        "thanks",
    }
)
# While an answer is awaited, they may name a day, or say no.
_WAITING = frozenset({"answer", "ask-contact", "clarify", "correct", "final", "inquiry", "share", "thanks"})
_STAYING = frozenset({"connect", "congratulate", "decline", "feedback", "keep-in-touch"})


def title(facts: Caller, says: Sentences | None) -> str:
    """The script's title, such as `Call Dana Whitfield about the Data Engineer position at Initech`."""
    if says is None:
        return facts.person or facts.company
    return facts.filled(says.title if facts.person else says.title_alone, says)


def script(intent: str, facts: Caller, words: Words, says: Sentences | None) -> str:
    """The script as plain text: each section is its name with a colon, and its sentences below."""
    headings = _HEADINGS if says is None else says.headings
    sections = _from_message(words) if says is None else _sections(intent, facts, words, says)
    return "\n\n".join(f"{headings[name]}:\n{text}" for name, text in sections if text)


def headings_in(body: str) -> tuple[str, ...]:
    """The headings of a script."""
    return tuple(_HEADING.findall(body))


def parted(body: str) -> tuple[tuple[str, str], ...]:
    """The sections of a script, which may have been edited: heading and text. What stands before has none."""
    before, *rest = _HEADING.split(body)
    found = [("", before), *zip(rest[::2], rest[1::2], strict=True)]
    return tuple((heading, text.strip()) for heading, text in found if heading or text.strip())


def needed_headings(says: Sentences | None) -> tuple[str, ...]:
    """The headings that a script cannot do without."""
    needed = ("opening", "purpose", "thanks", "gatekeeper", "busy", "voicemail")
    return () if says is None else tuple(says.headings[name] for name in needed)


def _from_message(words: Words) -> Iterator[tuple[str, str]]:
    for name in ("purpose", "question", "interest", "thanks", "written"):
        yield name, getattr(words, name)


def _sections(intent: str, facts: Caller, words: Words, says: Sentences) -> Iterator[tuple[str, str]]:
    purpose = facts.filled(says.purposes.get(intent, says.other_purpose), says)
    thanks = facts.filled(says.thanks if facts.person else says.thanks_alone, says)
    yield "opening", _sentences(*_opening(facts, says))
    yield "purpose", words.purpose or purpose
    yield "question", words.question
    yield "interest", words.interest or _interest(intent, facts, says)
    yield "thanks", words.thanks or thanks
    yield "gatekeeper", _sentences(*_gatekeeper(facts, says))
    yield "busy", says.busy
    if intent in _WAITING:
        yield "said_date", says.said_date
        yield "said_no", facts.filled(says.said_no, says) if facts.company else says.said_no_alone
    yield "voicemail", _sentences(*_voicemail(facts, says))
    yield "afterwards", says.afterwards
    yield "written", words.written


def _sentences(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _opening(facts: Caller, says: Sentences) -> Iterator[str]:
    yield facts.filled(says.hello, says) if facts.person else says.hello_alone
    yield facts.filled(says.caller, says) if facts.caller else ""
    yield facts.filled(says.calling, says)
    yield says.moment


def _gatekeeper(facts: Caller, says: Sentences) -> Iterator[str]:
    yield says.hello_alone
    yield facts.filled(says.caller, says) if facts.caller else ""
    yield facts.filled(says.gatekeeper, says) if facts.whom else says.gatekeeper_alone
    yield facts.filled(says.calling, says)
    yield says.asking
    yield facts.filled(says.number, says) if facts.number else ""
    yield says.goodbye


def _interest(intent: str, facts: Caller, says: Sentences) -> str:
    if intent in _INTERESTED:
        return facts.filled(says.interest, says) if facts.position else says.interest_alone
    if intent in _STAYING:
        return facts.filled(says.staying, says) if facts.company else ""
    return ""


def _voicemail(facts: Caller, says: Sentences) -> Iterator[str]:
    yield facts.filled(says.hello, says) if facts.person else says.hello_alone
    yield facts.filled(says.voicemail if facts.caller else says.calling, says)
    yield facts.filled(says.number, says) if facts.number else says.no_number
    if facts.number:
        yield facts.filled(says.again if facts.caller else says.number_again, says)
    yield says.goodbye
