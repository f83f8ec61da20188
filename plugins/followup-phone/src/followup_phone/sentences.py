"""What a script says around the words of the message, in each language that the channel speaks."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

__all__ = ["SENTENCES", "Sentences"]


class Sentences(msgspec.Struct, frozen=True, kw_only=True):
    """The sentences and headings of one language, with places for the facts in braces.

    `matter` says what the call is about: for position and company, position alone, company alone, and
    neither. `purposes` are by intent. What ends in `_alone` is for where the fact beside it is not known.
    `{person}` is the person as addressed, `{whom}` as the one whom you call or speak with.
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
    gatekeeper: str
    gatekeeper_alone: str
    asking: str
    busy: str
    said_date: str
    said_no: str
    said_no_alone: str
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
    to_ms: str = ""
    to_mr: str = ""


_ENGLISH = Sentences(
    title="Call {whom} about {matter}",
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
    gatekeeper="May I speak with {whom}, please?",
    gatekeeper_alone="May I speak with whoever looks after applications, please?",
    asking="If not: when would be a good time to call again? And would you kindly say that I called?",
    said_date=(
        "Thank you, that helps. Let me repeat the day, so that I have it right. May I get in touch if it "
        "passes?"
    ),
    said_no=(
        "Thank you for telling me. I enjoyed getting to know {company} and would be glad if you thought of "
        "me again. May I ask what I could do better?"
    ),
    said_no_alone="Thank you for telling me. May I ask what I could do better?",
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
        "gatekeeper": "If somebody else answers",
        "busy": "If they are busy",
        "said_date": "If they name a date",
        "said_no": "If they say no",
        "voicemail": "If you reach voicemail",
        "afterwards": "Afterwards",
        "written": "In writing, to have at hand",
    },
)

_GERMAN = Sentences(
    title="Anruf bei {whom} wegen {matter}",
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
    gatekeeper="Könnte ich bitte mit {whom} sprechen?",
    gatekeeper_alone="Könnte ich bitte mit jemandem sprechen, der für Bewerbungen zuständig ist?",
    asking="Falls nicht: Wann passt es besser? Und würden Sie bitte ausrichten, dass ich angerufen habe?",
    said_date=(
        "Vielen Dank, das hilft mir. Ich wiederhole den Tag, damit ich ihn richtig habe. "
        "Darf ich mich wieder melden, wenn er vorbei ist?"
    ),
    said_no=(
        "Danke, dass Sie es mir sagen. Ich habe {company} gern kennengelernt und würde mich freuen, wenn Sie "
        "wieder an mich denken. Darf ich fragen, was ich besser machen kann?"
    ),
    said_no_alone="Danke, dass Sie es mir sagen. Darf ich fragen, was ich besser machen kann?",
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
        "gatekeeper": "Wenn jemand anders abnimmt",
        "busy": "Wenn es gerade nicht passt",
        "said_date": "Wenn sie einen Termin nennen",
        "said_no": "Wenn sie absagen",
        "voicemail": "Auf die Mailbox",
        "afterwards": "Danach",
        "written": "Schriftlich, zum Bereithalten",
    },
    ms="Frau {name}",
    mr="Herr {name}",
    to_ms="Frau {name}",
    to_mr="Herrn {name}",
)

SENTENCES: Mapping[str, Sentences] = {"de": _GERMAN, "en": _ENGLISH}
"""By ISO 639 code."""
