"""What a person answers: a refusal, an offer, a question for a time. Judged by sentences, each quoted.

A few strong patterns of how a decision is put, not lists of phrases, say it surely; courtesies that go along with
one (“unfortunately”, “all the best”) only in company, and then not surely. What is asked, supposed or not yet so
is no answer.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from followup.evidence.sentences import sentences

__all__ = ["Said", "SaidKind", "said_in"]

SaidKind = Literal["rejection", "offer", "scheduling", "moving", "cancelling"]

PERSON = (
    r"(?:candidates?|applicants?|individuals?|people|person|someone|somebody|talent|profiles?|finalists?)"
)
GO_ON = r"(?:mov(?:e|ed|ing)\s+(?:forward|ahead|on|further|you|to)|proceed(?:ed|ing)?|continu(?:e|ed|ing)|progress(?:ed|ing)?|go(?:ing)?\s+(?:ahead|forward|further|on|any further|with)|advanc(?:e|ed|ing)|pursu(?:e|ed|ing)|tak(?:e|en|ing)\s+(?:you|your|this|it|things)\b[^.;]{0,30}\b(?:further|forward)|(?:consider|select|shortlist|hire?|invit|offer|choos|extend|includ)\w*\s+(?:to\s+|for\s+)?(?:you|your|the role to you|it to you))"
NOT = r"(?:not|n['’]t|unable to|never|no longer|against)"
ROLE = r"(?:position|role|job|post|opening|vacancy|requisition|opportunity|stelle|position)"
REJECTIONS = (
    rf"\b(?:will|are|is|am|do|did|have|has|can|could|would|wo|ca|shall|was|were|be|been|decided|chosen|elected|opted|going|regret\w*)\s?{NOT}\s+(?:\w+\s+){{0,4}}?{GO_ON}\b(?!\s+(?:to\s+)?(?:hear|receive))",
    r"\b(?:decided|decision|chosen|elected|opted|going)\b[^.;]{0,30}\b(?:not to|against)\b",
    r"\b(?:decided|chosen|elected|opted|going|proceed\w*|mov\w+|continu\w+|progress\w*)\b[^.;]{0,40}\b(?:with|on|for|pursue)\s+(?:an)?(?:other|different|someone|somebody|a (?:more|stronger|different)|candidates? (?:who|whose|with))\b(?!\s+(?:round|interview|stage|step|topic|conversation|call|half))",
    rf"\b(?:settl|focus|opt|decid|chos|choos|go|went|mov|proceed|continu|select|hir|favou?r|prefer|appoint|offer|concentrat)\w*\b[^.;]{{0,30}}\b(?:on|with|for|in favou?r of|to)\s+(?:(?:an\s+)?internal(?:ly)?|someone|somebody|those|(?:other\s+|the\s+)?{PERSON}\s+(?:with|who|whose))\b",
    rf"\b(?:hired|selected|chose|appointed|found)\s+(?:an?|the|another)\s+(?:\w+\s+)?{PERSON}\b|\bnot (?:our|the) (?:first|top) choice\b|\b(?:accepted|taken) by (?:someone|somebody|another)\b|\bin (?:a different|another) direction\b|\bnot to (?:extend|make) (?:you )?an offer\b",
    rf"\boffered\s+(?:the|this|that)\s+(?:\w+\s+)?{ROLE}\s+to\s+(?!you\b)|\bmit (?:anderen|einem anderen|einer anderen)\b[^.;]{{0,20}}\b(?:kandidat|bewerber)\w*\b[^.;]{{0,40}}\b(?:fort|weiter)\w*",
    r"\bpass(?:t|en)\b[^.;]{0,40}\bnicht\b[^.;]{0,20}\b(?:zu|auf)\b[^.;]{0,40}\b(?:anforderung\w*|profil|stelle|position|uns|team)\b|\bbewerbung\b[^.;]{0,40}\bnicht erfolgreich\b",
    rf"\bfilled\s+(?:the|this|that|our)\s+(?:\w+\s+)?{ROLE}\b|\b(?:did(?: not|n['’]t)|not)\s+ma(?:k|d)e (?:it|the (?:cut|shortlist|final))\b",
    rf"\b(?:selected|chosen|hired|picked|offered (?:the|this) {ROLE} to|gone with|went with|decided on)\s+(?:an)?(?:other|different|a different|someone|somebody)\b",
    rf"\b{ROLE}\s+(?:has|have|had|is|was)\s+(?:now |already |since |recently |just |unfortunately )*(?:been\s+)?(?:filled|closed|cancell?ed|withdrawn|eliminated|offered to|given to|taken)\b",
    r"\b(?:not|n['’]t|neither)\s+(?:been\s+)?(?:be\s+)?(?:\w+\s+){0,2}?(?:successful|shortlisted|selected|chosen)\b",
    rf"\b{ROLE}\s+is\s+no longer\s+(?:available|open|vacant)\b|\b(?:it['’]?s|is|it is) a no\b",
    r"\bunsuccessful\b|\b(?:application|candidacy)\b[^.;]{0,40}\b(?:rejected|declined|turned down|closed)\b",
    rf"\b(?:other|another|different|stronger)\s+{PERSON}\b[^.;]{{0,60}}\b(?:closer|better|stronger|more\s+(?:closely|relevant|experienced|suitable)|best|match|fit|suited|selected|chosen|accepted|aligned?)\b",
    rf"\b{PERSON}\s+(?:who(?:se)?|with|that)\b[^.;]{{0,60}}\b(?:closer|better|stronger|more\s+(?:closely|relevant|experienced|suitable|direct)|best|aligns?)\b",
    r"\b(?:not|n['’]t)\s+(?:\w+\s+){0,3}?(?:right|good|best|strong|ideal|perfect|suitable)?\s*(?:fit|match)\b(?!\s+(?:the (?:calendar|schedule)|in|my|our (?:schedule|calendar)))",
    r"\b(?:unable|not able|can(?:no|['’])t|not in a position)\s+to\s+(?:\w+\s+)?(?:offer|extend)\s+you\b",
    r"\bwe(?:['’]re| are) (?:going to )?pass(?:ing)? (?:on|this time|at this time)\b|\bwe(?:['’]ll| will| have decided to| must) pass (?:on|this time|for now)\b",
    # German
    r"\b(?:gegen (?:sie|dich|ihre bewerbung)|für (?:eine?n?|die|den) andere\w*|für andere\b|anderweitig)\b[^.;]{0,60}\b(?:entschieden|entscheiden|vergeben|besetzt|besetzen|ausgewählt|den vorzug)\b",
    r"\bgegen (?:eine?n?|sie|dich|ihre\w*|deine\w*|die|den)\b[^.;]{0,60}\bentschieden\b|\bfür (?:eine?n?|die|den|jemand\w*)\b[^.;]{0,60}\b(?:kandidat\w*|bewerber\w*|person|profil|jemand\w*|intern\w*)\b[^.;]{0,60}\bentschieden\b",
    r"\bkeine? (?:positive\w*|gute\w*|bessere\w*) (?:rückmeldung|nachricht\w*|antwort|mitteilung)\b|\bnicht (?:ganz )?gereicht\b",
    r"\b(?:entschieden|entscheidung|wahl)\b[^.;]{0,60}\b(?:für (?:eine?n?|die|den) andere\w*|für andere|gegen (?:sie|dich|ihre)|auf (?:eine?n?|die|den) andere\w*|nicht auf sie|nicht für sie)",
    r"\b(?:nicht|keine?n?)\b[^.;]{0,50}\b(?:ausgewählt|berücksichtig\w*|in betracht|in die (?:engere|nähere) (?:wahl|auswahl)|weiter\s?(?:zu)?\s?verfolg\w*|zusage\b(?! geben,? bevor)|angebot machen|anbieten können|weiter(?:e|en)? (?:prozess|verfahren|auswahl))",
    r"\b(?:absage\b(?!\w)[^.;]{0,40}\b(?:erteilen|mitteilen|geben|senden)|(?:ihnen|dir)\b[^.;]{0,30}\b(?:absagen|eine absage)\b|leider absagen|absagen (?:müssen|zu müssen))",
    r"\bnicht\b[^.;]{0,20}\banbieten\b",
    r"\b(?:stelle|position)\b[^.;]{0,40}\b(?:bereits|inzwischen|zwischenzeitlich|mittlerweile|nun|anderweitig|intern\w*)\b[^.;]{0,40}\b(?:besetzt|besetzen|vergeben)\b",
    r"\bstelle\b[^.;]{0,40}\b(?:bereits |inzwischen |nun |anderweitig |intern )*(?:besetzt|vergeben|gestrichen)\b",
)
NEAR_REJECTIONS = (
    r"\bunfortunately\b|\bregret(?:fully|s)?\b|\bsorry to (?:say|tell|inform|let)\b|\bafraid\b|\bleider\b|\bbedauern\b|\bschweren herzens\b",
    r"\b(?:wish|best of luck|all the best|every success|good luck)\b[^.;]{0,60}\b(?:search|future|career|endeavou?rs?|success|luck|job)\b|\b(?:alles gute|viel erfolg)\b[^.;]{0,60}\b(?:zukunft|suche|weg|weiter\w*|karriere|beruf\w*)|\b(?:zukunft|suche|weg|karriere)\b[^.;]{0,40}\b(?:alles gute|viel erfolg)",
    r"\bkeep\b[^.;]{0,30}\b(?:resume|résumé|cv|details|application|profile|information)\b[^.;]{0,30}\b(?:file|record|mind)|\b(?:future|other) (?:openings|opportunities|roles|positions)\b|\b(?:apply|bewerben)\b[^.;]{0,30}\b(?:again|future|erneut|wieder)\b|\btalent ?pool\b|\bbewerberpool\b",
    r"\b(?:high|large|overwhelming|strong|extremely competitive|very competitive|competitive)\b[^.;]{0,30}\b(?:number|volume|quality|calibre|caliber|standard|pool|field|applicants|process)\b|\bvielzahl\b",
    r"\b(?:difficult|tough|hard) decision\b|\bcareful (?:consideration|review)\b|\bsorgfältige\w* prüfung\b|\bentscheidung\b[^.;]{0,30}\bnicht leicht",
    r"\bon hold\b|\bhiring freeze\b|\bbudget\b[^.;]{0,30}\b(?:cut|frozen|freeze)\b",
)
OFFERS = (
    rf"\b(?:pleased|happy|delighted|excited|thrilled|glad|like|want|love|proud|honou?red|pleasure)\b[^.;?]{{0,25}}\b(?:to\s+)?(?:formally\s+|officially\s+|verbally\s+)?(?:offer(?:ing)?\s+you|extend(?:ing)?|make\s+you|present(?:ing)?\s+you)\b(?!\s+(?:an?\s+)?(?:interview|invitation|chance|call|slot|time|feedback|tour|second))[^.;?]{{0,60}}\b(?:offer|{ROLE}|contract|employment|engineer\w*|analyst|manager|developer|designer)\b",
    rf"\b(?:we(?:['’]re| are)?|i)\s+(?:\w+\s+)?offer(?:ing)?\s+you\s+(?:the|a|this|our)\s+(?:\w+[\s-]+){{0,5}}?{ROLE}\b",
    r"\b(?:attached|enclosed|find|below|sending|sent|here is|here's|review|sign|signed)\b[^.;?]{0,60}\b(?:your|the|our|written|formal|official|an?)\s+(?:\w+\s+){0,2}?(?:offer(?:\s+letter|\s+of employment)?|employment (?:contract|agreement)|contract of employment)\b",
    r"\b(?:offer letter|letter of offer|offer of employment)\b[^.;?]{0,60}\b(?:attached|enclosed|below|sign\w*|docusign)\b",
    r"\bwelcome(?: you)? (?:to the team|aboard|on board)\b|\b(?:got|have) the job\b|\byou(?:['’]re| are) (?:hired|(?:our|the) new)\b",
    r"\b(?:we|i)(?:['’]d| would)\s+(?:like|love)\s+(?:for\s+)?you\s+to\s+join\b|\b(?:decided|chosen)\s+to\s+(?:offer you|hire you|make you an offer)\b",
    r"\b(?:love|like|want|wish|thrilled|excited|happy|delighted)\b[^.;?]{0,30}\byou\b[^.;?]{0,15}\b(?:join(?:ing)?|on|part of)\s+(?:us\b|our\b|the (?:team|company))(?!\s+(?:for|on|at|in)\b)",
    r"\b(?:sie|du|ihr)\b[^.;?]{0,20}\b(?:haben|hast|bekommen|bekommst|erhalten)\s+(?:die|den) (?:stelle|job|position|zusage)\b|\b(?:haben|hast) (?:sie|du) (?:die|den) (?:stelle|job|position)\b",
    r"\b(?:freuen uns|freue mich|möchten wir|wir möchten|können wir|gerne)\b[^.;?]{0,60}\b(?:ihnen|dir)\b[^.;?]{0,60}\b(?:anzubieten|angebot|zusage|vertragsangebot|zuzusagen|anbieten)\b(?!\s+können)",
    r"\b(?:anbei|anhang|beigefügt)\b[^.;?]{0,60}\b(?:arbeitsvertrag|vertragsangebot|vertrag|vertragsentwurf|angebot)\b|\b(?:arbeitsvertrag|vertragsangebot|vertragsentwurf)\b[^.;?]{0,40}\b(?:anbei|anhang|beigefügt)\b|\bwillkommen (?:im|an bord|bei uns im) (?:team)?",
    r"\b(?:für sie|für dich)\s+entschieden\b|\b(?:sie|dich)\b[^.;?]{0,20}\beinstellen\b",
    r"\byou(?:['’]ve)? got (?:it|the (?:job|role|position|offer))\b|\bcontract\b[^.;?]{0,20}\bon (?:its|the) way\b",
)
SCHEDULING = (
    r"\b(?:schedul\w+|arrang\w+|set(?:ting)? up|book|pick|find|line up|organi[sz]e|invite you to|plan)\b[^.;]{0,60}\b(?:call|interview|chat|time|slot|meeting|conversation|round|onsite|session|date)\b",
    r"\b(?:availab\w+|free|works? for you|suit(?:s|ed)? you|convenient|calendly\.com|your calendar)\b[^.;]{0,60}(?:\?|\b(?:next|this|week|times?|slots?|monday|tuesday|wednesday|thursday|friday|tomorrow|share|send|let (?:me|us) know)\b)",
    r"\b(?:selected|invited|shortlisted|chosen)\s+(?:for|to)\b[^.;]{0,40}\b(?:interview|round|stage|step|conversation|call)\b",
    r"\b(?:next|second|third|final|another|further|technical)\s+(?:round|interview|step|stage|conversation)\b",
    r"^(?!.*\b(?:send|complete|submit|return|finish|share|provide|fill|sign|let (?:me|us) know)\b).*\b(?:how|what about|would|could|can|does|do|are|have|shall|wie wäre|geht|passt|können|hätten)\b.*(?<!by )(?<!until )\b(?:monday|tuesday|wednesday|thursday|friday|tomorrow|(?:next|this) week|at \d{1,2}|\d{1,2}\s?[ap]m|montag|dienstag|mittwoch|donnerstag|freitag|nächste woche|\d{1,2} uhr)\b.*\?\W*$",
    r"\b(?:termin|gespräch|zweites? gespräch|kennenlernen|telefonat|nächste runde)\b[^.;]{0,60}\b(?:vereinbaren|vorschlagen|einladen|passt|passen|anbieten|möglich|zeit|abstimmen)\b|\bwann\b[^.;]{0,40}\b(?:zeit|passt|passen|verfügbar)\b|\bladen\b[^.;]{0,60}\bein\b",
)
MOVING = r"\b(?:reschedul\w+|postpon\w+|move|mov(?:ed|ing)|push(?:ed)?(?: back| out)?|shift|change)\b[^.;]{0,50}\b(?:interview|call|meeting|chat|conversation|appointment|slot)\b|\b(?:interview|call|meeting|chat|appointment)\b[^.;]{0,50}\b(?:reschedul\w+|postpon\w+|moved?|pushed)\b|\b(?:termin|gespräch|interview)\b[^.;]{0,50}\b(?:verschieben|verlegen|verschoben|verlegt)\b"
CANCELLING = r"\b(?:cancel\w*|call(?:ed|ing)? off)\b[^.;]{0,50}\b(?:interview|call|meeting|chat|appointment|conversation)\b|\b(?:interview|call|meeting|chat|appointment)\b[^.;]{0,50}\b(?:cancel\w*|called off)\b|\b(?:termin|gespräch|interview)\b[^.;]{0,50}\b(?:absagen|abgesagt|ausfallen|entfällt)\b"
UNREAL = re.compile(
    r"\b(?:if|unless|whether|once|in case|should (?:we|you|it)|sollten? (?:wir|sie|ich|es|du)|would|could|might|may|before|until|as soon as|when we|without|ohne|falls|sofern|wenn|ob|sobald|bevor|würden|könnten|as yet)\b"
    r"|\bnot (?:yet|made)\b|n['’]t (?:yet|made|filled|decided)|\bnoch (?:nicht|keine?)\b|\bstill\b",
    re.IGNORECASE,
)
LIKE = re.compile(
    r"\b(?:would|['’]d)\s+(?:like|love|be (?:happy|delighted|pleased))|\bmöchten|\bwould have", re.IGNORECASE
)
ABOUT_TIME = re.compile(
    r"\b(?:i|we|she|he|they|dana)?\s*(?:can(?:no|['’])t|cannot|am not able|are not able|unable|won['’]t be able|not available|nicht)\b[^.;]{0,40}\b(?:make it|make|meet|call|talk|attend|join|until|available|on (?:mon|tue|wed|thu|fri)\w*|tomorrow|today|open|attachment)\b",
    re.IGNORECASE,
)


NEGATED = re.compile(
    r"\b(?:not|never|no longer|unable|cannot|unfortunately|nicht|kein\w*|leider)\b|n['’]t\b", re.IGNORECASE
)


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What was said, and the sentence. Not `sure` where only courtesies say so, or it is supposed."""

    kind: SaidKind
    words: str
    sure: bool


def said_in(text: str) -> tuple[Said, ...]:
    """What a text says, each kind once: the surest sentence of it, in the order of the text."""
    found: dict[SaidKind, Said] = {}
    near: list[str] = []
    kinds: set[int] = set()
    for sentence in sentences(text):
        for kind, sure in _judged(sentence):
            if kind not in found or (sure and not found[kind].sure):
                found[kind] = Said(kind=kind, words=sentence, sure=sure)
        hints = {number for number, pattern in enumerate(_NEAR) if pattern.search(sentence)}
        if hints:
            near.append(sentence)
            kinds |= hints
    if "rejection" not in found and "offer" not in found and len(kinds) >= 2:
        found["rejection"] = Said(kind="rejection", words=near[0], sure=False)
    rejection, offer = found.get("rejection"), found.get("offer")
    if rejection and offer:
        # Both in one mail: neither is sure.
        for each in (rejection, offer):
            found[each.kind] = msgspec.structs.replace(each, sure=False)
    if rejection and rejection.sure:
        found.pop("scheduling", None)
    return tuple(found.values())


def _judged(sentence: str) -> list[tuple[SaidKind, bool]]:
    made: list[tuple[SaidKind, bool]] = []
    asks = sentence.rstrip(' "”’)').endswith("?")
    unreal = UNREAL.search(LIKE.sub("", sentence)) is not None
    about_time = ABOUT_TIME.search(sentence) is not None
    if not asks and any(pattern.search(sentence) for pattern in _REJECTIONS) and not about_time:
        made.append(("rejection", not unreal))
    denied = NEGATED.search(sentence.replace("can't wait", "").replace("cannot wait", "")) is not None
    if not asks and not denied and any(pattern.search(sentence) for pattern in _OFFERS):
        made.append(("offer", not unreal))
    if _MOVING.search(sentence) and not _is_reason(sentence):
        made.append(("moving", False))
    elif _CANCELLING.search(sentence) and not unreal:
        made.append(("cancelling", False))
    elif any(pattern.search(sentence) for pattern in _SCHEDULING):
        made.append(("scheduling", False))
    return [
        pair for pair in made if not (unreal and pair[0] in ("rejection", "offer") and _is_denied(sentence))
    ]


def _is_reason(sentence: str) -> bool:
    return re.search(r"\bmov\w+ (?:forward|ahead|on|to the next)\b", sentence, re.IGNORECASE) is not None


def _is_denied(sentence: str) -> bool:
    """`We have not decided yet`, `other candidates are still in the process`: nothing is said."""
    return (
        re.search(
            r"\b(?:not|n['’]t) (?:yet|made|filled|decided|chosen|selected|hired|found|settled)|\bnoch (?:nicht|keine?)\b|\bstill (?:interview|talk|speak|in|have|consider|review|process)",
            sentence, re.IGNORECASE,
        ) is not None
    )  # fmt: skip


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


_REJECTIONS, _OFFERS, _NEAR = _compiled(*REJECTIONS), _compiled(*OFFERS), _compiled(*NEAR_REJECTIONS)
_SCHEDULING = _compiled(*SCHEDULING)
_MOVING, _CANCELLING = _compiled(MOVING, CANCELLING)
