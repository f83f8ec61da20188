"""A new rule as text: an entry of `scenario.yaml`, and a message to begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from followup.authoring.yaml_text import flow, scalar

__all__ = ["NewRule", "message_text", "rule_lines", "scenario_text"]

SCHEMA_LINE = "# yaml-language-server: $schema=.schemas/{name}.schema.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRule:
    """What somebody wants a new rule to be; every text is as the rule language has it."""

    name: str
    title: str
    intent: str
    after: str
    after_intent: str = ""
    wait: str = ""
    within: str = ""
    open_for: str = ""
    to: str
    via: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    when: Mapping[str, Any] = field(default_factory=dict)

    @property
    def pattern(self) -> str | dict[str, str]:
        """The event pattern of `after`."""
        return {self.after: self.after_intent} if self.after_intent else self.after


def rule_lines(rule: NewRule) -> list[str]:
    """The entry of the rule, line by line."""
    keys: dict[str, Any] = {
        "title": rule.title,
        "advice": list(rule.advice),
        "intent": rule.intent,
        "after": rule.pattern,
        "wait": rule.wait,
        "within": rule.within,
        "open_for": rule.open_for,
        "when": rule.when,
        "to": rule.to,
        "via": list(rule.via) if len(rule.via) > 1 else "".join(rule.via),
    }
    lines = [f"{rule.name}:"]
    for key, value in keys.items():
        if not value:
            continue
        if key == "when":
            lines += ["  when:", *(f"    {scalar(fact)}: {flow(test)}" for fact, test in rule.when.items())]
        else:
            lines.append(f"  {key}: {flow(value)}")
    return lines


def scenario_text(rule: NewRule, scenario: str, title: str) -> str:
    """A new `scenario.yaml` with this rule."""
    head = [
        SCHEMA_LINE.format(name="scenario"),
        "format: 1",
        f"scenario: {scenario}",
        f"title: {scalar(title)}",
        "",
        "rules:",
    ]
    return "\n".join([*head, *(f"  {line}" for line in rule_lines(rule)), ""])


def message_text(rule: NewRule) -> str:
    """A message to begin with: complete as it is, to be made the writer's own."""
    if rule.to == "self":
        return f"---\nsubject: {scalar(_task(rule))}\n---\n{_task(rule)}.\n"
    subject, words = _WORDS.get(rule.intent, _OTHER)
    return f"---\nsubject: {scalar(subject)}\n---\n{{{{ greeting }}}}\n\n{words}\n\n{{{{ signature }}}}\n"


def _task(rule: NewRule) -> str:
    return rule.title.rstrip(".") or rule.name.replace("-", " ").capitalize()


_POSITION = "the {{ position.title }} position at {{ company.name }}"
_OTHER = (
    "About the {{ position.title }} position",
    f"I am writing about {_POSITION}. I remain very interested in the role, and would be glad to "
    "hear from you.",
)
_WORDS: Mapping[str, tuple[str, str]] = {
    "thanks": (
        "Thank you: {{ position.title }} interview",
        f"Thank you for your time and for everything you did around my interview for {_POSITION}. "
        "I appreciated it very much.",
    ),
    "inquiry": (
        "Follow-up on the {{ position.title }} position",
        f"I hope you are well. I am writing about {_POSITION}, and would like to ask whether there is any "
        "news about the next steps. I remain very interested in the role.\n\n"
        "Thank you for your time and consideration.",
    ),
    "final": (
        "The {{ position.title }} position",
        f"I am writing once more about {_POSITION}. I am still interested, and would be grateful for a short "
        "word about where things stand. If the position has been filled, I wish you and your team well.",
    ),
    "feedback": (
        "Feedback on the {{ position.title }} interview",
        f"Thank you for considering me for {_POSITION}. If your time allows it, I would be grateful for a "
        "sentence or two on what I could do better. It would help me very much.",
    ),
    "congratulate": (
        "Congratulations",
        "I have read your good news, and would like to congratulate you and your team at {{ company.name }}.",
    ),
    "keep-in-touch": (
        "The {{ position.title }} interview",
        f"I enjoyed our conversation about {_POSITION}, and would be glad to stay in touch. "
        "Should another position fit one day, I would be pleased to hear from you.",
    ),
}
