"""Rule and settings files: what is wrong is told at its place, in the file to blame, with its cure."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.corpus_files import CORPUS, GOOD, SETTABLE, load_pack, pack_problems

from followup.engine import Engine
from followup.errors import Problem, RuleError

ROOT = Path(__file__).parent.parent
SCENARIO = """\
format: 1
scenario: mine
rules:
  hello:
    intent: inquiry
    after: interview
    to: contact
    via: [email]
"""


def rule_problem(line: str) -> Problem:
    """The one problem of a rule that has this line."""
    found = pack_problems(f"{SCENARIO}    {line}\n")
    assert len(found) == 1, [str(problem) for problem in found]
    return found[0]


# Names that are misspelt


@pytest.mark.parametrize(
    ("line", "code", "meant"),
    [
        ("when: {company.cultur: relaxed}", "unknown-fact", "company.culture"),
        ("when: {company.culture: relaxd}", "operand", "relaxed"),
        ("when: {rounds: {at_leest: 2}}", "unknown-operator", "at_least"),
        ("when: {company.name: {is: position.titel}}", "unknown-fact", "position.title"),
        ("unless: replly", "unknown-event", "reply"),
        ("unless: {sent: inqury}", "unknown-intent", "inquiry"),
        ("unless: {sent: {intent: inqury}}", "operand", "inquiry"),
        ("unless: {sent: {intnt: inquiry}}", "unknown-fact", "intent"),
        ("join: [thnks]", "unknown-intent", "thanks"),
        ("wait: 1 wek", "duration", "1 week"),
        ("prefer: bussiness hours", "unknown-calendar", "business hours"),
        ("late: sned", "not-a-value", "send"),
        ("titel: x", "unknown-key", "title"),
        ("from: decison_date", "unknown-fact", "decision_date"),
        ("message: helo", "no-message", "hello"),
    ],
)
def test_a_misspelt_name_is_told_with_the_one_that_was_meant(line: str, code: str, meant: str) -> None:
    found = rule_problem(line)
    assert (found.code, found.place.line) == (code, 9)
    assert f"did you mean `{meant}`?" in str(found)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("when: {zodiac.sign: leo}", "unknown-fact"),
        ("when: {rounds: {zzz: 2}}", "unknown-operator"),
        ("unless: zodiac", "unknown-event"),
        ("via: [zodiac, email]", "unknown-channel"),
    ],
)
def test_a_name_like_no_other_may_be_one_of_a_plugin_that_is_not_there(line: str, code: str) -> None:
    found = pack_problems(f"{SCENARIO.replace('    via: [email]', '')}    {line}\n")
    [strange] = [problem for problem in found if problem.code == code]
    assert "if a plugin brings it, install or enable that" in strange.cure


def test_a_guard_like_no_other_may_be_one_of_a_plugin_that_is_not_there() -> None:
    guard = "guards:\n  mine:\n    title: Mine\n    because: of that\n    custom: {zodiac: leo}\n"
    [strange] = [p for p in pack_problems(f"{SCENARIO}{guard}") if p.code == "unknown-guard"]
    assert strange.cure == "if a plugin brings it, install or enable that"


# All at once, although some of it cannot be read


def told(text: str) -> list[str]:
    """Line and code of every problem of a scenario, in order of place."""
    return [f"{problem.place.line} {problem.code}" for problem in pack_problems(text)]


def test_misspelt_keys_do_not_hide_what_is_wrong_below_them() -> None:
    text = SCENARIO.replace("intent: inquiry", "intnt: inqury").replace("after: interview", "afer: interveiw")
    assert told(text + "    wait: 2 dayz\n    wenn: {rounds: {atleast: 2}}\n") == [
        "5 unknown-key", "5 unknown-intent", "6 unknown-key", "6 unknown-event", "9 duration",
        "10 unknown-key", "10 unknown-operator",
    ]  # fmt: skip


def test_a_value_of_the_wrong_kind_does_not_hide_the_others() -> None:
    text = SCENARIO + "    wait: 2\n    late: yes\n    repeat: 3\n    priority: high\n"
    assert told(text) == ["9 duration", "10 not-a-value", "11 wrong-type", "12 value"]


def test_a_missing_format_and_name_do_not_hide_the_rules() -> None:
    assert told(SCENARIO.replace("format: 1\nscenario: mine\n", "") + "    wait: 2 dayz\n") == [
        "1 missing-key", "1 missing-key", "7 duration",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("via: {email: true, phone: 3}", "wrong-type"),
        ("message: [hello]", "wrong-type"),
        ("to: {role: hr}", "wrong-type"),
    ],
)
def test_what_cannot_be_used_is_not_missed_as_well(wrong: str, code: str) -> None:
    key = wrong.partition(":")[0]
    lines = [line for line in SCENARIO.splitlines() if not line.strip().startswith(f"{key}:")]
    assert told("\n".join([*lines, f"    {wrong}", ""])) == [f"{len(lines) + 1} {code}"]


def test_a_guard_whose_hold_cannot_be_read_is_not_said_to_do_nothing() -> None:
    text = SCENARIO + "guards:\n  quiet:\n    for: {intent: inqury}\n    hold: until friday\n"
    assert told(text) == ["11 operand", "12 wrong-type"]


def test_names_that_cannot_be_read_are_not_said_to_be_unknown() -> None:
    text = SCENARIO.replace("after: interview", "after: lunch")
    assert told(text + "events:\n  lunch: {fields: [who]}\n") == ["10 wrong-type"]


def test_a_scenario_that_cannot_be_read_is_not_said_to_be_missing(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "scenario.yaml").write_text(SCENARIO + "    \twait: 1 week\n")
    (tmp_path / "settings.yaml").write_text(
        "format: 1\nrules: [mine]\nparameters: {mine: {pause: 1 day}}\noverrides: {hello: off}\n"
    )
    with pytest.raises(RuleError) as caught:
        Engine.load(settings=tmp_path / "settings.yaml", plugins=False)
    assert [problem.code for problem in caught.value.problems] == ["yaml-syntax"]


def test_a_value_with_line_breaks_is_told_in_one_line() -> None:
    found = rule_problem('when: {rounds: {at_least: "two\\nor\\nthree"}}')
    assert found.text == "`two or three` is not a whole number; write one such as `3`"


# Operands, by the kind of the fact

OPERANDS = {
    "company.name": {"is": "x", "not": "x", "in": ["x"], "not_in": ["x"], "contains": "x", "matches": "x*",
                     "contains_any": ["x"], "known": "true"},
    "stage": {"is": "new", "in": ["new", "offer"], "known": "false"},
    "rounds": {"is": "1", "not": "1", "in": ["1"], "at_least": "1", "at_most": "1", "more_than": "1",
               "less_than": "1", "known": "true"},
    "instructions.no_contact": {"is": "true", "not": "false", "in": ["true"], "known": "true"},
    "decision_date": {"within": "1 week", "older_than": "1 day", "before": "now", "after": "2026-12-01",
                      "known": "true"},
    "silence": {"at_least": "1 week", "at_most": "1 day", "more_than": "2 days", "less_than": "1 hour",
                "known": "true"},
    "strengths": {"contains": "x", "contains_any": ["x"], "count": "2", "is": "x", "some": "x", "every": "x",
                  "none": "x", "known": "true"},
    "people": {"count": {"at_least": "1"}, "some": {"role": "hr"}, "every": {"role": "hr"},
               "none": {"role": "hr"}, "known": "true"},
}  # fmt: skip
OPERATORS = sorted({name for tests in OPERANDS.values() for name in tests})
WRONG: dict[str, Any] = {
    "nothing": "", "a mapping": "{strange: x}", "nested lists": "[[x]]", "a list with nothing": "[null]",
}  # fmt: skip


def shown(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {shown(item)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(value) + "]" if isinstance(value, list) else str(value)


@pytest.mark.parametrize("fact", OPERANDS)
@pytest.mark.parametrize("operator", OPERATORS)
def test_an_operator_takes_the_facts_that_it_fits_and_no_others(fact: str, operator: str) -> None:
    fitting = OPERANDS[fact].get(operator)
    if fitting is not None:
        assert pack_problems(f"{SCENARIO}    when: {{{fact}: {{{operator}: {shown(fitting)}}}}}\n") == ()
        return
    if operator in Engine.load(plugins=False, builtin=False).vocabulary.operators:
        kinds = Engine.load(plugins=False, builtin=False).vocabulary.operators[operator].kinds
        kind = Engine.load(plugins=False, builtin=False).vocabulary.facts[fact].type.kind
        if not kinds or kind in kinds:
            return
    assert rule_problem(f"when: {{{fact}: {{{operator}: x}}}}").code == "operator-type"


@pytest.mark.parametrize(
    ("fact", "operator"), [(fact, operator) for fact, tests in OPERANDS.items() for operator in tests]
)
@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_an_operand_of_a_wrong_kind_is_a_problem_at_its_line(fact: str, operator: str, wrong: str) -> None:
    if fact == "people" and operator in ("some", "every", "none") and wrong == "{strange: x}":
        wrong = "{role: {strange: x}}"
    found = pack_problems(f"{SCENARIO}    when: {{{fact}: {{{operator}: {wrong}}}}}\n")
    assert found
    assert {problem.place.line for problem in found} == {9}


@pytest.mark.parametrize(
    "condition",
    ["[]", "x", "{stage: }", "{stage: {}}", "{all: []}", "{any: {}}", "{not: }", "{not: x}", "{all: [x]}",
     "{any: [{}, {stage: nwe}]}", "{stage: [null]}", "{people: x}", "{people: {some: {role: }}}",
     "{people: {some: []}}", "{stage: {in: company.name}}", "{company.name: {in: position.title}}",
     "{decision_date: {before: company.name}}", "{rounds: {is: company.name}}"],
)  # fmt: skip
def test_a_condition_that_says_nothing_or_nonsense_is_refused(condition: str) -> None:
    assert pack_problems(f"{SCENARIO}    when: {condition}\n")


def test_conditions_may_be_nested_as_deep_as_files_may() -> None:
    nested = "{not: " * 50 + "{stage: new}" + "}" * 50
    assert pack_problems(f"{SCENARIO}    when: {nested}\n") == ()
    too_deep = "{not: " * 70 + "{stage: new}" + "}" * 70
    assert rule_problem(f"when: {too_deep}").code == "yaml-too-deep"


# Who is to blame


def setting_problems(text: str, tmp_path: Path) -> tuple[Problem, ...]:
    path = tmp_path / "settings.yaml"
    path.write_text(f"format: 1\n{text}\n", "utf-8")
    return pack_problems(SETTABLE, settings=path)


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("plugins: [followup-phone]", "`plugins: {deny: [followup-phone]}`"),
        ("parameters: {pause: 1 day}", "by name below the scenario"),
        ("rule: [mine]", "did you mean `rules`?"),
    ],
)
def test_settings_of_another_shape_are_told_the_right_one(text: str, cure: str, tmp_path: Path) -> None:
    (found,) = setting_problems(text, tmp_path)
    assert cure in found.cure


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("overrides: {hello: {wait: soon}}", 27),
        ("overrides: {hello: {wiat: 1 day}}", 21),
        ("overrides: {hello: {when: {company.cultur: x}}}", 28),
        ("overrides: {hello: {after: }}", 13),
        ("overrides: {hello: {within: 1 day}}", 13),
        ("overrides: {hello: {wait: $nope}}", 27),
        ("overrides: {hello: }", 13),
        ("overrides: {helo: off}", 13),
        ("parameters: {mine: {pause: bananas}}", 28),
        ("parameters: {mine: {pause: [1 week]}}", 28),
        ("parameters: {mine: {pase: 1 day}}", 21),
        ("parameters: {mne: {pause: 1 day}}", 14),
    ],
)
def test_what_settings_make_wrong_is_told_in_the_settings(text: str, column: int, tmp_path: Path) -> None:
    (found,) = setting_problems(text, tmp_path)
    assert Path(found.place.file).name == "settings.yaml"
    assert (found.place.line, found.place.column) == (2, column)


def test_settings_that_are_right_decide(tmp_path: Path) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text("format: 1\nparameters: {mine: {pause: 2 weeks}}\noverrides: {other: off}\n", "utf-8")
    engine = load_pack(SETTABLE, settings=path)
    assert list(engine.rules) == ["hello"]
    assert str(engine.rules["hello"].wait) == "2 weeks"


def test_false_in_json_switches_off_as_off_does_in_yaml(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"format": 1, "overrides": {"other": false}}', "utf-8")
    assert list(load_pack(SETTABLE, settings=path).rules) == ["hello"]


def test_an_override_of_what_no_scenario_has_is_told_in_a_scenario_too() -> None:
    (found,) = pack_problems(f"{SCENARIO}overrides: {{helo: off}}\n")
    assert (found.code, found.place.line) == ("unknown-rule", 9)


def test_a_dollar_in_a_text_is_no_parameter() -> None:
    assert pack_problems(f"{SCENARIO}    title: $100 to win\n") == ()


# What could harm


@pytest.mark.parametrize(
    "field",
    ["{type: string, pattern: '(a+)+$'}", "{$ref: 'file:///etc/passwd'}", "{type: object}", "{}", "x", "",
     "{type: string, $ref: 'https://example.com/x.json'}", "{type: string, format: regex}", "{type: strng}",
     "{type: [string, integer]}", "{type: array}", "{type: array, items: {}}", "{type: string, enum: x}",
     "{type: integer, minimum: low}", "{anyOf: [{type: string}]}", "{type: array, items: {type: array}}"],
)  # fmt: skip
def test_a_declared_field_takes_only_what_is_simple_and_safe(field: str) -> None:
    text = f"format: 1\nscenario: mine\nevents: {{visit: {{fields: {{host: {field}}}}}}}\n"
    assert [problem.code for problem in pack_problems(text)] == ["event-field"]


@pytest.mark.parametrize("name", ["interview", "a visit", "a.b", "''", "x" * 61, "'*'"])
def test_an_event_type_needs_a_new_and_plain_name(name: str) -> None:
    found = pack_problems(f"format: 1\nscenario: mine\nevents: {{{name}: {{}}}}\n")
    assert [problem.place.line for problem in found] == [3]


def test_too_many_rules_are_one_problem() -> None:
    rules = "".join(
        f"  r{n}: {{intent: thanks, after: interview, to: lead, via: email}}\n" for n in range(501)
    )
    found = pack_problems(f"format: 1\nscenario: mine\nrules:\n{rules}")
    assert [problem.code for problem in found] == ["too-many"]


def test_thousands_of_mistakes_are_counted() -> None:
    lines = "".join(f"      fact{n}: x\n" for n in range(5_000))
    found = pack_problems(f"{SCENARIO}    when:\n{lines}")
    assert len(found) == 51
    assert found[-1].text == "and 4950 more problems"


def test_a_text_of_a_million_characters_is_told_in_a_short_line() -> None:
    for line in ("when: {stage: LONG}", "wait: LONG", "join: LONG", "priority: LONG", "message: LONG"):
        found = pack_problems(f"{SCENARIO}    {line}\n".replace("LONG", "x" * 1_000_000))
        assert found
        assert all(len(str(problem)) < 1_000 for problem in found)


# Spoilt at random

PIECES = (
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "'",
    "\n",
    "  ",
    "$",
    "*",
    "null",
    "1",
    "off",
    "{{",
    "sent",
    "stage",
)


@settings(max_examples=150)
@given(st.data())
def test_a_spoilt_scenario_is_loaded_or_refused(data: st.DataObject) -> None:
    text = (CORPUS / "scenario" / GOOD / "full.yaml").read_text("utf-8")
    for _ in range(data.draw(st.integers(1, 3))):
        start, length = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 20))
        text = (
            text[:start] + data.draw(st.sampled_from(PIECES) | st.text(max_size=3)) + text[start + length :]
        )
    found = pack_problems(text)
    assert all("\n" not in str(problem) and len(str(problem)) < 1_000 for problem in found)


# From the command line


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\xff", b"format: 1\nevents: [{type: repli}]\n", b"[" * 100_000, b"a: &x [*x]\n",
     b"!!python/object/apply:os.system ['echo executed']\n", b"{" * 70, b'{"format": 1e999}'],
)  # fmt: skip
def test_the_command_line_tells_bad_input_in_lines_and_leaves_with_2(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "state.yaml"
    path.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", "from followup.cli import main; main()", "plan", str(path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
    for line in done.stderr.splitlines():
        assert re.match(rf"{re.escape(str(path))}(:\d+:\d+)?: .+ \[[a-z-]+\]$", line)


# The page of problems


def test_every_code_in_the_source_stands_on_the_page_of_problems_and_none_else() -> None:
    page = (ROOT / "docs" / "problems.md").read_text("utf-8")
    listed = re.findall(r"^### `([a-z0-9-]+)`$", page, re.MULTILINE)
    assert len(listed) == len(set(listed))
    assert set(listed) == codes_in_source()


CODE_STANDS = {
    **dict.fromkeys(("Problem", "error", "warn", "tell", "stop", "_problem", "_refusal", "refusal"), 0),
    **dict.fromkeys(("_one", "warning", "note"), 0),
    **dict.fromkeys(("lookup", "known"), 2),
}
"""The functions that make a problem, and which of their arguments its code is."""
COMPUTED = {"country", "region"}


def codes_in_source() -> set[str]:
    """Every code that the source gives a problem."""
    found = set(COMPUTED)
    for path in (ROOT / "src" / "followup").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            given = node.args[CODE_STANDS[name] :][:1] if name in CODE_STANDS else []
            found |= {each.value for each in given if isinstance(each, ast.Constant)}
    return found
