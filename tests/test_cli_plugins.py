"""`followup plugins`: what is installed and what it costs, switched off, checked; what hangs or fails."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

HEARS = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from followup.cli import main; main()"
)
"""Hears Ctrl-C, also where the tests run in the background, which hears none."""
DEAF = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); from followup.cli import main; main()"
START = [sys.executable, "-c", "from followup.cli import main; main()"]
HEAD = "from followup.hookspecs import *\nFOLLOWUP_API = 1\n"
SHOUT = f"""{HEAD}
@hookimpl
def followup_filters():
    return [Filter("shout", str.upper)]
"""
HANGS = "import time\nwhile True:\n    time.sleep(60)\n"


class Place:
    """A folder with distributions as pip would leave them, and a configuration folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "config"
        self.site = folder / "site"
        self.site.mkdir()
        path = os.pathsep.join(filter(None, [str(self.site), os.environ.get("PYTHONPATH")]))
        self.variables = {**os.environ, "PYTHONPATH": path, "FOLLOWUP_CONFIG": str(self.config)}
        self.variables.pop("FOLLOWUP_SETTINGS", None)

    def install(self, name: str, source: str, distribution: str = "", api: str = "1.0") -> None:
        distribution = distribution or f"followup-{name}"
        module = distribution.replace("-", "_")
        (self.site / f"{module}.py").write_text(source, "utf-8")
        metadata = self.site / f"{module}-{api}.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {api}\nSummary: The {name} plugin\n",
            "utf-8",
        )
        (metadata / "entry_points.txt").write_text(f"[followup]\n{name} = {module}\n", "utf-8")

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*START, *arguments], capture_output=True, text=True, encoding="utf-8", check=False,
            stdin=subprocess.DEVNULL, env={**self.variables, **variables}, cwd=self.folder,
        )  # fmt: skip

    def listed(self, name: str, *options: str) -> dict[str, object]:
        done = self.run(*options, "plugins", "list", "--format", "json")
        [found] = [plugin for plugin in json.loads(done.stdout)["plugins"] if plugin["name"] == name]
        return dict(found)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


# Off and on again


def test_a_disabled_plugin_stays_out_until_it_is_enabled(place: Place) -> None:
    place.install("hello", f"{HEAD}import sys\nprint('imported', file=sys.stderr)\n")
    assert "imported" in place.run("rules", "list").stderr
    done = place.run("plugins", "disable", "hello")
    assert done.returncode == 0
    assert "`followup plugins enable hello` undoes it" in done.stdout
    assert str(place.config / "plugins.yaml") in done.stdout
    assert "imported" not in place.run("rules", "list").stderr
    assert place.listed("hello")["disabled"] is True
    assert "disabled" in place.run("plugins", "list").stdout
    assert "`followup plugins enable hello` lets it in" in " ".join(
        place.run("plugins", "show", "hello").stdout.split()
    )
    assert place.run("plugins", "enable", "hello").returncode == 0
    assert place.listed("hello")["disabled"] is False
    assert "imported" in place.run("rules", "list").stderr


def test_what_a_disabled_plugin_brings_is_not_known_and_the_plugin_is_named(place: Place) -> None:
    place.install("hello", SHOUT)
    place.run("plugins", "disable", "hello")
    (place.folder / "settings.yaml").write_text("format: 1\noverrides: {inquiry: {via: [pigeon]}}\n", "utf-8")
    for arguments in (["hello"], ["--settings", "settings.yaml", "rules", "list"]):
        done = place.run(*arguments)
        assert done.returncode == 2
        assert "Disabled is `hello`: `followup plugins enable NAME`" in done.stderr
    place.run("plugins", "enable", "hello")
    assert "Disabled" not in place.run("hello").stderr


def test_switching_twice_says_that_nothing_is_to_do(place: Place) -> None:
    place.install("hello", SHOUT)
    assert "is not disabled" in place.run("plugins", "enable", "hello").stdout
    place.run("plugins", "disable", "hello")
    assert "is disabled already" in place.run("plugins", "disable", "hello").stdout


def test_only_what_is_installed_can_be_disabled(place: Place) -> None:
    place.install("hello", SHOUT)
    done = place.run("plugins", "disable", "helo")
    assert done.returncode == 2
    assert "did you mean `hello`?" in done.stderr
    assert not place.config.exists()


def test_what_is_no_longer_installed_can_be_enabled(place: Place) -> None:
    place.config.mkdir()
    (place.config / "plugins.yaml").write_text("format: 1\ndisabled: [gone, away]\n", "utf-8")
    assert (
        place.run("plugins", "enable", "gone").stdout
        == "The plugin `gone` may come in again, once it is installed.\n"
    )
    assert "disabled: [away]" in (place.config / "plugins.yaml").read_text("utf-8")


def test_a_broken_list_of_disabled_plugins_is_told_with_its_line(place: Place) -> None:
    place.config.mkdir()
    (place.config / "plugins.yaml").write_text("format: 1\ndisable: [hello]\n", "utf-8")
    done = place.run("rules", "list")
    assert done.returncode == 2
    assert "plugins.yaml:2:1: unknown key `disable`; did you mean `disabled`?" in done.stderr
    assert place.run("--no-plugins", "rules", "list").returncode == 0


@pytest.mark.parametrize("command", [("plan", "acme.yaml"), ("rules", "list"), ("rules", "check")])
def test_rules_that_want_for_a_broken_plugin_name_the_plugin_too(
    place: Place, command: tuple[str, ...]
) -> None:
    place.install("hello", "import nothere\n")
    settings = place.folder / "settings.yaml"
    settings.write_text("format: 1\noverrides:\n  inquiry: {via: [hello]}\n", "utf-8")
    done = place.run("--settings", str(settings), *command)
    told = done.stdout + done.stderr
    assert done.returncode != 0
    assert "no channel is named `hello`" in told
    assert "plugin `hello` (followup-hello 1.0): raised ModuleNotFoundError" in told


def test_a_plugin_that_the_settings_deny_is_listed_as_denied(place: Place) -> None:
    place.install("hello", SHOUT)
    settings = place.folder / "settings.yaml"
    settings.write_text("format: 1\nplugins: {deny: [hello]}\n", "utf-8")
    found = place.listed("hello", "--settings", str(settings))
    assert (found["status"], found["disabled"]) == ("denied", False)


# What it adds and costs


def test_the_cost_and_what_it_adds_are_found_in_another_process(place: Place) -> None:
    place.install("hello", SHOUT)
    place.install("torn", "raise SystemExit('no luck')\n")
    done = place.run("plugins", "list", "--cost", "--format", "json")
    found = {plugin["name"]: plugin for plugin in json.loads(done.stdout)["plugins"]}
    assert done.returncode == 1
    assert found["hello"]["adds"] == {"followup_filters": ["shout"]}
    assert found["hello"]["milliseconds"] >= 0
    assert found["torn"]["milliseconds"] is None
    assert "raised SystemExit: no luck" in found["torn"]["problems"][0]


def test_the_list_names_a_distribution_that_is_not_called_as_one_expects(place: Place) -> None:
    place.install("hello", SHOUT)
    place.install("loud", SHOUT, distribution="shouting")
    lines = place.run("plugins", "list").stdout.splitlines()
    [hello] = [line.split() for line in lines if line.startswith("hello")]
    [loud] = [line.split() for line in lines if line.startswith("loud")]
    assert (hello[1], loud[1:3]) == ("1.0", ["shouting", "1.0"])


def test_the_cost_is_drawn_beside_what_it_adds(place: Place) -> None:
    place.install("hello", SHOUT)
    done = place.run("plugins", "list", "--cost")
    assert done.returncode == 0
    assert " ms  filters  shout" in done.stdout


def test_a_disabled_plugin_is_not_tried(place: Place) -> None:
    place.install("torn", "raise SystemExit('no luck')\n")
    place.run("plugins", "disable", "torn")
    done = place.run("plugins", "list", "--cost", "--format", "json")
    [found] = [plugin for plugin in json.loads(done.stdout)["plugins"] if plugin["name"] == "torn"]
    assert "problems" not in found


# What hangs


def test_a_plugin_that_hangs_is_named_and_left_out_and_the_core_works(place: Place) -> None:
    place.install("stuck", HANGS)
    done = place.run("rules", "list", FOLLOWUP_PLUGIN_LIMIT="1")
    assert done.returncode == 0
    assert "inquiry" in done.stdout
    waiting, failed = (line for line in done.stderr.splitlines() if "`stuck`" in line)
    assert "still waiting for plugin `stuck` (followup-stuck 1.0)" in waiting
    assert "--deny stuck" in waiting
    assert "still loading after 1 s" in failed
    assert "`followup plugins disable stuck` keeps it out" in failed


def test_a_plugin_that_is_busy_for_ever_is_left_out_too(place: Place) -> None:
    place.install("busy", "while True:\n    pass\n")
    done = place.run("rules", "list", FOLLOWUP_PLUGIN_LIMIT="1")
    assert done.returncode == 0
    assert "plugin `busy` (followup-busy 1.0): it was still loading" in done.stderr


def test_a_plugin_that_hangs_is_left_out_in_the_background_too(place: Place) -> None:
    place.install("stuck", HANGS)
    done = subprocess.run(
        [sys.executable, "-c", DEAF, "rules", "list"], capture_output=True, text=True, check=False,
        env={**place.variables, "FOLLOWUP_PLUGIN_LIMIT": "1"},
    )  # fmt: skip
    assert done.returncode == 0
    assert "still loading after 1 s" in done.stderr


def test_a_hook_that_hangs_costs_only_its_plugin(place: Place) -> None:
    place.install("stuck", f"{HEAD}import time\n@hookimpl\ndef followup_filters():\n    time.sleep(60)\n")
    place.install("hello", SHOUT)
    done = place.run("plugins", "show", "hello", FOLLOWUP_PLUGIN_LIMIT="1")
    assert "shout" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="signals as on POSIX")
def test_ctrl_c_leaves_out_the_plugin_that_is_waited_for(place: Place) -> None:
    place.install("stuck", HANGS)
    with subprocess.Popen(
        [sys.executable, "-c", HEARS, "rules", "list"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**place.variables, "FOLLOWUP_PLUGIN_LIMIT": "2"},
    ) as running:  # fmt: skip
        assert running.stderr is not None
        assert "still waiting" in running.stderr.readline()
        running.send_signal(signal.SIGINT)
        out, err = running.communicate()
    assert running.returncode == 0
    assert "inquiry" in out
    assert "you interrupted it while it loaded" in err


@pytest.mark.skipif(sys.platform == "win32", reason="signals as on POSIX")
def test_ctrl_c_leaves_the_command_where_nothing_was_said_of_waiting(place: Place) -> None:
    place.install("stuck", f"import sys\nprint('begun', file=sys.stderr, flush=True)\n{HANGS}")
    with subprocess.Popen(
        [sys.executable, "-c", HEARS, "rules", "list"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**place.variables, "FOLLOWUP_PLUGIN_LIMIT": "600"},
    ) as running:  # fmt: skip
        assert running.stderr is not None
        assert running.stderr.readline() == "begun\n"
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate()
    assert (running.returncode, out) == (130, "")


def test_a_limit_that_is_no_number_is_refused(place: Place) -> None:
    done = place.run("rules", "list", FOLLOWUP_PLUGIN_LIMIT="soon")
    assert done.returncode == 2
    assert "give a number of seconds" in done.stderr


def test_a_limit_of_zero_waits_as_long_as_it_takes(place: Place) -> None:
    place.install("hello", SHOUT)
    assert "shout" in place.run("plugins", "show", "hello", FOLLOWUP_PLUGIN_LIMIT="0").stdout


def test_what_a_plugin_prints_while_it_loads_does_not_spoil_the_output(place: Place) -> None:
    place.install("chatty", f"{HEAD}print('Hello!')\n")
    done = place.run("rules", "list", "--format", "json")
    json.loads(done.stdout)
    assert "Hello!" in done.stderr


# What is checked

CHANNEL = f"""{HEAD}
from followup.channels import Limits
from followup.plan import Draft

class Postcard:
    name, label, direction, limits, address_field = "postcard", "Postcard", "employer", Limits(), "email"
    def reaches(self, person): return bool(person.email)
    def compose(self, composition): return Draft("", composition.body)
    def review(self, draft): return ()

@hookimpl
def followup_channels():
    return [Postcard()]
"""


def test_a_channel_is_held_to_the_conformance_suite(place: Place) -> None:
    place.install("postcard", CHANNEL)
    done = place.run("plugins", "check", "postcard")
    assert done.returncode == 1
    told = " ".join(done.stdout.split())
    assert (
        "channel `postcard`, it reaches nobody by a broken address: it reaches a person whose email holds"
        in told
    )
    assert "channel `postcard`, the body hides nothing" in told


def test_a_plugin_that_keeps_everything_passes(place: Place) -> None:
    place.install("hello", SHOUT)
    done = place.run("plugins", "check", "hello", "--format", "json")
    found = json.loads(done.stdout)["plugin"]
    assert (done.returncode, found["problems"], found["adds"]) == (0, [], {"followup_filters": ["shout"]})
    assert "1 check passed" in place.run("plugins", "check", "hello").stdout


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("raise ValueError('no luck')\n", "raised ValueError: no luck"),
        ("raise SystemExit(3)\n", "raised SystemExit: 3"),
        ("import os\nos._exit(3)\n", "loading it: the process ended"),
        (HANGS, "loading it: it hangs ("),
        (HEAD.replace("= 1", "= 99"), "it needs version 99 of the plugin interface"),
        (f"{HEAD}\n@hookimpl\ndef followup_filters():\n    return ['shout']\n", "give an object of"),
        (SHOUT.replace('"shout"', '"upper"'), "the filter `upper` is the core's own"),
        (
            CHANNEL.replace("return bool(person.email)", "import time; time.sleep(60)"),
            "checking the channel `postcard`: it hangs (",
        ),
        (CHANNEL.replace("return bool(person.email)", "raise SystemExit"), "own code raised SystemExit"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_plugin_is_said_and_ends_with_code_1(
    place: Place, source: str, said: str
) -> None:
    place.install("torn", source)
    done = place.run("plugins", "check", "torn", "--format", "json", FOLLOWUP_PLUGIN_LIMIT="0.6")
    assert done.returncode == 1
    assert said in "\n".join(json.loads(done.stdout)["plugin"]["problems"])


def test_a_clash_with_another_plugin_is_found(place: Place) -> None:
    place.install("first", SHOUT)
    place.install("second", SHOUT)
    done = place.run("plugins", "check", "second", "--format", "json")
    [problem] = json.loads(done.stdout)["plugin"]["problems"]
    assert "the filter `shout` belongs to plugin `first` (followup-first 1.0)" in problem


def test_another_plugin_that_hangs_is_named_and_the_one_asked_for_is_checked(place: Place) -> None:
    place.install("hello", SHOUT)
    place.install("stuck", HANGS)
    place.install("gone", "import os\nos._exit(3)\n")
    done = place.run("plugins", "check", "hello", "--format", "json", FOLLOWUP_PLUGIN_LIMIT="0.6")
    found = json.loads(done.stdout)["plugin"]
    assert (done.returncode, found["problems"], found["checks"]) == (0, [], 1)
    gone, stuck = found["notes"]
    assert gone.startswith("not tried beside plugin `gone` (followup-gone 1.0): the process ended")
    assert stuck.startswith("not tried beside plugin `stuck` (followup-stuck 1.0): it hangs (")


def test_another_plugin_that_fails_is_named_and_the_one_asked_for_is_checked(place: Place) -> None:
    place.install("hello", SHOUT)
    place.install("torn", "raise SystemExit('no luck')\n")
    done = place.run("plugins", "check", "hello")
    assert done.returncode == 0
    told = " ".join(done.stdout.split())
    assert "not tried beside plugin `torn` (followup-torn 1.0): raised SystemExit: no luck" in told
    assert "1 check passed" in told


def test_it_is_not_tried_beside_what_is_disabled(place: Place) -> None:
    place.install("hello", SHOUT)
    place.install("second", SHOUT)
    assert place.run("plugins", "check", "second").returncode == 1
    place.run("plugins", "disable", "hello")
    assert place.run("plugins", "check", "second").returncode == 0


def test_what_is_wrong_with_scenarios_is_told_once(place: Place) -> None:
    place.install("fair", f"{HEAD}from pathlib import Path\n\n@hookimpl\ndef followup_scenarios():\n"
                          "    return [Path(__file__).parent / 'fair']\n")  # fmt: skip
    rule = (
        "{title: Go, intent: task, after: interview, wait: 1 day, open_for: 1 day, to: self, when: {rond: 1}}"
    )
    (place.site / "fair").mkdir()
    (place.site / "fair" / "scenario.yaml").write_text(
        f"format: 1\nscenario: fair\ntitle: Fair\nrules:\n  go: {rule}\n", "utf-8"
    )
    done = place.run("plugins", "check", "fair")
    assert done.returncode == 1
    assert done.stdout.count("unknown-fact") == 1


def test_two_plugins_of_one_name_are_told_apart(place: Place) -> None:
    place.install("hello", SHOUT)
    place.install("hello", SHOUT, distribution="other-hello")
    done = place.run("plugins", "check", "hello")
    assert done.returncode == 2
    assert "several plugins are named `hello` (followup-hello 1.0, other-hello 1.0)" in done.stderr
