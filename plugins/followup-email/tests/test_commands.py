"""`followup email` as people use it, against a real server on loopback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from followup import InterviewState
from followup.cli.options import Options
from followup.cli.root import cli

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

NOW = "2026-09-23T09:30-05:00"
MAIN = "from followup.cli import main; main()"
KEY = "inquiry:r1:dana"
STATE = """\
format: 1
candidate: {name: Ana Souza, email: ana@souza.example, timezone: America/Chicago}
company: {name: Initech, culture: relaxed, country: US, timezone: America/Chicago}
position: {title: Data Engineer}
people:
  dana: {name: Dana Whitfield, role: hiring manager, email: dana@initech.example}
events:
  - {type: interview, id: r1, at: 2026-09-15T10:00-05:00, with: [dana]}
  # the note that I sent by hand
  - type: sent
    at: 2026-09-15T15:00-05:00
    to: dana
    intent: thanks
    message_id: <1@souza.example>
    subject: Thank you
"""


@pytest.fixture
def state(tmp_path: Path) -> Path:
    path = tmp_path / "initech.yaml"
    path.write_text(STATE, "utf-8")
    return path


@cache
def kept_options() -> Options:
    """The options before the command; its engine is loaded once for all tests of this file."""
    return Options()


def run(state: Path, command: str, *words: str, stdin: str | None = None) -> Result:
    given = ["email", command, *words, "--accounts", str(state.with_name("email.yaml"))]
    return CliRunner().invoke(cli, given, input=stdin, obj=kept_options())


def send(state: Path, *words: str) -> Result:
    return run(state, "send", str(state), KEY, "--now", NOW, *words)


def marks(state: Path) -> list[str]:
    return [path.name for path in state.parent.glob(".*.sending")]


def test_send_shows_what_goes_out_sends_it_once_and_notes_it_in_the_state(
    state: Path, accounts: Callable[..., Any]
) -> None:
    post = accounts()
    done = send(state, "--yes")
    assert done.exit_code == 0, done.output
    for line in (
        "  From: Ana Souza <ana@souza.example>",
        "  To: Dana Whitfield <dana@initech.example>",
        "  Subject: Re: Thank you",
        "  In-Reply-To: <1@souza.example>",
        "  Hi Dana,",
        "Sent: 250 taken as 4711",
    ):
        assert line in done.output.splitlines()
    assert len(post.seen) == 1
    event = InterviewState.from_yaml(state).to_dict()["events"][-1]
    assert (event["key"], event["channel"], event["subject"]) == (KEY, "email", "Re: Thank you")
    assert event["references"] == ["<1@souza.example>"]
    assert f"Message-ID: {event['message_id']}" in post.seen[0].original_content.decode()
    assert "# the note that I sent by hand" in state.read_text("utf-8")
    again = send(state, "--yes")
    assert again.exit_code == 2
    assert "is done" in again.output
    assert (len(post.seen), marks(state)) == (1, [])


def test_without_a_terminal_and_without_yes_nothing_is_sent(
    state: Path, accounts: Callable[..., Any]
) -> None:
    post = accounts()
    refused = send(state)
    assert refused.exit_code == 2
    assert "`--yes` is your word for this one message" in refused.output
    assert post.commands == []


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
@pytest.mark.parametrize(("answer", "arrived"), [("n", 0), ("y", 1)])
def test_on_a_terminal_it_asks(state: Path, accounts: Callable[..., Any], answer: str, arrived: int) -> None:
    post = accounts()
    terminal, other_end = os.openpty()
    os.write(terminal, f"{answer}\n".encode())
    command = [sys.executable, "-c", MAIN, "email", "send", str(state), KEY, "--now", NOW]
    done = subprocess.run(
        [*command, "--accounts", str(state.with_name("email.yaml"))],
        stdin=other_end, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    os.close(terminal)
    os.close(other_end)
    assert "Send it? [y/N]" in done.stdout
    assert ("Nothing was sent." in done.stdout) is (arrived == 0)
    assert len(post.seen) == arrived


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("{type: reply, at: 2026-09-22T09:00-05:00, from: dana}", "is moot"),
        ("{type: rejection, at: 2026-09-22T09:00-05:00, from: dana}", "is moot"),
        ("{type: promise, at: 2026-09-22T09:00-05:00, who: dana, by: 2026-10-01}", "is"),
    ],
)
def test_what_is_not_due_is_not_sent(
    state: Path, accounts: Callable[..., Any], event: str, told: str
) -> None:
    post = accounts()
    state.write_text(f"{STATE}  - {event}\n", "utf-8")
    refused = send(state, "--yes")
    assert refused.exit_code == 2
    assert told in refused.output or "has no follow-up" in refused.output
    assert post.commands == []


def test_what_happens_while_the_message_is_made_ready_stops_it(
    state: Path, accounts: Callable[..., Any]
) -> None:
    post = accounts()
    answer = post._answer

    def a_refusal_comes_in(command: str) -> str | None:
        if command == "RCPT":
            refusal = "{type: rejection, at: 2026-09-23T09:00-05:00, from: dana}"
            state.write_text(f"{STATE}  - {refusal}\n", "utf-8")
        answered: str | None = answer(command)
        return answered

    post._answer = a_refusal_comes_in
    stopped = send(state, "--yes")
    assert stopped.exit_code == 1
    assert "in the meantime the plan has changed" in stopped.output
    assert (post.seen, marks(state)) == ([], [])


def test_a_refused_message_leaves_all_as_it_was(state: Path, accounts: Callable[..., Any]) -> None:
    post = accounts({"final dot": "554 no"})
    refused = send(state, "--yes")
    assert refused.exit_code == 1
    assert "did not take the message: 554 no" in refused.output
    assert (state.read_text("utf-8"), marks(state)) == (STATE, [])
    post.faults.clear()
    assert send(state, "--yes").exit_code == 0


def test_a_message_in_doubt_is_not_sent_again_until_somebody_has_looked(
    state: Path, accounts: Callable[..., Any]
) -> None:
    post = accounts({"final dot": "cut, taken"})
    doubt = send(state, "--yes")
    assert doubt.exit_code == 3
    assert "may have arrived; look for <followup." in doubt.output
    post.faults.clear()
    [mark] = marks(state)
    asked = [*post.commands]
    again = send(state, "--yes")
    assert again.exit_code == 3
    assert "may have been sent already" in again.output
    assert (len(post.seen), post.commands) == (1, asked)
    event = (state.parent / mark).read_text("utf-8").splitlines()[-1]
    state.write_text(f"{STATE}  {event}\n", "utf-8")
    assert "is done" in send(state, "--yes").output
    state.write_text(STATE, "utf-8")
    (state.parent / mark).unlink()
    assert send(state, "--yes").exit_code == 0


def test_an_interruption_while_they_part_does_not_hide_that_the_message_was_taken(
    state: Path, accounts: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    import smtplib

    def interrupted(_: smtplib.SMTP) -> None:
        raise KeyboardInterrupt

    post = accounts()
    monkeypatch.setattr(smtplib.SMTP, "quit", interrupted)
    done = send(state, "--yes")
    assert done.exit_code == 0
    assert "Sent: 250 taken as 4711" in done.output
    assert (len(post.seen), marks(state)) == (1, [])


@pytest.mark.parametrize(("step", "again"), [("RCPT", 0), ("final dot", 3)])
def test_a_process_that_is_killed_leaves_doubt_if_the_words_had_left_and_else_nothing(
    state: Path, accounts: Callable[..., Any], step: str, again: int
) -> None:
    post = accounts()
    process = subprocess.Popen(
        [sys.executable, "-c", MAIN, "email", "send", str(state), KEY, "--now", NOW, "--yes"],
        env={**os.environ, "FOLLOWUP_EMAIL_ACCOUNTS": str(state.with_name("email.yaml"))},
        stdout=subprocess.DEVNULL,
    )

    class Killing(dict[str, str]):
        """No fault of the server; the process dies while it waits for the answer."""

        def get(self, command: str, default: Any = None) -> Any:
            if command == step:
                process.kill()
            return default

    post.faults = Killing()
    assert process.wait(timeout=60) != 0
    post.faults = {}
    assert send(state, "--yes").exit_code == again
    assert len(post.seen) == 1
    assert (KEY in state.read_text("utf-8"), len(marks(state))) == ((True, 0) if again == 0 else (False, 1))


def test_a_reader_that_goes_away_keeps_no_sent_message_from_being_noted(
    state: Path, accounts: Callable[..., Any]
) -> None:
    post = accounts()
    words = ["email", "send", str(state), KEY, "--now", NOW, "--yes"]
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", MAIN, *words, "--accounts", str(state.with_name("email.yaml"))],
        stdout=writing,
        stderr=subprocess.PIPE,
    )
    os.close(writing)

    class GoingAway(dict[str, str]):
        """No fault of the server; the reader leaves while it takes the message."""

        def get(self, command: str, default: Any = None) -> Any:
            if command == "final dot":
                os.close(reading)
            return default

    post.faults = GoingAway()
    _, told = process.communicate(timeout=60)
    assert process.returncode not in (1, 2, 3)
    assert (len(post.seen), marks(state), told) == (1, [], b"")
    assert InterviewState.from_yaml(state).to_dict()["events"][-1]["key"] == KEY


def test_check_says_what_was_found_and_sends_nothing(state: Path, accounts: Callable[..., Any]) -> None:
    post = accounts()
    found = run(state, "check")
    assert found.exit_code == 0
    assert "smtp localhost: authenticated; takes up to" in found.output
    assert "addresses of any script" in found.output
    assert post.commands == ["EHLO", "AUTH", "QUIT"]


def test_check_fails_in_words_without_the_password(
    state: Path, accounts: Callable[..., Any], password_file: Path
) -> None:
    accounts()
    password_file.write_text("hunter2", "utf-8")
    found = run(state, "check", "home")
    assert found.exit_code == 1
    assert "failed: localhost refused the password: 535" in found.output
    assert "hunter2" not in found.output
    assert run(state, "check", "hme").exit_code == 2


def test_a_wrong_name_gets_a_cure(state: Path, accounts: Callable[..., Any]) -> None:
    accounts()
    wrong = run(state, "send", str(state), "inquiry:r1:dan", "--now", NOW, "--yes")
    assert wrong.exit_code == 2
    assert f"did you mean `{KEY}`?" in wrong.output
    nowhere = run(state, "draft", str(state), KEY, "--now", NOW)
    assert nowhere.exit_code == 2
    assert "has no `imap`" in nowhere.output


def test_an_engine_loads_without_what_only_the_command_needs() -> None:
    code = "import sys; from followup import Engine; Engine.load(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "followup_email.channel" in done.stdout.split()
    assert not {"imap_tools", "smtplib", "keyring", "followup_email.message"} & {*done.stdout.split()}


def test_the_readme_shows_what_is_printed(
    state: Path, accounts: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(state.parent)
    page = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    [state_shown] = re.findall(r'```yaml title="initech.yaml"\n(.*?)```', page, re.DOTALL)
    state.write_text(state_shown, "utf-8")
    accounts()
    shown = dict(re.findall(r"```console\n\$ followup email (.*?)\n(.*?)```", page, re.DOTALL))
    check, draft, sending = shown
    assert "has no `imap`" in run(state, *draft.split()).output
    for command, there in ((check, shown[check]), (f"{sending} --yes", shown[sending])):
        lines = [line for line in there.splitlines() if not line.startswith(("Send it?", "  imap "))]
        real = run(state, *command.split()).output.replace("localhost", "smtp.souza.example")
        assert [line for line in real.splitlines() if not line.startswith("  no `imap`")] == lines


def test_a_title_of_several_lines_cannot_look_like_a_header(
    state: Path, accounts: Callable[..., Any]
) -> None:
    state.write_text(STATE.replace("Data Engineer", '"Engineer\\n  To: Kim <kim@other.example>"'), "utf-8")
    accounts()
    shown = send(state, "--yes").output
    assert shown.startswith("Engineer To: Kim <kim@other.example> at Initech, as of")
    assert [line for line in shown.splitlines() if line.startswith("  To: ")] == [
        "  To: Dana Whitfield <dana@initech.example>"
    ]
