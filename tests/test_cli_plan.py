from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from followup.cli.root import cli
from followup.engine import Engine
from followup.states import read_file

NOW = "2026-11-27T10:00-06:00"
STATE = """\
format: 1
candidate: {name: Ana Souza, timezone: America/Chicago}
company: {name: Initech, timezone: America/Chicago}
position: {title: Data Engineer}
people: {dana: {name: Dana Whitfield, role: hiring manager, email: dana@initech.example}}
events:
  - {type: interview, id: r1, at: 2026-11-20T10:00-06:00, with: [dana]}
"""


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load()


@pytest.fixture
def state(tmp_path: Path) -> Path:
    path = tmp_path / "initech.yaml"
    path.write_text(STATE, "utf-8")
    return path


def invoke(*arguments: object, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], input=text)


def test_json_of_one_state_is_the_plan(state: Path, engine: Engine) -> None:
    done = invoke("plan", state, "--now", NOW, "--format", "json")
    reading = read_file(state, vocabulary=engine.vocabulary)
    assert done.exit_code == 0
    assert done.stdout_bytes == engine.plan(reading.state, datetime.fromisoformat(NOW)).to_json() + b"\n"


def test_a_state_may_come_from_standard_input(state: Path) -> None:
    piped = invoke("plan", "-", "--now", NOW, "--format", "json", text=STATE)
    assert piped.stdout == invoke("plan", state, "--now", NOW, "--format", "json").stdout


def test_standard_input_is_read_only_once() -> None:
    done = invoke("plan", "-", "-", "--now", NOW, text=STATE)
    assert done.exit_code == 2
    assert "only once" in done.stderr


def test_standard_input_that_is_not_utf8_is_told_with_its_place() -> None:
    done = CliRunner().invoke(cli, ["plan", "-", "--now", NOW], input=b"format: 1\nname: \xff\n")
    assert done.exit_code == 2
    assert done.stderr.startswith("standard input:2:7: ")


def test_a_local_time_is_taken_on_the_candidates_clocks_and_said(state: Path) -> None:
    local = invoke("plan", state, "--now", "2026-11-27 10:00", "--format", "json")
    assert local.stdout == invoke("plan", state, "--now", NOW, "--format", "json").stdout
    assert "America/Chicago" in local.stderr


def test_without_now_the_present_is_planned(state: Path) -> None:
    done = invoke("plan", state, "--format", "json")
    assert datetime.fromisoformat(json.loads(done.stdout)["now"]).tzinfo is not None


def test_a_time_that_is_none_is_exit_code_2(state: Path) -> None:
    done = invoke("plan", state, "--now", "tomorrow")
    assert done.exit_code == 2
    assert done.stderr.startswith("followup: --now: `tomorrow` is not a time;")


def test_drafts_may_be_left_out(state: Path) -> None:
    plan = json.loads(invoke("plan", state, "--now", NOW, "--format", "json", "--no-drafts").stdout)
    assert all(followup.get("draft") is None for followup in plan["followups"])


def test_of_several_states_each_is_a_line_and_a_bad_one_stops_no_other(state: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("format: 1\n", "utf-8")
    done = invoke("plan", state, bad, state, "--now", NOW, "--format", "json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 2
    assert [line["state"] for line in lines] == [str(state), str(bad), str(state)]
    assert lines[0]["plan"] == lines[2]["plan"]
    assert lines[1]["problems"] == done.stderr.splitlines()


def test_each_of_several_states_has_its_heading(state: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(STATE.replace("Initech", "Umbrella"), "utf-8")
    shown = invoke("plan", state, other, "--now", NOW).stdout
    assert shown.index("Data Engineer at Initech") < shown.index("Data Engineer at Umbrella")


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_every_pending_follow_up_is_shown_and_with_all_every_one(
    state: Path, engine: Engine, form: str
) -> None:
    plan = engine.plan(read_file(state).state, datetime.fromisoformat(NOW))
    shown = invoke("plan", state, "--now", NOW, "--format", form).stdout
    everything = invoke("plan", state, "--now", NOW, "--format", form, "--all").stdout
    assert all(followup.key in shown for followup in plan.pending)
    assert all(followup.key in everything for followup in plan.followups if followup.host is None)
    assert all(silent.rule in everything for silent in plan.silent)


RIDER = """\
format: 1
scenario: rider
rules:
  wish:
    title: Pass on a wish
    intent: share
    after: interview
    open_for: 4 weeks
    join: [inquiry]
    to: lead
    via: email
    message: wish
guards:
  wish-alone:
    for: {rule: wish}
    hold: {while: {rounds: {at_least: 1}}}
    because: it rides in the next question
"""


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_a_part_without_a_message_to_ride_in_is_no_worry_and_shown_apart(state: Path, form: str) -> None:
    folder = state.parent / "rider"
    (folder / "messages").mkdir(parents=True)
    (folder / "scenario.yaml").write_text(RIDER, "utf-8")
    words = "A wish of mine."
    wish = f"---\nsubject: A wish\npart: {words}\n---\n{{{{ greeting }}}}\n\n{words}\n\n{{{{ signature }}}}\n"
    (folder / "messages" / "wish.md").write_text(wish, "utf-8")
    asked = "  - {type: sent, at: 2026-11-26T10:00-06:00, intent: inquiry, channel: email, to: dana}\n"
    state.write_text(STATE + asked, "utf-8")
    shown = invoke("--rules", folder, "plan", state, "--now", NOW, "--format", form).stdout
    held, _, waiting = shown.partition("Waiting to ride along")
    assert "Pass on a wish" not in held
    assert "Pass on a wish" in waiting
    assert "goes out only inside another message to them: an inquiry" in " ".join(waiting.split())
    played = invoke("--rules", folder, "simulate", state, "--now", NOW, "--format", form)
    assert "Pass on a wish" not in played.stdout


def test_nothing_due_ever_says_why(state: Path) -> None:
    text = STATE.replace("candidate:", "instructions: {no_contact: true}\ncandidate:")
    state.write_text(text, "utf-8")
    shown = " ".join(invoke("plan", state, "--now", "2027-06-01T10:00-06:00").stdout.split())
    assert "nothing will be unless something happens: they asked not to be contacted." in shown


def test_nothing_due_says_so_and_what_comes_next(state: Path) -> None:
    state.write_text(STATE.partition("events:")[0], "utf-8")
    shown = invoke("plan", state, "--now", NOW).stdout
    assert "Nothing is due" in shown
    assert "events:" in shown


def test_lines_fit_the_terminal_and_end_without_spaces(state: Path) -> None:
    runner = CliRunner(env={"COLUMNS": "80"})
    lines = runner.invoke(cli, ["plan", str(state), "--now", NOW, "--all", "--drafts"]).stdout.splitlines()
    assert all(len(line) <= 80 and line == line.rstrip() for line in lines)


def test_what_steers_a_terminal_is_not_passed_on(state: Path) -> None:
    state.write_text(STATE.replace("name: Initech", 'name: "Ini\\u202Etech"'), "utf-8")
    shown = invoke("plan", state, "--now", NOW).stdout
    assert "\u202e" not in shown
    assert "\x1b" not in shown


def test_the_demo_tells_three_moments(engine: Engine) -> None:
    shown = invoke("demo").stdout
    assert "The evening of the interview" in shown
    assert "A week later" in shown
    moments = json.loads(invoke("demo", "--format", "json").stdout)["moments"]
    assert [moment["plan"]["now"][:10] for moment in moments] == ["2026-11-20", "2026-11-27", "2026-12-02"]
    if "email" in engine.channels:
        statuses = [{f["rule"]: f["status"] for f in moment["plan"]["followups"]} for moment in moments]
        assert statuses[1]["inquiry"] == "held"
        assert statuses[2]["broken-promise"] == "due"


def test_the_demos_state_can_be_planned(tmp_path: Path) -> None:
    path = tmp_path / "initech.yaml"
    path.write_text(invoke("demo", "--state").stdout, "utf-8")
    assert invoke("plan", path, "--now", NOW).exit_code == 0


def test_explain_draws_conditions_and_guards(state: Path) -> None:
    done = invoke("explain", state, "inquiry", "--now", NOW)
    assert done.exit_code == 0
    assert "stage is awaiting" in done.stdout
    assert "scenario.yaml:" in done.stdout


def test_explain_without_a_rule_has_a_line_for_each(state: Path, engine: Engine) -> None:
    shown = invoke("explain", state, "--now", NOW).stdout
    assert all(rule in shown for rule in engine.rules)


def test_explain_as_json_is_one_object(state: Path) -> None:
    found = json.loads(invoke("explain", state, "inquiry", "--now", NOW, "--format", "json").stdout)
    assert [each["rule"] for each in found["explanations"]] == ["inquiry"]


def test_explaining_a_misspelt_rule_names_the_nearest(state: Path) -> None:
    done = invoke("explain", state, "inqiry", "--now", NOW)
    assert done.exit_code == 2
    assert "did you mean `inquiry`?" in done.stderr


SIMULATE = ("--now", NOW, "--until", "6 weeks")


@pytest.mark.parametrize(
    "event",
    [
        "reply from=dana in=10 days",
        "{type: reply, from: dana, in: 10 days}",
        "reply at=2026-12-07T10:00-06:00 from=dana",
    ],
)
def test_an_event_may_be_written_in_either_way(state: Path, event: str) -> None:
    found = json.loads(invoke("simulate", state, *SIMULATE, "--with", event, "--format", "json").stdout)
    moments = [datetime.fromisoformat(step["at"]) for step in found["steps"]]
    assert datetime.fromisoformat("2026-12-07T10:00-06:00") in moments


def test_a_value_may_hold_spaces(state: Path) -> None:
    event = "promise by=2026-12-18 who=dana words=we need more time in=1 day"
    assert invoke("simulate", state, *SIMULATE, "--with", event).exit_code == 0


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("reply from=nobody in=1 day", "nobody"),
        ("reply in=1 fortnight", "--with"),
        ("reply", "has no time"),
        ("reply in=1 day at=2026-12-07T10:00Z", "both `at` and `in`"),
        ("reply now", "is not `key=value`"),
        ("reply from=dana from=dana in=1 day", "stands twice"),
        ("{from: dana, in: 1 day}", "has no `type`"),
        ("{type: reply", "cannot be read"),
        ("", "event type"),
    ],
)
def test_an_event_that_is_wrong_is_told_and_nothing_is_played(state: Path, event: str, told: str) -> None:
    done = invoke("simulate", state, *SIMULATE, "--with", event)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert told in done.stderr


def test_a_simulation_must_end_after_it_begins(state: Path) -> None:
    done = invoke("simulate", state, "--now", NOW, "--until", "2026-11-01")
    assert done.exit_code == 2
    assert "is not after now" in done.stderr


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_a_simulation_is_drawn(state: Path, form: str) -> None:
    shown = invoke("simulate", state, *SIMULATE, "--with", "rejection in=2 days", "--format", form).stdout
    assert "Sun 29 Nov, 10:00" in shown


def test_what_turns_the_direction_of_writing_is_in_no_complaint(state: Path) -> None:
    state.write_text(STATE.replace("role:", '"ro\u202ele":'), "utf-8")
    for arguments in (["plan", state], ["explain", state, "no\u202erule\x9b"], ["explain", state, "silence"]):
        told = invoke(*arguments, "--now", NOW)
        assert told.exit_code == 2
        assert not {"\u202e", "\x9b"} & set(told.output)


def test_a_note_to_yourself_holds_nothing_hidden(state: Path, engine: Engine) -> None:
    state.write_text(STATE.replace("name: Initech", 'name: "\u202eInitech\u200b"'), "utf-8")
    plan = engine.plan(read_file(state).state, datetime.fromisoformat("2027-03-01T10:00-06:00"))
    notes = [each.draft for each in plan.followups if each.channel == "self" and each.draft]
    assert notes
    for draft in notes:
        assert not {"\u202e", "\u200b"} & set(draft.subject + draft.body)
