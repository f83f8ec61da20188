"""`followup plugins new`: whole distributions, names that can be, and nothing overwritten.

That they install, pass their own tests and keep the style is shown by `tests/kit`.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from followup.authoring.new_plugins import KINDS, Kind, NewPlugin, prepare_plugin
from followup.cli.root import cli
from followup.errors import UsageError


def new(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["--no-plugins", "plugins", "new", *arguments])
    return done.exit_code, done.output


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_whole_distribution(kind: Kind, folder: Path) -> None:
    code, told = new("cover-letter", "--kind", kind)
    assert code == 0, told
    home = folder / "followup-cover-letter"
    project = tomllib.loads((home / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["name"] == "followup-cover-letter"
    assert project["entry-points"]["followup"] == {"cover-letter": "followup_cover_letter"}
    for name in ("README.md", "CHANGELOG.md", "LICENSE", ".gitignore"):
        assert (home / name).read_text("utf-8").strip()
    python = sorted(path.name for path in home.rglob("*.py"))
    assert python == (
        [] if kind == "scenario" else ["__init__.py", "conftest.py", "test_followup_cover_letter.py"]
    )
    assert (home / "src" / "followup_cover_letter" / "py.typed").exists() is (kind != "scenario")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_the_templates_is_left_in_the_files(kind: Kind, folder: Path) -> None:
    prepared = prepare_plugin(NewPlugin("cover-letter", kind), folder / "new")
    for path, text in prepared.texts.items():
        assert "PACKAGE" not in path
        assert "@" not in text.replace("@hookimpl", "").replace("@pytest", "").replace(
            "@initech", ""
        ).replace("@souza", ""), path
        if path.endswith(".py"):
            compile(text, path, "exec")


def test_it_says_what_was_written_and_what_to_do_next() -> None:
    _, told = new("pigeon", "--kind", "review")
    assert "followup-pigeon/src/followup_pigeon/__init__.py" in told
    assert re.search(r"pip install (\S+ )?-e '\.\[dev\]'", told)
    assert "followup plugins check pigeon" in told


def test_a_pack_is_installed_with_the_channel_that_its_rules_name_where_followup_is_a_checkout() -> None:
    _, told = new("pigeon", "--kind", "scenario")
    [install] = [line for line in told.splitlines() if "pip install" in line]
    [*_, last, _, _] = ["-", "-", *install.split()]
    assert last == "install" or Path(last).name == "followup-email"


def test_nothing_that_is_there_is_overwritten(folder: Path) -> None:
    home = folder / "followup-pigeon"
    home.mkdir()
    (home / "notes.txt").write_text("mine", "utf-8")
    code, told = new("pigeon", "--kind", "channel")
    assert code == 2
    assert "is there already; nothing is written" in told
    assert [path.name for path in home.iterdir()] == ["notes.txt"]


def test_an_empty_folder_or_another_one_may_be_named(folder: Path) -> None:
    (folder / "mine").mkdir()
    assert new("pigeon", "--kind", "channel", "--folder", "mine")[0] == 0
    assert (folder / "mine" / "pyproject.toml").exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Cover Letter", "such as `cover-letter`"),
        ("1st", "such as `st`"),
        ("..", "such as `letter`"),
        ("../x", "such as `x`"),
        ("x" * 31, "at most 30"),
        ("followup-letter", "leave `followup-` out: `letter`"),
        ("followup", "the core's own name"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_one_that_can(name: str, said: str, folder: Path) -> None:
    code, told = new(name, "--kind", "channel")
    assert code == 2
    assert said in told
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("self", "channel", "the channel `self` is the core's own"),
        ("silence", "scenario", "the scenario `silence` is the core's own"),
        ("formal", "review", "the review `formal` is the core's own"),
        ("at-least", "operator", "the operator `at_least` is the core's own"),
        ("company", "condition", "`company` is a word of the rule language"),
        ("none", "operator", "`none` is a word of the rule language"),
    ],
)
def test_a_name_that_the_core_has_is_refused(name: str, kind: str, said: str) -> None:
    code, told = new(name, "--kind", kind)
    assert (code, said in told) == (2, True), told


def test_the_kind_must_be_said_where_nobody_can_be_asked() -> None:
    code, told = new("pigeon")
    assert code == 2
    assert "--kind channel|scenario|operator|condition|review" in told


def test_an_operator_is_named_by_a_word_of_the_rule_language() -> None:
    assert NewPlugin("starts-with", "operator").adds == "starts_with"
    with pytest.raises(UsageError, match="cannot be a plugin's name"):
        NewPlugin("starts with", "operator")
