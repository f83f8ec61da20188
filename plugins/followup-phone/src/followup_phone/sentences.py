"""What a script says around the words of the message, in each language that the channel speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["SENTENCES", "Sentences"]


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences and headings of one language, with places for the facts in braces.

    `matter` says what the call is about: for position and company, position alone, company alone, and
    neither. `purposes` are by intent. What ends in `_alone` is for where the fact beside it is not known.
    """

    title: str
    title_alone: str
    matter: tuple[str, str, str, str]
    hello: str
    hello_alone: str
    caller: str
    calling: str
    moment: str
    purposes: Mapping[str, str]
    other_purpose: str
    interest: str
    interest_alone: str
    staying: str
    thanks: str
    thanks_alone: str
    busy: str
    voicemail: str
    number: str
    no_number: str
    again: str
    number_again: str
    goodbye: str
    afterwards: str
    headings: Mapping[str, str]
    ms: str = ""
    mr: str = ""


_ENGLISH = Sentences(
    title="Call {person} about {matter}",
    title_alone="Call about {matter}",
    matter=(
        "the {position} position at {company}",
        "the {position} position",
        "my interview at {company}",
        "my interview",
    ),
    hello="Hello, {person}.",
    hello_alone="Hello.",
    caller="This is {caller}.",
    calling="I am calling about {matter}.",
    moment="Is this a good moment?",
    purposes={
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
    },
    other_purpose="I would like to talk with you about {matter}.",
    interest="I remain very interested in {matter}.",
    interest_alone="I remain very interested.",
    staying="I would be glad to hear from {company} again.",
    thanks="Thank you for your time, {person}.",
    thanks_alone="Thank you for your time.",
    busy="Of course. May I call back at a better time? When would suit you?",
    voicemail="This is {caller}, about {matter}.",
    number="My number is {number}.",
    no_number="I will try again another time.",
    again="Once more: {caller}, {number}.",
    number_again="Once more: {number}.",
    goodbye="Thank you.",
    afterwards=(
        "Note whether you spoke, left a message or shall call back, and what they promised, "
        "by when and in which words."
    ),
    headings={
        "opening": "Opening",
        "purpose": "Purpose",
        "question": "Question",
        "interest": "Interest",
        "thanks": "Thanks",
        "busy": "If they are busy",
        "voicemail": "If you reach voicemail",
        "afterwards": "Afterwards",
        "written": "In writing, to have at hand",
    },
)

_GERMAN = Sentences(
    title="Anruf bei {person} wegen {matter}",
    title_alone="Anruf wegen {matter}",
    matter=(
        "der Stelle als {position} bei {company}",
        "der Stelle als {position}",
        "meines Vorstellungsgesprächs bei {company}",
        "meines Vorstellungsgesprächs",
    ),
    hello="Guten Tag, {person}.",
    hello_alone="Guten Tag.",
    caller="Hier ist {caller}.",
    calling="Ich rufe wegen {matter} an.",
    moment="Passt es gerade?",
    purposes={
        "answer": "Ich würde gern auf eine Frage zurückkommen, die offengeblieben ist.",
        "ask-contact": "Ich wollte fragen, an wen ich mich wegen {matter} am besten wende.",
        "clarify": "Ich würde gern nach einem Punkt fragen, der mir noch nicht klar ist.",
        "congratulate": "Ich möchte Ihnen gratulieren.",
        "connect": "Ich würde gern mit Ihnen in Kontakt bleiben.",
        "correct": "Ich möchte etwas richtigstellen, das ich im Gespräch gesagt habe.",
        "decline": "Ich möchte Ihnen persönlich sagen, wie ich mich zu Ihrem Angebot entschieden habe.",
        "feedback": "Für ein Wort dazu, wie mein Gespräch war und was besser ginge, wäre ich dankbar.",
        "final": "Ich wollte ein letztes Mal fragen, ob sich wegen {matter} etwas getan hat.",
        "inquiry": "Ich wollte fragen, ob es wegen {matter} etwas Neues gibt.",
        "keep-in-touch": "Ich würde gern mit Ihnen in Kontakt bleiben.",
        "negotiate": "Ich würde gern mit Ihnen über einen Punkt Ihres Angebots sprechen.",
        "offer": "Ich möchte mich für Ihr Angebot bedanken.",
        "share": "Mir ist etwas begegnet, das zu unserem Gespräch passt.",
        "thanks": "Ich möchte mich für das Gespräch bedanken.",
    },
    other_purpose="Ich würde gern wegen {matter} mit Ihnen sprechen.",
    interest="Mein Interesse an {matter} ist unverändert groß.",
    interest_alone="Mein Interesse ist unverändert groß.",
    staying="Ich würde mich freuen, wieder von {company} zu hören.",
    thanks="Vielen Dank für Ihre Zeit, {person}.",
    thanks_alone="Vielen Dank für Ihre Zeit.",
    busy="Natürlich. Darf ich zu einem besseren Zeitpunkt noch einmal anrufen? Wann würde es Ihnen passen?",
    voicemail="Hier ist {caller}, wegen {matter}.",
    number="Meine Nummer ist {number}.",
    no_number="Ich versuche es ein andermal wieder.",
    again="Noch einmal: {caller}, {number}.",
    number_again="Noch einmal: {number}.",
    goodbye="Vielen Dank.",
    afterwards=(
        "Notieren: gesprochen, Nachricht hinterlassen oder Rückruf vereinbart; was zugesagt wurde, "
        "bis wann und mit welchen Worten."
    ),
    headings={
        "opening": "Begrüßung",
        "purpose": "Anliegen",
        "question": "Frage",
        "interest": "Interesse",
        "thanks": "Dank",
        "busy": "Wenn es gerade nicht passt",
        "voicemail": "Auf die Mailbox",
        "afterwards": "Danach",
        "written": "Schriftlich, zum Bereithalten",
    },
    ms="Frau {name}",
    mr="Herr {name}",
)

SENTENCES: Mapping[str, Sentences] = {"de": _GERMAN, "en": _ENGLISH}
"""By ISO 639 code."""
