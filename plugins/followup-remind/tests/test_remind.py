from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from click.testing import CliRunner, Result

from followup.cli.options import Options
from followup.cli.root import cli

SECRET = "s3cr3t"
STATE = """\
format: 1
candidate: {name: Ana Souza, email: ana@souza.example, timezone: America/Chicago}
company: {name: Initech, timezone: America/New_York}
position: {title: Data Engineer}
people:
  dana: {name: Dana Whitfield, role: hiring manager, email: dana@initech.example}
events:
  - {type: interview, id: r1, at: 2026-11-18T15:00-06:00, with: [dana]}
"""
SENT = "  - {type: sent, at: 2026-11-18T17:00-06:00, to: dana, key: 'thank-you:r1:dana'}\n"
LOOKED_BACK = "  - {type: done, at: 2026-11-18T18:00-06:00, key: 'reflect:r1:self'}\n"
QUIET = STATE + SENT + LOOKED_BACK
"""Nothing is due until the inquiry opens: a week after the thanks, on Wednesday 25 November, 17:00."""


@dataclass
class Receiver:
    """A web server on loopback that takes reminders: what each path got. It fails where it is told to."""

    got: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    port: int = 0

    def address(self, path: str = "mine", options: str = "") -> str:
        return f"json://ana:{SECRET}@127.0.0.1:{self.port}/{path}{options}"

    @property
    def messages(self) -> list[str]:
        return [f"{message['title']}\n{message['message']}" for _, message in self.got]

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            path = self.path.strip("/")
            code = found.codes.get(path, 200)
            if code == 200:
                found.got.append((path, json.loads(body)))
            if code:
                self.send_response(code)
                self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.port = server.server_port
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield found
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def options() -> Options:
    """The options before the command; its engine is loaded once for all tests of this file."""
    pytest.importorskip("followup_email")
    return Options(deny=("proofreading",))


@dataclass
class Desk:
    """A folder with a state, a list of services and a memory, and the command that uses them."""

    folder: Path
    options: Options

    @property
    def state(self) -> Path:
        return self.folder / "initech.yaml"

    def serve(self, *lines: str) -> Path:
        path = self.folder / "services.txt"
        path.write_text("# mine\n\n" + "".join(f"{line}\n" for line in lines), "utf-8")
        path.chmod(0o600)
        return path

    def remind(
        self, now: str, *words: object, services: bool = True, states: tuple[Path, ...] = ()
    ) -> Result:
        arguments = self.words(now, services=services, states=states)
        return CliRunner().invoke(cli, [*arguments, *map(str, words)], obj=self.options)

    def words(self, now: str, *, services: bool = True, states: tuple[Path, ...] = ()) -> list[str]:
        """The command line that reminds."""
        found = ["remind", *map(str, states or (self.state,)), "--now", f"2026-{now}-06:00"]
        found += ["--memory", str(self.folder / "memory.sqlite")]
        return found + (["--services", str(self.folder / "services.txt")] if services else [])


@pytest.fixture
def desk(tmp_path: Path, options: Options, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.delenv("FOLLOWUP_REMIND_URLS", raising=False)
    found = Desk(tmp_path, options)
    found.state.write_text(QUIET, "utf-8")
    return found


def test_it_tells_what_is_due_to_whom_and_until_when(desk: Desk, receiver: Receiver) -> None:
    desk.serve(receiver.address())
    done = desk.remind("11-25T17:00")
    assert (done.exit_code, done.output) == (0, "")
    assert receiver.messages == [
        "1 follow-up is due\n"
        "Data Engineer at Initech\n"
        "- Ask politely for an update: Dana Whitfield by email\n"
        "  until Wednesday, 9 December 2026, 17:00\n"
        "  inquiry:r1:dana"
    ]


def test_no_draft_and_no_address_goes_out(desk: Desk, receiver: Receiver) -> None:
    desk.serve(receiver.address())
    desk.remind("11-25T17:00")
    assert "@" not in receiver.messages[0]
    assert "Kind regards" not in receiver.messages[0]


def test_where_nothing_is_due_nothing_is_sent(desk: Desk, receiver: Receiver) -> None:
    desk.serve(receiver.address())
    assert desk.remind("11-20T17:00").exit_code == 0
    assert receiver.got == []


def test_several_opportunities_come_in_one_digest(desk: Desk, receiver: Receiver) -> None:
    desk.serve(receiver.address())
    globex = desk.folder / "globex.yaml"
    globex.write_text(QUIET.replace("Initech", "Globex"), "utf-8")
    desk.remind("11-25T17:00", states=(desk.state, globex))
    [message] = receiver.messages
    assert message.startswith("2 follow-ups are due\nData Engineer at Initech\n- ")
    assert "\n\nData Engineer at Globex\n- " in message


# Nothing twice


def test_one_digest_a_day_goes_out(desk: Desk, receiver: Receiver) -> None:
    desk.serve(receiver.address())
    desk.state.write_text(STATE, "utf-8")
    desk.remind("11-18T16:30")
    assert len(receiver.got) == 1
    desk.state.write_text(STATE.replace("[dana]", "[dana], topics: {dana: [Kafka]}"), "utf-8")
    for hour in ("17:00", "20:00", "23:59"):
        desk.remind(f"11-18T{hour}", "--again")
    assert len(receiver.got) == 1
    desk.remind("11-19T00:00", "--again")
    assert len(receiver.got) == 2


def test_a_follow_up_is_told_once_and_again_on_its_last_day(desk: Desk, receiver: Receiver) -> None:
    desk.serve(receiver.address())
    for day in range(26, 31):
        desk.remind(f"11-{day}T09:00")
    for day in range(1, 10):
        desk.remind(f"12-{day:02}T09:00")
    told = [message for message in receiver.messages if "inquiry:r1:dana" in message]
    assert ["the last day: until" in message for message in told] == [False, True]


def test_again_tells_what_is_still_due(desk: Desk, receiver: Receiver) -> None:
    desk.serve(receiver.address())
    desk.remind("11-25T17:00")
    desk.remind("11-26T17:00")
    assert len(receiver.got) == 1
    desk.remind("11-27T17:00", "--again")
    assert len(receiver.got) == 2


def test_what_is_due_again_after_a_snooze_is_told_again(desk: Desk, receiver: Receiver) -> None:
    desk.serve(receiver.address())
    desk.remind("11-25T17:00")
    snoozed = "  - {type: snoozed, at: 2026-11-25T18:00-06:00, key: 'inquiry:r1:dana', until: 2026-11-28}\n"
    desk.state.write_text(QUIET + snoozed, "utf-8")
    desk.remind("11-26T17:00")
    assert len(receiver.got) == 1
    desk.remind("11-28T17:00")
    assert len(receiver.got) == 2


# The hour


def test_before_the_hour_nothing_goes_out_and_from_then_on_once(desk: Desk, receiver: Receiver) -> None:
    desk.serve(receiver.address())
    for minute in ("07:50", "07:59"):
        desk.remind(f"11-26T{minute}", "--at", "08:00")
    assert receiver.got == []
    for minute in ("08:00", "08:10", "13:00"):
        desk.remind(f"11-26T{minute}", "--at", "08:00")
    assert len(receiver.got) == 1


def test_the_hour_is_the_candidates_and_not_the_companys(desk: Desk, receiver: Receiver) -> None:
    desk.serve(receiver.address())
    desk.state.write_text(QUIET.replace("America/Chicago", "Asia/Tokyo"), "utf-8")
    desk.remind("11-26T16:59", "--at", "08:00")
    assert receiver.got == []
    desk.remind("11-26T17:00", "--at", "08:00")
    assert len(receiver.got) == 1


def test_a_time_that_is_none_is_told(desk: Desk, receiver: Receiver) -> None:
    desk.serve(receiver.address())
    for wrong in ("8", "24:00", "08:60", "8 am", ""):
        done = desk.remind("11-25T17:00", "--at", wrong)
        assert (done.exit_code, receiver.got) == (2, [])
        assert "is no time of day; write `08:00`" in done.stderr


# What goes wrong


@pytest.mark.parametrize(("code", "why"), [(500, "error 500"), (401, "error 401"), (0, "did not answer")])
def test_a_failure_is_told_without_the_address_and_tried_again(
    desk: Desk, receiver: Receiver, code: int, why: str
) -> None:
    desk.serve(receiver.address("mine"), receiver.address("yours"))
    receiver.codes["yours"] = code
    done = desk.remind("11-25T17:00")
    assert done.exit_code == 1
    assert "followup: services.txt, line 4 (json) did not take the reminder" in done.stderr
    assert why in done.stderr
    assert SECRET not in done.output
    assert "127.0.0.1" not in done.output
    receiver.codes.clear()
    assert desk.remind("11-25T17:05").exit_code == 0
    assert receiver.paths == ["mine", "yours"]


@pytest.mark.parametrize(
    "address", [f"gibberish://{SECRET}", f"{SECRET}", f"json://:{SECRET}@[", f"tgram://{SECRET}"]
)
def test_an_address_that_is_none_is_told_without_it_and_keeps_no_other_from_its_reminder(
    desk: Desk, receiver: Receiver, address: str
) -> None:
    desk.serve(address, receiver.address())
    done = desk.remind("11-25T17:00")
    assert done.exit_code == 1
    assert "services.txt, line 3" in done.stderr
    assert "no address that Apprise understands" in done.stderr
    assert SECRET not in done.output
    assert receiver.paths == ["mine"]


def test_a_list_that_others_may_read_is_refused(desk: Desk, receiver: Receiver) -> None:
    path = desk.serve(receiver.address())
    path.chmod(0o640)
    done = desk.remind("11-25T17:00")
    assert (done.exit_code, receiver.got) == (2, [])
    assert f"others may read {path}, which holds secrets; run `chmod 600 {path}`" in done.stderr


def test_the_addresses_may_stand_in_the_environment(
    desk: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOLLOWUP_REMIND_URLS", f"{receiver.address('one')} {receiver.address('two')}")
    receiver.codes["two"] = 500
    done = desk.remind("11-25T17:00", services=False)
    assert receiver.paths == ["one"]
    assert done.exit_code == 1
    assert "FOLLOWUP_REMIND_URLS, address 2 (json)" in done.stderr
    assert SECRET not in done.output


def test_without_options_all_stands_in_the_configuration_folder(
    desk: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOLLOWUP_CONFIG", str(desk.folder))
    words = ["remind", str(desk.state), "--now", "2026-11-25T17:00-06:00"]
    untold = CliRunner().invoke(cli, words, obj=desk.options)
    assert untold.exit_code == 2
    assert f"into the file {desk.folder / 'remind-services.txt'}" in untold.stderr
    desk.serve(receiver.address()).rename(desk.folder / "remind-services.txt")
    assert CliRunner().invoke(cli, words, obj=desk.options).exit_code == 0
    assert len(receiver.got) == 1
    assert (desk.folder / "remind.sqlite").exists()


def test_a_missing_list_is_told_with_how_to_write_one(desk: Desk) -> None:
    done = desk.remind("11-25T17:00")
    assert done.exit_code == 2
    assert "services.txt is not there; write one address of Apprise a line" in done.stderr


def test_a_state_that_cannot_be_read_is_told_and_the_rest_goes_out(desk: Desk, receiver: Receiver) -> None:
    desk.serve(receiver.address())
    wrong = desk.folder / "wrong.yaml"
    wrong.write_text("format: 1\n", "utf-8")
    done = desk.remind("11-25T17:00", states=(wrong, desk.state))
    assert done.exit_code == 2
    assert "wrong.yaml:1" in done.stderr
    assert len(receiver.got) == 1


def test_a_memory_that_is_none_is_told(desk: Desk, receiver: Receiver) -> None:
    desk.serve(receiver.address())
    (desk.folder / "memory.sqlite").write_text(
        "groceries: bread, milk, and a very long list of other things\n" * 9
    )
    done = desk.remind("11-25T17:00")
    assert (done.exit_code, receiver.got) == (2, [])
    assert "memory.sqlite cannot be used as a memory" in done.stderr


def test_the_memory_holds_no_secret_and_is_for_its_owner_alone(desk: Desk, receiver: Receiver) -> None:
    desk.serve(receiver.address())
    desk.remind("11-25T17:00")
    memory = desk.folder / "memory.sqlite"
    assert SECRET.encode() not in memory.read_bytes()
    assert memory.stat().st_mode & 0o077 == 0


# Trying it


def test_a_dry_run_prints_the_digest_sends_nothing_and_remembers_nothing(
    desk: Desk, receiver: Receiver
) -> None:
    desk.serve(receiver.address())
    done = desk.remind("11-25T17:00", "--dry-run", "--at", "18:00")
    assert done.exit_code == 0
    assert done.stdout.startswith("1 follow-up is due\n\nData Engineer at Initech\n- Ask politely")
    assert "it is not yet 18:00" in done.stderr
    assert receiver.got == []
    assert not (desk.folder / "memory.sqlite").exists()
    desk.remind("11-25T18:00", "--at", "18:00")
    assert len(receiver.got) == 1
    after = desk.remind("11-25T19:00", "--dry-run")
    assert (after.stdout, after.stderr) == ("", "nothing to tell: nothing would be sent\n")


def test_a_dry_run_needs_no_service(desk: Desk) -> None:
    done = desk.remind("11-25T17:00", "--dry-run", services=False)
    assert done.exit_code == 0
    assert "inquiry:r1:dana" in done.stdout


# Hostile words, other services


def test_hostile_names_stay_words_on_one_line(desk: Desk, receiver: Receiver) -> None:
    name = '"<b>Dana</b>\\r\\n- you are hired \\u202e\\u2028{now} &amp;"'
    desk.state.write_text(QUIET.replace("Dana Whitfield", name), "utf-8")
    desk.serve(receiver.address("text"), receiver.address("html", "?format=html"))
    desk.remind("11-25T17:00")
    [text, html] = [message["message"] for _, message in receiver.got]
    assert "- Ask politely for an update: <b>Dana</b> - you are hired {now} &amp; by email\n" in text
    assert "<b>" not in html


def test_a_reminder_comes_by_mail_too(desk: Desk) -> None:
    got: list[bytes] = []

    class Mailbox:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
            got.append(envelope.content)
            return "250 OK"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(Mailbox(), hostname="127.0.0.1", port=port)
    server.start()
    try:
        desk.serve(f"mailto://127.0.0.1:{port}/?from=ana@souza.example&to=ana@souza.example&format=text")
        assert desk.remind("11-25T17:00").exit_code == 0
    finally:
        server.stop()
    [message] = [message_from_bytes(content, policy=default) for content in got]
    assert message["Subject"] == "1 follow-up is due"
    assert "Ask politely for an update: Dana Whitfield by email" in message.get_content()


def test_the_readme_shows_real_output(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    [state] = re.findall(r"```yaml[^\n]*\n(.*?)```", readme, re.DOTALL)
    [(line, output)] = re.findall(r"```console\n\$ followup (.*?)\n(.*?)```", readme, re.DOTALL)
    desk.state.write_text(state, "utf-8")
    monkeypatch.chdir(desk.folder)
    words = [*line.split(), "--memory", "memory.sqlite"]
    assert CliRunner().invoke(cli, words, obj=desk.options).stdout == output


def test_loading_the_plugin_does_not_import_apprise() -> None:
    code = "import sys, followup_remind as it; it.followup_commands(); print('apprise' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_where_nothing_is_due_apprise_is_not_imported(desk: Desk, receiver: Receiver) -> None:
    desk.serve(receiver.address())
    done = separate(desk, "11-20T17:00")
    assert done.communicate()[0].strip() == "0 False"


def test_two_runs_at_once_send_one_digest(desk: Desk, receiver: Receiver) -> None:
    desk.serve(receiver.address())
    runs = [separate(desk, "11-25T17:00") for _ in range(2)]
    assert [run.communicate()[0].split()[0] for run in runs] == ["0", "0"]
    assert len(receiver.got) == 1


def separate(desk: Desk, now: str) -> subprocess.Popen[str]:
    """A process of its own that reminds; it prints its exit code, and whether it imported Apprise."""
    code = f"""
import sys
from followup.cli.root import cli
try:
    cli({desk.words(now)!r})
except SystemExit as leaving:
    print(leaving.code, "apprise" in sys.modules)
"""
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
