"""The kit for packs of scenarios: a sound one passes it, and each check catches the fault that it is for."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from followup.authoring.new_plugins import NewPlugin, prepare_plugin
from followup.authoring.starting import write
from followup.plugins import list_plugins
from followup.testing import ScenarioPackConformance
from followup.testing.conformance import checks_of

NAME = "guided-tour"
HOME = f"src/followup_guided_tour/{NAME}"
METADATA = (
    "Metadata-Version: 2.1\nName: followup-guided-tour\nVersion: 1.0\nRequires-Dist: followup-email>=0.1\n"
)

Change = Callable[[Path], None]


class Tour(ScenarioPackConformance):
    plugin = NAME


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a new pack's scenario; the pack is installed."""
    if "email" not in [plugin.name for plugin in list_plugins()]:
        pytest.skip("the email channel is not installed")
    write(prepare_plugin(NewPlugin(NAME, "scenario"), tmp_path / "tour"))
    metadata = tmp_path / "tour" / "src" / "followup_guided_tour-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(METADATA, "utf-8")
    (metadata / "entry_points.txt").write_text(f"[followup]\n{NAME} = followup_guided_tour\n", "utf-8")
    monkeypatch.syspath_prepend(str(metadata.parent))
    yield tmp_path / "tour" / HOME
    sys.modules.pop("followup_guided_tour", None)


def replacing(file: str, old: str, new: str) -> Change:
    def change(folder: Path) -> None:
        path = folder / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    return change


def adding(file: str, text: str) -> Change:
    def change(folder: Path) -> None:
        with (folder / file).open("a", encoding="utf-8") as stream:
            stream.write(text)

    return change


def without(file: str) -> Change:
    return lambda folder: (folder / file).unlink()


RULE = """
  tour-note:
    title: Write down what you saw
    intent: task
    after: guided-tour
    wait: 1 hour
    open_for: 1 day
    to: self
    message: thanks
"""
GUARD = """
guards:
  never:
    title: Nothing at all
    hold:
      while: {rounds: {at_least: 0}}
    because: of this pack
"""
OTHER = """
  - name: nothing is ever due
    now: 2026-09-15T12:00-05:00
"""
PARAMETER = "parameters:\n  idle:\n    default: 1\n    about: nothing\n\nrules:"


def into_python(folder: Path) -> None:
    """The package has Python now, which adds nothing."""
    (folder.parent / "__init__.py").write_text("FOLLOWUP_API = 1\n", "utf-8")


UNKNOWN = replacing("scenario.yaml", "via: [email]", "via: [pigeon]")
UNUSED = replacing("scenario.yaml", "rules:", PARAMETER)
UNTITLED = replacing("scenario.yaml", "title: Guided tour\nabout", "about")
MISSPELT = replacing("tests.yaml", "status: due", "status: dew")

FAULTS: list[tuple[str, Change, str]] = [
    ("it_adds_scenarios", into_python, "see that each folder holds a `scenario.yaml`"),
    ("it_adds_scenarios", UNKNOWN, "its rules cannot be used"),
    ("rules_check_finds_nothing", UNUSED, "`followup rules check` finds this"),
    ("every_scenario_says_what_it_is", UNTITLED, "has no title or no about"),
    ("every_scenario_has_tests", without("tests.yaml"), "put one beside its scenario.yaml"),
    ("its_tests_can_be_used", MISSPELT, "its tests cannot be used; mend them"),
    ("its_tests_pass", adding("tests.yaml", OTHER), "its tests fail; mend the rules"),
    ("every_rule_is_tested", adding("scenario.yaml", RULE), "no test speaks of tour-note"),
    ("the_built_in_tests_pass_beside_it", adding("scenario.yaml", GUARD), "narrow its guards and overrides"),
]


def test_a_sound_pack_passes(pack: Path) -> None:
    for check in checks_of(Tour()):
        getattr(Tour(), check)()


@pytest.mark.parametrize(("check", "change", "sentence"), FAULTS)
def test_a_broken_pack_hears_what_broke(pack: Path, check: str, change: Change, sentence: str) -> None:
    change(pack)
    with pytest.raises(AssertionError, match=re.escape(sentence)):
        getattr(Tour(), f"test_{check}")()


def test_every_check_has_a_pack_that_it_catches() -> None:
    assert {f"test_{check}" for check, _, _ in FAULTS} == set(checks_of(Tour()))


def test_a_pack_that_is_not_installed_is_told_with_the_nearest_name(pack: Path) -> None:
    kit = Tour()
    kit.plugin = "guided-tours"
    with pytest.raises(AssertionError, match=r"pip install -e \.`\), did you mean `guided-tour`"):
        kit.test_it_adds_scenarios()


def test_built_in_tests_that_want_for_a_channel_are_left_out(pack: Path) -> None:
    adding("scenario.yaml", GUARD)(pack)
    kit = Tour()
    kit.without = ("email", "linkedin", "phone")
    with pytest.raises(AssertionError, match="narrow its guards") as refused:
        kit.test_the_built_in_tests_pass_beside_it()
    assert "no channel is named" not in str(refused.value)


def test_built_in_tests_find_their_channels_though_the_pack_requires_none(pack: Path) -> None:
    metadata = pack.parent.parent / "followup_guided_tour-1.0.dist-info" / "METADATA"
    metadata.write_text(METADATA.replace("Requires-Dist: followup-email>=0.1\n", ""), "utf-8")
    adding("scenario.yaml", GUARD)(pack)
    with pytest.raises(AssertionError, match="thank-you:r1:dana:\n  status: wanted due, found held"):
        Tour().test_the_built_in_tests_pass_beside_it()


def test_channels_of_plugins_that_it_does_not_require_are_not_there(pack: Path) -> None:
    metadata = pack.parent.parent / "followup_guided_tour-1.0.dist-info" / "METADATA"
    metadata.write_text(METADATA.replace("Requires-Dist: followup-email>=0.1\n", ""), "utf-8")
    with pytest.raises(AssertionError, match="its tests fail"):
        Tour().test_its_tests_pass()
    kit = Tour()
    kit.also = ("email",)
    kit.test_its_tests_pass()
