"""One plugin tried in a process of its own: what it adds, what it costs to load, and which checks it fails.

Whatever its code does there (hang, exit, crash, print) stays there. The process writes what it finds as
lines of JSON, so that it is known how far it came.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from tempfile import TemporaryFile
from time import perf_counter
from typing import Any

from followup.plugins import PluginInfo

__all__ = ["CHECKS_LIMIT", "Trial", "try_plugin"]

CHECKS_LIMIT = 6
"""How many times as long as loading may take, the checks of one thing that it adds may take."""

_LOADING = "loading it"
_START = (
    "import json, sys; asked = json.loads(sys.argv[1]); sys.path[:] = asked.pop('path'); "
    "from followup.testing.trying import main; main(**asked)"
)


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it. `milliseconds` is what loading it adds to loading the core; None if it did not load.

    `adds` is as in `PluginInfo`. `problems` say what is wrong; `checks` is how many were made. `notes` say
    beside which other plugins it was not tried, since they hang or fail.
    """

    plugin: PluginInfo
    adds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    milliseconds: float | None = None
    checks: int = 0
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def try_plugin(plugin: PluginInfo, limit: float, *, checks: bool = False, deny: Iterable[str] = ()) -> Trial:
    """Load an installed plugin by itself, and with `checks` hold all that it adds to the conformance classes.

    It may take `limit` seconds to load, and CHECKS_LIMIT times as long for each thing that is checked; 0 is
    no limit. With `checks` it is tried beside the other installed plugins too, except what `deny` names.
    """
    denied = {*deny} - {plugin.name}
    notes: list[str] = []
    while True:
        trial, culprit = _tried(plugin, limit, checks, denied)
        if culprit is None:
            return replace(trial, notes=(*notes, *trial.notes))
        # The process ended while another plugin was loading: tell which, and go on without it.
        notes += trial.problems
        denied.add(culprit)


def _tried(plugin: PluginInfo, limit: float, checks: bool, denied: Iterable[str]) -> tuple[Trial, str | None]:
    """The trial in a new process; and another plugin, if loading that one ended the process."""
    asked = {
        "path": sys.path, "name": plugin.name, "limit": limit, "checks": checks, "denied": sorted(denied)
    }  # fmt: skip
    command = [sys.executable, "-c", _START, json.dumps(asked)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONOPTIMIZE"}
    # Files and not pipes: a process that the plugin starts could hold a pipe open for ever.
    with TemporaryFile() as out, TemporaryFile() as err:
        subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment, check=False
        )
        out.seek(0)
        err.seek(0)
        return _read(plugin, out.read(), err.read())


def _read(plugin: PluginInfo, out: bytes, err: bytes) -> tuple[Trial, str | None]:
    """The trial that the lines of a process tell of; it may have ended before its last line."""
    trial = Trial(plugin)
    doing, done, beside = _LOADING, False, {"name": "", "told": ""}
    for line in out.decode("utf-8", "replace").splitlines():
        try:
            said = json.loads(line)
        except ValueError:
            continue
        doing = said.get("doing", doing)
        done = said.get("done", done)
        beside = said.get("beside", beside)
        trial = replace(
            trial,
            adds={hook: tuple(names) for hook, names in said["adds"].items()}
            if "adds" in said
            else trial.adds,
            milliseconds=said.get("milliseconds", trial.milliseconds),
            checks=trial.checks + said.get("checks", 0),
            problems=(*trial.problems, *said.get("problems", ())),
            notes=(*trial.notes, *said.get("notes", ())),
        )
    if done:
        return trial, None
    if beside["name"] not in ("", plugin.name):
        told = f"not tried beside {beside['told']}: {_why_it_ended(err, doing)}"
        return replace(trial, problems=(told,)), beside["name"]
    return replace(trial, problems=(*trial.problems, f"{doing}: {_why_it_ended(err, doing)}")), None


def _why_it_ended(err: bytes, doing: str) -> str:
    told = err.decode("utf-8", "replace")
    hanging = re.search(r'^Timeout \(.*?\)!$.*?^  File "(.*?)", line (\d+)', told, re.DOTALL | re.MULTILINE)
    if hanging:
        cure = "; what takes long belongs where it is used, not where it is imported"
        return f"it hangs ({hanging[1]}:{hanging[2]}){cure if doing == _LOADING else ''}"
    last = told.strip().splitlines()[-1:]
    return "the process ended" + (f": {last[0]}" if last else " without a word")


# The process

Tell = Callable[..., None]
"""Writes a line of what was found."""


def main(name: str, limit: float, checks: bool, denied: list[str]) -> None:
    """What the process does."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as lines:
        os.dup2(2, 1)

        def tell(**said: Any) -> None:
            lines.write(json.dumps(said) + "\n")
            lines.flush()

        _try(name, limit, checks, denied, tell)
    # Threads that the plugin started, and what it registered for the end, must not hold the process.
    os._exit(0)


def _try(name: str, limit: float, checks: bool, denied: list[str], tell: Tell) -> None:
    from followup import builtin
    from followup.errors import FollowupError
    from followup.plugins import list_plugins, load_registry

    others = [plugin.name for plugin in list_plugins() if plugin.name != name]
    own = [("core", builtin), ("scenarios", builtin.Scenarios())]

    def loaded(*, installed: bool) -> Any:
        return load_registry(own, others if installed else (), "collect", installed=installed)

    loaded(installed=False)
    start = perf_counter()
    loaded(installed=False)
    alone = perf_counter() - start
    _end_after(limit)
    start = perf_counter()
    registry = loaded(installed=True)
    cost = max(0.0, perf_counter() - start - alone)
    [*found] = [plugin for plugin in registry.plugins if plugin.name == name]
    problems = [line for plugin in found for line in plugin.error.splitlines()]
    tell(
        adds={hook: list(names) for plugin in found for hook, names in plugin.adds.items()},
        problems=problems,
        **({} if problems else {"milliseconds": round(cost * 1000, 1)}),
    )
    if checks and not problems:
        try:
            _check(found[0], registry, limit, denied, tell)
        except FollowupError as error:
            tell(problems=str(error).splitlines())
    tell(done=True)


def _end_after(seconds: float) -> None:
    """End the process if it is still busy then, with a word on what it does; 0 is never."""
    import faulthandler

    if seconds:
        faulthandler.dump_traceback_later(seconds, exit=True)


def _check(info: PluginInfo, registry: Any, limit: float, denied: list[str], tell: Tell) -> None:
    """The plugin beside all others; then each thing that it adds, held to its conformance class."""
    from followup.testing.conformance import checks_of, run_checks

    beside, failing = _beside_others(info, limit, denied, tell)
    found: list[str] = []
    for what, kit in _kits(info, registry, (*denied, *failing)):
        tell(doing=f"checking the {what}")
        _end_after(limit * CHECKS_LIMIT)
        # One fault may fail many checks: it is told once, by the first of them.
        broken = {each.text: each for each in reversed(run_checks(kit))}
        told = [f"{what}, {each}" for each in reversed(broken.values())]
        tell(checks=len(checks_of(kit)), problems=told)
        found += told
    commands = info.adds.get("followup_commands", ())
    tell(doing=f"importing the commands {', '.join(commands)}")
    _end_after(limit * CHECKS_LIMIT)
    tell(checks=len(commands), problems=[told for name in commands for told in _not_loaded(registry, name)])
    tell(checks=1, problems=_not_told_yet(info, beside, "\n".join(found)))


def _not_loaded(registry: Any, name: str) -> Iterator[str]:
    """What is said of a command that cannot be imported."""
    from followup.errors import PluginError
    from followup.hookspecs import Command

    command = registry.commands[name]
    try:
        if isinstance(command, Command):
            command.load()
    except PluginError as error:
        yield str(error)


def _beside_others(
    info: PluginInfo, limit: float, denied: list[str], tell: Tell
) -> tuple[list[str], list[str]]:
    """What is wrong with the plugin beside the others; and those of the others that fail, by name."""
    from followup.engine import Engine

    @contextmanager
    def watch(plugin: PluginInfo) -> Iterator[None]:
        tell(beside={"name": plugin.name, "told": str(plugin)})
        _end_after(limit)
        yield
        tell(beside={"name": "", "told": ""})
        _end_after(limit * CHECKS_LIMIT)

    tell(doing="loading it beside the other installed plugins")
    engine = Engine.load(on_plugin_error="collect", deny=denied, watch_plugins=watch)
    failed = [plugin for plugin in engine.plugins if plugin.status == "failed"]
    others = [plugin for plugin in failed if plugin.name != info.name]
    tell(notes=[f"not tried beside {line}" for plugin in others for line in plugin.error.splitlines()[:1]])
    own = [line for plugin in failed if plugin.name == info.name for line in plugin.error.splitlines()]
    return own, [plugin.name for plugin in others]


def _not_told_yet(info: PluginInfo, lines: list[str], told: str) -> list[str]:
    """Those of several lines on a plugin that say more than what is told; a cure alone is no more."""
    fresh = [line for line in lines if line.removeprefix(f"{info}: ").partition("; ")[0] not in told]
    return [] if len(lines) > 1 and fresh == lines[-1:] else fresh


def _kits(info: PluginInfo, registry: Any, without: Iterable[str]) -> Iterator[tuple[str, object]]:
    """What the plugin adds of which there are conformance classes, each with one to be held to."""
    from followup.contributions import CONTRIBUTIONS
    from followup.testing.channels import ChannelConformance
    from followup.testing.conditions import ConditionConformance
    from followup.testing.operators import OperatorConformance
    from followup.testing.packs import ScenarioPackConformance
    from followup.testing.reviews import ReviewConformance

    known: tuple[tuple[str, type, str, Any], ...] = (
        ("followup_channels", ChannelConformance, "channel", registry.channels),
        ("followup_conditions", ConditionConformance, "kind", registry.condition_kinds),
        ("followup_operators", OperatorConformance, "operator", registry.operators),
        ("followup_reviews", ReviewConformance, "review", registry.reviews),
    )
    for hook, suite, attribute, table in known:
        for record in info.adds.get(hook, ()):
            kit = type(suite.__name__, (suite,), {attribute: table[record], "facts": registry.facts})()
            yield f"{CONTRIBUTIONS[hook].word} `{record}`", kit
    if "followup_scenarios" in info.adds:
        named = {"plugin": info.name, "without": tuple(without)}
        pack = type("Pack", (ScenarioPackConformance,), named)()
        yield f"scenarios {', '.join(info.adds['followup_scenarios'])}", pack
