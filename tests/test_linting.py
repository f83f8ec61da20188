"""Lint: what is hardly meant is told with its place and cure, and what is meant is left alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.reference.channels import PlainChannels as ReferenceChannels
from tests.reference.histories import cases
from tests.reference.packs import conditions
from tests.support import Plain, PlainChannel, PlainChannels, engine_of, rule

from followup import Engine, InterviewState
from followup.channels import Limits
from followup.errors import Problem
from followup.history import History
from followup.hookspecs import hookimpl
from followup.linting import lint
from followup.linting.contradictions import contradiction, is_needed_known
from followup.linting.subject import Subject
from followup.linting.unreachable import lint_rules
from followup.linting.windows import lint_windows
from followup.moments import instant
from followup.proposing import anchors_of, base_scope

MESSAGE = "---\nsubject: A subject\n---\nDear {{ person.name }}, some words.\n"
UNSHRUNK = (Phase.explicit, Phase.generate)
TASK = "---\nsubject: A note\n---\nSome words.\n"


def asks(**keys: Any) -> Plain:
    """A rule without fault, but for what `keys` say."""
    given: Plain = {
        "intent": "inquiry",
        "after": "interview",
        "wait": "1 week",
        "open_for": "2 weeks",
        "to": "contact",
        "via": ["email"],
    }
    given |= {key.rstrip("_"): value for key, value in keys.items()}
    return {key: value for key, value in given.items() if value is not None}


def write_pack(
    folder: Path,
    rules: Mapping[str, Plain],
    *,
    messages: Mapping[str, str] | None = None,
    tests: str | None = "format: 1\ntests: []\n",
    **more: Any,
) -> Path:
    """A scenario `mine` with a message for each rule; its tests speak of every rule."""
    (folder / "messages").mkdir(parents=True)
    pack = {"format": 1, "scenario": "mine", "rules": dict(rules), **more}
    (folder / "scenario.yaml").write_text(
        yaml.safe_dump(json.loads(json.dumps(pack)), sort_keys=False), "utf-8"
    )
    texts = {name: TASK if each.get("to") == "self" else MESSAGE for name, each in rules.items()}
    for name, text in {**texts, **(messages or {})}.items():
        (folder / "messages" / f"{name}.md").write_text(text, "utf-8")
    spoken = [{"name": "all", "now": "2026-11-20", "absent": list(rules)}]
    state = {"candidate": {"name": "A"}, "company": {"name": "B"}, "position": {"title": "C"}}
    if tests is not None:
        text = json.dumps({"format": 1, "state": state, "tests": spoken})
        (folder / "tests.yaml").write_text(text, "utf-8")
    return folder


def loaded(folder: Path, channels: object | None = None) -> Engine:
    plugin = ("plain", channels or PlainChannels())
    return Engine.load([folder], builtin=False, plugins=False, extra_plugins=[plugin])


def found(folder: Path, rules: Mapping[str, Plain], **more: Any) -> list[Problem]:
    return list(lint(loaded(write_pack(folder / "mine", rules, **more))))


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def test_the_built_in_rules_are_clean() -> None:
    assert [str(p) for p in lint(Engine.load()) if p.severity != "note"] == []


def test_a_pack_without_fault_is_clean(tmp_path: Path) -> None:
    assert found(tmp_path, {"ask": asks()}) == []


# Rules that can never speak


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (
            {"when": {"all": [{"stage": "offer"}, {"stage": "awaiting"}]}},
            "`stage is offer` and `stage is awaiting` excl",
        ),
        (
            {"when": {"company.culture": "relaxed", "not": {"company.culture": "relaxed"}}},
            "exclude each other",
        ),
        ({"when": {"stage": "new"}}, "`stage is new` can never be: here it is one of invited"),
        (
            {"after": "rejection", "intent": "feedback", "when": {"stage": "awaiting"}},
            "here it is one of rejected",
        ),
        ({"when": {"rounds": {"at_least": 2, "less_than": 2}}}, "exclude each other"),
        ({"when": {"rounds": {"less_than": 0}}}, "`rounds less_than 0` can never be"),
        (
            {"when": {"company.country": "US", "not": {"company.country": {"known": True}}}},
            "exclude each other",
        ),
        ({"when": {"company.country": "US", "all": [{"company.country": "DE"}]}}, "exclude each other"),
        ({"when": {"questions": {"count": {"at_least": 1}, "known": False}}}, "exclude each other"),
        ({"when": {"silence": {"at_least": "2 weeks", "at_most": "10 days"}}}, "exclude each other"),
        ({"when": {"decision_date": {"before": "now", "within": "1 week"}}}, "exclude each other"),
        (
            {"when": {"company.name": {"matches": "*gmbh"}, "all": [{"company.name": "Initech"}]}},
            "exclude each other",
        ),
        (
            {"when": {"mistakes": {"some": {"said": {"known": False}, "not": {"said": {"known": False}}}}}},
            "can never",
        ),
        (
            {"when": {"now": {"during": "business hours"}, "not": {"now": {"during": "daytime"}}}},
            "exclude each",
        ),
        (
            {"when": {"any": [{"stage": "new"}, {"rounds": {"less_than": 0}}]}},
            "none of its 2 alternatives can be",
        ),
        (
            {"after": {"interview": {"round": {"at_least": 2}}}, "when": {"anchor.round": 1}},
            "`anchor.round is 1` and `anchor.round at_least 2` exclude each other",
        ),
        (
            {"when": {"instructions.no_contact": True, "all": [{"instructions.no_contact": False}]}},
            "exclude each",
        ),
    ],
)
def test_a_condition_that_contradicts_itself_is_told(tmp_path: Path, keys: Plain, told: str) -> None:
    [problem] = found(tmp_path, {"ask": asks(**keys)})
    assert (problem.code, problem.severity) == ("never-true", "warning")
    assert told in problem.text
    assert problem.place.file.endswith("scenario.yaml")
    assert problem.place.line > 1


@pytest.mark.parametrize(
    "when",
    [
        {"stage": ["offer", "awaiting"]},
        {"company.culture": "relaxed", "any": [{"stage": "awaiting"}, {"stage": "offer"}]},
        {"rounds": {"at_least": 2, "less_than": 4}},
        {"company.name": {"matches": "*gmbh", "contains": "initech"}},
        {"company.country": {"known": False}},
        {"silence": {"at_least": "1 week", "at_most": "1 month"}},
        {"silence": {"at_least": "20 business days", "at_most": "1 month"}},
        {"decision_date": {"older_than": "1 day"}, "not": {"decision_date": {"older_than": "1 week"}}},
        {"topics": {"count": {"at_least": 1}, "some": "kafka", "none": "sql"}},
        {"all": [{"people": {"some": {"role": "hr"}}}, {"people": {"some": {"role": "recruiter"}}}]},
        {"now": {"during": "business hours"}, "not": {"now": {"during": "weekends"}}},
    ],
)
def test_a_condition_that_may_be_true_is_left_alone(tmp_path: Path, when: Plain) -> None:
    assert found(tmp_path, {"ask": asks(when=when)}) == []


@pytest.mark.parametrize(
    ("keys", "code", "told"),
    [
        ({"after": "rejection"}, "gate-shut", "once rejected, the gate lets no `inquiry` out"),
        ({"after": "accepted"}, "gate-shut", "the gate lets no `inquiry` out"),
        ({"when": {"stage": "withdrawn"}}, "gate-shut", "once withdrawn, the gate"),
        (
            {"unless": ["reply", "offer"], "when": {"stage": "offer"}},
            "moot-by-itself",
            "`offer` after the interview",
        ),
        (
            {"after": "withdrawal", "intent": "thanks", "to": "anchor"},
            "to-nobody",
            "no `withdrawal` event names a",
        ),
        ({"after": {"sent": "share"}}, "nothing-sends", "no rule proposes `share`"),
        ({"join": ["thanks"]}, "no-host", "no rule proposes `thanks`"),
        ({"wait": "1 week", "open_for": None, "within": "3 days"}, "no-window", "closes 3 days after"),
        ({"wait": "48 hours", "open_for": None, "within": "1 day"}, "no-window", "closes 1 day after"),
        ({"open_for": "0 days"}, "no-window", "leaves no time at all"),
        ({"open_for": None}, "open-for-ever", "the window never closes"),
        (
            {"prefer": "weekends", "when": {"now": {"during": "business hours"}}},
            "never-preferred",
            "`prefer: weekends` hardly ever meets",
        ),
        (
            {"via": ["email", {"phone": {"stage": "offer"}}], "when": {"stage": "awaiting"}},
            "never-true",
            "the channel `phone` never suits this rule",
        ),
        (
            {"unless": {"sent": {"intent": "thanks", "not": {"intent": "thanks"}}}},
            "never-true",
            "no `sent` event can",
        ),
        ({"advice": "timing.thanks-24"}, "unknown-advice", "no advice is named `timing.thanks-24`"),
    ],
)
def test_what_is_hardly_meant_in_a_rule_is_told(tmp_path: Path, keys: Plain, code: str, told: str) -> None:
    [problem] = found(tmp_path, {"ask": asks(**keys)})
    assert problem.code == code
    assert told in problem.text
    assert problem.cure


@pytest.mark.parametrize(
    "keys",
    [
        {"after": "rejection", "intent": "feedback"},
        {"after": ["rejection", "interview"]},
        {"unless": ["offer"], "when": {"stage": ["offer", "awaiting"]}},
        {"after": "offer", "unless": ["offer"], "when": {"stage": "offer"}, "intent": "negotiate"},
        {"wait": "1 day", "open_for": None, "within": "2 business days"},
        {"wait": "3 days", "open_for": None, "within": "1 day", "late": "send"},
        {"open_for": None, "when": {"silence": {"at_most": "2 weeks"}}},
        {"prefer": "business hours", "when": {"now": {"during": "daytime"}}},
        {"prefer": "weekends", "when": {"any": [{"now": {"during": "business hours"}}, {"stage": "offer"}]}},
    ],
)
def test_what_may_be_meant_in_a_rule_is_left_alone(tmp_path: Path, keys: Plain) -> None:
    assert found(tmp_path, {"ask": asks(**keys)}) == []


# Two rules


def test_of_two_rules_with_the_same_wish_the_second_is_told(tmp_path: Path) -> None:
    [problem] = found(tmp_path, {"ask": asks(), "ask-again": asks(priority=5)})
    assert problem.code == "same-wish"
    assert "`ask` wants the same as `ask-again`" in problem.text


@pytest.mark.parametrize(
    "other",
    [
        {"intent": "final"},
        {"to": "lead"},
        {"wait": "4 weeks"},
        {"after": "promise"},
        {"anchor": "last"},
        {"join": ["inquiry"]},
        {"via": ["phone"]},
    ],
)
def test_rules_that_differ_are_left_alone(tmp_path: Path, other: Plain) -> None:
    assert found(tmp_path, {"ask": asks(), "other": asks(**other)}) == []


def test_rules_for_different_cases_are_left_alone(tmp_path: Path) -> None:
    relaxed, formal = ({"company.culture": each} for each in ("relaxed", "formal"))
    assert found(tmp_path, {"one": asks(when=relaxed), "two": asks(when=formal)}) == []


# Guards


@pytest.mark.parametrize(
    ("guard", "code", "told"),
    [
        ({"for": {"rule": "aks"}, "forbid": True}, "guard-without-rule", "no rule is named `aks`"),
        (
            {"for": {"rule": {"not_in": ["aks"]}}, "forbid": True},
            "guard-without-rule",
            "no rule is named `aks`",
        ),
        ({"for": {"scenario": "min"}, "forbid": True}, "guard-without-rule", "no scenario is named `min`"),
        (
            {"for": {"intent": "decline"}, "forbid": True},
            "guard-without-rule",
            "concerns no rule that is loaded",
        ),
        ({"when": {"rounds": {"less_than": 0}}, "forbid": True}, "never-true", "the guard never speaks"),
        ({"hold": {"while": {"rounds": {"less_than": 0}}}}, "never-true", "the guard never holds anything"),
        (
            {"forbid": {"channel": {"is": "email", "not": "email"}}},
            "never-true",
            "the guard never forbids a channel",
        ),
        ({"cap": {"unanswered": 5}}, "below-the-floor", "a cap of 5 changes nothing"),
        ({"space": {"person": "12 hours"}}, "below-the-floor", "`person: 12 hours` changes nothing"),
    ],
)
def test_a_guard_without_effect_is_told(tmp_path: Path, guard: Plain, code: str, told: str) -> None:
    [problem] = found(tmp_path, {"ask": asks()}, guards={"quiet": guard})
    assert problem.code == code
    assert told in problem.text


def test_guards_with_effect_are_left_alone(tmp_path: Path) -> None:
    guards: dict[str, Plain] = {
        "enough": {"cap": {"unanswered": 3}},
        "spacing": {"for": {"to": "employer"}, "space": {"person": "1 day", "company": "2 hours"}},
        "not-this": {"for": {"rule": {"not": "ask"}}, "forbid": True},
        "hold": {"for": {"rule": "ask"}, "hold": {"while": {"stage": "offer"}}},
    }
    assert found(tmp_path, {"ask": asks(), "other": asks(intent="final")}, guards=guards) == []


# Messages and files


def test_a_message_that_no_rule_uses_is_told_with_the_rule_that_may_be_meant(tmp_path: Path) -> None:
    [problem] = found(tmp_path, {"inquiry": asks()}, messages={"inqury": MESSAGE})
    assert problem.code == "unused-message"
    assert "is it for the rule that uses `inquiry`?" in problem.cure
    assert problem.place.file.endswith("inqury.md")


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("hello.md", "move it into `messages/`"),
        ("messages/hello.txt", "name it `hello.md`"),
        ("message/hello.md", "did you mean `messages`?"),
        ("test.yaml", "name it `tests.yaml`"),
    ],
)
def test_a_file_where_nothing_reads_it_is_told(tmp_path: Path, name: str, cure: str) -> None:
    folder = write_pack(tmp_path / "mine", {"ask": asks()})
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("Hello.\n", "utf-8")
    (folder / "README.md").write_text("What this is.\n", "utf-8")
    [problem] = lint(loaded(folder))
    assert problem.code == "stray-file"
    assert cure in problem.cure


NEEDY = "---\nsubject: Hello\n---\nDear {{ person.name }},\nthat was {{ occasion.medium }}.\n"


def test_a_fact_that_the_rule_does_not_ask_for_is_noted(tmp_path: Path) -> None:
    [problem] = found(tmp_path, {"ask": asks()}, messages={"ask": NEEDY})
    assert (problem.code, problem.severity, problem.place.line) == ("may-block", "note", 5)
    assert "`ask` is blocked as long as `occasion.medium` is not known" in problem.text


@pytest.mark.parametrize(
    ("fact", "keys"),
    [
        ("occasion.medium", {"when": {"occasion.medium": {"known": True}}}),
        ("occasion.medium", {"when": {"occasion.medium": ["video", "phone"]}}),
        (
            "occasion.medium",
            {"when": {"any": [{"occasion.medium": "video"}, {"occasion.medium": {"not": "video"}}]}},
        ),
        ("decision_date", {"from_": "decision_date"}),
        ("decision_date", {"when": {"anchor.id": "promise.id"}, "after": "promise"}),
        ("anchor.by", {"after": "promise"}),
        ("last.promise.by", {"after": "promise"}),
        ("questions", {"when": {"questions": {"count": {"at_least": 1}}}}),
        ("mistakes", {"when": {"mistakes": {"some": {"correction": {"known": True}}}}}),
        ("occasion.day", {}),
        ("person.email", {}),
    ],
)
def test_a_fact_that_the_rule_makes_sure_of_is_not_noted(tmp_path: Path, fact: str, keys: Plain) -> None:
    text = f"---\nsubject: Hello\n---\nDear {{{{ person.name }}}}, about {{{{ {fact} }}}}.\n"
    if fact == "mistakes":
        text = "---\nsubject: Hello\n---\nAbout {% for x in mistakes %}{{ x.said }}{% endfor %}.\n"
    assert found(tmp_path, {"ask": asks(**keys)}, messages={"ask": text}) == []


def test_a_note_to_yourself_that_names_a_person_is_told(tmp_path: Path) -> None:
    keys = asks(intent="task", to="self", via=None)
    [problem] = found(tmp_path, {"ask": keys}, messages={"ask": MESSAGE})
    assert problem.code == "never-known"


class Telegraph:
    """A plugin whose one channel carries sixty characters."""

    FOLLOWUP_API = 1

    @hookimpl
    def followup_channels(self) -> list[PlainChannel]:
        channel = PlainChannel("telegraph", "phone")
        channel.limits = Limits(body=60)
        return [channel]


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("Dear {{ person.name }}, we spoke, and I would now like to hear how things stand.", "warning"),
        ("Dear {{ person.name }},{% if topics %} on {{ topics | join(' ') }}?{% endif %}", "note"),
        ("Dear {{ person.name }}, any news?", None),
    ],
)
def test_a_text_over_the_limit_of_its_channel_is_told(
    tmp_path: Path, text: str, severity: str | None
) -> None:
    message = f"---\nsubject: Hello\n---\n{text}\n"
    folder = write_pack(tmp_path, {"ask": asks(via=["telegraph"])}, messages={"ask": message})
    problems = lint(loaded(folder, Telegraph()))
    assert [(each.code, each.severity) for each in problems] == (
        [("over-limit", severity)] if severity else []
    )


# Names and tests


def test_what_nothing_uses_is_told(tmp_path: Path) -> None:
    problems = found(tmp_path, {"ask": asks()}, parameters={"pause": "1 week"}, intents=["visit"])
    assert codes(problems) == ["unused-parameter", "unused-intent"]


def test_a_parameter_in_use_is_left_alone(tmp_path: Path) -> None:
    assert found(tmp_path, {"ask": asks(wait="$pause")}, parameters={"pause": "1 week"}) == []


def test_a_scenario_without_tests_is_noted_once(tmp_path: Path) -> None:
    rules = {"ask": asks(), "other": asks(intent="final")}
    [problem] = found(tmp_path, rules, tests=None)
    assert (problem.code, problem.severity) == ("untested", "note")


def test_a_rule_without_a_test_is_told(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "mine", {"ask": asks(), "other": asks(intent="final")})
    tests = folder / "tests.yaml"
    tests.write_text(tests.read_text("utf-8").replace('"ask", ', ""), "utf-8")
    [problem] = lint(loaded(folder))
    assert (problem.code, problem.severity) == ("untested", "warning")
    assert "`ask`" in problem.text


def test_unknown_advice_of_a_message_is_told_at_its_line(tmp_path: Path) -> None:
    text = MESSAGE.replace("subject: A subject\n", "subject: A subject\nadvice: [email.sbject]\n")
    [problem] = found(tmp_path, {"ask": asks()}, messages={"ask": text})
    assert (problem.code, problem.place.line) == ("unknown-advice", 3)
    assert "did you mean `email.subject`?" in problem.cure


# Silence


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    open_for", "    # followup: allow no-window\n    open_for"),
        ("open_for: 0 days", "open_for: 0 days  # followup: allow no-window"),
        ("open_for: 0 days", "open_for: 0 days  #followup: allow never-true, no-window"),
    ],
)
def test_a_comment_silences_what_stands_on_its_line_or_below(tmp_path: Path, before: str, after: str) -> None:
    folder = write_pack(tmp_path / "mine", {"ask": asks(open_for="0 days")})
    path = folder / "scenario.yaml"
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")
    assert lint(loaded(folder)) == ()


def test_a_comment_of_another_code_silences_nothing_and_is_told(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "mine", {"ask": asks(open_for="0 days")})
    path = folder / "scenario.yaml"
    text = path.read_text("utf-8").replace(
        "open_for: 0 days", "open_for: 0 days  # followup: allow never-true"
    )
    path.write_text(text, "utf-8")
    assert codes(list(lint(loaded(folder)))) == ["no-window", "needless-allow"]


def test_a_message_silences_with_a_comment_of_its_own(tmp_path: Path) -> None:
    text = NEEDY.replace("that was", "{# followup: allow may-block #}\nthat was")
    assert found(tmp_path, {"ask": asks()}, messages={"ask": text}) == []


# What is claimed holds for every state


@settings(max_examples=60, deadline=None, phases=UNSHRUNK, suppress_health_check=list(HealthCheck))
@given(st.lists(conditions(), min_size=1, max_size=4), cases())
def test_what_can_never_be_true_is_true_in_no_state(
    whens: list[Plain], case: tuple[Plain, Plain, datetime]
) -> None:
    pack = {"test": rule(when={"all": whens})}
    engine = engine_of(pack)
    when = engine.rules["test"].when
    facts = engine.vocabulary.facts_for(["interview"])
    never = contradiction(facts, when)
    known = {path for path in facts if is_needed_known(path, when)}
    if never is None and not known:
        return
    _, given_state, now = case
    for scope in scopes(engine, given_state, now):
        certain = when.truth(scope, scope.calendar).certain
        if never is not None:
            assert certain.is_never, never
        if not certain.is_never:
            assert all(facts[path].get(scope) not in (None, ()) for path in known)


def scopes(engine: Engine, given_state: Plain, now: datetime) -> list[Any]:
    """The rule's anchors, seen for everybody."""
    state = InterviewState.from_dict(given_state)
    history = History(state, instant(now))
    test = engine.rules["test"]
    bases = [base_scope(test, history, engine.channels, anchor) for anchor in anchors_of(test, history)]
    return [base.of(person) for base in bases for person in state.people]


@settings(max_examples=40, deadline=None, phases=UNSHRUNK, suppress_health_check=list(HealthCheck))
@given(cases())
def test_a_rule_that_lint_calls_unreachable_proposes_nothing(case: tuple[Plain, Plain, datetime]) -> None:
    pack, given_state, now = case
    with TemporaryDirectory() as made:
        folder = write_pack(Path(made), pack["rules"], messages={"text": TASK}, guards=pack["guards"])
        engine = loaded(folder, ReferenceChannels())
        subject = Subject(engine)
        dead = {
            problem.place.path.split(".")[1]
            for family in (lint_rules, lint_windows)
            for problem in family(subject)
            if "the rule can never propose anything" in problem.text
        }
    plan = engine.plan(InterviewState.from_dict(given_state), now)
    going = {"due", "scheduled"}
    assert not [f.key for f in plan.followups if f.rule in dead and f.status in going]
