"""The suite of checks that every pack of scenarios must pass, as a class to subclass.

    from followup.testing import ScenarioPackConformance

    class TestCareerFair(ScenarioPackConformance):
        plugin = "career-fair"

pytest then runs each check below; every one says what broke and how to mend it. A pack without any Python is
held to the same by `followup plugins check career-fair`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from followup.engine import Engine
from followup.errors import FollowupError, InputError, did_you_mean
from followup.plugins import PluginInfo, list_plugins
from followup.resources import rules_folder
from followup.rules import Scenario
from followup.testing.running import Run, run_files
from followup.vocabulary import KNOWN_CHANNELS

__all__ = ["ScenarioPackConformance"]

_NAME_OF_REQUIREMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class ScenarioPackConformance:
    """Every check of a pack. Subclass it as `Test…`, name the installed `plugin`, run pytest.

    It is loaded beside the built-in scenarios and the plugins that its distribution requires; `also` names
    more of those, `without` some that are never loaded. For the tests of the built-in scenarios, the
    installed plugins come in that bring the channels of those.
    """

    plugin: str
    also: Sequence[str] = ()
    without: Sequence[str] = ()

    def test_it_adds_scenarios(self) -> None:
        assert self._scenarios, (
            f"the plugin `{self.plugin}` adds no scenario; see that each folder holds a `scenario.yaml` and "
            "that the distribution installs it"
        )

    def test_rules_check_finds_nothing(self) -> None:
        from followup.linting import lint

        engine = self._engine
        names = {scenario.folder.name for scenario in self._scenarios.values()}
        found = [
            str(problem)
            for problem in (*engine.problems, *lint(engine))
            if problem.severity != "note" and names & set(Path(problem.place.file).parts)
        ]
        assert not found, (
            "`followup rules check` finds this; mend it, or allow it where it stands:\n" + "\n".join(found)
        )

    def test_every_scenario_says_what_it_is(self) -> None:
        for name, scenario in self._scenarios.items():
            assert scenario.title and scenario.about, (  # noqa: PT018
                f"the scenario `{name}` has no title or no about; say in `title:` and `about:` what it is for"
            )

    def test_every_scenario_has_tests(self) -> None:
        for name, scenario in self._scenarios.items():
            assert (scenario.folder / "tests.yaml").is_file(), (
                f"the scenario `{name}` has no `tests.yaml`; put one beside its scenario.yaml, and see that "
                "the distribution installs it"
            )

    def test_its_tests_can_be_used(self) -> None:
        problems = [str(problem) for problem in self._run.problems]
        assert not problems, "its tests cannot be used; mend them:\n" + "\n".join(problems)

    def test_its_tests_pass(self) -> None:
        failures = [str(failure) for result in self._run.tests for failure in result.failures]
        assert not failures, "its tests fail; mend the rules or what is expected of them:\n" + "\n".join(
            failures
        )

    def test_every_rule_is_tested(self) -> None:
        untested = self._run.untested(self._engine)
        assert not untested, (
            f"no test speaks of {', '.join(untested)}; add one in which it is due, and one in which it is not"
        )

    def test_the_built_in_tests_pass_beside_it(self) -> None:
        if not _concerns_others(self._engine, self._scenarios):
            return
        beside = self._bringing_channels()
        engine = self._engine_beside(*beside)
        for file in sorted(rules_folder().glob("*/tests.yaml")):
            told = _failures_with(engine, lambda: _engine_with(self._loaded(*beside)), file)
            assert not told, (
                "with it installed, tests of the built-in scenarios fail; narrow its guards and overrides "
                "(`for:`, `when:`) to its own rules:\n" + "\n".join(told[:5])
            )

    def _loaded(self, *more: str) -> tuple[str, ...]:
        """The names of the installed plugins that are loaded beside the pack."""
        wanted = {*self.also, *_required_by(self._info()), *more}
        return tuple(sorted(wanted - {self.plugin, *self.without}))

    def _bringing_channels(self) -> tuple[str, ...]:
        """The installed plugins that bring channels of the built-in scenarios."""
        return _of_distributions(KNOWN_CHANNELS.values())

    def _info(self) -> PluginInfo:
        installed = {plugin.name: plugin for plugin in list_plugins()}
        assert self.plugin in installed, (
            f"no plugin `{self.plugin}` is installed; install the distribution (`pip install -e .`)"
            + (f", {cure}" if (cure := did_you_mean(self.plugin, installed)) else "")
        )
        return installed[self.plugin]

    @cached_property
    def _engine(self) -> Engine:
        return self._engine_beside()

    def _engine_beside(self, *more: str) -> Engine:
        self._info()
        try:
            return _engine_with((*self._loaded(*more), self.plugin))
        except InputError as error:
            told = "\n".join(map(str, error.problems))
            cure = "mend them; a channel that is not known comes from a plugin to name under `dependencies`"
            raise AssertionError(f"its rules cannot be used; {cure}:\n{told}") from None
        except FollowupError as error:
            raise AssertionError(f"it does not load: {error}") from None

    @cached_property
    def _scenarios(self) -> Mapping[str, Scenario]:
        """The pack's own, by name."""
        engine = self._engine
        [info] = [plugin for plugin in engine.plugins if plugin.name == self.plugin]
        names = info.adds.get("followup_scenarios", ())
        return {name: engine.scenarios[name] for name in names if name in engine.scenarios}

    @cached_property
    def _run(self) -> Run:
        files = [scenario.folder / "tests.yaml" for scenario in self._scenarios.values()]
        return run_files(self._engine, [file for file in files if file.is_file()])


def _engine_with(plugins: Sequence[str]) -> Engine:
    """An engine with these installed plugins and no others; files may have changed since the last one."""
    return Engine.load(deny=[each.name for each in list_plugins() if each.name not in plugins])


def _concerns_others(engine: Engine, own: Mapping[str, Scenario]) -> bool:
    """Whether these scenarios could change what others do; rules on events of their own alone cannot."""
    others = [scenario for name, scenario in engine.scenarios.items() if name not in own]
    events = {event for scenario in own.values() for event in scenario.events}
    anchors = {
        pattern.type
        for scenario in own.values()
        for rule in scenario.rules.values()
        for pattern in rule.after
    }
    overridden = any(
        name not in found or found[name].decided_by is not None
        for scenario in others
        for group, found in ((scenario.rules, engine.rules), (scenario.guards, engine.guards))
        for name in group
    )
    return overridden or bool(anchors - events) or any(scenario.guards for scenario in own.values())


def _failures_with(engine: Engine, without: Callable[[], Engine], file: Path) -> list[str]:
    """What fails in a test file with the engine and not without the pack.

    What wants a channel that is not installed fails in both, and is left out.
    """
    run = run_files(engine, [file])
    failed = [result for result in run.tests if not result.passed]
    if not failed and not run.problems:
        return []
    alone = run_files(without(), [file])
    if alone.problems:
        return []
    sound = {result.name for result in alone.tests if result.passed}
    failures = [str(failure) for result in failed if result.name in sound for failure in result.failures]
    return [*map(str, run.problems), *failures]


def _required_by(plugin: PluginInfo) -> tuple[str, ...]:
    """The plugins of the distributions that this one's requires."""
    try:
        wanted = requires(plugin.distribution) or []
    except PackageNotFoundError:
        return ()
    return _of_distributions(
        found[0] for each in wanted if "extra ==" not in each and (found := _NAME_OF_REQUIREMENT.match(each))
    )


def _of_distributions(names: Iterable[str]) -> tuple[str, ...]:
    wanted = set(map(_normal, names))
    return tuple(plugin.name for plugin in list_plugins() if _normal(plugin.distribution) in wanted)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
