"""A page for people from each scenario: what it proposes and when, with real drafts and what is promised.

The drafts and the promises come from the scenario's own tests, so a page shows nothing that was not run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from followup.citations import TESTS_FILE
from followup.condition_words import condition_words
from followup.describing import guard_effects, rule_sentences
from followup.pictures import graph_mermaid, graph_of
from followup.plain import escaped_markdown, plain_line, plain_text
from followup.plan import Draft, FollowUp
from followup.rules import Guard, Parameter, Rule, Scenario
from followup.testing.naming import listed, rule_of
from followup.testing.reading import PreparedTest, Scene, prepared_tests

if TYPE_CHECKING:
    from followup.engine import Engine

__all__ = ["index_page", "scenario_page"]

MADE = "<!-- Made by `followup rules docs`. Change the scenario, not this page. -->"


_BREAK = "\\"
_VERBS = {"spaces": "keeps", "caps": "stops"}
"""Words that read better in a sentence than as the head of a row."""


@dataclass(frozen=True, slots=True)
class _Example:
    """A draft of a rule, the test in which it came up, and the follow-up in whose message it rode, if any."""

    draft: Draft
    test: str
    host: str = ""
    rank: int = 0


def scenario_page(engine: Engine, scenario: Scenario, picture: str = "") -> str:
    """The page of a scenario in Markdown. `picture` is a link to its picture; without one the page draws it.

    Raises RuleError for tests that cannot be read.
    """
    return "\n".join(_page(engine, scenario, picture)) + "\n"


def index_page(scenarios: Iterable[Scenario], picture: str = "") -> str:
    """A page that leads to `NAME.md` of each scenario."""
    lines = [MADE, "# Scenarios", "", "What each situation asks for, as the rules see it.", ""]
    lines += ["| scenario | what it is about |", "|---|---|"]
    lines += [
        f"| [{_text(scenario.title or scenario.name)}]({scenario.name}.md) | {_text(scenario.about)} |"
        for scenario in scenarios
    ]
    if picture:
        lines += ["", f"All of them in one picture: [{picture}]({picture})."]
    return "\n".join(lines) + "\n"


def _page(engine: Engine, scenario: Scenario, picture: str) -> Iterator[str]:
    yield from (MADE, f"# {_text(scenario.title or scenario.name)}")
    if scenario.about:
        yield from ("", _text(scenario.about))
    yield ""
    if picture:
        yield f"![What follows what: {_text(scenario.title or scenario.name)}]({picture})"
    else:
        yield from ("```mermaid", graph_mermaid(graph_of([scenario], engine.guards)).rstrip("\n"), "```")
    tests = _tests(engine, scenario)
    examples = _examples(engine, scenario.rules, tests)
    promises = _promises(tests)
    if scenario.rules:
        yield from ("", "## What it proposes")
    for rule in scenario.rules.values():
        yield from _rule(engine, rule, promises.pop(rule.name, ()), examples.get(rule.name))
    if scenario.guards:
        yield from ("", "## What it holds back")
    for guard in scenario.guards.values():
        yield from _guard(guard, {rule.name: rule.title for rule in engine.rules.values()})
    yield from _parameters(scenario.parameters.values())
    yield from _events(scenario)
    others = [promise for found in promises.values() for promise in found]
    if others:
        yield from ("", "## What else is promised", "", "Each by a test.", "")
        yield from (f"- {_text(promise)}" for promise in others)


def _rule(engine: Engine, rule: Rule, promises: Iterable[str], example: _Example | None) -> Iterator[str]:
    yield from ("", f"### {_text(rule.title or rule.name)}")
    if rule.about:
        yield from ("", _text(rule.about))
    yield ""
    yield from (f"- {_sentence(sentence)}" for sentence in rule_sentences(rule))
    guards = [guard for guard in engine.guards.values() if guard.applies_to(rule)]
    if guards:
        yield f"- It may be held back: {'; '.join(_lowered(_name(guard)) for guard in guards)}."
    if rule.message is not None and rule.message.translations:
        yield f"- Its words are there in other languages too: {', '.join(sorted(rule.message.translations))}."
    yield f"- In the rule file it is `{rule.name}`."
    said = [f"  - {_text(engine.advice[id_].says)} (`{id_}`)" for id_ in rule.advice if id_ in engine.advice]
    if said:
        yield from ("- The advice behind it:", *said)
    if promises:
        yield from ("- Promised, each by a test:", *(f"  - {_text(promise)}" for promise in promises))
    if example is not None:
        yield from _example(example)


def _example(example: _Example) -> Iterator[str]:
    riding = f", inside “{_text(example.host)}”" if example.host else ""
    yield from ("", f"An example{riding}, from the test *{_text(example.test)}*:", "")
    if example.draft.subject:
        yield from (f"> **{_text(example.draft.subject)}**", ">")
    lines = [line.strip() for line in plain_text(example.draft.body).strip("\n").split("\n")]
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        # A backslash at the end keeps a line break, one at the beginning a dash from making a list.
        dash = "\\" if line.startswith(("-", "+")) else ""
        yield f"> {dash}{escaped_markdown(line)}{_BREAK if after else ''}" if line else ">"


def _guard(guard: Guard, titles: Mapping[str, str]) -> Iterator[str]:
    yield from ("", f"### {_name(guard)}", "")
    if guard.because:
        yield f"Because {_text(guard.because)}."
        yield ""
    everything = guard.applies.text == "always"
    applies = (
        ""
        if everything
        else f" For a follow-up of which this is so: {_sentence(condition_words(guard.applies, titles))}."
    )
    effects = guard_effects(guard, titles)
    does = "; ".join(f"{_VERBS.get(verb, verb)} {_sentence(rest)}" for verb, rest in effects)
    yield f"It {does}.{applies}"
    yield ""
    yield f"In the rule file it is `{guard.name}`."


def _parameters(parameters: Iterable[Parameter]) -> Iterator[str]:
    parameters = tuple(parameters)
    if not parameters:
        return
    yield from (
        "",
        "## What you may set",
        "",
        "Under `parameters:` in your settings, by the scenario's name.",
        "",
    )
    yield from ("| parameter | value | what it is | where it comes from |", "|---|---|---|---|")
    for each in parameters:
        value = _value(each.value)
        if each.decided_by is not None:
            value += f" (by itself {_value(each.default)})"
        yield f"| `{each.name}` | {value} | {_text(each.about)} | {_text(each.source)} |"


def _events(scenario: Scenario) -> Iterator[str]:
    if not scenario.events:
        return
    yield from ("", "## What else may happen", "", "Event types that it adds.", "")
    yield from ("| event | what it is | fields |", "|---|---|---|")
    for event in scenario.events.values():
        stage = f"; from then on the stage is `{event.stage}`" if event.stage else ""
        fields = ", ".join(
            f"`{name}`" if name in event.required else f"`{name}` (may be left out)" for name in event.fields
        )
        yield f"| `{event.name}` | {_text(event.title)}{stage} | {fields} |"


# Tests


def _tests(engine: Engine, scenario: Scenario) -> tuple[PreparedTest, ...]:
    path = scenario.folder / TESTS_FILE
    return prepared_tests(engine, path) if path.is_file() else ()


def _promises(tests: Iterable[PreparedTest]) -> dict[str, list[str]]:
    """The names of the tests by the rule of which each speaks first; by "" where it speaks of none."""
    promises: dict[str, list[str]] = {}
    for test in tests:
        spoken = [name for scene in test.scenes for name in _spoken(scene)]
        promises.setdefault(spoken[0] if spoken else "", []).append(test.source.name)
    return promises


def _spoken(scene: Scene) -> tuple[str, ...]:
    """The rules of which a moment of a test speaks."""
    return (*map(rule_of, scene.source.expect), *listed(scene.source.absent))


def _examples(
    engine: Engine, rules: Mapping[str, Rule], tests: Iterable[PreparedTest]
) -> Mapping[str, _Example]:
    """For each rule the draft that shows it best: due, spoken of by the test, by the channel it prefers."""
    found: dict[str, _Example] = {}
    for test in tests:
        for scene in test.scenes:
            plan = engine.plan(scene.state, scene.now, reasons=False)
            by_key = {followup.key: followup for followup in plan.followups}
            spoken = _spoken(scene)
            for followup in plan.followups:
                if followup.rule not in rules:
                    continue
                rule = rules[followup.rule]
                first = bool(rule.via) and followup.channel == rule.via[0].channel
                points = 4 * (followup.status == "due") + 2 * (rule.name in spoken) + first
                example = _shown(followup, by_key, test.source.name, points)
                best = found.get(followup.rule)
                if example is not None and (best is None or example.rank > best.rank):
                    found[followup.rule] = example
    return found


def _shown(followup: FollowUp, others: Mapping[str, FollowUp], test: str, rank: int) -> _Example | None:
    """The draft of a follow-up, or of the one in which it rides."""
    carrier = others.get(followup.host, followup) if followup.host else followup
    if carrier.draft is None:
        return None
    host = "" if carrier is followup else carrier.title or carrier.rule
    return _Example(carrier.draft, test, host, rank)


# Words


def _name(named: Guard) -> str:
    return _text(named.title or named.name)


def _text(words: str) -> str:
    return escaped_markdown(plain_line(words))


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]


def _sentence(words: str) -> str:
    """A sentence in which names stand in backticks, with all else escaped."""
    pieces = plain_line(words).split("`")
    return "`".join(piece if number % 2 else escaped_markdown(piece) for number, piece in enumerate(pieces))


def _inside(words: str) -> str:
    """Words as they can stand between backticks, in a table too."""
    return plain_line(words).replace("`", "'")


def _value(value: Any) -> str:
    words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return _text(words)
