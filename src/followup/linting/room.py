"""Texts that do not fit their channel: each is rendered with sample facts, short and long, and composed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from followup.channels import Channel, Composition
from followup.errors import Problem
from followup.fields import FactType
from followup.linting.subject import Subject, note, versions, warning
from followup.messages import nested
from followup.rules import Message, Rule
from followup.state import Person
from followup.templates import TemplateProblem, Templates, Unknown

__all__ = ["lint_room"]

PERSON = Person(
    name="Jo Li", role="hiring manager", email="jo@example.com", phone="+1 312 555 0123",
    linkedin="https://www.linkedin.com/in/jo-li",
)  # fmt: skip
SHORT = {"text": "work", "moment": "Friday, 1 May"}
LONG = {
    "text": "the plan to move the warehouse to another platform",
    "moment": "Wednesday, 30 September at 17:00",
}
SHORT_ITEMS, LONG_ITEMS = 1, 3
BASIC = {
    "candidate.name": ("Al Roe", "Maximiliane Fernandes de Oliveira"),
    "candidate.email": ("al@roe.example", "maximiliane.fernandes@oliveira.example"),
    "candidate.phone": ("+1 312 555 0188", "+1 312 555 0188"),
    "candidate.linkedin": ("https://www.linkedin.com/in/al", "https://www.linkedin.com/in/maximiliane-oliveira"),
    "company.name": ("Acme", "Northern Lights Logistics and Storage"),
    "position.title": ("Engineer", "Senior Site Reliability Engineer, Payments"),
    "person.name": ("Jo Li", "Bartholomew Featherstonehaugh"),
    "person.first_name": ("Jo", "Bartholomew"),
}  # fmt: skip
"""Facts whose length is about known, short and long."""


def lint_room(subject: Subject) -> Iterator[Problem]:
    """Messages that a channel of their rule cannot carry whole."""
    filters = {name: each.apply for name, each in subject.vocabulary.filters.items()}
    templates = {
        code: Templates({**filters, **language.filters}, language.phrases)
        for code, language in subject.engine.languages.items()
    }
    for rule in subject.rules:
        for choice in rule.via:
            channel = subject.vocabulary.channels.get(choice.channel)
            if channel is not None and rule.message is not None:
                for version in versions(rule.message):
                    yield from _room(rule, version, channel, templates[version.language])


def _room(rule: Rule, message: Message, channel: Channel, templates: Templates) -> Iterator[Problem]:
    for long in (False, True):
        said, cure = _complaint(rule, message, channel, templates, long)
        if not said:
            continue
        if long:
            text = (
                f"with long names and many facts, {channel.name} cannot carry this for `{rule.name}`: {said}"
            )
            yield note("over-limit", text, message.place, cure or "shorten what is not needed")
        else:
            text = f"{channel.name} cannot carry this for `{rule.name}`, however little is known: {said}"
            yield warning("over-limit", text, message.place, cure or "shorten the text")
        return


def _complaint(
    rule: Rule, message: Message, channel: Channel, templates: Templates, long: bool
) -> tuple[str, str]:
    """What the channel says against the message with sample facts, and its cure; empty if it takes it."""
    names = {name for name in message.facts if long or any(name in need for need in message.needs.values())}
    facts = {name: _sample(name, message.facts[name].type, long) for name in names if name != "parts"}
    facts |= {
        name: pair[long] for name, pair in BASIC.items() if name not in facts and (long or name in facts)
    }
    texts = _rendered(message, {**nested(facts, message.facts), "parts": []}, templates)
    composition = Composition(
        key=f"{rule.name}:sample:jo", intent=rule.intent, to=None if rule.to_self else PERSON,
        subject=" ".join(texts.pop("subject", "").split()), body=texts.pop("body", "").strip() + "\n",
        sections=texts, facts=nested({name: pair[long] for name, pair in BASIC.items()} | facts),
    )  # fmt: skip
    if not composition.body.strip():
        return "", ""
    try:
        draft = channel.compose(composition)
        findings = [finding for finding in channel.review(draft) if finding.severity == "error"]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return " ".join(str(error).split()), ""
    for part, words, most in (
        ("subject", draft.subject, channel.limits.subject),
        ("body", draft.body, channel.limits.body),
    ):
        if most is not None and len(words) > most:
            return f"the {part} has {len(words)} characters, of {most}", ""
    return (findings[0].text, findings[0].suggestion) if findings else ("", "")


def _rendered(message: Message, facts: Mapping[str, Any], templates: Templates) -> dict[str, str]:
    """The sections that can be rendered with these facts."""
    made = {}
    for section, template in message.templates.items():
        try:
            templates.variables(template)
            made[section] = templates.render(template, facts)
        except (Unknown, TemplateProblem):
            continue
    return made


def _sample(name: str, type_: FactType, long: bool) -> Any:
    """A short or a long value of a fact, as a message would get it."""
    if name in BASIC:
        return BASIC[name][long]
    if type_.values:
        return max(type_.values, key=len) if long else min(type_.values, key=len)
    match type_.kind:
        case "number":
            return 12 if long else 2
        case "boolean":
            return True
        case "list":
            element = type_.element or FactType("text")
            return [_sample("", element, long)] * (LONG_ITEMS if long else SHORT_ITEMS)
        case "record":
            return {field: _sample("", fact.type, long) for field, fact in type_.fields.items()}
    return (LONG if long else SHORT).get(type_.kind, "work")
