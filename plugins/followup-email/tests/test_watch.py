"""`followup watch`: told once, and sent only as the policy allows, by a real server on loopback."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from followup.cli.root import cli
from followup.cli.times import uptime

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

NOON = "2026-09-15T12:00-05:00"
EVENING = "2026-09-15T19:00-05:00"
KEY = "thank-you:r1:dana"
STATE = """\
format: 1
candidate: {name: Ana Souza, email: ana@souza.example, timezone: America/Chicago}
company: {name: Initech, country: US, timezone: America/Chicago}
position: {title: Data Engineer}
people:
  dana: {name: Dana Whitfield, role: hiring manager, email: dana@initech.example}
  lee: {name: Lee Okafor, role: interviewer, email: lee@initech.example}
events:
  - {type: interview, id: r1, at: 2026-09-15T10:00-05:00, with: [dana, lee], topics: {dana: [the pipelines]}}
"""
POLICY = """\
format: 1
send:
  - intents: [thanks]
    channels: [email]
    to: [hiring manager]
    hours: {after: 08:00, before: 18:00}
    warnings: true
"""


@pytest.fixture
def start(store_of: Any, tmp_path: Path) -> Callable[..., Any]:
    def started(faults: dict[str, str] | None = None, policy: str = POLICY) -> Any:
        (tmp_path / "config").mkdir()
        (tmp_path / "config" / "policy.yaml").write_text(policy, "utf-8")
        return store_of(STATE, faults)

    return started


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


def watch(now: str = NOON, *words: str) -> Result:
    return run("watch", "--once", "--now", now, *words)


def news(now: str = NOON) -> list[tuple[str, str]]:
    told = watch(now, "--format", "json").stdout.splitlines()
    return [(each["what"], each["key"]) for each in map(json.loads, told)]


def test_it_sends_what_the_policy_allows_and_tells_the_rest_once(start: Callable[..., Any]) -> None:
    post = start()
    shown = run("today", "--now", NOON)
    assert "Goes out by itself: policy.yaml:3" in shown.output
    told = news()
    assert ("due", "thank-you:r1:lee") in told
    assert told[-1] == ("sent", KEY)
    assert [envelope.rcpt_tos for envelope in post.seen] == [["dana@initech.example"]]
    assert news() == []
    assert len(post.seen) == 1


@pytest.mark.parametrize(
    "policy",
    [
        "format: 1\n",
        POLICY.replace("[thanks]", "[inquiry]"),
        POLICY.replace("[email]", "[linkedin]"),
        POLICY.replace("[hiring manager]", "[recruiter]"),
        POLICY.replace("    to:", "    opportunities: [hooli]\n    to:"),
        POLICY + "most_a_day: 0\n",
    ],
)
def test_what_the_policy_does_not_allow_is_not_sent(start: Callable[..., Any], policy: str) -> None:
    post = start(policy=policy)
    assert ("due", KEY) in news()
    assert post.commands == []


def test_it_waits_for_its_hours_on_the_clocks_of_whom_it_goes_to(start: Callable[..., Any]) -> None:
    post = start()
    assert ("sent", KEY) not in news(EVENING)
    assert "Goes out by itself" in run("today", "--now", EVENING).output
    assert post.commands == []


def test_what_fails_is_tried_three_times_and_what_is_in_doubt_never_again(start: Callable[..., Any]) -> None:
    post = start({"RCPT": "451 later"})
    assert watch().exit_code == 1
    for _ in range(4):
        watch()
    assert post.commands.count("RCPT") == 3


def test_what_keeps_it_from_sending_is_told_once(start: Callable[..., Any], tmp_path: Path) -> None:
    post = start()
    (tmp_path / "email.yaml").unlink()
    first = watch()
    assert first.exit_code == 1
    assert "there are no accounts yet" in first.output
    assert news() == []
    assert post.commands == []


def test_a_doubt_is_told_and_left_to_the_person(start: Callable[..., Any]) -> None:
    post = start({"final dot": "cut, taken"})
    doubt = watch()
    assert doubt.exit_code == 3
    assert "It may have been sent, and is not sent again" in doubt.output
    post.faults.clear()
    assert news() == []
    assert len(post.seen) == 1


def test_drafts_lie_in_a_folder_as_long_as_they_are_due(start: Callable[..., Any], tmp_path: Path) -> None:
    start(policy="format: 1\n")
    folder = tmp_path / "drafts"
    watch(NOON, "--drafts", str(folder))
    files = {path.name: path for path in folder.glob("*.eml")}
    assert len(files) == 2
    mine = files[next(name for name in files if "lee" in name)]
    mine.write_text("my own words", "utf-8")
    for person in ("dana", "lee"):
        run("skip", "initech", f"thank-you:r1:{person}", "--now", NOON)
    watch(NOON, "--drafts", str(folder))
    assert [path.name for path in folder.glob("*.eml")] == [mine.name]
    assert mine.read_text("utf-8") == "my own words"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell how long they have run")
def test_a_clock_that_was_set_sends_nothing_until_somebody_says_that_it_is_right(
    start: Callable[..., Any], tmp_path: Path
) -> None:
    post = start(policy=POLICY.replace("{after: 08:00, before: 18:00}", "{days: every day}"))
    now = datetime.now(UTC)  # noqa: TID251
    interview = f"- {{type: interview, id: r1, at: {now - timedelta(hours=3):%Y-%m-%dT%H:%M}Z, with: [dana]}}"
    state = STATE.partition("  - {type: interview")[0] + f"  {interview}\n"
    (tmp_path / "hooli.yaml").write_text(state.replace("Initech", "Hooli"), "utf-8")
    assert run("retire", "initech").exit_code == 0
    assert run("add", str(tmp_path / "hooli.yaml")).exit_code == 0
    boot, ran = uptime()
    known = {"boot": boot, "offset": now.timestamp() - ran - 86_400}
    (tmp_path / "home" / "clock.json").write_text(json.dumps(known), "utf-8")
    for _ in range(4):
        held = run("watch", "--once")
        assert held.exit_code == 1
        assert "the clock was set ahead by 1440 minutes" in held.output
    assert post.commands == []
    assert "sent: hooli" in run("watch", "--once", "--clock-is-right").output
    assert len(post.seen) == 1


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("[thanks]", "[thank]", "policy.yaml:3:15: there is no intent `thank`; did you mean `thanks`?"),
        ("[email]", "[e-mail]", "policy.yaml:4:16: there is no channel `e-mail`"),
        ("before: 18:00", "before: 07:00", "the hours end before they begin"),
        ("after: 08:00", "after: 8", "policy.yaml:6:20"),
        ("intents", "intent", "did you mean `intents`?"),
    ],
)
def test_what_is_wrong_with_a_policy_is_told_where_it_stands(
    start: Callable[..., Any], was: str, becomes: str, told: str
) -> None:
    post = start(policy=POLICY.replace(was, becomes))
    refused = watch()
    assert refused.exit_code == 2
    assert told in refused.output
    assert post.commands == []
