"""Promised days: sentences that say by when the other side will be in touch, or decide.

A sentence counts that speaks of writing, telling or deciding in the future, and names a day. One that asks the
candidate for something by a day does not.
"""

from __future__ import annotations

import re
from datetime import date

import msgspec

from followup.calendars import Calendar
from followup.evidence.days import NamedDay, days_in
from followup.evidence.sentences import sentences

__all__ = ["Promised", "promises_in"]

CONTACT = re.compile(
    r"\b(?:(?:get|got|getting|be|being|come|coming|circle|loop|report|check|follow|following|revert|touch base|connect|write|call|phone|ring"
    r"|reach|reaching)\s+(?:\w+\s+){0,2}?(?:back|in touch|up|out|you|base)"
    r"|hear(?:ing)?\s+(?:back\s+)?(?:more\s+)?(?:from|about|back)|hear(?:ing)?\s+(?:something|more|an?\b)|let(?:ting)?\s+(?:you|everyone|everybody|all|candidates|applicants)\s+(?:\w+\s+)?know"
    r"|keep(?:ing)?\s+you\s+(?:posted|updated|informed)|(?:inform|notify|update|tell|contact|advise|email|e-mail|message|answer)(?:ing)?\s+you"
    r"|(?:an?|our|the|your|some|any|more|final|further|with)\s+(?:\w+\s+){0,2}?(?:update|answer|decision|feedback|response|reply|news|verdict|outcome|result|information|next steps)"
    r"|(?:we|i|they|she|he|hr|team)(?:['’]ll| will| (?:aim|try|plan|hope|expect) to)\s+(?:\w+\s+)?(?:respond|reply|answer)|(?:respond|reply|write|revert|speak|talk)\s+(?:back\s+)?to\s+you|deci(?:de|sion|ding)|next steps|updates?|feedback"
    r"|(?:send|share|give|provide|have|get)\s+(?:you\s+)?(?:\w+\s+){0,3}?(?:offer|contract|paperwork|documents|details|decision|answer|update|feedback|news|result|outcome)"
    r"|(?:call|e-?mail|mail|message|word|note|answer|news)\s+from|back to you|be contacted|be notified|be informed|be in contact)",
    re.IGNORECASE,
)
AHEAD = re.compile(
    r"(?:\b(?:will|shall|expect|should|can expect|expect(?:s|ing)? to|plan(?:s|ning)? (?:to|on)|aim(?:s|ing)? (?:to|for)|hop(?:e|es|ing) to|intend(?:s|ing)? to"
    r"|going to|try(?:ing)? to|would like to|want to|promise|likely|scheduled to|due to|by then|may expect|anticipate|need (?:about|around|another|until)"
    r"|takes?|have until|allow us|give us|bear with us|if you (?:have|do|did)(?:n['’]t| not) hear[d]?|looking to|(?:aim|goal|plan|hope|intention|target) is|count on|are to|must|expected)\b|['’]ll\b)",
    re.IGNORECASE,
)
GERMAN = re.compile(
    r"\b(?:melden|melde|meldet|bescheid|rückmeldung|rückmelden|informier\w+|entscheid\w+|hören|kontaktier\w+|zurückkommen|komme[n]? .{0,40}zurück"
    r"|benachrichtig\w+|mitteil\w+|mit(?:zu)?teilen|teilen .{0,60}\bmit|feedback|antwort\w*|ergebnis\w*|auf sie zu(?:kommen|zukommen)?|auf dich zu(?:kommen|zukommen)?"
    r"|rufe?n? .{0,30}\ban|schreibe?n? .{0,20}(?:ihnen|dir)|update|nachricht|zusage|absage|(?:erhalten|senden|schicken|machen|bekommen) .{0,30}(?:angebot|vertrag|unterlagen)|lassen .{0,30}wissen)\b",
    re.IGNORECASE,
)
GERMAN_WORDS = re.compile(
    r"\b(?:wir|ich|sie|ihnen|ihre[nrms]?|und|der|die|das|bis|zum|uns|dir|dich|nicht|mit|im|am|wird|werden|unser\w*|man|es)\b",
    re.IGNORECASE,
)
REQUEST = re.compile(
    r"\b(?:please|kindly|could you|can you|would you|will you|are you|do you|you (?:need|must|have) to|we(?:['’]d| would)? (?:need|appreciate|like) (?:you|your|an answer from you|it if you)|let (?:us|me) know"
    r"|send (?:us|me)|get back to (?:us|me)|confirm (?:with|to) us|from you\b|your (?:answer|decision|availability|response|reply|acceptance) (?:by|until|before)|bitte|könnten sie|könntest du|können sie|teilen sie uns|melden sie sich|melde dich|lassen sie (?:uns|mich)|sagen sie uns|schicken sie|geben sie uns|ihre (?:antwort|rückmeldung|zusage|entscheidung) bis)\b",
    re.IGNORECASE,
)
THEIRS = re.compile(
    r"\b(?:please (?:allow|bear|expect|give us|note)|if you (?:have|do|did)(?:n['’]t| not) hear[d]?|should you not hear|(?:we|i)(?:['’]ll| will| should| hope to| aim to| plan to| expect to| intend to)(?!\s+(?:\w+\s+)?(?:hear|receive|read|have)\b[^,;]{0,40}\bfrom you)"
    r"|dann|then (?:we|i)|bitte (?:haben sie|geben sie uns)|wir (?:melden|werden|geben|informieren|kommen|treffen|entscheiden|hoffen)|ich (?:melde|werde|gebe))\b",
    re.IGNORECASE,
)


class Promised(msgspec.Struct, frozen=True, kw_only=True):
    """A day by which they said they would be in touch, and the sentence. `sure`: it can be read one way only."""

    day: date
    words: str
    sure: bool = True


def promises_in(text: str, written: date, calendar: Calendar) -> tuple[Promised, ...]:
    """The days that are promised, each once, in the order of the text.

    `written` is the day of the mail where it was written; `calendar` says which days are worked.
    """
    found: dict[date, Promised] = {}
    previous = ""
    for sentence in sentences(text):
        day = _promised(sentence, previous, written, calendar)
        previous = sentence
        if day is not None and day.day >= written:
            found.setdefault(day.day, Promised(day=day.day, words=sentence, sure=day.sure))
    return tuple(found.values())


def _promised(sentence: str, previous: str, written: date, calendar: Calendar) -> NamedDay | None:
    if REQUEST.search(sentence) and not THEIRS.search(sentence):
        return None
    if sentence.rstrip(' "”’)').endswith("?"):
        return None
    german = len(GERMAN_WORDS.findall(sentence)) >= 1
    cue = GERMAN.search(sentence) if german else CONTACT.search(sentence)
    if cue is None or (not german and not AHEAD.search(sentence)):
        return None
    days = days_in(sentence, written, calendar)
    cues = [match.start() for match in (GERMAN if german else CONTACT).finditer(sentence)]
    asked = next((match.start() for match in REQUEST.finditer(sentence)), None)
    if asked is not None:
        # “Please send us your documents by Friday; we will answer next week.”
        theirs = THEIRS.search(sentence)
        assert theirs is not None
        days = tuple(
            day
            for day in days
            if (day.start > theirs.start()) == (theirs.start() >= asked) or theirs.start() < asked
        )
    days = tuple(day for day in days if _belongs(day, sentence, cues))
    if not days:
        return None
    nearest = min(days, key=lambda day: (min(_distance(day, cue) for cue in cues), -day.start))
    return None if _is_denied(nearest, sentence, cues) else nearest


BY = re.compile(
    r"\b(?:by|within|before|until|till|no later than|latest|in|end|bis|innerhalb|binnen|spätestens|vor|noch|dauert|brauchen|takes?|need|give us|allow us)\b[^,;]{0,20}$",
    re.IGNORECASE,
)
SAME_DAY = re.compile(
    r"\b(?:the same|that|(?:am )?selben|(?:am )?gleichen) (?:day|evening|afternoon|tag)\b", re.IGNORECASE
)
CLAUSE = re.compile(r"[,;:–]|\b(?:and|und|so|but|aber|then|dann)\b", re.IGNORECASE)


DENIED = re.compile(r"\b(?:not|never|nicht|kein\w*|kaum)\b|n['’]t\b", re.IGNORECASE)
NOT_BEFORE = re.compile(
    r"(?:\bnot|n['’]t|\bnicht|\bnever)\b[^,;]{0,60}\b(?:until|till|before|later|vor|später|eher)\b"
    r"|\b(?:if|should|unless|wenn|falls|sollten?)\b[^,;]{0,30}(?:\bnot\b|n['’]t\b|\bnicht\b|\bkein\w*)",
    re.IGNORECASE,
)
"""“Not before Friday” and “if you do not hear by Friday” still say when."""


def _is_denied(day: NamedDay, sentence: str, cues: list[int]) -> bool:
    """Whether the clause of the day and of the nearest word says that it will not be so."""
    cue = min(cues, key=lambda each: _distance(day, each))
    first, last = min(day.start, cue), max(day.end, cue)
    start = max((match.end() for match in CLAUSE.finditer(sentence, 0, first)), default=0)
    behind = CLAUSE.search(sentence, last)
    clause = sentence[start : behind.start() if behind else len(sentence)]
    return DENIED.search(clause) is not None and not NOT_BEFORE.search(clause)


def _belongs(day: NamedDay, sentence: str, cues: list[int]) -> bool:
    """Whether the day is said of the promise: in its clause or after it, or as a deadline anyway."""
    if any(cue <= day.start for cue in cues):
        return True
    if SAME_DAY.search(sentence[day.end :]):
        return True
    between = sentence[day.end : min(cues)]
    return not CLAUSE.search(between) or BY.search(sentence[: day.start] + day.words[:8]) is not None


def _distance(day: NamedDay, cue: int) -> int:
    """How far a day is from the word; one before it is likelier to be about something else."""
    return day.start - cue if day.start >= cue else 2 * (cue - day.end) + 20
