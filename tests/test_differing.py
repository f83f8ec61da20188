"""Differing: what a change of rules changes, in the rules themselves and in the plans of states."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result
from tests.support import (
    EXAMPLES,
    INTERVIEW,
    ROOT,
    Plain,
    builtin_engine,
    engine_of,
    new_builtin_engine,
    rule,
    state,
    time,
)

from followup import Engine, InterviewState
from followup.cli.root import cli
from followup.differing import (
    FollowUpChange,
    RuleChange,
    StateDifference,
    compare_states,
    rule_changes,
    word_changes,
)
from followup.differing.reporting import report, summary

START = time("2026-09-15T12:00")
ASK = rule(wait="1 week", open_for="2 weeks")


def difference(
    old: Engine, new: Engine, given: InterviewState | None = None, weeks: int = 8
) -> StateDifference:
    found = given or state(INTERVIEW)
    return compare_states((old, found), (new, found), START, START + timedelta(weeks=weeks))


def changes(old: Plain, new: Plain, *events: Plain, **more: Any) -> tuple[FollowUpChange, ...]:
    """What changes in Ana's case when the one rule `ask` is replaced."""
    return difference(
        engine_of({"ask": old}), engine_of({"ask": new}, **more), state(INTERVIEW, *events)
    ).changes


def only(found: tuple[FollowUpChange, ...]) -> FollowUpChange:
    [change] = found
    return change


# Rules


def of_rules(old: dict[str, Plain], new: dict[str, Plain], **more: Any) -> tuple[RuleChange, ...]:
    return rule_changes(engine_of(old), engine_of(new, **more))


def test_rules_that_come_go_and_change_are_told_with_their_keys() -> None:
    found = of_rules(
        {"ask": ASK, "old": rule()},
        {"ask": {**ASK, "wait": "10 days", "when": {"stage": "awaiting"}}, "new": rule()},
    )
    assert [(change.what, change.name) for change in found] == [
        ("changed", "ask"),
        ("new", "new"),
        ("gone", "old"),
    ]
    assert [(key.key, key.old, key.new) for key in found[0].keys] == [
        ("wait", "1 week", "10 days"),
        ("when", "", "stage is awaiting"),
    ]
    assert found[0].old_at.endswith("scenario.yaml:6")


def test_where_a_rule_stands_and_how_it_is_spelt_means_nothing() -> None:
    assert of_rules({"ask": ASK, "b": rule()}, {"b": rule(), "ask": {**ASK, "wait": "1 weeks"}}) == ()


def test_a_parameter_changes_the_rules_that_use_it() -> None:
    uses = rule(wait="$pause")
    old = engine_of({"ask": uses}, parameters={"pause": "1 week"})
    new = engine_of({"ask": uses}, parameters={"pause": "2 weeks"})
    [change] = rule_changes(old, new)
    assert [(key.key, key.old, key.new) for key in change.keys] == [("wait", "1 week", "2 weeks")]


def test_other_words_of_a_message_are_a_change_of_its_rule() -> None:
    [change] = of_rules(
        {"ask": ASK}, {"ask": ASK}, messages={"ask": "---\nsubject: A subject\n---\nOthers.\n"}
    )
    assert [key.key for key in change.keys] == ["body of the message"]


def test_guards_differ_as_rules_do() -> None:
    guards = {"wait": {"hold": {"until": "decision_date"}}}
    [change] = rule_changes(engine_of({"ask": ASK}), engine_of({"ask": ASK}, guards=guards))
    assert (change.kind, change.what, change.name) == ("guard", "new", "wait")


# Plans


def test_equal_rules_change_nothing() -> None:
    assert changes(ASK, dict(ASK)) == ()
    assert difference(builtin_engine(), new_builtin_engine()).changes == ()


def test_a_longer_wait_makes_the_message_go_out_later() -> None:
    change = only(changes(ASK, {**ASK, "wait": "10 days"}))
    assert change.kinds == ("later",)
    assert (change.old and change.old.sent, change.new and change.new.sent) == (
        time("2026-09-22T11:00"),
        time("2026-09-25T11:00"),
    )
    assert only(changes({**ASK, "wait": "10 days"}, ASK)).kinds == ("earlier",)


def test_a_follow_up_may_come_and_go() -> None:
    one, two = (
        engine_of({"ask": ASK}),
        engine_of({"ask": ASK, "more": rule(intent="thanks", to="interviewer")}),
    )
    assert only(difference(one, two).changes).kinds == ("new",)
    assert only(difference(two, one).changes).kinds == ("gone",)


def test_a_condition_that_holds_no_longer_keeps_it_from_going_out() -> None:
    event = {"type": "reply", "at": "2026-09-15T11:30Z", "from": "dana"}
    change = only(changes(ASK, {**ASK, "when": {"count.reply": 0}}, event))
    assert change.kinds == ("gone",)
    change = only(changes(ASK, {**ASK, "when": {"company.culture": "relaxed"}}))
    assert change.kinds[0] == "not sent"
    assert change.new is not None
    assert (change.new.status, change.new.ends) == ("blocked", "blocked")


def test_a_guard_that_holds_is_the_reason_with_its_place() -> None:
    promise = {"type": "promise", "at": "2026-09-15T11:30Z", "by": "2026-09-30", "who": "dana"}
    guards = {"their-date": {"hold": {"until": "decision_date"}, "because": "they named a date"}}
    change = only(changes(ASK, ASK, promise, guards=guards))
    assert "later" in change.kinds
    held = only(
        compare_states(
            (engine_of({"ask": ASK}), state(INTERVIEW, promise)),
            (engine_of({"ask": ASK}, guards=guards), state(INTERVIEW, promise)),
            time("2026-09-23T12:00"),
            time("2026-09-23T12:00"),
        ).changes
    )
    assert held.kinds == ("status",)
    assert held.new is not None
    assert held.new.why is not None
    assert (held.new.status, held.new.why.name) == ("held", "their-date")
    assert held.new.why.at.endswith("scenario.yaml:17")


def test_another_person_is_the_same_follow_up() -> None:
    change = only(changes(ASK, {**ASK, "to": "hr"}))
    assert change.kinds == ("person",)
    assert change.key == "ask:r1:hr"


def test_a_rule_of_another_name_is_the_same_follow_up() -> None:
    change = only(difference(engine_of({"ask": ASK}), engine_of({"question": ASK})).changes)
    assert change.kinds == ("rule",)


def test_another_channel_is_told() -> None:
    people = {"dana": {"name": "Dana", "email": "d@x.example", "phone": "+1 312 555 0100"}}
    interview = {**INTERVIEW, "with": ["dana"]}
    given = state(interview, people=people)
    old, new = engine_of({"ask": ASK}), engine_of({"ask": {**ASK, "via": ["phone", "email"]}})
    assert only(difference(old, new, given).changes).kinds == ("channel",)


def test_other_words_are_shown_word_by_word() -> None:
    texts = {"ask": "---\nsubject: A subject\n---\nSome better words.\n"}
    change = only(changes(ASK, ASK, messages=texts))
    assert change.kinds == ("words",)
    assert [(word.side, word.text) for word in change.words] == [
        ("both", "A subject Some"),
        ("new", "better"),
        ("both", "words."),
    ]


def test_what_is_over_under_both_is_no_change() -> None:
    sent = {
        "type": "sent",
        "at": "2026-09-15T11:30Z",
        "to": "dana",
        "intent": "inquiry",
        "key": "ask:r1:dana",
    }
    assert changes(ASK, {**ASK, "wait": "1 hour", "open_for": "1 hour"}, sent) == ()


def test_a_part_that_rides_elsewhere_is_told() -> None:
    part = rule(intent="answer", wait="1 hour", open_for="2 weeks")
    old = engine_of({"ask": ASK, "part": part})
    new = engine_of({"ask": ASK, "part": {**part, "join": "inquiry"}})
    assert any("host" in change.kinds for change in difference(old, new).changes)


@cache
def two_engines() -> tuple[Engine, Engine]:
    """The built-in rules, and the same with settings that change some."""
    return builtin_engine(), builtin_engine(settings=ROOT / "tests" / "settings_for_diff.yaml")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_a_comparison_with_itself_is_empty_and_one_with_its_mirror_is_the_mirror(path: Path) -> None:
    old, new = two_engines()
    given = InterviewState.from_yaml(path)
    start = max((event.at for event in given.events), default=START)
    end = start + timedelta(weeks=8)

    def keys(one: Engine, two: Engine, side: Callable[[FollowUpChange], Any]) -> set[Any]:
        found = compare_states((one, given), (two, given), start, end).changes
        return {(course.key, course.sent) for change in found if (course := side(change)) is not None}

    assert keys(old, old, lambda change: change.new) == set()
    assert keys(old, new, lambda change: change.old) == keys(new, old, lambda change: change.new)


def test_words_that_stay_go_and_come() -> None:
    assert word_changes("a b c", "a  b\nc") == ()
    assert [(w.side, w.text) for w in word_changes("a b c", "a x c d")] == [
        ("both", "a"), ("old", "b"), ("new", "x"), ("both", "c"), ("new", "d"),
    ]  # fmt: skip
    long = word_changes("a " * 4000, "b " * 4000)
    assert [word.side for word in long] == ["old", "new"]


# What is told of it


def test_the_summary_counts_states_and_follow_ups() -> None:
    one = difference(engine_of({"ask": ASK}), engine_of({"ask": {**ASK, "wait": "10 days"}}))
    none = difference(engine_of({"ask": ASK}), engine_of({"ask": ASK}))
    assert summary([one, none]) == "1 of 2 states changes: 1 follow-up later"
    assert summary([one, one, none]) == "2 of 3 states change: 2 follow-ups later"
    assert summary([none]) == "nothing changes in 1 state"


def test_the_report_has_nothing_personal_in_it() -> None:
    promise = {"type": "promise", "at": "2026-09-15T11:30Z", "by": "2026-09-30", "who": "dana"}
    given = state(INTERVIEW, promise)
    old = builtin_engine()
    for settings in ("inquiry", "thanks"):
        new = engine_of({"ask": ASK, "hello": rule(intent=settings, to="each interviewer", wait="1 day")})
        found = compare_states(
            (old, given), (new, given), START, START + timedelta(weeks=8), name="initech.yaml"
        )
        assert found.changes
        made = msgspec.json.encode(report((), [found])).decode()
        for personal in ("dana", "lee", "priya", "whitfield", "initech", "ana", "souza", "@"):
            assert f'"{personal}' not in made.casefold()
            assert f":{personal}" not in made.casefold()


# The command


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--no-plugins", "rules", "diff", *arguments])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`old/` and `new/`, two versions of one rule, and `states/` with a state."""
    monkeypatch.chdir(tmp_path)
    for name, wait in (("old", "1 week"), ("new", "10 days")):
        (tmp_path / name / "messages").mkdir(parents=True)
        (tmp_path / name / "scenario.yaml").write_text(
            "format: 1\nscenario: mine\nrules:\n  remind:\n    title: Look back\n    intent: task\n"
            f"    after: interview\n    to: self\n    wait: {wait}\n    open_for: 1 week\n",
            "utf-8",
        )
        (tmp_path / name / "messages" / "remind.md").write_text("---\nsubject: Look back\n---\nHow was it?\n")
    (tmp_path / "states").mkdir()
    (tmp_path / "states" / "initech.json").write_bytes(state(INTERVIEW).to_json())
    return tmp_path


WHEN = ("--from", "2026-09-15T12:00Z", "--until", "4 weeks")


def test_the_command_tells_what_differs_in_rules_and_states(folder: Path) -> None:
    done = run("old", "new", "--states", "states", *WHEN)
    assert done.exit_code == 1, done.output
    text = " ".join(done.stdout.split())
    assert "1 of 1 state changes: 1 follow-up later" in text
    assert "rule remind changed old/scenario.yaml:4 → new/scenario.yaml:4 wait 1 week → 10 days" in text
    assert "Look back remind" in text
    assert "3 days later → yourself remind:r1:self" in text
    assert "goes out Tue 22 Sep, 11:00 → Fri 25 Sep, 11:00" in text


def test_without_a_difference_the_exit_code_is_0(folder: Path) -> None:
    done = run("old", "old", "--states", "states", *WHEN)
    assert (done.exit_code, "No rule and no guard differs" in done.stdout) == (0, True)
    assert run("builtin", "builtin").exit_code == 0


def test_states_may_follow_one_another_as_a_shell_writes_them(folder: Path) -> None:
    (folder / "states" / "other.json").write_bytes(state(INTERVIEW).to_json())
    done = run("old", "new", "--states", "states/initech.json", "states/other.json", *WHEN)
    assert "2 of 2 states change" in done.stdout


def test_without_states_the_rules_alone_are_compared(folder: Path) -> None:
    done = run("old", "new")
    assert done.exit_code == 1
    assert "Name your states with --states" in done.stdout


def test_one_moment_alone_may_be_compared(folder: Path) -> None:
    done = run("old", "new", "--states", "states", "--now", "2026-09-23T12:00Z", "--format", "json")
    [found] = json.loads(done.stdout)["differences"]
    [change] = found["changes"]
    assert (change["old"]["status"], change["new"]["status"]) == ("due", "scheduled")
    assert "name --now" in run("old", "new", "--now", "2026-09-23", *WHEN[:2]).stderr


def test_from_the_last_event_each_state_has_its_own_beginning(folder: Path) -> None:
    done = run("old", "new", "--states", "states", "--from", "last", "--format", "json")
    [found] = json.loads(done.stdout)["differences"]
    assert found["start"] == "2026-09-15T10:00:00Z"


def test_markdown_says_the_same(folder: Path) -> None:
    done = run("old", "new", "--states", "states", *WHEN, "--format", "markdown")
    assert "- wait: 1 week → 10 days" in done.stdout
    assert "    - goes out: Tue 22 Sep, 11:00 → Fri 25 Sep, 11:00" in done.stdout


def test_a_settings_file_is_a_side_too(folder: Path) -> None:
    (folder / "settings.yaml").write_text("format: 1\noverrides: {ask-contact: off}\n")
    done = run("builtin", "settings.yaml")
    assert "rule ask-contact gone" in " ".join(done.stdout.split())


def test_a_scenario_in_a_folder_stands_in_place_of_the_built_in_one(folder: Path) -> None:
    import shutil

    shutil.copytree(ROOT / "rules", folder / "rules")
    scenario = folder / "rules" / "silence" / "scenario.yaml"
    scenario.write_text(
        scenario.read_text("utf-8").replace(
            "inquiry_wait:\n    default: 1 week", "inquiry_wait:\n    default: 9 days"
        ),
        "utf-8",
    )
    done = run("builtin", "rules", "--states", "states", *WHEN)
    assert "wait 1 week → 9 days" in " ".join(done.stdout.split())
    assert "rule inquiry changed" in " ".join(done.stdout.split())


def test_a_folder_as_git_had_it_is_a_side(folder: Path) -> None:
    who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.example", "GIT_COMMITTER_NAME": "a",
           "GIT_COMMITTER_EMAIL": "a@b.example", "GIT_CONFIG_GLOBAL": os.devnull}  # fmt: skip
    for command in (["init", "-q"], ["add", "old"], ["commit", "-qm", "one"]):
        subprocess.run(["git", *command], check=True, env={**os.environ, **who})
    text = (folder / "old" / "scenario.yaml").read_text("utf-8")
    (folder / "old" / "scenario.yaml").write_text(
        text.replace("1 week\n    open", "2 weeks\n    open"), "utf-8"
    )
    assert "wait 1 week → 2 weeks" in " ".join(run("HEAD:old", "old").stdout.split())
    assert "git does not give HEAD:none" in run("HEAD:none", "old").stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nosuch", "builtin"), "there is no nosuch"),
        (("states", "builtin"), "holds no scenario"),
        (("old", "new", "--states", "old/messages"), "holds no state"),
        (("old", "new", "--states", "nosuch.yaml"), "nosuch.yaml"),
        (("old", "new", "--states", "states", "--until", "soon"), "--until"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(
    folder: Path, arguments: tuple[str, ...], told: str
) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert told in done.stderr
    assert "Traceback" not in done.output


def test_a_state_that_cannot_be_read_does_not_hide_the_others(folder: Path) -> None:
    (folder / "states" / "bad.yaml").write_text("format: 1\n")
    done = run("old", "new", "--states", "states", *WHEN)
    assert done.exit_code == 2
    assert "bad.yaml" in done.stderr
    assert "1 follow-up later" in done.stdout


def test_a_state_that_only_the_new_rules_can_read_says_so(folder: Path) -> None:
    scenario = folder / "new" / "scenario.yaml"
    scenario.write_text(scenario.read_text("utf-8") + "events: {visit: {}}\n", "utf-8")
    visit = {"type": "visit", "at": "2026-09-15T11:00Z"}
    plain = {**json.loads(state(INTERVIEW).to_json()), "events": [INTERVIEW, visit]}
    (folder / "states" / "initech.json").write_text(json.dumps(plain))
    done = run("old", "new", "--states", "states", *WHEN)
    assert done.exit_code == 2
    assert "under the old rules" in done.stderr


def test_times_are_shown_in_the_zone_of_each_state() -> None:
    given = state(INTERVIEW, candidate={"name": "Ana", "timezone": "America/Chicago"})
    old, new = engine_of({"ask": ASK}), engine_of({"ask": {**ASK, "wait": "10 days"}})
    found = compare_states((old, given), (new, given), START, datetime.fromisoformat("2026-11-01T00:00Z"))
    assert found.zone == "America/Chicago"
