"""The fixtures for authors of plugins: only the plugins that are named, and a mail server that is one."""

from __future__ import annotations

import smtplib
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest
from tests.support import PlainChannels

from followup.errors import UsageError
from followup.plugins import list_plugins
from followup.testing.fixtures import EngineWith, RunFollowup
from followup.testing.mail import MailServer


def letter(**headers: str) -> EmailMessage:
    message = EmailMessage()
    headers = {"From": "ana@souza.example", "To": "dana@initech.example", "Subject": "Thank you", **headers}
    for name, value in headers.items():
        message[name] = value
    message.set_content("Thank you for your time.\n")
    return message


# Plugins


def test_an_engine_has_the_plugins_that_are_named_and_no_other(engine_with: EngineWith) -> None:
    engine = engine_with(("plain", PlainChannels()))
    assert {plugin.name for plugin in engine.plugins if plugin.status == "loaded" and not plugin.builtin} == {
        "plain"
    }
    assert sorted(engine.channels) == ["email", "linkedin", "phone", "self"]


def test_an_installed_plugin_is_named_by_its_name(engine_with: EngineWith) -> None:
    if "phone" not in [plugin.name for plugin in list_plugins()]:
        pytest.skip("the phone channel is not installed")
    assert sorted(engine_with("phone").channels) == ["phone", "self"]


def test_a_plugin_that_is_not_installed_is_told(engine_with: EngineWith) -> None:
    with pytest.raises(UsageError, match="no plugin `fone` is installed"):
        engine_with("fone")


def test_the_command_line_runs_without_the_installed_plugins(run_followup: RunFollowup) -> None:
    done = run_followup("plugins", "list")
    assert done.returncode == 0
    assert done.stdout.count("denied") == len(list_plugins())


def test_the_command_line_has_a_configuration_folder_of_its_own(
    run_followup: RunFollowup, tmp_path: Path
) -> None:
    installed = [plugin.name for plugin in list_plugins()]
    if not installed:
        pytest.skip("no plugin is installed")
    assert run_followup("plugins", "disable", installed[0]).returncode == 0
    assert (tmp_path / ".config" / "plugins.yaml").exists()


def test_nothing_comes_in_by_installing_followup(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_it(engine_with): ...\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert "fixture 'engine_with' not found" in done.stdout


# Mail


def test_a_message_arrives_as_it_was_sent(mail_server: MailServer) -> None:
    with smtplib.SMTP(mail_server.host, mail_server.port, timeout=5) as client:
        client.send_message(letter())
    [received] = mail_server.received
    assert (received.sender, received.recipients) == ("ana@souza.example", ("dana@initech.example",))
    assert received.message["Subject"] == "Thank you"
    assert received.message.get_content().splitlines() == ["Thank you for your time."]


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_server_says_no_where_it_is_told_to_and_keeps_nothing(command: str) -> None:
    with (
        MailServer(answers={command: "451 try later"}) as server,
        smtplib.SMTP(server.host, server.port, timeout=5) as client,
        pytest.raises((smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)),
    ):
        client.send_message(letter())
    assert server.received == []


def test_an_answer_may_change_from_message_to_message() -> None:
    answers = iter(["451 try later", "250 OK"])
    with MailServer(answers={"DATA": lambda: next(answers)}) as server:
        for refused in (True, False):
            with smtplib.SMTP(server.host, server.port, timeout=5) as client:
                if refused:
                    with pytest.raises(smtplib.SMTPDataError):
                        client.send_message(letter())
                else:
                    client.send_message(letter())
    assert len(server.received) == 1
