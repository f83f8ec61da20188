"""`followup send` and `followup outbox` as people use them, by a real server on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from followup.cli.root import cli

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

NOW = "2026-09-15T12:00-05:00"
KEY = "thank-you:r1:dana"
MAIN = "from followup.cli import main; main()"
STATE = """\
format: 1
candidate: {name: Ana Souza, email: ana@souza.example, timezone: America/Chicago}
company: {name: Initech, culture: relaxed, country: US, timezone: America/Chicago}
position: {title: Data Engineer}
people:
  dana: {name: Dana Whitfield, role: hiring manager, email: dana@initech.example}
events:
  - {type: interview, id: r1, at: 2026-09-15T10:00-05:00, with: [dana]}
"""


@pytest.fixture
def start(store_of: Any) -> Callable[..., Any]:
    """Starts a server that is yours, with the opportunity in a store, and gives what comes in."""
    return partial(store_of, STATE)


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


def send(*words: str) -> Result:
    return run("send", "initech", KEY, "--now", NOW, *words)


def test_it_shows_what_goes_out_sends_it_once_and_writes_that_down(start: Callable[..., Any]) -> None:
    post = start()
    done = send("--yes")
    assert done.exit_code == 0, done.output
    [envelope] = post.seen
    message = message_from_bytes(envelope.original_content, policy=default)
    assert isinstance(message, EmailMessage)
    headers = [f"  {name}: {value}" for name, value in message.items() if not name.startswith("X-")]
    words = [f"  {line}".rstrip() for line in message.get_content().strip().splitlines()]
    assert {*headers, *words, "By email: ana@souza.example by localhost"} <= {*done.output.splitlines()}
    assert "Sent: 250 taken as 4711" in done.output
    again = send("--yes")
    assert (again.exit_code, len(post.seen)) == (1, 1)
    assert "is done" in again.output
    undone = run("undo")
    assert undone.exit_code == 2
    assert "cannot be taken back" in undone.output


def test_without_a_terminal_and_without_yes_nothing_is_sent(start: Callable[..., Any]) -> None:
    post = start()
    refused = send()
    assert (refused.exit_code, post.commands) == (2, [])
    assert "`--yes` is your word for this one message" in refused.output


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
@pytest.mark.parametrize(("answer", "code", "arrived"), [("n", 1, 0), ("y", 0, 1)])
def test_on_a_terminal_it_asks(start: Callable[..., Any], answer: str, code: int, arrived: int) -> None:
    post = start()
    terminal, other_end = os.openpty()
    os.write(terminal, f"{answer}\n".encode())
    command = [sys.executable, "-c", MAIN, "send", "initech", KEY, "--now", NOW]
    done = subprocess.run(command, stdin=other_end, capture_output=True, text=True, timeout=60, check=False)
    os.close(terminal)
    os.close(other_end)
    assert "Send it? [y/N]" in done.stderr
    assert (done.returncode, len(post.seen)) == (code, arrived)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_terminal_shows_the_words_broken_between_words(
    start: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    start()
    monkeypatch.setenv("COLUMNS", "60")
    terminal, other_end = os.openpty()
    os.write(terminal, b"n\n")
    command = [sys.executable, "-c", MAIN, "send", "initech", KEY, "--now", NOW]
    subprocess.run(
        command, stdin=other_end, stdout=other_end, stderr=subprocess.PIPE, timeout=60, check=False
    )
    shown = os.read(terminal, 65536).decode()
    os.close(terminal)
    os.close(other_end)
    _, _, words = shown.replace("\r\n", "\n").partition("\n\n  Hi Dana,\n")
    assert words
    assert max(map(len, words.splitlines())) <= 60
    whole = " ".join(send().output.split())
    assert " ".join(words.partition("Send it?")[0].split()) in whole


def test_for_programs_all_of_it_is_one_object(start: Callable[..., Any]) -> None:
    post = start()
    found = json.loads(send("--yes", "--format", "json").stdout)
    assert (found["outcome"], found["answer"], found["undo"]) == ("sent", "250 taken as 4711", None)
    assert found["message"]["content"].encode() in post.seen[0].original_content
    again = send("--yes", "--format", "json")
    assert json.loads(again.stdout)["outcome"] == "not sent"


def test_what_is_not_due_or_goes_by_nothing_here_is_not_sent(start: Callable[..., Any]) -> None:
    post = start()
    early = run("send", "initech", "inquiry:r1:dana", "--now", NOW, "--yes")
    assert early.exit_code in (1, 2)
    misspelt = run("send", "initech", "thank-you:r1:dan", "--now", NOW, "--yes")
    assert misspelt.exit_code == 2
    assert f"give the whole key: `{KEY}`" in misspelt.output
    assert post.commands == []


def test_a_refusal_that_comes_in_while_the_server_listens_stops_it(start: Callable[..., Any]) -> None:
    post = start()
    answer = post._answer

    def a_refusal_comes_in(command: str) -> str | None:
        if command == "RCPT":
            command_line = [sys.executable, "-c", MAIN, "log", "initech", "rejection", "--now", NOW]
            subprocess.run(command_line, check=True, capture_output=True, timeout=60)
        answered: str | None = answer(command)
        return answered

    post._answer = a_refusal_comes_in
    stopped = send("--yes")
    assert (stopped.exit_code, post.seen) == (1, [])
    assert "reads otherwise by now" in stopped.output


def test_a_message_in_doubt_is_looked_for_settled_by_a_word_and_never_sent_again(
    start: Callable[..., Any], tmp_path: Path
) -> None:
    post = start({"final dot": "cut, taken"})
    doubt = send("--yes")
    assert doubt.exit_code == 3
    assert "it may have been sent, and is not sent again" in doubt.output
    post.faults.clear()
    again = send("--yes")
    assert (again.exit_code, len(post.seen)) == (1, 1)
    listed = run("outbox")
    assert "in doubt, " in listed.output
    assert f"followup outbox settle initech {KEY} --sent (or --not-sent)" in listed.output
    assert json.loads(run("outbox", "look", "--format", "json").stdout)["found"] == []
    identity = json.loads(run("outbox", "--format", "json").stdout)["deliveries"][0]["identity"]
    reply = tmp_path / "reply.eml"
    reply.write_text(f"From: dana@initech.example\nIn-Reply-To: {identity}\n\nYou are welcome.\n", "utf-8")
    found = run("outbox", "look", str(reply))
    assert "as an answer; it is written down as sent" in found.output
    assert "is done" in send("--yes").output
    assert len(post.seen) == 1


def test_what_did_not_arrive_may_be_sent_after_a_persons_word(start: Callable[..., Any]) -> None:
    post = start({"final dot": "cut"})
    assert send("--yes").exit_code == 3
    post.faults.clear()
    wrong = run("outbox", "settle", "initech", "thank-you:r1:dan", "--sent")
    assert wrong.exit_code == 2
    assert f"did you mean `{KEY}`?" in wrong.output
    settled = run("outbox", "settle", "initech", KEY, "--not-sent")
    assert settled.exit_code == 0, settled.output
    assert send("--yes").exit_code == 0
    assert len(post.seen) == 1


def test_a_restored_store_sends_nothing_until_it_is_reconciled(
    start: Callable[..., Any], tmp_path: Path
) -> None:
    post = start()
    assert run("backup", str(tmp_path / "copy.db")).exit_code == 0
    restored = run("restore", str(tmp_path / "copy.db"))
    assert "Before anything is sent from it: followup outbox reconcile" in restored.output
    refused = send("--yes")
    assert (refused.exit_code, post.commands) == (1, [])
    assert "`followup outbox reconcile` first" in refused.output
    assert run("outbox", "reconcile").exit_code == 2
    assert run("outbox", "reconcile", "--yes").exit_code == 0
    assert send("--yes").exit_code == 0
    assert run("outbox", "reconcile", "--yes").exit_code == 2
