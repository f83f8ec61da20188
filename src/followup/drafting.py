"""Drafting: from a message and the facts of a follow-up to the words of its channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from followup.channels import Channel, Composition, Thread
from followup.fields import Fact, FactType
from followup.history import message_id_of
from followup.keeping import KeptDraft
from followup.languages import Language
from followup.messages import nested
from followup.phrasing import inside
from followup.plain import plain_line, single_stops
from followup.plan import Draft
from followup.rules import Message
from followup.scope import Scope
from followup.speaking import Spoken
from followup.templates import TemplateProblem, Unknown, bounded
from followup.timepoints import Timepoint

__all__ = ["Drafter", "Undrafted", "own_facts", "plain_fact"]

BASIC_FACTS = (
    "candidate.name", "candidate.email", "candidate.phone", "candidate.linkedin", "company.name",
    "company.culture", "position.title", "person.name", "person.first_name", "person.role", "topics",
    "strengths",
)  # fmt: skip
"""The facts that every channel gets beside those that the message uses, and those of its own name."""


class Undrafted(Exception):  # noqa: N818 (a draft that cannot be made is reported, not raised further)
    """The draft cannot be made: a fact is missing, or the channel cannot carry the words."""

    def __init__(self, text: str, needs: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.needs = needs


def plain_fact(fact: Fact, scope: Scope, language: Language) -> Any:
    """A fact as a message gets it: text, number, list or dictionary; None where it is not known."""
    return _plain(fact.get(scope), fact.type, scope, language)


def own_facts(
    facts: Mapping[str, Fact], channel: Channel, scope: Scope, language: Language
) -> dict[str, Any]:
    """The known facts whose namespace is the channel's name: what its plugin wants to know of a person."""
    own = {name: fact for name, fact in facts.items() if name.startswith(f"{channel.name}.")}
    values = {name: plain_fact(fact, scope, language) for name, fact in own.items()}
    return {name: bounded(value) for name, value in values.items() if value is not None}


def _plain(value: Any, type_: FactType, scope: Scope, language: Language) -> Any:
    if value is None or value == ():
        return None
    if type_.kind == "list":
        element = type_.element or FactType("text")
        items = [_plain(item, element, scope, language) for item in value]
        return [inside(item, language.words) if isinstance(item, str) else item for item in items]
    if type_.kind == "record":
        fields = {
            name: _plain(fact.get(value), fact.type, scope, language) for name, fact in type_.fields.items()
        }
        return {name: item for name, item in fields.items() if item is not None}
    if type_.kind == "moment":
        return _in_words(value, scope, language)
    if type_.kind == "elapsed":
        return None
    return " ".join(value.split()) if isinstance(value, str) and type_.kind == "text" else value


def _in_words(point: Timepoint, scope: Scope, language: Language) -> str:
    if point.day is not None:
        return language.day_in_words(point.day)
    return language.time_in_words(scope.calendar.local(point.reached))


def _thread(scope: Scope) -> Thread | None:
    recipient = scope.recipient
    last = None if recipient is None else scope.history.last_written(recipient)
    if last is None:
        return None
    return Thread(
        message_id=message_id_of(last) or "", references=last.references, subject=last.subject or ""
    )


class Drafter(Struct, frozen=True):
    """Renders messages and has them composed by channels."""

    languages: Mapping[str, Spoken]
    facts: Mapping[str, Fact]

    def draft(
        self,
        message: Message,
        channel: Channel,
        scope: Scope,
        key: str,
        intent: str,
        parts: Iterable[str] = (),
    ) -> Draft:
        """The draft. Raises Undrafted."""
        facts = self._facts(message, scope)
        language = self.languages[message.language].language
        texts = {**nested(facts, message.facts), "parts": list(dict.fromkeys(parts))}
        subject, body = self._render(message, "subject", texts), self._render(message, "body", texts)
        composition = Composition(
            key=key,
            intent=intent,
            to=scope.person,
            subject=single_stops(" ".join(subject.split())),
            body=single_stops(body.strip()) + "\n",
            sections=self._sections(message, texts),
            facts=nested({**facts, **own_facts(self.facts, channel, scope, language)}),
            language=message.language,
            thread=_thread(scope),
        )
        try:
            draft = channel.compose(composition)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise Undrafted(f"the channel {channel.name} cannot carry it: {error}") from None
        if not isinstance(draft, Draft):
            raise Undrafted(f"the channel {channel.name} cannot carry it: it gave {draft!r:.40}, no draft")
        return replace(draft, language=message.language)

    def reworded(
        self, kept: KeptDraft, channel: Channel, scope: Scope, intent: str, language: Language
    ) -> Draft:
        """A person's own words in the channel's form, which changes none of them.

        A channel that would change them leaves them as they are, with a link that carries no words.
        """
        facts = {name: plain_fact(self.facts[name], scope, language) for name in BASIC_FACTS}
        composition = Composition(
            key=kept.key,
            intent=intent,
            to=scope.person,
            subject=kept.subject,
            body=kept.body,
            sections={},
            facts=nested(
                {name: bounded(value) for name, value in facts.items() if value is not None}
                | own_facts(self.facts, channel, scope, language)
            ),
            language=language.code,
            thread=_thread(scope),
        )
        own = Draft(kept.subject, kept.body, language=language.code, edited=True)
        try:
            made = channel.compose(composition)
            if made.subject != plain_line(kept.subject):
                # Under a subject of its own it begins a thread of its own.
                made = channel.compose(replace(composition, thread=None))
        except (ValueError, TypeError, KeyError, AttributeError):
            return own
        if made.body.split() == kept.body.split() and made.subject == plain_line(kept.subject):
            return replace(made, language=language.code, edited=True)
        return replace(own, open=made.open.partition("?")[0])

    def part(self, message: Message, scope: Scope) -> str:
        """The text with which a message rides in another. Raises Undrafted."""
        section = "part" if "part" in message.templates else "body"
        return self._render(message, section, nested(self._facts(message, scope), message.facts)).strip()

    def _facts(self, message: Message, scope: Scope) -> dict[str, Any]:
        wanted = {**{name: self.facts[name] for name in BASIC_FACTS}, **message.facts}
        language = self.languages[message.language].language
        values = {name: plain_fact(fact, scope, language) for name, fact in wanted.items() if name != "parts"}
        return {name: bounded(value) for name, value in values.items() if value is not None}

    def _render(self, message: Message, section: str, facts: Mapping[str, Any]) -> str:
        template = message.templates.get(section)
        if template is None:
            return ""
        try:
            return self.languages[message.language].templates.render(template, facts)
        except Unknown as error:
            missing = tuple(sorted(name for name in message.uses.get(section, ()) if name in str(error)))
            raise Undrafted(f"the message {message.name} lacks a fact: {error}", missing) from None
        except TemplateProblem as problem:
            raise Undrafted(f"the message {message.name} cannot be rendered: {problem.text}") from None

    def _sections(self, message: Message, facts: Mapping[str, Any]) -> dict[str, str]:
        """The sections beside subject and body that can be rendered."""
        made = {}
        for section in message.templates:
            if section not in ("subject", "body", "part"):
                try:
                    made[section] = single_stops(self._render(message, section, facts).strip())
                except Undrafted:
                    continue
        return made
