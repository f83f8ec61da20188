"""A script for a call: what to say, section by section; a sentence whose fact is missing is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Caller", "Words", "script", "title"]


@dataclass(frozen=True, slots=True)
class Caller:
    """The plain facts of a call; empty where not known."""

    caller: str
    number: str
    person: str
    position: str
    company: str

    @property
    def matter(self) -> str:
        """What the call is about: `the Data Engineer position at Initech`."""
        position = f"the {self.position} position" if self.position else ""
        if position and self.company:
            return f"{position} at {self.company}"
        return position or (f"my interview at {self.company}" if self.company else "my interview")


@dataclass(frozen=True, slots=True)
class Words:
    """Texts that a message brings along for the script; empty where it has none."""

    purpose: str = ""
    question: str = ""
    interest: str = ""
    thanks: str = ""
    written: str = ""


_PURPOSES: Mapping[str, str] = {
    "answer": "I would like to come back to a question that we left open.",
    "ask-contact": "I would like to ask whom I may best turn to about {matter}.",
    "clarify": "I would like to ask about a point that is not yet clear to me.",
    "congratulate": "I would like to congratulate you.",
    "connect": "I would like to stay in touch with you.",
    "correct": "I would like to put right something that I said in the interview.",
    "decline": "I would like to tell you in person what I have decided about your offer.",
    "feedback": "I would be grateful for a word about how my interview went, and what I could do better.",
    "final": "I would like to ask a last time whether anything has developed about {matter}.",
    "inquiry": "I would like to ask whether there is any news about {matter}.",
    "keep-in-touch": "I would like to stay in touch with you.",
    "negotiate": "I would like to talk with you about a point of your offer.",
    "offer": "I would like to thank you for your offer.",
    "share": "I came across something that fits what we talked about.",
    "thanks": "I would like to thank you for the interview.",
}
_OTHER_PURPOSE = "I would like to talk with you about {matter}."

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
_STAYING = frozenset({"connect", "congratulate", "decline", "feedback", "keep-in-touch"})


def title(facts: Caller) -> str:
    """The script's title: `Call Dana Whitfield about the Data Engineer position at Initech`."""
    return " ".join(["Call", *([facts.person] if facts.person else []), "about", facts.matter])


def script(intent: str, facts: Caller, words: Words) -> str:
    """The script as plain text: each section is its name with a colon, and its sentences below."""
    sections = [
        ("Opening", _opening(facts)),
        ("Purpose", words.purpose or _PURPOSES.get(intent, _OTHER_PURPOSE).format(matter=facts.matter)),
        ("Question", words.question),
        ("Interest", words.interest or _interest(intent, facts)),
        ("Thanks", words.thanks or _thanks(facts)),
        ("If they are busy", "Of course. May I call back at a better time? When would suit you?"),
        ("If you reach voicemail", _voicemail(facts)),
        (
            "Afterwards",
            "Note whether you spoke, left a message or shall call back, and what they promised, "
            "by when and in which words.",
        ),
        ("In writing, to have at hand", words.written),
    ]
    return "\n\n".join(f"{name}:\n{text}" for name, text in sections if text)


def _sentences(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _opening(facts: Caller) -> str:
    return _sentences(
        f"Hello, {facts.person}." if facts.person else "Hello.",
        f"This is {facts.caller}." if facts.caller else "",
        f"I am calling about {facts.matter}.",
        "Is this a good moment?",
    )


def _interest(intent: str, facts: Caller) -> str:
    if intent in _INTERESTED:
        return (
            f"I remain very interested in {facts.matter}." if facts.position else "I remain very interested."
        )
    if intent in _STAYING:
        return f"I would be glad to hear from {facts.company} again." if facts.company else ""
    return ""


def _thanks(facts: Caller) -> str:
    return f"Thank you for your time, {facts.person}." if facts.person else "Thank you for your time."


def _voicemail(facts: Caller) -> str:
    return _sentences(
        f"Hello, {facts.person}." if facts.person else "Hello.",
        f"This is {facts.caller}, about {facts.matter}."
        if facts.caller
        else f"I am calling about {facts.matter}.",
        f"My number is {facts.number}." if facts.number else "I will try again another time.",
        f"Once more: {facts.caller}, {facts.number}." if facts.caller and facts.number else "",
        f"Once more: {facts.number}." if facts.number and not facts.caller else "",
        "Thank you.",
    )
